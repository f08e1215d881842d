"""One day of collections, by the code of the scheduled actions: decide, deliver, send; then the calls."""

from datetime import datetime, time

from odoo.tools import email_split

from odoo.addons.recobro_module.engine import clock

from ledger_replay.ledger import ReplayError


class Collections:
    """Lives the days of a company's collections, with a policy that it switches on."""

    def __init__(self, env, policy=""):
        self.env = env
        self.company = env.company.root_id
        self.left_out = {}
        self.notes = []
        self._switch_on(policy)

    def _switch_on(self, name):
        """Switch on the policy that ships with the module, or another one by its name or external id."""
        policies = self.env["recobro.policy"]
        if not name:
            policy = self.env.ref("recobro_module.policy_default")
        elif "." in name:
            policy = self.env.ref(name, raise_if_not_found=False) or policies
        else:
            policy = policies.search([("name", "=", name)], limit=1)
        if policy._name != "recobro.policy" or not policy:
            known = ", ".join(policies.search([]).mapped("name"))
            raise ReplayError(f"There is no policy “{name}”. There are: {known}.")
        policy.action_switch_on()

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
        runs._cron_deliver()
        env["mail.mail"].process_email_queue()
        self._log_calls(env, day)
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


def _entry(action, day):
    """Return the journal entry of a message that was delivered or a call that was made."""
    is_message = action.kind == "message"
    lines = action.line_ids.filtered(lambda line: line.state == "done")
    return {
        "day": day.isoformat(),
        "customer": action.partner_id.ref,
        "to": ", ".join(email_split(action.email_to)) if is_message else action.contact_id.phone,
        "channel": action.channel,
        "level": action.level_id.delay_days,
        "invoices": {line.item_id.name: line.level_id.delay_days for line in lines},
        "message_id": action.mail_id.message_id if is_message else None,
    }
