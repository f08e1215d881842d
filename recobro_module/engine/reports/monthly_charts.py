"""The charts and tables of the report on a month."""

from datetime import timedelta

from markupsafe import Markup

from ...const import AGEING_BUCKETS
from ...tools import charts
from .monthly_words import MonthWords

#: The width of a page's text and of half of it, in the pixels of the report's paper.
WIDTH, HALF = 840, 404
_HIGH = 172
#: Rows of tables that are shown.
_ROWS = 6


class MonthReport(MonthWords):
    """What the report's page shows of a month, ready to print."""

    # -- by age -------------------------------------------------------------------

    @property
    def ages(self):
        """Return [(colour, name)] of the ageing buckets."""
        return list(zip(charts.AGES, self.bucket_names, strict=True))

    @property
    def bucket_names(self):
        """Return the ageing buckets in words, in their order."""
        return [
            self.env._("Not due"),
            self.env._("1-30 days"),
            self.env._("31-60 days"),
            self.env._("61-90 days"),
            self.env._("Over 90 days"),
        ]

    @property
    def ageing_chart(self):
        """Return the bars of what is open by age, with what was so a month before below each."""
        ageing = self.board["ageing"]
        total = sum(ageing["buckets"])
        before = ageing["before"] or [None] * len(AGEING_BUCKETS)
        rows = [
            (name, colour, now, was, self._with_share(now, total))
            for (colour, name), now, was in zip(self.ages, ageing["buckets"], before, strict=True)
        ]
        return Markup(charts.bars(rows, WIDTH))

    def _with_share(self, amount, total):
        if not total:
            return self.amount(amount)
        return self.env._("%(amount)s · %(share)s", amount=self.amount(amount), share=self.share(amount / total, 0))

    @property
    def credit_note(self):
        """Return what is not taken off of what is open by age, if anything."""
        credit = self.board["ageing"]["credit"]
        if not credit:
            return ""
        return self.env._("Credits not matched yet, not taken off: %(amount)s.", amount=self.amount(credit))

    @property
    def trend_chart(self):
        """Return the columns of what was open by age at the end of each month."""
        trend = self.board["trend"]
        series = [(colour, [row["buckets"][place] for row in trend]) for place, colour in enumerate(charts.AGES)]
        return Markup(charts.columns(self._months(trend), series, WIDTH, _HIGH, self._axis_amount))

    # -- how fast -------------------------------------------------------------------

    @property
    def dso_chart(self):
        """Return the lines of days' sales outstanding and of the best possible ones."""
        trend = self.board["trend"]
        series = [
            (charts.STRONG, False, [row["dso"] for row in trend]),
            (charts.MUTED, True, [row["best_possible"] for row in trend]),
        ]
        return Markup(charts.lines(self._months(trend, 4), series, HALF, _HIGH, self._axis_number))

    @property
    def effectiveness_chart(self):
        """Return the columns of what was collected of what there was to collect, month by month."""
        trend = self.board["trend"]
        values = [row["effectiveness"] for row in trend]
        return Markup(charts.columns(self._months(trend, 4), [(charts.STRONG, values)], HALF, _HIGH, self._axis_number))

    # -- money by week --------------------------------------------------------------

    @property
    def has_cash(self):
        """Return whether any money came, or is expected."""
        return any(week["amount"] for week in self.month.came) or any(week["total"] for week in self.month.expected)

    @property
    def cash_chart(self):
        """Return the columns of the money that came by week, and of what is expected."""
        came = [week["amount"] for week in self.month.came]
        expected = [week["total"] for week in self.month.expected]
        ends = [week["end"] for week in (*self.month.came, *self.month.expected)]
        labels = [self._week(end) if number % 2 == 0 else "" for number, end in enumerate(ends)]
        series = [
            (charts.STRONG, [*came, *[None] * len(expected)]),
            (charts.LIGHT, [*[None] * len(came), *expected]),
        ]
        return Markup(charts.columns(labels, series, WIDTH, _HIGH, self._axis_amount))

    # -- tables -------------------------------------------------------------------

    @property
    def debtors(self):
        """Return the customers that owe the most: (name, amount, share, width of its bar in percent)."""
        return [
            (row["name"], self.amount(row["amount"]), self.share(row["share"]), max(round(100 * row["share"]), 1))
            for row in self.board["debtors"]["customers"]
        ]

    @property
    def debtors_note(self):
        """Return how much of the ledger the first ten owe."""
        found = self.board["debtors"]
        if not found["number"]:
            return self.env._("Nobody owes anything.")
        return self.env._(
            "Customers who owe something: %(number)s, %(total)s in all; the first ten owe %(share)s of it.",
            number=found["number"],
            total=self.amount(found["total"]),
            share=self.share(found["top_share"]),
        )

    @property
    def promises(self):
        """Return [(verdict, number, amount promised)] of the month, and what is open."""
        found = self.board["promises"]
        labels = dict(self.env["recobro.promise"]._fields["state"]._description_selection(self.env))
        rows = [
            (labels[state], number, self.amount(amount)) for state, (number, amount) in found["now"]["states"].items()
        ]
        if found["open"]:
            rows.append((labels["open"], found["open"]["number"], self.amount(found["open"]["amount"])))
        return rows

    @property
    def disputes(self):
        """Return [(reason, number, amount)] of the disputes that were open, the greatest first."""
        rows = self.board["disputes"]["open"]["reasons"]
        return [
            (row["name"] or self.env._("Without a reason"), row["number"], self.amount(row["amount"]))
            for row in rows[:_ROWS]
        ]

    @property
    def disputes_note(self):
        """Return how many disputes were resolved, how many of them in time, and how long they took."""
        found = self.board["disputes"]["now"]
        if not found["number"]:
            return self.env._("No dispute was resolved in the month.")
        return self.env._(
            "Resolved in the month: %(number)s; in time: %(share)s; on average in %(hours)s hours.",
            number=found["number"],
            share=self.share(found["attainment"], 0),
            hours=self.number(found["hours"], 0),
        )

    @property
    def recovery(self):
        """Return [(bucket, what became so late, share paid within 90 days, the same of the time before)]."""
        found = self.month.recovery["buckets"]
        return [
            (
                name,
                self.amount(found[key]["now"][0]),
                self.share(found[key]["now"][2], 0),
                self.share(found[key]["before"][2], 0),
            )
            for (key, *_rest), name in list(zip(AGEING_BUCKETS, self.bucket_names, strict=True))[1:]
        ]

    @property
    def recovery_note(self):
        """Return of which time the recovery is."""
        found = self.month.recovery
        return self.env._(
            "Of what became so late from %(since)s to %(until)s, the share paid in money within 90 days, and "
            "beside it the same of the time before.",
            since=self.day(found["since"] + timedelta(days=1)),
            until=self.day(found["until"]),
        )

    @property
    def cost(self):
        """Return [(name, value, value of the month before)] of what collecting cost."""
        names = {
            "time": self.env._("Time of people"),
            "channels": self.env._("Messages and letters"),
            "fees": self.env._("Fees of agencies and lawyers"),
            "costs": self.env._("Costs of agencies and lawyers"),
            "collected": self.env._("Collected on overdue invoices"),
        }
        now, before = self.month.cost, self.month.cost_before
        rows = [(label, self.amount(now[name]), self.amount(before[name])) for name, label in names.items()]
        shares = (self.share(found["cost_to_collect"]) for found in (now, before))
        return [*rows, (self.env._("Cost of what was collected"), *shares)]

    @property
    def cost_note(self):
        """Return what keeps the cost from being whole, if anything."""
        return "" if self.month.cost["is_set"] else self.env._("What an hour and a message cost is not set yet.")

    @property
    def agencies(self):
        """Return [(name, what is or was with it, collected, net of fee and costs)], the best net first."""
        return [
            (row["name"], self.amount(row["placed"]), self.amount(row["collected"]), self.amount(row["net"]))
            for row in self.board["agencies"][:_ROWS]
        ]

    # -- axes -----------------------------------------------------------------------

    def _months(self, trend, room=7):
        """Return a short text for each end of month; where there are more than there is room for some are left out."""
        every = -(-len(trend) // room)
        last = len(trend) - 1
        return [
            self.skeleton(row["day"], "yMMM") if (last - number) % every == 0 else ""
            for number, row in enumerate(trend)
        ]

    def _week(self, day):
        return self.skeleton(day, "MMMd")

    def _axis_number(self, value):
        return self.number(value, 0)

    def _axis_amount(self, value):
        """Return an amount as short as an axis needs it: in thousands or millions where it is large."""
        size = abs(value)
        if size >= 1_000_000:
            return self.env._("%(number)s M", number=self.number(value / 1_000_000, 1))
        if size >= 10_000:
            return self.env._("%(number)s k", number=self.number(value / 1000, 0))
        return self.number(value, 0)
