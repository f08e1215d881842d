"""Payment plans: proposed at the desk or asked for in the portal, accepted, kept, broken, and settlements."""

from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageDraw

from odoo import Command

from ..engine import recipients
from ..engine.plans import plan_agreement, plan_making

#: Why a customer declines.
_DECLINED = "Prefiero pagarlo de una vez a final de mes."


class Told(NamedTuple):
    """One plan as the demo tells it; days count back from today."""

    days_ago: int
    #: What becomes of it before money counts: draft, asked, to_approve, declined, offered, paper, signed.
    way: str
    note: str
    rhythm: str = "weekly"
    count: int = 3
    #: Shares of the debt.
    down_payment: float = 0.0
    discount: float = 0.0
    #: Payments that come by their day; the others don't.
    paid: int = 0
    #: Days from the proposal to the first payment.
    first: int = 4


_PLANS = (
    Told(41, "signed", "Paga un cuarto cada semana mientras cobra la temporada.", count=4, paid=4),
    Told(37, "paper", "Cobra de sus clientes cada quincena; paga al cobrar.", "fortnightly", 4, paid=4),
    Told(20, "paper", "Entrega a cuenta ahora y el resto en tres meses.", "monthly", 3, down_payment=0.25, paid=1),
    Told(
        16, "paper", "Si paga en dos veces y al día, se le perdona un cinco por ciento.", count=2, discount=0.05, paid=2
    ),
    Told(13, "paper", "Lo firmó en el almacén; no llegó ni el primer pago.", first=2),
    Told(10, "declined", "Le propusimos seis pagos mensuales.", "monthly", 6, first=15),
    Told(6, "paper", "Dos pagos mensuales, con su próximo día de pago.", "monthly", 2, first=12),
    Told(4, "offered", "Lo mira con su gestoría y contesta esta semana.", "monthly", 4, first=15),
    Told(3, "asked", "Este mes no llegamos. ¿Podríamos pagarlo en cuatro meses?", "monthly", 4, first=15),
    Told(
        2,
        "to_approve",
        "Cierra el local: pide pagar la mitad y que se le perdone el resto.",
        discount=0.5,
        count=1,
        first=15,
    ),
    Told(1, "draft", "Falta que confirme el día del primer pago.", "monthly", 5, first=15),
)


