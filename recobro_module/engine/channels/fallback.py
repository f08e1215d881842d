"""A message that could not be delivered goes another way: a new action for the same items and level, on the same day.

Never by the same channel to the same address twice. Only when nothing is left does a person have to look for a way.
"""

from odoo.tools import email_normalize, email_split

from ...const import COUNTED_ACTION_STATES
from .. import clock, planning, recipients
from . import choice

#: What a line keeps of the one it stands for.
_LINE_FIELDS = ("days_past_due", "amount", "from_delay_days", "from_level_sequence")


def fall_back(action, by_itself=False):
    """Return a new action in place of one that failed, or an empty one when nothing is left to try.

    :param action: a closed `recobro.action` in sudo whose lines have gone back to where they were.
    :param by_itself: whether only what goes out by itself may take its place: the fault is ours, and may be of many
        messages at once, too many to call.
    """
    lines = _lines(action)
    if action.channel == "suspension":
        return action.browse()  # announced in writing or not at all: its owner is told
    if not lines or action.level_id.keeps_channel or action.company_id.recobro_stopped:
        return action.browse()
    tried = _tried(action)
    for channel in choice.next_channels(action, by_itself):
        contacts = _contacts(action, channel)
        if _addresses(contacts, channel) - tried.get(channel, set()):
            return _instead(action, lines, channel, contacts)
    return action.browse()


def _lines(action):
    """Return the lines of an action whose items still stand where it found them, and wait for nothing else."""
    lines = action.line_ids.filtered(
        lambda line: (
            line.state in ("failed", "skipped")
            and line.item_id.exists()
            and line.item_id.state == "open"
            and line.item_id.level_id == line.from_level_id
        )
    )
    taken = action.env["recobro.action.line"].search(
        [("item_id", "in", lines.item_id.ids), ("state", "in", COUNTED_ACTION_STATES)]
    )
    given = {(line.item_id, line.level_id) for line in taken}
    waiting = taken.filtered(lambda line: line.state != "done").item_id
    return lines.filtered(lambda line: line.item_id not in waiting and (line.item_id, line.level_id) not in given)


def _tried(action):
    """Return {channel: addresses} that this action, and those it took the place of, went to."""
    tried = {}
    while action:
        addresses = [email_normalize(address) for address in email_split(action.email_to)] or [action.email_to]
        if action.channel == "call":
            addresses = [action.contact_id.phone]
        tried.setdefault(action.channel, set()).update(addresses)
        action = action.instead_of_id
    return tried


def _contacts(action, channel):
    """Return who would be reached by a channel, as it is asked again when the new action is made."""
    env = action.env
    for model in ("res.partner", "mail.blacklist", "phone.blacklist", "recobro.interaction"):
        env[model].flush_model()
    found = recipients.resolve(env, [(action.partner_id.id, "next", action.level_id.id, channel)])
    contacts = env["res.partner"].browse(found.get((action.partner_id.id, "next"), []))
    if channel == "call":
        # Somebody with a telephone: first who was written to
        return (action.contact_id | contacts | action.partner_id).filtered("phone")[:1]
    return contacts[:1] if channel == "whatsapp" else contacts


def _addresses(contacts, channel):
    """Return the addresses of some contacts by a channel."""
    names = {"email": "email_normalized", "sms": "phone_sanitized", "whatsapp": "phone_sanitized", "call": "phone"}
    return {contact[names[channel]] for contact in (contacts if channel == "email" else contacts[:1])} - {False}


def _instead(action, lines, channel, contacts):
    """Make the new action, planned for today; what goes out by itself is made in a moment."""
    env = action.env
    company = action.company_id
    today = clock.today(env, company)
    is_message = channel in env["recobro.level"]._message_channels()
    deadline = planning.deadline_of(company, action.policy_id.calendar_id, today, action.level_id.wait_days)
    new = env["recobro.action"].create(
        {
            **{
                name: action[name].id
                for name in ("company_id", "case_id", "partner_id", "policy_id", "level_id", "run_id", "user_id")
            },
            "instead_of_id": action.id,
            "day": today,
            "kind": "message" if is_message else "task",
            "channel": channel,
            "deadline": False if is_message else deadline,
            "is_automatic": action.is_automatic,
            "contact_id": contacts[:1].id,
            "amount": action.amount,
        }
    )
    env["recobro.action.line"].create(
        [
            {
                **{name: line[name] for name in _LINE_FIELDS},
                "action_id": new.id,
                "item_id": line.item_id.id,
                "level_id": line.level_id.id,
                "from_level_id": line.from_level_id.id,
                "state": "planned",
            }
            for line in lines
        ]
    )
    env["recobro.run"]._trigger_delivery()
    return new
