"""The last weeks at the collectors' desk: the daily job, and what people and customers did after it."""

from datetime import datetime, time, timedelta
from random import Random

import pytz

from odoo import fields
from odoo.tools import SQL, plaintext2html

from ..engine import clock, delivery, queue, refresh, run
from ..engine.placements import rises
from . import answers, escalation, people, story

#: What may come of a call: result, what is noted, and the next step (or none).
_CALLS = (
    ("answered", "Confirma que la factura está contabilizada; entra en la próxima remesa.", ""),
    (
        "answered",
        "Pide copia de la factura: no la encuentran. Enviada por correo mientras hablábamos.",
        "Comprobar que ha recibido la copia",
    ),
    (
        "answered",
        "Falta el albarán firmado para dar el visto bueno. Lo pedimos a reparto.",
        "Reclamar el albarán a reparto",
    ),
    (
        "answered",
        "Reconoce el retraso y propone pagar la mitad esta semana y el resto a fin de mes.",
        "Llamar para confirmar el primer pago",
    ),
    ("no_answer", "Comunica; se intenta de nuevo mañana por la mañana.", ""),
    ("voicemail", "Mensaje en el contestador con el número de factura y nuestro teléfono.", ""),
    (
        "answered",
        "La persona de pagos está de vacaciones hasta el lunes; atiende su compañera.",
        "Volver a llamar el lunes",
    ),
    ("wrong_number", "El número ya no es de la empresa. Pedir otro al comercial.", "Pedir el teléfono al comercial"),
)
_REPLIES = (
    "Buenos días:\nLa factura está aprobada y sale en la remesa del próximo día de pago. Un saludo.",
    "Hola:\n¿Nos pueden reenviar la factura en PDF? No la tenemos registrada. Gracias.",
    "Buenas tardes:\nHay una diferencia de precio en la segunda línea; el pedido decía otra cosa. ¿Lo pueden revisar?",
    "Buenos días:\nLa transferencia se hizo ayer por la tarde. Adjunto el justificante en cuanto me lo pase el banco.",
    "Hola:\nEstamos con retrasos de cobro y no podremos atenderla antes de fin de mes. Les llamo y lo hablamos.",
)

#: What people record during a day.
_ANSWERS = (
    "recobro_promise",
    "recobro_dispute",
    "recobro_payment_in_hand",
    "recobro_payment_plan",
    "recobro_placement",
    "recobro_suspension",
    "recobro_insolvency",
)


