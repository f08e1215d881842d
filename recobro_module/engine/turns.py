"""Two people who record answers about the same items at the same moment do so one after the other."""

from odoo.tools import SQL


def one_at_a_time(items):
    """Let what is recorded about `items` be decided on what others have recorded about them, or be tried again.

    Called before anything is read that a colleague may be changing. Every transaction reads what was there when it
    began (REPEATABLE READ), so to wait for a lock is not enough: who is late must begin anew. Writing the same rows
    makes PostgreSQL refuse the later one (a serialization failure), and Odoo then does the request again by itself.

    The items, not the case: answers about other items of the customer don't collide, a customer may have no case, and
    the daily job writes an item only when its invoice has changed.

    :param items: `recobro.item`; the rights on them are the caller's to check.
    """
    items.env.cr.execute(SQL("UPDATE recobro_item SET state = state WHERE id = ANY(%s)", list(items.ids)))
