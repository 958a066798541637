"""What stands around the processes under test: a scripted model, and bad networks."""

import asyncio
import contextlib
import json
import re
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from serving import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Messages = list[dict[str, Any]]
Wish = tuple[str, dict[str, Any]]
"""A tool and its arguments."""

Think = Callable[[Messages], Awaitable[str | list[Wish]]]
"""What a model does with a conversation: it says something, or wishes for tools."""


async def add_what_was_said(messages: Messages) -> str | list[Wish]:
    """Add a task titled as the user's message, then say so."""
    if messages[-1]["role"] == "user":
        return [("add_task", {"title": messages[-1]["content"]})]
    return "Added."


@dataclass
class ModelServer:
    """A server that speaks Chat Completions and says what ``think`` returns."""

    think: Think = add_what_was_said
    url: str = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ModelServer"]:
        route = Route("/v1/chat/completions", self._complete, methods=["POST"])
        async with serving(Starlette(routes=[route])) as address:
            self.url = f"{address}/v1"
            yield self

    async def _complete(self, request: Request) -> Response:
        asked = await request.json()
        thought = await self.think([_plain(message) for message in asked["messages"]])
        if isinstance(thought, str):
            message: dict[str, Any] = {"role": "assistant", "content": thought}
        else:
            calls = [_call(name, arguments) for name, arguments in thought]
            message = {"role": "assistant", "content": None, "tool_calls": calls}
        return JSONResponse({
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": asked["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13},
        })  # fmt: skip


def _plain(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message with its text as one string, however it was sent."""
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(part["text"] for part in content)
    return message | {"content": content}


def _call(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    # Like some servers, this one gives the same id to every call.
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"id": "call_1", "type": "function", "function": function}


async def nothing() -> None:
    """Let it happen."""


@dataclass
class ToolsProxy:
    """Passes MCP requests on, and lets a test act at the two worst moments of a tool call.

    A hook that raises ``ConnectionError`` breaks the connection, as a process does that dies.
    """

    target: str
    before_call: Callable[[], Awaitable[None]] = nothing
    """Awaited when ``api`` has sent a call and ``tools`` has not got it."""
    after_call: Callable[[], Awaitable[None]] = nothing
    """Awaited when ``tools`` has answered and ``api`` does not know."""
    url: str = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ToolsProxy"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/mcp"
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            target = urlsplit(self.target)
            upstream = await asyncio.open_connection(target.hostname, target.port)
            with contextlib.closing(upstream[1]):
                while True:
                    request = await _http_message(reader)
                    is_call = b'"tools/call"' in request
                    if is_call:
                        await self.before_call()
                    upstream[1].write(request)
                    answer = await _http_message(upstream[0])
                    if is_call:
                        await self.after_call()
                    writer.write(answer)
        writer.close()


async def _http_message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    return head + (await reader.readexactly(int(length[1])) if length else b"")
