"""The connection to the tools: MCP over HTTP, as one user, for one turn.

Thinner than the SDK's ``MCPServerStreamableHttp``, which builds a TLS context and lists the tools
for every turn: this one shares a pool and the (static) list between turns.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any, Self

import httpx2
from agents import AgentBase, RunContextWrapper
from agents.mcp import MCPServer, MCPToolMetaContext
from agents.tool_context import ToolContext
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import (
    CallToolRequest,
    CallToolRequestParams,
    CallToolResult,
    GetPromptResult,
    ListPromptsResult,
    TextContent,
    Tool,
)

from todo_chatbot.agent.listener import SILENT, Listener, Output

PROTOCOL_VERSION = "2026-07-28"
"""Self-contained requests: no handshake, so connecting costs no round trip."""

CALL_ID = "todo-chatbot/call-id"
"""Key in ``_meta`` under which a call carries the id that its receipt is kept by."""

HIDDEN_ARGUMENT = "user_id"
"""In the tools' schema because the contract has it; the model never sees or fills it."""


PAUSES_SECONDS = (0.1, 0.4, 1.0, 0.0)
"""After each try to reach the tools: long enough for another replica to be found."""

UNREACHABLE = (
    "The task service does not answer. It is not known whether this call took effect: "
    "look at the list before you try it again."
)


class _SoftFail(httpx2.AsyncBaseTransport):
    """Tries again, then answers 503 instead of raising, and leaves the shared pool open.

    Whatever is sent may be sent again: reading changes nothing, and a change carries the id that
    its receipt is kept by. An exception from the transport would cancel mcp's task group, and with
    it the whole turn.
    """

    def __init__(self, pool: httpx2.AsyncBaseTransport) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        for pause in PAUSES_SECONDS:
            try:
                return await self._pool.handle_async_request(request)
            except httpx2.TimeoutException:
                break
            except httpx2.TransportError:
                await asyncio.sleep(pause)
        error = {"code": -32603, "message": UNREACHABLE}
        return httpx2.Response(
            503, request=request, json={"jsonrpc": "2.0", "id": None, "error": error}
        )

    async def aclose(self) -> None:
        """Keep the pool: it belongs to ``Toolboxes``."""


class Toolboxes:
    """Opens a toolbox per turn on one shared pool of connections."""

    def __init__(
        self,
        url: str,
        *,
        timeout_seconds: float = 15,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = url
        self._timeout_seconds = timeout_seconds
        limits = httpx2.Limits(max_connections=100, max_keepalive_connections=20)
        self._pool = transport or httpx2.AsyncHTTPTransport(limits=limits)
        self._tools: list[Tool] = []

    def open(self, token: str, headers: Mapping[str, str], listener: Listener = SILENT) -> Toolbox:
        """Return a toolbox that acts as the owner of ``token``; enter it to connect."""
        http = httpx2.AsyncClient(
            transport=_SoftFail(self._pool),
            headers={"authorization": f"Bearer {token}", **headers},
            timeout=self._timeout_seconds,
        )
        client = Client(
            streamable_http_client(self._url, http_client=http),
            mode=PROTOCOL_VERSION,
            cache=None,
            read_timeout_seconds=self._timeout_seconds,
        )
        return Toolbox(client, self._tools, listener)

    async def call(
        self,
        token: str,
        headers: Mapping[str, str],
        tool: str,
        arguments: dict[str, Any],
        call_id: str,
    ) -> Output:
        """Call one tool outside any turn, as the owner of ``token``.

        Raises:
            MCPError: the tools cannot be reached.
        """
        async with self.open(token, headers) as toolbox:
            await toolbox.call_tool(tool, arguments, {CALL_ID: call_id})
            return toolbox.outputs[call_id]

    async def close(self) -> None:
        """Close the shared connections."""
        await self._pool.aclose()


class Toolbox(MCPServer):
    """The five tools during one turn.

    ``outputs`` is what each call gave back, by call id, in the order in which the calls ended.
    """

    def __init__(self, client: Client, tools: list[Tool], listener: Listener) -> None:
        """``tools`` is filled by the first turn of this process and used by all."""
        self._listener = listener
        self.outputs: dict[str, Output] = {}
        self._client = client
        self._tools = tools
        self._stack = AsyncExitStack()
        super().__init__(
            use_structured_content=True,
            tool_meta_resolver=_call_id,
            failure_error_function=lambda _context, _error: UNREACHABLE,
        )

    @property
    def name(self) -> str:
        """How the SDK calls this server in its errors."""
        return "todo"

    async def connect(self) -> None:
        """Connect; the first time in this process, ask which tools there are."""
        await self._stack.enter_async_context(self._client)
        if not self._tools:
            listed = await self._client.session.list_tools()
            self._tools.extend(_without_user(tool) for tool in listed.tools)

    async def cleanup(self) -> None:
        """Disconnect."""
        await self._stack.aclose()

    async def __aenter__(self) -> Self:
        try:
            await self.connect()
        except BaseException:
            await self.cleanup()
            raise
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.cleanup()

    async def list_tools(
        self,
        run_context: RunContextWrapper[Any] | None = None,  # noqa: ARG002
        agent: AgentBase | None = None,  # noqa: ARG002
    ) -> list[Tool]:
        """Return the tools as the model may see them."""
        return self._tools

    async def call_tool(
        self,
        tool_name: str,
        arguments: dict[str, Any] | None,
        meta: dict[str, Any] | None = None,
    ) -> CallToolResult:
        """Call a tool; a failure is a result that says so, never an exception."""
        call_id = str((meta or {}).get(CALL_ID))
        self._listener.calls(call_id, tool_name)
        started = time.perf_counter()
        params = CallToolRequestParams(name=tool_name, arguments=arguments or {}, _meta=meta)
        try:
            # Not ``client.call_tool``: that one lists the tools again to validate the result.
            result = await self._client.session.send_request(
                CallToolRequest(params=params), CallToolResult
            )
        except Exception:  # noqa: BLE001 - whatever failed, the model gets a sentence to act on
            result = CallToolResult(
                content=[TextContent(type="text", text=UNREACHABLE)], is_error=True
            )
        took = time.perf_counter() - started
        self.outputs[call_id] = Output(_text(result), bool(result.is_error), took)
        self._listener.called(call_id, self.outputs[call_id])
        return result

    async def list_prompts(self) -> ListPromptsResult:
        """There are none."""
        return ListPromptsResult(prompts=[])

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None
    ) -> GetPromptResult:
        """There are none."""
        raise NotImplementedError(name, arguments)


def _call_id(context: MCPToolMetaContext) -> dict[str, Any]:
    assert isinstance(context.run_context, ToolContext)
    return {CALL_ID: context.run_context.tool_call_id}


def _without_user(tool: Tool) -> Tool:
    schema = dict(tool.input_schema)
    schema["properties"] = {
        name: value for name, value in schema["properties"].items() if name != HIDDEN_ARGUMENT
    }
    return tool.model_copy(update={"input_schema": schema})


def _text(result: CallToolResult) -> str:
    text = "\n".join(part.text for part in result.content if isinstance(part, TextContent))
    if result.is_error or result.structured_content is None:
        return text
    return json.dumps(result.structured_content, ensure_ascii=False)
