"""Runs the migrations in one transaction, one process at a time."""

import asyncio

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

import todo_chatbot.conversations.model
import todo_chatbot.db.numbering
import todo_chatbot.tasks.model  # noqa: F401 - these fill the metadata
from todo_chatbot.db.urls import sqlalchemy_url

LOCK_KEY = 7_203_511
"""Any number that no other program uses for an advisory lock in the same database."""


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        transaction_per_migration=False,
        compare_type=True,
    )
    with context.begin_transaction():
        # Before the version table is read, and bound to the transaction: it also holds behind a
        # pooler and goes away with the connection.
        connection.execute(text("set local lock_timeout = '60s'"))
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        connection.execute(text("set local lock_timeout = '5s'"))
        context.run_migrations()


async def _online() -> None:
    url = sqlalchemy_url(context.config.attributes["url"])
    engine = create_async_engine(
        url,
        poolclass=pool.NullPool,
        connect_args={"connect_timeout": 15, "prepare_threshold": None},
        hide_parameters=True,
    )
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(_online())
