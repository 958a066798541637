"""Writes tool calls down before they are made.

The SDK makes the calls of an answer as soon as the model has given it; so the model is wrapped, and
an answer with calls is handed on only when those calls are recorded.
"""

import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from agents import AgentsException, Model, ModelBehaviorError, ModelResponse, TResponseInputItem
from agents.items import TResponseOutputItem, TResponseStreamEvent
from openai import OpenAIError
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage

from todo_chatbot.agent.guard import DeleteGuard
from todo_chatbot.agent.listener import Output


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A tool call that the model asked for; ``arguments`` is JSON as the model wrote it."""

    call_id: str
    name: str
    arguments: str


class Journal(Protocol):
    """Where a turn is written down."""

    async def write_down(self, calls: Sequence[PlannedCall], outputs: dict[str, Output]) -> None:
        """Record calls that are about to be made and the outputs, by call id, known so far."""


class JournalingModel(Model):
    """A model whose calls are recorded, under ids that no other call has, before it answers.

    Models and servers number their calls as they like ("call_1" in every turn), and Chat
    Completions gives each message the id ``__fake_id__``; receipts and ChatKit need unique ones.
    """

    def __init__(
        self, inner: Model, journal: Journal, outputs: dict[str, Output], guard: DeleteGuard
    ) -> None:
        self._inner = inner
        self._journal = journal
        self._outputs = outputs
        self._guard = guard

    async def get_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],  # noqa: A002 - the SDK's name
        *args: Any,  # noqa: ANN401 - handed on as it is
        **kwargs: Any,  # noqa: ANN401 - handed on as it is
    ) -> ModelResponse:
        """Ask the model, then record the calls of its answer."""
        with _known_failures():
            response = await self._inner.get_response(
                system_instructions, _portable(input), *args, **kwargs
            )
            _check(response.output)
        ids = _Ids()
        for index, item in enumerate(response.output):
            ids.apply(item, index)
        await self._record(response.output)
        return response

    async def stream_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],  # noqa: A002 - the SDK's name
        *args: Any,  # noqa: ANN401 - handed on as it is
        **kwargs: Any,  # noqa: ANN401 - handed on as it is
    ) -> AsyncIterator[TResponseStreamEvent]:
        """Stream the model's answer; its calls are recorded before the last event."""
        ids = _Ids()
        events = self._inner.stream_response(system_instructions, _portable(input), *args, **kwargs)
        async for event in _watched(events):
            index = getattr(event, "output_index", None)
            if index is not None:
                ids.apply_to_event(event, index)
            if event.type == "response.completed":
                _check(event.response.output)
                for place, item in enumerate(event.response.output):
                    ids.apply(item, place)
                await self._record(event.response.output)
            yield event

    async def close(self) -> None:
        """Leave the inner model open: it serves every turn."""

    async def _record(self, output: list[TResponseOutputItem]) -> None:
        calls = [
            PlannedCall(item.call_id, item.name, item.arguments)
            for item in output
            if isinstance(item, ResponseFunctionToolCall)
        ]
        if calls:
            self._guard.expect((call.call_id, call.name) for call in calls)
            await self._journal.write_down(calls, self._outputs)


@contextmanager
def _known_failures() -> Iterator[None]:
    """Turn whatever a strange answer makes the SDK raise into an error that means the model.

    Not every compatible server is: pages of proxies, empty choices and broken streams end as
    ``IndexError``, ``JSONDecodeError`` or an error of the HTTP client.
    """
    try:
        yield
    except (OpenAIError, AgentsException):
        raise
    except Exception as error:
        raise ModelBehaviorError("The model's answer cannot be read.") from error


async def _watched(
    events: AsyncIterator[TResponseStreamEvent],
) -> AsyncIterator[TResponseStreamEvent]:
    with _known_failures():
        async for event in events:
            yield event


def _check(output: Sequence[TResponseOutputItem]) -> None:
    """Raise when an item lacks what it cannot be without; the client checks no answer."""
    for item in output:
        if isinstance(item, ResponseOutputMessage) and not isinstance(item.content, list):
            raise ModelBehaviorError("A message of the model has no content.")
        if isinstance(item, ResponseFunctionToolCall) and not (
            isinstance(item.name, str) and isinstance(item.arguments, str)
        ):
            raise ModelBehaviorError("A call of the model has no name or no arguments.")


class _Ids:
    """One fresh id per place in an answer, the same in every event that speaks of it."""

    def __init__(self) -> None:
        self._by_place: dict[int, str] = {}

    def apply(self, item: TResponseOutputItem, place: int) -> None:
        fresh = self._by_place.setdefault(place, uuid.uuid4().hex)
        if isinstance(item, ResponseFunctionToolCall):
            item.id = f"fc_{fresh}"
            item.call_id = f"call_{fresh}"
        elif getattr(item, "type", None) == "message":
            item.id = f"msg_{fresh}"

    def apply_to_event(self, event: TResponseStreamEvent, place: int) -> None:
        if (item := getattr(event, "item", None)) is not None:
            self.apply(item, place)
        if hasattr(event, "item_id"):
            prefix = "fc" if "function_call" in event.type else "msg"
            event.item_id = f"{prefix}_{self._by_place.setdefault(place, uuid.uuid4().hex)}"


def _portable(items: str | list[TResponseInputItem]) -> str | list[TResponseInputItem]:
    """Drop what only the model that made an item understands: ids and reasoning.

    A conversation may continue with another provider, and nothing is stored at OpenAI
    (``store=False``) that an id could refer to.
    """
    if isinstance(items, str):
        return items
    return [
        {name: value for name, value in item.items() if name != "id"}  # type: ignore[misc]  # still one of the items
        for item in items
        if item.get("type") != "reasoning"
    ]
