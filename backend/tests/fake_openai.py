"""A server that speaks OpenAI's two APIs, streaming or not, and says what a test scripted."""

import itertools
import json
import time
import uuid
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from serving import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

Json = dict[str, Any]

PIECE = 7
"""Characters per streamed piece: arguments never come whole."""


@dataclass(frozen=True)
class Asked:
    """One request that the server got."""

    path: str
    body: Json
    headers: dict[str, str]


@dataclass(frozen=True)
class Says:
    """The model answers with text."""

    text: str


@dataclass(frozen=True)
class Calls:
    """The model calls tools: a name and the arguments as it writes them, all under one id."""

    calls: tuple[tuple[str, str], ...]
    thought: str = ""
    """What a reasoning model thinks before; Responses only."""


@dataclass(frozen=True)
class Refuses:
    """The model does not want to answer."""

    text: str


@dataclass(frozen=True)
class Fails:
    """The server answers with an error."""

    status: int
    headers: Json = field(default_factory=lambda: {"retry-after-ms": "5"})


@dataclass(frozen=True)
class Sends:
    """The server answers 200 with just any body."""

    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True)
class Hangs:
    """The server does not answer as long as the client waits."""


@dataclass(frozen=True)
class Breaks:
    """The server begins to stream an answer and goes away."""


Step = Says | Calls | Refuses | Fails | Sends | Hangs | Breaks


def calls(name: str, *more: str, **arguments: Any) -> Calls:
    """Return a step with one call, or the same call of several tools."""
    return Calls(tuple((tool, json.dumps(arguments)) for tool in (name, *more)))


