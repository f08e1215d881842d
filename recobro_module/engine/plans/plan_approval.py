"""What of a payment plan the policy leaves to the manager: too many instalments, too long, too small, too much."""

from dateutil.relativedelta import relativedelta

from odoo.tools import format_date, formatLang

from .plan_terms import owed, preview, rules_of


def approval_reasons(env, company, partner, as_of, terms):
    """Return why the manager must decide on some terms that can be a plan, a sentence a reason; empty when nothing."""
    found = preview(env, company, partner, as_of, terms)
    if not found:
        return []
    rules = rules_of(env, company, partner)
    amounts = {
        "amount": owed(env, company, as_of, terms.items),
        "smallest": min(one.amount for one in found),
        "discount": terms.discount,
    }
    here = {
        name: terms.items.currency_id._convert(amount, company.currency_id, company, as_of)
        for name, amount in amounts.items()
    }
    return [*_length(env, as_of, rules, terms, found), *_amounts(env, company.currency_id, rules, here)]


def _length(env, as_of, rules, terms, found):
    """Yield why a schedule is too long for a collector to agree on."""
    count = len(found) - 1 if terms.down_payment else len(found)
    if count > rules.plan_max_instalments:
        yield env._("%(count)s instalments; the policy allows %(most)s.", count=count, most=rules.plan_max_instalments)
    last_day = as_of + relativedelta(months=rules.plan_max_months)
    if found[-1].due > last_day:
        yield env._(
            "The last payment is on %(day)s; the policy allows %(months)s months, until %(last)s.",
            day=format_date(env, found[-1].due),
            months=rules.plan_max_months,
            last=format_date(env, last_day),
        )


def _amounts(env, currency, rules, here):
    """Yield why amounts, in company currency as the policy's are, are not a collector's to agree on."""

    def words(amount):
        return formatLang(env, amount, currency_obj=currency)

    if currency.compare_amounts(here["smallest"], rules.plan_minimum_instalment) < 0:
        yield env._(
            "An instalment of %(amount)s; the policy allows no smaller one than %(least)s.",
            amount=words(here["smallest"]),
            least=words(rules.plan_minimum_instalment),
        )
    if currency.compare_amounts(here["amount"], rules.plan_approval_amount) > 0:
        yield env._(
            "The plan is about %(amount)s; above %(most)s the manager decides.",
            amount=words(here["amount"]),
            most=words(rules.plan_approval_amount),
        )
    if currency.compare_amounts(here["discount"], rules.settlement_approval_amount) > 0:
        yield env._(
            "A discount of %(amount)s; above %(most)s the manager decides.",
            amount=words(here["discount"]),
            most=words(rules.settlement_approval_amount),
        )
