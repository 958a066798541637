"""Is this process alive, and can it serve?"""

import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from todo_chatbot.web.metrics import metrics

Check = Callable[[], Awaitable[str | None]]
"""Returns what is missing, as a sentence, or None."""

READY_FOR_SECONDS = 5
"""A good answer is kept this long: probes must not keep a database awake."""


async def _alive(_: Request) -> JSONResponse:
    return JSONResponse({"status": "alive"})


class _Readiness:
    def __init__(self, checks: list[Check]) -> None:
        self._checks = checks
        self._good_until = 0.0

    async def __call__(self, _: Request) -> JSONResponse:
        if time.monotonic() > self._good_until:
            missing = [fault for check in self._checks if (fault := await check()) is not None]
            if missing:
                return JSONResponse({"status": "not ready", "missing": missing}, 503)
            self._good_until = time.monotonic() + READY_FOR_SECONDS
        return JSONResponse({"status": "ready"})


def operations(checks: list[Check]) -> list[Route]:
    """Return ``/healthz`` (touches nothing), ``/readyz`` (runs ``checks``) and ``/metrics``."""
    return [
        Route("/healthz", _alive),
        Route("/readyz", _Readiness(checks).__call__),
        Route("/metrics", metrics),
    ]
