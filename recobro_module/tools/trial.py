"""Two wordings compared: who gets which, what the difference is worth, and how many it takes to say anything."""

from dataclasses import dataclass
from hashlib import sha256
from math import ceil, sqrt

#: For an interval that holds the difference 95 times in 100, and to see one that is there 80 times in 100.
_Z95, _Z80 = 1.959964, 0.841621


def is_second(level_id, partner_id, share):
    """Return whether a customer gets the second wording of a level: always the same one, and no two levels alike.

    :param share: of 100, how many get it.

    >>> is_second(1, 7, 50) == is_second(1, 7, 50), is_second(1, 7, 0), is_second(1, 7, 100)
    (True, False, True)
    >>> 4700 < sum(is_second(1, number, 50) for number in range(10_000)) < 5300
    True
    """
    digest = sha256(f"{level_id}-{partner_id}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64 * 100 < share


@dataclass(frozen=True)
class Difference:
    """What the second wording brings more than the first, in shares, and between which it lies 95 times in 100."""

    value: float
    low: float
    high: float

    @property
    def is_told(self):
        """Return whether the difference is more than chance may make."""
        return self.low > 0 or self.high < 0


def difference(first, second):
    """Return the `Difference` of two (successes, number), None when one of them has none.

    The interval is Agresti and Caffo's: one success and one failure are added to each, for few numbers.

    >>> found = difference((30, 100), (45, 100))
    >>> round(found.value, 2), round(found.low, 3), round(found.high, 3), found.is_told
    (0.15, 0.016, 0.279, True)
    >>> difference((3, 10), (4, 10)).is_told
    False
    >>> difference((0, 0), (4, 10)) is None
    True
    """
    if not first[1] or not second[1]:
        return None
    value = second[0] / second[1] - first[0] / first[1]
    shares = [((successes + 1) / (number + 2), number + 2) for successes, number in (first, second)]
    middle = shares[1][0] - shares[0][0]
    width = _Z95 * sqrt(sum(share * (1 - share) / number for share, number in shares))
    return Difference(value, middle - width, middle + width)


def needed(rate, least=0.1):
    """Return how many of each half it takes to see a difference of `least` in a share of about `rate`.

    >>> needed(0.3), needed(0.5), needed(0.3, 0.05)
    (330, 393, 1319)
    >>> needed(0)
    39
    """
    rate = min(max(rate, 0.025), 0.975)
    return ceil(2 * rate * (1 - rate) * ((_Z95 + _Z80) / least) ** 2)
