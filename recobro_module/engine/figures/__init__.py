"""What is known of each customer: how it pays, how much it owes, its grade, what it is told that helps it to pay.

`paying` tells from the books what customers paid and owe, `customer_figures` keeps one row a customer of it, `grading`
gives the grade, `grade_words` says why. `recovery` tells from what was paid before how likely it is that what is late
now will be. `balances` reads from the books what was owed on any day, `control` makes the key figures of the ledger of
it, `daily` keeps both of each day, and `series` reads those of the ends of months. `cohorts` says what the chance of
recovery is worked out of and `backtest` how good it was; `forecast` tells what cash to expect, `migration` what became
of what was open, `costs` what collecting took.
"""

from . import grading, paying, customer_figures, grade_words, cohorts, recovery, backtest
from . import balances, control, series, daily, forecast, migration, costs

# What the dashboard reads, each for a scope: companies, day, period, customers
from . import scope, ageing_of, exposure, promises_kept, dispute_figures
from . import concentration, recovery_by_bucket, agency_results
from . import dashboard, dashboard_later, dashboard_links
