"""What a person sees who decides on a rise above our own collecting: why, what was tried and answered, what it costs.

Read for all actions at once: the number of statements does not depend on how many are decided together.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta

from odoo.tools import SQL

from .. import verdicts
from . import formal_letter, rises, selection, selection_words

#: Lines of the log that are shown, the last ones.
_LAST_LINES = 5
#: Placements of an agency that ended in the last two years, below which nothing is said of what it usually recovers.
_FEW_PLACEMENTS, _HISTORY_DAYS = 3, 730


@dataclass
class Cost:
    """What an agency or a lawyer would cost if all was collected, in company currency; and what it usually recovers."""

    amount: float
    fee: float
    fixed: float
    rates: list
    usual: float | None = None

    @property
    def net(self):
        """Return what comes back when all is collected."""
        return self.amount - self.fee - self.fixed

    @property
    def usual_net(self):
        """Return what comes back when as much is collected as usually."""
        return (self.amount - self.fee) * self.usual - self.fixed


@dataclass
class Decision:
    """One action that waits, and all that speaks for it and against it."""

    action: object
    rows: list = field(default_factory=list)
    amount: float = 0.0
    days: int = 0
    tried: list = field(default_factory=list)
    last_lines: object = None
    disputes: object = None
    promises: object = None
    broken: int = 0
    plans: object = None
    agency: object = None
    cost: Cost | None = None
    letter: object = None
    facts: dict | None = None
    held: str = ""

    @property
    def blocked(self):
        """Return why it can't be approved now, in words; empty when it can."""
        return self.held or rises.nobody_chosen(self.action, self.agency)

    @property
    def story(self):
        """Return what became of the formal letter before it, in words."""
        return formal_letter.story(self.action.env, self.letter) if self.letter else ""

    @property
    def selection(self):
        """Return how the customer stands today to the rule of the level, in words; empty where it has none."""
        if not self.facts:
            return ""
        return selection_words.standing(self.action.env, self.facts, self.action.currency_id)


def decisions(actions, as_of):
    """Return a `Decision` for each of some actions of one company, in sudo: the right to read them is the caller's."""
    actions = actions.sudo()
    found = {action: Decision(action) for action in actions}
    if not found:
        return []
    tried, last = _tried(actions), _last_lines(actions)
    answers = _answers(actions)
    known = usual(actions.agency_id, as_of)
    rows = verdicts.judge(actions.env, actions.company_id, as_of, actions.partner_id.ids)
    judged = {row["item_id"]: row for row in rows if row["item_id"]}
    held = rises.held(actions, as_of)
    letters = _letters(actions, as_of)
    for action, one in found.items():
        one.rows = _standing(action, judged)
        one.amount = action.currency_id.round(sum(float(row["chased_company"]) for row in one.rows))
        one.days = max((row["days_past_due"] for row in one.rows), default=0)
        one.tried = tried.get(action.case_id.id, [])
        one.last_lines = last.get(action.case_id.id)
        one.disputes, one.promises, one.plans = (of.get(action.partner_id.id) for of in answers)
        one.broken = action.case_id.broken_promise_count
        one.agency = action.agency_id
        one.cost = cost_of(action.agency_id, action.case_id.stage, _parts(one.rows), known.get(action.agency_id.id))
        one.letter = letters.get(action)
        one.held = held.get(action, "")
    facts = _selection(found.values(), actions, as_of)
    for action, one in found.items():
        one.facts = facts.get((action.partner_id.id, action.level_id.id))
    return list(found.values())


def with_agency(one, agency, as_of):
    """Return the `Decision` with the cost of an agency (in sudo) that is only being thought of; nothing is written."""
    known = usual(agency, as_of).get(agency.id)
    cost = cost_of(agency, one.action.case_id.stage, _parts(one.rows), known)
    return replace(one, agency=agency, cost=cost)


def _standing(action, judged):
    """Return the verdicts of today on what an action asks for: without what was paid, disputed or promised since."""
    lines = action.line_ids.filtered(lambda line: line.state in ("planned", "to_approve"))
    rows = [judged[line.item_id.id] for line in lines if line.item_id.id in judged]
    return [row for row in rows if not row["reason"]]


def _parts(rows):
    """Return [(days past due, amount in company currency)] of some verdicts."""
    return [(row["days_past_due"], float(row["chased_company"])) for row in rows]


