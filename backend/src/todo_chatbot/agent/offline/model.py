"""The offline assistant as a model of the Agents SDK, streaming included."""

import itertools
import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

from agents import Model, ModelResponse, TResponseInputItem, Usage
from agents.items import TResponseStreamEvent
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseContentPartAddedEvent,
    ResponseContentPartDoneEvent,
    ResponseCreatedEvent,
    ResponseFunctionCallArgumentsDeltaEvent,
    ResponseFunctionCallArgumentsDoneEvent,
    ResponseFunctionToolCall,
    ResponseOutputItemAddedEvent,
    ResponseOutputItemDoneEvent,
    ResponseOutputMessage,
    ResponseOutputText,
    ResponseTextDeltaEvent,
    ResponseTextDoneEvent,
    ResponseUsage,
)
from openai.types.responses.response_usage import InputTokensDetails, OutputTokensDetails

from todo_chatbot.agent.offline.assistant import decide
from todo_chatbot.agent.offline.lexicon import load
from todo_chatbot.agent.offline.speaking import LANGUAGES

_PIECE = 24
"""Characters of an answer per streamed event."""

Item = ResponseOutputMessage | ResponseFunctionToolCall


class OfflineModel(Model):
    """A model that needs no LLM: what it says depends on the input items alone."""

    name = "offline"

    def __init__(self) -> None:
        # Reading the table takes a quarter of a second: at the start, not in somebody's first turn.
        for code in LANGUAGES:
            load(code)

    async def get_response(
        self,
        system_instructions: str | None,  # noqa: ARG002 - rules need no instructions
        input: str | list[TResponseInputItem],  # noqa: A002 - the SDK's name
        *_: Any,  # noqa: ANN401 - nothing else counts
        **__: Any,  # noqa: ANN401 - nothing else counts
    ) -> ModelResponse:
        """Return the next step as a response."""
        return ModelResponse(output=list(_output(input)), usage=Usage(requests=1), response_id=None)

    async def stream_response(
        self,
        system_instructions: str | None,  # noqa: ARG002 - rules need no instructions
        input: str | list[TResponseInputItem],  # noqa: A002 - the SDK's name
        *_: Any,  # noqa: ANN401 - nothing else counts
        **__: Any,  # noqa: ANN401 - nothing else counts
    ) -> AsyncIterator[TResponseStreamEvent]:
        """Yield the next step as the events of the Responses API."""
        for event in _events(_output(input), self.name):
            yield event


def _output(items: str | list[TResponseInputItem]) -> list[Item]:
    step = decide(items)
    if step.calls:
        return [_call(name, dict(arguments)) for name, arguments in step.calls]
    return [_message(step.text)]


def _new_id(kind: str) -> str:
    return f"{kind}_{uuid.uuid4().hex}"


def _text(text: str) -> ResponseOutputText:
    return ResponseOutputText(text=text, type="output_text", annotations=[], logprobs=[])


def _message(text: str) -> ResponseOutputMessage:
    return ResponseOutputMessage(
        id=_new_id("msg"),
        type="message",
        role="assistant",
        status="completed",
        content=[_text(text)],
    )


def _call(name: str, arguments: dict[str, Any]) -> ResponseFunctionToolCall:
    return ResponseFunctionToolCall(
        id=_new_id("fc"),
        call_id=_new_id("call"),
        type="function_call",
        name=name,
        arguments=json.dumps(arguments, ensure_ascii=False),
        status="completed",
    )


def _events(output: list[Item], model: str) -> list[TResponseStreamEvent]:
    number = itertools.count()
    frame = {
        "id": _new_id("resp"),
        "created_at": time.time(),
        "model": model,
        "object": "response",
        "tool_choice": "auto",
        "tools": [],
        "parallel_tool_calls": True,
    }
    none = ResponseUsage(
        input_tokens=0,
        output_tokens=0,
        total_tokens=0,
        input_tokens_details=InputTokensDetails(cached_tokens=0, cache_write_tokens=0),
        output_tokens_details=OutputTokensDetails(reasoning_tokens=0),
    )
    begun = Response(**frame, output=[], status="in_progress")
    ended = Response(**frame, output=output, status="completed", usage=none)
    events: list[TResponseStreamEvent] = [
        ResponseCreatedEvent(type="response.created", sequence_number=next(number), response=begun)
    ]
    for index, item in enumerate(output):
        parts = _message_events if isinstance(item, ResponseOutputMessage) else _call_events
        events.extend(parts(item, index, number))  # type: ignore[arg-type]  # as told apart above
        events.append(
            ResponseOutputItemDoneEvent(
                type="response.output_item.done",
                sequence_number=next(number),
                output_index=index,
                item=item,
            )
        )
    events.append(
        ResponseCompletedEvent(
            type="response.completed", sequence_number=next(number), response=ended
        )
    )
    return events


def _message_events(
    item: ResponseOutputMessage, index: int, number: Iterator[int]
) -> list[TResponseStreamEvent]:
    part = item.content[0]
    assert isinstance(part, ResponseOutputText)
    place = {"item_id": item.id, "output_index": index, "content_index": 0}
    started = item.model_copy(update={"content": [], "status": "in_progress"})
    return [
        ResponseOutputItemAddedEvent(
            type="response.output_item.added",
            sequence_number=next(number),
            output_index=index,
            item=started,
        ),
        ResponseContentPartAddedEvent(
            type="response.content_part.added",
            sequence_number=next(number),
            part=_text(""),
            **place,
        ),
        *(
            ResponseTextDeltaEvent(
                type="response.output_text.delta",
                sequence_number=next(number),
                delta=part.text[at : at + _PIECE],
                logprobs=[],
                **place,
            )
            for at in range(0, len(part.text), _PIECE)
        ),
        ResponseTextDoneEvent(
            type="response.output_text.done",
            sequence_number=next(number),
            text=part.text,
            logprobs=[],
            **place,
        ),
        ResponseContentPartDoneEvent(
            type="response.content_part.done", sequence_number=next(number), part=part, **place
        ),
    ]


def _call_events(
    item: ResponseFunctionToolCall, index: int, number: Iterator[int]
) -> list[TResponseStreamEvent]:
    assert item.id is not None
    return [
        ResponseOutputItemAddedEvent(
            type="response.output_item.added",
            sequence_number=next(number),
            output_index=index,
            item=item.model_copy(update={"arguments": ""}),
        ),
        ResponseFunctionCallArgumentsDeltaEvent(
            type="response.function_call_arguments.delta",
            sequence_number=next(number),
            item_id=item.id,
            output_index=index,
            delta=item.arguments,
        ),
        ResponseFunctionCallArgumentsDoneEvent(
            type="response.function_call_arguments.done",
            sequence_number=next(number),
            item_id=item.id,
            output_index=index,
            arguments=item.arguments,
            name=item.name,
        ),
    ]
