"""The cases of `make bench`, by the name that CASES takes: each is called with a Bench and gives Rows.

They run in this order, each in a process of its own. A case imports Odoo only inside its functions.
"""

from . import bookkeeping, dashboard, decide, deliver, install, playbooks, scale, screens

CASES = {
    "decide": decide.run,  # deciding a day, beside the floor and the peer
    "playbooks": playbooks.run,  # the same with playbook A and B in force
    "scale": scale.run,  # the same at other sizes
    "deliver": deliver.run,  # messages made, queued and sent, by one process and by two
    "posting": bookkeeping.posting,  # a batch of invoices, with the addon and without
    "paying": bookkeeping.paying,  # paying and matching it
    "screens": screens.run,  # opening screens, with the addon's fields and without
    "dashboard": dashboard.run,  # its data, of a day that was kept and of another
    "install": install.run,  # installing on a million journal items
}
