"""What the demo leaves to do on the day it is loaded, whatever day of the week that is.

The ladder rests at weekends, and what it plans depends on whose invoices happen to be so late. So the office writes on
paper since last week, and on the last working day a collector proposes what goes beyond reminders.
"""

from odoo import Command
from odoo.exceptions import UserError

#: Days ago when the office began to write to customers who answer no mail, and how late they are.
_LETTERS_SINCE, _LETTER_DELAY = 8, 18
#: Letters wait for who prints them for longer than the office has written any.
_LETTER_WAIT = 14
#: Days lived from which the formal letters of a demo were planned before that.
_LONG = 30
#: What is left to approve at least; some of it may be settled by the morning.
_TO_APPROVE = 5

_WHYS = (
    "Sigue pidiendo género y no da fecha de pago.",
    "Tercera factura seguida sin pagar; su gerente no devuelve las llamadas.",
    "Dice cada semana que sale en la próxima remesa, y no sale.",
    "Ha cambiado de proveedor y deja las últimas facturas sin pagar.",
)


class Present:
    """What waits for a person today."""

    def __init__(self, escalation):
        self.told = escalation
        self.company = escalation.company
        # In a demo of a few days it would take the place of the formal letter, which comes after it
        if escalation.lived_days > _LONG:
            escalation.on(_LETTERS_SINCE, self._write_on_paper)
        escalation.later(escalation.answers.working_day(1), self._propose)

    def _write_on_paper(self, day):
        """Add a letter to the policy: it waits for who prints it."""
        self.told.desk.policy.write(
            {
                "level_ids": [
                    Command.create(
                        {
                            "name": "Carta con el estado de la cuenta",
                            "delay_days": _LETTER_DELAY,
                            "stage": "internal",
                            "channel": "letter",
                            "wait_days": _LETTER_WAIT,
                        }
                    )
                ]
            }
        )

    def _propose(self, day):
        """Propose to suspend the service of who owes most, until there is enough to approve."""
        env = self.told.at_work("lucia", day)
        cases = env["recobro.case"].search(
            [("company_id", "=", self.company.id), ("state", "=", "open"), ("amount_overdue", ">", 0)],
            order="amount_overdue DESC, id",
        )
        whys = list(_WHYS)
        for case in cases:
            if not whys or self._waiting(env) >= _TO_APPROVE:
                return
            try:
                with env.cr.savepoint():
                    dialog = {"case_id": case.id, "notice_days": 10, "note": whys[0]}
                    env["recobro.suspension.propose"].create(dialog).action_propose()
            except UserError:
                continue  # other steps are under way for all that is late
            whys.pop(0)

    def _waiting(self, env):
        """Return how much waits for approval."""
        return env["recobro.action"].search_count([("company_id", "=", self.company.id), ("state", "=", "to_approve")])