@dataclass
class FakeOpenAI:
    """Takes one step per request; without any left it is a bug of the test."""

    steps: deque[Step] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def script(self, *steps: Step) -> None:
        """Say what comes next."""
        self.steps.extend(steps)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FakeOpenAI"]:
        """Listen on a free port; ``url`` is what OPENAI_BASE_URL wants."""
        routes = [
            Route("/v1/chat/completions", self._answer, methods=["POST"]),
            Route("/v1/responses", self._answer, methods=["POST"]),
        ]
        async with serving(Starlette(routes=routes)) as address:
            self.url = f"{address}/v1"
            yield self

    async def _answer(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(Asked(request.url.path, body, dict(request.headers)))
        step = self.steps.popleft()
        if isinstance(step, Fails):
            error = {"message": "boom", "type": "server_error", "code": None}
            return JSONResponse({"error": error}, step.status, step.headers)
        if isinstance(step, Sends):
            return Response(step.body, media_type=step.content_type)
        if isinstance(step, Hangs):
            await request.receive()
            return Response()
        speaks = _Chat if request.url.path.endswith("completions") else _Responses
        spoken = speaks(body["model"], step)
        if not body.get("stream"):
            return JSONResponse(spoken.whole())
        return StreamingResponse(_stream(spoken, step), media_type="text/event-stream")


async def _stream(spoken: "_Chat | _Responses", step: Step) -> AsyncIterator[str]:
    for number, event in enumerate(spoken.events()):
        if isinstance(step, Breaks) and number == 2:
            raise ConnectionResetError
        yield event


def _pieces(text: str) -> Iterator[str]:
    return (text[at : at + PIECE] for at in range(0, len(text), PIECE))


class _Chat:
    """A step as Chat Completions tell it. Every call has the same id, as with some servers."""

    def __init__(self, model: str, step: Step) -> None:
        self._base = {"id": "chatcmpl-1", "created": int(time.time()), "model": model}
        self._step = step

    def whole(self) -> Json:
        message: Json = {"role": "assistant", "content": None}
        step = self._step
        if isinstance(step, Says):
            message["content"] = step.text
        elif isinstance(step, Refuses):
            message["refusal"] = step.text
        elif isinstance(step, Calls):
            message["tool_calls"] = [self._call(*call) for call in step.calls]
        choice = {"index": 0, "message": message, "finish_reason": self._reason()}
        usage = {"prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13}
        return self._base | {"object": "chat.completion", "choices": [choice], "usage": usage}

    def events(self) -> Iterator[str]:
        yield self._chunk({"role": "assistant", "content": ""})
        step = self._step
        if isinstance(step, Calls):
            for index, (name, arguments) in enumerate(step.calls):
                call = self._call(name, "")
                yield self._chunk({"tool_calls": [{"index": index, **call}]})
                for piece in _pieces(arguments):
                    part = {"index": index, "function": {"arguments": piece}}
                    yield self._chunk({"tool_calls": [part]})
        elif isinstance(step, Refuses):
            yield self._chunk({"refusal": step.text})
        else:
            for piece in _pieces(step.text if isinstance(step, Says) else "half a sentence"):
                yield self._chunk({"content": piece})
        yield self._chunk({}, self._reason())
        yield "data: [DONE]\n\n"

    def _reason(self) -> str:
        return "tool_calls" if isinstance(self._step, Calls) else "stop"

    def _call(self, name: str, arguments: str) -> Json:
        function = {"name": name, "arguments": arguments}
        return {"id": "call_1", "type": "function", "function": function}

    def _chunk(self, delta: Json, reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        chunk = self._base | {"object": "chat.completion.chunk", "choices": [choice]}
        return f"data: {json.dumps(chunk)}\n\n"


class _Responses:
    """A step as the Responses API tells it."""

    def __init__(self, model: str, step: Step) -> None:
        self._numbers = itertools.count(1)
        self._output = list(_items(step))
        self._response = {
            "id": f"resp_{uuid.uuid4().hex}",
            "object": "response",
            "created_at": time.time(),
            "model": model,
            "status": "completed",
            "output": self._output,
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": {
                "input_tokens": 10,
                "output_tokens": 3,
                "total_tokens": 13,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
        }

    def whole(self) -> Json:
        return self._response

    def events(self) -> Iterator[str]:
        begun = self._response | {"status": "in_progress", "output": [], "usage": None}
        yield self._event("response.created", response=begun)
        for index, item in enumerate(self._output):
            place = {"output_index": index, "item_id": item["id"]}
            empty = item | {"message": {"content": []}, "function_call": {"arguments": ""}}.get(
                item["type"], {}
            )
            yield self._event("response.output_item.added", output_index=index, item=empty)
            if item["type"] == "function_call":
                for piece in _pieces(item["arguments"]):
                    yield self._event(
                        "response.function_call_arguments.delta", **place, delta=piece
                    )
                yield self._event(
                    "response.function_call_arguments.done",
                    **place,
                    arguments=item["arguments"],
                    name=item["name"],
                )
            elif item["type"] == "message":
                yield from self._text(item["content"][0], place | {"content_index": 0})
            yield self._event("response.output_item.done", output_index=index, item=item)
        yield self._event("response.completed", response=self._response)

    def _text(self, part: Json, place: Json) -> Iterator[str]:
        kind = "output_text" if part["type"] == "output_text" else "refusal"
        name = "text" if kind == "output_text" else "refusal"
        yield self._event("response.content_part.added", **place, part=part | {name: ""})
        for piece in _pieces(part[name]):
            yield self._event(f"response.{kind}.delta", **place, delta=piece, logprobs=[])
        yield self._event(f"response.{kind}.done", **place, **{name: part[name]}, logprobs=[])
        yield self._event("response.content_part.done", **place, part=part)

    def _event(self, kind: str, **fields: Any) -> str:
        data = {"type": kind, "sequence_number": next(self._numbers), **fields}
        return f"event: {kind}\ndata: {json.dumps(data)}\n\n"


def _items(step: Step) -> Iterator[Json]:
    if isinstance(step, Calls):
        if step.thought:
            summary = [{"type": "summary_text", "text": step.thought}]
            yield {"id": "rs_1", "type": "reasoning", "summary": summary}
        for name, arguments in step.calls:
            yield {
                "id": "fc_1",
                "type": "function_call",
                "call_id": "call_1",
                "name": name,
                "arguments": arguments,
                "status": "completed",
            }
        return
    part: Json = {"type": "refusal", "refusal": step.text} if isinstance(step, Refuses) else {
        "type": "output_text",
        "text": step.text if isinstance(step, Says) else "half a sentence",
        "annotations": [],
    }  # fmt: skip
    yield {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [part],
    }
