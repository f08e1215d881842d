"""Which policy decides for a customer, and what it says of a day."""

from odoo.tools import SQL

from . import clock, open_items


def customer_policies(env, company, policies, customers):
    """Return the SELECT (partner_id, policy_id) of the customers some policy decides for.

    A customer's own policy comes first (and when that is not in force, nobody chases the customer);
    else the first policy in sequence whose domain it matches.

    :param policies: recordset of `recobro.policy` in force, in order.
    :param customers: SQL of a relation with `partner_id`.
    """
    own = open_items.property_sql(env, company, "partner", "recobro_policy_id")
    return SQL(
        """
        SELECT asked.partner_id, chosen.policy_id
          FROM %(customers)s asked
          JOIN res_partner partner ON partner.id = asked.partner_id
          CROSS JOIN LATERAL (
               SELECT CASE WHEN %(own)s IS NOT NULL
                           THEN (SELECT id FROM recobro_policy WHERE id = %(own)s AND id = ANY(%(in_force)s))
                           ELSE %(matched)s END AS policy_id
                OFFSET 0  -- a fence: it is asked for once, not for each use
               ) chosen
         WHERE chosen.policy_id IS NOT NULL
        """,
        customers=customers,
        own=own,
        in_force=policies.ids,
        matched=_first_match(env, company, policies),
    )


def _first_match(env, company, policies):
    """Return the SQL expression of the first policy whose domain `partner.id` matches."""
    partners = env["res.partner"].sudo().with_company(company).with_context(active_test=False)
    cases = [
        SQL("WHEN partner.id IN %s THEN %s::int", partners._search(policy._customer_domain()).subselect(), policy.id)
        for policy in policies
    ]
    return SQL("CASE %s END", SQL(" ").join(cases)) if cases else SQL("NULL::int")


def of_customers(env, company, partner_ids):
    """Return {partner id: `recobro.policy` in sudo} of some customers; those that nobody chases are not in it.

    :param partner_ids: ids of commercial entities.
    """
    in_force = env["recobro.policy"]._in_force(company)
    env.flush_all()
    customers = SQL("(SELECT unnest(%s::int[]) AS partner_id)", list(partner_ids))
    rows = env.execute_query(customer_policies(env, company, in_force, customers))
    return {partner: in_force.browse(policy) for partner, policy in rows}


def limit(env, company, partner, name):
    """Return what the policy of `partner` (a commercial entity) says of `name`, a limit such as `promise_max_days`.

    Of a customer that nobody chases, what a new policy would say.
    """
    policy = of_customers(env, company, partner.ids).get(partner.id)
    if policy is None:
        return env["recobro.policy"].sudo().default_get([name]).get(name)
    return policy[name]


def limits_of(env, company, partner_ids, names):
    """Return {partner id: {name: what the customer's policy says}} for all of some customers, in one batch.

    Of a customer that nobody chases, what a new policy would say.
    """
    found = of_customers(env, company, partner_ids) if partner_ids else {}
    usual = {}
    if not set(partner_ids) <= set(found):
        usual = env["recobro.policy"].sudo().default_get(list(names))  # sudo: limits are no secret of the policy
    return {
        partner: {name: found[partner][name] if partner in found else usual.get(name) for name in names}
        for partner in partner_ids
    }


def policy_facts(env, company, as_of, policies):
    """Return the SELECT of each policy's limits, whether it works on `as_of`, and whether the bank is stale."""
    bank_day = last_bank_day(env, company)
    rows = [
        SQL(
            "(%s::int, %s::bool, %s::bool)",
            policy.id,
            as_of in clock.working_days(company, policy.calendar_id, as_of, horizon=0),
            _is_stale(policy, as_of, bank_day),
        )
        for policy in policies
    ] or [SQL("(NULL::int, NULL::bool, NULL::bool)")]
    return SQL(
        """
        SELECT policy.id AS policy_id, policy.minimum_amount, policy.quiet_days, policy.week_limit,
               policy.contact_limit, policy.user_id, day.works_today, day.bank_stale
          FROM recobro_policy policy
          JOIN (VALUES %s) AS day(policy_id, works_today, bank_stale) ON day.policy_id = policy.id
        """,
        SQL(", ").join(rows),
    )


def last_bank_day(env, company):
    """Return the date of the last bank transaction of `company`, or None."""
    [(day,)] = env.execute_query(
        SQL(
            """
            SELECT MAX(move.date)
              FROM account_bank_statement_line bank
              JOIN account_move move ON move.id = bank.move_id AND move.state = 'posted'
             WHERE bank.company_id IN %s
            """,
            open_items.branches(company),
        )
    )
    return day


def _is_stale(policy, as_of, bank_day):
    """Return whether the bank was last read longer ago than the policy allows; never when it doesn't ask."""
    if not policy.bank_freshness_days:
        return False
    return bank_day is None or (as_of - bank_day).days > policy.bank_freshness_days
