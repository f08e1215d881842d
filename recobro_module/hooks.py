"""What installing and removing the addon does beyond its data."""

from itertools import count

from odoo.tools import SQL

from .engine.figures import customer_figures


def post_init_hook(env):
    """Give the addon what its data can't hold."""
    create_aliases(env)
    # A policy that chooses customers by how they pay shows them before the first day is lived
    customer_figures.keep_all(env)


def create_aliases(env):
    """Give the cases one address, where a reply finds its case by the message it answers, and the disputes another.

    Not in the data: the name may be taken in this database, and the installation must not fail for it.
    """
    _create_alias(env, "mail_alias_case", "collections", "recobro.case", "partners")
    # Everyone may dispute: who is not known as a customer waits for a person, and is not sent away
    _create_alias(env, "mail_alias_dispute", "disputes", "recobro.dispute", "everyone")


def _create_alias(env, xml_id, name, model, contact):
    """Create an alias for new records of a model, under the first name like `name` that is free; once."""
    if env.ref(f"recobro_module.{xml_id}", raise_if_not_found=False):
        return
    aliases = env["mail.alias"]
    domain = env.company.alias_domain_id
    taken = {
        *aliases.search([("alias_domain_id", "in", [False, domain.id])]).mapped("alias_name"),
        domain.bounce_alias,
        domain.catchall_alias,
    }
    names = (name + ("-recobro" if number else "") + (f"-{number}" if number > 1 else "") for number in count())
    alias = aliases.create(
        {
            "alias_name": next(free for free in names if free not in taken),
            "alias_model_id": env["ir.model"]._get_id(model),
            "alias_contact": contact,
        }
    )
    env["ir.model.data"]._update_xmlids([{"xml_id": f"recobro_module.{xml_id}", "record": alias, "noupdate": True}])


def uninstall_hook(env):
    """Take the guards of the log and of the snapshots away, so that nothing of the addon stays in the database."""
    env.cr.execute("DROP TRIGGER IF EXISTS recobro_interaction_guard ON recobro_interaction")
    env.cr.execute("DROP TRIGGER IF EXISTS recobro_interaction_guard_truncate ON recobro_interaction")
    env.cr.execute("DROP FUNCTION IF EXISTS recobro_interaction_guard()")
    for table in ("recobro_snapshot", "recobro_customer_snapshot"):
        for trigger in ("recobro_snapshot_guard", "recobro_snapshot_guard_truncate"):
            env.cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", SQL.identifier(trigger), SQL.identifier(table)))
    env.cr.execute("DROP FUNCTION IF EXISTS recobro_snapshot_guard()")
