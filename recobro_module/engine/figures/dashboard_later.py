"""What the dashboard shows a moment later, for it is read from the books item by item: recovery and what is to come.

The forecast, the migration and the cost are of all customers: with some of them chosen they are left out.
"""

from odoo.tools import SQL

from .. import clock
from . import costs, forecast, migration, recovery, recovery_by_bucket
from . import scope as scopes


def read(env, companies, as_of=None, months=1, segment=None, owner=None):
    """Return `recovery`, `loss`, `forecast`, `migration`, `cost` of main companies (in sudo); see `dashboard.read`.

    A part that is not told of what was chosen is None: what is to come, or to be lost, is told of the present.
    """
    today = clock.today(env, companies[:1])
    day = min(as_of or today, today)
    look = scopes.of(env, companies, day, months, is_today=day == today, grade=segment, owner=owner)
    return {
        "recovery": recovery_by_bucket.read(env, look),
        "loss": _loss(env, look) if look.is_today else None,
        "forecast": _forecast(env, look) if look.is_today and not look.is_filtered else None,
        "migration": None if look.is_filtered else migration.matrix(env, companies, day),
        "cost": None if look.is_filtered else _cost(env, look),
    }


def _loss(env, look):
    """Return what of the open cases is not likely to be paid; None where no chance is known."""
    found = recovery.expected_loss(
        env, look.companies, look.as_of, look.customers(SQL("collection.partner_id")) if look.is_filtered else None
    )
    return found if found["judged"] else None


def _cost(env, look):
    """Return what collecting cost in the period, with the share of the period before beside it."""
    found = costs.of_period(env, look.companies, look.since, look.as_of)
    before = costs.of_period(env, look.companies, look.before, look.since)
    names = (*costs.PARTS, "total", "minutes", "collected", "cost_to_collect", "is_set")
    return {**{name: found[name] for name in names}, "before": before["cost_to_collect"]}


def _forecast(env, look):
    """Return `weeks` in the currency of the first company, and `errors` ({weeks back: share}): of one company alone."""
    weeks = []
    for company in look.companies:
        rate = look.rates.get(company.id, 1.0)
        for number, week in enumerate(forecast.weeks(env, company, look.as_of)):
            if number == len(weeks):
                weeks.append({"start": week["start"], "end": week["end"], **dict.fromkeys(forecast.SOURCES, 0.0)})
            for source in forecast.SOURCES:
                weeks[number][source] += week[source] * rate
    errors = {}
    if len(look.companies) == 1:
        found = forecast.error(env, look.companies, look.as_of)
        errors = {number: one and one["error"] for number, one in found.items()}
    return {"weeks": weeks, "errors": errors}
