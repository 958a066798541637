"""What an operator sees: logs, metrics, and whether a process can serve."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from agents import ModelBehaviorError
from agents.testing import assistant_message, function_call
from conftest import StartSystem
from processes import Process, Stack
from servers import Messages, Wish
from support import SECRET, System, bearer, token_for
from wire import Wire

from todo_chatbot.db.migrate import upgrade

SECRETS = ("MARK-message", "MARK-title", "MARK-answer", "MARK-description")


async def speak_of_secrets(messages: Messages) -> str | list[Wish]:
    if messages[-1]["role"] == "user":
        return [
            ("add_task", {"title": "MARK-title", "description": "MARK-description"}),
            ("add_task", {"title": "MARK-title", "priority": "MARK-description"}),
            ("complete_task", {"task_id": 99}),
        ]
    return "MARK-answer"


def lines(log: Path, since: int) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text()[since:].splitlines()]


@pytest.mark.requirement("001/FR-060")
async def test_logs_are_json_lines_that_join_and_hold_nothing_of_the_talk(
    stack: Stack, ada: str
) -> None:
    api_from, tools_from = (one.log.stat().st_size for one in (stack.api, stack.tools))
    stack.model.think = speak_of_secrets
    token = token_for(ada)
    headers = {"authorization": f"Bearer {token}", "x-request-id": "joined-1"}
    async with httpx2.AsyncClient(base_url=stack.api.url, timeout=60) as http:
        answer = await http.post(
            f"/api/{ada}/chat", json={"message": "MARK-message"}, headers=headers
        )
        await http.post(f"/api/{ada}/chat", json={"message": "MARK-message"})
        await http.post(f"/api/{ada}/chat", json={"message": ["MARK-message"]}, headers=headers)
        async with httpx2.AsyncClient(base_url=stack.tools.url) as tools:
            await tools.post("/mcp", json={}, headers={"authorization": f"Bearer {token}"})

    assert answer.json()["response"] == "MARK-answer"
    assert answer.headers["x-request-id"] == "joined-1"
    api, tools_log = lines(stack.api.log, api_from), lines(stack.tools.log, tools_from)
    (turn,) = [line for line in api if line["event"] == "turn answered"]
    assert turn["request_id"] == "joined-1"
    assert turn["tools"] == ["add_task", "add_task", "complete_task"]
    calls = [line for line in tools_log if line["event"] == "tool called"]
    assert [line["request_id"] for line in calls] == ["joined-1"] * 3
    assert sorted(line["outcome"] for line in calls) == ["ok", "refused", "refused"]
    assert any(line["event"] == "sign-in refused" for line in api)
    assert any(line["event"] == "sign-in refused" for line in tools_log)
    told = stack.api.log.read_text()[api_from:] + stack.tools.log.read_text()[tools_from:]
    for secret in (*SECRETS, token, SECRET, "eyJ"):
        assert secret not in told
    for line in api + tools_log:
        assert {"ts", "level", "event"} <= set(line)


@pytest.mark.requirement("001/FR-060")
async def test_a_model_that_fails_is_logged_by_kind(
    system: System, ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    system.model.enqueue(ModelBehaviorError("MARK-answer"))

    await system.say(ada, "MARK-message")

    (failed,) = [record for record in caplog.records if record.message == "model failed"]
    assert failed.levelname == "ERROR"
    assert vars(failed)["error"].startswith("ModelBehaviorError")
    assert not any("MARK" in str(vars(record)) for record in caplog.records)


@pytest.mark.requirement("001/FR-060")
def test_a_failure_is_logged_with_its_place_and_without_its_words() -> None:
    program = """
import logging, sys
from todo_chatbot import logs
logs.configure("info")
def fail(word):
    try:
        raise ExceptionGroup(word, [KeyError(word)])
    except ExceptionGroup as error:
        raise ValueError(word) from error
try:
    fail(sys.argv[1])
except ValueError:
    logging.getLogger("test").exception("it failed")
