"""One turn: remember what was said, think, remember what was answered.

The process may die at any line of this file. What is written decides how it goes on: a turn that
nobody gives signs of life for any more is continued by whoever comes next.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from todo_chatbot.agent.assistant import Assistant, Reply
from todo_chatbot.agent.journal import PlannedCall
from todo_chatbot.agent.toolbox import Output
from todo_chatbot.conversations.store import (
    Call,
    Said,
    Turn,
    TurnInTheWay,
    TurnLost,
    TurnRecord,
    TurnStore,
)
from todo_chatbot.db.database import Database
from todo_chatbot.errors import ConversationBusy, KeyReused
from todo_chatbot.identity import TokenMinter, UserId
from todo_chatbot.logs import request_id
from todo_chatbot.web import metrics

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a conversation the model sees, and how patient turns are with each other."""

    history_messages: int
    history_characters: int
    lease_seconds: float
    """A turn without a sign of life for this long may be taken over."""
    wait_seconds: float
    """How long a turn waits for the one before it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What one turn gave: the answer, and every tool call that led to it, in order."""

    conversation_id: int
    text: str
    calls: tuple[Call, ...]


class Turns:
    """Carries out the turns of all users. Holds nothing between them."""

    def __init__(
        self, database: Database, assistant: Assistant, minter: TokenMinter, limits: Limits
    ) -> None:
        self._database = database
        self._assistant = assistant
        self._minter = minter
        self._limits = limits
        self._running: set[asyncio.Task[Answered]] = set()

    async def answer(
        self, user_id: UserId, message: str, conversation_id: int | None, key: str | None
    ) -> Answered:
        """Answer one message of ``user_id``, in a new conversation when none is named.

        The same ``key`` gives the same answer, not a second turn. The turn is carried out to its
        end even when whoever asked goes away.

        Raises:
            ConversationNotFound: the user has no such conversation.
            ConversationBusy: another turn of it did not end in time.
            KeyReused: the key was used for another message.
        """
        work = asyncio.create_task(self._answer(user_id, message, conversation_id, key))
        self._running.add(work)
        work.add_done_callback(self._running.discard)
        return await asyncio.shield(work)

    async def drain(self) -> None:
        """Wait for the turns whose askers went away."""
        if self._running:
            await asyncio.wait(self._running)

    async def _answer(
        self, user_id: UserId, message: str, conversation_id: int | None, key: str | None
    ) -> Answered:
        patience = time.monotonic() + self._limits.wait_seconds
        pause = FIRST_PAUSE_SECONDS
        while True:
            book = _Book(self._database, user_id, self._limits)
            try:
                turn = await book.begin(conversation_id, message, key)
                return await self._carry_out(book, turn)
            except TurnInTheWay:
                before = await book.in_the_way(conversation_id, key)
            except TurnLost as error:
                raise ConversationBusy from error
            if before is None:
                continue
            if key is not None and not before.running:
                return _again(before, message, conversation_id)
            if (abandoned := await book.take_over(before.id)) is not None:
                await self._carry_out(book, abandoned)
            elif time.monotonic() > patience:
                raise ConversationBusy
            else:
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE_SECONDS, pause * 1.5)

    async def _carry_out(self, book: "_Book", turn: Turn) -> Answered:
        started = time.perf_counter()
        book.continue_with(turn)
        headers = {"x-request-id": request_id.get() or uuid.uuid4().hex}
        async with book.alive():
            reply = await self._assistant.reply(
                _items(turn, self._limits.history_characters),
                [_planned(call) for call in turn.calls if call.output is None],
                token=self._minter.mint(book.user_id),
                journal=book,
                headers=headers,
            )
        calls = await book.close(reply)
        _tell(turn, reply, calls, time.perf_counter() - started)
        return Answered(turn.conversation_id, reply.text, calls)


