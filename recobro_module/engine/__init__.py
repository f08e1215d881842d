"""The daily run, read top to bottom: open items → answers → verdicts → planning → delivery → snapshot.

Each step is a function of `(env, company, as_of)`: `company` is a main company (its branches are
chased as one with it) and `as_of` the day that is lived, never read from the clock in here.
"""

# The day, the rules of a policy, what a person is told
from . import clock, policies, alerts, retries

# What is open, and what customers answered about it
from . import open_items, instalments, turns
from . import holding, promise_alerts, promises, payments_in_hand
from . import belonging, disputes, plans, insolvency, placements, answers

# The five steps
from . import verdicts
from . import contact_count, recipients, planning
from . import suspensions, suspension_proposals, saving, ladder, credit_insurance, watch
from . import returns
from . import figures
from . import limits, statement, link, early_payment, letter, leaflets, message, queue, delivery
from . import snapshot, refresh, standing, banner, on_screen

# What a person does today, and whether the daily job does its own
from . import watchdog, ledger_watch, worklist, worklist_words

# A promise that a person takes
from . import earlier_promises, promising

# What comes from outside, and the whole day
from . import correspondence, merge
from .disputes import dispute_mail
from . import run

# The customer's pages
from . import letter_table, portal
