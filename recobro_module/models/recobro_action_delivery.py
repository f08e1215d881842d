from odoo import models

from ..engine import message


class RecobroActionDelivery(models.AbstractModel):
    """How actions reach the customer or the person who does them: one `_deliver_<channel>(as_of)` a channel.

    Each takes locked actions of one company in state planned, and does its work in the transaction at hand. What goes
    out by itself is made, logged and queued; what a person does is handed to its responsible.
    """

    _name = "recobro.action.delivery"
    _description = "Delivery of collections actions"

    def _deliver_email(self, as_of):
        """Make the e-mails of `self`, log them and queue them, in the transaction at hand."""
        message.deliver(self, as_of)

    def _deliver_call(self, as_of):
        """Hand the calls of `self` to their responsibles as activities on the cases."""
        for action, activity in zip(self, self._create_activities("recobro_module.activity_type_call"), strict=True):
            action.write({"is_delivered": True, "activity_id": activity.id})

    def _create_activities(self, type_xmlid):
        """Create one activity an action, on its case, due on its deadline, and return them in order."""
        activity_type = self.env.ref(type_xmlid)
        case_model = self.env["ir.model"]._get_id("recobro.case")
        return (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(
                [
                    {
                        "activity_type_id": activity_type.id,
                        "res_model_id": case_model,
                        "res_id": action.case_id.id,
                        "user_id": user.id,
                        "date_deadline": action.day,
                        "summary": action.level_id.with_context(lang=user.lang).name,
                        "note": action.level_id.with_context(lang=user.lang).script,
                        "automated": True,
                    }
                    for action in self
                    for user in (action.user_id or action.policy_id.user_id or self.env.ref("base.user_admin"))
                ]
            )
        )

    def _finish_activity(self):
        """Take away the activity of what was done, so that nobody does it twice."""
        # sudo: the activity may belong to a colleague; the action it stands for is done
        self.activity_id.sudo().exists().unlink()
