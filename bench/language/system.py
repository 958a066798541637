"""The real system in this process: database, tools by MCP, agent, endpoint; one model."""

import json
import secrets
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx2
from todo_chatbot.agent.models import Brain
from todo_chatbot.agent.toolbox import Toolboxes
from todo_chatbot.app.api import TURN_SECONDS, create_api
from todo_chatbot.app.tools import create_tools
from todo_chatbot.identity import TokenMinter
from todo_chatbot.settings import ApiSettings, ToolsSettings

from bench.language.meter import MeteredModel, Spent, spent

Json = dict[str, Any]

TOOLS_HOST = "tools.eval"
LIFETIME_SECONDS = 900


class SystemBroken(Exception):
    """Something of ours did not work, so nothing can be said about the model."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the endpoint, how long it took, and what it asked of the model."""

    conversation_id: int
    text: str
    calls: list[Json]
    seconds: float
    spent: Spent


class System:
    """The endpoint and the tools, as any user."""

    def __init__(
        self, http: httpx2.AsyncClient, toolboxes: Toolboxes, user: TokenMinter, tools: TokenMinter
    ) -> None:
        self._http = http
        self._toolboxes = toolboxes
        self._user_tokens = user
        self._tools_tokens = tools

    async def say(self, user_id: str, message: str, conversation_id: int | None) -> Reply:
        """Send a message to the assistant.

        Raises:
            SystemBroken: it was not answered.
        """
        body: Json = {"message": message}
        if conversation_id is not None:
            body["conversation_id"] = conversation_id
        headers = {"authorization": f"Bearer {self._user_tokens.mint(user_id)}"}
        spent.set(turn := Spent())
        started = time.perf_counter()
        answer = await self._http.post(f"/api/{user_id}/chat", json=body, headers=headers)
        seconds = time.perf_counter() - started
        if answer.status_code != httpx2.codes.OK:
            raise SystemBroken(f"The endpoint answered {answer.status_code}: {answer.text[:300]}")
        said = answer.json()
        return Reply(said["conversation_id"], said["response"], said["tool_calls"], seconds, turn)

    async def call(self, user_id: str, tool: str, **arguments: Any) -> Json:  # noqa: ANN401
        """Call a tool and return its result.

        Raises:
            SystemBroken: it refused.
        """
        token, call_id = self._tools_tokens.mint(user_id), uuid.uuid4().hex
        output = await self._toolboxes.call(token, {}, tool, arguments, call_id)
        if output.failed:
            raise SystemBroken(f"{tool} refused {arguments}: {output.text}")
        result: Json = json.loads(output.text)
        return result

    async def tasks(self, user_id: str) -> list[Json]:
        """Return the tasks of a user as ``list_tasks`` gives them."""
        found: list[Json] = (await self.call(user_id, "list_tasks"))["result"]
        return found


@asynccontextmanager
async def system(brain: Brain, database_url: str) -> AsyncIterator[System]:
    """Run the system on a database that has the schema; ``brain`` thinks."""
    common: Json = {
        "database_url": database_url,
        "better_auth_secret": secrets.token_urlsafe(32),
        "jwt_audience": "eval",
        "jwt_tools_audience": "eval-tools",
    }
    tools = create_tools(ToolsSettings(**common, tools_allowed_hosts=(TOOLS_HOST,)))
    settings = ApiSettings(**common, tools_url=f"http://{TOOLS_HOST}/mcp")
    to_tools = httpx2.ASGITransport(tools)
    metered = replace(brain, model=MeteredModel(brain.model))
    api = create_api(settings, brain=metered, tools_transport=to_tools)
    async with (
        tools.router.lifespan_context(tools),
        api.router.lifespan_context(api),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(api),
            base_url="http://api.eval",
            timeout=TURN_SECONDS + 30,
        ) as http,
    ):
        toolboxes = Toolboxes(str(settings.tools_url), transport=to_tools)
        yield System(
            http,
            toolboxes,
            user=_minter(settings, settings.jwt_audience),
            tools=_minter(settings, settings.jwt_tools_audience),
        )


def _minter(settings: ApiSettings, audience: str) -> TokenMinter:
    return TokenMinter(
        settings.better_auth_secret.get_secret_value(),
        issuer=settings.jwt_issuer,
        audience=audience,
        lifetime_seconds=LIFETIME_SECONDS,
    )
