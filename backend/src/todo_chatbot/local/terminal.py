"""``todo-chatbot chat``: a conversation in the terminal."""

import contextlib
import json
import os
import sys
from dataclasses import dataclass, field
from getpass import getpass
from pathlib import Path

import typer
from rich.console import Console
from rich.markdown import Markdown

from todo_chatbot.local.client import Answer, Client, Refused, Unreachable
from todo_chatbot.local.folder import write_private

HELP = "Say what to do. /new begins a new conversation, /quit (or Ctrl+D) leaves."


@dataclass
class Session:
    """What is kept between two runs: never the password."""

    url: str
    email: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    conversation_id: int | None = None

    @classmethod
    def load(cls, url: str) -> "Session":
        """Return what was kept for ``url``, or a session that is not signed in."""
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            return cls(url, **json.loads(_sessions().read_text())[url])
        return cls(url)

    def save(self) -> None:
        """Keep it for the next run."""
        path = _sessions()
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {}
        with contextlib.suppress(OSError, ValueError):
            kept = json.loads(path.read_text())
        kept[self.url] = {
            "email": self.email,
            "cookies": self.cookies,
            "conversation_id": self.conversation_id,
        }
        write_private(path, json.dumps(kept))


def chat(message: str | None, url: str, email: str | None) -> int:
    """Say ``message``, or talk until the person leaves; return the exit status."""
    session = Session.load(url)
    if email is not None and email != session.email:
        session = Session(url, email)
    try:
        with Client(url, session.cookies) as client:
            terminal = _Terminal(client, session)
            terminal.sign_in()
            if message is not None:
                terminal.say(message)
            else:
                terminal.talk()
    except (Refused, Unreachable) as error:
        print(error, file=sys.stderr)  # noqa: T201 - told to a person
        return 1
    except (EOFError, KeyboardInterrupt):
        print()  # noqa: T201 - told to a person
    return 0


class _Terminal:
    def __init__(self, client: Client, session: Session) -> None:
        self._client = client
        self._session = session
        self._console = Console(highlight=False)

    def sign_in(self) -> None:
        """Go on with the kept session, or ask who it is."""
        if self._session.cookies:
            try:
                self._client.renew_token()
            except Refused as refusal:
                if refusal.status != 401:
                    raise
                self._tell("Your session has ended. Sign in again.")
            else:
                return
        email = self._session.email or input("E-mail: ").strip()
        password = os.environ.get("TODO_PASSWORD") or getpass("Password: ")
        self._sign_in_or_up(email, password)
        self._client.renew_token()
        self._session.email = email
        self._keep()

    def _sign_in_or_up(self, email: str, password: str) -> None:
        try:
            self._client.sign_in(email, password)
        except Refused as refusal:
            if refusal.status != 401:
                raise
        else:
            return
        mismatch = Refused(401, "E-mail and password do not fit together.")
        if not self._wants_account(email):
            raise mismatch
        try:
            self._client.sign_up(email, password)
        except Refused as refusal:
            # The address has an account already.
            raise mismatch if refusal.status == 422 else refusal from None
        self._tell(f"Welcome, {email}: your account is made.")

    def _wants_account(self, email: str) -> bool:
        """Ask, unless a script runs this: then a first sign-in makes the account."""
        if "TODO_PASSWORD" in os.environ:
            return True
        asked = f"No account has this e-mail and password. Make one for {email}? [y/N] "
        return input(asked).strip().lower() in ("y", "yes")

    def talk(self) -> None:
        """Talk until /quit, Ctrl+D or Ctrl+C."""
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401 - makes input() a line that can be edited
        self._tell(HELP)
        while (said := input("> ").strip()) != "/quit":
            if said == "/new":
                self._session.conversation_id = None
                self._tell("A new conversation.")
            elif said.startswith("/"):
                self._tell(HELP)
            elif said:
                try:
                    self.say(said)
                except (Refused, Unreachable) as error:
                    self._tell(str(error))

    def say(self, message: str) -> None:
        """Say one thing and show the answer; the conversation is kept."""
        with self._console.status("thinking"):
            answer = self._answer(message)
        self._session.conversation_id = answer.conversation_id
        self._keep()
        if answer.tools:
            self._tell("used " + ", ".join(answer.tools))
        text = _printable(answer.text)
        self._console.print(Markdown(text) if self._console.is_terminal else text, markup=False)

    def _answer(self, message: str) -> Answer:
        try:
            return self._client.say(message, self._session.conversation_id)
        except Refused as refusal:
            if refusal.status != 404 or self._session.conversation_id is None:
                raise
        self._tell("The last conversation is gone; this is a new one.")
        return self._client.say(message, None)

    def _keep(self) -> None:
        self._session.cookies = self._client.cookies()
        self._session.save()

    def _tell(self, line: str) -> None:
        self._console.print(line, style="dim", markup=False)


def _printable(text: str) -> str:
    """Return ``text`` without what a terminal would take for commands."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")


def _sessions() -> Path:
    return Path(typer.get_app_dir("todo-chatbot")) / "sessions.json"
