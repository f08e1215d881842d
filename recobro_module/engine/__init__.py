"""The daily run, read top to bottom: open items → answers → verdicts → planning → delivery → snapshot.

Each step is a function of `(env, company, as_of)`: `company` is a main company (its branches are
chased as one with it) and `as_of` the day that is lived, never read from the clock in here.
"""

# The day, the rules of a policy, what a person is told
from . import clock, policies, alerts, retries

# What is open, and what customers answered about it
from . import open_items, turns
from . import sla, tickets, credit_notes, dispute_alerts
from . import holding, promise_alerts, promises, disputes, payments_in_hand
from . import plan_terms, plan_alerts, plan_money, plan_items, settlements, plan_writing, payment_plans, answers

# The five steps
from . import verdicts
from . import recipients, planning, saving, ladder, watch
from . import returns
from . import limits, statement, link, letter, message, queue, delivery
from . import snapshot, refresh, on_screen

# A promise that a person takes, and the making of a payment plan
from . import earlier_promises, promising
from . import plan_making, plan_preview, plan_decisions

# What comes from outside, and the whole day
from . import correspondence, dispute_mail, merge
from . import run

# The portal: who is at the door, what they see, what they answer
from . import letter_table, portal_refusal, portal_limits, portal_access, portal_account, portal_own
from . import portal_files, portal_conversation, portal_disputing, portal_promising, portal_history
from . import portal_log, portal_export
