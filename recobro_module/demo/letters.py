"""Letters on paper: the earlier ones were posted and their receipts came back; the last ones wait to be printed."""

from datetime import timedelta

from odoo import Command

#: Letters that are printed when the demo is made: each takes the printing program some tenths of a second.
_PRINTED = 4
#: Letters younger than this many days wait for who prints them.
_WAITS_DAYS = 9


class Letters:
    """What the collectors do with the letters that the ladder plans."""

    def __init__(self, escalation):
        self.told = escalation
        self.env = escalation.env
        self.company = escalation.company
        self.can_print = self.env["ir.actions.report"].get_wkhtmltopdf_state() != "install"
        self.printed = 0

    def live(self, day):
        """Post letters of earlier days, and record the receipts of those that arrived."""
        if (self.told.today - day).days < _WAITS_DAYS or not self.can_print:
            return
        env = self.told.at_work("lucia", day, 13)
        self._record_deliveries(env, day)
        if self.printed < _PRINTED:
            self._post(env, day)

    def _post(self, env, day):
        waiting = self._letters(env, ("state", "=", "planned"), ("day", "<", day))
        letters = waiting[: _PRINTED - self.printed]
        if not letters:
            return
        dialog = env["recobro.letter.print"].browse(letters.action_print_letters()["res_id"])
        self.printed += len(dialog.action_ids)
        if dialog.action_ids:
            self._dialog(dialog.action_sent(), env, day, "RR48120{}4ES")

    def _record_deliveries(self, env, day):
        """The receipt of a letter comes back four days after it was posted; one of them never does."""
        posted = self._letters(
            env,
            ("state", "=", "done"),
            ("sent_on", "<=", day - timedelta(days=4)),
            ("delivered_on", "=", False),
        )
        arrived = posted.filtered(lambda letter: not letter.tracking_number.endswith("34ES"))
        if arrived:
            self._dialog(arrived.action_letters_delivered(), env, day)

    def _dialog(self, action, env, day, number=""):
        dialog = env["recobro.letter.proof"].with_context(**action["context"]).create({"day": day})
        for count, line in enumerate(dialog.line_ids if number else ()):
            line.tracking_number = number.format(self.printed - len(dialog.line_ids) + count)
        dialog.action_record()

    def _letters(self, env, *domain):
        return env["recobro.action"].search(
            [("company_id", "=", self.company.id), ("channel", "=", "letter"), *domain], order="id"
        )


def add_levels(policy, lawyer):
    """Add the formal letter of a policy, and the hand-over to a lawyer that is proposed when it is not answered."""
    policy.write(
        {
            "level_ids": [
                Command.create(
                    {
                        "name": "Carta previa a la vía judicial",
                        "delay_days": 45,
                        "stage": "pre_legal",
                        "channel": "letter",
                        "tone": "formal",
                        "needs_approval": True,
                        "grace_days": 10,
                        "wait_days": 20,
                    }
                ),
                Command.create(
                    {
                        "name": "Propuesta de vía judicial",
                        "delay_days": 60,
                        "stage": "legal",
                        "channel": "legal",
                        "tone": "formal",
                        "agency_id": lawyer.id,
                        "needs_approval": True,
                        "select_amount": 1000.0,
                        "select_probability": 0.05,
                    }
                ),
            ]
        }
    )
