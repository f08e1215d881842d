"""What a placement is about, as a spreadsheet: its items, the contacts with the customer, what they answered.

Only what concerns the items that were handed over, and no internal notes: it leaves the house.
"""

import io

import xlsxwriter

#: No text becomes a formula, a number or a link, whatever a customer has written.
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTH = 22


def spreadsheet(placement, answers):
    """Return the file of a placement (in sudo) as a spreadsheet.

    :param answers: `Answers` about its items.
    """
    env = placement.env
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"title": placement.name, "author": placement.company_id.name})
        styles = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"valign": "top", "text_wrap": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
            "amount": book.add_format({"num_format": "#,##0.00", "valign": "top"}),
        }
        for title, head, rows in _sheets(env, placement, answers):
            _write(book.add_worksheet(title[:31]), head, rows, styles)
    return content.getvalue()


def _sheets(env, placement, answers):
    """Yield (title, titles of the columns, rows) of each sheet with something in it."""
    yield env._("Items"), _item_titles(env), [_item(line) for line in placement.line_ids]
    for title, head, rows in (
        (env._("Contacts"), _contact_titles(env), [_contact(line) for line in answers.log]),
        (env._("Promises"), _promise_titles(env), [_promise(one) for one in answers.promises]),
        (env._("Disputes"), _dispute_titles(env), [_dispute(one) for one in answers.disputes]),
        (env._("Payment plans"), _plan_titles(env), [_plan(one) for one in answers.plans]),
    ):
        if rows:
            yield title, head, rows


def _item_titles(env):
    return (
        env._("Invoice"),
        env._("Due date"),
        env._("Days late then"),
        env._("Handed over"),
        env._("Currency"),
    )


def _item(line):
    return (line.item_id.name, line.due_date, line.days_past_due, line.amount, line.currency_id.name)


def _contact_titles(env):
    return env._("Day"), env._("Channel"), env._("Direction"), env._("Contact"), env._("Result"), env._("What was said")


def _contact(line):
    label = _labels(line)
    # What is logged by hand has the start of its note as summary: once is enough
    is_said = line.summary and (line.note or "").startswith(line.summary)
    said = "\n".join(part for part in (not is_said and line.summary, line.note) if part)
    return (
        line.date.date(),
        label("channel"),
        label("direction"),
        line.contact_id.exists().name,
        label("result"),
        said,
    )


def _promise_titles(env):
    return env._("Promise"), env._("Made on"), env._("Pays on"), env._("Amount"), env._("Received"), env._("State")


def _promise(one):
    return one.name, one.made_on, one.date, one.amount, one.received_amount, _labels(one)("state")


def _dispute_titles(env):
    return env._("Dispute"), env._("Reason"), env._("Amount"), env._("Stage")


def _dispute(one):
    return one.name, one.reason_id.name, one.amount, one.stage_id.name


def _plan_titles(env):
    return env._("Plan"), env._("To pay"), env._("Paid"), env._("Last payment"), env._("State")


def _plan(one):
    return one.name, one.total, one.paid_amount, one.last_date, _labels(one)("state")


def _labels(record):
    """Return a function of the name of a selection that returns its word."""
    return lambda name: dict(record._fields[name]._description_selection(record.env)).get(record[name], "")


def _write(page, head, rows, styles):
    page.set_column(0, len(head) - 1, _WIDTH)
    for column, title in enumerate(head):
        page.write_string(0, column, title, styles["head"])
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _write_cell(page, number, column, value, styles)
    page.freeze_panes(1, 1)


def _write_cell(page, number, column, value, styles):
    if hasattr(value, "isoformat"):
        page.write_datetime(number, column, value, styles["day"])
    elif isinstance(value, int | float) and not isinstance(value, bool):
        page.write_number(number, column, value, styles["amount"] if isinstance(value, float) else styles["text"])
    else:
        page.write_string(number, column, value or "", styles["text"])
