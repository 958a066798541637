"""``python -m todo_chatbot.local.front``: the page and the paths people may reach, in one place."""

import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo_chatbot import logs
from todo_chatbot.local.proxy import Upstream

GRACE_SECONDS = 5
"""How long open requests may take when the stack is stopped."""


@dataclass(frozen=True)
class Told:
    """What the page process is told. Nothing in it is a secret."""

    listener: int
    folder: str
    api: str
    auth: str
    tools: str
    ui: str
    domain_key: str
    assistant: dict[str, str]


def create_front(told: Told) -> Starlette:
    """Build the application: the built page, its configuration, and three ways further in."""
    transport = httpx2.AsyncHTTPTransport(
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=50)
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with transport:
            yield

    headers = security_headers(Path(told.folder), told.ui)
    configuration = {
        "ui": told.ui,
        "domainKey": told.domain_key,
        "assistant": told.assistant,
    }

    async def config(_: Request) -> Response:
        return JSONResponse(configuration, headers={"cache-control": "no-store"})

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/healthz", _alive),
            Route("/config.json", config),
            Route("/api/auth/{rest:path}", Upstream("Sign-in", told.auth, transport)),
            Route("/api/{rest:path}", Upstream("The assistant", told.api, transport)),
            Route("/mcp", Upstream("The task service", told.tools, transport)),
            Mount("/", _Page(directory=told.folder, html=True)),
        ],
        middleware=[Middleware(_SecurityHeaders, headers=headers)],
    )


async def _alive(_: Request) -> Response:
    return JSONResponse({"status": "alive"})


class _Page(StaticFiles):
    """The built page. Vite puts the hash of its content into the name of each asset."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - passed on
        response = super().file_response(*args, **kwargs)
        hashed = "/assets/" in str(args[0])
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if hashed else "no-cache"
        )
        return response


def security_headers(folder: Path, ui: str) -> dict[str, str]:
    """Return the headers that the page was built for; the hosted chat needs one more origin."""
    kinds: dict[str, dict[str, str]] = json.loads((folder / "security-headers.json").read_text())
    return kinds["local" if ui == "local" else "hosted"]


class _SecurityHeaders:
    """Adds headers to every answer that does not have them."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def main() -> None:
    """Serve on the socket that was inherited."""
    told = Told(**json.loads(sys.argv[1]))
    logs.configure(os.environ.get("LOG_LEVEL") or "info")
    config = uvicorn.Config(
        create_front(told),
        log_config=None,
        access_log=False,
        server_header=False,
        # It is us who say which address a request came from.
        proxy_headers=False,
        timeout_keep_alive=65,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=told.listener)])


if __name__ == "__main__":
    main()
