from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.recobro_module.engine import standing, suspensions


class SaleOrder(models.Model):
    """An order shows how its customer stands; of one on hold it is confirmed by who may release it, with a reason."""

    _name = "sale.order"
    _inherit = ["sale.order", "recobro.standing"]

    # -------------------------------------------------------------------------
    # WHAT IS SHOWN
    # -------------------------------------------------------------------------

    def _recobro_customers(self):
        # sudo: who sees an order may know how its customer stands
        found = {order: (order.partner_id.commercial_partner_id, order.company_id.root_id) for order in self.sudo()}
        return {order: pair for order, pair in found.items() if all(pair)}

    def _recobro_standing_depends(self):
        return ("partner_id", "company_id")

    @api.model
    def _recobro_standing_domain(self, names):
        return Domain.OR(
            Domain("company_id", "child_of", company.id)
            & Domain("partner_id.commercial_partner_id", "in", standing.customers(self.env, company, names))
            for company in self.env.companies.sudo().root_id
        )

    @api.model
    def _recobro_tells_excess(self):
        return False  # Odoo warns of it in an order

    def action_recobro_case(self):
        """Open the case of the customer, if the user sees it."""
        [(customer, company)] = self._recobro_customers().values()
        case = self.env["recobro.case"].search(
            [("partner_id", "=", customer.id), ("company_id", "=", company.id), ("state", "=", "open")], limit=1
        )
        if not case:
            raise UserError(self.env._("There is no open case of this customer, or only its salesperson sees it."))
        return case._get_records_action()

    # -------------------------------------------------------------------------
    # CONFIRMING
    # -------------------------------------------------------------------------

    def action_confirm(self):
        """Confirm the orders, those of customers on hold by who may release them and says why."""
        held = self.filtered(lambda order: order._recobro_on_hold())
        user, reason = self.env.user, self.env.context.get("recobro_release_reason")
        if not held:
            return super().action_confirm()
        if user.id == SUPERUSER_ID or not user._is_internal():
            # The customer signed or paid in the portal: that is kept, and a person decides
            held._recobro_ask_release()
            return super(SaleOrder, self - held).action_confirm() if self - held else True
        if not user.has_group("recobro_module.group_recobro_manager"):
            raise AccessError(
                self.env._(
                    "The order can be confirmed once what is overdue is paid, or by a collections manager, who says "
                    "why. On hold: %(customers)s",
                    customers=", ".join(held.partner_id.commercial_partner_id.mapped("display_name")),
                )
            )
        if not isinstance(reason, str) or not reason.strip():
            action = self.env["ir.actions.act_window"]._for_xml_id("recobro_module_sale.action_recobro_sale_release")
            return {**action, "context": {**self.env.context, "default_order_ids": self.ids}}
        for order in held:
            order._recobro_log_release(reason.strip())
        return super().action_confirm()

    def _recobro_on_hold(self):
        [(customer, company)] = self._recobro_customers().values()
        return suspensions.is_on_hold(self.sudo().env, company, customer)

    def _recobro_ask_release(self):
        for order in self:
            order.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=(order.user_id or self.env.ref("base.user_admin")).id,
                note=self.env._("The customer accepted this, but is on hold: ask a collections manager to confirm it."),
            )

    def _recobro_log_release(self, reason):
        [(customer, company)] = self._recobro_customers().values()
        summary = self.env._("Order %(order)s confirmed although on hold", order=self.name)
        suspensions.log_release(self.sudo().env, company, customer, summary, reason)
        self.message_post(body=self.env._("%(what)s: %(why)s", what=summary, why=reason))
