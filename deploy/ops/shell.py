"""Runs programs and keeps what they said."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The repository."""


class Failed(Exception):
    """A program ended with an error; the message is what it said last."""


def run(
    argv: Sequence[str],
    *,
    stdin: str | None = None,
    timeout_seconds: float = 1800,
    env: dict[str, str] | None = None,
) -> str:
    """Run a program in the repository and return what it wrote to its standard output.

    Secrets go through ``stdin``: arguments are seen by everybody on the machine.

    Raises:
        Failed: it is not there, took too long, or ended with another status than 0.
    """
    try:
        done = subprocess.run(
            argv,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            cwd=ROOT,
            env=env,
            check=False,
        )
    except FileNotFoundError:
        raise Failed(f"{argv[0]} is not installed.") from None
    except subprocess.TimeoutExpired:
        raise Failed(f"{' '.join(argv)}: not done after {timeout_seconds:.0f} s.") from None
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-15:]
        raise Failed("\n".join([f"{' '.join(argv)} ended with status {done.returncode}:", *said]))
    return done.stdout
