"""The tools as MCP clients of any kind and age reach them, and as strangers do not."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import jwt
import nodejs
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from serving import serving
from starlette.types import ASGIApp, Receive, Scope, Send
from support import ISSUER, SECRET, TOOLS_AUDIENCE, TOOLS_HOST, System, bearer, token_for

from todo_chatbot.app.tools import create_tools
from todo_chatbot.settings import ToolsSettings

CONFORMANCE = Path(__file__).parents[2] / "specs" / "001-todo-by-chat" / "conformance.md"

TEXT = {"type": "string"}
USER = {
    "anyOf": [TEXT, {"type": "null"}],
    "default": None,
    "description": "Optional: the signed-in user. Any other user is refused.",
}
TITLE = {"type": "string", "minLength": 1, "maxLength": 200}
DESCRIPTION = {"type": "string", "maxLength": 1000}
TASK_ID = {
    "type": "integer",
    "minimum": 1,
    "maximum": 2**63 - 1,
    "description": "Number of the task, as list_tasks shows it.",
}


def optional(schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}], "default": None, "description": description}


ARGUMENTS: dict[str, dict[str, Any]] = {
    "add_task": {
        "title": TITLE | {"description": "What to do, 1 to 200 characters."},
        "description": optional(DESCRIPTION, "Details, at most 1000 characters."),
    },
    "list_tasks": {
        "status": {
            "type": "string",
            "enum": ["all", "pending", "completed"],
            "default": "all",
            "description": "Which tasks: all, only those left, or only those done.",
        }
    },
    "complete_task": {"task_id": TASK_ID},
    "delete_task": {"task_id": TASK_ID},
    "update_task": {
        "task_id": TASK_ID,
        "title": optional(TITLE, "The new title."),
        "description": optional(DESCRIPTION, "The new description."),
        "completed": optional({"type": "boolean"}, "False opens a completed task again."),
    },
}
REQUIRED = {
    "add_task": ["title"],
    "list_tasks": None,
    "complete_task": ["task_id"],
    "delete_task": ["task_id"],
    "update_task": ["task_id"],
}
# read only, destructive, idempotent
HINTS = {
    "add_task": (False, False, False),
    "list_tasks": (True, False, True),
    "complete_task": (False, False, True),
    "delete_task": (False, True, True),
    "update_task": (False, False, True),
}


@pytest.fixture
def legacy(ada: str) -> dict[str, str]:
    """Headers of a client that speaks 2025-11-25, as ``ada``."""
    return bearer(ada, TOOLS_AUDIENCE) | {
        "content-type": "application/json",
        "accept": "application/json, text/event-stream",
        "mcp-protocol-version": "2025-11-25",
    }


def request(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}


INITIALIZE = request(
    "initialize",
    protocolVersion="2025-11-25",
    capabilities={},
    clientInfo={"name": "test", "version": "1"},
)


@pytest.mark.requirement("001/FR-040")
@pytest.mark.parametrize("mode", ["2026-07-28", "legacy", "auto"])
async def test_exactly_the_five_tools_of_the_contract_are_offered(
    system: System, ada: str, mode: str
) -> None:
    http = httpx2.AsyncClient(
        transport=system.tools._transport, headers=bearer(ada, TOOLS_AUDIENCE)
    )
    transport = streamable_http_client(f"http://{TOOLS_HOST}/mcp", http_client=http)
    async with Client(transport, mode=mode) as client:
        listed = (await client.list_tools()).tools
        made = await client.call_tool("add_task", {"title": "From any client"})

    assert [tool.name for tool in listed] == list(ARGUMENTS)
    for tool in listed:
        properties = {"user_id": USER} | ARGUMENTS[tool.name]
        assert tool.input_schema["properties"] == properties
        assert tool.input_schema.get("required") == REQUIRED[tool.name]
        assert tool.input_schema["additionalProperties"] is False
        assert tool.description
        hints = tool.annotations
        assert hints is not None
        assert hints.open_world_hint is False
        told = (hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint)
        assert told == HINTS[tool.name]
    outputs = {tool.name: tool.output_schema for tool in listed}
    tasks = outputs.pop("list_tasks")
    assert tasks is not None
    assert tasks["properties"]["result"]["type"] == "array"
    task = {
        "id": {"type": "integer"},
        "title": TEXT,
        "description": {"anyOf": [TEXT, {"type": "null"}]},
        "completed": {"type": "boolean"},
        "created_at": TEXT | {"format": "date-time"},
        "updated_at": TEXT | {"format": "date-time"},
    }
    assert tasks["$defs"]["TaskView"]["properties"] == task
    assert tasks["$defs"]["TaskView"]["required"] == list(task)
    statuses = ["created", "completed", "deleted", "updated"]
    for output in outputs.values():
        assert output == {
            "type": "object",
            "properties": {
                "task_id": {"type": "integer"},
                "status": {"type": "string", "enum": statuses},
                "title": TEXT,
            },
            "required": ["task_id", "status", "title"],
        }
    assert made.structured_content is not None
    assert made.structured_content["status"] == "created"


@pytest.mark.requirement("001/FR-040")
async def test_requests_need_neither_handshake_nor_session(
    system: System, legacy: dict[str, str]
) -> None:
    hello = await system.tools.post("/mcp", json=INITIALIZE, headers=legacy)
    listed = await system.tools.post("/mcp", json=request("tools/list"), headers=legacy)

    for answer in (hello, listed):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert "mcp-session-id" not in answer.headers
    assert hello.json()["result"]["protocolVersion"] == "2025-11-25"
    assert len(listed.json()["result"]["tools"]) == 5


@pytest.mark.requirement("001/FR-040")
@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_no_stream_is_held_open_and_no_session_can_be_ended(
    system: System, legacy: dict[str, str], method: str
) -> None:
    async with asyncio.timeout(10):
        answer = await system.tools.request(method, "/mcp", headers=legacy)

    assert answer.status_code == 405


@pytest.mark.requirement("001/FR-040")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"garbage", -32700),
        (b"\xff\xfe", -32700),
        (b"[" * 30_000, -32700),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "\\ud800"}', -32700),
        (b"null", -32602),
        (b"[]", -32602),
        (b"{}", -32602),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "tools/list"}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call"}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": 5}}', -32602),
        (json.dumps(request("tools/call", name="add_task", arguments=[1])).encode(), -32602),
        (json.dumps(request("tools/call", name="no_tool", arguments={})).encode(), -32602),
        (json.dumps(request("tasks/destroy")).encode(), -32601),
        (json.dumps([INITIALIZE]).encode(), -32602),
    ],
)
async def test_what_is_no_request_gets_a_json_rpc_error(
    system: System, legacy: dict[str, str], body: bytes, code: int
) -> None:
    answer = await system.tools.post("/mcp", content=body, headers=legacy)

    assert answer.status_code in (200, 400)
    assert answer.json()["error"]["code"] == code
    assert "Traceback" not in answer.text


@pytest.mark.requirement("001/FR-040")
async def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    system: System, legacy: dict[str, str], ada: str
) -> None:
    large = request("tools/call", name="add_task", arguments={"title": "x" * 70_000})

    answer = await system.tools.post("/mcp", json=large, headers=legacy)

    assert answer.status_code == 413


@pytest.mark.requirement("001/FR-046")
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8002", f"{TOOLS_HOST}.evil.example", "127.0.0.1", ""]
)
async def test_a_host_that_was_not_allowed_is_refused(
    system: System, legacy: dict[str, str], host: str
) -> None:
    answer = await system.tools.post("/mcp", json=INITIALIZE, headers=legacy | {"host": host})

    assert answer.status_code == 421


@pytest.mark.requirement("001/FR-046")
async def test_a_page_of_another_origin_is_refused(system: System, legacy: dict[str, str]) -> None:
    foreign = legacy | {"origin": "http://evil.example"}
    own = legacy | {"origin": f"http://{TOOLS_HOST}"}

    assert (await system.tools.post("/mcp", json=INITIALIZE, headers=foreign)).status_code == 403
    assert (await system.tools.post("/mcp", json=INITIALIZE, headers=own)).status_code == 200


def bad_credentials() -> dict[str, str | None]:
    """Return everything that is no token for the tools, by what is wrong with it."""
    good = token_for("ada", TOOLS_AUDIENCE)
    head, body, signature = good.split(".")
    claims = jwt.decode(good, options={"verify_signature": False})
    return {
        "no header": None,
        "no scheme": good,
        "another scheme": f"Basic {good}",
        "no token": "Bearer",
        "garbage": "Bearer garbage",
        "a megabyte": "Bearer " + "x" * 1_000_000,
        "a user's own token": f"Bearer {token_for('ada')}",
        "two audiences": f"Bearer {token_for('ada', aud=[TOOLS_AUDIENCE, 'other'])}",
        "no audience": f"Bearer {token_for('ada', aud=None)}",
        "another issuer": f"Bearer {token_for('ada', TOOLS_AUDIENCE, iss='evil')}",
        "no issuer": f"Bearer {token_for('ada', TOOLS_AUDIENCE, iss=None)}",
        "no subject": f"Bearer {token_for('ada', TOOLS_AUDIENCE, sub=None)}",
        "an empty subject": f"Bearer {token_for('', TOOLS_AUDIENCE)}",
        "expired": f"Bearer {token_for('ada', TOOLS_AUDIENCE, iat=1, exp=901)}",
        "no expiry": f"Bearer {token_for('ada', TOOLS_AUDIENCE, exp=None)}",
        "another key": "Bearer "
        + jwt.encode(claims, "another secret of thirty-two bytes", "HS256"),
        "another algorithm": "Bearer " + jwt.encode(claims, SECRET * 2, "HS512"),
        "no algorithm": "Bearer " + jwt.encode(claims, None, "none"),
        "no signature": f"Bearer {head}.{body}.",
        "a changed body": f"Bearer {head}.{body[:-2]}AA.{signature}",
        "e-mail verification": "Bearer "
        + jwt.encode({"email": "a@b.c", "iss": ISSUER, "exp": claims["exp"]}, SECRET, "HS256"),
    }


@pytest.mark.requirement("002/FR-103")
@pytest.mark.parametrize("what", list(bad_credentials()))
@pytest.mark.parametrize("method", ["tools/list", "tools/call"])
async def test_only_a_token_for_the_tools_opens_them(
    system: System, legacy: dict[str, str], what: str, method: str
) -> None:
    credential = bad_credentials()[what]
    headers = {name: value for name, value in legacy.items() if name != "authorization"}
    if credential is not None:
        headers["authorization"] = credential
    body = request(method, name="list_tasks", arguments={})

    answer = await system.tools.post("/mcp", json=body, headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "result" not in answer.text


@pytest.fixture
async def served(database_url: str, ada: str) -> AsyncIterator[str]:
    """The tools on a port, for clients that cannot send a header: each request gets ada's token.

    Returns the address of ``/mcp``.
    """
    settings = ToolsSettings(database_url=database_url, better_auth_secret=SECRET)
    async with serving(_as(ada, create_tools(settings))) as address:
        yield f"{address}/mcp"


def _as(user_id: str, app: ASGIApp) -> ASGIApp:
    token = f"Bearer {token_for(user_id, TOOLS_AUDIENCE)}".encode()

    async def with_token(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            given = dict(scope["headers"])
            scope["headers"] = [*({b"authorization": token} | given).items()]
        await app(scope, receive, send)

    return with_token


def checks_by_scenario(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what the conformance suite wrote down."""
    return {
        re.sub(r"^server-(.*)-\d{4}-.*$", r"\1", file.parent.name): json.loads(file.read_text())
        for file in folder.glob("*/checks.json")
    }


