"""The whole stack, started, used, broken and ended as people and machines do."""

import os
import resource
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest


@pytest.mark.requirement("001/FR-203", "001/FR-204", "001/FR-207")
def test_a_conversation_goes_on_after_a_restart(new_stack, sign_up, addresses, eventually):
    first = new_stack().ready()
    ada = sign_up(first.url)
    added = ada.say("add buy milk")
    first.press_ctrl_c()
    assert first.wait() == 0
    eventually(lambda: not first.processes())

    new_stack(PORT=str(first.port)).ready()
    listed = ada.say("show me all my tasks", added.json()["conversation_id"])

    assert added.status_code == 200, added.text
    assert listed.json()["conversation_id"] == added.json()["conversation_id"]
    assert "Buy milk" in listed.json()["response"]
    assert addresses(first.said()) == [first.url]
    assert "built-in assistant" in first.said()
    assert str(first.data) in first.said()


@pytest.mark.requirement("001/FR-207")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stack_that_is_told_to_end_while_it_starts_leaves_nothing(new_stack, eventually, number):
    stack = new_stack().start()
    eventually(lambda: len(stack.processes()) > 3)

    stack.signal(number)

    assert stack.wait() == 0, stack.said()
    assert "Traceback" not in stack.said()
    eventually(lambda: not stack.processes())


@pytest.mark.requirement("001/FR-208", "001/FR-209", "001/FR-213")
def test_what_is_killed_comes_back_and_a_killed_supervisor_takes_all_with_it(
    new_stack, sign_up, eventually
):
    stack = new_stack().ready()
    ada = sign_up(stack.url)
    assert ada.say("add buy milk").status_code == 200

    for part, name in (
        ("/postgres -D", "postgres"),
        ("todo_chatbot api", "api"),
        ("front", "page"),
    ):
        os.kill(stack.pid_of(part), signal.SIGKILL)
        eventually(lambda name=name: f"{name} is back." in stack.said())
    listed = ada.say("show me all my tasks")
    stack.signal(signal.SIGKILL)
    stack.wait()

    assert "Buy milk" in listed.json()["response"], listed.text
    assert "api ended (SIGKILL), next start in 0.5 s" in stack.said()
    eventually(lambda: not stack.processes())


@pytest.mark.requirement("001/FR-205", "001/FR-206")
def test_what_the_environment_says_wins(new_stack, sign_up, server_url, new_database):
    secret = "the secret of this environment, long enough"
    url = new_database()
    stack = new_stack(
        DATABASE_URL=url, BETTER_AUTH_SECRET=secret, MODEL="some-model", OPENAI_API_KEY="some-key"
    ).ready()

    sign_up(stack.url)

    with psycopg.connect(url) as database:
        assert database.execute("select count(*) from auth.user").fetchone() == (1,)
    assert not (stack.data / "secret").exists()
    assert not (stack.data / "postgres").exists()
    assert "some-model (openai)" in stack.said()


@pytest.mark.requirement("001/FR-223")
def test_nobody_escapes_the_limit_of_sign_ins_by_another_address(new_stack, sign_up):
    ada = sign_up(new_stack().ready().url)
    guess = {"email": ada.email, "password": "a wrong guess"}

    answers = [
        ada.http.post(
            "/api/auth/sign-in/email", json=guess, headers={"x-forwarded-for": f"203.0.113.{n}"}
        ).status_code
        for n in range(25)
    ]

    assert answers[0] == 401
    assert answers[-1] == 429


@pytest.mark.requirement("001/FR-205", "001/FR-215")
def test_secrets_are_private_and_go_only_where_they_are_needed(running):
    secret = (running.data / "secret").read_text()
    password = (running.data / "postgres" / "password").read_text()

    def knows(part: str) -> set[str]:
        environment = Path(f"/proc/{running.pid_of(part)}/environ").read_text()
        command = Path(f"/proc/{running.pid_of(part)}/cmdline").read_text()
        held = {"secret": secret, "password": password}
        return {name for name, value in held.items() if value in environment + command}

    for name in ("secret", "postgres/password"):
        assert stat.S_IMODE((running.data / name).stat().st_mode) == 0o600
    assert len(secret) >= 32
    assert knows("front") == set()
    assert knows("/postgres -D") == set()
    assert knows("todo_chatbot api") == {"secret", "password"}


@pytest.mark.requirement("001/FR-210")
def test_a_process_that_cannot_start_ends_everything_and_says_why(new_stack, eventually):
    stack = new_stack(HISTORY_MESSAGES="many").start()

    assert stack.wait() == 1
    assert "api ended before it was ready" in stack.said()
    assert "HISTORY_MESSAGES" in stack.said()
    assert "Traceback" not in stack.said()
    eventually(lambda: not stack.processes())


@pytest.mark.requirement("001/FR-210")
def test_without_room_on_the_disk_nothing_starts(new_stack, eventually):
    stack = new_stack()

    with room_for(100_000):
        stack.start()

    assert stack.wait() == 1
    assert "Traceback" not in stack.said()
    assert "The database cannot be made in" in stack.said()
    eventually(lambda: not stack.processes())


@contextmanager
def room_for(most: int) -> Iterator[None]:
    """Let what is started now write no larger file than this, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.requirement("001/FR-211")
def test_a_port_in_use_is_named(new_stack):
    stack = new_stack()
    with socket.socket() as other:
        other.bind(("127.0.0.1", stack.port))
        other.listen()

        assert stack.start().wait() == 1

    assert f"Port {stack.port} is in use" in stack.said()
    assert f"PORT={stack.port + 1}" in stack.said()
    assert not stack.processes()


@pytest.mark.requirement("001/FR-212")
def test_a_second_stack_on_the_same_data_is_told_of_the_first(running, new_stack):
    second = new_stack(DATA_DIR=str(running.data))

    assert second.start().wait() == 1

    assert f"in use by process {running.process.pid} at {running.url}" in second.said()


@pytest.mark.requirement("001/FR-211")
@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "http"}, 'PORT must be a number from 1 to 65535, not "http".'),
        ({"UI": "fancy"}, 'UI must be one of auto, hosted, local, not "fancy".'),
        ({"DATA_DIR": "/proc/todo"}, "Set DATA_DIR to a folder of yours"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_a_sentence(new_stack, variables, sentence):
    stack = new_stack(**variables)

    assert stack.start().wait() == 1

    assert sentence in stack.said()
    assert "Traceback" not in stack.said()


@pytest.mark.requirement("001/FR-235")
def test_explain_shows_what_the_built_in_assistant_makes_of_a_sentence():
    explained = subprocess.run(
        [
            sys.executable,
            "-m",
            "todo_chatbot",
            "explain",
            "--task",
            "Call mom",
            "add bread",
            "done",
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert explained.returncode == 0, explained.stderr
    assert "add_task" in explained.stdout
    assert "#2 Bread" in explained.stdout
