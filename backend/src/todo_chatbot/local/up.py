"""What ``todo-chatbot up`` does: the whole system, until Ctrl+C."""

import contextlib
import os
import sys
import time

from todo_chatbot.local import ports
from todo_chatbot.local.errors import CannotStart
from todo_chatbot.local.folder import DataFolder
from todo_chatbot.local.postgres import EmbeddedPostgres
from todo_chatbot.local.settings import LocalSettings, read
from todo_chatbot.local.stack import Stack, check_built
from todo_chatbot.local.supervisor import Stopped, Supervisor


def up() -> int:
    """Run the stack that the environment describes; return the exit status."""
    try:
        _run(read(os.environ))
    except Stopped:
        _say("Stopped. Your data is kept.")
    except CannotStart as reason:
        print(reason, file=sys.stderr)  # noqa: T201 - told to a person
        return 1
    except OSError as error:
        # A disk that is full or a folder that is closed, wherever it is met first.
        print(f"{error.filename or 'The data folder'}: {error.strerror}.", file=sys.stderr)  # noqa: T201 - told to a person
        return 1
    return 0


def _run(settings: LocalSettings) -> None:
    started = time.monotonic()
    check_built()
    folder = DataFolder(settings.data)
    folder.claim(settings.public_url)
    listener = ports.listen(settings.host, settings.port)
    with listener, Supervisor(folder, _say) as supervisor:
        _say("Starting (Ctrl+C stops):")
        postgres = None
        url = settings.database_url
        if url is None:
            postgres = EmbeddedPostgres(folder.path / "postgres")
            if postgres.is_new:
                _say("  Making a new database ...")
            postgres.prepare()
            supervisor.start(postgres.program())
            url = postgres.url()
        secret = os.environ.get("BETTER_AUTH_SECRET") or folder.secret()
        stack = Stack(settings, secret, url)
        # All at once: each waits for the database and its tables by itself.
        for program in (stack.tools(), stack.api(), stack.auth(), stack.page(listener.fileno())):
            supervisor.start(program)
        if postgres is not None:
            supervisor.wait("postgres")
        for migration in stack.migrations():
            supervisor.start(migration)
        supervisor.wait()
        _say(_welcome(settings, folder, postgres, time.monotonic() - started))
        supervisor.watch()


def _welcome(
    settings: LocalSettings, folder: DataFolder, postgres: EmbeddedPostgres | None, seconds: float
) -> str:
    assistant = settings.assistant
    model = f"{assistant.model} ({assistant.provider})"
    if assistant.provider == "offline":
        model = f"{model}; set OPENAI_API_KEY or OPENAI_BASE_URL for a language model"
    data = postgres.folder if postgres else "the PostgreSQL of DATABASE_URL"
    return (
        f"Ready after {seconds:.1f} s.\n\n"
        f"  Open       {settings.public_url}\n"
        f"  Assistant  {model}\n"
        f"  Data       {data}\n"
        f"  Logs       {folder.logs}\n"
        f"  Stop       Ctrl+C\n"
    )


def _say(line: str) -> None:
    # A terminal that is gone is no reason to end the stack.
    with contextlib.suppress(OSError):
        print(line, flush=True)  # noqa: T201 - told to a person
