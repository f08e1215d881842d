"""What customers answered in the last weeks: what all kinds of answers need to know of the books and people."""

from collections import Counter, defaultdict
from datetime import timedelta
from random import Random

from ..engine import clock
from ..engine.disputes import dispute_alerts
from . import disputes, payments_in_hand, plans, promises, story

#: Days after which a collector has dealt with what an alert on a case said.
_DEALT_WITH_DAYS = 8


class Answers:
    """The answers of a day, and what is still free to be answered about.

    The story knows which invoices are going to be paid: whoever is about to pay anyway promises and keeps it, whoever
    is not breaks it. No verdict is written here.
    """

    def __init__(self, desk):
        self.desk = desk
        self.ledger = desk.ledger
        self.company = desk.company
        self.people = desk.people
        self.today = desk.today
        self.random = Random(f"{story.SEED} answers")
        self.customers = {partner: customer for customer, partner in self.ledger.partners.items()}
        self.sales = {move.id: sale for sale, move in self.ledger.invoices.items()}
        self.ahead = defaultdict(list)
        for payment in self.ledger.story.payments:
            self._foresee(payment)
        #: Ids of invoices that an answer is about, and how many answers a customer gave.
        self.answered = set()
        self.times = Counter()
        self.kinds = (
            disputes.Disputes(self),
            payments_in_hand.PaymentsInHand(self),
            plans.Plans(self),
            promises.Promises(self),
        )

    def hear(self, day):
        """Hear what customers answer on a working day, and go on with what they answered before."""
        for kind in self.kinds:
            kind.hear(day)
        self._deal_with_alerts(day)

    def watch(self, day, hour):
        """Do what the scheduled action for disputes does all day; in the morning and in the evening are enough here."""
        env = self.desk._at(day, hour, 30)
        dispute_alerts.alert(env, self.company.with_env(env), clock.moment(env))

    def _deal_with_alerts(self, day):
        types = [self.company.env.ref(f"recobro_module.activity_type_{name}").id for name in ("promise", "matured")]
        self.company.env["mail.activity"].search(
            [
                ("activity_type_id", "in", types),
                ("date_deadline", "<", day - timedelta(days=_DEALT_WITH_DAYS)),
                ("res_id", "in", self._cases().ids),
                ("res_model", "=", "recobro.case"),
            ]
        ).unlink()

    # -------------------------------------------------------------------------
    # PEOPLE
    # -------------------------------------------------------------------------

    def at_work(self, user, day, hour, minute=None):
        """Return the environment of a person at an hour of a day, in their own language."""
        minute = self.random.randrange(60) if minute is None else minute
        env = self.desk._at(day, hour, minute)
        return env(user=user.id, context={**env.context, "lang": user.lang})

    def case_of(self, partner):
        """Return the open case of a customer, in sudo; none when nobody chases it."""
        return self._cases(("partner_id", "=", partner.id))[:1]

    def _cases(self, *domain):
        return self.company.env["recobro.case"].search(
            [("company_id", "=", self.company.id), ("state", "=", "open"), *domain]
        )

    def collector_of(self, partner):
        """Return who speaks with a customer."""
        return self.case_of(partner).user_id or partner.recobro_user_id

    def working_day(self, days_ago):
        """Return the day so many days ago, or the Friday before it."""
        day = self.today - timedelta(days=days_ago)
        return day - timedelta(days=max(0, day.weekday() - 4))

    # -------------------------------------------------------------------------
    # WHAT THEY OWE, AND WHAT THEY ARE GOING TO PAY
    # -------------------------------------------------------------------------

    def open_items(self):
        """Return {customer: items that were open this morning and that no answer is about}; random order, but fixed."""
        found = self.company.env["recobro.item"].search([("company_id", "=", self.company.id), ("state", "=", "open")])
        by_partner = found.filtered(
            lambda item: item.move_id.id in self.sales and item.move_id.id not in self.answered
        ).grouped("partner_id")
        partners = [partner for partner in by_partner if partner in self.customers and self.case_of(partner)]
        self.random.shuffle(partners)
        return {
            partner: by_partner[partner] for partner in sorted(partners, key=lambda partner: self.times[partner.id])
        }

    def _foresee(self, payment):
        for sale, instalment, share in payment.parts:
            self.ahead[sale, instalment].append((payment.day, share))

    def pay(self, customer, day, parts):
        """Let a customer pay on a day because it was promised: parts as [(item, share)]."""
        payment = story.Payment(customer, day, [(*self._key(item), share) for item, share in parts])
        self.ledger.story.payments.append(payment)
        self._foresee(payment)

    def _key(self, item):
        return self.sales[item.move_id.id], item.instalment - 1

    def payments_of(self, item, after, until):
        """Return [(day, amount)] of what is going to be paid of an item after a day, up to another."""
        left, found = item.amount_open, []
        for day, share in sorted(self.ahead[self._key(item)]):
            if after < day <= until:
                found.append((day, round(left * share, 2)))
                left -= found[-1][1]
        return [(day, amount) for day, amount in found if amount > 0]

    def expected(self, items, after, until):
        """Return what is going to be paid of some items after a day, up to another."""
        return sum(amount for item in items for _day, amount in self.payments_of(item, after, until))

    def keep(self, items):
        """Keep in mind that an answer is about these items."""
        self.answered.update(items.move_id.ids)
        self.times.update(items.partner_id.ids)

    def unpaid_invoice(self, day, suits=bool):
        """Return the open items of an invoice that nobody is going to pay, of who has answered least; none when none.

        A ticket on it, or a payment in hand, stands until somebody ends it.

        :param suits: says whether a customer may be the one.
        """
        for items in (items for partner, items in self.open_items().items() if suits(partner)):
            invoices = items.grouped("move_id")
            for invoice in sorted(invoices, key=lambda move: (move.invoice_date_due > day, -move.id)):
                if not self.expected(invoices[invoice], day, self.today):
                    return invoices[invoice]
        return self.company.env["recobro.item"]
