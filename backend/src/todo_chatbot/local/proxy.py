"""Passes requests on to another process of this stack, streaming both ways."""

import logging
from collections.abc import AsyncIterator, Callable

import anyio
import httpx2
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

log = logging.getLogger(__name__)

TIMEOUTS = {"connect": 3.0, "read": 300.0, "write": 30.0, "pool": 5.0}
"""In seconds; a turn takes minutes at the longest, and may be silent while the model thinks."""

RETRY_AFTER_SECONDS = 2

_HOP_BY_HOP = {
    b"connection",
    b"keep-alive",
    b"proxy-authenticate",
    b"proxy-authorization",
    b"proxy-connection",
    b"te",
    b"trailer",
    b"transfer-encoding",
    b"upgrade",
}
"""About one connection, not about the message (RFC 9110 section 7.6.1)."""

Header = tuple[bytes, bytes]


class Upstream:
    """An ASGI application that lives in another process."""

    def __init__(self, name: str, origin: str, transport: httpx2.AsyncBaseTransport) -> None:
        """``name`` is what people are told when it is away."""
        self._name = name
        self._origin = origin
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on and its answer back; end it when the client goes away."""
        into, out = anyio.create_memory_object_stream[bytes]()
        request = self._request(scope, out)
        async with anyio.create_task_group() as tasks, into, out:
            tasks.start_soon(_listen, receive, into, tasks.cancel_scope.cancel)
            await self._exchange(request, scope, receive, send)
            tasks.cancel_scope.cancel()

    async def _exchange(
        self, request: httpx2.Request, scope: Scope, receive: Receive, send: Send
    ) -> None:
        try:
            response = await self._transport.handle_async_request(request)
        except httpx2.TransportError as error:
            log.warning("upstream away", extra={"upstream": self._name, "error": repr(error)})
            await self._away(error)(scope, receive, send)
            return
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        try:
            # The server that answers the client writes a date of its own.
            headers = _end_to_end(response.headers.raw, {b"date"})
            start = {"type": "http.response.start", "status": response.status_code}
            await send({**start, "headers": headers})
            async for chunk in response.stream:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body"})
        except httpx2.TransportError as error:
            # Returning without the last chunk makes the server cut the connection: the client
            # must not take half an answer for a whole one.
            log.warning("upstream broke off", extra={"upstream": self._name, "error": repr(error)})
        finally:
            # Also when the client's going away has cancelled everything here.
            with anyio.CancelScope(shield=True):
                await response.aclose()

    def _request(self, scope: Scope, body: MemoryObjectReceiveStream[bytes]) -> httpx2.Request:
        headers = _end_to_end(scope["headers"], {b"expect", b"x-forwarded-for"})
        headers.append((b"x-forwarded-for", _forwarded_for(scope)))
        if any(name == b"transfer-encoding" for name, _ in scope["headers"]):
            headers.append((b"transfer-encoding", b"chunked"))
        query = scope["query_string"]
        target = scope["raw_path"] + (b"?" + query if query else b"")
        return httpx2.Request(
            scope["method"],
            self._origin,
            headers=headers,
            stream=_Body(body),
            # The bytes that came in: a parsed URL would have its dot segments resolved.
            extensions={"target": target, "timeout": TIMEOUTS},
        )

    def _away(self, error: httpx2.TransportError) -> JSONResponse:
        # Nothing was sent when there was no connection: trying again is safe for any request.
        status = 503 if isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout)) else 502
        problem = {
            "type": "about:blank",
            "title": "Temporarily unavailable",
            "status": status,
            "detail": f"{self._name} cannot be reached right now. Try again in a few seconds.",
        }
        headers = {"retry-after": str(RETRY_AFTER_SECONDS)}
        return JSONResponse(problem, status, headers, media_type="application/problem+json")


class _Body(httpx2.AsyncByteStream):
    def __init__(self, chunks: MemoryObjectReceiveStream[bytes]) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            yield chunk


async def _listen(
    receive: Receive, body: MemoryObjectSendStream[bytes], gone: Callable[[], None]
) -> None:
    """Hand the request's body on, then wait: what comes after it is the client going away."""
    async with body:
        while (message := await receive())["type"] == "http.request":
            if chunk := message.get("body"):
                await body.send(chunk)
            if not message.get("more_body"):
                break
    while message["type"] != "http.disconnect":
        message = await receive()
    gone()


def _end_to_end(headers: list[Header], without: set[bytes]) -> list[Header]:
    named = {
        token.strip().lower()
        for name, value in headers
        if name.lower() == b"connection"
        for token in value.split(b",")
    }
    dropped = _HOP_BY_HOP | named | without
    return [(name, value) for name, value in headers if name.lower() not in dropped]


def _forwarded_for(scope: Scope) -> bytes:
    chain = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    client = scope.get("client")
    return b", ".join([*chain, client[0].encode() if client else b"unknown"])