class Desk:
    """The desk of the collectors, one day after another."""

    def __init__(self, ledger, people, today, policy):
        self.ledger = ledger
        self.company = ledger.company
        self.people = people
        self.today = today
        self.policy = policy
        self.random = Random(f"{story.SEED} desk")
        self.notes = {note: partner for customer, partner in ledger.partners.items() for note in customer.notes}
        self.seen_activity = self._last("mail.activity")
        self.answers = answers.Answers(self)
        self.escalation = None

    # -------------------------------------------------------------------------
    # A DAY
    # -------------------------------------------------------------------------

    def live_through(self, days):
        """Bring the books up to `days` ago, when collections were switched on, and live each day since."""
        first = self.today - timedelta(days=days)
        self.ledger.write_until(first - timedelta(days=1))
        customers = list(self.ledger.partners)
        self.ledger.open_balances(customers[3:6], first - timedelta(days=120))
        self.escalation = escalation.Escalation(self, days)
        for number in range(days):
            if number % 7 == 0:
                self.ledger.analyze()
            self.live(first + timedelta(days=number))
        self.ledger.write_until(self.today)
        self.ledger.register_payments(self.today, self.answers.answered)
        self.ledger.receive_unmatched([one for one in customers if one.habit in ("late", "slow")], self.today)
        self.live(self.today)
        # What the books left to refresh was refreshed with each day
        refresh.refresh(self.company.env)

    def live(self, day):
        """Live one day: the books of the day, the daily job, the mail, the telephone, the answers."""
        self.ledger.write_until(day)
        run.live(self._at(day, 8), self._company(day), day, "scheduled")
        self._date_records(day)
        self.answers.watch(day, 8)
        if day == self.today:
            return
        self._send(self._at(day, 8, 10))
        for hour in people.HOURS:
            # Who wants to hear from us later in the day
            delivery.deliver_all(self._at(day, hour), self.company)
            self._send(self._at(day, hour, 10))
        if day.weekday() < 5:
            self._approve(day)
            self._call(day)
            self._receive_replies(day)
            self._clear_activities(day)
            self._particular(day)
            self.escalation.live(day)
            self.answers.hear(day)
            self._date_as_of(self._moment(day, 12), _ANSWERS)
        self.answers.watch(day, 20)
        self._date_activities(day)

    def _moment(self, day, hour, minute=0):
        """Return an hour of a day, as the database keeps it."""
        local = pytz.timezone(clock.timezone_of(self.company)).localize(datetime.combine(day, time(hour, minute)))
        # This morning may still be to come when the demo is loaded at night
        return min(local.astimezone(pytz.utc).replace(tzinfo=None), fields.Datetime.now())

    def _at(self, day, hour, minute=0):
        """Return the environment of a moment of a past day."""
        return self.company.with_context(recobro_as_of=clock.lived(self._moment(day, hour, minute))).env

    def _company(self, day):
        return self.company.with_env(self._at(day, 8))

    def _is_recent(self, day):
        """Return whether the day is so near that not all that came up has been dealt with."""
        return (self.today - day).days < 7

    def _last(self, model):
        return self.company.env[model].search([], order="id desc", limit=1).id or 0

    # -------------------------------------------------------------------------
    # MAIL
    # -------------------------------------------------------------------------

    def _send(self, env):
        """Record the mails of a past day as the queue does after SMTP took them; nothing of them goes out."""
        moment = clock.moment(env)
        mails = env["mail.mail"].search(
            [("state", "=", "outgoing"), ("recobro_action_id.company_id", "=", self.company.id)]
        )
        mails.write({"state": "sent", "date": moment})
        queue.record(mails, None, None)

    def _receive_replies(self, day):
        """Let some customers answer the messages of the day, by mail into the chatter."""
        env = self._at(day, 12)
        for action in self._messages(env, day):
            if self.random.random() > (0.4 if self._is_recent(day) else 0.13) or not action.contact_id:
                continue
            case = action.case_id.with_env(self._at(day, 11 + self.random.randrange(6), self.random.randrange(60)))
            case.message_post(  # pylint: disable=translation-required
                body=plaintext2html(self.random.choice(_REPLIES)),
                subject=f"Re: {action.subject}",
                message_type="email",
                subtype_xmlid="mail.mt_comment",
                author_id=action.contact_id.id,
                email_from=action.contact_id.email_formatted,
                date=clock.moment(case.env),
                notify_skip_followers=True,
            )

    def _messages(self, env, day):
        return env["recobro.action"].search(
            [
                ("company_id", "=", self.company.id),
                ("day", "=", day),
                ("kind", "=", "message"),
                ("state", "=", "done"),
            ],
            order="id",
        )

    # -------------------------------------------------------------------------
    # PEOPLE
    # -------------------------------------------------------------------------

    def _call(self, day):
        """Make most of the calls that wait; the others are missed after their wait, as happens."""
        tasks = self.company.env["recobro.action"].search(
            [
                ("company_id", "=", self.company.id),
                ("kind", "=", "task"),
                ("channel", "=", "call"),
                ("state", "=", "planned"),
                ("day", "<=", day),
            ],
            order="id",
        )
        diligence = 0.06 if self._is_recent(day) else 0.45
        for task in tasks:
            if self.random.random() > diligence:
                continue
            result, note, next_step = self.random.choice(_CALLS)
            moment = self._moment(day, 9 + self.random.randrange(8), self.random.randrange(60))
            env = self.company.with_user(task.user_id).with_context(recobro_as_of=clock.lived(moment)).env
            self._log_call(
                env,
                task,
                moment,
                {
                    "result": result,
                    "note": note,
                    "next_step": next_step if (self.today - day).days < 14 else False,
                    "next_date": min(self.today, day + timedelta(days=self.random.randint(1, 8))),
                },
            )

    def _log_call(self, env, task, moment, values):
        contacts = task.case_id.contact_ids.filtered("phone")
        env["recobro.interaction.log"].create(
            {
                "case_id": task.case_id.id,
                "action_id": task.id,
                "channel": "call",
                "contact_id": (contacts.filtered("parent_id") or contacts)[:1].id,
                "date": moment,
                **values,
            }
        ).action_log()

    def _approve(self, day):
        """The manager approves letters on the following days; the last ones and the hand-overs wait for her."""
        if (self.today - day).days < 10:
            return
        env = self._at(day, 10)
        letters = env["recobro.action"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "to_approve"),
                ("day", "<", day),
                ("channel", "not in", ("placement", "legal")),
            ],
            order="id",
        )
        letters -= letters.browse([action.id for action in rises.blocked(letters, day)])
        manager = self.people["marta"]
        for letter in letters:
            letter.with_user(manager).with_company(self.company).action_approve()
        if letters:
            delivery.deliver_all(env, self._company(day))
            self._send(self._at(day, 10, 5))

    def _clear_activities(self, day):
        """Answer what customers wrote: most of the replies of earlier days are dealt with."""
        if self._is_recent(day):
            return
        replies = self.company.env["mail.activity"].search(
            [
                ("activity_type_id", "=", self.company.env.ref("recobro_module.activity_type_reply").id),
                ("id", "<=", self.seen_activity),
            ]
        )
        replies.filtered(lambda activity: self.random.random() < 0.8).unlink()

    def _particular(self, day):
        """What happens once: an address that comes back, a pause that was asked for."""
        env = self._at(day, 13)
        bounced = self.notes.get("bounced")
        if bounced and (self.today - day).days <= 20:
            action = self._messages(env, day).filtered(lambda act: act.partner_id == bounced)[:1]
            if action:
                action.case_id._message_receive_bounce(action.contact_id.email_normalized, action.contact_id)
                del self.notes["bounced"]
        paused = self.notes.get("paused")
        if paused and (self.today - day).days <= 9:
            del self.notes["paused"]
            self._pause(env(user=self.people["lucia"].id), paused)

    def _pause(self, env, partner):
        env["recobro.hold.pause"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "reason": "Obras en el club hasta fin de mes: lo pide su gerente y lo acepta dirección",
                "date_until": self.today + timedelta(days=12),
                "user_id": self.people["lucia"].id,
            }
        ).action_pause()

    # -------------------------------------------------------------------------
    # DATES
    # -------------------------------------------------------------------------

    def _date_activities(self, day):
        """Date the activities that came up today for other reasons than a call: they count from the present day."""
        env = self.company.env
        new = env["mail.activity"].search([("id", ">", self.seen_activity), ("res_model", "=", "recobro.case")])
        calls = env.ref("recobro_module.activity_type_call") | env.ref("mail.mail_activity_data_todo")
        new.filtered(lambda activity: activity.activity_type_id not in calls).write(
            {"date_deadline": day + timedelta(days=1)}
        )
        self.seen_activity = self._last("mail.activity")

    def _date_records(self, day):
        """Date what the job made as of that morning: rows are dated by the transaction, which is the present."""
        self._date_as_of(self._moment(day, 8), ("recobro_run", "recobro_case", "recobro_action"))

    def _date_as_of(self, moment, tables):
        self.company.env.flush_all()
        for table in tables:
            self.company.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = %s WHERE company_id = %s AND create_date = now() AT TIME ZONE 'UTC'",
                    SQL.identifier(table),
                    moment,
                    self.company.id,
                )
            )
        self.company.env.invalidate_all()
