"""The banner over a customer or an order: how the customer stands, in one sentence and a few facts."""

from functools import cached_property

from odoo.tools import format_amount, format_date

from . import clock, on_screen, standing

#: The colour of a banner, of Bootstrap's alerts, and its icon.
_TONES = {"insolvent": "danger", "on_hold": "danger", "announced": "warning"}
_ICONS = {"insolvent": "fa-gavel", "on_hold": "fa-ban", "announced": "fa-clock-o"}


class Banner:
    """What is to be known of a customer before one sells to it, in words of who reads it.

    :param env: in sudo: who sees the record that carries the banner sees what it says.
    :param company: main company.
    :param customer: commercial entity.
    :param name: how the customer stands, see `standing.names_of`.
    :param place: its `level_id` and `overdue`, where they are known already.
    :param tells_excess: whether to say by how much the credit limit is exceeded; where Odoo warns of it, it is not
        said twice.
    """

    def __init__(self, env, company, customer, name, place=(), tells_excess=True):
        self.env = env
        self._place = place
        self.company = company.with_env(env)
        self.customer = customer.with_env(env).with_company(company)
        self.name = name
        self.tells_excess = tells_excess

    # -- figures --------------------------------------------------------------

    @cached_property
    def place(self):
        """Return the level and the overdue amount of the customer as they are now."""
        if self._place:
            return self._place
        as_of = clock.today(self.env, self.company)
        return on_screen.of_customers(self.env, self.company, as_of, self.customer.ids).get(self.customer.id, {})

    @cached_property
    def facts(self):
        """Return the row of `standing.facts`."""
        return standing.facts(self.env, self.company, self.customer)

    @cached_property
    def suspension(self):
        """Return the suspension that is announced or in force (empty when there is none)."""
        return self.env["recobro.suspension"].browse(self.facts["suspension"])

    @cached_property
    def overdue(self):
        """Return what is overdue now."""
        return float(self.place.get("overdue") or 0)

    @cached_property
    def credit_left(self):
        """Return what is left of the customer's credit limit, below zero when it is exceeded; None without a limit."""
        if not self.company.account_use_credit_limit or not self.customer.credit_limit:
            return None
        return self.customer.credit_limit - self.customer.credit - self.customer.credit_to_invoice

    def _amount(self, value):
        return format_amount(self.env, value, self.company.currency_id)

    # -- words ----------------------------------------------------------------

    @property
    def tone(self):
        """Return the colour of the banner."""
        return _TONES.get(self.name) or ("warning" if self.overdue else "info")

    @property
    def icon(self):
        """Return the icon of the banner."""
        return _ICONS.get(self.name, "fa-exclamation-circle")

    @property
    def headline(self):
        """Return the sentence that says how the customer stands."""
        env = self.env
        if self.name == "insolvent":
            return env._("Insolvency proceedings: nothing is asked of this customer any more.")
        if self.name == "on_hold":
            return env._(
                "On hold since %(day)s, until %(amount)s are paid. New orders need a release.",
                day=format_date(env, self.suspension.in_force_on),
                amount=self._amount(self.suspension.amount),
            )
        if self.name == "announced":
            return env._(
                "Will be on hold from %(day)s, unless %(amount)s are paid before.",
                day=format_date(env, self.suspension.day),
                amount=self._amount(self.suspension.amount),
            )
        if self.overdue:
            return env._("%(amount)s overdue", amount=self._amount(self.overdue))
        return dict(self.env["recobro.standing"]._fields["recobro_badge"]._description_selection(env))[self.name]

    @property
    def details(self):
        """Return the facts beside it, each a few words."""
        parts = [
            self._overdue(),
            self._level(),
            self._disputes(),
            self._promises(),
            self._broken(),
            self.facts["plans"] and self.env._("Payment plan in force"),
            self._credit(),
        ]
        return [part for part in parts if part]

    def _overdue(self):
        """Return what is overdue, unless the headline says that very amount."""
        said = self.suspension.amount if self.name in ("on_hold", "announced") else 0.0
        said = said if self.name in _TONES else self.overdue
        differs = self.company.currency_id.compare_amounts(self.overdue, said)
        return self.overdue and differs and self.env._("%(amount)s overdue", amount=self._amount(self.overdue))

    def _level(self):
        level = self.env["recobro.level"].browse(self.place.get("level_id"))
        return level and self.env._("Level: %(level)s", level=level.display_name)

    def _disputes(self):
        count = self.facts["disputes"]
        return count and (
            self.env._("1 open dispute") if count == 1 else self.env._("%(count)s open disputes", count=count)
        )

    def _promises(self):
        return self.facts["promises"] and self.env._(
            "Promised to pay by %(day)s", day=format_date(self.env, self.facts["promise_day"])
        )

    def _broken(self):
        count = self.facts["broken"]
        return count and (
            self.env._("1 broken promise") if count == 1 else self.env._("%(count)s broken promises", count=count)
        )

    def _credit(self):
        left = self.credit_left
        if left is None:
            return ""
        if left >= 0:
            return self.env._("Credit left: %(amount)s", amount=self._amount(left))
        return self.tells_excess and self.env._("%(amount)s over the credit limit", amount=self._amount(-left))
