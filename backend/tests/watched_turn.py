"""Run by test_tracing.py as a process of its own: one turn, and whom it contacted."""

import asyncio
import json
import sys
import uuid
from typing import Any

contacted: list[list[Any]] = []
looked_up: list[str] = []


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Note every address that is connected or sent to, every name that is looked up; stop both."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple):
            contacted.append([str(address[0]), address[1]])
            _stop_unless_here(str(address[0]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
        looked_up.append(str(host))
        _stop_unless_here(str(host))


def _stop_unless_here(host: str) -> None:
    """Let nothing leave this machine, not even when the test is about to fail."""
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise ConnectionRefusedError(host)


# Before anything is imported that might open a socket.
sys.addaudithook(watch)


async def main() -> None:
    """Start ``tools`` and ``api`` as the environment says, have one turn, end both."""
    import httpx2
    from serving import serving
    from support import say

    from todo_chatbot.app.api import create_api
    from todo_chatbot.app.tools import create_tools
    from todo_chatbot.settings import ApiSettings, ToolsSettings, read

    tools = create_tools(read(ToolsSettings))
    async with serving(tools) as address:
        settings = read(ApiSettings).model_copy(update={"tools_url": f"{address}/mcp"})
        api = create_api(settings)
        async with (
            api.router.lifespan_context(api),
            httpx2.AsyncClient(
                transport=httpx2.ASGITransport(api), base_url="http://api.test"
            ) as http,
        ):
            answer = await say(http, f"ada-{uuid.uuid4()}", "A secret")
    _end_traces()
    seen = answer.json() | {"contacted": contacted, "looked_up": looked_up}
    sys.stdout.write(json.dumps(seen))


def _end_traces() -> None:
    """Send what the SDK may have gathered: it waits for a batch otherwise."""
    from agents.tracing import get_trace_provider

    get_trace_provider().shutdown()


if __name__ == "__main__":
    asyncio.run(main())
