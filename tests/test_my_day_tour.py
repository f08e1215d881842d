"""In the browser: a collector goes through the day, from the worklist to the next case."""

from odoo import fields

from .common import RecobroBrowserCase


class TestMyDayTour(RecobroBrowserCase):
    def test_from_the_worklist_to_the_next_case_and_one_is_set_aside(self):
        today = fields.Date.context_today(self.env.user)
        collector = self.create_desk_user("tour_day", "recobro_module.group_recobro_user")
        collector.recobro_day_capacity = 2
        cases = {}
        for name, amount in (("Large buyer", 9000), ("Middle buyer", 5000), ("Small buyer", 100)):
            case = (
                self.env["recobro.case"]
                .sudo()
                .create(
                    {
                        "partner_id": self.create_customer(name).id,
                        "company_id": self.env.company.root_id.id,
                        "user_id": collector.id,
                        "amount_open": amount,
                        "amount_overdue": amount,
                        "amount_net": amount,
                    }
                )
            )
            case.activity_schedule("recobro_module.activity_type_promise", today, user_id=collector.id)
            cases[name] = case
        self.start_tour("/odoo/collections-worklist", "recobro_collections_my_day", login="tour_day")
        self.assertEqual(cases["Middle buyer"].snooze_reason, "Back on Monday")
        self.assertFalse(cases["Large buyer"].snoozed_until)
