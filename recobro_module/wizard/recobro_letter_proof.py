from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine import clock
from ..engine.channels import letter_post
from ..tools import file_kinds


class RecobroLetterProof(models.TransientModel):
    """Dialog: letters were posted, arrived, or came back; on which day, and what proves it. One or many at once."""

    _name = "recobro.letter.proof"
    _description = "Record what became of letters"

    step = fields.Selection(
        [("sent", "Posted"), ("delivered", "Delivered"), ("returned", "Came back")], required=True, default="sent"
    )
    action_ids = fields.Many2many("recobro.action", string="Letters", readonly=True)
    line_ids = fields.One2many(
        "recobro.letter.proof.line",
        "proof_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
        string="Letters and their numbers",
    )
    day = fields.Date("On", required=True, default=lambda self: clock.today(self.env, self.env.company.root_id))
    proof_ids = fields.Many2many(
        "ir.attachment",
        "recobro_letter_proof_file_rel",
        string="Files",
        help="The receipt of the post, or the proof of delivery: PDF or picture.",
    )
    reason = fields.Char("Why it came back", help="What the post wrote on it, such as “moved” or “refused”.")
    changed = fields.Char("Changed since it was printed", compute="_compute_changed")

    @api.depends("action_ids")
    def _compute_line_ids(self):
        for dialog in self:
            dialog.line_ids = [
                Command.clear(),
                *(Command.create({"action_id": action.id}) for action in dialog.action_ids._origin),
            ]

    @api.depends("action_ids", "step")
    def _compute_changed(self):
        """Name the customers whose account has changed since: their letters should not go out as they are."""
        for dialog in self:
            actions = dialog.action_ids._origin if dialog.step == "sent" else dialog.action_ids.browse()
            # sudo: the verdict on customers whose letters the user sees; only names are shown
            stale = letter_post.changed(actions.sudo())
            dialog.changed = ", ".join(stale.mapped("partner_id.name"))

    def action_record(self):
        """Record it: the ladder goes on, and the log has the day and the proof."""
        self.ensure_one()
        letters = self.line_ids.action_id
        letters = letters._letters_to_send() if self.step == "sent" else letters._letters_posted()
        self._check_day(letters)
        self._check_delivered_once(letters)
        self._check_files()
        # sudo: lines and positions are the engine's; the right to act on the letters was checked above
        letters, proofs = letters.sudo(), self.proof_ids.sudo()
        if self.step == "sent":
            numbers = {line.action_id.id: line.tracking_number for line in self.line_ids}
            letter_post.sent(letters, self.day, numbers, proofs)
        elif self.step == "delivered":
            letter_post.delivered(letters, self.day, proofs)
        else:
            letter_post.came_back(letters, (self.reason or "").strip() or self.env._("no reason given"), proofs)
        return {"type": "ir.actions.act_window_close"}

    def _check_day(self, letters):
        """Refuse a day to come, and one before that which must have come first."""
        today = clock.today(self.env, self.env.company.root_id)
        if self.day > today:
            raise UserError(self.env._("This can't have happened on a day to come: check the date."))
        for letter in letters:
            before = letter.printed_on if self.step == "sent" else letter.sent_on
            if not before:
                raise UserError(
                    self.env._("The letter to %(customer)s was not printed.", customer=letter.partner_id.display_name)
                )
            if self.day < before:
                raise UserError(
                    self.env._(
                        "The letter to %(customer)s is of %(day)s: nothing of it can have happened before.",
                        customer=letter.partner_id.display_name,
                        day=format_date(self.env, before),
                    )
                )

    def _check_delivered_once(self, letters):
        """Refuse another day of delivery: days count from it. A manager may correct it, one letter at a time."""
        known = letters.filtered("delivered_on") if self.step == "delivered" else letters.browse()
        if not known or (len(letters) == 1 and self.env.user.has_group("recobro_module.group_recobro_manager")):
            return
        raise UserError(
            self.env._(
                "The letter to %(customer)s was delivered on %(day)s already, and the customer's days count from then. "
                "Take it out of the list. If that day is wrong, a collections manager corrects it, letter by letter.",
                customer=known[0].partner_id.display_name,
                day=format_date(self.env, known[0].delivered_on),
            )
        )

    def _check_files(self):
        """Refuse what the user may not read, and what is no scan: whatever it is called, colleagues would open it."""
        self.proof_ids.check_access("read")
        for file in self.proof_ids:
            if not file_kinds.kind_of(file.raw or b""):
                raise UserError(
                    self.env._("“%(file)s” is no proof we can keep: attach a PDF or a picture.", file=file.name)
                )
