"""What goes beyond our own collecting: who is told what on which day, and the steps that people take then.

Told by people of the office in the dialogs of the screens; no state is written here.
"""

from collections import defaultdict
from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError

from ..engine import delivery, refresh
from . import agencies, letters, present
from .story import next_working_day


class Escalation:
    """The steps of a day beyond reminders and calls: hand-overs, suspensions, an insolvency, a loss, letters.

    Told in days before today; what was before collections were switched on happens on their first day.
    """

    def __init__(self, desk, lived_days):
        self.desk = desk
        self.answers = desk.answers
        self.company = desk.company
        self.env = desk.company.env
        self.people = desk.people
        self.today = desk.today
        self.lived_days = lived_days
        self.steps = defaultdict(list)
        self.agencies = agencies.Agencies(self)
        self.letters = letters.Letters(self)
        letters.add_levels(desk.policy, self.agencies.lawyer)
        self.present = present.Present(self)
        self._insure()
        self._tell()

    def on(self, days_ago, step, *facts):
        """Have something happen so many days ago, or on the Friday before; on the first working day lived at last."""
        first = next_working_day(self.today - timedelta(days=self.lived_days + 1))
        self.later(max(first, self.answers.working_day(days_ago)), step, *facts)

    def later(self, day, step, *facts):
        """Have something happen on a working day."""
        self.steps[day].append((step, facts))

    def live(self, day):
        """Take the steps of a working day."""
        for step, facts in self.steps.pop(day, ()):
            step(day, *facts)
        self.letters.live(day)

    def customer(self, note):
        """Return the customer that something particular is told of; none in a demo of a few customers."""
        return self.desk.notes.get(note) or self.env["res.partner"]

    def at_work(self, login, day, hour=10):
        """Return the environment of a person at work."""
        return self.answers.at_work(self.people[login], day, hour)

    def case_of(self, partner, env):
        """Return the open case of a customer as somebody sees it."""
        return self.answers.case_of(partner).with_env(env)

    # -------------------------------------------------------------------------
    # WHAT IS TOLD
    # -------------------------------------------------------------------------

    def _tell(self):
        on_hold, announced, broke, lost = (
            self.customer(note) for note in ("on_hold", "announced", "insolvent", "written_off")
        )
        if on_hold:
            self.on(
                16, self._propose_suspension, on_hold, 5, "Tres pedidos nuevos y ninguna factura pagada desde verano."
            )
        if announced:
            self.on(16, self._propose_suspension, announced, 20, "Sigue pidiendo género y no contesta al teléfono.")
        if broke:
            self.on(12, self._declare, broke)
        if lost:
            self.on(8, self._write_off, lost)
            self.on(7, self._look_back, lost)

    # -------------------------------------------------------------------------
    # CREDIT INSURANCE
    # -------------------------------------------------------------------------

    def _insure(self):
        """Insure the key accounts; one of the notices to the insurer is due."""
        insurer = self.env["res.partner"].create(
            {"name": "Crédito Seguro Llevant, S.A.", "is_company": True, "city": "Valencia", "lang": "es_ES"}
        )
        partners = [partner for customer, partner in self.desk.ledger.partners.items() if "key" in customer.notes]
        self.env["recobro.credit.insurance"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "insurer_id": insurer.id,
                    "policy_number": f"CSL-4471/{number}",
                    "date_from": self.today - timedelta(days=300),
                    "insured_limit": 20000.0 + 10000.0 * (number % 4),
                    "share": 0.9,
                    "notify_days": 60,
                    "warn_days": 15,
                    "user_id": self.people["marta"].id,
                }
                for number, partner in enumerate(partners, 1)
            ]
        )

    # -------------------------------------------------------------------------
    # SUSPENSION OF SERVICE
    # -------------------------------------------------------------------------

    def _propose_suspension(self, day, partner, notice_days, why):
        """A collector proposes it; on a day on which other steps are under way for all that is late, on the next."""
        env = self.at_work("lucia", day)
        case = self.case_of(partner, env)
        following = next_working_day(day)
        if not case or following >= self.today:
            return
        try:
            with env.cr.savepoint():
                env["recobro.suspension.propose"].create(
                    {"case_id": case.id, "notice_days": notice_days, "note": why}
                ).action_propose()
        except UserError:
            self.later(following, self._propose_suspension, partner, notice_days, why)
        else:
            self.later(following, self._approve_suspension, partner, notice_days, why)

    def _approve_suspension(self, day, partner, notice_days, why):
        """The manager approves it; where it was left out meanwhile, it is proposed anew."""
        env = self.at_work("marta", day, 11)
        proposed = env["recobro.suspension"].search([("partner_id", "=", partner.id), ("state", "=", "proposed")])
        waiting = proposed.filtered(lambda one: one.action_state == "to_approve")
        if not waiting:
            self.later(next_working_day(day), self._propose_suspension, partner, notice_days, why)
            return
        waiting.action_approve()
        later = self.desk._at(day, 11, 30)
        delivery.deliver_all(later, self.company.with_env(later))
        self.desk._send(later)

    # -------------------------------------------------------------------------
    # INSOLVENCY
    # -------------------------------------------------------------------------

    def _declare(self, day, partner):
        administrator = self.env["res.partner"].create(
            {"name": "Beatriz Lafuente, administradora concursal", "email": "concurso@lafuente.example"}
        )
        self.at_work("lucia", day)["recobro.insolvency"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "court": "Juzgado de lo Mercantil n.º 2 de Murcia",
                "file_number": f"Concurso 318/{day.year}",
                "declared_on": day - timedelta(days=2),
                "administrator_id": administrator.id,
                "note": "Publicado en el BOE. Comunicar el crédito a la administración concursal.",
            }
        )

    # -------------------------------------------------------------------------
    # A LOSS, AND WHAT IT TAUGHT
    # -------------------------------------------------------------------------

    def _write_off(self, day, partner):
        """Accounting writes off what is open; the job closes the case, as with any other that is settled."""
        lines = self.desk.ledger._receivable(self._open_invoices(partner)).filtered(lambda line: not line.reconciled)
        if not lines:
            return
        loss = self.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", self.company.ids)], limit=1
        )
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "general")], limit=1
        )
        name, amount = "Crédito incobrable", sum(lines.mapped("amount_residual"))
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "ref": name,
                "line_ids": [
                    Command.create({"name": name, "account_id": loss.id, "debit": amount}),
                    Command.create(
                        {
                            "name": name,
                            "account_id": lines.account_id[:1].id,
                            "partner_id": partner.id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        entry._post(soft=False)
        (lines | self.desk.ledger._receivable(entry)).reconcile()
        # Nothing that was going to come comes any more
        refresh.refresh(self.desk._at(day, 12))

    def _open_invoices(self, partner):
        return self.env["account.move"].search(
            [
                ("partner_id", "=", partner.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )

    def _look_back(self, day, partner):
        """The manager says how it really ended, and what would have prevented it."""
        case = self.env["recobro.case"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company.id), ("state", "=", "closed")],
            order="id desc",
            limit=1,
        )
        if not case:
            return
        self.at_work("marta", day, 12)["recobro.case.close"].create(
            {
                "case_id": case.id,
                "outcome": "written_off",
                "root_cause": "illiquidity",
                "prevention": "La asociación ya debía dos fiestas cuando se le sirvió la tercera.",
                "lessons": "Sin subvención cobrada no hay tesorería: el calendario de la subvención manda.",
                "improvement": "Pago al contado para asociaciones sin histórico",
                "improvement_user_id": self.people["marta"].id,
            }
        ).action_close()
