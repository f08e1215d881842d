"""Which money has come in for instalments of plans: what a promise to pay one of them is judged on."""

from ...tools.promises import Money
from .. import instalments
from . import plan_money


def of(items):
    """Return {item id: {id of the entry of a payment: `Money`}} of some items (in sudo) that stand for instalments.

    It is the money of the plan's invoices, shared among its instalments; that of a plan that has ended counts too.
    """
    found = {}
    for company, here in instalments.of(items).grouped("company_id").items():
        rows = plan_money.read(items.env, company, here.plan_id.partner_id.ids, also_stopped=True)
        rows = [row for row in rows if row["id"] in here.plan_id.ids]
        plan_money.fill_up(items.env, rows)
        for row in rows:
            for one in row["instalments"]:
                if one["id"] in here.ids:
                    found[one["item"]] = _by_payment(one["parts"])
    return found


def _by_payment(parts):
    found = {}
    for day, amount, payment in parts:
        before = found.get(payment)
        found[payment] = Money(day, amount + before.amount if before else amount)
    return found
