"""Disputes: those that colleagues open in a call, those that come by mail, and what becomes of them."""

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import NamedTuple

import pytz

from ..engine.disputes import sla
from .dispute_story import DISPUTES, NEAR_ITS_SLA

_ADDRESS = "disputas@levante.example"
_STRANGER = '"Compras - Hotel Mirador" <compras@hotelmirador.example>'
#: Hours at which people open tickets: from one day to the next the SLA uses up less than its last fifth.
_HOURS = range(8, 21)


class Step(NamedTuple):
    """What a person does with a ticket on a day."""

    ticket: object
    what: str
    text: str


class Disputes:
    """The tickets of the demo, from their opening to where they stand today."""

    def __init__(self, answers):
        self.answers = answers
        self.people = answers.people
        self.opening = {}
        self.steps = {}
        for told in DISPUTES:
            day, hour = self._opened(told)
            self.opening.setdefault(day, []).append((told, hour))

    def hear(self, day):
        """Open the tickets of a day, and go on with those of the days before."""
        for told, hour in self.opening.get(day, ()):
            ticket = self._open(told, day, hour)
            for days_ago, what, text in told.steps if ticket else ():
                step_day = self.answers.working_day(days_ago)
                self.steps.setdefault(step_day, []).append(Step(ticket, what, text))
        for step in self.steps.pop(day, ()):
            getattr(self, f"_{step.what}")(step.ticket, step.text, day)

    def _opened(self, told):
        """Return (day, hour) on which a ticket is opened: one is to be near the end of its SLA right now."""
        answers = self.answers
        if told.opened != NEAR_ITS_SLA:
            return answers.working_day(told.opened), 10
        now = answers.desk._moment(answers.today, 23)
        for days_ago in range(2, 10):
            day = answers.today - timedelta(days=days_ago)
            for hour in reversed(_HOURS):
                used = sla.clock_for(answers.company, [opened := answers.desk._moment(day, hour)]).elapsed(opened, now)
                if day.weekday() < 5 and used >= 72 * sla.NEAR:
                    return day, hour
        return answers.working_day(4), 10

    # -------------------------------------------------------------------------
    # OPENING
    # -------------------------------------------------------------------------

    def _open(self, told, day, hour):
        """Return the ticket of what is told, in sudo; None when nothing is open to be disputed."""
        if told.is_unknown:
            return self._receive(_STRANGER, told, day, hour)
        items = self.answers.unpaid_invoice(day)
        if not items:
            return None
        self.answers.keep(items)
        opened = self._receive_of_customer if told.is_mail else self._open_in_call
        return opened(items, told, day, hour)

    def _open_in_call(self, items, told, day, hour):
        partner, invoice = items.partner_id, items.move_id
        env = self.answers.at_work(self.answers.collector_of(partner), day, hour, 5)
        reason = env.ref(f"recobro_module.dispute_reason_{told.reason}")
        known = env["recobro.dispute"].search([], order="id desc", limit=1).id or 0
        dialog = env["recobro.dispute.open"].with_context(
            default_case_id=self.answers.case_of(partner).id, default_move_ids=invoice.ids
        )
        dialog.create(
            {
                "reason_id": reason.id,
                "subject": told.subject,
                "note": told.note,
                "contact_id": self._contact(partner).id,
                "amount": round(sum(items.mapped("amount_open")) * told.share, 2),
            }
        ).action_open()
        ticket = env["recobro.dispute"].search([("id", ">", known)])
        if told.owner:
            ticket.user_id = self.people[told.owner]
        return ticket.sudo()

    def _contact(self, partner):
        people = partner.child_ids.filtered("phone")
        return people[-1:] or partner

    def _receive_of_customer(self, items, told, day, hour):
        partner = items.partner_id
        sender = partner.child_ids.filtered("email")[:1] or partner
        return self._receive(sender.email_formatted, told, day, hour, items.move_id.name)

    def _receive(self, sender, told, day, hour, invoice=""):
        """Let a mail come in by the gateway; return its ticket."""
        env = self.answers.desk._at(day, hour, 20)
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, _ADDRESS, told.subject
        mail["Message-Id"] = f"<{told.reason}.{day:%Y%m%d}@correo.example>"
        mail["Date"] = format_datetime(pytz.utc.localize(self.answers.desk._moment(day, hour, 20)))
        mail.set_content(told.note.format(invoice=invoice))
        ticket_id = env["mail.thread"].message_process("recobro.dispute", mail.as_string())
        return env["recobro.dispute"].browse(ticket_id)

    # -------------------------------------------------------------------------
    # STEPS
    # -------------------------------------------------------------------------

    def _as_owner(self, ticket, day, hour=16):
        """Return a ticket in the hands of who works on it."""
        owner = ticket.user_id or self.people["marta"]
        return ticket.with_env(self.answers.at_work(owner, day, hour)).sudo(False)

    def _note(self, ticket, text, day, hour=16):
        ticket = self._as_owner(ticket, day, hour)
        if text:
            ticket.message_post(  # pylint: disable=translation-required
                body=text, subtype_xmlid="mail.mt_note", date=self.answers.desk._moment(day, hour, 30)
            )
        return ticket

    def _take(self, ticket, text, day):
        """A collector takes what came by mail, and says whose reason it is."""
        collector = self.answers.collector_of(ticket.partner_id)
        mine = ticket.with_env(self.answers.at_work(collector, day, 11)).sudo(False)
        mine.action_take()
        mine.reason_id = mine.env.ref(f"recobro_module.dispute_reason_{text}")

    def _review(self, ticket, text, day):
        self._note(ticket, text, day, 12).stage_id = ticket.env.ref("recobro_module.dispute_stage_review")

    def _wait(self, ticket, text, day):
        self._note(ticket, text, day).action_wait()

    def _answer(self, ticket, text, day):
        """The customer answers by mail what it was asked for: the clock goes on."""
        contact = ticket.contact_id or ticket.partner_id
        env = self.answers.desk._at(day, 13)
        ticket.with_env(env).message_post(  # pylint: disable=translation-required
            body=text,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=contact.id,
            email_from=contact.email_formatted,
            date=self.answers.desk._moment(day, 13),
            notify_skip_followers=True,
        )

    def _reject(self, ticket, text, day):
        self._note(ticket, text, day).action_reject()

    def _agree(self, ticket, text, day):
        self._note(ticket, text, day).action_agreement()

    def _credit(self, ticket, text, day):
        self._note(ticket, text, day).action_credit_note()

    def _post(self, ticket, _text, day):
        """The accountant posts the credit note that was drafted."""
        env = self.answers.at_work(self.people["marta"], day, 17)
        ticket.credit_note_ids.with_env(env).sudo(False).action_post()
