"""Reaches the tools over HTTP, through their restarts, without ever raising."""

import asyncio

import httpx2

PAUSES_SECONDS = (0.05, 0.2, 0.8)
"""Before each further try; together long enough for a connection to another process."""


class SoftTransport(httpx2.AsyncBaseTransport):
    """Answers 503 when the tools cannot be reached, and leaves the shared pool open.

    An exception here would cancel mcp's task group, and with it the whole turn. A lost connection
    is tried again: every tool call carries the id of its receipt, so none takes effect twice.
    """

    def __init__(self, pool: httpx2.AsyncBaseTransport) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer of the tools, whole, or 503."""
        for pause in (*PAUSES_SECONDS, None):
            try:
                response = await self._pool.handle_async_request(request)
                # Read here, because a connection may also be lost in the middle of an answer.
                await response.aread()
            except httpx2.TimeoutException:
                break
            except httpx2.TransportError:
                if pause is not None:
                    await asyncio.sleep(pause)
            else:
                return response
        error = {"code": -32603, "message": "The task service cannot be reached right now."}
        return httpx2.Response(
            503, request=request, json={"jsonrpc": "2.0", "id": None, "error": error}
        )

    async def aclose(self) -> None:
        """Keep the pool: it belongs to ``Toolboxes``."""
