"""Who decides in a replay: what waited for an approval is approved a day after it was proposed, in its dialog."""

from odoo import Command
from odoo.exceptions import UserError

#: By the channel of a hand-over: kind, days it has, cost of each case, fee by success [(days past due, rate)].
AGENCIES = {
    "placement": ("agency", 90, 0, [(0, 0.10), (60, 0.18), (180, 0.30)]),
    "legal": ("lawyer", 365, 150, [(0, 0.25)]),
}
NAMES = {"placement": "Ledger Agency", "legal": "Ledger Lawyers"}


class Deciding:
    """A manager who approves each rise the day after it was proposed, and hands over to the one agency or lawyer."""

    def __init__(self, env, company):
        self.company = company
        self.approvals = 0
        self.agencies = {channel: self._make_agency(env, channel) for channel in AGENCIES}

    def _make_agency(self, env, channel):
        kind, days, cost, tariff = AGENCIES[channel]
        return env["recobro.agency"].create(
            {
                "partner_id": env["res.partner"].create({"name": NAMES[channel], "is_company": True}).id,
                "kind": kind,
                "company_id": self.company.id,
                "days": days,
                "fixed_cost": cost,
                "tariff_ids": [Command.create({"days_from": start, "rate": rate}) for start, rate in tariff],
            }
        )

    def live(self, env, day):
        """Approve what has waited for a day; return notes on what could not be. It waits, and is tried again."""
        waiting = env["recobro.action"].search(
            [("company_id", "=", self.company.id), ("state", "=", "to_approve"), ("day", "<", day)], order="id"
        )
        notes = []
        for channel, actions in waiting.grouped("channel").items():
            try:
                with env.cr.savepoint():
                    self._approve(env, channel, actions)
            except UserError as error:
                notes.append(f"{day}: {len(actions)} to approve must wait: {error}")
            self.approvals += len(actions.filtered(lambda action: action.state != "to_approve"))
        return notes

    def _approve(self, env, channel, actions):
        dialog = {"action_ids": [Command.set(actions.ids)]}
        if channel in self.agencies:
            dialog["agency_id"] = self.agencies[channel].id
        env["recobro.action.decide"].create(dialog).action_approve()
