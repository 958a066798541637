"""The MCP server: what the assistant can do to one user's tasks, and nothing else."""

import json
import logging
import re
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
)
from pydantic import AnyHttpUrl, BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from todo_chatbot import __version__
from todo_chatbot.db.database import Database
from todo_chatbot.errors import NotSignedIn, TodoError
from todo_chatbot.identity import TokenVerifier, UserId
from todo_chatbot.tasks.store import TaskStore
from todo_chatbot.tools.offers import OFFERS, Offer, tools
from todo_chatbot.web import metrics

log = logging.getLogger(__name__)

CALL_ID = "todo-chatbot/call-id"
"""Key in ``_meta``: a call that repeats one with the same id returns what that one returned."""

_KEEPABLE = re.compile(r"[\x21-\x7e]{1,200}")


class _Tokens:
    """Lets the MCP SDK check bearer tokens with our verifier."""

    def __init__(self, verifier: TokenVerifier) -> None:
        self._verifier = verifier

    async def verify_token(self, token: str) -> AccessToken | None:
        try:
            caller = self._verifier.verify(token)
        except NotSignedIn:
            metrics.refused(401)
            log.info("sign-in refused", extra={"status": 401})
            return None
        return AccessToken(token=token, client_id="todo-chatbot", scopes=[], subject=caller.user_id)


def create_server(
    database: Database,
    verifier: TokenVerifier,
    *,
    allowed_hosts: tuple[str, ...],
    routes: list[Route],
) -> Starlette:
    """Build the web application: MCP at ``/mcp``, ``routes`` beside it.

    Every request is for itself: no session, JSON answers, the token's owner is the user.
    """
    listed = ListToolsResult(tools=tools())
    schemas = {tool.name: tool.input_schema for tool in listed.tools}

    async def list_tools(
        _context: ServerRequestContext[Any], _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return listed

    async def call_tool(
        context: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> CallToolResult:
        token = get_access_token()
        assert token is not None
        assert token.subject is not None
        return await _call(database, token.subject, params, (context.meta or {}).get(CALL_ID))

    @asynccontextmanager
    async def lifespan(_server: Server[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
        yield {}
        await database.close()

    server = Server(
        "todo",
        version=__version__,
        instructions="The todo list of the signed-in user.",
        lifespan=lifespan,
        # Otherwise the SDK lists the tools for each call.
        get_tool_input_schema=schemas.get,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    app = server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=64 * 1024,
        transport_security=TransportSecuritySettings(
            allowed_hosts=list(allowed_hosts),
            allowed_origins=[f"http://{host}" for host in allowed_hosts],
        ),
        # There is no OAuth server to discover: tokens are minted by whoever shares the secret.
        auth=AuthSettings(issuer_url=AnyHttpUrl("http://localhost"), resource_server_url=None),
        token_verifier=_Tokens(verifier),
        custom_starlette_routes=routes,
    )
    app.router.routes.insert(0, Route("/mcp", _no_stream, methods=["GET"]))
    return app


async def _no_stream(_: Request) -> Response:
    """Refuse the stream of server messages: there are none, and the SDK would hold it open."""
    return Response(status_code=405, headers={"allow": "POST"})


async def _call(
    database: Database, user_id: UserId, params: CallToolRequestParams, call_id: object
) -> CallToolResult:
    offer = OFFERS.get(params.name)
    if offer is None:
        raise MCPError(
            INVALID_PARAMS, f"There is no tool {params.name!r}. Use {', '.join(OFFERS)}."
        )
    if call_id is not None and not (isinstance(call_id, str) and _KEEPABLE.fullmatch(call_id)):
        # Carried out without its receipt, a repeat would take effect twice.
        raise MCPError(INVALID_PARAMS, f"{CALL_ID} must be 1 to 200 printable ASCII characters.")
    started = time.perf_counter()
    try:
        result = await _carry_out(database, user_id, offer, params, call_id)
    except (TodoError, ValidationError) as error:
        outcome, answer = "refused", _failure(_refusal(error))
    except Exception:
        log.exception("tool failed", extra={"tool": params.name})
        outcome, answer = "failed", _failure("This did not work because of a fault on our side.")
    else:
        outcome, answer = "ok", _success(result)
    seconds = time.perf_counter() - started
    metrics.tool_called(params.name, outcome)
    log.info(
        "tool called",
        extra={"tool": params.name, "outcome": outcome, "seconds": round(seconds, 4)},
    )
    return answer


async def _carry_out(
    database: Database,
    user_id: UserId,
    offer: Offer,
    params: CallToolRequestParams,
    call_id: str | None,
) -> BaseModel:
    wanted = offer.arguments.model_validate(params.arguments or {})
    if wanted.user_id not in (None, user_id):
        raise TodoError("user_id must be the signed-in user. Leave it out.")
    # A change whose connection was lost is repeated, and knows by its receipt what it did.
    known_by = call_id or f"call {uuid.uuid4()}"
    return await database.run(
        user_id, lambda tenant: offer.work(TaskStore(tenant, user_id, known_by), wanted)
    )


def _success(result: BaseModel) -> CallToolResult:
    structured = result.model_dump(mode="json")
    # The contract's array as text; as structured content MCP wants an object around it.
    text = json.dumps(structured.get("result", structured), ensure_ascii=False)
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=structured
    )


def _failure(sentence: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=sentence)], is_error=True)


def _refusal(error: TodoError | ValidationError) -> str:
    if isinstance(error, TodoError):
        return str(error)
    faults = error.errors(include_url=False, include_input=False, include_context=False)[:5]
    return "; ".join(_fault(fault["loc"], fault["type"], fault["msg"]) for fault in faults) + "."


def _fault(location: tuple[int | str, ...], kind: str, message: str) -> str:
    name = ".".join(str(part) for part in location)
    if kind == "extra_forbidden":
        return f"There is no argument {name}"
    message = message.removeprefix("Value error, ")
    return f"{name}: {message}" if name else message[:1].upper() + message[1:]
