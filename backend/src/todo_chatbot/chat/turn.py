"""One turn: remember what was said, think, remember what was answered.

The process may die at any line of this file. What is written decides how it goes on: a turn that
nobody gives signs of life for is continued by whoever comes next.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from todo_chatbot.agent.assistant import Assistant, Reply
from todo_chatbot.agent.journal import PlannedCall
from todo_chatbot.agent.listener import SILENT, Listener, Output
from todo_chatbot.chat.book import Book
from todo_chatbot.chat.items import model_input
from todo_chatbot.conversations.store import Call, Turn, TurnInTheWay, TurnLost, TurnRecord
from todo_chatbot.db.database import Database
from todo_chatbot.errors import ConversationBusy, KeyReused, NotTheNewest
from todo_chatbot.identity import TokenMinter, UserId
from todo_chatbot.logs import request_id
from todo_chatbot.web import metrics

log = logging.getLogger(__name__)

T = TypeVar("T")

STOPPED = "Stopped."

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
    turn_id: int
    text: str
    calls: tuple[Call, ...]
    failed: bool
    """There is no answer yet: the model or the tools did not work, or the turn was stopped."""


class Seen(Protocol):
    """What somebody who watched a turn has seen of it."""

    text: str
    outputs: dict[str, Output]


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """A turn that is written down and waits to be carried out."""

    turn: Turn
    book: Book

    @property
    def conversation_id(self) -> int:
        """The conversation that it is part of."""
        return self.turn.conversation_id

    @property
    def turn_id(self) -> int:
        """Its number."""
        return self.turn.id


class Turns:
    """Carries out the turns of all users. Holds nothing between them."""

    def __init__(
        self, database: Database, assistant: Assistant, minter: TokenMinter, limits: Limits
    ) -> None:
        self._database = database
        self._assistant = assistant
        self._minter = minter
        self._limits = limits
        self._running: set[asyncio.Task[Any]] = set()

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
        work = self._in_background(self._answer(user_id, message, conversation_id, key))
        return await asyncio.shield(work)

    async def begin(
        self, user_id: UserId, message: str, conversation_id: int | None, key: str | None = None
    ) -> OpenTurn | Answered:
        """Write a message down and return its turn, or its answer when ``key`` already has one.

        A turn of the conversation that was cut off is carried out first. Raises what ``answer``
        raises.
        """
        key = key or _fresh_key()
        book = self._book(user_id)
        patience = time.monotonic() + self._limits.wait_seconds
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                return OpenTurn(await book.begin(conversation_id, message, key), book)
            except TurnInTheWay:
                before = await book.in_the_way(conversation_id, key)
            if before is None:
                continue
            if before.answer is not None:
                return _again(before, message, conversation_id)
            if (abandoned := await book.take_over(before.id)) is not None:
                with suppress(TurnLost):
                    await self.carry_out(OpenTurn(abandoned, book))
            elif time.monotonic() > patience:
                raise ConversationBusy
            else:
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE_SECONDS, pause * 1.5)

    async def reopen(self, user_id: UserId, conversation_id: int, turn_id: int) -> OpenTurn:
        """Return an ended turn to be answered anew; the calls it made are not made again.

        Raises:
            ConversationBusy: a turn of the conversation is being answered.
            NotTheNewest: it is not the newest turn of the conversation.
        """
        book = self._book(user_id)
        turn = await book.take_over(turn_id) or await book.reopen(turn_id)
        if turn is not None:
            return OpenTurn(turn, book)
        if await book.in_the_way(conversation_id, None) is not None:
            raise ConversationBusy
        raise NotTheNewest

    async def carry_out(self, opened: OpenTurn, listener: Listener = SILENT) -> Answered:
        """Think about a turn, with tools, and write down its answer.

        Raises:
            TurnLost: the turn was taken over meanwhile; nothing was answered here.
        """
        turn, book = opened.turn, opened.book
        started = time.perf_counter()
        async with book.alive():
            reply = await self._assistant.reply(
                model_input(turn, self._limits.history_characters),
                [_planned(call) for call in turn.calls if call.output is None],
                token=self._minter.mint(book.user_id),
                journal=book,
                listener=listener,
                headers={"x-request-id": request_id.get() or uuid.uuid4().hex},
            )
        failed = reply.outcome != "answered"
        calls = await book.close(reply.text, reply.outputs, failed=failed)
        _tell(turn, reply, calls, time.perf_counter() - started)
        return Answered(turn.conversation_id, turn.id, reply.text, calls, failed=failed)

    def start(self, opened: OpenTurn, listener: Listener) -> asyncio.Task[Answered]:
        """Carry a turn out in the background; it goes on when nobody waits for it."""
        return self._in_background(self.carry_out(opened, listener))

    def stop(self, opened: OpenTurn, work: asyncio.Task[Answered], seen: Seen) -> None:
        """End a turn that is being carried out with what was said so far; returns at once."""
        self._in_background(self._stop(opened, work, seen))

    async def _stop(self, opened: OpenTurn, work: asyncio.Task[Answered], seen: Seen) -> None:
        work.cancel()
        await asyncio.wait([work])
        # Lost when the work was done already, or somebody else has taken the turn over.
        with suppress(TurnLost):
            await opened.book.close(seen.text.strip() or STOPPED, seen.outputs, failed=True)

    async def drain(self) -> None:
        """Wait for the turns that go on although nobody waits for them."""
        if self._running:
            await asyncio.wait(self._running)

    async def _answer(
        self, user_id: UserId, message: str, conversation_id: int | None, key: str | None
    ) -> Answered:
        key = key or _fresh_key()
        while True:
            opened = await self.begin(user_id, message, conversation_id, key)
            if isinstance(opened, Answered):
                return opened
            # Whoever took it over answers it, and by its key the answer is found.
            with suppress(TurnLost):
                return await self.carry_out(opened)

    def _in_background(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _book(self, user_id: UserId) -> Book:
        return Book(
            self._database,
            user_id,
            lease_seconds=self._limits.lease_seconds,
            window=self._limits.history_messages,
        )


def _fresh_key() -> str:
    """Return a key for a request that has none; with a blank, so that no client can send it.

    A transaction that lost its connection is repeated although it may have been committed: by its
    key a request recognises the turn that it has begun.
    """
    return f"request {uuid.uuid4()}"


def _again(before: TurnRecord, message: str, conversation_id: int | None) -> Answered:
    elsewhere = conversation_id is not None and conversation_id != before.conversation_id
    if before.message != message or elsewhere:
        raise KeyReused
    assert before.answer is not None
    return Answered(
        before.conversation_id, before.id, before.answer, before.calls, failed=before.failed
    )


def _planned(call: Call) -> PlannedCall:
    return PlannedCall(call.call_id, call.name, call.arguments)


def _tell(turn: Turn, reply: Reply, calls: tuple[Call, ...], seconds: float) -> None:
    tools_seconds = sum(output.seconds for output in reply.outputs.values())
    metrics.turn_answered(
        reply.outcome, model_seconds=reply.model_seconds, tools_seconds=tools_seconds
    )
    metrics.tokens_used(reply.input_tokens, reply.output_tokens)
    answered = reply.outcome == "answered"
    log.log(
        logging.INFO if answered else logging.ERROR,
        "turn answered" if answered else "model failed",
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
