"""The records behind each figure of the dashboard: actions for the client, of what the user may read."""

from datetime import timedelta

from odoo.tools import SQL

from ...const import AGEING_BUCKETS
from .. import clock
from . import exposure, scope

_BUCKETS = {key: (first, last) for key, _label, first, last in AGEING_BUCKETS}


def links(env, companies, data, chosen):
    """Return {name: action} of the records behind the figures that `dashboard.read` returned.

    What the user may not open has no link, nor has what was so on a past day and is known of the present alone.

    :param companies: the main companies whose figures they are.
    :param chosen: the filters.
    """
    found = {**_of_items(env, companies, data, chosen), **_of_answers(env, companies, data, chosen)}
    if data["is_today"]:
        found.update(_of_risks(env, companies, chosen))
    return {name: action for name, action in found.items() if env[action["res_model"]].has_access("read")}


def _action(name, model, domain, **context):
    return {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": model,
        "views": [[False, "list"], [False, "form"]],
        "domain": domain,
        "context": context,
    }


# -----------------------------------------------------------------------------
# JOURNAL ITEMS
# -----------------------------------------------------------------------------


def _of_items(env, companies, data, chosen):
    """Return the links to what is open, by age, and to what was sold and paid in the period."""
    found = {}
    chosen = chosen if data["is_today"] else {**chosen, "customers": _of_customers(env, companies, data, chosen)}
    for bucket in _BUCKETS:
        name = dict(env["recobro.open.item"]._fields["bucket"]._description_selection(env))[bucket]
        found[f"bucket_{bucket}"] = _items(env, companies, data, chosen, [bucket], name)
    found["over_60"] = _items(env, companies, data, chosen, list(_BUCKETS)[3:], env._("Over 60 days late"))
    found["open"] = _items(env, companies, data, chosen, None, env._("Open items"))
    found["kept"] = _action(env._("Balances of each day"), "recobro.snapshot", [("company_id", "in", companies.ids)])
    if not data["is_filtered"]:
        found["period"] = _action(
            env._("Receivables of the period"),
            "account.move.line",
            [*_receivable(companies), ("date", ">", data["since"]), ("date", "<=", data["as_of"])],
        )
    return found


def _receivable(companies):
    return [
        ("account_id.account_type", "=", "asset_receivable"),
        ("parent_state", "=", "posted"),
        ("company_id", "child_of", companies.ids),
    ]


def _items(env, companies, data, chosen, buckets, name):
    """Return the action of what is open of some neighbouring buckets: our own list of today, else the journal items."""
    if data["is_today"]:
        domain = [("company_id", "child_of", companies.ids), *_of_cases(chosen, "case_id.", "user_id")]
        if buckets:
            domain.append(("bucket", "in", buckets))
        return _action(name, "recobro.open.item", domain)
    day = data["as_of"]
    domain = [
        *_receivable(companies),
        *chosen["customers"],
        ("date", "<=", day),
        *("|", "|", ("reconciled", "=", False)),
        *(("matched_credit_ids.max_date", ">", day), ("matched_debit_ids.max_date", ">", day)),
    ]
    if buckets:
        first, last = _BUCKETS[buckets[0]][0], _BUCKETS[buckets[-1]][1]
        domain += [("debit", ">", 0)]
        domain += [("date_maturity", "<=", day - timedelta(days=first))] if first is not None else []
        domain += [("date_maturity", ">=", day - timedelta(days=last))] if last is not None else []
    return _action(name, "account.move.line", domain)


def _of_customers(env, companies, data, chosen):
    """Return the domain of the journal items of the customers that are chosen: those of the figures, of each company.

    Journal items know neither grade nor owner, so it names the customers, as many as there are.
    """
    look = scope.Scope(companies, data["as_of"], grade=chosen["segment"], owner=chosen["owner"])
    if not look.is_filtered:
        return []
    scope.flush(env)
    # Who has no grade may be known of nothing but the books: there those who have one are left out
    is_all_but = chosen["segment"] == 0 and chosen["owner"] is None
    condition = look.customers(SQL("known.partner_id"))
    found = dict(
        env.execute_query(
            SQL(
                """
                SELECT scope.company_id, array_agg(known.partner_id)
                  FROM (SELECT company_id, partner_id FROM recobro_customer_figure
                         UNION SELECT company_id, partner_id FROM recobro_case) known
                  JOIN %s ON scope.company_id = known.company_id
                 WHERE %s
                 GROUP BY scope.company_id
                """,
                look.rows,
                SQL("NOT (%s)", condition) if is_all_but else condition,
            )
        )
    )
    operator = "not in" if is_all_but else "in"
    domain = ["|"] * (len(companies) - 1)
    for company in companies:
        ids = found.get(company.id, [])
        domain += ["&", ("company_id", "child_of", company.id), ("partner_id.commercial_partner_id", operator, ids)]
    return domain


