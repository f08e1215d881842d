"""A letter on paper: what is said of an action (`action_letter.ActionLetter`), and what paper does otherwise.

It names only what it asks for: who receives it, or a judge, must find each amount of its total in its table.
"""

from functools import cached_property

from odoo.tools import format_date

from .action_letter import ActionLetter


class PrintedLetter(ActionLetter):
    """The letter of an action of channel letter."""

    is_printed = True

    def date(self, day):
        """Return a day with its month as a word: 7/8 is read differently here and there, and this is kept."""
        return format_date(self.env, day, date_format="long")

    # -- what it asks for -----------------------------------------------------

    @cached_property
    def asked(self):
        """Return the lines the letter is about: all that is past due, else what any message would be about."""
        late = [line for line in self.statement.lines if line.chased > 0 and line.is_overdue]
        return late or super().asked