class _Book:
    """Where one turn of one user is written down; the journal that the agent writes to."""

    def __init__(self, database: Database, user_id: UserId, limits: Limits) -> None:
        self.user_id = user_id
        self._database = database
        self._limits = limits
        self._holder = uuid.uuid4().hex
        self._turn_id = 0
        self._calls: dict[str, Call] = {}

    async def begin(self, conversation_id: int | None, message: str, key: str | None) -> Turn:
        window = self._limits.history_messages
        return await self._run(lambda store: store.begin(conversation_id, message, key, window))

    async def in_the_way(self, conversation_id: int | None, key: str | None) -> TurnRecord | None:
        async def look(store: TurnStore) -> TurnRecord | None:
            if key is not None and (same := await store.by_key(key)) is not None:
                return same
            return None if conversation_id is None else await store.running(conversation_id)

        return await self._run(look)

    async def take_over(self, turn_id: int) -> Turn | None:
        window = self._limits.history_messages
        return await self._run(lambda store: store.take_over(turn_id, window))

    def continue_with(self, turn: Turn) -> None:
        self._turn_id = turn.id
        self._calls = {call.call_id: call for call in turn.calls}

    async def write_down(self, calls: Sequence[PlannedCall], outputs: dict[str, Output]) -> None:
        news = self._note(outputs)
        first = len(self._calls)
        planned = [
            Call(position, call.call_id, call.name, call.arguments)
            for position, call in enumerate(calls, first)
        ]
        await self._run(lambda store: store.write_down(self._turn_id, planned, news))
        self._calls |= {call.call_id: call for call in planned}

    async def close(self, reply: Reply) -> tuple[Call, ...]:
        news = self._note(reply.outputs)
        failed = reply.outcome != "answered"
        await self._run(lambda store: store.close(self._turn_id, reply.text, news, failed=failed))
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
            await asyncio.sleep(self._limits.lease_seconds / 3)
            try:
                await self._run(lambda store: store.write_down(self._turn_id, [], []))
            except TurnLost:
                return
            except Exception:
                log.exception("sign of life failed")

    def _note(self, outputs: Any) -> list[Call]:  # noqa: ANN401
        """Add outputs to their calls; return the calls that were without one until now."""
        news = [
            replace(self._calls[call_id], output=output.text, failed=output.failed)
            for call_id, output in outputs.items()
            if call_id in self._calls and self._calls[call_id].output is None
        ]
        self._calls |= {call.call_id: call for call in news}
        return news

    async def _run(self, work: Any) -> Any:  # noqa: ANN401
        def in_store(session: Any) -> Any:  # noqa: ANN401
            store = TurnStore(
                session,
                self.user_id,
                holder=self._holder,
                lease_seconds=self._limits.lease_seconds,
            )
            return work(store)

        return await self._database.run(self.user_id, in_store)


def _again(before: TurnRecord, message: str, conversation_id: int | None) -> Answered:
    elsewhere = conversation_id is not None and conversation_id != before.conversation_id
    if before.message != message or elsewhere:
        raise KeyReused
    assert before.answer is not None
    return Answered(before.conversation_id, before.answer, before.calls)


def _items(turn: Turn, characters: int) -> list[Any]:
    """Return the conversation as model input: what fits of the past, then this turn so far."""
    items = [item for said in _newest(turn.earlier, characters) for item in _said_items(said)]
    return items + _said_items(Said("user", turn.message, turn.calls))


def _newest(earlier: Sequence[Said], characters: int) -> list[Said]:
    """Return the newest messages that fit, beginning with a user's: never half a turn."""
    kept: list[Said] = []
    fits = 0
    for place, said in enumerate(reversed(earlier), 1):
        characters -= len(said.content) + sum(len(call.output or "") for call in said.calls)
        if characters < 0:
            break
        kept.append(said)
        if said.role == "user":
            fits = place
    return kept[:fits][::-1]


def _said_items(said: Said) -> list[Any]:
    items: list[Any] = [
        {"role": "developer" if said.role == "note" else said.role, "content": said.content}
    ]
    for call in said.calls:
        items.append(
            {
                "type": "function_call",
                "call_id": call.call_id,
                "name": call.name,
                "arguments": call.arguments,
            }
        )
    items += [
        {"type": "function_call_output", "call_id": call.call_id, "output": call.output}
        for call in said.calls
        if call.output is not None
    ]
    return items


def _planned(call: Call) -> PlannedCall:
    return PlannedCall(call.call_id, call.name, call.arguments)


def _tell(turn: Turn, reply: Reply, calls: tuple[Call, ...], seconds: float) -> None:
    tools_seconds = sum(output.seconds for output in reply.outputs.values())
    metrics.turn_answered(
        reply.outcome, model_seconds=reply.model_seconds, tools_seconds=tools_seconds
    )
    metrics.tokens_used(reply.input_tokens, reply.output_tokens)
    level = logging.INFO if reply.outcome == "answered" else logging.ERROR
    log.log(
        level,
        "turn answered" if reply.outcome == "answered" else "model failed",
        extra={
            "outcome": reply.outcome,
            "conversation": turn.conversation_id,
            "turn": turn.id,
            "tools": [call.name for call in calls],
            "seconds": round(seconds, 3),
            "model_seconds": round(reply.model_seconds, 3),
            "tools_seconds": round(tools_seconds, 3),
            "error": reply.error,
        },
    )
