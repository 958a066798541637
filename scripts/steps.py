"""Runs the steps of a longer job: one line each, with the seconds; a failure is a sentence."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LAST_LINES = 12

REASONS = {
    "There is no space left on the disk. Make room and try again.": (
        "No space left on device",
        "ENOSPC",
        "Disk quota exceeded",
    ),
    "The network cannot be reached. The first run needs it; connect and try again.": (
        "Temporary failure in name resolution",
        "Name or service not known",
        "nodename nor servname",
        "Network is unreachable",
        "NewConnectionError",
        "ConnectTimeoutError",
        "ReadTimeoutError",
        "ProxyError",
        "ENOTFOUND",
        "EAI_AGAIN",
        "ECONNREFUSED",
        "ECONNRESET",
        "ENETUNREACH",
        "ETIMEDOUT",
    ),
    "A proxy on the way shows a certificate of its own. Name it in PIP_CERT and"
    " NODE_EXTRA_CA_CERTS and try again.": (
        "CERTIFICATE_VERIFY_FAILED",
        "SELF_SIGNED_CERT",
        "UNABLE_TO_GET_ISSUER_CERT",
    ),
    "A download is not what it should be (its hash differs). Try again on another network.": (
        "DO NOT MATCH THE HASHES",
        "EINTEGRITY",
    ),
    "A folder of this checkout is not yours to write. Change its owner and try again.": (
        "Permission denied",
        "EACCES",
    ),
}
"""What to tell people, by what the tools say."""


class Failed(Exception):
    """A step did not succeed; the message says why and what to do."""


@dataclass
class Steps:
    """The steps of one job, counted."""

    total: int
    done: int = 0

    def run(self, title: str, command: Sequence[str | Path], folder: Path) -> None:
        """Run one step, showing how long it takes.

        Raises:
            Failed: the command ended with another status than 0.
        """
        self.done += 1
        line = f"[{self.done}/{self.total}] {title}"
        started = time.monotonic()
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            status = _show_while_running(line, process, started)
            print(f"{_line(line)} {time.monotonic() - started:.0f} s", flush=True)
            if status != 0:
                output.seek(0)
                raise Failed(_explain(title, output.read().decode(errors="replace")))


def _show_while_running(line: str, process: subprocess.Popen[bytes], started: float) -> int:
    print(line, end="", flush=True)
    while True:
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if sys.stdout.isatty():
                print(f"{_line(line)} {time.monotonic() - started:.0f} s", end="", flush=True)
        except BaseException:
            process.terminate()
            process.wait()
            raise


def _line(line: str) -> str:
    """Return ``line`` once more on a terminal, and nothing where it already stands for good."""
    return f"\r{line}" if sys.stdout.isatty() else ""


def _explain(title: str, output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()][-LAST_LINES:]
    reason = next(
        (sentence for sentence, signs in REASONS.items() if any(sign in output for sign in signs)),
        "The lines above are the last it said. Put it right and try again.",
    )
    return "\n".join([*(f"  {line}" for line in lines), f"{title} failed. {reason}"])
