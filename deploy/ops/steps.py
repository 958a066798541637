"""Shows what is being done and how long it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(highlight=False)


@contextmanager
def step(what: str) -> Iterator[list[str]]:
    """Show one step while it runs; what is appended to the list stands behind it afterwards."""
    started = time.monotonic()
    notes: list[str] = []
    try:
        with console.status(f"{what} …"):
            yield notes
    except BaseException:
        console.print(f"[red]✗[/red] {what} [dim]{_since(started)}[/dim]")
        raise
    note = f"  {'; '.join(notes)}" if notes else ""
    console.print(f"[green]✓[/green] {what} [dim]{_since(started)}{note}[/dim]")


def _since(started: float) -> str:
    return f"{time.monotonic() - started:.1f} s"
