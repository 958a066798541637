"""What every benchmark stands on: a database with the schema, and the processes on it."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from databases import create_database, drop_database, postgres_server
from processes import Stack, stack_on
from todo_chatbot.db.migrate import upgrade
from wire import Wire


@contextmanager
def database() -> Iterator[str]:
    """Yield the URL of a database with the schema."""
    with postgres_server() as server:
        url = create_database(server)
        upgrade(url, None)
        try:
            yield url
        finally:
            drop_database(server, url)


def measure(url: str, work: Callable[[Stack, Wire], Awaitable[None]], **settings: object) -> None:
    """Run ``work`` with ``api`` and ``tools`` as processes, and a proxy that counts statements."""

    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with (
                Wire(url).running() as wire,
                stack_on(wire.url, Path(folder), proxied=False, **settings) as stack,
            ):
                await work(stack, wire)

    asyncio.run(run())
