"""What removing the addon does beyond its data."""


def uninstall_hook(env):
    """Take the guard of the log away, so that nothing of the addon stays in the database."""
    env.cr.execute("DROP TRIGGER IF EXISTS recobro_interaction_guard ON recobro_interaction")
    env.cr.execute("DROP TRIGGER IF EXISTS recobro_interaction_guard_truncate ON recobro_interaction")
    env.cr.execute("DROP FUNCTION IF EXISTS recobro_interaction_guard()")
