"""A month of collections put into words and numbers, in the language of who reads it."""

from functools import cached_property

from .speaking import Speaker

#: From which error of its own the forecast is to be read with care.
_POOR_FORECAST = 0.3
#: The weeks back of the forecast's error that is told.
_WEEKS_BACK = 4


class MonthWords(Speaker):
    """A `Month` for one reader.

    :param env: with the reader's language in its context, in sudo.
    """

    def __init__(self, env, month):
        super().__init__(env, month.company)
        self.month = month
        self.board = month.board
        self.key = month.board["key"]

    # -- head -------------------------------------------------------------------

    @property
    def month_name(self):
        """Return the month and its year."""
        return self.skeleton(self.month.first, "yMMMM")

    @property
    def title(self):
        """Return what the report is called."""
        return self.env._("Collections in %(month)s", month=self.month_name)

    @property
    def as_of_note(self):
        """Return of which day the figures are, and where they come from."""
        day = self.day(self.month.day)
        if not self.month.is_over:
            return self.env._("The month is not over: figures of %(day)s. Amounts with taxes.", day=day)
        if self.board["is_kept"]:
            return self.env._("Figures as they were kept at the end of %(day)s. Amounts with taxes.", day=day)
        return self.env._("Figures worked out from the books as of %(day)s. Amounts with taxes.", day=day)

    @property
    def compared_note(self):
        """Return what the changes are compared with."""
        return self.env._("Changes are since %(day)s, the end of the month before.", day=self.day(self.board["since"]))

    @property
    def is_empty(self):
        """Return whether there is nothing to tell of: nothing was ever invoiced."""
        return self.board["is_empty"]

    # -- headline figures ---------------------------------------------------------

    @cached_property
    def tiles(self):
        """Return the six headline figures."""
        return [self._receivables, self._overdue, self._over_60, self._dso, self._effectiveness, self._promises]

    @property
    def _receivables(self):
        found = self.key["receivables"]
        return self.tile(
            self.env._("Receivables"), found["now"], found["before"], self.amount, note=self.env._("Net of credits")
        )

    @property
    def _overdue(self):
        ageing = self.board["ageing"]
        found, total = ageing["overdue"], sum(ageing["buckets"])
        note = self.env._("%(share)s of what is open", share=self.share(found["now"] / total)) if total else ""
        return self.tile(self.env._("Overdue"), found["now"], found["before"], self.amount, "low", note=note)

    @property
    def _over_60(self):
        found, target = self.board["ageing"]["over_60"], self.company.recobro_target_over_60 / 100
        words = target and self.env._("Target: %(share)s at most", share=self.share(target, 0))
        return self.tile(
            self.env._("Over 60 days late"),
            found["now"],
            found["before"],
            self.share,
            "low",
            size=self.points,
            target=(target, words),
        )

    @property
    def _dso(self):
        found, target = self.key["dso"], self.company.recobro_target_dso
        words = target and self.env._("Target: %(days)s at most", days=self.days(target, 0))
        note = self.env._("Best possible: %(days)s", days=self.days(self.key["best_possible"]["now"]))
        if found.get("is_truncated"):
            note = self.env._("At least: there is no older history of sales")
        return self.tile(
            self.env._("Days' sales outstanding"),
            found["now"],
            found["before"],
            self.days,
            "low",
            note=note,
            target=(target, words),
            digits=1,
        )

    @property
    def _effectiveness(self):
        found, target = self.key["effectiveness"], self.company.recobro_target_effectiveness
        words = target and self.env._("Target: %(share)s at least", share=self.share(target / 100, 0))
        now, before = (value and value / 100 for value in (found["now"], found["before"]))
        return self.tile(
            self.env._("Collection effectiveness"),
            now,
            before,
            self.share,
            "high",
            size=self.points,
            target=(target / 100, words),
        )

    @property
    def _promises(self):
        found, target = self.board["promises"], self.company.recobro_target_promises / 100
        words = target and self.env._("Target: %(share)s at least", share=self.share(target, 0))
        note = self.env._("By amount: %(share)s", share=self.share(found["now"]["amount"]))
        return self.tile(
            self.env._("Promises kept"),
            found["now"]["count"],
            found["before"]["count"],
            self.share,
            "high",
            note=note,
            size=self.points,
            target=(target, words),
        )

    # -- what to look at ----------------------------------------------------------

    @cached_property
    def sentences(self):
        """Return what to look at, a sentence each; one that says so when nothing stands out."""
        if self.is_empty:
            return [self.env._("Nothing was invoiced yet: the figures come with the first invoice.")]
        found = [*self._ageing_sentences(), *self._speed_sentences(), *self._work_sentences()]
        return found or [self.env._("Nothing stands out: what has a target meets it.")]

    def _ageing_sentences(self):
        ageing, most = self.board["ageing"], self.company.recobro_target_over_60
        if self.tiles[2].is_met is False:
            yield self.env._(
                "%(share)s of what is open, %(amount)s, is more than 60 days late; the target is %(target)s at most.",
                share=self.tiles[2].value,
                amount=self.amount(sum(ageing["buckets"][3:])),
                target=self.share(most / 100, 0),
            )
        most = self.company.recobro_alert_customer_share
        for customer in self.board["debtors"]["customers"]:
            if most and self.board["debtors"]["number"] > 1 and 100 * customer["share"] > most:
                yield self.env._(
                    "%(customer)s owes %(share)s of the ledger, %(amount)s: a risk of its own.",
                    customer=customer["name"],
                    share=self.share(customer["share"]),
                    amount=self.amount(customer["amount"]),
                )

    def _speed_sentences(self):
        dso, effectiveness, promises = (self.tiles[place] for place in (3, 4, 5))
        if dso.is_met is False:
            yield self.env._("Customers owe %(days)s of sales: more than the target.", days=dso.value)
        if effectiveness.is_met is False:
            yield self.env._(
                "%(share)s of what there was to collect was collected: less than the target.",
                share=effectiveness.value,
            )
        if promises.is_met is False:
            judged = self.board["promises"]["now"]["number"]
            yield self.env._(
                "%(share)s of the promises that fell due were kept, of %(number)s. Call before the day, not after it.",
                share=promises.value,
                number=judged,
            )

    def _work_sentences(self):
        disputes = self.board["disputes"]
        if disputes["open"]["late"]:
            yield self.env._("Disputes past their SLA: %(number)s.", number=disputes["open"]["late"])
        hours, most = disputes["now"]["hours"], self.company.recobro_target_dispute_hours
        if most and hours and round(hours) > round(most):
            yield self.env._(
                "Disputes took %(hours)s hours on average to resolve; the target is %(target)s at most.",
                hours=self.number(hours, 0),
                target=self.number(most, 0),
            )
        if self.month.overdue_tasks:
            yield self.env._("Tasks on cases whose day has passed: %(number)s.", number=self.month.overdue_tasks)
        error = self.error
        if error and error["error"] > _POOR_FORECAST:
            yield self.env._(
                "The forecast of four weeks ago was %(share)s off, week by week: read what is to come with care.",
                share=self.error_share,
            )

    # -- what is to come ------------------------------------------------------------

    @property
    def error(self):
        """Return what the forecast of four weeks ago was worth, None when it can't be told."""
        return self.month.errors.get(_WEEKS_BACK)

    @property
    def error_share(self):
        """Return by how much it was off: beyond ten times it says no more."""
        share = self.error["error"]
        return self.env._("over %(number)s %%", number=999) if share > 9.99 else self.share(share, 0)

    @property
    def expected_note(self):
        """Return what is expected in the weeks to come, and what such a forecast was worth."""
        if not self.month.expected:
            return ""
        total = sum(week["total"] for week in self.month.expected)
        weeks = len(self.month.expected)
        if not self.error:
            return self.env._("Expected in %(weeks)s weeks: %(amount)s.", weeks=weeks, amount=self.amount(total))
        return self.env._(
            "Expected in %(weeks)s weeks: %(amount)s. The forecast of four weeks ago was %(share)s off.",
            weeks=weeks,
            amount=self.amount(total),
            share=self.error_share,
        )
