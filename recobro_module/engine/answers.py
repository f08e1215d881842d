"""What customers answered, and what others collect of them, judged again before the day is decided.

Disputes, payments in hand, plans, placements and promises. Asked by the daily job for a whole company, and within a
minute for the customers whose account changed. Each answer writes its own holds (`holding`); nothing after this step
knows what they stand for.
"""

from . import belonging, payments_in_hand, promises
from .disputes import disputes
from .placements import placements
from .plans import payment_plans


def settle(env, company, as_of, partner_ids=None):
    """Bring the answers of `company` up to the day `as_of`.

    First what customers answered that are part of another one now becomes that one's. Promises come last: they hold
    what the others leave, and of what is in a plan they hold nothing.

    :param partner_ids: commercial entities to look at; all when None.
    """
    partner_ids = belonging.follow(env, company, partner_ids)
    disputes.settle(env, company, as_of, partner_ids)
    payments_in_hand.settle(env, company, as_of, partner_ids)
    payment_plans.settle(env, company, as_of, partner_ids)
    payments_in_hand.carry_over(env, company, as_of, partner_ids)
    placements.settle(env, company, as_of, partner_ids)
    promises.settle(env, company, as_of, partner_ids)
