"""The file `.env`: made once with random secrets, then the operator's."""

import os
import secrets
from pathlib import Path

from ops.shell import ROOT

ENV = ROOT / ".env"

GENERATED = (
    "BETTER_AUTH_SECRET",
    "POSTGRES_OWNER_PASSWORD",
    "POSTGRES_SERVICE_PASSWORD",
    "POSTGRES_AUTH_PASSWORD",
)


def ensure(path: Path | None = None) -> dict[str, str]:
    """Return what the file says, after adding those secrets that it lacks; what is there stays."""
    path = path or ENV
    there = _read(path)
    missing = {name: secrets.token_hex(24) for name in GENERATED if not there.get(name)}
    if missing:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a") as file:
            file.write("" if _ends_with_a_line(path) else "\n")
            file.writelines(f"{name}={value}\n" for name, value in missing.items())
    path.chmod(0o600)
    return there | missing


def _ends_with_a_line(path: Path) -> bool:
    text = path.read_text()
    return not text or text.endswith("\n")


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, value in pairs}