@pytest.mark.requirement("001/FR-047")
async def test_the_conformance_suite_fails_only_where_the_spec_says_so(
    served: str, tmp_path: Path
) -> None:
    lines = re.findall(r"^- `([\w-]+)` (.+)$", CONFORMANCE.read_text(), re.M)
    expected = {(scenario, check) for scenario, checks in lines for check in checks.split(", ")}

    ended = await nodejs.run(
        "conformance", "server", "--url", served, "--suite", "all", "-o", "out", cwd=tmp_path
    )

    found = checks_by_scenario(tmp_path / "out")
    failed = {
        (scenario, check["id"])
        for scenario, checks in found.items()
        for check in checks
        if check["status"] == "FAILURE"
    }
    passed = sum(check["status"] == "SUCCESS" for checks in found.values() for check in checks)
    assert failed == expected, ended.output[-3000:]
    assert passed > 100


@pytest.mark.requirement("001/FR-047")
async def test_the_inspector_lists_and_calls_the_tools(
    served: str, tmp_path: Path, ada: str
) -> None:
    token = f"Authorization: Bearer {token_for(ada, TOOLS_AUDIENCE)}"
    inspect = ["--cli", served, "--transport", "http", "--header", token, "--method"]

    listed = await nodejs.run("mcp-inspector", *inspect, "tools/list", cwd=tmp_path)
    call = ["tools/call", "--tool-name", "add_task", "--tool-arg", "title=From the Inspector"]
    called = await nodejs.run("mcp-inspector", *inspect, *call, cwd=tmp_path)
    bad = [argument.replace("Bearer ", "Bearer x") for argument in inspect]
    refused = await nodejs.run("mcp-inspector", *bad, "tools/list", cwd=tmp_path)

    assert [tool["name"] for tool in json.loads(listed.output)["tools"]] == list(ARGUMENTS)
    assert json.loads(called.output)["structuredContent"] == {
        "task_id": 1,
        "status": "created",
        "title": "From the Inspector",
    }
    assert refused.status != 0
