"""One JSON object per line, one line per event, joined by a request id.

Never a token, a message or a title: ``extra`` carries facts such as names, numbers and seconds.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request being answered; sent on to ``tools`` so that both logs can be joined."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
        }
        if current := request_id.get():
            line["request_id"] = current
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info and record.exc_info[1]:
            line["error"] = _trace(record.exc_info[1])
        return json.dumps(line, default=str, ensure_ascii=False)


def _trace(error: BaseException) -> str:
    """Return where an error comes from and its kind: its message may quote what people wrote."""
    cause = error.__cause__ or error.__context__
    before = _trace(cause) if cause else ""
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    lines = (before, *map(_trace, parts), *traceback.format_tb(error.__traceback__))
    return f"{''.join(lines)}{type(error).__name__}\n"


def configure(level: str) -> None:
    """Send every log of this process to standard output as JSON lines of ``level`` and above."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in (
        "httpx2",
        "httpcore2",
        "mcp",
        "openai",
        "openai.agents",
        "alembic",
        "uvicorn.access",
    ):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))
