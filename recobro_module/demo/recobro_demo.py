from odoo import api, models

from ..engine import clock
from . import customers, desk, ledger, office, people, story

#: The demo is written without tracking, followers and notices: nobody was there to read them.
_QUIETLY = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_activity_quick_update": True,
    "mail_notify_force_send": False,
    "lang": "en_US",
}


class RecobroDemo(models.AbstractModel):
    """The door by which the demo data file builds the demo ledger.

    A data file can only call methods of models; this one has no table, no rights and no fields, and its method
    is private, so in a database without demo data it is inert. The demo could not be plain records: it is relative to
    today, and its payments are matched and its days are lived by the same code as real ones.
    """

    _name = "recobro.demo"
    _description = "Demo ledger"

    @api.model
    def _load(self, number=None, months=18, lived_days=45):
        """Build the demo company, with `months` of books and `lived_days` of collections; return the company.

        :param number: of customers; all when None.
        """
        env = self.with_context(**_QUIETLY).sudo().env
        office.speak_spanish(env)
        company = office.open_company(env)
        env = company.env
        today = clock.today(env, company)
        told = customers.CUSTOMERS[:number]
        staff = office.hire(company)
        office.fix_rates(company, today, months)
        products, terms = office.set_up_sales(company)
        standard, key_policy = office.set_policies(company, staff)
        partners = people.enlist(company, told, staff, terms, key_policy)
        books = ledger.Ledger(company, story.tell(told, today, months), partners, products, terms)
        books.draft()
        desk.Desk(books, staff, today, standard).live_through(lived_days)
        return company
