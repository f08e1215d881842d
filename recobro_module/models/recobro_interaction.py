from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import LOG_CHANNELS, LOG_RESULTS
from ..engine import clock, erasure, watch
from ..tools import guards
from ..tools.loose_fields import LooseMany2one


class RecobroInteraction(models.Model):
    """One line of the log of contacts: when, who, by what channel, with whom, what came of it.

    Never edited or deleted, by the ORM or in the database (a trigger refuses it): a correction is a
    new line that points at the old one. Two doors are left open, each by name: merging two
    customers moves the names, and an erasure asked for by law blanks the texts.
    """

    _name = "recobro.interaction"
    _description = "Log of contacts"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "summary"

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = LooseMany2one("res.users", "Responsible", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    partner_id = LooseMany2one("res.partner", "Customer", required=True, readonly=True, index=True)
    case_id = fields.Many2one("recobro.case", readonly=True, index=True, ondelete="restrict")
    contact_id = LooseMany2one("res.partner", "Contact", readonly=True)
    email = fields.Char("Address", readonly=True)
    channel = fields.Selection(LOG_CHANNELS, required=True, readonly=True)
    direction = fields.Selection([("out", "Outgoing"), ("in", "Incoming")], required=True, readonly=True)
    result = fields.Selection(LOG_RESULTS, required=True, readonly=True)
    summary = fields.Char(readonly=True)
    note = fields.Text("What came of it", readonly=True)
    is_automatic = fields.Boolean("Automatic", readonly=True)
    action_id = fields.Many2one("recobro.action", readonly=True, index="btree_not_null", ondelete="restrict")
    message_id = LooseMany2one("mail.message", readonly=True)
    # Of a line that the people of an agency wrote in its portal
    placement_id = LooseMany2one("recobro.placement", "Placement", readonly=True, index="btree_not_null")
    agency_id = LooseMany2one("recobro.agency", "Agency or lawyer", readonly=True)
    agency_user_id = LooseMany2one("res.users", "Person of the agency", readonly=True)
    agency_author = fields.Char("Written by", compute="_compute_agency_author", compute_sudo=True)
    next_step = fields.Char("What comes next", readonly=True)
    next_date = fields.Date("Next on", readonly=True)
    corrects_id = fields.Many2one("recobro.interaction", readonly=True, index="btree_not_null", ondelete="restrict")
    correction_ids = fields.One2many("recobro.interaction", "corrects_id", "Corrections", readonly=True)

    _undeliverable_idx = models.Index("(email, id) WHERE result IN ('bounced', 'failed', 'wrong_number', 'confirmed')")

    @api.depends("agency_id", "agency_user_id")
    def _compute_agency_author(self):
        """Say who of which agency wrote a line; nothing of our own ones. In sudo: the names are all that is taken."""
        agencies, users = self.agency_id.exists(), self.agency_user_id.exists()
        for line in self:
            names = [(line.agency_id & agencies).name, (line.agency_user_id & users).name]
            line.agency_author = " · ".join(name for name in names if name)

    def _auto_init(self):
        """Lift the guard while columns are added; `init` installs it again."""
        guards.lift(self.env.cr, self._table, "recobro_interaction_guard")
        return super()._auto_init()

    def init(self):
        """Install the database's own guard of the log: see `engine/` and DESIGN.md, vocabulary."""
        self.env.cr.execute(_GUARD)
        guards.install(self.env.cr, self._table, "recobro_interaction_guard")

    @api.model
    def _log(self, vals_list):
        """Append lines to the log and return them. The one way in for the engine.

        :param vals_list: values; the responsible is the user at work and the date the moment being lived, unless given.
        """
        for vals in vals_list:
            vals.setdefault("user_id", self.env.uid)
            vals.setdefault("date", clock.moment(self.env))
        # sudo: whoever may act on a case leaves a line, and nobody may write the log otherwise
        lines = self.sudo().create(vals_list)
        watch.hear(lines)
        return lines

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: a correction is a new line."""
        raise UserError(
            self.env._("The log of contacts can't be changed. Use “Correct” to add a line that points at this one.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of contacts can't be deleted. Add a correction instead."))

    def action_correct(self):
        """Open the dialog for a line that corrects this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct a line of the log"),
            "res_model": "recobro.interaction.log",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_case_id": self.case_id.id,
                "default_contact_id": self.contact_id.id,
                "default_channel": "note" if self.channel == "portal" else self.channel,
                "default_corrects_id": self.id,
            },
        }

    @api.model
    def _erase_personal_data(self, partner):
        """Blank what is said of a person who asked for it by law; the lines stay, as facts without a name.

        In the log, and in what agencies wrote: see `engine/erasure.py`.

        :param partner: the contact to forget.
        """
        if not self.env.user.has_group("base.group_system"):
            raise UserError(self.env._("Only an administrator may erase personal data."))
        erasure.erase(self.env, partner)


#: Refuses every UPDATE, DELETE and TRUNCATE of the log but two: moving the names when customers are
#: merged, and blanking texts in an erasure. Dropped with the table and by the uninstall hook.
_GUARD = """
CREATE OR REPLACE FUNCTION recobro_interaction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    door text := COALESCE(current_setting('recobro.door', TRUE), '');
BEGIN
    IF TG_OP = 'UPDATE' AND door = 'merge'
       AND to_jsonb(NEW) - 'partner_id' - 'contact_id' - 'case_id'
         = to_jsonb(OLD) - 'partner_id' - 'contact_id' - 'case_id' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND door = 'erasure'
       AND to_jsonb(NEW) - 'contact_id' - 'email' - 'summary' - 'note' - 'message_id' - 'next_step'
         = to_jsonb(OLD) - 'contact_id' - 'email' - 'summary' - 'note' - 'message_id' - 'next_step' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The log of contacts is append-only: add a correction instead.' USING ERRCODE = 'check_violation';
END $$;
"""