"""
    said = subprocess.check_output([sys.executable, "-c", program, "MARK-title"], text=True)

    line = json.loads(said)
    assert "MARK" not in said
    for told in ("KeyError", "ExceptionGroup", "ValueError", "in fail"):
        assert told in line["error"]


@pytest.mark.requirement("001/FR-060")
@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\tb", "ü"])
async def test_a_request_id_that_could_spoil_a_log_is_replaced(system: System, given: str) -> None:
    answer = await system.http.get("/healthz", headers={b"x-request-id": given.encode()})

    assert len(answer.headers["x-request-id"]) == 32


@pytest.mark.requirement("001/FR-061")
async def test_metrics_tell_what_happened_and_nothing_about_whom(system: System, ada: str) -> None:
    before = await read_metrics(system.http)
    system.model.enqueue([
        function_call("add_task", {"title": "MARK-title"}, call_id="1"),
        function_call("delete_task", {"task_id": 99}, call_id="2"),
    ])  # fmt: skip
    system.model.enqueue([assistant_message("Done.")])
    await system.say(ada, "MARK-message")
    system.model.enqueue(ModelBehaviorError("nonsense"))
    await system.say(ada, "MARK-message")
    await system.http.post(f"/api/{ada}/chat", json={"message": "hi"})
    await system.http.post("/api/grace/chat", json={"message": "hi"}, headers=bearer(ada))

    after = await read_metrics(system.http)

    def more(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert more('todo_turns_total{outcome="answered"}') == 1
    assert more('todo_turns_total{outcome="model_failed"}') == 1
    assert more('todo_tool_calls_total{outcome="ok",tool="add_task"}') == 1
    assert more('todo_tool_calls_total{outcome="refused",tool="delete_task"}') == 1
    assert more('todo_refused_total{status="401"}') == 1
    assert more('todo_refused_total{status="403"}') == 1
    assert more('todo_seconds_count{where="model"}') == 2
    assert more('todo_seconds_count{where="tools"}') == 2
    assert more('todo_seconds_count{where="database"}') >= 5
    assert 'todo_tokens_total{direction="input"}' in after
    assert after["todo_database_connections_in_use"] == 0
    assert not any(ada in name or "MARK" in name for name in after)


async def read_metrics(http: httpx2.AsyncClient) -> dict[str, float]:
    text = (await http.get("/metrics")).text
    values = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in values}


@pytest.fixture
async def wire(database_url: str) -> AsyncIterator[Wire]:
    """The database behind connections that a test can cut."""
    async with Wire(database_url).running() as cuttable:
        yield cuttable


@pytest.mark.requirement("001/FR-062")
async def test_being_alive_touches_no_database(
    start_system: StartSystem, model: Any, wire: Wire
) -> None:
    async with start_system(model, url=wire.url) as system:
        for http in (system.http, system.tools):
            assert (await http.get("/healthz")).json() == {"status": "alive"}

    assert wire.statements == []


@pytest.mark.requirement("001/FR-062")
async def test_being_ready_takes_the_schema_of_this_code(
    start_system: StartSystem, model: Any, new_database: Callable[[], str]
) -> None:
    async with start_system(model, url=new_database()) as system:
        answer = await system.tools.get("/readyz")

    assert answer.status_code == 503
    assert "todo-chatbot migrate" in answer.json()["missing"][0]


@pytest.mark.requirement("001/FR-062")
def test_being_ready_bears_a_newer_schema(
    start_system: StartSystem, model: Any, new_database: Callable[[], str]
) -> None:
    url = new_database()
    upgrade(url, None)
    with psycopg.connect(url) as owner:
        owner.execute("update alembic_version set version_num = '9999'")

    async def ask() -> int:
        async with start_system(model, url=url) as system:
            return (await system.tools.get("/readyz")).status_code

    assert asyncio.run(ask()) == 200


@pytest.mark.requirement("001/FR-062")
async def test_being_ready_takes_a_database(
    start_system: StartSystem, model: Any, wire: Wire
) -> None:
    async with start_system(model, url=wire.url) as system:
        wire.cut()
        away = await system.tools.get("/readyz")
        wire.mend()
        back = await system.tools.get("/readyz")

    assert away.status_code == 503
    assert back.json() == {"status": "ready"}


@pytest.mark.requirement("001/FR-062")
async def test_being_ready_does_not_keep_a_database_awake(
    start_system: StartSystem, model: Any, wire: Wire
) -> None:
    async with start_system(model, url=wire.url) as system:
        for _ in range(5):
            await system.tools.get("/readyz")

    assert len([one for one in wire.statements if "alembic_version" in one]) == 1


@pytest.mark.requirement("001/FR-062")
async def test_api_is_ready_when_the_tools_are(stack: Stack, tmp_path: Path) -> None:
    lonely = Process(
        "api",
        tmp_path / "lonely.log",
        DATABASE_URL=stack.database_url,
        TOOLS_URL="http://127.0.0.1:9/mcp",
        MODEL_PROVIDER="compatible",
        OPENAI_BASE_URL=stack.model.url,
    )
    try:
        await lonely.revive()
        async with httpx2.AsyncClient() as http:
            together = await http.get(f"{stack.api.url}/readyz")
            alone = await http.get(f"{lonely.url}/readyz")
    finally:
        lonely.stop()

    assert together.json() == {"status": "ready"}
    assert alone.status_code == 503
    assert alone.json()["missing"] == ["The tools do not answer."]
