"""What the embedded stack reads from its environment.

Plain Python instead of pydantic: the supervisor stays small, and each process that it starts
checks its own variables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from todo_chatbot.local.errors import CannotStart

ROOT = Path(__file__).parents[4]
"""The checkout: the embedded stack runs the sources, it is not part of an installed package."""

UIS = ("auto", "hosted", "local")


@dataclass(frozen=True)
class Assistant:
    """Which model answers, as people are told."""

    provider: str
    model: str


@dataclass(frozen=True)
class LocalSettings:
    """One embedded stack."""

    data: Path
    host: str
    port: int
    public_url: str
    database_url: str | None
    """Another PostgreSQL; None means the embedded one."""
    ui: str
    domain_key: str
    assistant: Assistant


def read(environ: Mapping[str, str]) -> LocalSettings:
    """Return the settings that ``environ`` asks for.

    Raises:
        CannotStart: a variable is malformed; the message names it.
    """
    port = _port(environ.get("PORT") or "8000")
    ui = environ.get("UI") or "auto"
    if ui not in UIS:
        raise CannotStart(f'UI must be one of {", ".join(UIS)}, not "{ui}".')
    return LocalSettings(
        data=Path(environ.get("DATA_DIR") or ROOT / ".data").absolute(),
        host=environ.get("HOST") or "127.0.0.1",
        port=port,
        public_url=environ.get("BETTER_AUTH_URL") or f"http://localhost:{port}",
        database_url=environ.get("DATABASE_URL") or None,
        ui=ui,
        domain_key=environ.get("CHATKIT_DOMAIN_KEY") or "local-dev",
        assistant=assistant(environ),
    )


def assistant(environ: Mapping[str, str]) -> Assistant:
    """Return what ``agent.models.choose`` makes of ``environ``, without its imports."""
    provider = environ.get("MODEL_PROVIDER") or "auto"
    if provider == "auto":
        if environ.get("OPENAI_BASE_URL"):
            provider = "compatible"
        else:
            provider = "openai" if environ.get("OPENAI_API_KEY") else "offline"
    if provider == "offline":
        return Assistant(provider, "built-in assistant")
    return Assistant(provider, environ.get("MODEL") or "gpt-5-mini")


def _port(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise CannotStart(f'PORT must be a number from 1 to 65535, not "{text}".')
