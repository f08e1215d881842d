"""What arrived is counted against what was owed; whatever does not come out is a violation, in a sentence."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

#: Seconds between a verdict and the beginning of its message, at most: a payment in between can't be known of.
VERDICT_TO_WIRE = 1.0
#: Seconds between the server's answer and the moment the sender has written it down, at most. A mail that was on the
#: wire, or just off it, when the sender was killed is sent again: SMTP can do no better.
WIRE_TO_RECORD = 2.0
#: Violations told in full; of more only the number.
TOLD = 20

ACTIONS = """
    SELECT action.partner_id, action.state, action.reason, action.error, message.message_id, mail.state,
           (SELECT COUNT(*) FROM recobro_interaction log WHERE log.action_id = action.id AND log.result = 'sent')
      FROM recobro_action action
      LEFT JOIN mail_mail mail ON mail.id = action.mail_id
      LEFT JOIN mail_message message ON message.id = mail.mail_message_id
     WHERE action.kind = 'message'
     ORDER BY action.id
"""


@dataclass
class Action:
    """What collections say of one message."""

    partner_id: int
    state: str
    reason: str | None
    error: str | None
    message_id: str | None
    mail_state: str | None
    sent_lines: int


@dataclass
class Count:
    """The outcome of one scenario."""

    owed: int = 0
    received: int = 0
    twice: int = 0
    """Mails that arrived again with the same Message-Id, having been on the wire at a cut."""
    failed: int = 0
    """Owed, not received, and their action says why."""
    settled: int = 0
    """Paid during the run, and not written to."""
    reasons: Counter = field(default_factory=Counter)
    violations: list = field(default_factory=list)

    def complain(self, sentence):
        """Keep a violation."""
        self.violations.append(sentence)


def count(customers, received, actions, cuts, end):
    """Return the Count of a scenario.

    :param customers: {address or partner id: Customer} of the books, with the payments made during the run.
    :param received: the messages that the mail server has.
    :param actions: the rows of `ACTIONS`.
    :param cuts: moments at which a worker, a host, the database or a connection was cut.
    :param end: the moment of the counting.
    """
    result = Count()
    arrived, of_partner = defaultdict(list), defaultdict(list)
    for message in received:
        arrived[message.recipient].append(message)
    for action in actions:
        of_partner[action.partner_id].append(action)
    for key, customer in customers.items():
        messages = arrived.pop(key, [])
        _count_customer(result, customer, messages, of_partner.pop(customer.partner_id, []), cuts, end)
    for address in arrived:
        result.complain(f"{address} is no customer of the books and was written to")
    for partner in of_partner:
        result.complain(f"partner {partner} owes nothing and has an action")
    return result


def _count_customer(result, customer, messages, actions, cuts, end):
    name = customer.address or f"partner {customer.partner_id}"
    for action in actions:
        _check_action(result, name, action)
    if messages:
        result.owed += 1
        result.received += 1
        _check_content(result, name, customer, messages[0])
        _check_copies(result, name, messages, cuts)
        done = [action for action in actions if action.state == "done"]
        if [action.message_id for action in done] != [messages[0].message_id]:
            result.complain(f"{name} received {messages[0].message_id}, but its actions say {_states(actions)}")
    elif customer.is_owed(end):
        result.owed += 1
        told = [action for action in actions if action.state in ("failed", "skipped") and action.reason]
        if told:
            result.failed += 1
            result.reasons[told[-1].reason] += 1
        else:
            result.complain(f"{name} is owed a message, received none, and its actions say {_states(actions)}")
    elif customer.is_owed(0):
        result.settled += 1


def _states(actions):
    return ", ".join(f"{action.state} ({action.message_id or 'no mail'})" for action in actions) or "nothing"


def _check_action(result, name, action):
    if action.state in ("planned", "sending"):
        result.complain(f"{name}: an action is still {action.state}")
    if action.state == "failed" and not (action.reason and action.error):
        result.complain(f"{name}: an action failed without a reason")
    if action.state == "skipped" and not action.reason:
        result.complain(f"{name}: an action was left out without a reason")
    if action.sent_lines != (action.state == "done"):
        result.complain(f"{name}: an action that is {action.state} has {action.sent_lines} log lines of a sent message")


def _check_content(result, name, customer, message):
    """A message says what was true when it was begun: the balance, and no invoice that was paid before."""
    before, after = message.begun - VERDICT_TO_WIRE, message.begun + VERDICT_TO_WIRE
    if not customer.is_owed(before):
        result.complain(f"{name} owed nothing any more, and was written to")
    text = message.text
    for invoice in customer.invoices:
        if not invoice.is_open(before) and re.search(rf"{re.escape(invoice.name)}\b", text):
            result.complain(f"{name} was written to about {invoice.name}, which was paid before")
    balances = {customer.balance(before), customer.balance(after)}
    if not any(f"{balance:,.2f}" in text for balance in balances):
        result.complain(f"the message to {name} does not say its balance of {customer.balance(before)}")


def _check_copies(result, name, messages, cuts):
    """A second copy is the same message, and the first was on the wire when something was cut."""
    if len({message.message_id for message in messages}) > 1:
        result.complain(f"{name} received {len(messages)} different messages")
        return
    for message in messages[:-1]:
        was_cut = any(message.begun <= cut <= message.taken + WIRE_TO_RECORD for cut in cuts)
        if was_cut or not message.answered:
            result.twice += 1
        else:
            result.complain(f"{name} received {message.message_id} again, and nothing was cut meanwhile")
