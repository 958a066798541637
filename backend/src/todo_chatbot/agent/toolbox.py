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
from agents import AgentBase, RunContextWrapper, ToolErrorFormatterArgs
from agents.mcp import MCPServer
from agents.tool_context import ToolContext
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequest,
    CallToolRequestParams,
    CallToolResult,
    GetPromptResult,
    ListPromptsResult,
    TextContent,
    Tool,
)
from pydantic import ValidationError

from todo_chatbot.agent.guard import ASK_FIRST, DeleteGuard
from todo_chatbot.agent.listener import SILENT, Listener, Output
from todo_chatbot.agent.transport import SoftTransport

PROTOCOL_VERSION = "2026-07-28"
"""Self-contained requests: no handshake, so connecting costs no round trip."""

CALL_ID = "todo-chatbot/call-id"
"""Key in ``_meta`` under which a call carries the id that its receipt is kept by."""

HIDDEN_ARGUMENT = "user_id"
"""In the tools' schema because the contract has it; the model never sees or fills it."""

UNREACHABLE = "The task service did not answer. It is not known whether this call took effect."
NOT_AN_OBJECT = "The arguments must be a JSON object. Nothing was changed by this call."


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

    def open(
        self,
        token: str,
        headers: Mapping[str, str],
        listener: Listener = SILENT,
        guard: DeleteGuard | None = None,
    ) -> Toolbox:
        """Return a toolbox that acts as the owner of ``token``; enter it to connect."""
        http = httpx2.AsyncClient(
            transport=SoftTransport(self._pool),
            headers={"authorization": f"Bearer {token}", **headers},
            timeout=self._timeout_seconds,
        )
        client = Client(
            streamable_http_client(self._url, http_client=http),
            mode=PROTOCOL_VERSION,
            cache=None,
            read_timeout_seconds=self._timeout_seconds,
        )
        return Toolbox(client, self._tools, listener, guard or DeleteGuard([]))

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

    def __init__(
        self, client: Client, tools: list[Tool], listener: Listener, guard: DeleteGuard
    ) -> None:
        """``tools`` is filled by the first turn of this process and used by all."""
        self.outputs: dict[str, Output] = {}
        self._one_by_one = asyncio.Lock()
        self._client = client
        self._tools = tools
        self._listener = listener
        self._guard = guard
        self._stack = AsyncExitStack()
        super().__init__(
            use_structured_content=True,
            tool_meta_resolver=lambda call: {CALL_ID: _call_id(call.run_context)},
            failure_error_function=self._bad_arguments,
        )

    @property
    def name(self) -> str:
        """How the SDK calls this server in its errors."""
        return "todo"

    async def connect(self) -> None:
        """Connect; the first time in this process, ask which tools there are.

        Raises:
            MCPError: whatever answers is not the tools.
        """
        await self._stack.enter_async_context(self._client)
        if not self._tools:
            try:
                listed = await self._client.session.list_tools()
            except ValidationError as error:
                raise MCPError(INTERNAL_ERROR, "This is no list of tools.") from error
            # Replaced, not extended: two turns may be the first.
            self._tools[:] = [_without_user(tool) for tool in listed.tools]

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
        run_context: RunContextWrapper[Any] | None = None,  # noqa: ARG002 - the SDK's signature
        agent: AgentBase | None = None,  # noqa: ARG002 - the SDK's signature
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
        if self._guard.stops(call_id):
            return _failure(self.refuse(call_id, tool_name, ASK_FIRST))
        self._listener.calls(call_id, tool_name)
        params = CallToolRequestParams(name=tool_name, arguments=arguments or {}, _meta=meta)
        # In the order of the answer: "milk, bread and eggs" become tasks 1, 2 and 3.
        async with self._one_by_one:
            started = time.perf_counter()
            result = await self._send(CallToolRequest(params=params))
        took = time.perf_counter() - started
        self._keep(call_id, Output(_text(result), bool(result.is_error), took))
        return result

    def refuse(self, call_id: str, tool_name: str, sentence: str) -> str:
        """Answer a call with ``sentence`` instead of making it; returns the sentence."""
        self._listener.calls(call_id, tool_name)
        self._keep(call_id, Output(sentence, failed=True, seconds=0))
        return sentence

    def no_such_tool(self, wanted: ToolErrorFormatterArgs[Any]) -> str | None:
        """Answer a call of a tool that is not in this box."""
        if wanted.kind != "tool_not_found":
            return None
        names = ", ".join(tool.name for tool in self._tools)
        sentence = f"There is no tool {wanted.tool_name!r}. Use {names}."
        return self.refuse(wanted.call_id, wanted.tool_name, sentence)

    def _bad_arguments(self, context: RunContextWrapper[Any], _error: Exception) -> str:
        """Answer a call that the SDK could not read; ``call_tool`` lets no other failure out."""
        assert isinstance(context, ToolContext)
        return self.refuse(_call_id(context), context.tool_name, NOT_AN_OBJECT)

    async def _send(self, request: CallToolRequest) -> CallToolResult:
        try:
            # Not ``client.call_tool``: that one lists the tools again to validate the result.
            return await self._client.session.send_request(request, CallToolResult)
        except MCPError as error:
            return _failure(error.message if error.code == INVALID_PARAMS else UNREACHABLE)
        except Exception:  # noqa: BLE001 - whatever failed, the model gets a sentence to act on
            return _failure(UNREACHABLE)

    def _keep(self, call_id: str, output: Output) -> None:
        self.outputs[call_id] = output
        self._listener.called(call_id, output)

    async def list_prompts(self) -> ListPromptsResult:
        """There are none."""
        return ListPromptsResult(prompts=[])

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None
    ) -> GetPromptResult:
        """There are none."""
        raise NotImplementedError(name, arguments)


def _call_id(context: RunContextWrapper[Any]) -> str:
    assert isinstance(context, ToolContext)
    return context.tool_call_id


def _failure(sentence: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=sentence)], is_error=True)


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
