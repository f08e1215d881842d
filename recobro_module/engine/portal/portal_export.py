"""The account of a customer as a file: a PDF for people, a spreadsheet with numbers as numbers and days as days."""

import io

import xlsxwriter

from ...tools.file_kinds import safe_name
from . import portal_account

_REPORT = "recobro_module.action_report_account"
#: No text becomes a formula, a number or a link, whatever an invoice or a customer is called.
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
#: Width of each column, in characters, and in which of them amounts stand.
_WIDTHS = (24, 26, 12, 10, 16, 16, 16, 44)
_TO_PAY, _RUNNING, _APART = 4, 5, 6


def file_name(access, ending):
    """Return the name of a file of the account: the company and the day."""
    return safe_name(f"{access.company.name} {access.today.isoformat()}.{ending}", ending)


def pdf(access):
    """Return the account as a PDF, in the language of the contact."""
    report = access.env["ir.actions.report"].with_context(recobro_account=access)
    content, _kind = report._render_qweb_pdf(_REPORT, access.partner.ids)
    return content


def spreadsheet(access, statement):
    """Return the account as a spreadsheet: a sheet a currency, a row for each amount to pay or set apart."""
    letter = portal_account.letter_of(access, statement)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"title": letter.page_title, "author": access.company.name})
        for table, sheet in letter.tables:
            _write_sheet(book, letter, table, sheet)
        if not letter.tables:
            book.add_worksheet().write_string(0, 0, letter.summary)
    return content.getvalue()


def _formats(book, currency):
    decimals = "." + "0" * currency.decimal_places if currency.decimal_places else ""
    amount = {"num_format": f"#,##0{decimals}", "valign": "top"}
    return {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "head_right": book.add_format({"bold": True, "bottom": 1, "align": "right", "valign": "top"}),
        "text": book.add_format({"valign": "top", "text_wrap": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        "count": book.add_format({"num_format": "0", "valign": "top"}),
        "amount": book.add_format(amount),
        "sum": book.add_format({**amount, "bold": True, "top": 1}),
        "label": book.add_format({"bold": True, "top": 1}),
    }


def _write_sheet(book, letter, table, sheet):
    page = book.add_worksheet(table.currency.name)
    formats = _formats(book, table.currency)
    for column, (title, width) in enumerate(zip(_titles(letter.env), _WIDTHS, strict=True)):
        page.set_column(column, column, width)
        is_number = 3 <= column <= _APART
        page.write_string(0, column, title, formats["head_right" if is_number else "head"])
    number, running = 1, 0.0
    for row in sheet.rows:
        running = table.currency.round(running + row.value)
        _write_row(page, number, row, formats)
        page.write_number(number, _TO_PAY, row.value, formats["amount"])
        page.write_number(number, _RUNNING, running, formats["amount"])
        number += 1
    for row in sheet.apart:
        _write_row(page, number, row, formats)
        page.write_number(number, _APART, row.value, formats["amount"])
        page.write_string(number, _APART + 1, row.timing, formats["text"])
        number += 1
    _write_sums(page, number, letter.env, table, formats)
    page.freeze_panes(1, 1)


def _titles(env):
    return (
        env._("Invoice"),
        env._("Details"),
        env._("Due date"),
        env._("Days late"),
        env._("To pay"),
        env._("Running total"),
        env._("Set apart"),
        env._("Why"),
    )


def _write_row(page, number, row, formats):
    page.write_string(number, 0, row.name or "", formats["text"])
    page.write_string(number, 1, "\n".join(row.details), formats["text"])
    page.write_datetime(number, 2, row.line.due_date, formats["day"])
    page.write_number(number, 3, max(row.line.days_past_due, 0), formats["count"])


def _write_sums(page, number, env, table, formats):
    """Write how the sheet adds up: what is to pay, what is apart, what is credited, what is left."""
    page.write_string(number, 0, env._("Total"), formats["label"])
    for column in range(1, len(_WIDTHS)):
        page.write_blank(number, column, None, formats["label"])
    page.write_number(number, _TO_PAY, table.currency.round(table.open - table.held), formats["sum"])
    page.write_number(number, _APART, table.currency.round(table.held), formats["sum"])
    page.write_string(number + 1, 0, env._("Your payments and credits not yet matched"), formats["text"])
    page.write_number(number + 1, _TO_PAY, -table.credit, formats["amount"])
    page.write_string(number + 2, 0, env._("Balance"), formats["label"])
    page.write_number(number + 2, _TO_PAY, table.currency.round(table.chased), formats["sum"])
