"""What a turn costs in a short and in a very long conversation, with few and with many tasks."""

import time

import httpx2
from databases import fill
from processes import Stack
from rich.console import Console
from rich.table import Table
from support import say
from wire import Wire

from bench.stage import database, measure

TURNS = 100
SIZES = (100, 10_000)


async def compare(stack: Stack, wire: Wire) -> None:
    """Fill a user's account with messages and tasks, and measure turns in it."""
    table = Table("messages and tasks", "CPU per turn", "seconds per turn")
    async with httpx2.AsyncClient(base_url=stack.api.url, timeout=60) as http:
        for size in SIZES:
            user = f"user-{size}"
            fill(wire.target, user, messages=size, tasks=size)
            await _turns(http, user, 10)
            started = time.perf_counter(), _cpu(stack)
            await _turns(http, user, TURNS)
            ended = time.perf_counter(), _cpu(stack)
            seconds, cpu = (
                (end - start) / TURNS for start, end in zip(started, ended, strict=True)
            )
            table.add_row(f"{size}", f"{1000 * cpu:.1f} ms", f"{seconds:.3f}")
    Console().print(table)


def _cpu(stack: Stack) -> float:
    return stack.api.cpu_seconds() + stack.tools.cpu_seconds()


async def _turns(http: httpx2.AsyncClient, user: str, turns: int) -> None:
    for number in range(turns):
        assert (await say(http, user, f"Task {number}", 1)).status_code == 200


if __name__ == "__main__":
    with database() as url:
        measure(url, compare)
