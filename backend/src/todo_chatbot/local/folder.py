"""The folder in which one embedded stack keeps everything: database, secret, logs."""

import fcntl
import os
import secrets
from pathlib import Path

from todo_chatbot.local.errors import CannotStart

LARGEST_LOG = 5_000_000
"""Bytes; a larger log is set aside at the next start, and the one set aside before is dropped."""


class DataFolder:
    """A folder that belongs to one running stack at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "logs"
        self._lock: int | None = None

    def claim(self, address: str) -> None:
        """Make the folder and keep it for this process; ``address`` is told to who comes later.

        Raises:
            CannotStart: the folder cannot be written, or another stack uses it.
        """
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise CannotStart(
                f"Cannot write to {self.path}: {error.strerror}."
                " Set DATA_DIR to a folder of yours that has room."
            ) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(self._lock, 500).decode() or "another process"
            raise CannotStart(
                f"{self.path} is in use by {holder}. Stop it first, or set DATA_DIR and PORT to"
                " run a second one."
            ) from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"process {os.getpid()} at {address}".encode(), 0)

    def secret(self) -> str:
        """Return the secret of this stack, made the first time."""
        path = self.path / "secret"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(48))
        return path.read_text().strip()

    def log(self, name: str) -> Path:
        """Return the log file of one process."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, complete or not at all."""
    staged = path.with_name(f".{path.name}.new")
    staged.unlink(missing_ok=True)
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    staged.replace(path)
