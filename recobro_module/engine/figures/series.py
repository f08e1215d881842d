"""How the balances and key figures went: the ends of months, from what was kept of each day."""

from calendar import monthrange

from odoo.tools import SQL

from ...const import AGEING_BUCKETS
from ...tools import receivables

#: What the held amount is split into, by what holds it; columns of `recobro_snapshot`.
STATES = ("disputed", "promised", "in_plan", "payment_in_hand", "with_agency", "legal", "paused")
_BUCKETS = [key for key, *_rest in AGEING_BUCKETS]
#: Columns that are amounts: those of several companies add up, and one that is not known makes the sum unknown.
_AMOUNTS = (
    *_BUCKETS,
    *("credit", "receivables", "in_credit", "held", *STATES, "sales", "written_off", "amount_judged"),
)
#: Key figures, which are kept for each company and do not add up.
_KEY_FIGURES = ("dso", "best_possible", "days_delinquent", "effectiveness", "days_late")


def series(env, companies, since, as_of):
    """Return what was kept of the ends of months from `since` to `as_of`, and of `as_of` itself, oldest first.

    A list of dicts: `day`, `source` ("rebuilt" when a part of it is), `buckets` (the five amounts of `AGEING_BUCKETS`),
    `open_amount` (their sum less credits), `credit`, `receivables`, `in_credit`, `held`, `states` ({state: amount} or
    None), `sales` and `written_off` (of the month until the day), `dso`, `dso_is_truncated`, `best_possible`,
    `days_delinquent`, `effectiveness` and `days_late`. What is not known, or has no value, is None. Days that are not
    kept are left out. One statement.

    :param companies: main companies. With several, amounts are in the currency of the first at the rates of each day,
        and the key figures are worked out of their sums; a day that one of them lacks is left out.
    """
    env["recobro.snapshot"].flush_model()
    days = _by_day(env.execute_query_dict(_kept(companies, since, as_of)))
    if len(companies) > 1:
        _work_out(days)
    return [_shown(day, row) for day, row in sorted(days.items()) if row["number"] == row["expected"]]


def turnover(rows):
    """Return (how often receivables turned over in a year, in how many days) of the last twelve months of a series.

    Of its last twelve ends of months in a row, with the one before them as the beginning: sales of the months over the
    average of what was owed. None where one of them is not kept, or nothing was sold or owed.

    :param rows: what `series` returned.
    """
    ends = {row["day"]: row for row in rows if row["day"].day == monthrange(row["day"].year, row["day"].month)[1]}
    day, found = max(ends, default=None), []
    while day in ends and len(found) < 13:
        found.append(ends[day])
        day = end_before(day)
    if len(found) < 13 or any(row["receivables"] is None or row["sales"] is None for row in found):
        return None
    average = sum(row["receivables"] for row in found) / len(found)
    return receivables.turnover(sum(row["sales"] for row in found[:-1]), average)


def _kept(companies, since, as_of):
    """SELECT: the rows of the ends of months and of the day, with the rate into the currency of the first company."""
    return SQL(
        """
        SELECT snapshot.*, %(rate)s AS rate, since.number AS expected
          FROM recobro_snapshot snapshot
          JOIN res_company company ON company.id = snapshot.company_id
          CROSS JOIN LATERAL (
               SELECT COUNT(*) AS number
                 FROM (SELECT MIN(day) AS first FROM recobro_snapshot
                        WHERE company_id = ANY(%(companies)s) GROUP BY company_id) known
                WHERE known.first <= snapshot.day
               ) since
         WHERE snapshot.company_id = ANY(%(companies)s) AND snapshot.day BETWEEN %(since)s AND %(as_of)s
           AND (snapshot.day = %(as_of)s OR EXTRACT(DAY FROM snapshot.day + 1) = 1)
         ORDER BY snapshot.day
        """,
        rate=_rate(companies),
        companies=companies.ids,
        since=since,
        as_of=as_of,
    )


