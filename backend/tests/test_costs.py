"""What a turn costs the database."""

from collections.abc import AsyncIterator

import pytest
from agents.testing import ScriptedModel, assistant_message, function_call
from conftest import StartSystem
from support import System
from wire import Wire

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
