"""What a turn with one tool call costs: statements and CPU of ``api`` and ``tools`` (SC-002).

``auth`` takes no part in a turn: a token is verified where it is used.
"""

import uuid

import httpx2
from processes import Stack
from rich.console import Console
from rich.table import Table
from support import say
from wire import Wire

from bench.stage import database, measure

TURNS = 200


async def count(stack: Stack, wire: Wire) -> None:
    """Measure turns in conversations of ten turns each, after a warm-up."""
    async with httpx2.AsyncClient(base_url=stack.api.url, timeout=60) as http:
        await _turns(http, 20)
        wire.statements.clear()
        before = stack.api.cpu_seconds(), stack.tools.cpu_seconds()
        await _turns(http, TURNS)
        after = stack.api.cpu_seconds(), stack.tools.cpu_seconds()
    api, tools = (1000 * (end - start) / TURNS for start, end in zip(before, after, strict=True))
    table = Table("per turn", "measured", "limit")
    table.add_row("SQL statements", f"{len(wire.statements) / TURNS:.1f}", "12")
    table.add_row("CPU of api", f"{api:.1f} ms", "")
    table.add_row("CPU of tools", f"{tools:.1f} ms", "")
    table.add_row("CPU together", f"{api + tools:.1f} ms", "25 ms")
    Console().print(table)


async def _turns(http: httpx2.AsyncClient, turns: int) -> None:
    conversation: int | None = None
    user = f"user-{uuid.uuid4()}"
    for number in range(turns):
        message = f"Add a task to buy {number} apples"
        answer = (await say(http, user, message, conversation)).json()
        assert answer["tool_calls"][0]["result"]["status"] == "created"
        # Each conversation is ten turns long.
        conversation = answer["conversation_id"] if number % 10 else None


if __name__ == "__main__":
    with database() as url:
        for provider in ("offline", "compatible"):
            Console().print(f"MODEL_PROVIDER={provider}")
            measure(url, count, MODEL_PROVIDER=provider)
