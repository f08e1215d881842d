from lxml import etree

from odoo import models

from ..engine.message import Compiled


class IrQweb(models.AbstractModel):
    """A batch of messages compiles its template once, where Odoo compiles the body of a mail anew for each record."""

    _inherit = "ir.qweb"

    def _generate_code_uncached(self, template):
        """Keep what was compiled for as long as the batch, known by its text and by all that Odoo's own cache asks."""
        compiled = self.env.context.get("recobro_compiled")
        if not isinstance(compiled, Compiled) or not isinstance(template, etree._Element):
            return super()._generate_code_uncached(template)
        context = [self.env.context.get(key) or False for key in self._get_template_cache_keys()]
        key = (etree.tostring(template), *context)
        if key not in compiled.templates:
            compiled.templates[key] = super()._generate_code_uncached(template)
        return compiled.templates[key]
