"""Many at once: a hundred turns on five connections."""

import asyncio
import uuid
from typing import Any

import pytest
from conftest import StartSystem
from support import Adding

from todo_chatbot.db.database import Database

TURNS = 100
MODEL_SECONDS = 2


class Pausing(Adding):
    """Takes two seconds for each thought, the first of which begin when all turns are here."""

    def __init__(self) -> None:
        self.database: Database | None = None
        self.in_use: int | None = None
        self._here = 0
        self._all_here = asyncio.Event()

    async def think(self) -> None:
        self._here += 1
        if self._here == TURNS:
            # Every turn is thinking: what is in use now is in use for nothing.
            assert self.database is not None
            self.in_use = self.database.in_use()
            self._all_here.set()
        async with asyncio.timeout(60):
            await self._all_here.wait()
        await asyncio.sleep(MODEL_SECONDS)


@pytest.mark.requirement("001/FR-017", "001/FR-020")
async def test_a_hundred_turns_at_once_are_all_answered_on_five_connections(
    start_system: StartSystem,
) -> None:
    thinking = Pausing()
    users = [f"user-{uuid.uuid4()}" for _ in range(TURNS)]
    async with start_system(thinking, database_pool_size=5, turn_lease_seconds=60) as system:
        thinking.database = system.database

        answers = await asyncio.gather(*(system.say(user, f"Task of {user}") for user in users))

        assert [answer.status_code for answer in answers] == [200] * TURNS
        assert {answer.json()["response"] for answer in answers} == {"Added."}
        titles = [answer.json()["tool_calls"][0]["result"]["title"] for answer in answers]
    assert titles == [f"Task of {user}" for user in users]
    assert thinking.in_use == 0


@pytest.mark.requirement("001/FR-017")
async def test_no_connection_is_in_use_while_a_tool_works(
    start_system: StartSystem, ada: str
) -> None:
    """One connection serves a turn whose tool takes it: with one more held, both would wait."""
    async with start_system(Adding(), database_pool_size=1) as system:
        in_use: list[int] = []
        handle = system.tools._transport.handle_async_request

        async def watch(request: Any) -> Any:
            in_use.append(system.database.in_use())
            return await handle(request)

        system.tools._transport.handle_async_request = watch  # type: ignore[method-assign]

        answer = await system.say(ada, "Buy milk")

    assert answer.json()["response"] == "Added."
    assert in_use
    assert set(in_use) == {0}
