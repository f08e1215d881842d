"""Who is told of promises that were not kept: the owner of the customer's case, once, for as long as it is true.

One activity a case: what is not kept later is added to the words of the one that still waits.
"""

from odoo.tools import format_date, formatLang

from . import alerts, verdicts

#: States of a promise that the owner is told of.
_NOT_KEPT = ("partly_kept", "broken")
_ALERT = "recobro_module.activity_type_promise"


def tell(env, company, as_of, rows, changed):
    """Tell the owners of the cases which promises were not kept, and no more of those that were kept after all.

    :param rows: the promises of the customers, as `promises.settle` judged them; `changed`: those with a new state.
    """
    broken = [row for row in changed if row["target"] in _NOT_KEPT]
    mended = [row for row in changed if row["state"] in _NOT_KEPT and row["target"] not in _NOT_KEPT]
    if not broken and not mended:
        return
    cases = _cases(env, company, broken + mended)
    told = _take_back(env, {cases[row["partner_id"]] for row in mended if row["partner_id"] in cases})
    news = _news(rows, {row["id"] for row in broken}, cases, told)
    credit = _unallocated(env, company, as_of, [case.partner_id.id for case in news])
    # The owners see it in their activities: a mail for each would take statements for each
    told_on = env["recobro.case"].sudo().with_context(mail_activity_quick_update=True).union(*news)
    told_on.mapped("display_name")  # read in one go: each activity reads the name of its case alone
    alerts.alert(
        told_on,
        _ALERT,
        lambda env, case: _words(env, news[case], company.currency_id, credit.get(case.partner_id.id, 0.0)),
        deadline=as_of,
        is_further=True,
    )


def _news(rows, broken, cases, told):
    """Return {case: rows that its owner is to be told of}: the new ones, and what an alert taken back was about too."""
    news = {}
    for row in rows:
        case = cases.get(row["partner_id"])
        if not case or row["target"] not in _NOT_KEPT:
            continue
        if row["id"] in broken or (case in told and row["verdict_date"] >= told[case]):
            news.setdefault(case, []).append(row)
    return news


def _cases(env, company, rows):
    """Return {customer id: the case on which its owner is told}: the open one, else that of the promise."""
    cases = env["recobro.case"].sudo()
    found = {row["partner_id"]: cases.browse(row["case_id"]) for row in rows if row["case_id"]}
    customers = [row["partner_id"] for row in rows]
    for case in cases.search(
        [("company_id", "=", company.id), ("partner_id", "in", customers), ("state", "=", "open")]
    ):
        found[case.partner_id.id] = case
    return found


def _take_back(env, cases):
    """Take the alerts away from some cases, and return {case: the day of the one it had}."""
    cases = env["recobro.case"].sudo().union(*cases)
    known = cases.activity_search([_ALERT])
    told = {cases.browse(activity.res_id): activity.date_deadline for activity in known}
    known.unlink()
    return told


def _unallocated(env, company, as_of, customers):
    """Return {customer id: money received and not matched yet, in company currency}."""
    return {row["partner_id"]: row["credit"] for row in verdicts.judge(env, company, as_of, customers)}


def _words(env, rows, currency, credit):
    """Return what the owner is told of promises that were not kept."""
    sentences = []
    for row in rows:
        values = {
            "amount": formatLang(env, row["amount"], currency_obj=row["currency"]),
            "day": format_date(env, row["date"]),
            "received": formatLang(env, row["received"], currency_obj=row["currency"]),
        }
        sentences.append(
            env._("Of %(amount)s promised for %(day)s only %(received)s was received.", **values)
            if row["target"] == "partly_kept"
            else env._("Of %(amount)s promised for %(day)s nothing was received.", **values)
        )
    if not currency.is_zero(credit):
        sentences.append(
            env._(
                "%(credit)s of the customer's money is not matched with any invoice: look there before you call.",
                credit=formatLang(env, credit, currency_obj=currency),
            )
        )
    return " ".join(sentences)
