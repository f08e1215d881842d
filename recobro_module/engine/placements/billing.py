"""What is due to agencies and lawyers becomes draft vendor bills; accountants look at them and post them."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import format_amount


def unbilled(placement):
    """Return what is due for a placement and on no bill yet: (fee, fixed cost). The fee is negative when money that
    was billed for has gone back.
    """
    bills = placement.bill_ids.filtered("is_valid")
    # Nothing is due for what was only proposed
    due = (placement.fee, placement.fixed_cost) if placement.placed_on else (0, 0)
    billed = (sum(bills.mapped("fee")), sum(bills.mapped("fixed_cost")))
    return tuple(placement.currency_id.round(now - before) for now, before in zip(due, billed, strict=True))


def draft(placements):
    """Draft a bill for each agency of some placements (in sudo), and return the bills.

    sudo: who hands cases over need not be an accountant; a draft books nothing, and accountants post it.
    """
    env = placements.env
    bills = env["account.move"]
    for (company, agency), due in placements.grouped(lambda one: (one.company_id, one.agency_id)).items():
        amounts = {one: unbilled(one) for one in due}
        total = sum(sum(parts) for parts in amounts.values())
        if company.currency_id.compare_amounts(total, 0) > 0:
            bills |= _draft(company, agency, amounts)
    if not bills:
        raise UserError(env._("Nothing is due that is not billed already."))
    return bills


def _draft(company, agency, amounts):
    """Draft the bill of an agency.

    :param amounts: {placement: (fee, fixed cost)} not billed yet.
    """
    env = agency.with_company(company).env
    due = {one: parts for one, parts in amounts.items() if any(not one.currency_id.is_zero(part) for part in parts)}
    bill = env["account.move"].create(
        {
            "move_type": "in_invoice",
            "company_id": company.id,
            "partner_id": agency.partner_id.id,
            "currency_id": company.currency_id.id,
            "invoice_origin": ", ".join(one.name for one in due),
            "invoice_line_ids": [
                Command.create(values) for one, parts in due.items() for values in _lines(agency, one, *parts)
            ],
        }
    )
    env["recobro.placement.bill"].create(
        [
            {"placement_id": one.id, "move_id": bill.id, "fee": fee, "fixed_cost": cost}
            for one, (fee, cost) in due.items()
        ]
    )
    return bill


def _lines(agency, placement, fee, cost):
    """Yield the values of the lines of a bill for a placement."""
    env, currency = placement.env, placement.currency_id
    common = {"product_id": agency.product_id.id, "quantity": 1}
    if not currency.is_zero(fee):
        name = env._(
            "%(number)s, %(customer)s: fee for %(collected)s collected",
            number=placement.name,
            customer=placement.partner_id.display_name,
            collected=format_amount(env, placement.amount_collected, currency),
        )
        yield {**common, "name": name, "price_unit": fee}
    if not currency.is_zero(cost):
        name = env._(
            "%(number)s, %(customer)s: cost of the case",
            number=placement.name,
            customer=placement.partner_id.display_name,
        )
        yield {**common, "name": name, "price_unit": cost}
