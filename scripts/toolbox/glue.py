"""The addons that meet other apps: they come when both sides are there, in whatever order, and leave no trace."""

from toolbox import install_log
from toolbox.console import ToolboxError
from toolbox.settings import MODULE

# Takes an addon out, as a person does on the list of apps, and opens the screens of Odoo that it had changed.
REMOVE = """
from odoo.tests import Form

env["ir.module.module"].search([("name", "=", {name!r})]).button_immediate_uninstall()
for model in {models!r}:
    for kind in ("list", "form", "kanban", "search"):
        env[model].get_view(view_type=kind)
    Form(env[model])
    env[model].web_search_read([], {{"display_name": {{}}}}, limit=20)
left = env["ir.model.data"].search([("module", "=", {name!r})])
assert not left, left.mapped("complete_name")
env.cr.execute("SELECT relname FROM pg_class WHERE relkind IN ('r', 'v') AND relname ~ %s", [{tables!r}])
assert not env.cr.rowcount, env.cr.fetchall()
print("removed")
"""
#: The screens of Odoo that are opened after the removal of all our addons.
SCREENS = ["sale.order", "res.partner", "account.move", "account.payment", "res.users"]


def check(environment):
    """Install each glue addon's app after the module, remove the addon, then the module; fail when something breaks.

    That the app may be there first is seen where the tests are: they run on a database with all of them.
    """
    for name in environment.all_modules[1:]:
        with environment.databases.passing("glue", environment.books()) as database:
            _check_one(environment, database, name)


def _check_one(environment, database, name):
    odoo = environment.odoo
    install_log.check(odoo.install(database, environment.modules, "Glue: the module alone"))
    for app in environment.needed_modules(name):
        install_log.check(odoo.install(database, [app], f"Glue: {app} comes after it"))
    if not _is_installed(environment, database, name):
        raise ToolboxError(f"{name} did not come by itself, although all that it needs is there.")
    _remove(environment, database, name, "^recobro_sale_")
    _remove(environment, database, MODULE, "^recobro_")


def _is_installed(environment, database, name):
    query = f"SELECT state FROM ir_module_module WHERE name = '{name}'"
    return environment.odoo.server.psql(query, database) == "installed"


def _remove(environment, database, name, tables):
    text = REMOVE.format(name=name, models=SCREENS, tables=tables)
    said = environment.odoo.script(database, text, f"Glue: removing {name}, and opening Odoo's screens without it")
    if "removed" not in said:
        raise ToolboxError(f"{name} could not be removed:\n{said[-2000:]}")
