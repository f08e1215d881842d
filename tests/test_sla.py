"""The clock of a dispute: working days of 24 hours, holidays off, still while we wait for the customer."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command

from odoo.addons.recobro_module.engine.disputes import dispute_alerts, sla
from odoo.addons.recobro_module.tools import kpi

from .common import MONDAY, RecobroCase, lived


def at(number, hour=10, minute=0):
    """The moment at an hour (UTC) of the day so many days after the Monday of the tests."""
    return datetime.combine(MONDAY, datetime.min.time()) + timedelta(days=number, hours=hour, minutes=minute)


class SlaCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.create_customer()
        cls.reason = cls.env.ref("recobro_module.dispute_reason_price")
        cls.owner = cls.env.user

    def env_at(self, moment):
        """The environment of somebody who lives at a moment."""
        return self.env(context={**self.env.context, "recobro_as_of": lived(moment)})

    def open_at(self, moment, amount=100.0, **vals):
        """A dispute of a new invoice of the customer, opened at a moment."""
        invoice = self.create_invoice(self.customer, amount, MONDAY - timedelta(days=10))
        return self.env_at(moment)["recobro.dispute"]._open_ticket(
            self.customer, self.company, {invoice: amount}, reason_id=self.reason.id, subject="Wrong price", **vals
        )

    def on(self, ticket, moment):
        """The ticket as somebody sees it at a moment."""
        return ticket.with_env(self.env_at(moment))

    def create_holiday(self, first, last, **values):
        """A public holiday of the company."""
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": first,
                "date_to": last,
                **values,
            }
        )


class TestSla(SlaCase):
    def test_seventy_two_hours_are_three_working_days(self):
        ticket = self.open_at(at(0))
        self.assertEqual(ticket.deadline, at(3))
        self.assertEqual(ticket.near_at, at(0) + timedelta(hours=57, minutes=36))

    def test_a_weekend_does_not_count(self):
        self.assertEqual(self.open_at(at(4)).deadline, at(9))
        ticket = self.open_at(at(5))
        self.assertEqual(ticket.deadline, at(9, 24), "opened on a Saturday, it starts with Monday")
        self.assertEqual(self.on(ticket, at(6, 23)).sla_used, 0)

    def test_a_holiday_of_the_company_does_not_count(self):
        self.create_holiday(at(7, 0), at(7, 23, 59))
        self.assertEqual(self.open_at(at(4)).deadline, at(10))

    def test_a_holiday_of_everybody_does_not_count_either(self):
        self.create_holiday(at(1, 0), at(1, 23, 59), calendar_id=False)
        self.assertEqual(self.open_at(at(0)).deadline, at(4))

    def test_the_leave_of_one_person_moves_nothing(self):
        resource = self.env["resource.resource"].sudo().create({"name": "Ana", "company_id": self.company.id})
        self.create_holiday(at(1, 0), at(1, 23, 59), resource_id=resource.id)
        self.assertEqual(self.open_at(at(0)).deadline, at(3))

    def test_a_holiday_entered_later_moves_the_deadline_with_the_next_day(self):
        ticket = self.open_at(at(0))
        self.create_holiday(at(1, 0), at(1, 23, 59))
        self.run_day(MONDAY)
        self.assertEqual(ticket.deadline, at(4))

    def test_days_begin_at_midnight_where_the_company_is(self):
        self.company.partner_id.tz = "Europe/Madrid"
        ticket = self.open_at(at(4, 22))
        self.assertEqual(ticket.deadline, at(9, 22), "one hour of Friday is left at 22:00 UTC, and 71 from Monday on")
        self.assertEqual(sla.working_time(self.company, at(4), at(7)), [(at(4), at(4, 23)), (at(6, 23), at(7))])

    def test_a_clock_that_is_asked_further_on_reads_further_on(self):
        company_clock = sla.SlaClock(self.company, at(0))
        asked = [company_clock.elapsed(at(0), at(number)) for number in (1, 2, 3, 4, 7, 8, 9)]
        self.assertEqual(asked, [24, 48, 72, 96, 120, 144, 168])

    def test_deleting_the_chosen_calendar_goes_back_to_the_shipped_one(self):
        shipped = self.env.ref("recobro_module.sla_calendar")
        self.company.recobro_sla_calendar_id = shipped
        self.env.flush_all()
        shipped.sudo().unlink()
        self.env.invalidate_all()
        self.assertFalse(self.company.recobro_sla_calendar_id, "so that the addon leaves nothing behind")
        self.assertTrue(sla.calendar_of(self.company), "the working hours of the company")

    def test_another_calendar_can_be_chosen(self):
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Office",
                "company_id": self.company.id,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create({"name": "Day", "dayofweek": str(day), "hour_from": 8, "hour_to": 16})
                        for day in range(5)
                    ),
                ],
            }
        )
        self.company.recobro_sla_calendar_id = calendar
        self.reason.sla_hours = 16
        self.assertEqual(self.open_at(at(4, 12)).deadline, at(8, 12))

    def test_time_waiting_for_the_customer_does_not_count(self):
        ticket = self.open_at(at(0))
        self.on(ticket, at(0, 20)).action_wait()
        self.assertFalse(ticket.deadline)
        self.assertEqual(
            (self.on(ticket, at(2, 7)).sla_state, self.on(ticket, at(2, 7)).time_left), ("stopped", "stopped")
        )
        self.on(ticket, at(2, 8)).stage_id = self.env.ref("recobro_module.dispute_stage_review")
        self.assertEqual(ticket.deadline, at(4, 22))
        self.on(ticket, at(4, 20)).action_reject()
        self.assertEqual((ticket.sla_outcome, ticket.cycle_hours, ticket.raw_hours), ("met", 70, 106))

    def test_two_pauses_and_a_weekend(self):
        ticket = self.open_at(at(3))
        for began, ended in (((3, 12), (3, 18)), ((4, 22), (7, 4))):
            self.on(ticket, at(*began)).action_wait()
            self.on(ticket, at(*ended)).stage_id = self.env.ref("recobro_module.dispute_stage_review")
        self.on(ticket, at(7, 10)).action_reject()
        # 2 h, then 28 h, then 6 h
        self.assertEqual((ticket.cycle_hours, ticket.raw_hours), (36, 96))

    def test_what_it_shows_goes_from_in_time_to_near_to_late(self):
        ticket = self.open_at(at(0))
        shown = [
            (self.on(ticket, moment).sla_state, self.on(ticket, moment).time_left)
            for moment in (at(0), at(1, 7), at(2, 19, 36), at(3, 9, 30), at(3, 15))
        ]
        self.assertEqual(
            shown,
            [
                ("running", "3 days left"),
                ("running", "2 days 3 h left"),
                ("near", "14 h left"),
                ("near", "30 min left"),
                ("late", "5 h late"),
            ],
        )
        self.assertAlmostEqual(self.on(ticket, at(1, 22)).sla_used, 0.5)

    def test_a_ticket_that_was_late_is_missed_when_it_closes_and_is_late_while_it_waits(self):
        ticket = self.open_at(at(0))
        self.on(ticket, at(3, 11)).action_wait()
        self.assertEqual(self.on(ticket, at(4)).sla_state, "late")
        self.on(ticket, at(4)).action_reject()
        self.assertEqual(ticket.sla_state, "missed")

    def test_reopened_it_goes_on_with_what_was_left(self):
        ticket = self.open_at(at(0))
        self.on(ticket, at(1)).action_reject()
        self.on(ticket, at(3)).action_reopen()
        self.assertEqual((ticket.sla_outcome, ticket.deadline), (False, at(7)))

    def test_another_reason_brings_its_own_sla(self):
        ticket = self.open_at(at(0))
        other = self.env.ref("recobro_module.dispute_reason_missing_document")
        other.sla_hours = 24
        ticket.reason_id = other
        self.assertEqual((ticket.deadline, ticket.department, ticket.root_cause), (at(1), "finance", "friction"))


class TestSlaAlerts(SlaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.env["res.users"].create(
            {
                "name": "Boss",
                "login": "sla-boss",
                "email": "boss@seller.example",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(cls.env.ref("recobro_module.group_recobro_manager").ids)],
            }
        )
        cls.policy.user_id = cls.boss

    def alert(self, moment):
        """What the scheduled action does for the company at a moment."""
        dispute_alerts.alert(self.env_at(moment), self.company, moment)

    def told(self, ticket, name):
        """Who was told of a ticket by a kind of alert."""
        kind = self.env.ref(f"recobro_module.activity_type_{name}")
        return ticket.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind).user_id

    def test_the_owner_is_told_at_eighty_per_cent_and_the_manager_at_breach_once_each(self):
        ticket = self.open_at(at(0), user_id=self.owner.id)
        self.alert(at(2, 19, 35))
        self.assertFalse(self.told(ticket, "dispute_due"))
        self.alert(at(2, 19, 36))
        self.assertEqual(self.told(ticket, "dispute_due"), self.owner)
        self.assertFalse(self.told(ticket, "dispute_late"))
        self.alert(at(3))
        self.assertEqual(self.told(ticket, "dispute_late"), self.boss)
        self.assertFalse(self.told(ticket, "dispute_due"), "that it was near is nothing to tell any more")
        ticket.sudo().activity_ids.unlink()
        self.alert(at(3, 11))
        self.assertFalse(ticket.sudo().activity_ids, "once each")

    def test_what_waits_for_the_customer_is_not_near_its_sla(self):
        ticket = self.open_at(at(0))
        self.on(ticket, at(0, 11)).action_wait()
        self.alert(at(3))
        self.assertFalse(ticket.sudo().activity_ids)

    def test_a_dispute_open_for_more_than_five_days_is_told_to_its_owner_even_when_it_waits(self):
        ticket = self.open_at(at(0), user_id=self.owner.id)
        self.on(ticket, at(0, 11)).action_wait()
        self.alert(at(5))
        self.assertFalse(self.told(ticket, "dispute_old"))
        self.alert(at(5, 11))
        self.assertEqual(self.told(ticket, "dispute_old"), self.owner)

    def test_closing_a_dispute_takes_its_alerts_away(self):
        ticket = self.open_at(at(0))
        self.alert(at(7))
        self.assertTrue(ticket.sudo().activity_ids)
        self.on(ticket, at(7)).action_reject()
        self.assertFalse(ticket.sudo().activity_ids)

    def test_the_scheduled_action_tells_too(self):
        ticket = self.open_at(at(0))
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=float("inf")):
            ticket.with_env(self.env_at(at(3))(user=SUPERUSER_ID))._cron_alert()
        self.assertEqual(self.told(ticket, "dispute_late"), self.boss)

    def test_an_error_in_one_company_keeps_no_other_from_its_alerts(self):
        ticket = self.open_at(at(0))
        broken = self.setup_other_company()["company"]
        alert, companies = dispute_alerts.alert, []

        def alert_or_fail(env, company, moment):
            companies.append(company)
            if company == broken:
                env["recobro.dispute"].sudo().browse(ticket.id).note = "Half done"
                env.flush_all()
                raise ValueError("A broken company")
            if company == self.company:
                alert(env, company, moment)

        self.env.cr.execute("UPDATE res_company SET sequence = -1 WHERE id = %s", [broken.id])
        self.env.invalidate_all()
        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=float("inf")),
            patch.object(dispute_alerts, "alert", alert_or_fail),
            self.assertLogs("odoo.addons.recobro_module.engine.disputes.dispute_alerts", "ERROR"),
        ):
            ticket.with_env(self.env_at(at(3))(user=SUPERUSER_ID))._cron_alert()
        self.assertLess(companies.index(broken), companies.index(self.company))
        self.assertEqual(self.told(ticket, "dispute_late"), self.boss)
        self.assertFalse(ticket.note, "nothing is left of what failed")

    def test_as_many_statements_for_forty_tickets_as_for_ten(self):
        counts = []
        for number in (10, 30):
            for _number in range(number):
                self.open_at(at(0))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["recobro.dispute"].sudo().search([]).write({"near_alerted_at": False})
            dispute_alerts._near(self.env_at(at(2, 21)), self.company, at(2, 19))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


class TestDisputeFigures(SlaCase):
    def test_sla_attainment_counts_what_is_open_and_late_as_missed(self):
        met, missed, late, _fine = (self.open_at(at(0)) for _number in range(4))
        self.on(met, at(2)).action_reject()
        self.on(missed, at(3, 11)).action_reject()
        self.on(late, at(1)).action_reject()
        self.on(late, at(1)).action_reopen()
        closed = met | missed
        self.assertEqual(
            kpi.sla_attainment([(one.cycle_hours, one.sla_hours) for one in closed], open_past_sla=1), 1 / 3
        )

    def test_cycle_time_over_a_weekend_a_holiday_and_with_a_pause_and_the_raw_time_beside_it(self):
        self.create_holiday(at(7, 0), at(7, 23, 59))
        weekend = self.open_at(at(4))
        self.on(weekend, at(8)).action_reject()
        paused = self.open_at(at(0))
        self.on(paused, at(0, 16)).action_wait()
        self.on(paused, at(1, 16)).stage_id = self.env.ref("recobro_module.dispute_stage_review")
        self.on(paused, at(2)).action_reject()
        closed = [(one.cycle_hours, one.raw_hours) for one in weekend | paused]
        self.assertEqual(closed, [(24, 96), (24, 48)])
        self.assertEqual(kpi.dispute_cycle_hours(closed), (24, 72))
