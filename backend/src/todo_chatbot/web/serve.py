"""Runs an application on a port until it is told to stop."""

from typing import Literal

import uvicorn
from starlette.types import ASGIApp

GRACE_SECONDS = 245
"""How long open requests may take after SIGTERM: the longest turn, and time to write it down."""


def serve(app: ASGIApp, host: str, port: int, *, http: Literal["auto", "h11"] = "auto") -> None:
    """Serve ``app`` on ``host``:``port``. SIGTERM and SIGINT end it when open requests are done."""
    uvicorn.run(
        app,
        host=host,
        port=port,
        # httptools keeps the blanks around header values, which MCP's header rules forbid.
        http=http,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=65,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
