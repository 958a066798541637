"""Where one turn is written down while it is carried out."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeVar

from todo_chatbot.agent.journal import PlannedCall
from todo_chatbot.agent.listener import Output
from todo_chatbot.conversations.store import Call, Turn, TurnLost, TurnRecord, TurnStore
from todo_chatbot.db.database import Database, Tenant
from todo_chatbot.identity import UserId

log = logging.getLogger(__name__)

T = TypeVar("T")


class Book:
    """The journal of one turn of one user, under one holder. Each method writes once."""

    def __init__(
        self, database: Database, user_id: UserId, *, lease_seconds: float, window: int
    ) -> None:
        self.user_id = user_id
        self._database = database
        self._lease_seconds = lease_seconds
        self._window = window
        self._holder = uuid.uuid4().hex
        self._turn_id = 0
        self._calls: dict[str, Call] = {}

    async def begin(self, conversation_id: int | None, message: str, key: str | None) -> Turn:
        """Write the message down and hold its turn; see ``TurnStore.begin``."""
        turn = await self._run(
            lambda turns: turns.begin(conversation_id, message, key, self._window)
        )
        return self._hold(turn)

    async def take_over(self, turn_id: int) -> Turn | None:
        """Hold a turn that nobody gives signs of life for; None while somebody does."""
        turn = await self._run(lambda turns: turns.take_over(turn_id, self._window))
        return None if turn is None else self._hold(turn)

    async def reopen(self, turn_id: int) -> Turn | None:
        """Hold an ended turn once more, without its answer; None unless it is the newest."""
        turn = await self._run(lambda turns: turns.reopen(turn_id, self._window))
        return None if turn is None else self._hold(turn)

    async def in_the_way(self, conversation_id: int | None, key: str | None) -> TurnRecord | None:
        """Return the turn that kept this one from beginning, if it still would."""

        async def look(turns: TurnStore) -> TurnRecord | None:
            if key is not None and (same := await turns.by_key(key)) is not None:
                return same
            return None if conversation_id is None else await turns.running(conversation_id)

        return await self._run(look)

    async def write_down(self, calls: Sequence[PlannedCall], outputs: Mapping[str, Output]) -> None:
        """Record calls that are about to be made, and the outputs known so far."""
        news = self._note(outputs)
        planned = [
            Call(position, call.call_id, call.name, call.arguments)
            for position, call in enumerate(calls, len(self._calls))
        ]
        await self._run(lambda turns: turns.write_down(self._turn_id, planned, news))
        self._calls |= {call.call_id: call for call in planned}

    async def close(
        self, answer: str, outputs: Mapping[str, Output], *, failed: bool
    ) -> tuple[Call, ...]:
        """End the turn with its answer; return all its calls in order."""
        news = self._note(outputs)
        await self._run(lambda turns: turns.close(self._turn_id, answer, news, failed=failed))
        return tuple(self._calls.values())

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """Give signs of life while the body runs, so that nobody takes the turn over."""
        signs = asyncio.create_task(self._give_signs())
        try:
            yield
        finally:
            signs.cancel()

    async def _give_signs(self) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            try:
                await self._run(lambda turns: turns.write_down(self._turn_id, [], []))
            except TurnLost:
                return
            except Exception:
                # The next sign may get through; without any, somebody else continues the turn.
                log.exception("sign of life failed")

    def _hold(self, turn: Turn) -> Turn:
        self._turn_id = turn.id
        self._calls = {call.call_id: call for call in turn.calls}
        return turn

    def _note(self, outputs: Mapping[str, Output]) -> list[Call]:
        """Add outputs to their calls; return the calls that had none until now."""
        news = [
            replace(call, output=outputs[call_id].text, failed=outputs[call_id].failed)
            for call_id, call in self._calls.items()
            if call.output is None and call_id in outputs
        ]
        self._calls |= {call.call_id: call for call in news}
        return news

    async def _run(self, work: Callable[[TurnStore], Awaitable[T]]) -> T:
        def in_store(tenant: Tenant) -> Awaitable[T]:
            store = TurnStore(
                tenant, self.user_id, holder=self._holder, lease_seconds=self._lease_seconds
            )
            return work(store)

        return await self._database.run(self.user_id, in_store)
