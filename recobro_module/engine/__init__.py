"""The daily run, read top to bottom: open items → verdicts → planning → delivery → snapshot.

Each step is a function of `(env, company, as_of)`: `company` is a main company (its branches are
chased as one with it) and `as_of` the day that is lived, never read from the clock in here.
"""

from . import clock, open_items, verdicts, recipients, policies, planning, saving, ladder, statement, link, letter, message, queue, correspondence, delivery, snapshot, merge, run
