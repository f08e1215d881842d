import logging

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..engine import answers, clock

_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    """A customer who has paid online sees at once what it did to their plans and promises."""

    _inherit = "payment.transaction"

    def _post_process(self):
        """After Odoo has booked the money, judge the answers of who paid again: else it would take a minute."""
        result = super()._post_process()
        for transaction in self.filtered(lambda one: one.state == "done" and one.invoice_ids):
            transaction._recobro_settle()
        return result

    def _recobro_settle(self):
        """Bring the answers of who paid up to date. The money is booked already: an error of ours undoes nothing."""
        company = self.company_id.root_id
        customers = self.invoice_ids.commercial_partner_id
        try:
            with self.env.cr.savepoint():
                # sudo: answers are the engine's; whoever paid is a visitor
                env = self.sudo().env
                answers.settle(env, company.with_env(env), clock.today(env, company), customers.ids)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("The answers of customers %s are judged again in a minute", customers.ids)