def _rate(companies):
    """Return the SQL of the rate from a row's company into the currency of the first, on its day, as Odoo converts."""
    target = companies[:1].currency_id
    if companies.currency_id == target:
        return SQL("1.0::float")

    def rate_of(currency):
        return SQL(
            """
            COALESCE(
                (SELECT rate FROM res_currency_rate WHERE currency_id = %(currency)s AND name <= snapshot.day
                    AND (company_id IS NULL OR company_id = %(root)s) ORDER BY company_id, name DESC LIMIT 1),
                (SELECT rate FROM res_currency_rate WHERE currency_id = %(currency)s
                    AND (company_id IS NULL OR company_id = %(root)s) ORDER BY company_id, name LIMIT 1),
                1.0)::float
            """,
            currency=currency,
            root=companies[:1].root_id.id,
        )

    return SQL("%s / %s", rate_of(SQL("%s", target.id)), rate_of(SQL("company.currency_id")))


def _by_day(rows):
    """Return {day: the rows of the companies on it, put together}, in the order of the days."""
    days = {}
    for row in rows:
        amounts = {name: None if row[name] is None else float(row[name]) * row["rate"] for name in _AMOUNTS}
        # Of a company with nothing to judge no days count, and those of the others do
        late = row["days_late"] if amounts["amount_judged"] else amounts["amount_judged"]
        one = {
            **amounts,
            **{name: None if row[name] is None else float(row[name]) for name in _KEY_FIGURES},
            "dso_is_truncated": bool(row["dso_is_truncated"]),
            "source": row["source"] or "run",
            "weighted": None if late is None else float(late) * amounts["amount_judged"],
            "number": 1,
            "expected": row["expected"],
        }
        days[row["day"]] = _together(days[row["day"]], one) if row["day"] in days else one
    return days


def _together(first, other):
    """Return the rows of two companies as one, without the key figures."""
    return {
        **dict.fromkeys(_KEY_FIGURES),
        **{name: _sum(first[name], other[name]) for name in (*_AMOUNTS, "weighted")},
        "dso_is_truncated": False,
        "source": "rebuilt" if "rebuilt" in (first["source"], other["source"]) else "run",
        "number": first["number"] + other["number"],
        "expected": first["expected"],
    }


def _sum(one, other):
    return None if one is None or other is None else one + other


def _work_out(days):
    """Work the key figures of several companies out of their sums, as far back as the months are kept without a gap."""
    for day, row in days.items():
        if row["receivables"] is None or row["number"] != row["expected"]:
            continue
        months = _months(days, day)
        not_due = min(row["not_due"], row["receivables"])
        dso = receivables.dso_countback(row["receivables"], months)
        best = receivables.dso_countback(not_due, months)
        row["dso"], row["best_possible"] = dso and dso.days, best and best.days
        row["dso_is_truncated"] = bool(dso and dso.is_truncated)
        row["days_delinquent"] = receivables.average_days_delinquent(row["dso"], row["best_possible"])
        before = days.get(end_before(day))
        if before and before["receivables"] is not None and row["sales"] is not None:
            row["effectiveness"] = receivables.collection_effectiveness(
                before["receivables"],
                row["sales"],
                row["receivables"],
                not_due,
                1,
                written_off=row["written_off"] or 0.0,
            )
        is_judged = row["weighted"] is not None and row["amount_judged"]
        row["days_late"] = row["weighted"] / row["amount_judged"] if is_judged else None


def _months(days, day):
    """Return [(days, sales)] of the month until `day` and of those before it, as far back as each is kept."""
    found = []
    while day in days and days[day]["sales"] is not None:
        found.append((day.day, days[day]["sales"]))
        day = end_before(day)
    return found


def end_before(day):
    """Return the last day of the month before.

    >>> from datetime import date
    >>> end_before(date(2026, 3, 31)), end_before(date(2026, 1, 5))
    (datetime.date(2026, 2, 28), datetime.date(2025, 12, 31))
    """
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return day.replace(year=year, month=month, day=monthrange(year, month)[1])


def _shown(day, row):
    """Return one entry of the list."""
    states = {name: row[name] for name in STATES}
    names = ("source", "credit", "receivables", "in_credit", "held", "sales", "written_off", "dso_is_truncated")
    return {
        "day": day,
        "buckets": [row[key] for key in _BUCKETS],
        "open_amount": sum(row[key] for key in _BUCKETS) - row["credit"],
        "states": None if None in states.values() else states,
        **{name: row[name] for name in (*names, *_KEY_FIGURES)},
    }
