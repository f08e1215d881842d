"""The dashboard in the browser: its components, and the way from a figure to the records behind it."""

from odoo import fields

from .common import RecobroBrowserCase

#: Odoo's name of a suite in the address of the page that runs it: the hash of where its files are.
_SUITE = "@recobro_module"


def _hash_of(name):
    number = 0
    for character in name:
        number = (number << 5) - number + ord(character) & 0xFFFFFFFF
    return f"{number:08x}"


class TestDashboardScreens(RecobroBrowserCase):
    def test_the_components(self):
        """The Hoot tests of `static/tests`."""
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={_hash_of(_SUITE)}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )

    def test_from_a_figure_to_the_records_and_from_a_debtor_to_the_case(self):
        today = fields.Date.context_today(self.env.user)
        collector = self.create_desk_user("tour_collector", "recobro_module.group_recobro_user")
        customer = self.create_customer("Ferreteria Roca")
        self.create_invoice(customer, 1250, fields.Date.subtract(today, days=100))
        self.create_invoice(customer, 400, fields.Date.subtract(today, days=5))
        self.env["recobro.case"].create(
            {"partner_id": customer.id, "company_id": self.company.id, "user_id": collector.id}
        )
        self.start_tour("/odoo", "recobro_collections_dashboard", login="tour_collector")
