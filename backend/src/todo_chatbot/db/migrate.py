"""Brings the schema to its newest revision."""

from pathlib import Path

import psycopg
from psycopg import sql

from todo_chatbot.db.urls import direct_url, libpq_url

HEAD = "0001"
"""The revision this code is written for; a process that finds another one is not ready."""

CONFIG = Path(__file__).parents[3] / "alembic.ini"


def upgrade(database_url: str, migrate_url: str | None) -> None:
    """Run every migration that is missing, however many processes try at once.

    Connects to ``migrate_url`` (direct host, owner role), by default to the direct host of
    ``database_url``; afterwards the role of ``database_url`` may act as the application's role.
    """
    # Imported here: servers read HEAD from this module and need nothing of Alembic.
    from alembic import command
    from alembic.config import Config

    url = migrate_url or direct_url(database_url)
    config = Config(CONFIG)
    config.attributes["url"] = url
    command.upgrade(config, "head")
    _let_in(libpq_url(url), libpq_url(database_url))


def _let_in(owner_url: str, application_url: str) -> None:
    """Grant the application's role to the login that the servers use, if it is another one."""
    login = psycopg.conninfo.conninfo_to_dict(application_url).get("user")
    with psycopg.connect(owner_url, connect_timeout=15, autocommit=True) as connection:
        if login is None or login == connection.info.user:
            return
        grant = sql.SQL("grant todo_app to {}").format(sql.Identifier(str(login)))
        connection.execute(grant)
        connection.execute(
            sql.SQL("grant select on alembic_version to {}").format(sql.Identifier(str(login)))
        )
