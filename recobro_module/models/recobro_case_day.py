from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import clock, ledger_watch, watchdog, worklist, worklist_words

_PLACES = [
    (worklist.TODAY, "Today"),
    (worklist.LEFT_OUT, "Left out today"),
    (worklist.ASIDE, "Set aside"),
    (worklist.COLLEAGUE, "For a colleague"),
]


class RecobroCaseDay(models.AbstractModel):
    """Where a case is in the day of who looks, why, and what to do next (`engine/worklist.py`)."""

    _name = "recobro.case.day"
    _description = "My day, of a case"

    snoozed_until = fields.Date("Set aside until", readonly=True, copy=False)
    snoozed_at = fields.Datetime("Set aside on", readonly=True, copy=False)
    snooze_reason = fields.Char("Why it is set aside", readonly=True, copy=False)

    is_forgotten = fields.Boolean(
        "Without a next action", compute="_compute_is_forgotten", search="_search_is_forgotten"
    )

    # Of the user at work, as of now
    day_place = fields.Selection(_PLACES, "My day", compute="_compute_day", search="_search_day_place")
    day_rank = fields.Integer("Place in my day", compute="_compute_day")
    day_score = fields.Float("Counts", digits=(16, 0), compute="_compute_day", help="What it rests on is in the case.")
    day_why = fields.Char("Why today", compute="_compute_day")
    day_next = fields.Char("What to do next", compute="_compute_day")
    day_parts = fields.Text("What its place rests on", compute="_compute_day")

    @api.depends("partner_id", "company_id", "activity_ids", "snoozed_until")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_day(self):
        found = worklist.places(self.env, self.ids)
        as_of = clock.today(self.env, self.env.company.root_id)
        for case in self:
            place = found.get(case._origin.id)
            need = place and worklist_words.told(place, self.env.uid)
            case.day_place = place and place.place
            case.day_rank = place.rank if place else 0
            case.day_score = place.score.total if place else 0
            case.day_why = place and worklist_words.why(self.env, place, need, as_of)
            case.day_next = place and worklist_words.next_step(self.env, place, need)
            case.day_parts = place and worklist_words.explanation(self.env, place)

    def _search_day_place(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = worklist.places(self.env)
        domain = fields.Domain("id", "in", [case for case, place in found.items() if place.place in value])
        return domain | ~fields.Domain("id", "in", list(found)) if False in value else domain

    @api.depends("partner_id", "activity_ids")
    def _compute_is_forgotten(self):
        forgotten = self.search([("id", "in", self.ids), ("is_forgotten", "=", True)])
        for case in self:
            case.is_forgotten = case in forgotten

    def _search_is_forgotten(self, operator, value):
        """Find the open cases that owe something and for which nothing is to come."""
        if operator != "in":
            return NotImplemented
        self.env.flush_all()
        found = fields.Domain("id", "in", ledger_watch.forgotten(self.env.companies.root_id.ids))
        return found if True in value else ~found

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Order by what a case counts, which no column holds: by its place in the order of all that need somebody."""
        if field_name != "day_score":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        ordered = worklist.in_order(worklist.places(self.env))
        joined = query.make_alias(alias, "day")
        table = SQL("(SELECT * FROM unnest(%s::int[]) WITH ORDINALITY AS counted(case_id, place))", ordered)
        condition = SQL("%s = %s", SQL.identifier(joined, "case_id"), SQL.identifier(alias, "id"))
        query.add_join("LEFT JOIN", joined, table, condition)
        descending = direction.code == "DESC"
        return SQL(
            "%s %s", SQL.identifier(joined, "place"), SQL("ASC NULLS LAST" if descending else "DESC NULLS FIRST")
        )

    # -------------------------------------------------------------------------
    # WHAT THE SCREENS ASK
    # -------------------------------------------------------------------------

    @api.model
    @api.readonly
    def web_search_read(self, domain, specification, offset=0, limit=None, order=None, count_limit=None):
        """Read a list; the day is worked out once for its filter, its order and its columns."""
        cases = self.with_context(recobro_day=worklist.Reading())
        return super(RecobroCaseDay, cases).web_search_read(domain, specification, offset, limit, order, count_limit)

    @api.model
    def get_my_day(self):
        """Return what stands over the worklist: how much is in the day, done and left out, and what is wrong.

        :return: {"today", "left_out", "aside", "done", "capacity": numbers, "trouble": sentence or False}
        """
        self.browse().check_access("read")
        counts = dict.fromkeys((worklist.TODAY, worklist.LEFT_OUT, worklist.ASIDE), 0)
        found = worklist.places(self.env)
        for place in found.values():
            if place.place in counts:
                counts[place.place] += 1
        as_of = clock.today(self.env, self.env.company.root_id)
        done = worklist.done_today(self.env, as_of) - set(found)
        return {
            **counts,
            "done": len(done),
            "capacity": worklist.capacity_of(self.env),
            "trouble": watchdog.sentence(self.env, self.env.companies.root_id),
        }

    @api.model
    def get_trouble(self):
        """Return what is wrong with the daily job of the companies at work, in a sentence; False when nothing is."""
        self.browse().check_access("read")
        return watchdog.sentence(self.env, self.env.companies.root_id)

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def action_snooze(self):
        """Open the dialog that takes the case out of the day until another one."""
        return self._open_wizard(self.env._("Set aside until another day"), "recobro.case.snooze")

    def action_unsnooze(self):
        """Take it back into the day."""
        self.check_access("write")
        # sudo: only collections writes these fields; the right to change the case was checked above
        self.sudo().write({"snoozed_until": False, "snoozed_at": False, "snooze_reason": False})

    def _snooze(self, until, reason):
        """Take the case out of everybody's day until a day, and say so in the log. The ladder goes on."""
        self.ensure_one()
        self.check_access("write")
        # sudo: as above
        self.sudo().write({"snoozed_until": until, "snoozed_at": fields.Datetime.now(), "snooze_reason": reason})
        words = self.env._("Set aside until %(day)s: %(reason)s", day=fields.Date.to_string(until), reason=reason)
        line = {"channel": "note", "direction": "out", "result": "noted", "summary": words}
        whose = {"company_id": self.company_id.id, "partner_id": self.partner_id.id, "case_id": self.id}
        self.env["recobro.interaction"]._log([{**whose, **line}])

    def action_next_case(self):
        """Open the next case of my day: the one after this, else the first that is left."""
        self.ensure_one()
        found = worklist.places(self.env)
        today = [case for case in worklist.in_order(found) if found[case].place == worklist.TODAY and case != self.id]
        here = found[self.id].rank if self.id in found else 0
        later = [case for case in today if found[case].rank > here]
        if not today:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._("That was the last one of your day."),
                    "next": self.env["ir.actions.act_window"]._for_xml_id("recobro_module.action_recobro_worklist"),
                },
            }
        action = self.browse((later or today)[0])._get_records_action(
            views=[(self.env.ref("recobro_module.recobro_case_view_form").id, "form")],
            context={"recobro_is_next": True},
        )
        return {"type": "ir.actions.client", "tag": "recobro_next_case", "params": {"action": action}}
