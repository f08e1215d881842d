"""What collecting cost: the time of people, the channels, the fees of agencies and lawyers and their other costs.

Time is that of the calls, visits and other work that people logged, by the minutes and the cost of an hour that the
company has set; what a machine logged, an agency wrote or a customer did in the portal takes nobody's time. A channel
costs by its messages. A fixed cost falls to the day of the placement, a cost of a legal file to its own, and a fee by
success to the days on which the money it is for was matched.
"""

from odoo.tools import SQL

from ...tools import costs as formula
from ...tools.receivables import cost_to_collect
from .. import clock, open_items
from . import balances, paying

#: Channels that have a cost of their own, with the setting of the company.
CHANNELS = {
    "email": "recobro_cost_email",
    "sms": "recobro_cost_sms",
    "whatsapp": "recobro_cost_sms",
    "letter": "recobro_cost_letter",
}
#: Results of the log that tell what became of a message, or what a customer looked at: nobody's time.
_NO_WORK = ("queued", "sent", "failed", "bounced", "cancelled", "delivered", "visited", "downloaded", "opted_out")
_MODELS = (
    *("recobro.interaction", "recobro.action", "recobro.case", "recobro.level", "recobro.placement"),
    *("recobro.placement.line", "recobro.legal.cost", "recobro.item"),
)
PARTS = ("time", "channels", "fees", "costs")


def of_period(env, companies, since, as_of):
    """Return what collecting cost some main companies after `since` and until `as_of`, in the currency of the first.

    {"minutes", "time", "channels", "fees", "costs", "total", "messages" ({channel: number}), "stages" ({stage: time and
    channels}), "agencies" ({id of the agency: {"fees", "costs"}}), "collected" (money that came on overdue items),
    "cost_to_collect" (a share, None without money), "is_set" (whether some company has set what an hour or a message
    costs)}. Three statements a company.
    """
    _flush(env)
    found = {
        "minutes": 0.0,
        **dict.fromkeys(PARTS, 0.0),
        "messages": {},
        "stages": {},
        "agencies": {},
        "collected": 0.0,
    }
    found["is_set"] = any(_is_set(company) for company in companies)
    for company in companies:
        rate = company.currency_id._get_conversion_rate(
            company.currency_id, companies[0].currency_id, companies[0], as_of
        )
        for work in _work(env, company, SQL("stage"), _in_period(company, since, as_of)):
            _add_work(found, work, rate)
        for agency, fees, costs in env.execute_query(_placed(env, company, SQL("agency_id"), since, as_of)):
            of_agency = found["agencies"].setdefault(agency, {"fees": 0.0, "costs": 0.0})
            for name, amount in (("fees", fees * rate), ("costs", costs * rate)):
                of_agency[name] += amount
                found[name] += amount
        found["collected"] += _collected(env, company, since, as_of) * rate
    found["total"] = sum(found[name] for name in PARTS)
    return {**found, "cost_to_collect": cost_to_collect([found["total"]], found["collected"])}


def of_cases(env, company, case_ids, as_of):
    """Return {case id: {"minutes", "time", "channels", "fees", "costs", "total"}} of cases of a main company.

    From their beginning until `as_of`. Two statements, whatever the number of cases.
    """
    _flush(env)
    found = {case: {"minutes": 0.0, **dict.fromkeys(PARTS, 0.0)} for case in case_ids}
    only = SQL("AND case_id = ANY(%s) AND day <= %s", list(case_ids), as_of)
    for work in _work(env, company, SQL("case_id"), only):
        of_case = found[work["key"]]
        for name in ("minutes", "time", "channels"):
            of_case[name] += work[name]
    rows = env.execute_query(_placed(env, company, SQL("case_id"), None, as_of))
    for case, fees, costs in rows:
        if case in found:
            found[case]["fees"], found[case]["costs"] = fees, costs
    for of_case in found.values():
        of_case["total"] = sum(of_case[name] for name in PARTS)
    return found


def _flush(env):
    balances.flush(env)
    for model in _MODELS:
        env[model].flush_model()


def _is_set(company):
    return bool(company.recobro_hour_cost or any(company[name] for name in CHANNELS.values()))


def _add_work(found, work, rate):
    """Add a row of `_work` by stage to what a period cost."""
    amount = (work["time"] + work["channels"]) * rate
    found["minutes"] += work["minutes"]
    found["time"] += work["time"] * rate
    found["channels"] += work["channels"] * rate
    found["stages"][work["key"]] = found["stages"].get(work["key"], 0.0) + amount
    for channel, number in work["messages"].items():
        found["messages"][channel] = found["messages"].get(channel, 0) + number


def _in_period(company, since, as_of):
    return SQL("AND day > %s AND day <= %s", since, as_of)


def _work(env, company, key, only):
    """Return the work and the messages of a company as dicts, a row for each `key` and channel; one statement.

    :param only: SQL of a further condition on the columns `day` and `case_id`.
    """
    rows = env.execute_query(
        SQL(
            """
            WITH work AS (%(logged)s UNION ALL %(sent)s)
            SELECT %(key)s AS key, channel, is_message, COUNT(*) FROM work WHERE TRUE %(only)s GROUP BY 1, 2, 3
            """,
            logged=_logged(company),
            sent=_sent(company),
            key=key,
            only=only,
        )
    )
    found = []
    for of, channel, is_message, number in rows:
        minutes = 0.0 if is_message else number * _minutes(company, channel)
        found.append(
            {
                "key": of,
                "minutes": minutes,
                "time": formula.of_time(minutes, company.recobro_hour_cost),
                "channels": number * company[CHANNELS[channel]] if is_message else 0.0,
                "messages": {channel: number} if is_message else {},
            }
        )
    return found


