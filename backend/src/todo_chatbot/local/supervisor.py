"""Starts programs in parallel, keeps them running, and ends them in order."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from todo_chatbot.local.errors import CannotStart
from todo_chatbot.local.folder import DataFolder
from todo_chatbot.local.program import Program, end, spawn

POLL_SECONDS = 0.05
WATCH_SECONDS = 0.25
READY_SECONDS = 120
STOP_SECONDS = 10
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60
"""After running this long, the pauses between restarts begin from the shortest again."""
LAST_LINES = 12


class Stopped(Exception):
    """The person, or the system, asked this process to end."""


class Supervisor:
    """The programs of one stack. Leaving its block ends them, the last started first."""

    def __init__(self, folder: DataFolder, say: Callable[[str], None]) -> None:
        """``say`` is told what a person wants to know, one line at a time."""
        self._folder = folder
        self._say = say
        self._running: list[_Running] = []
        self._asked_to_stop = 0

    def __enter__(self) -> Self:
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wanted, self._ask_to_stop)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for running in reversed(self._running):
            wanted = running.program.stop_signal
            end(running.process, wanted, STOP_SECONDS, hurry=lambda: self._asked_to_stop > 1)

    def start(self, program: Program) -> None:
        """Start ``program`` and return at once."""
        self._running.append(_Running(program, self._folder.log(program.name)))

    def wait(self, *names: str) -> None:
        """Return when the programs of these names, or all, are ready or have done their work.

        Raises:
            CannotStart: one ended before it was ready, or needs too long.
            Stopped: this process was asked to end.
        """
        waiting = [one for one in self._running if not one.was_ready]
        if names:
            waiting = [one for one in waiting if one.program.name in names]
        deadline = time.monotonic() + READY_SECONDS
        while waiting:
            for one in [one for one in waiting if one.is_done()]:
                self._say(f"  {one.program.name:<12} {one.seconds():4.1f} s")
                waiting.remove(one)
            if waiting and time.monotonic() > deadline:
                raise CannotStart(waiting[0].failure("is not ready after two minutes"))
            self._pause(POLL_SECONDS)

    def watch(self) -> None:
        """Start again what ends, with growing pauses, until this process is asked to stop.

        Raises:
            Stopped: it was.
        """
        while True:
            for running in self._running:
                if line := running.keep():
                    self._say(line)
            self._pause(WATCH_SECONDS)

    def _pause(self, seconds: float) -> None:
        # A signal does not shorten the sleep, so what it asks for is looked at on either side.
        if not self._asked_to_stop:
            time.sleep(seconds)
        if self._asked_to_stop:
            raise Stopped

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked_to_stop += 1


class _Running:
    """One program, its present process, and how it has fared."""

    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self._log = log
        self._failures = 0
        self._resume_at: float | None = None
        self.was_ready = False
        self.process = self._spawn()

    def is_done(self) -> bool:
        """Return whether the program is ready, or has done its work.

        Raises:
            CannotStart: it has ended without.
        """
        status = self.process.poll()
        if status is None:
            return self._answers()
        if status == 0 and self.program.is_ready is None:
            self.was_ready = True
            return True
        raise CannotStart(self.failure("ended before it was ready"))

    def keep(self) -> str | None:
        """Start the program again if it has ended and its pause is over; tell what happened."""
        if self.program.is_ready is None:
            return None
        if self._resume_at is not None:
            if time.monotonic() < self._resume_at:
                return None
            self._resume_at = None
            self.process = self._spawn()
        status = self.process.poll()
        if status is not None:
            return self._rest(status)
        if not self.was_ready and self._answers():
            return f"{self.program.name} is back."
        return None

    def seconds(self) -> float:
        """Return how long the present process has been running."""
        return time.monotonic() - self._started_at

    def failure(self, what: str) -> str:
        """Return a sentence with the end of what the present process has said."""
        with self._log.open("rb") as log:
            log.seek(self._log_starts_at)
            lines = log.read().decode(errors="replace").strip().splitlines()[-LAST_LINES:]
        return "\n  ".join([f"{self.program.name} {what}; from {self._log}:", *lines])

    def _answers(self) -> bool:
        ask = self.program.is_ready
        self.was_ready = ask is not None and ask(self.process.pid)
        return self.was_ready

    def _rest(self, status: int) -> str:
        if self.seconds() > STEADY_SECONDS:
            self._failures = 0
        pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**self._failures)
        self._failures += 1
        self._resume_at = time.monotonic() + pause
        how = f"exit status {status}" if status >= 0 else signal.Signals(-status).name
        return f"{self.program.name} ended ({how}), next start in {pause:g} s; see {self._log}"

    def _spawn(self) -> subprocess.Popen[bytes]:
        self.was_ready = False
        self._started_at = time.monotonic()
        self._log_starts_at = self._log.stat().st_size if self._log.exists() else 0
        try:
            return spawn(self.program, self._log)
        except OSError as error:
            raise CannotStart(f"{self.program.name} cannot start: {error}.") from error
