"""Finds a Node that is new enough, and its npm."""

import re
import shutil
import subprocess
from pathlib import Path

OLDEST = (22, 19)
"""What the programs of the tests ask for; the services themselves are content with 22."""

# Scripts of packages are not run: none of ours needs one.
INSTALL = ("ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error")
BUILD = ("run", "build")


def on_machine() -> Path | None:
    """Return the machine's own Node if it is new enough and has npm."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None or not _is_new_enough(Path(node)):
        return None
    return Path(node)


def found(venv: Path) -> Path | None:
    """Return the Node that was linked into ``venv``, if it still works."""
    linked = venv / "bin" / "node"
    return linked if linked.exists() and _is_new_enough(linked) else None


def link(venv: Path, node: Path) -> None:
    """Put ``node`` beside Python, where the backend looks for it."""
    linked = venv / "bin" / "node"
    linked.unlink(missing_ok=True)
    linked.symlink_to(node)


def npm(venv: Path) -> list[str | Path]:
    """Return the command that runs npm on the linked Node."""
    node = venv / "bin" / "node"
    beside = node.resolve().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node, beside if beside.exists() else Path(shutil.which("npm") or "npm").resolve()]


def _is_new_enough(node: Path) -> bool:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return False
    version = re.match(r"v(\d+)\.(\d+)", said)
    return version is not None and tuple(map(int, version.groups())) >= OLDEST