# -----------------------------------------------------------------------------
# ANSWERS
# -----------------------------------------------------------------------------


def _of_cases(chosen, path, owner=None):
    """Return the domain of the filters, by way of the case."""
    domain = []
    if chosen["segment"] is not None:
        domain.append((f"{path}grade_id", "=", chosen["segment"] or False))
    if chosen["owner"] is not None:
        domain.append((owner or f"{path}user_id", "=", chosen["owner"]))
    return domain


def _of_answers(env, companies, data, chosen):
    """Return the links to promises, disputes and placements of the period."""
    ours = [("company_id", "in", companies.ids), *_of_cases(chosen, "case_id.")]

    def within(name):
        return [(name, ">", data["since"]), (name, "<=", data["as_of"])]

    is_open = ("kind", "!=", "final")
    found = {
        "promises": _action(env._("Promises judged"), "recobro.promise", [*ours, *within("verdict_date")]),
        "disputes_closed": _action(env._("Disputes closed"), "recobro.dispute", [*ours, *within("closed_on")]),
        "placements": _action(
            env._("With agencies and lawyers"),
            "recobro.placement",
            [
                *ours,
                ("placed_on", "<=", data["as_of"]),
                *("|", ("ended_on", "=", False), ("ended_on", ">", data["since"])),
            ],
        ),
        "customers": _action(env._("Customers"), "recobro.customer.figure", [("company_id", "in", companies.ids)]),
        "rates": _action(env._("Chance of recovery"), "recobro.recovery.rate", [("company_id", "in", companies.ids)]),
    }
    if data["is_today"]:
        found["promises_open"] = _action(env._("Open promises"), "recobro.promise", [*ours, ("state", "=", "open")])
        found["disputes"] = _action(env._("Open disputes"), "recobro.dispute", [*ours, is_open])
    return found


def _of_risks(env, companies, chosen):
    """Return the links to what is at risk, by why."""
    ours = ("company_id", "in", companies.ids)
    mine = [ours, *_of_cases(chosen, "case_id.")]
    names = {
        "legal": env._("Cases before or with a lawyer"),
        "dispute": env._("Disputes past their SLA"),
        "promise": env._("Broken promises"),
        "plan": env._("Payment plans in default"),
    }
    late = [("id", "in", _late_disputes(env, companies))]
    return {
        "risk_d90_plus": _action(
            env._("Over 90 days late"),
            "recobro.open.item",
            [
                ("company_id", "child_of", companies.ids),
                ("bucket", "=", exposure.RISKS[0]),
                *_of_cases(chosen, "case_id.", "user_id"),
            ],
        ),
        "risk_legal": _action(
            names["legal"],
            "recobro.case",
            [ours, ("state", "=", "open"), ("stage", "in", ("pre_legal", "legal")), *_of_cases(chosen, "")],
        ),
        "risk_dispute": _action(names["dispute"], "recobro.dispute", [*mine, *late]),
        "risk_promise": _action(names["promise"], "recobro.promise", [*mine, ("state", "=", "broken")]),
        "risk_plan": _action(
            names["plan"],
            "recobro.payment.plan",
            [*mine, "|", ("state", "=", "broken"), "&", ("state", "=", "active"), ("missed_count", ">", 0)],
        ),
    }


def _late_disputes(env, companies):
    """Return the ids of the open disputes past their SLA, those that wait and were so before among them.

    No domain can say it of the latter, for it compares two columns; they are few.
    """
    env["recobro.dispute"].flush_model()
    rows = env.execute_query(
        SQL(
            "SELECT id FROM recobro_dispute dispute WHERE kind != 'final' AND company_id = ANY(%s) AND %s ORDER BY id",
            companies.ids,
            exposure.past_sla(SQL("dispute"), clock.moment(env)),
        )
    )
    return [dispute for (dispute,) in rows]
