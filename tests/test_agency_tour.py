"""In the browser: a manager hands a case over, the agency answers in its portal, the manager decides and recalls."""

from datetime import timedelta

from odoo.addons.recobro_module.engine.placements import placing

from .agency_case import AgencyCase


class AgencyTourCase(AgencyCase):
    """The whole way of one case, walked by each in turn."""

    def setUp(self):
        super().setUp()
        placing.recall(self.placement.sudo(), "Placed anew in the browser")
        self.coming.button_draft()
        self.refresh(self.customer, self.today)

    def walk(self, path, tour, user):
        """Walk a tour as somebody."""
        self.env.flush_all()
        self.start_tour(path, tour, login=user.login)
        self.env.invalidate_all()

    def whole_way(self):
        self.walk("/odoo/collections", "recobro_agency_place", self.manager)
        placement = self.placement.case_id.placement_id
        self.assertEqual((placement.state, placement.agency_id, placement.amount), ("placed", self.north, 1500))
        self.walk("/my", "recobro_agency_answer", self.ana)
        self.assertEqual(self.lines(placement).mapped("channel"), ["portal", "call"][::-1])
        self.walk("/odoo/collections-agency-proposals", "recobro_agency_accept", self.manager)
        promise = placement.proposal_ids.promise_id
        self.assertEqual((promise.amount, promise.date), (700, self.today + timedelta(days=5)))
        self.propose(placement, kind="settlement", amount="600")
        self.walk("/odoo/collections-placements", "recobro_agency_recall", self.manager)
        self.assertEqual(placement.state, "recalled")
        self.assertEqual(placement.proposal_ids.mapped("state"), ["refused", "accepted"])
        self.assert_not_here(self.open(placement.id))


class TestAtADesk(AgencyTourCase):
    browser_size = "1400x900"

    def test_the_whole_way(self):
        """Placed, answered, accepted, refused, recalled."""
        self.whole_way()


class TestOnATelephone(AgencyTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_agency_answers(self):
        """A call is logged and a promise proposed from a telephone."""
        placement = self.place(self.customer, self.north, self.first, self.second)
        self.walk("/my", "recobro_agency_answer", self.ana)
        self.assertEqual(placement.proposal_ids.amount, 700)
