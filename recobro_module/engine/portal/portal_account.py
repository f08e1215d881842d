"""What the portal shows of an account, and which of its lines a visitor has chosen. Nothing here is written.

A line is named by its `line_id` in addresses and forms: the id of its journal item, or, below zero, that of an
instalment of a plan. What is not in the statement of the link's customer is not there at all.
"""

from .. import alerts
from ..letter import Letter
from ..statement import statements

#: Lines that a visitor can choose at once: more is no choice, and no address of ours is longer.
MOST_CHOSEN = 200


def statement_of(access):
    """Return the `Statement` of an account as it is today, from the same verdict as every message."""
    statement = statements(access.env, access.company, access.today, {access.partner.id: set()})
    return statement[access.partner.id]


def letter_of(access, statement=None):
    """Return the account put into words for the contact, as in the messages."""
    case = open_case(access)
    return Letter(
        access.env, statement or statement_of(access), access.company, access.partner, access.contact, case.user_id
    )


def open_case(access):
    """Return the open case of the account; empty when there is none."""
    domain = [("partner_id", "=", access.partner.id), ("company_id", "=", access.company.id), ("state", "=", "open")]
    return access.env["recobro.case"].search(domain, limit=1)


def case_for(access):
    """Return the open case of the account, opened when there is none: an answer belongs to one."""
    return access.env["recobro.case"]._open_for(access.partner, access.company, is_manual=False)


def owner_of(access):
    """Return who in the company answers for the account."""
    return alerts.owner_of(open_case(access))


def is_given(names):
    """Return whether a visitor has named any line at all, even one that is not there."""
    return any(str(name).strip(" ,") for name in names)


def chosen(statement, names):
    """Return the lines of a statement that a visitor has named; what it has not is left out, whatever it was.

    :param names: texts as they come from an address or a form: one `line_id` each, or several with commas.
    """
    wanted = named(names)
    return [line for line in statement.lines if line.line_id in wanted]


def named(names):
    """Return the `line_id`s that a visitor has named, as a set; what is no number is left out."""
    wanted = set()
    for name in ",".join(map(str, names)).split(",")[:MOST_CHOSEN]:
        name = name.strip()
        if name.removeprefix("-").isascii() and name.removeprefix("-").isdigit() and len(name) < 12:
            wanted.add(int(name))
    return wanted