def cost_of(agency, stage, parts, usual_rate=None):
    """Return the `Cost` of handing something over; None when nobody is chosen.

    :param parts: [(days past due, amount in company currency)].
    """
    if not agency:
        return None
    currency = agency.currency_id
    rated = [(agency._rate(days, stage), amount) for days, amount in parts]
    return Cost(
        amount=currency.round(sum(amount for _days, amount in parts)),
        fee=currency.round(sum(currency.round(amount * rate) for rate, amount in rated)),
        fixed=agency.fixed_cost,
        rates=sorted({rate for rate, _amount in rated}),
        usual=usual_rate,
    )


# -----------------------------------------------------------------------------
# WHAT WAS TRIED AND ANSWERED
# -----------------------------------------------------------------------------


def _tried(actions):
    """Return {case id: [(channel, how often)]} of what went out to the customers, the most used first."""
    groups = actions.env["recobro.interaction"]._read_group(
        [
            ("case_id", "in", actions.case_id.ids),
            ("direction", "=", "out"),
            ("channel", "!=", "note"),
            # That a letter has arrived is no further letter
            ("result", "not in", ("queued", "cancelled", "delivered")),
        ],
        ["case_id", "channel"],
        ["__count"],
    )
    found = defaultdict(list)
    for case, channel, number in groups:
        found[case.id].append((channel, number))
    return {case: sorted(channels, key=lambda one: -one[1]) for case, channels in found.items()}


def _last_lines(actions):
    """Return {case id: the last lines of its log}."""
    env = actions.env
    rows = env.execute_query(
        SQL(
            """
            SELECT id FROM (
                SELECT id, row_number() OVER (PARTITION BY case_id ORDER BY date DESC, id DESC) AS place
                  FROM recobro_interaction
                 WHERE case_id = ANY(%s) AND result != 'queued'
            ) line WHERE place <= %s
            """,
            actions.case_id.ids,
            _LAST_LINES,
        )
    )
    lines = env["recobro.interaction"].browse([line for (line,) in rows]).sorted(lambda line: (line.date, line.id))
    return lines[::-1].grouped(lambda line: line.case_id.id)


def _selection(found, actions, as_of):
    """Return {(customer id, level id): facts} by which the levels of some decisions select, on the amounts of today."""
    rows = [
        (one.action.partner_id.id, one.action.level_id.id, days, amount)
        for one in found
        for days, amount in _parts(one.rows)
    ]
    return selection.of_rows(actions.env, actions.company_id, as_of, actions.level_id, rows)


def _letters(actions, as_of):
    """Return {action: the last formal `Letter` among its items, proved and past its days} of legal steps."""
    legal = actions.filtered(lambda action: action.stage == "legal")
    found = formal_letter.of_items(actions.env, actions.company_id, as_of, legal.line_ids.item_id.ids)
    passed = {
        action: [found[item] for item in action.line_ids.item_id.ids if item in found and not found[item].wait]
        for action in legal
    }
    return {action: max(letters, key=lambda one: one.free_on) for action, letters in passed.items() if letters}


def _answers(actions):
    """Return ({customer id: open disputes}, {…: open promises}, {…: plans in force or on offer}), a search each."""
    env = actions.env

    def of_customers(model, *conditions):
        domain = [
            ("company_id", "=", actions.company_id.id),
            ("partner_id", "in", actions.partner_id.ids),
            *conditions,
        ]
        return env[model].search(domain).grouped(lambda answer: answer.partner_id.id)

    return (
        of_customers("recobro.dispute", ("kind", "!=", "final")),
        of_customers("recobro.promise", ("state", "=", "open")),
        of_customers("recobro.payment.plan", ("state", "in", ("proposed", "active"))),
    )


def usual(agencies, as_of):
    """Return {agency id: share it has recovered lately} of those with enough placements to tell."""
    groups = agencies.env["recobro.placement"]._read_group(
        [
            ("agency_id", "in", agencies.ids),
            ("state", "in", ("finished", "returned", "recalled")),
            ("ended_on", ">=", as_of - timedelta(days=_HISTORY_DAYS)),
        ],
        ["agency_id"],
        ["__count", "amount:sum", "amount_collected:sum"],
    )
    return {
        agency.id: collected / amount
        for agency, number, amount, collected in groups
        if number >= _FEW_PLACEMENTS and amount
    }
