"""Finds a Node that is new enough, and puts it and its npm beside our Python."""

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


def is_linked(venv: Path) -> bool:
    """Tell whether ``link`` has been done and what it linked still works."""
    return npm(venv).exists() and _is_new_enough(venv / "bin" / "node")


def npm(venv: Path) -> Path:
    """Return the npm that ``link`` makes."""
    return venv / "bin" / "npm"


def link(venv: Path, node: Path) -> None:
    """Put ``node`` beside Python, where the backend looks for it, and an npm that uses it."""
    linked = venv / "bin" / "node"
    linked.unlink(missing_ok=True)
    linked.symlink_to(node)
    beside = node.resolve().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    program = beside if beside.exists() else Path(shutil.which("npm") or "npm").resolve()
    script = f'#!/bin/sh\nPATH="{linked.parent}:$PATH" exec "{linked}" "{program}" "$@"\n'
    npm(venv).write_text(script)
    npm(venv).chmod(0o755)


def _is_new_enough(node: Path) -> bool:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return False
    version = re.match(r"v(\d+)\.(\d+)", said)
    return version is not None and tuple(map(int, version.groups())) >= OLDEST
