"""Which money an agency or a lawyer has brought in: what came for their items while these were with them."""

from datetime import date
from typing import NamedTuple


class Received(NamedTuple):
    """What of one payment is matched with one item: its day, the amount in the item's currency and in the company's."""

    day: date
    amount: float
    amount_company: float


class Share(NamedTuple):
    """An item of a placement: how much of it was handed over, from which day to which (None: still there).

    `before` is {payment: what of it was matched with the item when it was handed over}.
    """

    key: int
    item: int
    amount: float
    first: date
    last: date | None
    before: dict


def attribute(shares, matched):
    """Return {key of a share: (amount, amount in company currency)}, never more than was handed over.

    Money counts by its own day, whenever somebody matched it; what was matched before the hand-over does not. Money of
    the day on which an item changed hands goes to the first. A payment that was undone is simply not there any more.

    :param shares: list of `Share`, in the order in which they were handed over.
    :param matched: {item: {payment: `Received`}} as it is now.

    >>> march = lambda day: date(2026, 3, day)
    >>> first = Share(1, "A", 100.0, march(2), march(9), {})
    >>> second = Share(2, "A", 60.0, march(9), None, {})

    40 came on the first day, 30 on the day it changed hands, 50 after; and something before all that:

    >>> money = {7: Received(march(2), 40.0, 36.0), 8: Received(march(9), 30.0, 27.0)}
    >>> money[9] = Received(march(20), 50.0, 45.0)
    >>> attribute([first, second], {"A": {6: Received(march(1), 10.0, 9.0), **money}})
    {1: (70.0, 63.0), 2: (50.0, 45.0)}
    >>> attribute([first, second], {})
    {1: (0.0, 0.0), 2: (0.0, 0.0)}

    Matched on the day of the hand-over, and before it:

    >>> attribute([Share(3, "A", 100.0, march(2), None, {7: 40.0})], {"A": money})
    {3: (80.0, 72.0)}

    More than was handed over of an invoice of which a part is disputed:

    >>> attribute([Share(4, "A", 60.0, march(2), None, {})], {"A": money})
    {4: (60.0, 54.0)}
    """
    left = {(item, payment): money.amount for item, found in matched.items() for payment, money in found.items()}
    attributed = {}
    for share in shares:
        missing, company = share.amount, 0.0
        found = matched.get(share.item, {})
        for payment, money in sorted(found.items(), key=lambda one: (one[1].day, one[0])):
            if money.day < share.first or (share.last and money.day > share.last):
                continue
            since = money.amount - share.before.get(payment, 0.0)
            part = max(0.0, min(missing, left[share.item, payment], since))
            left[share.item, payment] -= part
            missing -= part
            company += money.amount_company * part / money.amount if money.amount else 0.0
        attributed[share.key] = (share.amount - missing, company)
    return attributed
