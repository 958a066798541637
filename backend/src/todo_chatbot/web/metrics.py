"""What Prometheus is told. Names and outcomes only: no user, no text."""

from collections.abc import Callable

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)

_turns = Counter("todo_turns_total", "Turns by outcome.", ["outcome"])
_seconds = Histogram("todo_seconds", "Seconds by where they went.", ["where"], buckets=_BUCKETS)
_tool_calls = Counter(
    "todo_tool_calls_total", "Tool calls by name and outcome.", ["tool", "outcome"]
)
_tokens = Counter("todo_tokens_total", "Tokens of the model.", ["direction"])
_refused = Counter("todo_refused_total", "Requests refused for who sent them.", ["status"])
_in_use = Gauge("todo_database_connections_in_use", "Database connections checked out.")


def turn_answered(outcome: str, *, model_seconds: float, tools_seconds: float) -> None:
    """Count a turn and where its time went."""
    _turns.labels(outcome).inc()
    _seconds.labels("model").observe(model_seconds)
    _seconds.labels("tools").observe(tools_seconds)


def tokens_used(read: int, written: int) -> None:
    """Count the tokens that a turn cost."""
    _tokens.labels("input").inc(read)
    _tokens.labels("output").inc(written)


def tool_called(tool: str, outcome: str) -> None:
    """Count one call of a tool."""
    _tool_calls.labels(tool, outcome).inc()


def database_used(seconds: float) -> None:
    """Count the time of one transaction."""
    _seconds.labels("database").observe(seconds)


def refused(status: int) -> None:
    """Count a request that was refused for who sent it."""
    _refused.labels(str(status)).inc()


def watch_pool(in_use: Callable[[], int]) -> None:
    """Show how many database connections are checked out."""
    _in_use.set_function(in_use)


async def metrics(_: Request) -> Response:
    """Answer ``GET /metrics``."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
