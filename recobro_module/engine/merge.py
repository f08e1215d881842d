"""Two contacts become one: the customers that they are become one too, and everything that names them follows."""

from . import belonging

#: Columns that name the person written or spoken to, without a foreign key: core's merge does not see them.
_CONTACTS = (
    ("recobro_action", "contact_id"),
    ("recobro_interaction", "contact_id"),
    ("recobro_payment_in_hand", "contact_id"),
    ("recobro_payment_plan", "contact_id"),
    ("recobro_payment_plan", "accepted_contact_id"),
    ("recobro_promise", "contact_id"),
    ("recobro_dispute", "contact_id"),
)


def join_customers(env, sources, target):
    """Join the cases of the partners `sources` to those of the customer that `target` is, or belongs to.

    Every name of a person points at `target` after it, every name of a customer at that customer.
    """
    env.flush_all()
    customer = _customer_after(sources, target)
    _hand_down(env, sources, target)
    belonging.become(env, dict.fromkeys(((sources | target) - customer).ids, customer.id))
    for table, column in _CONTACTS:
        belonging.rename(env, table, column, dict.fromkeys(sources.ids, target.id))
    env.invalidate_all()


def _customer_after(sources, target):
    """Return the commercial entity that `target` is, or belongs to, once core has put the values of `sources` on it."""
    if any((sources | target).mapped("is_company")):
        return target
    parent = target.parent_id or sources.parent_id[-1:]
    return parent.commercial_partner_id or target


def _hand_down(env, sources, target):
    """Give `target` the policy and the collector of `sources` where it has none of its own, company by company."""
    # sudo: who may merge contacts merges them whole, also what only collections may choose
    for company in env["res.company"].sudo().search([]):
        new, old = target.sudo().with_company(company), sources.sudo().with_company(company)
        for name in ("recobro_policy_id", "recobro_user_id"):
            if old[name] and not new[name]:
                new[name] = old[name][-1]
