"""What stands around the processes under test: a scripted model, and bad networks."""

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

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


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave Ctrl+C to pytest."""
        yield


@asynccontextmanager
async def listening(app: ASGIApp, http: Literal["auto", "h11"] = "auto") -> AsyncIterator[str]:
    """Serve ``app`` on a free port of this machine; yields its address."""
    server = _Server(uvicorn.Config(app, port=0, http=http, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = server.force_exit = True
    await serving


@dataclass
class ModelServer:
    """A server that speaks Chat Completions and says what ``think`` returns."""

    think: Think = add_what_was_said
    url: str = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ModelServer"]:
        route = Route("/v1/chat/completions", self._complete, methods=["POST"])
        async with listening(Starlette(routes=[route])) as address:
            self.url = f"{address}/v1"
            yield self

    async def _complete(self, request: Request) -> Response:
        asked = await request.json()
        thought = await self.think(asked["messages"])
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


def _call(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    # Like some servers, this one gives the same id to every call.
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"id": "call_1", "type": "function", "function": function}


async def nothing() -> None:
    """Let it happen."""


@dataclass
class ToolsProxy:
    """Passes MCP requests on, and lets a test act at the two worst moments of a tool call."""

    target: str
    before_call: Callable[[], Awaitable[None]] = nothing
    """Awaited when ``api`` has sent a call and ``tools`` has not got it."""
    after_call: Callable[[], Awaitable[None]] = nothing
    """Awaited when ``tools`` has answered and ``api`` does not know."""
    url: str = ""
    calls: int = 0
    _http: httpx2.AsyncClient = field(default_factory=lambda: httpx2.AsyncClient(timeout=30))

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ToolsProxy"]:
        routes = [
            Route("/mcp", self._pass_on, methods=["POST"]),
            Route("/healthz", self._pass_on, methods=["GET"]),
        ]
        async with listening(Starlette(routes=routes)) as address, self._http:
            self.url = f"{address}/mcp"
            yield self

    async def _pass_on(self, request: Request) -> Response:
        body = await request.body()
        is_call = b'"tools/call"' in body
        if is_call:
            self.calls += 1
            await self.before_call()
        url = httpx2.URL(self.target).join(request.url.path)
        try:
            answer = await self._http.request(
                request.method, url, content=body, headers=request.headers.raw
            )
        except httpx2.TransportError:
            return Response(status_code=502)
        if is_call:
            await self.after_call()
        kind = answer.headers.get("content-type", "text/plain")
        return Response(answer.content, answer.status_code, {"content-type": kind})
