"""The application that people talk to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urljoin

import httpx2
from fastapi import FastAPI

from todo_chatbot.agent.assistant import Assistant
from todo_chatbot.agent.models import Brain, choose
from todo_chatbot.agent.toolbox import Toolboxes
from todo_chatbot.app.parts import database_of, schema_is_current, verifier_of
from todo_chatbot.chat import api
from todo_chatbot.chat.chatkit.door import ChatKitDoor
from todo_chatbot.chat.chatkit.server import TodoChatKit
from todo_chatbot.chat.turn import Limits, Turns
from todo_chatbot.identity import TokenMinter
from todo_chatbot.settings import ApiSettings
from todo_chatbot.web.failures import add_problems
from todo_chatbot.web.health import Check, operations
from todo_chatbot.web.requests import BodyLimit, RequestId

MAX_BODY_BYTES = 64 * 1024

TURN_SECONDS = 240
"""The longest turn, all answers of the model and all tool calls together."""


def create_api(
    settings: ApiSettings,
    *,
    brain: Brain | None = None,
    tools_transport: httpx2.AsyncBaseTransport | None = None,
) -> FastAPI:
    """Build it: one endpoint, health and metrics beside it.

    ``brain`` answers instead of the model that the settings choose; ``tools_transport`` reaches
    the tools without a network.
    """
    database = database_of(settings)
    toolboxes = Toolboxes(str(settings.tools_url), transport=tools_transport)
    brain = brain or choose(settings)
    assistant = Assistant(
        brain,
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
        await brain.close()
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
    app.state.verifier = verifier_of(settings, settings.jwt_audience)
    app.state.turns = turns
    app.state.chatkit = ChatKitDoor(chatkit, turns)
    app.state.database = database
    app.include_router(api.router)
    app.router.routes.extend(
        operations([schema_is_current(database), _tools_answer(str(settings.tools_url))])
    )
    add_problems(app)
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES)
    app.add_middleware(RequestId)
    return app


def _tools_answer(url: str) -> Check:
    async def check() -> str | None:
        try:
            async with httpx2.AsyncClient(timeout=2) as client:
                (await client.get(urljoin(url, "/healthz"))).raise_for_status()
        except httpx2.HTTPError:
            return "The tools do not answer."
        return None

    return check
