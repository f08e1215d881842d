"""``make clean``: stop the server that this clone started, and remove what it made."""

from toolbox import postgres
from toolbox.console import say
from toolbox.files import remove


def clean(settings):
    """Remove the clone's databases, configuration, logs and mail; the shared cache stays."""
    postgres.remove_embedded(settings)
    remove(settings.state)
    say(f"Removed {settings.state}. What clones share stays in {settings.cache}: remove it by hand if you want to.")
    if settings.own_server:
        say(f"The databases {settings.database_prefix}_* on your PostgreSQL server stay: drop them with dropdb.")
