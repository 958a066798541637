"""What tests say and ask: tokens, the running system, its users."""

import asyncio
import time
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, LiteralString

import httpx2
import jwt
import psycopg
from agents import Model, ModelResponse, Usage
from agents.testing import ScriptedModel, assistant_message, function_call
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolRequest, CallToolRequestParams, CallToolResult, TextContent

from todo_chatbot.db.database import Database

SECRET = "a secret of tests, which is long enough"
ISSUER = "todo-chatbot-auth"
AUDIENCE = "todo-chatbot"
TOOLS_AUDIENCE = "todo-chatbot-tools"
TOOLS_HOST = "tools.test"


def token_for(user_id: str, audience: str = AUDIENCE, **claims: Any) -> str:
    """Return a token as ``auth`` signs them; ``claims`` replace or, when None, remove some."""
    now = int(time.time())
    payload = {
        "sub": user_id,
        "iss": ISSUER,
        "aud": audience,
        "iat": now,
        "exp": now + 900,
        "jti": uuid.uuid4().hex,
        "email": "ada@example.com",
        "name": "Ada",
    } | claims
    payload = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(payload, SECRET, "HS256")


def bearer(user_id: str, audience: str = AUDIENCE) -> dict[str, str]:
    return {"authorization": f"Bearer {token_for(user_id, audience)}"}


async def say(
    http: httpx2.AsyncClient,
    user_id: str,
    message: str,
    conversation_id: int | None = None,
    key: str | None = None,
) -> httpx2.Response:
    """Send one message as ``user_id`` to whatever serves the endpoint."""
    body: dict[str, Any] = {"message": message}
    if conversation_id is not None:
        body["conversation_id"] = conversation_id
    headers = bearer(user_id) | ({"idempotency-key": key} if key else {})
    return await http.post(f"/api/{user_id}/chat", json=body, headers=headers)


def rows(database_url: str, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    """Return what is really stored, as the owner of the database sees it."""
    with psycopg.connect(database_url) as connection:
        return connection.execute(query, values).fetchall()


async def call_tool(
    tools: httpx2.AsyncClient,
    user_id: str,
    tool: str,
    arguments: dict[str, Any],
    call_id: object = None,
) -> CallToolResult:
    """Call a tool of the server behind ``tools`` as ``user_id``, through a real MCP client.

    Raises:
        MCPError: the server answered with a JSON-RPC error.
    """
    http = httpx2.AsyncClient(transport=tools._transport, headers=bearer(user_id, TOOLS_AUDIENCE))
    meta = None if call_id is None else {"todo-chatbot/call-id": call_id}
    request = CallToolRequest(
        params=CallToolRequestParams(name=tool, arguments=arguments, _meta=meta)
    )
    transport = streamable_http_client(f"http://{TOOLS_HOST}/mcp", http_client=http)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(Client(transport, mode="2026-07-28", cache=None))
        try:
            return await client.session.send_request(request, CallToolResult)
        except MCPError as error:
            refused = error
    # Raised outside, because the client's task groups would wrap it.
    raise refused


def text_of(result: CallToolResult) -> str:
    """Return what a tool said."""
    (part,) = result.content
    assert isinstance(part, TextContent)
    return part.text


@dataclass
class System:
    """``api`` and ``tools`` as applications in this process, on a real PostgreSQL."""

    http: httpx2.AsyncClient
    tools: httpx2.AsyncClient
    database: Database
    """The database of ``api``: its pool is the one that must be free while the model thinks."""
    model: ScriptedModel

    async def say(
        self,
        user_id: str,
        message: str,
        conversation_id: int | None = None,
        key: str | None = None,
    ) -> httpx2.Response:
        """Send one message as ``user_id``."""
        return await say(self.http, user_id, message, conversation_id, key)

    async def call(
        self, user_id: str, tool: str, /, _call_id: str | None = None, **arguments: Any
    ) -> CallToolResult:
        """Call a tool as ``user_id``, through a real MCP client."""
        return await call_tool(self.tools, user_id, tool, arguments, _call_id)

    async def tasks(self, user_id: str) -> list[dict[str, Any]]:
        """Return the tasks of ``user_id`` as ``list_tasks`` gives them."""
        result = await self.call(user_id, "list_tasks")
        assert result.structured_content is not None
        found: list[dict[str, Any]] = result.structured_content["result"]
        return found


class Adding(Model):
    """Adds what it is told as a task, then says so; for as many at a time as want it."""

    async def think(self) -> None:
        """Take some time."""
        await asyncio.sleep(0.01)

    async def get_response(  # type: ignore[override]
        self, _instructions: Any, items: Any, *_: Any, **__: Any
    ) -> Any:
        await self.think()
        if items[-1].get("role") == "user":
            said: Any = function_call("add_task", {"title": items[-1]["content"]}, call_id="1")
        else:
            said = assistant_message("Added.")
        return ModelResponse(output=[said], usage=Usage(), response_id=None)

    def stream_response(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError
