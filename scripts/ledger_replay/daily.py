"""One day of collections, by the code of the scheduled actions: decide, deliver, send; then what people do."""

from datetime import datetime, time

from odoo.tools import email_split

from odoo.addons.recobro_module.const import STAGES
from odoo.addons.recobro_module.engine import clock

from ledger_replay.deciding import Deciding
from ledger_replay.ledger import ReplayError
from ledger_replay.letters import Letters

#: Names of the playbooks, as `POLICY=` says them.
PLAYBOOKS = ("A", "B")


class Collections:
    """Lives the days of a company's collections, with a policy that it switches on."""

    def __init__(self, env, policy=""):
        self.env = env
        self.company = env.company.root_id
        self.left_out = {}
        self.notes = []
        self.deciding = Deciding(env, self.company)
        self.letters = Letters(self.company)
        self._switch_on(policy)

    def _switch_on(self, name):
        """Switch on the policy that ships with the module, a playbook, or another one by its name or external id."""
        policies = self.env["recobro.policy"]
        if name.upper() in PLAYBOOKS:
            policy = self._choose(name.lower())
        elif not name:
            policy = self.env.ref("recobro_module.policy_default")
        elif "." in name:
            policy = self.env.ref(name, raise_if_not_found=False) or policies
        else:
            policy = policies.search([("name", "=", name)], limit=1)
        if policy._name != "recobro.policy" or not policy:
            known = ", ".join(policies.search([]).mapped("name"))
            raise ReplayError(f"There is no policy “{name}”. There are: {', '.join(PLAYBOOKS)}, {known}.")
        policy.action_switch_on()

    def _choose(self, key):
        """Return the policy of a playbook for everybody, chosen in its dialog."""
        dialog = self.env["recobro.playbook.choose"].create({"company_id": self.company.id})
        made = dialog.action_choose_a() if key == "a" else dialog.action_choose_b()
        return self.env["recobro.policy"].browse(made["res_id"])

    def env_on(self, day):
        """Return the environment of who lives at noon of a day: an hour of its own for what is timed to the hour."""
        noon = clock.lived(datetime.combine(day, time(12)))
        # Nobody is there to be told of an activity or a ticket: such a mail would only mix with what customers get.
        quiet = {"mail_activity_quick_update": True, "mail_auto_subscribe_no_notify": True}
        return self.env(context={**self.env.context, **quiet, "recobro_as_of": noon})

    def live(self, day):
        """Live a day and return its journal entries."""
        env = self.env_on(day)
        runs = env["recobro.run"]
        run = runs._start(self.company, day, "replay")
        run._decide_and_commit()
        if run.state == "failed":
            raise ReplayError(f"The daily job of {day} failed: {run.error}")
        if run.state == "waiting":
            self.notes.append(f"{day}: {run.planned_messages} messages, far more than usual; released")
            run.action_release()
        for reason, number in (run.left_out or {}).items():
            self.left_out[reason] = self.left_out.get(reason, 0) + number
        self.notes += self.deciding.live(env, day)
        runs._cron_deliver()
        env["mail.mail"].process_email_queue()
        self._log_calls(env, day)
        self.notes += self.letters.live(env, day)
        env.cr.commit()
        return self._entries(env, day)

    def _log_calls(self, env, day):
        """Log each call of the day as unanswered, as its responsible would."""
        calls = env["recobro.action"].search(
            [("company_id", "=", self.company.id), ("channel", "=", "call"), ("state", "=", "planned")]
        )
        for call in calls:
            dialog = {
                "case_id": call.case_id.id,
                "action_id": call.id,
                "contact_id": call.contact_id.id,
                "channel": "call",
                "result": "no_answer",
                "date": min(datetime.combine(day, time(16)), datetime.utcnow()),
            }
            env["recobro.interaction.log"].create(dialog).action_log()

    def _entries(self, env, day):
        """Return the journal entries of what was done on a day, and note what was not."""
        actions = env["recobro.action"].search(
            [("company_id", "=", self.company.id), ("day", "=", day), ("state", "in", ("done", "sending", "failed"))],
            order="id",
        )
        done = actions.filtered(lambda action: action.state == "done")
        for action in actions - done:
            self.notes.append(f"{day}: {action.display_name} did not go out: {action.error or action.state}")
        return [_entry(action, day) for action in done]

    def figures(self, env):
        """Return how many cases stand in each stage, and how many approvals were given, as `env` lives."""
        # What was posted or handed over after the day was decided is on the cases within a minute
        env["recobro.run"]._cron_refresh()
        groups = env["recobro.case"]._read_group(
            [("company_id", "=", self.company.id)], ["state", "stage"], ["__count"]
        )
        stages = dict.fromkeys([*dict(STAGES), "closed"], 0)
        for state, stage, number in groups:
            stages["closed" if state == "closed" else stage] += number
        return {"stages": stages, "approvals": self.deciding.approvals}


def _entry(action, day):
    """Return the journal entry of a message that was delivered, or of what a person did."""
    is_message = action.kind == "message"
    lines = action.line_ids.filtered(lambda line: line.state == "done")
    return {
        "day": day.isoformat(),
        "customer": action.partner_id.ref,
        "to": ", ".join(email_split(action.email_to)) if is_message else _whom(action),
        "channel": action.channel,
        "level": action.level_id.delay_days,
        "invoices": {line.item_id.name: line.level_id.delay_days for line in lines},
        "message_id": action.mail_id.message_id if is_message else None,
    }


def _whom(action):
    """Return whom a task was done to: the agency or lawyer who got the case, where the letter went, who was called."""
    if action.hands_over:
        return action.agency_id.name
    if action.channel == "letter":
        return f"{action.contact_id.name}, {action.partner_id.street}, {action.partner_id.city}"
    return action.contact_id.phone
