"""How agencies speak in our name: some lines of last month, chosen at random, always the same, for us to read."""

from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine import clock
from odoo.addons.recobro_module.engine.placements import agency_log, tone_review

from .common import MONDAY
from .placement_case import PlacementCase
from .test_promises import day


class TestToneReview(PlacementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = new_test_user(
            cls.env,
            "tone_person",
            "base.group_portal",
            partner_id=cls.env["res.partner"]
            .create({"name": "Ana", "parent_id": cls.agency.partner_id.id, "email": "ana@agency.example"})
            .id,
        )

    def setUp(self):
        super().setUp()
        self.placement = self.place()

    def write_lines(self, number, when=MONDAY, placement=None, channel="call"):
        """Lines of the agency's person, one a day from `when` on."""
        placement = placement or self.placement
        lines = self.env["recobro.interaction"]
        for shift in range(number):
            moment = datetime.combine(when + timedelta(days=shift), datetime.min.time()) + timedelta(hours=10)
            lines |= agency_log.log(
                placement.sudo(),
                self.person,
                channel=channel,
                result="answered",
                summary=f"Line {shift}",
                note=f"Line {shift}",
                date=moment,
            )
        return lines

    def sample(self, when):
        tone_review.sample(self.env_on(when), self.company, when)
        self.env.invalidate_all()
        return self.reviews()

    def reviews(self):
        return self.env["recobro.tone.review"].search([("agency_id", "=", self.agency.id)])

    def test_the_first_run_of_a_month_takes_a_sample_of_the_last_one(self):
        lines = self.write_lines(12)
        self.write_lines(3, date(2026, 4, 1))
        self.assertFalse(self.sample(date(2026, 3, 30)))
        reviews = self.sample(date(2026, 4, 3))
        self.assertEqual(len(reviews), 5)
        self.assertLessEqual(reviews.line_id, lines)
        self.assertEqual(set(reviews.mapped("month")), {date(2026, 3, 1)})
        [activity] = self.agency.activity_ids
        self.assertEqual((activity.user_id, activity.date_deadline), (self.manager, date(2026, 4, 10)))
        self.assertIn("5 lines", activity.note)
        self.assertEqual(self.sample(date(2026, 4, 4)), reviews)
        self.assertEqual(len(self.agency.activity_ids), 1)

    def test_the_same_lines_are_chosen_whoever_chooses(self):
        self.write_lines(12)
        first = self.sample(date(2026, 4, 1)).line_id
        self.reviews().sudo().unlink()
        self.assertEqual(self.sample(date(2026, 4, 20)).line_id, first)

    def test_the_agency_says_how_many_and_none_is_none(self):
        self.write_lines(4)
        self.agency.sample_size = 0
        self.assertFalse(self.sample(date(2026, 4, 1)))
        self.agency.sample_size = 100
        self.assertEqual(len(self.sample(date(2026, 4, 1))), 4)

    def test_only_contacts_are_read_and_each_agency_by_itself(self):
        self.write_lines(2, channel="portal")
        other = self.create_customer("Another")
        invoice = self.create_invoice(other, 100, day(-5))
        case = self.env_on(MONDAY)["recobro.case"]._open_for(other, self.company)
        dialog = self.env_on(MONDAY)["recobro.placement.place"].create(
            {"case_id": case.id, "agency_id": self.lawyer.id, "item_ids": [Command.set(self.item(invoice).ids)]}
        )
        dialog.action_place()
        self.write_lines(7, placement=case.placement_id)
        self.assertFalse(self.sample(date(2026, 4, 1)))
        reviews = self.env["recobro.tone.review"].search([("agency_id", "=", self.lawyer.id)])
        self.assertEqual(len(reviews), 5)
        self.assertTrue(self.lawyer.activity_ids)

    def test_the_daily_job_takes_it(self):
        self.write_lines(3)
        self.run_day(date(2026, 4, 1))
        self.assertEqual(len(self.reviews()), 3)

    def test_a_day_with_nothing_to_choose_costs_one_statement(self):
        self.write_lines(3)
        self.sample(date(2026, 4, 1))
        env = self.env_on(date(2026, 4, 2))
        env.flush_all()
        clock.begin_of(self.company, MONDAY)  # its time zone is known to a run
        with self.assertQueryCount(1):
            tone_review.sample(env, self.company, date(2026, 4, 2))

    def test_verdicts_are_counted_and_the_request_goes_with_the_last(self):
        self.write_lines(4)
        reviews = self.sample(date(2026, 4, 1)).with_env(self.as_user(self.manager, date(2026, 4, 2)))
        reviews[:3].action_fine()
        self.assertTrue(self.agency.activity_ids)
        reviews[3].write({"verdict": "too_hard", "note": "No threats"})
        self.env.invalidate_all()
        asked = self.env.ref("recobro_module.activity_type_tone_review")
        self.assertNotIn(asked, self.agency.activity_ids.activity_type_id)
        self.assertEqual((self.agency.tone_fine, self.agency.tone_read, self.agency.tone_waiting), (0.75, 4, 0))
        self.assertEqual(set(reviews.mapped("state")), {"read"})
        self.assertEqual(reviews.reviewer_id, self.manager)

    def test_what_is_not_fine_needs_a_reason_and_is_told_to_who_answers_for_the_agency(self):
        self.write_lines(3)
        reviews = self.sample(date(2026, 4, 1)).with_env(self.as_user(self.collector, date(2026, 4, 2)))
        for verdict in ("too_hard", "wrong_facts", "other"):
            for note in (False, "  "):
                with self.assertRaisesRegex(UserError, "what to say to the agency"), self.env.cr.savepoint():
                    reviews[0].write({"verdict": verdict, "note": note})
        reviews[0].write({"verdict": "too_hard", "note": "No threats"})
        told = self.env.ref("recobro_module.activity_type_tone_told")
        [activity] = self.agency.activity_ids.filtered(lambda one: one.activity_type_id == told)
        self.assertEqual(activity.user_id, self.manager)
        for words in ("No threats", reviews[0].said, self.collector.name, "Too hard", self.person.name):
            self.assertIn(words, activity.note)
        reviews[1].write({"verdict": "wrong_facts", "note": "It was 400"})
        reviews[2].action_fine()
        [activity] = self.agency.activity_ids.filtered(lambda one: one.activity_type_id == told)
        self.assertIn("It was 400", activity.note)
        self.assertEqual(self.agency.harsh_review_ids, reviews[:2].sudo())

    def test_who_reads_writes_the_verdict_and_nothing_else(self):
        self.write_lines(2)
        review = self.sample(date(2026, 4, 1))[:1]
        collectors = review.with_user(self.collector)
        collectors.write({"verdict": "wrong_facts", "note": "It was 400"})
        for values in ({"agency_id": self.lawyer.id}, {"state": "to_read"}, {"line_id": 1}, {"month": MONDAY}):
            with self.assertRaises(AccessError, msg=values):
                collectors.write(values)
        with self.assertRaisesRegex(UserError, "changed, not taken back"):
            collectors.write({"verdict": False})
        for user in (self.accountant, self.employee, self.portal, self.person):
            with self.assertRaises(AccessError):
                review.with_user(user).write({"verdict": "fine"})
        with self.assertRaises(AccessError):
            collectors.unlink()

    def test_colleagues_of_another_company_read_none_of_it(self):
        self.write_lines(2)
        review = self.sample(date(2026, 4, 1))[:1]
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "tone_stranger",
            "recobro_module.group_recobro_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(review.with_user(stranger).search([("id", "=", review.id)]))
