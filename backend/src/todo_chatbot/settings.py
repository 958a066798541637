"""Everything that the backend reads from its environment.

Each process reads what it needs, once, at its start; below the command line only plain values
travel. The table in README.md is the same list for people.
"""

import sys
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MIN_SECRET_BYTES = 32
"""RFC 7518 section 3.2: a key of HS256 has at least the 256 bits of its hash."""


def _long_enough(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value().encode()) < MIN_SECRET_BYTES:
        raise ValueError(f"must be at least {MIN_SECRET_BYTES} bytes long")
    return secret


def _postgres(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("postgresql://", "postgres://")):
        raise ValueError("must start with postgresql://")
    return url


def _bare(text: object) -> object:
    # What is typed into a Secret or a file ends with a line.
    return text.strip() if isinstance(text, str) else text


Secret = Annotated[SecretStr, AfterValidator(_long_enough)]
"""Taken as it is: auth signs with the same bytes."""
ApiKey = Annotated[SecretStr, BeforeValidator(_bare)]
PostgresUrl = Annotated[SecretStr, BeforeValidator(_bare), AfterValidator(_postgres)]
Port = Annotated[int, Field(ge=1, le=65535)]


def _split(names: object) -> object:
    return [name.strip() for name in names.split(",")] if isinstance(names, str) else names


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)


class DatabaseSettings(_Settings):
    """Where the data lies."""

    database_url: PostgresUrl
    """May be a pooled host (PgBouncer in transaction mode, Neon's ``-pooler``)."""
    migrate_database_url: PostgresUrl | None = None
    """Direct host, owner role, for migrations; by default ``DATABASE_URL`` without ``-pooler``."""
    database_pool_size: int = Field(5, ge=1, le=100)
    """Connections a process keeps open at most."""


class TokenSettings(_Settings):
    """How access tokens are signed; the same for all processes of one system."""

    better_auth_secret: Secret
    jwt_issuer: str = "todo-chatbot-auth"
    jwt_audience: str = "todo-chatbot"
    jwt_tools_audience: str = "todo-chatbot-tools"


class ModelSettings(_Settings):
    """Which language model answers."""

    model_provider: Literal["auto", "openai", "compatible", "offline"] = "auto"
    """``auto``: a base URL means ``compatible``, a key alone ``openai``, neither ``offline``."""
    model: str = "gpt-5-mini"
    openai_api_key: ApiKey | None = Field(None, validate_default=True)
    openai_base_url: HttpUrl | None = Field(None, validate_default=True)
    model_timeout_seconds: float = Field(60, gt=0, le=600)
    """For one answer of the model, retries apart."""
    model_max_retries: int = Field(2, ge=0, le=10)
    model_max_calls: int = Field(12, ge=1, le=50)
    """How often one turn may ask the model before it is ended with a sentence."""

    @field_validator("openai_api_key", "openai_base_url")
    @classmethod
    def _given_when_needed(cls, value: object, info: ValidationInfo) -> object:
        needed = {"openai": "openai_api_key", "compatible": "openai_base_url"}
        provider = info.data.get("model_provider", "auto")
        if value is None and needed.get(provider) == info.field_name:
            raise ValueError(f"is not set, but MODEL_PROVIDER={provider} needs it")
        return value


class LogSettings(_Settings):
    """What the logs tell."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"


class ApiSettings(DatabaseSettings, TokenSettings, ModelSettings, LogSettings):
    """The ``api`` process."""

    host: str = "127.0.0.1"
    port: Port = 8001
    tools_url: HttpUrl = HttpUrl("http://127.0.0.1:8002/mcp")
    history_messages: int = Field(40, ge=2, le=500)
    """The newest messages of a conversation that the model is shown."""
    history_characters: int = Field(24_000, ge=1_000)
    """Of these, the newest that fit into this size."""
    turn_lease_seconds: float = Field(15, ge=1)
    """How long a turn counts as alive after its last sign of life."""
    turn_wait_seconds: float = Field(20, ge=0)
    """How long a second turn of a conversation waits for the first before it is refused."""
    stream_heartbeat_seconds: float = Field(15, gt=0)
    """How long a stream may be silent: proxies close connections that seem idle."""


class ToolsSettings(DatabaseSettings, TokenSettings, LogSettings):
    """The ``tools`` process."""

    host: str = "127.0.0.1"
    port: Port = 8002
    tools_allowed_hosts: Names = ("127.0.0.1:*", "localhost:*")
    """``Host`` headers that are answered, separated by commas; ``:*`` is any port."""


class MigrateSettings(DatabaseSettings, LogSettings):
    """The ``migrate`` command."""


S = TypeVar("S", bound=_Settings)


def read(kind: type[S]) -> S:
    """Read one process's settings from the environment.

    Exits with status 78 (EX_CONFIG) and one line per missing or malformed variable: a process that
    is set up wrongly must not start half.
    """
    try:
        return kind()
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            names = [f"{name}: ".upper() for name in fault["loc"][:1]]
            what = (
                "is not set"
                if fault["type"] == "missing"
                else fault["msg"].removeprefix("Value error, ")
            )
            print(*names, what, sep="", file=sys.stderr)  # noqa: T201 - there is no log yet
        raise SystemExit(78) from None
