"""What happens to every request before its route: an id for the logs, a limit for its body."""

import re
import uuid
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo_chatbot.errors import RequestTooLarge
from todo_chatbot.logs import request_id
from todo_chatbot.web.problems import problem

MAX_BODY_BYTES = 64 * 1024

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


class BodyLimit:
    """Refuses bodies over the limit, also those that do not say how long they are."""

    def __init__(self, app: ASGIApp, max_bytes: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self._max_bytes:
            await self._refuse(scope, receive, send)
            return
        read = 0

        async def receive_some() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._max_bytes:
                raise RequestTooLarge(_TOO_LARGE.format(self._max_bytes))
            return message

        await self._app(scope, receive_some, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        detail = _TOO_LARGE.format(self._max_bytes)
        await problem(status, RequestTooLarge.title, detail)(scope, receive, send)


_TOO_LARGE = "The request is larger than {} bytes. Send a shorter message."
