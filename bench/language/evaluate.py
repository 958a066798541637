"""Measures what is still to be measured of a model, showing how far it is."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from language.cases import Case
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from todo_chatbot.agent import offline
from todo_chatbot.agent.assistant import INSTRUCTIONS
from todo_chatbot.agent.models import Brain, Provider
from todo_chatbot.tools.offers import tools

from bench.language.corpus import digest
from bench.language.measure import Measurement
from bench.language.results import UNANSWERED, Result, Results
from bench.language.system import system

OFFLINE = Path(offline.__file__).parent


async def evaluate(
    brain: Brain,
    cases: Sequence[Case],
    results: Results,
    *,
    database_url: str,
    address: str,
    jobs: int,
    console: Console,
) -> str | None:
    """Measure the cases that have no result yet; return why it ended early, if it did."""
    done = {one.digest for one in results.read().values() if one.verdict != UNANSWERED}
    left = [case for case in cases if digest(case) not in done]
    counts: Counter[str] = Counter()
    with _progress(console) as progress:
        bar = progress.add_task(results.model, total=len(cases), found="")
        progress.advance(bar, len(cases) - len(left))

        def told(result: Result) -> None:
            counts[result.verdict] += 1
            found = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
            progress.update(bar, advance=1, found=found)

        async with system(brain, database_url) as running:
            measurement = Measurement(running, results, address)
            await measurement.run(left, jobs, told)
    return measurement.trouble


def version(provider: Provider) -> str:
    """Return what changes when the same model may answer otherwise.

    For a language model that is what it is told, for the built-in assistant its rules.
    """
    found = hashlib.sha256()
    if provider == "offline":
        for file in sorted(OFFLINE.rglob("*")):
            if file.suffix in (".py", ".toml"):
                found.update(file.read_bytes())
    else:
        told = [tool.model_dump(mode="json") for tool in tools()]
        found.update(json.dumps([INSTRUCTIONS, told]).encode())
    return found.hexdigest()[:12]


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[found]}"),
        TimeRemainingColumn(),
        console=console,
    )
