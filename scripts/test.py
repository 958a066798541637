"""Runs every test that this machine can run, and says what it left out and why.

Ends with the sum of all: ``N passed, N failed``. With CI_STRICT=1, what is left out is a failure.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from todo_chatbot.local.ports import free
from todo_chatbot.local.postgres import EmbeddedPostgres

from report import Outcome, read_report

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
RESULTS = ROOT / ".results"
START_SECONDS = 120

KILL_API = """
import os, pathlib, signal, sys
for child in pathlib.Path(f"/proc/{sys.argv[1]}/task/{sys.argv[1]}/children").read_text().split():
    if b"todo_chatbot\\0api\\0" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes():
        os.kill(int(child), signal.SIGKILL)
"""
"""Ends the api process of the stack whose supervisor is the argument."""


@dataclass
class Tests:
    """All suites of one run."""

    environment: dict[str, str]
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def run(self, name: str, command: list[str | Path], folder: Path, **more: str) -> None:
        """Run one suite, showing what it says; it writes ``<name>.xml``."""
        print(f"\n== {name}", flush=True)
        started = time.monotonic()
        status = subprocess.run(command, cwd=folder, env=self.environment | more).returncode
        outcome = read_report(RESULTS / f"{name}.xml")
        if status != 0 and outcome.failed == 0:
            print(f"{name}: ended with status {status}, and its report tells of no failure.")
            outcome.failed += 1
        outcome.seconds = time.monotonic() - started
        self.outcomes[name] = outcome
        self.left_out += [f"{name}: {reason}" for reason in outcome.skipped]

    def close(self, *, strict: bool) -> int:
        """Print what came of it; return the exit status."""
        print()
        for name, one in self.outcomes.items():
            print(f"{name:<8} {one.passed:>5} passed {one.failed:>3} failed {one.seconds:>5.0f} s")
        if self.left_out:
            print("Left out, because this machine cannot:")
            print("\n".join(f"  {reason}" for reason in self.left_out))
        passed = sum(one.passed for one in self.outcomes.values())
        failed = sum(one.failed for one in self.outcomes.values())
        if strict:
            failed += len(self.left_out)
        skipped = f", {len(self.left_out)} skipped" if self.left_out and not strict else ""
        print(f"{passed} passed, {failed} failed{skipped}")
        return 1 if failed else 0


def main() -> int:
    """Run all suites; return the exit status."""
    RESULTS.mkdir(exist_ok=True)
    for old in RESULTS.glob("*.xml"):
        old.unlink()
    with _open_folder() as folder:
        with EmbeddedPostgres(folder / "postgres") as database:
            tests = Tests(_environment(database.url()))
            report = f"--junitxml={RESULTS / 'backend.xml'}"
            tests.run("backend", [BIN / "pytest", "backend", report], ROOT)
            tests.run("auth", [BIN / "npm", "test"], ROOT / "auth")
        tests.run("web", [BIN / "npm", "test"], ROOT / "web")
        report = f"--junitxml={RESULTS / 'deploy.xml'}"
        tests.run("deploy", ["make", "--silent", "test-deploy"], ROOT, PYTEST_ADDOPTS=report)
        _browser(tests, folder / "data")
    return tests.close(strict=os.environ.get("CI_STRICT") == "1")


def _browser(tests: Tests, data: Path) -> None:
    """Run the journeys in Chromium through a whole stack, started as a person would."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    if chromium is None:
        tests.left_out.append("e2e: no Chromium; install it, or name it in CHROMIUM")
        return
    port = str(free(1)[0])
    # So many people never sign up from one address within a minute.
    settings = {"DATA_DIR": str(data), "PORT": port, "AUTH_RATE_LIMIT": "off", "UI": "local"}
    with _stack(tests.environment | settings) as supervisor:
        kill = shlex.join([sys.executable, "-c", KILL_API, str(supervisor)])
        address = f"http://localhost:{port}"
        more = {"BASE_URL": address, "CHROMIUM": chromium, "KILL_API": kill}
        tests.run("e2e", [BIN / "npm", "run", "e2e"], ROOT / "web", **more)


@contextmanager
def _stack(environment: dict[str, str]) -> Iterator[int]:
    """Run ``todo-chatbot up`` and yield its process id when everything is ready."""
    with tempfile.TemporaryFile("w+") as said:
        command = (BIN / "todo-chatbot", "up")
        supervisor = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
        try:
            deadline = time.monotonic() + START_SECONDS
            ready = False
            while not ready and supervisor.poll() is None and time.monotonic() < deadline:
                time.sleep(0.1)
                said.seek(0)
                ready = "Ready after" in said.read()
            yield supervisor.pid
        finally:
            supervisor.terminate()
            supervisor.wait()


@contextmanager
def _open_folder() -> Iterator[Path]:
    """Yield a folder that every user can reach: run by root, the database is another user's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def _environment(database_url: str) -> dict[str, str]:
    """Return what all suites are told, without what this person has set for a stack of theirs."""
    stack = {"DATABASE_URL", "MIGRATE_DATABASE_URL", "BETTER_AUTH_SECRET", "DATA_DIR", "PORT"}
    model = {"MODEL", "MODEL_PROVIDER", "OPENAI_API_KEY", "OPENAI_BASE_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in stack | model}
    return kept | {
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "RESULTS_DIR": str(RESULTS),
        "TEST_DATABASE_URL": database_url,
    }


if __name__ == "__main__":
    sys.exit(main())
