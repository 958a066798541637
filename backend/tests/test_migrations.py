"""The schema: made once however many try, and the one that the code describes."""

import subprocess
import sys
import time
from collections.abc import Callable

import psycopg
import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from processes import environment
from sqlmodel import SQLModel
from support import rows

import todo_chatbot.conversations.model
import todo_chatbot.db.numbering
import todo_chatbot.tasks.model  # noqa: F401 - these fill the metadata
from todo_chatbot.db.migrate import CONFIG, HEAD, upgrade
from todo_chatbot.db.urls import direct_url, libpq_url, sqlalchemy_url

LOCK_KEY = 7_203_511
"""The lock that migrations/env.py takes."""

TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"


@pytest.mark.requirement("001/FR-033")
def test_six_migrations_at_once_on_an_empty_database_all_succeed(
    new_database: Callable[[], str],
) -> None:
    url = new_database()
    migrate = [sys.executable, "-m", "todo_chatbot", "migrate"]
    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"

    with psycopg.connect(url, autocommit=True) as gate:
        gate.execute("select pg_advisory_lock(%s)", [LOCK_KEY])
        started = [
            subprocess.Popen(
                migrate, env=environment(DATABASE_URL=url), stdout=subprocess.PIPE, text=True
            )
            for _ in range(6)
        ]
        deadline = time.monotonic() + 60
        while gate.execute(waiting).fetchall() != [(6,)]:
            assert time.monotonic() < deadline, "they do not wait for each other"
            time.sleep(0.1)
    said = [process.communicate(timeout=60)[0] for process in started]

    assert [process.returncode for process in started] == [0] * 6, said
    assert rows(url, "select version_num from alembic_version") == [(HEAD,)]


@pytest.mark.requirement("001/FR-033")
def test_the_schema_is_the_one_that_the_code_describes(database_url: str) -> None:
    engine = sqlalchemy.create_engine(sqlalchemy_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, SQLModel.metadata)
    engine.dispose()

    assert differences == []


@pytest.mark.requirement("001/FR-033")
def test_the_code_is_written_for_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(Config(CONFIG)).get_current_head() == HEAD


@pytest.mark.requirement("001/FR-033")
def test_a_migration_can_be_taken_back_and_made_again(new_database: Callable[[], str]) -> None:
    from alembic import command

    url = new_database()
    config = Config(CONFIG)
    config.attributes["url"] = url

    command.upgrade(config, "head")
    made = rows(url, TABLES)
    command.downgrade(config, "base")
    left = rows(url, TABLES)
    command.upgrade(config, "head")

    assert left == [("alembic_version",)]
    assert rows(url, TABLES) == made


@pytest.mark.requirement("001/FR-033")
def test_migrations_go_to_neons_direct_host() -> None:
    pooled = "postgresql://u:p@ep-a-1-pooler.eu.aws.neon.tech/db?sslmode=require"

    assert direct_url(pooled) == pooled.replace("-pooler", "")
    assert direct_url("postgresql://u:p@db/my-pooler") == "postgresql://u:p@db/my-pooler"


@pytest.mark.requirement("001/FR-033")
@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("postgres://u:p@ep-a-1.eu.aws.neon.tech/db", "require"),
        ("postgresql://u:p@db.example.com/db?sslmode=verify-full", "verify-full"),
        ("postgresql://u:p@127.0.0.1:5432/db", None),
        ("postgresql://u:p@localhost/db", None),
        ("postgresql://u:p@postgres:5432/db", None),
    ],
)
def test_a_database_elsewhere_is_reached_with_encryption(url: str, mode: str | None) -> None:
    asked = libpq_url(url).partition("sslmode=")[2]

    assert (asked or None) == mode


@pytest.mark.requirement("001/FR-033")
def test_an_older_program_leaves_a_newer_schema_alone(new_database: Callable[[], str]) -> None:
    url = new_database()
    upgrade(url, None)
    rows(url, "update alembic_version set version_num = '9999' returning version_num")

    upgrade(url, None)

    assert rows(url, "select version_num from alembic_version") == [("9999",)]
