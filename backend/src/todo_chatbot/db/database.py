"""Short transactions on one PostgreSQL, each for one user."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy import event, text
from sqlalchemy.engine import Connection, ExecutionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from todo_chatbot.db.urls import sqlalchemy_url
from todo_chatbot.errors import DatabaseAway

log = logging.getLogger(__name__)

T = TypeVar("T")

Tenant = AsyncConnection
"""What a store works with: a connection on which each statement is one transaction of one user."""

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
    """Runs pieces of work for one user at a time.

    Never wait for a model inside one: a turn takes seconds, and a process has few connections.
    """

    def __init__(
        self, url: str, *, pool_size: int = 5, observe: Callable[[float], None] = lambda _: None
    ) -> None:
        """Connect lazily; ``observe`` is told the seconds that each piece of work took."""
        self._engine = _engine(url, pool_size)
        self._observe = observe

    async def run(self, user_id: str, work: Callable[[Tenant], Awaitable[T]]) -> T:
        """Run ``work`` on behalf of ``user_id`` and return what it returns.

        Each statement is a transaction of its own, which begins by naming the user and goes to the
        server in one round trip; what must happen together is one statement. When the connection
        is lost, ``work`` is repeated as a whole: it may write once, under a key that tells a
        repetition, and must have no effect but on the database.

        Raises:
            DatabaseAway: the database could not be reached in several tries.
        """
        started = time.perf_counter()
        for attempt in range(1, TRIES + 1):
            try:
                async with self._engine.connect() as connection:
                    tenant = await connection.execution_options(tenant=user_id)
                    result = await work(tenant)
                self._observe(time.perf_counter() - started)
                return result  # noqa: TRY300 - returning the connection is part of the try
            except PoolTimeout as error:
                log.error("no connection became free")  # noqa: TRY400 - the trace says no more
                raise DatabaseAway from error
            except (DBAPIError, psycopg.OperationalError, OSError, Raced) as error:
                if not _is_transient(error):
                    raise
                if attempt == TRIES:
                    log.error("database away", extra={"error": type(error).__name__})  # noqa: TRY400 - its text may quote values
                    raise DatabaseAway from error
                log.warning("transaction repeated", extra={"attempt": attempt})
            # Full jitter, and none the first time: after a suspend only the pool was stale.
            pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**attempt)
            await asyncio.sleep(random.uniform(0, pause) if attempt > 1 else 0)  # noqa: S311 - no secret
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


class _LastResult(psycopg.AsyncClientCursor[Any]):
    """Gives the result of the last statement of a query; what stands before only sets the scene.

    It binds values on the client, as several statements in one query need; that also leaves no
    prepared statements behind that a transaction pooler would have to follow.
    """

    async def execute(self, *args: Any, **options: Any) -> "_LastResult":  # noqa: ANN401 - handed on as it is
        await super().execute(*args, **options)
        while self.nextset():
            pass
        return self


def _engine(url: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        sqlalchemy_url(url),
        connect_args={
            "connect_timeout": 10,
            "application_name": "todo-chatbot",
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "cursor_factory": _LastResult,
        },
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=0,
        # Longer than a burst of a hundred turns takes on a busy machine: waiting beats failing.
        pool_timeout=30,
        pool_recycle=240,  # Neon suspends after 300 s
        pool_use_lifo=True,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "before_cursor_execute", _name_the_user, retval=True)
    return engine


_ENTER = sql.SQL(
    "select set_config('role', {role}, true), set_config('app.user_id', {user_id}, true),"
    " set_config('statement_timeout', '10s', true); "
)


def _name_the_user(
    _connection: Connection,
    _cursor: object,
    statement: str,
    parameters: Any,  # noqa: ANN401 - the driver's
    context: ExecutionContext,
    _many: bool,
) -> tuple[str, Any]:
    """Begin a tenant's statement by naming the user and taking the role that row security binds.

    PostgreSQL runs the statements of one query as one transaction; the settings end with it, so a
    pooler cannot carry them to the next client (ADR-0006).
    """
    tenant = context.execution_options.get("tenant")
    if tenant is None:
        return statement, parameters
    enter = _ENTER.format(role=sql.Literal(APP_ROLE), user_id=sql.Literal(tenant)).as_string()
    return enter.replace("%", "%%") + statement, parameters


def _is_transient(error: Exception) -> bool:
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        error = error.orig if isinstance(error.orig, Exception) else error
    state = getattr(error, "sqlstate", None)
    if state is None:
        return isinstance(error, (psycopg.OperationalError, OSError, Raced))
    return state in _TRANSIENT
