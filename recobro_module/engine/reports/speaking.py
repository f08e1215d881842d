"""How numbers, days and changes are said in the language and the currency of who reads."""

from dataclasses import dataclass

from babel.dates import format_skeleton

from odoo.tools import format_amount, format_date, formatLang, get_lang
from odoo.tools.misc import babel_locale_parse


@dataclass(frozen=True)
class Tile:
    """A headline figure: its value, how it changed and whether for the better, and its target and whether it is met."""

    name: str
    value: str
    note: str = ""
    change: str = ""
    is_better: bool | None = None
    target: str = ""
    is_met: bool | None = None


class Speaker:
    """Writes the figures of a company for one reader.

    :param env: with the reader's language in its context, in sudo.
    """

    def __init__(self, env, company):
        self.env = env
        self.company = company.with_env(env)

    def amount(self, value):
        """Return an amount of the company's currency without its cents, "n/a" when there is none."""
        if value is None:
            return self.unknown
        return format_amount(self.env, round(value) or 0, self.company.currency_id, trailing_zeroes=False)

    def number(self, value, digits=1):
        """Return a number as the reader writes it, "n/a" when there is none."""
        return self.unknown if value is None else formatLang(self.env, round(value, digits) or 0, digits=digits)

    def share(self, value, digits=1):
        """Return a share from 0 to 1 as a percentage, "n/a" when there is none."""
        if value is None:
            return self.unknown
        return self.env._("%(share)s %%", share=self.number(100 * value, digits))

    def days(self, value, digits=1):
        """Return a number of days."""
        return self.unknown if value is None else self.env._("%(days)s days", days=self.number(value, digits))

    def day(self, value):
        """Return a day in words."""
        return format_date(self.env, value, date_format="long")

    def skeleton(self, value, fields):
        """Return some parts of a day as the reader's language puts them together, as "yMMMM": October 2026."""
        return skeleton(self.env, value, fields)

    @property
    def unknown(self):
        """Return what stands where there is no value."""
        return self.env._("n/a")

    def greeting(self, user):
        """Return how a mail begins."""
        return self.env._("Hello %(name)s,", name=user.name)

    def tile(self, name, now, before, write, good=None, *, note="", size=None, target=(0, ""), digits=3):
        """Return a `Tile`; `good` is which is better, "low" or "high"; `size` writes how far two values are apart.

        The target is judged by the value as it is shown, with so many `digits`: a share's percentage has two fewer.
        """
        change, is_better = self._change(now, before, size or write, good)
        limit, words = target
        is_met = None
        if limit and now is not None:
            shown, limit = round(now, digits), round(limit, digits)
            is_met = shown >= limit if good == "high" else shown <= limit
        return Tile(name, write(now), note, change, is_better, words or "", is_met)

    def points(self, value):
        """Return how far two shares are apart: in points, for it is no percentage of either."""
        return self.env._("%(number)s points", number=self.number(100 * value))

    def _change(self, now, before, write, good):
        """Return (in words how a value changed, whether for the better)."""
        if now is None or before is None:
            return "", None
        size = write(abs(now - before))
        if size == write(0):
            return self.env._("As the month before"), None
        is_better = (now > before) == (good == "high") if good else None
        if now > before:
            words = {
                True: self.env._("▲ %(change)s more: better", change=size),
                False: self.env._("▲ %(change)s more: worse", change=size),
                None: self.env._("▲ %(change)s more", change=size),
            }
        else:
            words = {
                True: self.env._("▼ %(change)s less: better", change=size),
                False: self.env._("▼ %(change)s less: worse", change=size),
                None: self.env._("▼ %(change)s less", change=size),
            }
        return words[is_better], is_better


def skeleton(env, value, fields):
    """Return some parts of a day as the language of `env` puts them together, as "yMMMM": October 2026."""
    return format_skeleton(fields, value, locale=babel_locale_parse(get_lang(env).code))
