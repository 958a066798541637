"""``make eval``: measure a language model, or the built-in assistant when none is named."""

import asyncio
import logging
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from todo_chatbot.agent.models import OPENAI, choose
from todo_chatbot.settings import ModelSettings, read

from bench.language.corpus import NoSuchCases, chosen, digest
from bench.language.evaluate import evaluate, version
from bench.language.report import markdown, plot
from bench.language.results import FOLDER, Results, all_measured
from bench.stage import database

JOBS = 4

console = Console(stderr=True)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    limit: Annotated[
        int | None, typer.Option(envvar="LIMIT", min=1, help="Only the first so many cases.")
    ] = None,
    only: Annotated[
        str, typer.Option("--cases", envvar="CASES", help="Only these files of the corpus.")
    ] = "",
    jobs: Annotated[
        int | None, typer.Option(envvar="JOBS", min=1, help="Conversations at a time.")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where the results are kept.")] = FOLDER,
) -> None:
    """Take the model that MODEL, OPENAI_BASE_URL and OPENAI_API_KEY name through the cases.

    Writes a table, and compares all models measured so far. Interrupted, the same command goes on.
    """
    settings = read(ModelSettings)
    brain = choose(settings)
    if brain.provider == "offline" and "model" in settings.model_fields_set:
        _end(f"Where is {settings.model}? Set OPENAI_BASE_URL, OPENAI_API_KEY or both.")
    try:
        wanted = chosen(only.split())[:limit]
    except NoSuchCases as error:
        _end(str(error))
    folder.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=folder / "eval.log", level=logging.WARNING)
    results = Results(folder, brain.name, version(brain.provider))
    # In one process with the rules themselves, several at a time would measure their waiting.
    jobs = jobs or (1 if brain.provider == "offline" else JOBS)
    address = str(settings.openai_base_url or OPENAI)
    try:
        with database() as url:
            run = evaluate(
                brain,
                wanted,
                results,
                database_url=url,
                address=address,
                jobs=jobs,
                console=console,
            )
            trouble = asyncio.run(run)
    except KeyboardInterrupt:
        trouble = "Stopped."
    _report(folder, results)
    if trouble:
        _end(f"{trouble}\nWhat was measured is kept: the same command goes on from there.")


def _report(folder: Path, results: Results) -> None:
    """Write the report on the model, if anything was measured, and show how models compare."""
    corpus = {digest(case) for case in chosen()}
    measured = all_measured(folder, corpus)
    if not measured.get(results.model):
        return
    file = results.file.with_suffix(".md")
    file.write_text(markdown(results.model, measured, len(corpus)), encoding="utf-8")
    console.print(
        f"\n{plot(measured)}\n\nThe tables are in {file}.", highlight=False, soft_wrap=True
    )


def _end(sentence: str) -> NoReturn:
    console.print(sentence, style="red", highlight=False, soft_wrap=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
