"""The table of an account in words: a sheet a currency, what is asked for and what is set apart, row by row."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One line of the account, ready to show. `tone` is late, today, coming, covered or apart.

    `line` is its line of the statement; `value` the amount as a number, `running` the sum of the amounts down to this
    row; `reason` is what keeps a row apart.
    """

    line: object
    move_id: int
    is_invoice: bool
    is_marked: bool
    name: str
    details: list
    due: str
    timing: str
    tone: str
    amount: str
    note: str
    value: float = 0.0
    running: str = ""
    reason: str = ""


@dataclass
class Sheet:
    """The account in one currency: what is asked for, what is set apart, and how it adds up."""

    currency_name: str
    rows: list = field(default_factory=list)
    apart: list = field(default_factory=list)
    total: str = ""
    credit: str = ""
    balance: str = ""
    overdue: str = ""
    apart_total: str = ""


def sheet_of(letter, table, marks):
    """Return the `Sheet` of a table of the statement.

    :param letter: the `engine.letter.Letter` that gives words and amounts in the reader's language.
    :param marks: whether the rows that the message is about are marked.
    """
    currency = table.currency
    sheet = Sheet(currency.name)
    running = 0.0
    for line in table.lines:
        if line.open > line.held:
            running += line.open - line.held
            sheet.rows.append(_row(letter, line, currency, marks, running))
        sheet.apart += [_row_apart(letter, line, held, currency) for held in line.holds]
    sheet.total = letter.amount(table.open - table.held, currency)
    sheet.balance = letter.amount(table.chased, currency)
    if table.credit > 0:
        sheet.credit = "−" + letter.amount(table.credit, currency)
    if table.overdue:
        sheet.overdue = letter.amount(table.overdue, currency)
    if table.held:
        sheet.apart_total = letter.amount(table.held, currency)
    return sheet


def _row(letter, line, currency, marks, running):
    covered = line.chased <= 0
    note = ""
    if line.held:
        note = letter.env._("of %(amount)s", amount=letter.amount(line.open, currency))
    return Row(
        **_row_base(letter, line),
        is_marked=marks and line.climbs and not covered,
        timing=letter.env._("already covered") if covered else letter.timing(line),
        tone="covered" if covered else _tone(line),
        amount=letter.amount(line.open - line.held, currency),
        note=note,
        value=currency.round(line.open - line.held),
        running=letter.amount(running, currency),
    )


def _row_apart(letter, line, held, currency):
    return Row(
        **_row_base(letter, line),
        is_marked=False,
        timing=_hold_reason(letter, held),
        tone="apart",
        amount=letter.amount(held.amount, currency),
        note="",
        value=currency.round(held.amount),
        reason=held.reason,
    )


def _row_base(letter, line):
    env = letter.env
    details = []
    if line.reference:
        details.append(env._("Your ref.: %(reference)s", reference=line.reference))
    if line.instalment_count > 1:
        details.append(env._("Instalment %(number)s of %(count)s", number=line.instalment, count=line.instalment_count))
    return {
        "line": line,
        "move_id": line.move_id,
        "is_invoice": letter.is_invoice(line),
        "name": env._("Payment plan %(name)s", name=line.name) if line.is_instalment else line.name,
        "details": details,
        "due": letter.date(line.due_date),
    }


def _tone(line):
    if line.is_overdue:
        return "late"
    return "coming" if line.days_past_due else "today"


def _hold_reason(letter, held):
    """Return what keeps an amount from being asked for, in words meant for the customer."""
    env = letter.env
    if held.reason == "dispute" and held.reference:
        return env._("%(reference)s: we are looking into it with you", reference=held.reference)
    if held.reason == "plan" and not held.reference:
        return env._("in the payment plan that we have offered you")
    if held.reason == "placement" and held.reference:
        return env._("with %(agency)s, who collects it for us", agency=held.reference)
    if held.expected and held.reason == "promise":
        return env._("you told us you will pay on %(date)s", date=letter.date(held.expected))
    if held.expected and held.reason == "payment_in_hand":
        return env._("payment on its way, for %(date)s", date=letter.date(held.expected))
    words = {
        "promise": env._("you told us when you will pay"),
        "dispute": env._("we are looking into it with you"),
        "plan": env._("in your payment plan"),
        "payment_in_hand": env._("payment on its way"),
    }
    return words.get(held.reason) or env._("on hold")
