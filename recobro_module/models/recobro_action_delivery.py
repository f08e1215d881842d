from datetime import timedelta

from odoo import fields, models

from ..engine import message
from ..engine.channels import call, letter_print, sms, suspension, whatsapp


class RecobroActionDelivery(models.AbstractModel):
    """How actions reach the customer or the person who does them: one `_deliver_<channel>(as_of)` a channel.

    Each takes locked actions of one company in state planned, and does its work in the transaction at hand. What goes
    out by itself is made, logged and queued; what a person does is handed to its responsible.
    """

    _name = "recobro.action.delivery"
    _description = "Delivery of collections actions"

    suspension_ids = fields.One2many("recobro.suspension", "action_id", readonly=True)

    def _deliver_email(self, as_of):
        """Make the e-mails of `self`, log them and queue them, in the transaction at hand."""
        message.deliver(self, as_of)

    def _deliver_sms(self, as_of):
        """Make the SMS of `self`, log them and queue them, in the transaction at hand."""
        sms.deliver(self, as_of)

    def _deliver_call(self, as_of):
        """Hand the calls of `self` to their responsibles as activities on the cases, each with a script."""
        self._hand_over("recobro_module.activity_type_call", call.scripts(self))

    def _deliver_letter(self, as_of):
        """Put the letters of `self` into the queue of what is printed in one go; each is judged again there."""
        self.write({"is_delivered": True})

    def _deliver_whatsapp(self, as_of):
        """Hand the WhatsApp messages of `self` to their responsibles, with a link that opens the chat."""
        whatsapp.deliver(self)

    def _deliver_suspension(self, as_of):
        """Make the notices of the suspensions that `self` proposes, log them and queue them."""
        suspension.deliver(self, as_of)

    def _hand_over(self, type_xmlid, notes):
        """Give the tasks of `self` to their responsibles as activities of a type, with a note each."""
        for action, activity in zip(self, self._create_activities(type_xmlid, notes), strict=True):
            action.write({"is_delivered": True, "activity_id": activity.id})

    def _create_activities(self, type_xmlid, notes):
        """Create one activity an action, on its case, due on its day, and return them in order.

        :param notes: {action: HTML}
        """
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
                        "note": notes[action],
                        "automated": True,
                    }
                    for action in self
                    for user in call.doer_of(action)
                ]
            )
        )

    def get_suspension_days(self):
        """Return the last day on which nothing changes and the first of the suspension, in words, for its notice."""
        self.ensure_one()
        # sudo: who may read the action may read what it says
        days = self.sudo().suspension_ids[:1].notice_days or self.level_id.notice_days
        letter = self.get_letter()
        first = letter.statement.as_of + timedelta(days=days)
        return letter.date(first - timedelta(days=1)), letter.date(first)

    def _preview(self):
        """Return the HTML of what an action (in sudo) would say today; empty for what says nothing by itself."""
        previews = {"sms": sms.preview, "letter": letter_print.preview, "whatsapp": whatsapp.preview}
        return previews.get(self.channel, message.preview)(self)

    def _finish_activity(self):
        """Take away the activity of what was done, so that nobody does it twice."""
        # sudo: the activity may belong to a colleague; the action it stands for is done
        self.activity_id.sudo().exists().unlink()
