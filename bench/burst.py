"""A hundred turns at once with a model of two seconds, on five connections per process (SC-003)."""

import asyncio
import time
import uuid

import httpx2
from processes import Stack
from rich.console import Console
from rich.table import Table
from servers import Messages, Wish, add_what_was_said
from support import say
from wire import Wire

from bench.stage import database, measure

TURNS = 100


async def answer_slowly(_: Messages) -> str | list[Wish]:
    """Think for two seconds."""
    await asyncio.sleep(2)
    return "Hello."


async def add_slowly(messages: Messages) -> str | list[Wish]:
    """Think for one second before the tool call and for one after it."""
    await asyncio.sleep(1)
    return await add_what_was_said(messages)


async def race(stack: Stack, _wire: Wire) -> None:
    """Ask all at once, twice: without and with a tool call."""
    table = Table("100 turns at once", "all answered after", "limit")
    async with httpx2.AsyncClient(
        base_url=stack.api.url, timeout=60, limits=httpx2.Limits(max_connections=TURNS)
    ) as http:
        await asyncio.gather(*(say(http, f"user-{uuid.uuid4()}", "hi") for _ in range(10)))
        for name, think in (("one thought of 2 s", answer_slowly), ("a tool call", add_slowly)):
            stack.model.think = think
            table.add_row(name, f"{await _seconds(http):.2f} s", "4 s")
    Console().print(table)


async def _seconds(http: httpx2.AsyncClient) -> float:
    started = time.perf_counter()
    answers = await asyncio.gather(
        *(say(http, f"user-{uuid.uuid4()}", "Buy milk") for _ in range(TURNS))
    )
    took = time.perf_counter() - started
    failed = [answer.text for answer in answers if answer.status_code != 200]
    assert not failed, failed
    return took


if __name__ == "__main__":
    with database() as url:
        measure(url, race)