class Plans:
    """The payment plans that customers and collectors agree on."""

    def __init__(self, answers):
        self.answers = answers
        self.told = {}
        for told in _PLANS:
            self.told.setdefault(answers.working_day(told.days_ago), []).append(told)

    def hear(self, day):
        """Make the plans of a day."""
        for told in self.told.get(day, ()):
            items = self.answers.unpaid_invoice(day, self._signer)[:1]
            if items:
                self.answers.keep(items)
                getattr(self, f"_{told.way}")(told, items, day)
                plan = self._plan_of(items)
                self._deliver(plan)
                plan.message_ids.write({"date": self.answers.desk._moment(day, 16)})

    def _deliver(self, plan):
        """Record the mail that brought a plan as if SMTP had taken it; nothing of the demo goes out."""
        mails = plan.env["mail.mail"].search(
            [("state", "=", "outgoing"), ("model", "=", "recobro.case"), ("res_id", "=", plan.case_id.id)]
        )
        mails.filtered(lambda mail: not mail.recobro_action_id).write({"state": "sent"})

    # -------------------------------------------------------------------------
    # WHAT BECOMES OF THEM
    # -------------------------------------------------------------------------

    def _draft(self, told, items, day):
        self._dialog(told, items, day).action_keep()

    def _asked(self, told, items, day):
        """The customer asks for it in the portal."""
        contact = self._signer(items.partner_id)
        case = self.answers.case_of(items.partner_id).with_env(self.answers.desk._at(day, 11))
        first = day + timedelta(days=told.first)
        terms = plan_making.Terms(items=items, first_day=first, rhythm=told.rhythm, count=told.count)
        plan_making.request(case, terms, contact, told.note)

    def _to_approve(self, told, items, day):
        """A collector who may not decide proposes it, whoever speaks with the customer else."""
        self._dialog(told, items, day, self.answers.people["lucia"]).action_propose()

    def _offered(self, told, items, day):
        """Propose a plan, with the manager's approval where she decides; return it in sudo."""
        self._dialog(told, items, day).action_propose()
        plan = self._plan_of(items)
        if plan.state == "to_approve":
            marta = self.answers.at_work(self.answers.people["marta"], day, 13)
            plan.with_env(marta).sudo(False).action_approve()
        return plan

    def _declined(self, told, items, day):
        plan = self._offered(told, items, day)
        plan.with_env(self.answers.desk._at(day, 15))._decline(self._signer(plan.partner_id), _DECLINED)

    def _signed(self, told, items, day):
        """The customer accepts in the portal, with a signature drawn on the screen."""
        plan = self._offered(told, items, day)
        contact = self._signer(plan.partner_id)
        evidence = plan_agreement.Evidence(
            name=contact.name,
            contact=contact,
            kind="drawn",
            signature=_signature(),
            address="203.0.113.24",
            browser="Mozilla/5.0 (Android 15; Mobile; rv:141.0) Gecko/141.0 Firefox/141.0",
        )
        plan_agreement.accept(plan.with_env(self.answers.desk._at(day, 16)), evidence, day)
        self._pay(plan, told.paid)

    def _paper(self, told, items, day):
        """The customer signs a sheet; a collector scans it."""
        plan = self._offered(told, items, day)
        contact = self._signer(plan.partner_id)
        env = self.answers.at_work(self.answers.collector_of(plan.partner_id), day, 16)
        env["recobro.payment.plan.paper"].with_context(default_plan_id=plan.id).create(
            {"name": contact.name, "contact_id": contact.id, "file": _sheet(), "file_name": "Acuerdo firmado.pdf"}
        ).action_record()
        self._pay(plan, told.paid)

    # -------------------------------------------------------------------------
    # MAKING THEM
    # -------------------------------------------------------------------------

    def _dialog(self, told, items, day, user=None):
        """Return the dialog of the case, filled in by the collector."""
        partner = items.partner_id
        env = self.answers.at_work(user or self.answers.collector_of(partner), day, 12)
        owed = sum(items.mapped("amount_open"))
        return env["recobro.payment.plan.make"].create(
            {
                "case_id": self.answers.case_of(partner).id,
                "currency_id": items.currency_id.id,
                "item_ids": [Command.set(items.ids)],
                "contact_id": self._signer(partner).id,
                "first_date": day + timedelta(days=told.first),
                "rhythm": told.rhythm,
                "split": "count",
                "instalment_count": told.count,
                "down_payment": round(owed * told.down_payment, 2),
                "discount": round(owed * told.discount, 2),
                "note": told.note,
            }
        )

    def _plan_of(self, items):
        lines = self.answers.company.env["recobro.payment.plan.line"].search([("item_id", "in", items.ids)])
        return lines.plan_id.sorted("id")[-1:]

    def _signer(self, partner):
        """Return who signs for a customer: a contact that a plan can be sent to; empty when there is none."""
        people = recipients.with_usable_address(partner.child_ids)
        return people.filtered("recobro_role_ids.may_accept_plan")[:1] or people[:1]

    def _pay(self, plan, number):
        """Let the first payments of a plan about one item come on their day."""
        item, left = plan.line_ids.item_id, plan.amount
        for instalment in plan.installment_ids[:number]:
            customer = self.answers.customers[plan.partner_id]
            self.answers.pay(customer, instalment.due_date, [(item, instalment.amount / left)])
            left -= instalment.amount


def _signature():
    """Return the picture of a signature, as a browser draws it."""
    picture = Image.new("RGBA", (360, 120), (0, 0, 0, 0))
    points = [(20, 80), (60, 25), (75, 90), (110, 45), (130, 85), (165, 40), (180, 82), (230, 50), (250, 75), (340, 60)]
    ImageDraw.Draw(picture).line(points, fill=(25, 35, 90, 255), width=4, joint="curve")
    return _as_base64(picture, "PNG")


def _sheet():
    """Return a scanned sheet with a signature."""
    sheet = Image.new("RGB", (620, 877), "white")
    draw = ImageDraw.Draw(sheet)
    for line in range(14):
        draw.line([(70, 110 + 38 * line), (550 - 30 * (line % 4), 110 + 38 * line)], fill=(150, 150, 150), width=5)
    draw.line([(330, 760), (370, 700), (390, 770), (430, 715), (450, 765), (540, 740)], fill=(25, 35, 90), width=4)
    return _as_base64(sheet, "PDF")


def _as_base64(picture, kind):
    content = BytesIO()
    picture.save(content, kind)
    return b64encode(content.getvalue())
