"""What an agency sends at the instant in which a case is recalled, or a colleague proposes too: real transactions."""

from datetime import timedelta

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import UserError

from odoo.addons.recobro_module.engine import open_items
from odoo.addons.recobro_module.engine.placements import instructions, placing, proposals
from odoo.addons.recobro_module.engine.portal.agency_access import AgencyAccess

from .frames import AtOnceCase


class TestAtTheSameInstant(AtOnceCase):
    def test_a_recall_that_did_not_see_the_proposal_begins_anew_and_lets_it_go(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            recalled = self.placement(two)
            self.assertFalse(recalled.proposal_ids)
            self.propose(one)
            one.commit()
            self.begins_anew(two, lambda: placing.recall(recalled, "Enough"))
            placing.recall(self.placement(two), "Enough")
            two.commit()
        with self.registry.cursor() as cr:
            placement = self.placement(cr)
            self.assertEqual((placement.state, placement.proposal_ids.state), ("recalled", "withdrawn"))
            self.assertFalse(placement.activity_ids)

    def test_a_recall_that_did_not_see_the_question_begins_anew_and_closes_it(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            recalled = self.placement(two)
            self.assertFalse(recalled.question_ids)
            access = self.access(one)
            instructions.ask(access.placement(self.made["placement"], lock=True), access.user, "May we?")
            one.commit()
            self.begins_anew(two, lambda: placing.recall(recalled, "Enough"))
            placing.recall(self.placement(two), "Enough")
            self.assertEqual(self.placement(two).question_ids.state, "over")
            two.rollback()

    def test_what_is_sent_after_an_unseen_recall_finds_nothing(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            access = self.access(two)
            self.assertTrue(access.placement(self.made["placement"]))
            placing.recall(self.placement(one), "Enough")
            one.commit()
            self.begins_anew(two, lambda: access.placement(self.made["placement"], lock=True))
            self.assertFalse(self.access(two).placement(self.made["placement"], lock=True))
            two.rollback()

    def test_of_two_who_propose_the_second_reads_that_one_waits(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            access = self.access(two)
            self.assertFalse(proposals.waiting(access.placement(self.made["placement"])))
            self.propose(one)
            one.commit()
            self.begins_anew(two, lambda: access.placement(self.made["placement"], lock=True))
            with self.assertRaisesRegex(UserError, "waits already"):
                self.propose(two)
            two.rollback()

    # -------------------------------------------------------------------------
    # WHAT THEY DO
    # -------------------------------------------------------------------------

    def read(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [self.made["company"]]})

    def placement(self, cr):
        env = self.read(cr)
        env.invalidate_all(flush=False)
        placement = env["recobro.placement"].browse(self.made["placement"])
        self.assertTrue(placement.state)
        return placement

    def access(self, cr):
        """Who is at the door, seen from a transaction that has begun to read."""
        env = self.read(cr)
        env.invalidate_all(flush=False)
        agency = env["recobro.agency"].browse(self.made["agency"])
        self.assertTrue(agency.partner_id)
        return AgencyAccess(env["res.users"].browse(self.made["user"]), agency)

    def propose(self, cr):
        """Propose a promise, as the route does."""
        access = self.access(cr)
        placement = access.placement(self.made["placement"], lock=True)
        day = access.today(placement) + timedelta(days=5)
        values = {"kind": "promise", "amount": 50, "open_then": 100, "first_date": day}
        proposals.propose(placement, access.user, currency_id=placement.currency_id.id, **values)

    # -------------------------------------------------------------------------
    # WHAT IS COMMITTED
    # -------------------------------------------------------------------------

    def make(self, env):
        """A company of its own, whose customer owes it 100 that are with an agency, committed."""
        company = self.make_company(env, "At once")
        unique = company.name[-8:]
        env = env(context={"allowed_company_ids": company.ids, "tracking_disable": True})
        today = fields.Date.today()
        partner = env["res.partner"].create({"name": f"Debtor {unique}", "is_company": True})
        line = Command.create({"name": "Goods", "price_unit": 100, "tax_ids": []})
        days = {"invoice_date": today - timedelta(days=60), "invoice_date_due": today - timedelta(days=30)}
        move = env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": partner.id, "invoice_line_ids": [line], **days}
        )
        move.action_post()
        office = env["res.partner"].create({"name": f"Agency {unique}", "is_company": True})
        person = env["res.partner"].create({"name": "Pat", "parent_id": office.id, "email": f"pat{unique}@a.example"})
        portal = [Command.set(env.ref("base.group_portal").ids)]
        values = {"name": "Pat", "login": f"pat{unique}", "partner_id": person.id, "group_ids": portal}
        user = env["res.users"].with_context(no_reset_password=True).create(values)
        agency = env["recobro.agency"].create(
            {
                "partner_id": office.id,
                "company_id": company.id,
                "tariff_ids": [Command.create({"days_from": 0, "rate": 0.1})],
            }
        )
        case = env["recobro.case"]._open_for(partner, company)
        open_items.meet(env, company, today, partner.ids)
        items = env["recobro.item"].search([("move_id", "=", move.id)])
        placement = placing.place(case, agency, items, today)
        made = {"company": company, "partner": partner, "user": user, "agency": agency, "placement": placement}
        return {name: record.id for name, record in made.items()}

    def remove(self):
        """Take what the test committed out of play."""
        with self.registry.cursor() as cr:
            placement = self.placement(cr)
            env = placement.env
            placement.proposal_ids.unlink()
            if placement.state == "placed":
                placing.recall(placement, "Over")
            placement.activity_ids.unlink()
            env["res.users"].browse(self.made["user"]).active = False
            env["res.company"].browse(self.made["company"]).recobro_stopped = True
            env["recobro.mark"].search([("partner_id", "=", self.made["partner"])]).unlink()
