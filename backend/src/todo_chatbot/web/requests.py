"""What every request meets first: trimmed headers, an id that joins the logs, and a limit."""

import re
import uuid

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo_chatbot.logs import request_id
from todo_chatbot.web.problems import problem

_GIVEN = re.compile(r"[\w.-]{1,64}", re.ASCII)


class RequestId:
    """Takes over a caller's ``X-Request-Id`` or makes one; answers and logs carry it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        current = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", current.encode())]
            await send(message)

        reset = request_id.set(current)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            request_id.reset(reset)


class TrimmedHeaders:
    """Cuts blanks off header values, of which they are no part (RFC 9110 section 5.5).

    The parser of HTTP that computes least leaves them on, and MCP compares values as they are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http":
            scope["headers"] = [(name, value.strip(b" \t")) for name, value in scope["headers"]]
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses bodies that are too large, as a problem; FastAPI's own limit answers plain text."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        detail = f"A request may have {self._max_bytes} bytes at most."
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self._max_bytes:
            await problem(413, "Content too large", detail)(scope, receive, send)
            return
        left = self._max_bytes

        async def receive_some() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413, detail)
            return message

        await self._app(scope, receive_some, send)