def _minutes(company, channel):
    names = {"call": "recobro_minutes_call", "visit": "recobro_minutes_visit"}
    return company[names.get(channel, "recobro_minutes_other")]


_STAGE = SQL("COALESCE(level.stage, collection.closed_stage, collection.stage, 'internal') AS stage")


def _logged(company):
    """SELECT (day, case_id, stage, channel, is_message): the work that people logged, a row a line."""
    return SQL(
        """
        SELECT (line.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day, line.case_id, %(stage)s, line.channel,
               FALSE AS is_message
          FROM recobro_interaction line
          LEFT JOIN recobro_case collection ON collection.id = line.case_id
          LEFT JOIN recobro_action action ON action.id = line.action_id
          LEFT JOIN recobro_level level ON level.id = action.level_id
         WHERE line.company_id = %(company)s AND line.is_automatic IS NOT TRUE AND line.agency_id IS NULL
           AND line.corrects_id IS NULL AND line.channel != 'portal' AND line.result != ALL(%(no_work)s)
           AND NOT (line.direction = 'in' AND line.channel IN ('email', 'sms', 'whatsapp'))
        """,
        zone=clock.timezone_of(company),
        stage=_STAGE,
        company=company.id,
        no_work=list(_NO_WORK),
    )


def _sent(company):
    """SELECT the same of the messages that went out, a row a message."""
    return SQL(
        """
        SELECT action.day, action.case_id, %(stage)s, action.channel, TRUE
          FROM recobro_action action
          LEFT JOIN recobro_case collection ON collection.id = action.case_id
          LEFT JOIN recobro_level level ON level.id = action.level_id
         WHERE action.company_id = %(company)s AND action.state = 'done' AND action.channel = ANY(%(channels)s)
        """,
        stage=_STAGE,
        company=company.id,
        channels=list(CHANNELS),
    )


def _placed(env, company, key, since, as_of):
    """SELECT (key, fees, costs): what agencies and lawyers cost after `since` (ever when None) and until `as_of`."""
    in_period = SQL("%s <= %s", SQL("day"), as_of) if since is None else SQL("day > %s AND day <= %s", since, as_of)
    return SQL(
        """
        WITH money AS (
            SELECT line.placement_id, part.max_date AS day, SUM(part.amount) AS amount
              FROM recobro_placement_line line
              JOIN recobro_placement placement ON placement.id = line.placement_id
              JOIN recobro_item item ON item.id = line.item_id AND item.res_model = 'account.move.line'
              JOIN account_partial_reconcile part ON part.debit_move_id = item.res_id
              JOIN account_move_line other ON other.id = part.credit_move_id
             WHERE placement.company_id = %(company)s AND part.max_date >= placement.placed_on
               -- Of a part that is nothing in the company's currency no fee has a share
               AND other.journal_id = ANY(%(banks)s) AND part.amount > 0
             GROUP BY 1, 2
        ),
        of_money AS (SELECT money.*, amount / SUM(amount) OVER (PARTITION BY placement_id) AS share FROM money),
        due AS (
            SELECT placement.id, of_money.day, placement.fee * of_money.share AS fee, 0 AS cost
              FROM recobro_placement placement JOIN of_money ON of_money.placement_id = placement.id
             WHERE placement.company_id = %(company)s
             UNION ALL
            SELECT placement.id, COALESCE(placement.ended_on, placement.placed_on), placement.fee, 0
              FROM recobro_placement placement
             WHERE placement.company_id = %(company)s
               AND NOT EXISTS (SELECT FROM of_money WHERE of_money.placement_id = placement.id)
             UNION ALL
            SELECT placement.id, placement.placed_on, 0, placement.fixed_cost
              FROM recobro_placement placement
             WHERE placement.company_id = %(company)s AND placement.placed_on IS NOT NULL
             UNION ALL
            SELECT legal.placement_id, legal.day, 0, legal.amount
              FROM recobro_legal_cost legal WHERE legal.company_id = %(company)s
        )
        SELECT placement.%(key)s, COALESCE(SUM(due.fee), 0)::float, COALESCE(SUM(due.cost), 0)::float
          FROM due JOIN recobro_placement placement ON placement.id = due.id
         WHERE %(in_period)s
         GROUP BY 1
        HAVING COALESCE(SUM(due.fee), 0) != 0 OR COALESCE(SUM(due.cost), 0) != 0
        """,
        company=company.id,
        banks=paying.money_journals(env),
        key=key,
        in_period=in_period,
    )


def _collected(env, company, since, as_of):
    """Return the money that came on items that were overdue that day, after `since` and until `as_of`."""
    [(amount,)] = env.execute_query(
        SQL(
            """
            SELECT COALESCE(SUM(part.amount), 0)::float
              FROM account_partial_reconcile part
              JOIN account_move_line item ON item.id = part.debit_move_id
              JOIN account_move_line money ON money.id = part.credit_move_id
             WHERE part.max_date > %(since)s AND part.max_date <= %(as_of)s AND part.company_id IN %(branches)s
               AND item.account_id = ANY(%(accounts)s) AND part.max_date > COALESCE(item.date_maturity, item.date)
               AND item.journal_id != ALL(%(banks)s) AND money.journal_id = ANY(%(banks)s)
            """,
            since=since,
            as_of=as_of,
            branches=open_items.branches(company),
            accounts=open_items.receivable_accounts(env),
            banks=paying.money_journals(env),
        )
    )
    return amount
