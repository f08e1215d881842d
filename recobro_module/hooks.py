"""What installing and removing the addon does beyond its data."""

from itertools import count


def post_init_hook(env):
    """Give the cases one address: a reply finds its case by the message it answers.

    Not in the data: the name may be taken in this database, and the installation must not fail for it.
    """
    aliases = env["mail.alias"]
    domain = env.company.alias_domain_id
    taken = {
        *aliases.search([("alias_domain_id", "in", [False, domain.id])]).mapped("alias_name"),
        domain.bounce_alias,
        domain.catchall_alias,
    }
    names = (
        "collections" + ("-recobro" if number else "") + (f"-{number}" if number > 1 else "") for number in count()
    )
    alias = aliases.create(
        {
            "alias_name": next(name for name in names if name not in taken),
            "alias_model_id": env["ir.model"]._get_id("recobro.case"),
            "alias_contact": "partners",
        }
    )
    env["ir.model.data"]._update_xmlids(
        [{"xml_id": "recobro_module.mail_alias_case", "record": alias, "noupdate": True}]
    )


def uninstall_hook(env):
    """Take the guard of the log away, so that nothing of the addon stays in the database."""
    env.cr.execute("DROP TRIGGER IF EXISTS recobro_interaction_guard ON recobro_interaction")
    env.cr.execute("DROP TRIGGER IF EXISTS recobro_interaction_guard_truncate ON recobro_interaction")
    env.cr.execute("DROP FUNCTION IF EXISTS recobro_interaction_guard()")
