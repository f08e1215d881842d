"""What the browser asks the server for when a person opens a screen: the fields of its view, invisible ones too."""

from lxml import etree

_VIEWS = ("list", "kanban", "form")
_ADDON = "recobro_module"
_ALWAYS = ("1", "True", "true")
#: Lines of a list inside a form that are read unless its view says another number.
_LINES = 40
#: How far the browser lets the server count the records of a list.
_COUNTED = 10_001


class Screen:
    """A view of a model as one user sees it: what it reads of some records, with the addon's fields or without."""

    def __init__(self, model, view_type, view=None):
        self.model = model
        view_id = model.env.ref(view).id if view else False
        self.arch = etree.fromstring(model.get_views([(view_id, view_type)])["views"][view_type]["arch"])
        self.specification = _specification(model, self.arch, with_addon=True)
        self.specification_without = _specification(model, self.arch, with_addon=False)

    def open(self, record_id, with_addon=True):
        """Read a record as the request of a form does: with nothing in memory yet."""
        self.model.env.invalidate_all()
        return self.model.browse(record_id).web_read(self._fields(with_addon))

    def list(self, domain, number, with_addon=True):
        """Read the first page of a list of so many records, as its request does."""
        self.model.env.invalidate_all()
        return self.model.web_search_read(domain, self._fields(with_addon), limit=number, count_limit=_COUNTED)

    def _fields(self, with_addon):
        return self.specification if with_addon else self.specification_without


def _specification(model, arch, with_addon):
    """The specification that `web_read` is called with for a view."""
    specification = {}
    for node in arch.iter("field"):
        field = model._fields.get(node.get("name"))
        if _view_of(node) is not arch or field is None or (field._module == _ADDON and not with_addon):
            continue
        found = specification.setdefault(field.name, {})
        for key, value in _of_field(model, field, node, with_addon).items():
            # A field may be in a view several times, visible in one place only
            found[key] = {**found.get(key, {}), **value} if key == "fields" else value
    return specification


def _view_of(node):
    """The view that a node belongs to: lists and cards within a field are views of their own."""
    return next(
        ancestor
        for ancestor in node.iterancestors()
        if ancestor.getparent() is None or (ancestor.tag in _VIEWS and ancestor.getparent().tag == "field")
    )


def _of_field(model, field, node, with_addon):
    """What is asked for of one field: of a reference its name, of lines the fields of their view."""
    hidden = any(node.get(attribute) in _ALWAYS for attribute in ("invisible", "column_invisible"))
    if field.type == "many2one":
        return {"fields": {} if hidden else {"display_name": {}}}
    if field.type not in ("one2many", "many2many") or hidden:
        return {}
    views = [child for child in node if child.tag in _VIEWS]
    fields = {} if views else {"display_name": {}}
    for view in views:
        fields.update(_specification(model.env[field.comodel_name], view, with_addon))
    return {"fields": fields, "limit": int(views[0].get("limit", _LINES)) if views else _LINES}
