"""Runs an application on a port until it is told to stop."""

import uvicorn
from starlette.types import ASGIApp

GRACE_SECONDS = 245
"""How long open requests may take after SIGTERM: the longest turn, and time to write it down."""


def serve(app: ASGIApp, host: str, port: int) -> None:
    """Serve ``app`` on ``host``:``port``. SIGTERM and SIGINT end it when open requests are done."""
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_keep_alive=65,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
