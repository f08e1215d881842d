import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.file_kinds import kind_of, safe_name

#: What a mail server takes without complaint.
_MOST_MEGABYTES = 5


class RecobroLeaflet(models.Model):
    """One leaflet of a policy, in one language: a file of the company's own, or the shipped page made into one."""

    _name = "recobro.leaflet"
    _description = "Leaflet for new customers"
    _order = "policy_id, lang, id"

    policy_id = fields.Many2one("recobro.policy", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        "res.company",
        domain=[("parent_id", "=", False)],
        index="btree_not_null",
        help="Empty: for all companies of the policy.",
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        "Kept file",
        ondelete="set null",
        # Written by the file alone: written by RPC, it would send customers any file of the database
        groups=fields.NO_ACCESS,
    )
    file = fields.Binary(compute="_compute_file", inverse="_inverse_file", required=True, help="A PDF or a picture.")
    filename = fields.Char("Name of the file")

    _lang_once = models.UniqueIndex(
        "(policy_id, COALESCE(company_id, 0), lang)",
        "There is a leaflet in this language already: change that one.",
    )

    @api.depends("policy_id", "lang")
    def _compute_display_name(self):
        labels = dict(self._fields["lang"]._description_selection(self.env))
        for leaflet in self:
            leaflet.display_name = self.env._("Leaflet, %(language)s", language=labels.get(leaflet.lang, ""))

    @api.depends("attachment_id")
    def _compute_file(self):
        for leaflet in self:
            # sudo: whoever reads the policy reads its leaflets; the file belongs to the policy
            leaflet.file = leaflet.sudo().attachment_id.datas

    def _inverse_file(self):
        """Keep the file as an attachment of its own: a message that went out keeps the leaflet it brought."""
        for leaflet in self:
            content = base64.b64decode(leaflet.file or b"")
            kind = kind_of(content)
            if not kind:
                raise ValidationError(
                    self.env._("A leaflet is a PDF or a picture (JPEG, PNG, WebP): choose another file.")
                )
            if len(content) > _MOST_MEGABYTES * 1024 * 1024:
                raise ValidationError(
                    self.env._(
                        "The leaflet goes out by e-mail, so it may have %(most)s MB at most: choose a smaller file.",
                        most=_MOST_MEGABYTES,
                    )
                )
            leaflet._keep(content, safe_name(leaflet.filename or self.env._("Leaflet"), kind[1]), kind[0])

    def _keep(self, content, name, content_type):
        # sudo: the right to write the leaflet was checked by the ORM; the file is as readable as its policy
        leaflet = self.sudo()
        leaflet.attachment_id = leaflet.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": content_type,
                "res_model": "recobro.policy",
                "res_id": self.policy_id.id,
            }
        )
        self.filename = name

    @api.model
    def _make(self, policy, company, lang):
        """Return the shipped leaflet of `company` in a language, as one of `policy`."""
        reports = self.env["ir.actions.report"].with_context(lang=lang)
        content, kind = reports._render_qweb_pdf("recobro_module.report_leaflet", company.ids)
        if kind != "pdf":
            raise UserError(self.env._("The leaflet could not be made into a PDF: wkhtmltopdf is not installed."))
        name = reports.env._("How to pay %(company)s", company=company.name)
        return self.create(
            {
                "policy_id": policy.id,
                "company_id": company.id,
                "lang": lang,
                "filename": f"{name}.pdf",
                "file": base64.b64encode(content),
            }
        )
