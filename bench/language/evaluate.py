"""Measures what is still to be measured of a model, showing how far it is."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bench.language.cases import Case
from bench.language.measure import Measurement
from bench.language.results import Result, Results
from bench.language.system import system
from todo_chatbot.agent import offline
from todo_chatbot.agent.assistant import INSTRUCTIONS
from todo_chatbot.agent.models import Brain, Provider
from todo_chatbot.tools.offers import tools

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
    done = {digest for digest, one in results.read().items() if one.verdict != "unanswered"}
    left = [case for case in cases if case.digest not in done]
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
    digest = hashlib.sha256()
    if provider == "offline":
        for file in sorted(OFFLINE.rglob("*")):
            if file.suffix in (".py", ".toml"):
                digest.update(file.read_bytes())
    else:
        told = [tool.model_dump(mode="json") for tool in tools()]
        digest.update(json.dumps([INSTRUCTIONS, told]).encode())
    return digest.hexdigest()[:12]


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[found]}"),
        TimeRemainingColumn(),
        console=console,
    )
