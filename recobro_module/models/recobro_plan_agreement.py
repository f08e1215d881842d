from odoo import fields, models
from odoo.exceptions import UserError

from ..const import SIGNATURE_KINDS
from ..engine.plans import plan_agreement
from ..engine.plans.plan_letter import PlanLetter
from ..tools.loose_fields import LooseMany2one


class RecobroPlanAgreement(models.AbstractModel):
    """The text that a customer agrees to, and the evidence that they did: never changed once it is there.

    The text is frozen when the plan is proposed, so that what is read, what is hashed and what is kept are one thing.
    """

    _name = "recobro.plan.agreement"
    _description = "Agreement on a payment plan"

    agreement = fields.Html(
        "Text agreed", readonly=True, sanitize=False, copy=False, help="Exactly what the customer reads and accepts."
    )
    agreement_hash = fields.Char("SHA-256 of the text", readonly=True, copy=False)
    accepted_by = fields.Char("Accepted by", readonly=True, copy=False)
    accepted_contact_id = LooseMany2one("res.partner", "Contact who accepted", readonly=True, copy=False)
    accepted_at = fields.Datetime("Accepted at", readonly=True, copy=False)
    accepted_address = fields.Char(
        "Address", readonly=True, copy=False, help="The network address it was accepted from."
    )
    accepted_login = fields.Char("Logged in as", readonly=True, copy=False)
    accepted_browser = fields.Char("Browser", readonly=True, copy=False)
    signature_kind = fields.Selection(SIGNATURE_KINDS, "Signature is", readonly=True, copy=False)
    signature = fields.Image(max_width=1024, max_height=1024, readonly=True, copy=False)
    signed_on = fields.Date("Signed on", readonly=True, copy=False, help="The day written on the paper.")
    # Found from the file too: whoever deletes one asks whether it is evidence
    evidence_id = fields.Many2one(
        "ir.attachment", "Agreement signed", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    def get_letter(self):
        """Return the plan in words and figures (`engine.plans.plan_letter.PlanLetter`); templates ask for it."""
        self.ensure_one()
        self.check_access("read")  # the letter reads what it needs in sudo
        return PlanLetter(self)

    def get_agreement_text(self):
        """Return the text of the agreement: what was frozen, or, of a draft, what it would be today."""
        self.ensure_one()
        return self.agreement or plan_agreement.text(self, plan_agreement.language_of(self))

    def get_agreement_language(self):
        """Return the language of its text, so that what is printed around it is said in the same."""
        self.ensure_one()
        return plan_agreement.language_of(self) or self.env.lang

    def action_download_agreement(self):
        """Download what was signed: the agreement with its signature, or the sheet of paper."""
        self.ensure_one()
        if not self.evidence_id:
            raise UserError(self.env._("Nobody has accepted this plan yet: there is nothing to download."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.evidence_id.id}?download=true",
            "target": "download",
        }

    def action_check_agreement(self):
        """Tell whether text and file are still what was accepted, by the hashes in the log."""
        self.ensure_one()
        self.check_access("read")
        if not self.accepted_at:
            raise UserError(self.env._("Nobody has accepted this plan yet: there is nothing to check."))
        doubts = plan_agreement.doubts(self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if doubts else "success",
                "sticky": bool(doubts),
                "title": self.env._("Agreement of %(plan)s", plan=self.display_name),
                "message": " ".join(doubts)
                or self.env._(
                    "Text, file and signature are what %(name)s accepted: their hashes match.", name=self.accepted_by
                ),
            },
        }
