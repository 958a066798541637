"""Brings the schema to its newest revision."""

from pathlib import Path

import psycopg
from psycopg import sql

from todo_chatbot.db.urls import direct_url, libpq_url

HEAD = "0001"
"""The revision this code is written for."""

CONFIG = Path(__file__).parents[3] / "alembic.ini"


def serves(revision: str | None) -> bool:
    """Tell whether this code can work with a schema at ``revision``.

    A newer schema serves older programs too: migrations only add (expand, then contract), so a
    rolling upgrade and a rollback stay ready.
    """
    return revision is not None and revision >= HEAD


def upgrade(database_url: str, migrate_url: str | None) -> None:
    """Run every migration that is missing, however many processes try at once.

    Connects to ``migrate_url`` (direct host, owner role), by default to the direct host of
    ``database_url``; afterwards the role of ``database_url`` may act as the application's role.
    """
    url = migrate_url or direct_url(database_url)
    # Asked first: Alembic takes a second to import, and knows no revision newer than its own.
    if not serves(_revision(libpq_url(url))):
        from alembic import command
        from alembic.config import Config

        config = Config(CONFIG)
        config.attributes["url"] = url
        command.upgrade(config, "head")
    _let_in(libpq_url(url), libpq_url(database_url))


def _revision(owner_url: str) -> str | None:
    try:
        with psycopg.connect(owner_url, connect_timeout=15) as connection:
            found = connection.execute("select version_num from alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    return found[0] if found else None


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
