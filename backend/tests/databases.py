"""Databases to test on: empty ones on a real PostgreSQL, and full ones."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql


@contextmanager
def postgres_server() -> Iterator[str]:
    """Yield the owner's URL of the PostgreSQL in ``TEST_DATABASE_URL``, or of one of its own."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    from todo_chatbot.local.postgres import EmbeddedPostgres

    with tempfile.TemporaryDirectory() as folder:
        # Reachable for the user that PostgreSQL runs as, so that root need not keep it elsewhere.
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder)) as server:
            yield server.url()


def create_database(server_url: str) -> str:
    """Make an empty database and return its URL."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    parts = psycopg.conninfo.conninfo_to_dict(server_url)
    return (
        f"postgresql://{parts['user']}:{parts['password']}@{parts['host']}:{parts['port']}/{name}"
    )


def drop_database(server_url: str, url: str) -> None:
    """Drop a database, whoever is still connected to it."""
    name = sql.Identifier(url.rpartition("/")[2])
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(sql.SQL("drop database {} with (force)").format(name))


def fill(url: str, user: str, messages: int, tasks: int) -> None:
    """Store two conversations of answered turns, each with a tool call, and tasks."""
    with psycopg.connect(url) as connection:
        for statement in (
            "insert into conversation values"
            " (%(user)s, 1, null, now(), now()), (%(user)s, 2, null, now(), now())",
            "insert into message select %(user)s, n, 1 + 2 * n / (%(messages)s + 2),"
            " case n %% 2 when 1 then 'user' else 'assistant' end, 'word ' || n, now()"
            " from generate_series(1, %(messages)s) n",
            "insert into turn select %(user)s, n, 1 + 2 * n / (%(messages)s + 2), null,"
            " 'answered', 'died', now(), n + 1 from generate_series(1, %(messages)s, 2) n",
            "insert into tool_call select %(user)s, n, 0, 'call' || n, 'list_tasks', '{}', '{}',"
            " false from generate_series(1, %(messages)s, 2) n",
            "insert into task select %(user)s, n, 'Task ' || n, null, false, now(), now()"
            " from generate_series(1, %(tasks)s) n",
            "insert into receipt select %(user)s, 'call' || n, n, 'created', 'Task', now()"
            " from generate_series(1, %(tasks)s) n",
            "insert into numbering values (%(user)s, 'conversation', 2),"
            " (%(user)s, 'message', %(messages)s), (%(user)s, 'task', %(tasks)s)",
        ):
            connection.execute(statement, {"user": user, "messages": messages, "tasks": tasks})
        connection.execute("analyze")
