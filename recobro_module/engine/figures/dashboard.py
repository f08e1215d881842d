"""What the dashboard shows, as one dictionary of plain values: figures, their change, and nothing of how they look.

Of the present, the figures are those that the daily job kept last (`series`), and what stands in collections' own
tables; of another day that was not kept they are worked out from the books, on demand. What is not known is None.
"""

from datetime import date, timedelta

from odoo.tools import SQL

from ...tools import receivables
from .. import clock, open_items
from . import ageing_of, agency_results, concentration, control, dispute_figures, exposure, promises_kept
from . import scope as scopes
from . import series as kept_series

#: Months that are shown one by one.
_MONTHS_SHOWN = 12
#: Days for which what the job kept last is the present: a weekend and a holiday. After that the books are asked.
_FRESH_DAYS = 4
#: A day before it is a slip of the pen: no books are of it, and the months before the first year have no dates.
_FIRST_YEAR = 1990
#: Key figures that are kept of each day.
_KEPT = ("dso", "best_possible", "days_delinquent", "days_late")


def read(env, companies, as_of=None, months=1, segment=None, owner=None):
    """Return what the dashboard shows of some main companies (in sudo).

    :param as_of: a day; None is the present, as the daily job kept it last.
    :param months: of the period that ends on the day.
    :param segment: id of a grade, 0 for customers without one; None for all.
    :param owner: id of a user; None for all.
    """
    today = clock.today(env, companies[:1])
    day = min(as_of or today, today)
    if as_of is None:
        kept = _last_kept(env, companies)
        day = kept if kept and today - timedelta(days=_FRESH_DAYS) <= kept <= today else today
    look = scopes.of(env, companies, day, months, is_today=as_of in (None, today), grade=segment, owner=owner)
    trend = kept_series.series(env, companies, _first_shown(look), day)
    trend = [row for row in trend if row["receivables"] is not None]
    known = {row["day"]: row for row in trend}
    key = _from_kept(look, known) if day in known else _from_books(env, look)
    key["turnover"] = _turnover(trend, look)
    ageing = _ageing(env, look, key, known)
    return {
        "as_of": day,
        "today": today,
        "is_today": look.is_today,
        "is_kept": day in known,
        "since": look.since,
        "currency_id": companies[:1].currency_id.id,
        "months": months,
        "is_filtered": look.is_filtered,
        "is_empty": not trend and _is_empty(env, companies),
        "has_run": bool(trend),
        "trend": _trend(trend, look),
        "key": _changes(key, look, known),
        "ageing": ageing,
        "roll_rates": _roll_rates(env, look, key, known),
        **_answers(env, look, ageing, is_kept=look.as_of in known),
    }


def _answers(env, look, ageing, is_kept):
    """Return what is read from collections' own tables."""
    at = clock.moment(env)
    risks = exposure.at_risk(env, look, ageing["buckets"][-1], at) if look.is_today else None
    return {
        "exposure": risks and {"risks": risks, "total": sum(risks.values()), "open": sum(ageing["buckets"])},
        "promises": promises_kept.read(env, look),
        "disputes": dispute_figures.read(env, look, at),
        "agencies": agency_results.read(env, look),
        "debtors": concentration.read(env, look, is_kept and look.is_today),
    }


# -----------------------------------------------------------------------------
# KEPT, OR FROM THE BOOKS
# -----------------------------------------------------------------------------


def _last_kept(env, companies):
    """Return the last day of which the key figures of all these companies are kept, None when one has none."""
    env["recobro.snapshot"].flush_model()
    [(number, day)] = env.execute_query(
        SQL(
            """
            SELECT COUNT(*), MIN(last) FROM (
                SELECT MAX(day) AS last FROM recobro_snapshot
                 WHERE company_id = ANY(%s) AND receivables IS NOT NULL GROUP BY company_id
            ) known
            """,
            companies.ids,
        )
    )
    return day if number == len(companies) else None


def _is_empty(env, companies):
    """Return whether nothing was ever invoiced."""
    branches = tuple(branch for company in companies for branch in open_items.branches(company))
    query = SQL(
        "SELECT EXISTS (SELECT FROM account_move_line line WHERE line.account_id = ANY(%s)"
        " AND line.parent_state = 'posted' AND line.company_id IN %s)",
        open_items.receivable_accounts(env),
        branches,
    )
    [(there,)] = env.execute_query(query)
    return not there


def _first_shown(look):
    """Return the first day of which something is needed: of what is shown, and of the period before."""
    return min(scopes.begin_of_period(look.as_of, 2 * _MONTHS_SHOWN + 1), look.before)


def _from_kept(look, known):
    row = known[look.as_of]
    return {
        **{name: row[name] for name in _KEPT},
        "is_truncated": row["dso_is_truncated"],
        "effectiveness": _effectiveness(known, look.as_of, look.months),
        "buckets": row["buckets"],
        "credit": row["credit"],
        "receivables": row["receivables"],
        "roll_rates": None,
    }


def _from_books(env, look):
    found = control.figures(env, look.companies, look.as_of, look.months)
    return {
        "dso": found.countback and found.countback.days,
        "best_possible": found.best_possible and found.best_possible.days,
        "days_delinquent": found.days_delinquent,
        "days_late": found.days_late,
        "is_truncated": bool(found.countback and found.countback.is_truncated),
        "effectiveness": found.effectiveness,
        "buckets": list(found.now.buckets),
        "credit": found.now.credits,
        "receivables": found.now.receivables,
        "roll_rates": found.roll_rates,
    }


