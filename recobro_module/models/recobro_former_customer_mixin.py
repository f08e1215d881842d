from odoo import models


class RecobroFormerCustomerMixin(models.AbstractModel):
    """Names a customer in `partner_id` without a foreign key, and can be read in the app when that one is no more.

    A list reads the customer as empty, and a group of them says that it was removed.
    """

    _name = "recobro.former.customer.mixin"
    _description = "Names a customer that may be gone"

    def web_read(self, specification):
        """Read no customer where it was merged or deleted; the web client's own way asks it for its name."""
        if "partner_id" in specification:
            self.fetch(["partner_id"])
            there = self.partner_id.exists()
            for record in self.filtered(lambda record: record.partner_id not in there):
                self._fields["partner_id"]._update_cache(record, None)
        return super().web_read(specification)

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)
        if groupby_spec != "partner_id":
            return formatter
        there = self.env["res.partner"].union(*values).exists()

        def formatter_of_former(value):
            if value and value not in there:
                return (value.id, self.env._("Customer removed")), [("partner_id", "=", value.id)]
            return formatter(value)

        return formatter_of_former
