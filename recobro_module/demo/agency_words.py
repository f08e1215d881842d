"""What an agency writes about a case that is with it, in the forms of its portal, and what the office answers."""

from datetime import timedelta

from ..engine.portal import agency_access, agency_forms, agency_pages
from .story import next_working_day

#: Days ago, channel, result, what they note, the next step (or none).
_LINES = (
    (36, "call", "no_answer", "", ""),
    (34, "call", "voicemail", "Mensaje con nuestro teléfono y el importe.", "Probar por la tarde"),
    (32, "call", "answered", "Atiende administración: no autorizan pagos sin gerencia.", "Llamar a gerencia"),
    (30, "call", "answered", "Gerencia reconoce la deuda. Esperan el cobro de un evento.", ""),
    (28, "email", "sent", "Extracto y datos bancarios enviados a gerencia.", "Confirmar que lo han recibido"),
    (26, "call", "answered", "Le he dicho que si no paga esta semana se enterarán todos sus proveedores.", ""),
    (23, "call", "answered", "Piden que se les deje hasta fin de mes. Les digo que lo consulto con ustedes.", ""),
    (19, "call", "answered", "Han pagado una parte; el resto, «en cuanto puedan».", "Pedir fechas concretas"),
    (14, "email", "replied", "Escriben que la temporada va floja y que quieren pagar por partes.", ""),
    (9, "call", "answered", "Gerencia puede con una cantidad fija al mes; falta decidir cuánto.", "Pedir su propuesta"),
    (4, "call", "answered", "Ofrecen cuatro mensualidades. Se lo pasamos a ustedes.", ""),
)
_HARSH = "todos sus proveedores"
_REASON = (
    "Sin amenazas: a sus proveedores no se les dice nada. Primero ayuda (fechas, cuotas); lo que pasa si no se paga, "
    "con calma y una vez."
)
#: Days ago, question, answer (None: it waits).
_QUESTIONS = (
    (22, "¿Podemos aceptarles hasta fin de mes sin intereses?", "Sí, si antes pagan la factura más vieja."),
    (2, "Preguntan si se les sirve al contado mientras pagan las cuotas. ¿Qué les decimos?", None),
)
_PROPOSAL = "Pagarían por transferencia el día 5 de cada mes. Nos parece serio: el último pago llegó en su fecha."


class AgencyWords:
    """A person of an agency and a case that is with it: contacts, questions, a proposal, and how they are read."""

    def __init__(self, told, partner, login):
        self.told = told
        self.partner = partner
        self.person = told.env["res.users"].search([("login", "=", login)])
        for days_ago, *line in _LINES:
            told.on(days_ago, self._log, *line)
        for days_ago, question, answer in _QUESTIONS:
            told.on(days_ago, self._ask, question, answer)
        told.on(3, self._propose)
        told.on(2, self._read)

    def _door(self, day, hour=12):
        """Return who is at the door of the portal, and the case when it is with them."""
        env = self.told.answers.at_work(self.person, day, hour)
        access = agency_access.open_agency(env)
        return access, access.placements().filtered(lambda one: one.partner_id.id == self.partner.id)

    def _log(self, day, channel, result, note, step):
        access, placement = self._door(day)
        if placement:
            typed = {"channel": channel, "result": result, "note": note, "next_step": step}
            typed["next_day"] = str(next_working_day(day + timedelta(days=1))) if step else ""
            agency_forms.log_contact(access, placement, typed)

    def _ask(self, day, question, answer):
        access, placement = self._door(day)
        if not placement:
            return
        agency_forms.ask(access, placement, {"question": question})
        if answer:
            self.told.later(next_working_day(day), self._answer, answer)

    def _answer(self, day, answer):
        _access, placement = self._door(day)
        env = self.told.at_work("marta", day, 9)
        if placement:
            env["recobro.placement.answer"].create({"placement_id": placement.id, "answer": answer}).action_answer()
            self._post(env, placement)

    def _post(self, env, placement):
        """Record the mail of an answer as sent: nothing of a past day goes out."""
        mails = env["mail.mail"].sudo().search([("state", "=", "outgoing"), ("res_id", "=", placement.id)])
        mails.filtered(lambda mail: mail.model == "recobro.placement").state = "sent"

    def _propose(self, day):
        """They propose to pay what may be asked for in four months; it waits for the office."""
        access, placement = self._door(day, 13)
        askable = agency_pages.askable_by_currency(access, placement) if placement else {}
        if askable:
            first = (day.replace(day=1) + timedelta(days=32)).replace(day=5)
            typed = {"kind": "plan", "count": "4", "rhythm": "monthly", "day": str(first), "note": _PROPOSAL}
            agency_forms.propose(access, placement, {**typed, "currency": next(iter(askable)).name})

    def _read(self, day):
        """The manager has read the worst line of last month, where it was chosen; the others wait for her."""
        reviews = self.told.at_work("marta", day, 16)["recobro.tone.review"].search([("state", "=", "to_read")])
        for review in reviews.filtered(lambda one: _HARSH in (one.said or "")):
            review.write({"verdict": "too_hard", "note": _REASON})
