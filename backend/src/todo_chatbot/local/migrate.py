"""``python -m todo_chatbot.local.migrate``: migrates unless the schema is at its newest."""

import psycopg

from todo_chatbot import logs
from todo_chatbot.db.migrate import HEAD, upgrade
from todo_chatbot.db.urls import libpq_url
from todo_chatbot.settings import MigrateSettings, read


def main() -> None:
    """Migrate what ``DATABASE_URL`` names."""
    settings = read(MigrateSettings)
    logs.configure(settings.log_level)
    url = settings.database_url.get_secret_value()
    direct = settings.migrate_database_url
    # Asking first saves most of a second at every start: Alembic is slow to import.
    if direct is not None or _revision(url) != HEAD:
        upgrade(url, direct.get_secret_value() if direct else None)


def _revision(url: str) -> str | None:
    try:
        with psycopg.connect(libpq_url(url), connect_timeout=15) as connection:
            found = connection.execute("select version_num from alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    return found[0] if found else None


if __name__ == "__main__":
    main()
