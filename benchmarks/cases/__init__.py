"""The cases of `make bench`, by the name that CASES takes: each is called with a Bench and gives Rows.

They run in this order, each in a process of its own. A case imports Odoo only inside its functions.
"""

from . import decide, scale

CASES = {
    "decide": decide.run,  # deciding a day, beside the floor and the peer
    "scale": scale.run,  # the same at other sizes
}
