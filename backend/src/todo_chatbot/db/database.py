"""Short transactions on one PostgreSQL, each for one user."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool
from sqlmodel.ext.asyncio.session import AsyncSession

from todo_chatbot.db.urls import sqlalchemy_url
from todo_chatbot.errors import DatabaseAway

log = logging.getLogger(__name__)

T = TypeVar("T")

Transaction = AsyncSession
"""What a store works in; it ends when the work given to ``Database.run`` returns."""

APP_ROLE = "todo_app"
"""Owns nothing, cannot log in and has no BYPASSRLS: what every transaction runs as."""

TRIES = 6
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0

_TRANSIENT = frozenset({
    "57P01", "57P02", "57P03",           # the server is shutting down or starting up
    "08000", "08001", "08003", "08004", "08006", "08P01",   # the connection is gone
    "53300",                             # too many connections
    "40001", "40P01",                    # serialization failure, deadlock
})  # fmt: skip


class Raced(Exception):
    """Another transaction did the same thing first: run again to see what it wrote."""


class Database:
    """Runs pieces of work as transactions of one user.

    Never wait for a model inside one: a turn takes seconds, and a process has few connections.
    """

    def __init__(
        self, url: str, *, pool_size: int = 5, observe: Callable[[float], None] = lambda _: None
    ) -> None:
        """Connect lazily; ``observe`` is told the seconds that each transaction took."""
        self._engine = _engine(url, pool_size)
        self._observe = observe
        self._sessions = async_sessionmaker(
            self._engine, class_=AsyncSession, expire_on_commit=False, autoflush=False
        )

    async def run(self, user_id: str, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run ``work`` in one transaction of ``user_id`` and return what it returns.

        A transaction that loses its connection is repeated as a whole, so ``work`` must have no
        effect but on the database.

        Raises:
            DatabaseAway: the database could not be reached in several tries.
        """
        started = time.perf_counter()
        for attempt in range(1, TRIES + 1):
            try:
                async with self._sessions(info={"user_id": user_id}) as session, session.begin():
                    result = await work(session)
                self._observe(time.perf_counter() - started)
                return result  # noqa: TRY300 - the commit is part of the try
            except PoolTimeout as error:
                raise DatabaseAway from error
            except (DBAPIError, psycopg.OperationalError, OSError, Raced) as error:
                if not _is_transient(error):
                    raise
                if attempt == TRIES:
                    raise DatabaseAway from error
                log.warning("transaction repeated", extra={"attempt": attempt})
            # Full jitter, and none the first time: after a suspend only the pool was stale.
            pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**attempt)
            await asyncio.sleep(random.uniform(0, pause) if attempt > 1 else 0)  # noqa: S311
        raise AssertionError("unreachable")

    async def revision(self) -> str | None:
        """Return the revision that the schema is at, or None for an empty database.

        Raises:
            DatabaseAway: no answer.
        """
        try:
            async with self._engine.connect() as connection:
                found = await connection.execute(text("select version_num from alembic_version"))
                return found.scalar_one_or_none()
        except DBAPIError as error:
            if isinstance(error.orig, psycopg.errors.UndefinedTable):
                return None
            raise DatabaseAway from error
        except (PoolTimeout, OSError) as error:
            raise DatabaseAway from error

    def in_use(self) -> int:
        """Return how many connections are checked out now."""
        pool = self._engine.pool
        assert isinstance(pool, QueuePool)
        return pool.checkedout()

    async def close(self) -> None:
        """Close every pooled connection."""
        await self._engine.dispose()


def _engine(url: str, pool_size: int) -> AsyncEngine:
    connect_args: dict[str, Any] = {
        "connect_timeout": 10,
        "application_name": "todo-chatbot",
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    if not psycopg.capabilities.has_send_close_prepared():
        # libpq before 17 cannot tell a transaction pooler which statements it has prepared.
        connect_args["prepare_threshold"] = None
    return create_async_engine(
        sqlalchemy_url(url),
        connect_args=connect_args,
        # psycopg must not open transactions itself: ``_enter`` does, in its one statement.
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_recycle=240,  # Neon suspends after 300 s
        pool_use_lifo=True,
        hide_parameters=True,
    )


_ENTER = sql.SQL(
    "begin; select set_config('role', {role}, true), set_config('app.user_id', {user_id}, true),"
    " set_config('statement_timeout', '10s', true),"
    " set_config('idle_in_transaction_session_timeout', '15s', true)"
)


@event.listens_for(Session, "after_begin")
def _enter(session: Session, _transaction: object, connection: Connection) -> None:
    """Begin, drop to the role that row-level security binds, and name the user.

    One round trip, and it doubles as the ping of a pooled connection: when it fails, the whole
    transaction is repeated on another one (ADR-0006). All settings end with the transaction, so a
    pooler cannot carry them to the next client.
    """
    enter = _ENTER.format(role=sql.Literal(APP_ROLE), user_id=sql.Literal(session.info["user_id"]))
    connection.exec_driver_sql(enter.as_string(), execution_options={"no_parameters": True})


def _is_transient(error: Exception) -> bool:
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        error = error.orig if isinstance(error.orig, Exception) else error
    state = getattr(error, "sqlstate", None)
    if state is None:
        return isinstance(error, (psycopg.OperationalError, OSError, Raced))
    return state in _TRANSIENT
