"""What `make faults` is made of, read top to bottom.

`ledger` says who is owed a message, without a look at what collections decide; `mail_server` keeps what arrives;
`processes` are Odoo's workers, the bookkeeper and the database server, which can be killed; `stage` puts them
together for one scenario; `scenarios` break things; `accounting` counts what arrived against what was owed.
"""
