"""Payment plans, from what one would say to how it ends.

Made (`plan_terms` → `plan_making` → `plan_approval`), proposed and agreed on (`plan_proposal`, `plan_agreement`,
`plan_letter`), filled by money and judged (`payment_plans`: `plan_money` → `plan_items` → `plan_writing` →
`plan_holds`), and a discount given at the end (`settlements`). One that an agency proposed is told to it
(`plan_of_agency`).
"""

from . import plan_terms, plan_alerts, plan_money, plan_items, settlements, plan_writing, payment_plans
from . import plan_making, plan_preview, plan_decisions, plan_of_agency
