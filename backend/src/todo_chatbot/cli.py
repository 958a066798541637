"""The ``todo-chatbot`` command."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from todo_chatbot import __version__

app = typer.Typer(
    help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)

# Imports stand inside the commands: each process loads only what it runs.


@contextmanager
def _loading() -> Iterator[None]:
    """Load and look for young garbage only: what is loaded stays; searching it costs a quarter."""
    usual = gc.get_threshold()
    gc.set_threshold(20_000, 1_000, 1_000)
    yield
    gc.freeze()
    gc.set_threshold(*usual)


@app.command()
def api() -> None:
    """Serve POST /api/{user_id}/chat."""
    with _loading():
        from todo_chatbot import logs
        from todo_chatbot.settings import ApiSettings, read

        # Before the rest is loaded, which takes a second or two.
        settings = read(ApiSettings)

        from todo_chatbot.app.api import create_api
        from todo_chatbot.web.serve import serve

        logs.configure(settings.log_level)
        served = create_api(settings)
    serve(served, settings.host, settings.port)


@app.command()
def tools() -> None:
    """Serve the five MCP tools at /mcp."""
    with _loading():
        from todo_chatbot import logs
        from todo_chatbot.settings import ToolsSettings, read

        # Before the rest is loaded, which takes a second or two.
        settings = read(ToolsSettings)

        from todo_chatbot.app.tools import create_tools
        from todo_chatbot.web.serve import serve

        logs.configure(settings.log_level)
        served = create_tools(settings)
    serve(served, settings.host, settings.port)


@app.command()
def migrate() -> None:
    """Bring the database's schema to its newest revision."""
    from todo_chatbot import logs
    from todo_chatbot.db.migrate import HEAD, upgrade
    from todo_chatbot.settings import MigrateSettings, read

    settings = read(MigrateSettings)
    logs.configure(settings.log_level)
    direct = settings.migrate_database_url
    upgrade(settings.database_url.get_secret_value(), direct.get_secret_value() if direct else None)
    typer.echo(f"The schema is at revision {HEAD} or newer.")


@app.command()
def up() -> None:
    """Run everything on this machine until Ctrl+C: database, sign-in, tools, assistant, page."""
    import os
    import sys

    # The supervisor stays for days and needs nothing of this command line: 20 MB instead of 32.
    os.execv(sys.executable, [sys.executable, "-m", "todo_chatbot.local"])  # noqa: S606 - our own command line


@app.command()
def chat(
    message: Annotated[str | None, typer.Argument(help="Say this and end.")] = None,
    url: Annotated[str, typer.Option(help="Where it runs.")] = "http://localhost:8000",
    email: Annotated[str | None, typer.Option(help="Whose account.")] = None,
) -> None:
    """Talk to the assistant in the terminal; TODO_PASSWORD spares a script the question."""
    from todo_chatbot.local.terminal import chat

    raise typer.Exit(chat(message, url.rstrip("/"), email))


@app.command()
def explain(
    sentences: Annotated[list[str], typer.Argument(help="What is said, one after another.")],
    task: Annotated[
        list[str] | None, typer.Option(help="A task on the list; *TITLE: a completed one.")
    ] = None,
) -> None:
    """Show what the built-in assistant makes of sentences, on a list of its own."""
    from todo_chatbot.agent.offline import rehearse
    from todo_chatbot.agent.offline.checks import TableError

    try:
        typer.echo(rehearse(sentences, task or ()))
    except TableError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)