def _effectiveness(known, day, months):
    """Return the collection effectiveness of the months that end on `day`, from what was kept of each; else None."""
    begin = scopes.begin_of_period(day, months)
    ends = [day]
    for _month in range(months - 1):
        ends.append(scopes.begin_of_period(ends[-1], 1))
    rows = [known.get(end) for end in ends]
    if begin not in known or None in rows or any(row["sales"] is None for row in rows):
        return None
    end = known[day]
    return receivables.collection_effectiveness(
        known[begin]["receivables"],
        sum(row["sales"] for row in rows),
        end["receivables"],
        min(end["buckets"][0], end["receivables"]),
        months,
        written_off=sum(row["written_off"] or 0.0 for row in rows),
    )


def _turnover(trend, look):
    """Return {"now", "before", "days"} of how often receivables turned over in the twelve months that are over.

    `before` is that of the same twelve months so many months earlier, as the period has.
    """
    end = look.as_of + timedelta(days=1)
    end = look.as_of if end.day == 1 else scopes.begin_of_period(look.as_of, 1)
    days = {row["day"] for row in trend}
    now, before = (
        kept_series.turnover([row for row in trend if row["day"] <= until]) if until in days else None
        for until in (end, scopes.begin_of_period(end, look.months))
    )
    return {"now": now and now[0], "days": now and now[1], "before": before and before[0]}


def _changes(key, look, known):
    """Return {figure: {"now", "before"}}: what it is, and what it was at the end of the period before."""
    before = known.get(look.since, {})
    changes = {name: {"now": key[name], "before": before.get(name)} for name in _KEPT}
    changes["dso"]["is_truncated"] = key["is_truncated"]
    changes["effectiveness"] = {
        "now": key["effectiveness"],
        "before": _effectiveness(known, look.since, look.months) if before else None,
    }
    changes["receivables"] = {"now": key["receivables"], "before": before.get("receivables")}
    changes["turnover"] = key["turnover"]
    return changes


# -----------------------------------------------------------------------------
# BY AGE
# -----------------------------------------------------------------------------


def _ageing(env, look, key, known):
    """Return what is open by age now, and how much of it is over 60 days, with the same of before."""
    if look.is_filtered:
        buckets, credit = ageing_of.read(env, look)
        before = None
    else:
        buckets, credit = key["buckets"], key["credit"]
        before = known.get(look.since, {}).get("buckets")
    return {
        "buckets": buckets,
        "credit": credit,
        "before": before,
        "over_60": {"now": _over_60(buckets), "before": before and _over_60(before)},
        "overdue": {"now": sum(buckets[1:]), "before": before and sum(before[1:])},
    }


def _over_60(buckets):
    total = sum(buckets)
    return sum(buckets[3:]) / total if total else None


def _roll_rates(env, look, key, known):
    """Return what rolled of each bucket into the next since a month before: `rates`, `before`, `now`, `since`."""
    since = control.month_before(look.as_of)
    if key["roll_rates"] is not None:
        return {"since": since, "rates": key["roll_rates"], "before": None, "now": key["buckets"]}
    row = known.get(since) or next(iter(kept_series.series(env, look.companies, since, since)), None)
    if row is None:
        return None
    before = row["buckets"]
    return {
        "since": since,
        "rates": receivables.roll_rates(before, key["buckets"]),
        "before": before,
        "now": key["buckets"],
    }


def _trend(trend, look):
    """Return the rows of the months that are shown."""
    shown = scopes.begin_of_period(look.as_of, max(look.months, _MONTHS_SHOWN))
    names = ("day", "buckets", "source", *_KEPT, "dso_is_truncated", "effectiveness")
    return [{name: row[name] for name in names} for row in trend if row["day"] >= shown]


def choices(env, companies):
    """Return what the dashboard can be filtered by: `segments` and `owners`, pairs (id, name). Two statements."""
    scopes.flush(env, "recobro.grade", "res.users", "res.partner")
    segments = env.execute_query(
        SQL(
            "SELECT id, name FROM recobro_grade WHERE active AND (company_id IS NULL OR company_id = ANY(%s))"
            " ORDER BY sequence, id",
            companies.ids,
        )
    )
    owners = env.execute_query(
        SQL(
            """
            SELECT owner.id, partner.name FROM res_users owner JOIN res_partner partner ON partner.id = owner.partner_id
             WHERE owner.id IN (
                   SELECT user_id FROM recobro_case WHERE state = 'open' AND company_id = ANY(%s)
                   )
             ORDER BY lower(partner.name), owner.id
            """,
            companies.ids,
        )
    )
    return {"segments": segments, "owners": owners}


def day_of(value):
    """Return the day that a client gave, None for the present, for what is no day and for one that no books are of.

    >>> day_of("2026-03-31"), day_of(False), day_of("yesterday"), day_of("0000-00-00"), day_of(5)
    (datetime.date(2026, 3, 31), None, None, None, None)
    >>> day_of("0001-01-05") is None
    True
    """
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return day if day.year >= _FIRST_YEAR else None
