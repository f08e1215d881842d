"""How often a customer was contacted in seven days, over all channels: what the policy's limit of contacts looks at.

Counted are messages that went out or wait to, and what a person did. A suspension is no contact: its notice is.
Nor is a hand-over.
"""

from odoo.tools import SQL

from . import clock

#: Days that the limit looks at, the day itself included.
DAYS = 7
#: States in which a message is a contact, or about to be one.
MESSAGE_STATES = ("planned", "sending", "done")
#: Channels of tasks by which nobody is contacted.
NO_CONTACT = ("suspension", "placement", "legal")


def tasks_done(company, as_of):
    """Return the SELECT (partner_id, contacts) of what people did for customers in the days up to `as_of`.

    By the moment it was done: it may have been planned long before.
    """
    return SQL(
        """
        SELECT partner_id, COUNT(*) AS contacts
          FROM recobro_action
         WHERE company_id = %(company)s AND kind = 'task' AND state = 'done' AND channel NOT IN %(no_contact)s
           AND done_date >= %(first)s AND done_date < %(after)s
         GROUP BY partner_id
        """,
        company=company.id,
        no_contact=NO_CONTACT,
        first=clock.begin_of(company, as_of, 1 - DAYS),
        after=clock.begin_of(company, as_of, 1),
    )
