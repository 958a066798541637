"""What a turn costs the database."""

import time
from collections.abc import AsyncIterator, Callable

import psycopg
import pytest
from agents.testing import ScriptedModel, assistant_message, function_call
from conftest import StartSystem
from databases import fill
from support import System
from wire import Wire

from todo_chatbot.db.migrate import upgrade

MOST_STATEMENTS = 12


@pytest.fixture
async def wire(database_url: str) -> AsyncIterator[Wire]:
    """The database behind a proxy that counts."""
    async with Wire(database_url).running() as counting:
        yield counting


@pytest.fixture
async def counted(
    start_system: StartSystem, model: ScriptedModel, wire: Wire
) -> AsyncIterator[System]:
    """The system on that proxy, with its connections open."""
    async with start_system(model, url=wire.url) as running:
        model.enqueue([assistant_message("Hello.")])
        await running.say("nobody", "hi")
        await running.tasks("nobody")
        wire.statements.clear()
        yield running


@pytest.mark.requirement("001/FR-019")
async def test_a_turn_with_one_tool_call_costs_at_most_twelve_statements(
    counted: System, wire: Wire, ada: str
) -> None:
    for conversation_id in (None, 1):
        counted.model.enqueue([function_call("add_task", {"title": "Buy milk"}, call_id="1")])
        counted.model.enqueue([assistant_message("Added.")])

        answer = await counted.say(ada, "I need milk", conversation_id)

        assert answer.status_code == 200
        assert 0 < len(wire.statements) <= MOST_STATEMENTS, "\n".join(wire.statements)
        wire.statements.clear()


@pytest.mark.requirement("001/FR-034")
async def test_a_turn_reads_few_rows_of_a_long_conversation_and_of_many_tasks(
    start_system: StartSystem, model: ScriptedModel, long_url: str, ada: str
) -> None:
    fill(long_url, ada, messages=4000, tasks=4000)
    before = rows_read(long_url)
    async with start_system(model, url=long_url) as system:
        model.enqueue([function_call("add_task", {"title": "Buy milk"}, call_id="1")])
        model.enqueue([function_call("complete_task", {"task_id": 5}, call_id="2")])
        model.enqueue([assistant_message("Added.")])

        answer = await system.say(ada, "I need milk", 1)

    assert answer.status_code == 200
    assert len(model.calls[-1].input) < 100
    # The window of the conversation and its calls, whatever lies before them.
    assert 0 < rows_read(long_url) - before < 400


@pytest.fixture
def long_url(new_database: Callable[[], str]) -> str:
    """A database of this test alone."""
    url = new_database()
    upgrade(url, None)
    return url


def rows_read(url: str) -> int:
    """Return how many rows this database has read in tables and indexes so far."""
    query = (
        "select pg_stat_force_next_flush(),"
        " sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint from pg_stat_user_tables"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(
            "select 1 from pg_stat_activity where datname = current_database()"
            " and backend_type = 'client backend' and pid <> pg_backend_pid()"
        ).fetchall():
            time.sleep(0.02)  # a connection tells its numbers when it ends
        ((_, count),) = connection.execute(query).fetchall()
        return int(count)
