"""One program as a child of this process: it never outlives it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# Loaded here, because after a fork nothing may be loaded.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """What to run, and how to see that it is ready."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    is_ready: Callable[[int], bool] | None
    """Asked with the process id; None for a program that does its work and ends."""
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    """Sent by the kernel when this process is gone, however it ended (Linux only)."""
    user: tuple[int, int] | None = None
    """User and group to run as, when not those of this process."""
    inherited: tuple[int, ...] = ()
    """File descriptors that it keeps open."""


def spawn(program: Program, log: Path) -> subprocess.Popen[bytes]:
    """Start ``program`` with its output appended to ``log``.

    It gets a session of its own, so that Ctrl+C in the terminal reaches this process alone and
    the programs can be ended in order.

    Raises:
        OSError: it cannot be executed.
    """
    user, group = program.user or (None, None)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own command lines
            program.command,
            env=program.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,
            preexec_fn=bound_to_parent(program.orphan_signal),
            pass_fds=program.inherited,
            user=user,
            group=group,
            extra_groups=None if program.user is None else [],
        )


def bound_to_parent(orphan_signal: signal.Signals) -> Callable[[], None]:
    """Return what a new process must run to get ``orphan_signal`` when this one dies (Linux)."""
    parent = os.getpid()

    def bind() -> None:
        # Runs after the change of user, which would clear the setting.
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, orphan_signal)
            if os.getppid() != parent:
                os._exit(1)

    return bind


def end(
    process: subprocess.Popen[bytes],
    wanted: signal.Signals,
    seconds: float,
    *,
    hurry: Callable[[], bool] = lambda: False,
) -> None:
    """Send ``wanted``, and SIGKILL to what is left after ``seconds``, or when ``hurry`` says so."""
    if process.poll() is not None:
        return
    process.send_signal(wanted)
    deadline = time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() > deadline or hurry():
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        time.sleep(0.02)
