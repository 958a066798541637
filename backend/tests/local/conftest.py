"""The stack as a person starts it: the real command, a folder and a port of its own."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import httpx2
import pytest
from processes import free_port

START_SECONDS = 120
STOP_SECONDS = 60


class Up:
    """One ``todo-chatbot up``."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._mark = uuid.uuid4().hex
        self._output = data.with_suffix(f".{self._mark}.txt")
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self._environment = kept | {
            "DATA_DIR": str(data),
            "PORT": str(self.port),
            "TEST_MARK": self._mark,
            **variables,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it, and do not wait."""
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "todo_chatbot", "up"],
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self

    def ready(self) -> Self:
        """Start it and wait until it says how to stop."""
        self.start()
        wait_for(lambda: "Ctrl+C\n" in self.said() or self._ended(), START_SECONDS)
        assert not self._ended(), self.said()
        return self

    def said(self) -> str:
        """Return what stands on the terminal."""
        return self._output.read_text()

    def wait(self) -> int:
        """Wait until it has ended and return its status."""
        assert self.process is not None
        return self.process.wait(STOP_SECONDS)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the supervisor alone."""
        assert self.process is not None
        self.process.send_signal(number)

    def press_ctrl_c(self) -> None:
        """Do what a terminal does: signal all that belongs to the command."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)

    def stop(self) -> None:
        """End it, whatever state it is in."""
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGTERM)
            self.wait()

    def processes(self) -> dict[int, str]:
        """Return the living processes of this stack and their command lines."""
        found = {}
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if folder.name.isdecimal():
                    environment = (folder / "environ").read_bytes()
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if self._mark.encode() in environment or str(self.data) in command:
                        found[int(folder.name)] = command
        return found

    def pid_of(self, part: str) -> int:
        """Return the process whose command line ends or goes on with ``part``."""
        children = {pid: command for pid, command in self.processes().items() if part in command}
        return min(children)

    def _ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def wait_for(holds: Callable[[], object], seconds: float = 60) -> None:
    """Return when ``holds`` does; fail when it does not in ``seconds``."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Waits for a condition, within bounds."""
    return wait_for


def _folder() -> Path:
    # Not pytest's own: run by root, those are closed to the user that the database runs as.
    folder = Path(tempfile.mkdtemp(prefix="todo-chatbot-"))
    folder.chmod(0o755)
    return folder


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of this machine can reach."""
    folder = _folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def new_stack(open_folder: Path) -> Iterator[Callable[..., Up]]:
    """Makes stacks, by default all on the same data folder, and ends what is left of them."""
    made: list[Up] = []

    def make(folder: str = "data", **variables: str) -> Up:
        made.append(Up(open_folder / folder, **variables))
        return made[-1]

    yield make
    for stack in made:
        stack.stop()
        for pid in stack.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def running() -> Iterator[Up]:
    """A stack that tests share which do not break it."""
    folder = _folder()
    stack = Up(folder / "data")
    try:
        yield stack.ready()
    finally:
        stack.stop()
        shutil.rmtree(folder)


class Person:
    """Somebody who signed up at a stack, on the public interface alone."""

    def __init__(self, url: str) -> None:
        self.email = f"ada-{uuid.uuid4().hex}@example.com"
        self.http = httpx2.Client(base_url=url, headers={"origin": url}, timeout=60)
        account = {"name": "Ada", "email": self.email, "password": "correct horse"}
        signed_up = self.http.post("/api/auth/sign-up/email", json=account)
        assert signed_up.status_code == 200, signed_up.text
        self.user_id = signed_up.json()["user"]["id"]

    def say(self, message: str, conversation_id: int | None = None) -> httpx2.Response:
        """Say something with a new token."""
        token = self.http.get("/api/auth/token").raise_for_status().json()["token"]
        body: dict[str, object] = {"message": message}
        if conversation_id is not None:
            body["conversation_id"] = conversation_id
        headers = {"authorization": f"Bearer {token}"}
        return self.http.post(f"/api/{self.user_id}/chat", json=body, headers=headers)


@pytest.fixture
def sign_up() -> Iterator[Callable[[str], Person]]:
    """Makes people at an address."""
    people: list[Person] = []

    def make(url: str) -> Person:
        people.append(Person(url))
        return people[-1]

    yield make
    for person in people:
        person.http.close()


@pytest.fixture
def addresses() -> Callable[[str], list[str]]:
    """Finds the web addresses in a text."""
    return lambda text: re.findall(r"https?://\S+", text)
