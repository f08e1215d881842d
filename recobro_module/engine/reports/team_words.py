"""A week of the team put into words, in the language of the manager who reads it."""

from . import team
from .speaking import Speaker


class TeamWords(Speaker):
    """A `Week` for one reader.

    :param env: with the reader's language in its context, in sudo.
    """

    def __init__(self, env, week):
        super().__init__(env, week.company)
        self.week = week

    @property
    def title(self):
        """Return what the mail is about."""
        return self.env._("The team of collections, %(week)s", week=self.week_name)

    @property
    def week_name(self):
        """Return the first and the last day of the week."""
        first, last = (self.skeleton(day, "MMMd") for day in (self.week.first, self.week.last))
        return self.env._("%(first)s to %(last)s", first=first, last=last)

    @property
    def summary(self):
        """Return the week in one sentence."""
        if not self.week.collectors:
            return self.env._("Nobody has a case or logged a contact yet.")
        now = self._sums("now")
        return self.env._(
            "%(contacts)s contacts and %(promises)s promises; %(amount)s came in on overdue invoices.",
            contacts=now["contacts"],
            promises=now["promises"],
            amount=self.amount(now["collected"]),
        )

    @property
    def cards(self):
        """Return [(name, rows)] of the team as a whole, when there are several, and of each collector."""
        people = [(one.user.name, self._rows(one.now, one.before, one)) for one in self.week.collectors]
        if len(people) < 2:
            return people
        return [(self.env._("The whole team"), self._rows(self._sums("now"), self._sums("before"), None)), *people]

    def _sums(self, name):
        return team.total(getattr(one, name) for one in self.week.collectors)

    def _rows(self, now, before, one):
        """Return [(label, of the week, of the week before or empty, whether it needs a look)]."""
        stands = {
            name: getattr(one, name) if one else sum(getattr(each, name) for each in self.week.collectors)
            for name in ("cases", "overdue", "left_out")
        }
        return [
            (self.env._("Contacts"), now["contacts"], before["contacts"], False),
            (self.env._("Promises taken"), now["promises"], before["promises"], False),
            (self.env._("Promises kept, of those due"), self._kept(now), self._kept(before), False),
            (self.env._("Collected"), self.amount(now["collected"]), self.amount(before["collected"]), False),
            (self.env._("Open cases now"), stands["cases"], "", False),
            (self.env._("Overdue to do now"), stands["overdue"], "", bool(stands["overdue"])),
            (self.env._("Left out of My day now"), stands["left_out"], "", bool(stands["left_out"])),
        ]

    def _kept(self, found):
        if not found["judged"]:
            return self.unknown
        return self.env._("%(kept)s of %(number)s", kept=found["kept"], number=found["judged"])
