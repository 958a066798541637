"""``todo-chatbot chat`` as a person or a script uses it."""

import asyncio
import base64
import json
import os
import stat
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from serving import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PASSWORD = "correct horse"
CHAT = [sys.executable, "-m", "todo_chatbot", "chat"]


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    """A person's environment, with a home of their own."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "dumb"}


@pytest.fixture
def chat(environment):
    """Runs the command to its end, as a script that knows the password."""

    def run(*arguments: str, said: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        variables = environment | {"TODO_PASSWORD": PASSWORD} | more
        return subprocess.run(
            [*CHAT, *arguments],
            env=variables,
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def email() -> str:
    return f"ada-{uuid.uuid4().hex}@example.com"


def kept(home: Path) -> Path:
    return next(home.rglob("sessions.json"))


@pytest.mark.requirement("001/FR-231", "001/FR-232")
def test_a_script_signs_up_says_one_thing_and_goes_on_later(running, chat, email, tmp_path):
    first = chat("--url", running.url, "--email", email, "add buy milk")
    second = chat("--url", running.url, "show me all my tasks", TODO_PASSWORD="")

    assert first.returncode == 0, first.stderr
    assert "used add_task" in first.stdout
    assert "Buy milk" in second.stdout, second.stderr
    sessions = kept(tmp_path)
    assert json.loads(sessions.read_text())[running.url]["conversation_id"] == 1
    assert stat.S_IMODE(sessions.stat().st_mode) == 0o600
    assert PASSWORD not in sessions.read_text()


@pytest.mark.requirement("001/FR-231")
def test_a_person_talks_until_they_quit(running, chat, email, tmp_path):
    said = "add buy milk\n/new\nshow me all my tasks\n/quit\n"

    talked = chat("--url", running.url, "--email", email, said=said)

    assert talked.returncode == 0, talked.stderr
    assert "used add_task" in talked.stdout
    assert "used list_tasks" in talked.stdout
    assert json.loads(kept(tmp_path).read_text())[running.url]["conversation_id"] == 2


@pytest.mark.requirement("001/FR-231", "001/FR-232")
def test_a_person_is_asked_and_the_password_is_not_shown(running, environment, email):
    command = [sys.executable, "-c", f"import pty; pty.spawn({[*CHAT, '--url', running.url]})"]
    person = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    shown = ""

    def asked(prompt: str, answer: str) -> None:
        nonlocal shown
        said = ""
        while not said.endswith(prompt):
            letter = os.read(person.stdout.fileno(), 1).decode(errors="replace")
            assert letter, shown + said
            said += letter
        shown += said
        person.stdin.write(f"{answer}\n".encode())
        person.stdin.flush()

    asked("E-mail: ", email)
    asked("Password: ", PASSWORD)
    asked("[y/N] ", "y")
    asked("> ", "add buy milk")
    asked("> ", "/quit")
    person.communicate()

    assert person.returncode == 0
    assert "used add_task" in shown
    assert PASSWORD not in shown


@pytest.mark.requirement("001/FR-234")
def test_what_goes_wrong_is_a_sentence(running, chat, email):
    chat("--url", running.url, "--email", email, "hello")

    for arguments, variables, sentence in (
        (
            ("--url", "http://127.0.0.1:1", "--email", email),
            {},
            "Nobody answers at http://127.0.0.1:1",
        ),
        (("--url", "nonsense", "--email", email), {}, "Nobody answers at nonsense"),
        (
            ("--url", running.url, "--email", email.upper().lower() + "x"),
            {"TODO_PASSWORD": "short"},
            "Password too short",
        ),
        (
            ("--url", f"http://127.0.0.1:{running.port}", "--email", email),
            {"TODO_PASSWORD": "another horse"},
            "E-mail and password do not fit together.",
        ),
    ):
        ended = chat(*arguments, "hello", **variables)
        assert ended.returncode == 1
        assert sentence in ended.stderr
        assert "Traceback" not in ended.stderr


def token() -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"sub": "ada"}).encode()).decode().rstrip("=")
    return f"x.{claims}.x"


class Unsteady:
    """A server that loses answers: it works, but the first tries do not learn of it."""

    def __init__(self) -> None:
        self.keys: list[str | None] = []
        routes = [
            Route("/api/auth/sign-in/email", self._sign_in, methods=["POST"]),
            Route("/api/auth/token", self._token),
            Route("/api/ada/chat", self._chat, methods=["POST"]),
        ]
        self.app = Starlette(routes=routes)

    async def _sign_in(self, _: Request) -> Response:
        return JSONResponse({}, headers={"set-cookie": "session=1; Path=/api/auth"})

    async def _token(self, _: Request) -> Response:
        return JSONResponse({"token": token()})

    async def _chat(self, request: Request) -> Response:
        self.keys.append(request.headers.get("idempotency-key"))
        if len(self.keys) == 1:
            # More was promised than comes: the connection is cut in the middle of the answer.
            return Response(b"{", headers={"content-length": "1000"})
        if len(self.keys) == 2:
            return JSONResponse({"detail": "Wait."}, 503, {"retry-after": "0"})
        if len(self.keys) == 3:
            return JSONResponse({"detail": "The token has expired."}, 401)
        answer = {
            "conversation_id": 1,
            "response": "Done.\x1b[2J\x1b]0;owned\x07",
            "tool_calls": [],
        }
        return JSONResponse(answer)


@pytest.mark.requirement("001/FR-233", "001/FR-234")
async def test_a_lost_answer_is_asked_for_again_with_the_same_key(environment):
    server = Unsteady()
    async with serving(server.app) as url:
        ended = await asyncio.create_subprocess_exec(
            *CHAT, "--url", url, "--email", "ada@example.com", "add buy milk",
            env=environment | {"TODO_PASSWORD": PASSWORD},
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        shown, _ = await ended.communicate()

    assert ended.returncode == 0
    assert len(server.keys) == 4
    assert len(set(server.keys)) == 1
    assert server.keys[0]
    assert b"Done." in shown
    assert b"\x1b" not in shown
