"""The cases of `make bench`, by the name that CASES takes: each is called with a Bench and gives Rows.

They run in this order, each in a process of its own. A case imports Odoo only inside its functions.
"""

from . import decide

CASES = {
    "decide": decide.run,  # deciding a day, beside the floor and the peer
}
