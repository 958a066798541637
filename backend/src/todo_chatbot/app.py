"""Puts the rooms together: the ``api`` and the ``tools`` application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx2
from fastapi import FastAPI
from starlette.applications import Starlette

from todo_chatbot.db.database import Database
from todo_chatbot.db.migrate import HEAD
from todo_chatbot.errors import DatabaseAway
from todo_chatbot.identity import TokenMinter, TokenVerifier
from todo_chatbot.settings import ApiSettings, DatabaseSettings, TokenSettings, ToolsSettings
from todo_chatbot.tools.server import create_server
from todo_chatbot.web import metrics
from todo_chatbot.web.health import Check, operations
from todo_chatbot.web.requests import BodyLimit, RequestId

if TYPE_CHECKING:
    from todo_chatbot.agent.models import Brain

MAX_BODY_BYTES = 64 * 1024

TURN_SECONDS = 240
"""The longest turn, all answers of the model and all tool calls together."""


def create_api(
    settings: ApiSettings,
    *,
    brain: "Brain | None" = None,
    tools_transport: httpx2.AsyncBaseTransport | None = None,
) -> FastAPI:
    """Build the application that people talk to.

    ``brain`` answers instead of the model that the settings choose; ``tools_transport`` reaches
    the tools without a network.
    """
    # Imported here: the agents SDK alone costs 80 MB, which ``tools`` does without.
    from todo_chatbot.agent.assistant import Assistant
    from todo_chatbot.agent.models import choose
    from todo_chatbot.agent.toolbox import Toolboxes
    from todo_chatbot.chat import api
    from todo_chatbot.chat.chatkit.door import ChatKitDoor
    from todo_chatbot.chat.chatkit.server import TodoChatKit
    from todo_chatbot.chat.turn import Limits, Turns
    from todo_chatbot.web.problems import add_problems

    database = _database(settings)
    toolboxes = Toolboxes(str(settings.tools_url), transport=tools_transport)
    assistant = Assistant(
        brain or choose(settings),
        toolboxes,
        max_calls=settings.model_max_calls,
        timeout_seconds=TURN_SECONDS,
    )
    minter = TokenMinter(
        settings.better_auth_secret.get_secret_value(),
        issuer=settings.jwt_issuer,
        audience=settings.jwt_tools_audience,
        lifetime_seconds=TURN_SECONDS + 60,
    )
    limits = Limits(
        history_messages=settings.history_messages,
        history_characters=settings.history_characters,
        lease_seconds=settings.turn_lease_seconds,
        wait_seconds=settings.turn_wait_seconds,
    )
    turns = Turns(database, assistant, minter, limits)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await turns.drain()
        await toolboxes.close()
        await database.close()

    app = FastAPI(
        title="Todo AI Chatbot",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    chatkit = TodoChatKit(
        database,
        turns,
        toolboxes,
        minter,
        heartbeat_seconds=settings.stream_heartbeat_seconds,
    )
    app.state.verifier = _verifier(settings, settings.jwt_audience)
    app.state.turns = turns
    app.state.chatkit = ChatKitDoor(chatkit, turns)
    app.state.database = database
    app.include_router(api.router)
    app.router.routes.extend(operations([_schema(database), _tools(str(settings.tools_url))]))
    add_problems(app)
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES)
    app.add_middleware(RequestId)
    return app


def create_tools(settings: ToolsSettings) -> Starlette:
    """Build the application that models talk to."""
    database = _database(settings)
    app = create_server(
        database,
        _verifier(settings, settings.jwt_tools_audience),
        allowed_hosts=settings.tools_allowed_hosts,
        routes=operations([_schema(database)]),
    )
    app.add_middleware(RequestId)
    return app


def _database(settings: DatabaseSettings) -> Database:
    database = Database(
        settings.database_url.get_secret_value(),
        pool_size=settings.database_pool_size,
        observe=metrics.database_used,
    )
    metrics.watch_pool(database.in_use)
    return database


def _verifier(settings: TokenSettings, audience: str) -> TokenVerifier:
    secret = settings.better_auth_secret.get_secret_value()
    return TokenVerifier(secret, issuer=settings.jwt_issuer, audience=audience)


def _schema(database: Database) -> Check:
    async def check() -> str | None:
        try:
            revision = await database.revision()
        except DatabaseAway as error:
            return str(error)
        if revision == HEAD:
            return None
        return f"The schema is at {revision}, this program needs {HEAD}: run todo-chatbot migrate."

    return check


def _tools(url: str) -> Check:
    async def check() -> str | None:
        try:
            async with httpx2.AsyncClient(timeout=2) as client:
                (await client.get(urljoin(url, "/healthz"))).raise_for_status()
        except httpx2.HTTPError:
            return "The tools do not answer."
        return None

    return check
