"""Draft credit notes for a part of an invoice: exactly the amount disputed with reason, or forgiven; tax included.

Only drafts are made here. Accountants look at them and post them; core then matches them with their invoice.
"""

from odoo import Command
from odoo.tools import groupby

from .. import clock

#: Times the largest line is corrected before what is left goes to a tax line.
_CORRECTIONS = 3


def standing(answers):
    """Return {credit note id: whether it is an open draft} of the credit notes that are there and not cancelled.

    A posted one that is set back to draft stays matched with its invoice in Odoo 19: its amount is off already.

    :param answers: disputes or payment plans, whose lines name their credit notes.
    """
    # sudo: the state and whether it is matched are all that is taken
    notes = answers.sudo().line_ids.credit_note_id.exists()
    matched = notes.line_ids.filtered("matched_debit_ids").move_id
    return {note.id: note.state == "draft" and note not in matched for note in notes if note.state != "cancel"}


def draft(tickets):
    """Draft a credit note for each invoice of tickets (in sudo) that has none, and link it.

    sudo: who may resolve a dispute need not be an accountant; a draft books nothing, and accountants post it.
    """
    known = standing(tickets)
    for ticket in tickets:
        for line in ticket.line_ids.filtered(lambda line: line.credit_note_id.id not in known):
            line.credit_note_id = part_of(line.move_id, line.amount, ticket.name, ticket.subject)


def part_of(invoice, amount, reason, subject):
    """Draft a credit note for an `amount` of an invoice (in sudo), and return it. The right is the caller's to check.

    :param reason: the number of the dispute or plan that it is for.
    :param subject: what its lines say of it.
    """
    invoice = invoice.with_company(invoice.company_id)
    note = invoice._reverse_moves([_values(invoice, reason)])
    if invoice.currency_id.compare_amounts(amount, invoice.amount_total):
        _cut(note, subject, invoice, amount / invoice.amount_total)
        _round_to(note, amount)
    return note


def _values(invoice, reason):
    day = clock.today(invoice.env, invoice.company_id.root_id)
    env = invoice.with_context(lang=invoice.partner_id.lang).env
    return {
        "ref": env._("Reversal of: %(invoice)s, %(dispute)s", invoice=invoice.name, dispute=reason),
        "date": day,
        "invoice_date": day,
        "invoice_date_due": day,
        "invoice_payment_term_id": False,
        "invoice_user_id": invoice.invoice_user_id.id,
        "invoice_origin": invoice.name,
        "auto_post": "no",
    }


def _cut(note, subject, invoice, share):
    """Replace the lines of a credit note by a share of each group of lines with the same account and taxes."""
    env = note.with_context(lang=invoice.partner_id.lang).env
    products = invoice.invoice_line_ids.filtered(lambda line: line.display_type == "product")
    commands = [
        Command.create(
            {
                "name": env._("Part of %(invoice)s: %(subject)s", invoice=invoice.name, subject=subject),
                "quantity": 1,
                "price_unit": share
                * sum(line.price_unit * line.quantity * (1 - line.discount / 100) for line in lines),
                "account_id": account.id,
                "tax_ids": [Command.set(taxes.ids)],
                "analytic_distribution": lines[0].analytic_distribution,
            }
        )
        for (account, taxes, _analytic), lines in groupby(
            products, lambda line: (line.account_id, line.tax_ids, str(line.analytic_distribution))
        )
    ]
    note.invoice_cash_rounding_id = False
    note.write({"invoice_line_ids": [Command.clear(), *commands]})


def _round_to(note, amount):
    """Make the total of a credit note exactly `amount`: the largest line first, the last cents on a tax line.

    With 21 % of tax some totals are no sum of a rounded base and its rounded tax; core lets people correct taxes by
    such cents too (`account.move.tax_totals`).
    """
    for _attempt in range(_CORRECTIONS):
        missing = amount - note.amount_total
        if note.currency_id.is_zero(missing):
            return
        largest = max(note.invoice_line_ids, key=lambda line: abs(line.price_total))
        base = largest.price_subtotal / largest.price_total if largest.price_total else 1
        included = any(largest.tax_ids.mapped("price_include"))
        correction = note.currency_id.round(missing if included else missing * base)
        if note.currency_id.is_zero(correction):
            break
        largest.price_unit += correction
    missing = amount - note.amount_total
    taxes = note.line_ids.filtered("tax_line_id")
    if taxes and not note.currency_id.is_zero(missing):
        _correct_tax(note, max(taxes, key=lambda line: abs(line.amount_currency)), missing)


def _correct_tax(note, tax_line, missing):
    totals = note.tax_totals
    for subtotal in totals["subtotals"]:
        for group in subtotal["tax_groups"]:
            if group["id"] == tax_line.tax_group_id.id:
                group["tax_amount_currency"] += missing
                note.tax_totals = totals
                return
