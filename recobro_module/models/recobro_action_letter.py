from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.channels import letter_post, letter_print
from ..engine.channels.action_letter import ActionLetter
from ..engine.channels.printed_letter import PrintedLetter
from ..tools.loose_fields import LooseMany2one

#: States in which a letter can still be printed and sent: one that was missed too, as a call.
_TO_SEND = ("planned", "missed")


class RecobroActionLetter(models.AbstractModel):
    """Letters on paper: a queue to print in one go, then the day each was sent, its proof, and the day it arrived."""

    _name = "recobro.action.letter"
    _description = "Letters of collections"

    letter_id = LooseMany2one("ir.attachment", "Letter", readonly=True, copy=False, index="btree_not_null")
    printed_on = fields.Date("Printed on", readonly=True, copy=False)
    sent_on = fields.Date("Posted on", readonly=True, copy=False)
    sent_by_id = LooseMany2one("res.users", "Posted by", readonly=True, copy=False)
    tracking_number = fields.Char("Tracking number", readonly=True, copy=False)
    delivered_on = fields.Date(
        "Delivered on", readonly=True, copy=False, help="From the proof of delivery; grace days count from it."
    )
    proof_asked_on = fields.Date("Proof asked for on", readonly=True, copy=False)
    proof_ids = fields.Many2many(
        "ir.attachment", "recobro_action_proof_rel", "action_id", "attachment_id", readonly=True, copy=False
    )
    letter_state = fields.Selection(
        [
            ("to_print", "To print"),
            ("printed", "Printed"),
            ("sent", "Posted"),
            ("delivered", "Arrived"),
            ("returned", "Came back"),
        ],
        "Where the letter is",
        compute="_compute_letter_state",
    )

    @api.depends("channel", "state", "printed_on", "sent_on", "delivered_on")
    def _compute_letter_state(self):
        for action in self:
            action.letter_state = action.channel == "letter" and action._letter_state()

    def _letter_state(self):
        if self.state == "failed" and self.sent_on:
            return "returned"
        if self.state == "done" and self.sent_on:
            return "delivered" if self.delivered_on else "sent"
        if self.state in _TO_SEND:
            return "printed" if self.printed_on else "to_print"
        return False

    # -------------------------------------------------------------------------
    # WHAT IT SAYS
    # -------------------------------------------------------------------------

    def _make_letter(self, *facts):
        """Return the account in words for what this action is: on paper it says more of who writes, and by when."""
        letter = PrintedLetter if self.channel == "letter" else ActionLetter
        return letter(self.sudo(), *facts)

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def action_print_letters(self):
        """Print the letters of `self` as one file, each judged again, and show what came of it."""
        letters = self._letters_to_send()
        dialog = self.env["recobro.letter.print"].create({})
        dialog._print(letters)
        return dialog._open()

    def action_letters_sent(self):
        """Open the dialog that says on which day printed letters were posted, and what proves it."""
        letters = self._letters_to_send()
        if unprinted := letters.filtered(lambda action: not action.letter_id):
            raise UserError(
                self.env._(
                    "Print these letters first: %(customers)s.",
                    customers=", ".join(unprinted.mapped("partner_id.display_name")),
                )
            )
        return letters._open_proof_dialog("sent", self.env._("Letters sent"))

    def action_letters_delivered(self):
        """Open the dialog that says when letters arrived, and what proves it."""
        return self._letters_posted()._open_proof_dialog("delivered", self.env._("Proof of delivery"))

    def action_letters_returned(self):
        """Open the dialog that says that letters came back."""
        return self._letters_posted()._open_proof_dialog("returned", self.env._("Letters that came back"))

    def action_post_letters(self):
        """Hand printed letters to Odoo's letter service, where it is installed."""
        letters = self._letters_to_send().filtered("letter_id")
        if not letters:
            raise UserError(self.env._("Print the letters first: what is posted is what was printed."))
        # sudo: the engine writes actions; the right to act on them was checked with the letters
        letters.sudo()._post_letter()

    def action_open_letter(self):
        """Open the letter as it was printed."""
        self.ensure_one()
        self.check_access("read")
        if not self.letter_id.exists():
            raise UserError(self.env._("This letter has not been printed yet."))
        return {"type": "ir.actions.act_url", "url": f"/web/content/{self.letter_id.id}", "target": "new"}

    def _post_letter(self):
        """Post the printed letters of `self` (in sudo) by a service. Hook: Odoo's own, where it is installed."""
        letter_post.post(self)

    def _letters_to_send(self):
        """Return the letters of `self` that can be printed and sent, after asking for the right to act on them."""
        self._check_may_act("group_recobro_user", self.env._("Only a collector may print and send letters."))
        letters = self.filtered(lambda action: action.channel == "letter" and action.state in _TO_SEND)
        if not letters:
            raise UserError(self.env._("None of these is a letter that waits to be sent."))
        if len(letters) > letter_print.MOST_AT_ONCE:
            raise UserError(
                self.env._(
                    "Choose %(most)s letters at most: so many are printed at once.", most=letter_print.MOST_AT_ONCE
                )
            )
        return letters

    def _letters_posted(self):
        """Return the letters of `self` that were posted, after asking for the right to act on them."""
        self._check_may_act("group_recobro_user", self.env._("Only a collector may record what became of letters."))
        letters = self.filtered(lambda action: action.channel == "letter" and action.state == "done")
        if not letters:
            raise UserError(self.env._("None of these is a letter that was posted."))
        return letters

    def _open_proof_dialog(self, step, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "recobro.letter.proof",
            "view_mode": "form",
            "target": "new",
            "context": {"default_step": step, "default_action_ids": self.ids},
        }
