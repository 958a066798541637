"""The endpoint as its callers see it."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from agents import ModelSettings
from agents.testing import assistant_message, function_call
from support import SECRET, System, bearer, rows, say

from todo_chatbot.agent.models import Brain
from todo_chatbot.app.api import create_api
from todo_chatbot.settings import ApiSettings


async def post(system: System, user: str, content: bytes, **headers: str) -> httpx2.Response:
    """Send bytes that no well-meaning client would send."""
    return await system.http.post(
        f"/api/{user}/chat",
        content=content,
        headers=bearer(user) | {"content-type": "application/json"} | headers,
    )


@pytest.mark.requirement("001/FR-001", "001/FR-002")
async def test_asking_for_a_task_creates_it_and_tells_which_tool_was_called(
    system: System, ada: str
) -> None:
    system.model.enqueue([function_call("add_task", {"title": "Buy milk"}, call_id="1")])
    system.model.enqueue([assistant_message("Added Buy milk.")])

    answer = await system.say(ada, "I need milk")

    assert answer.status_code == 200
    assert answer.json() == {
        "conversation_id": 1,
        "response": "Added Buy milk.",
        "tool_calls": [
            {
                "name": "add_task",
                "arguments": {"title": "Buy milk"},
                "result": {"task_id": 1, "status": "created", "title": "Buy milk"},
            }
        ],
    }
    assert [task["title"] for task in await system.tasks(ada)] == ["Buy milk"]


@pytest.mark.requirement("001/FR-001")
async def test_a_conversation_is_continued_by_its_number(system: System, ada: str) -> None:
    for text in ("one", "two", "three"):
        system.model.enqueue([assistant_message(text)])

    first = await system.say(ada, "hi")
    second = await system.say(ada, "hi")
    third = await system.say(ada, "hi", 1)

    numbers = [answer.json()["conversation_id"] for answer in (first, second, third)]
    assert numbers == [1, 2, 1]


@pytest.mark.requirement("001/FR-002")
async def test_tool_calls_are_told_in_order_with_what_they_gave(system: System, ada: str) -> None:
    system.model.enqueue([
        function_call("add_task", {"title": "Milk"}, call_id="1"),
        function_call("complete_task", {"task_id": 99}, call_id="2"),
    ])  # fmt: skip
    system.model.enqueue([function_call("list_tasks", {}, call_id="1")])
    system.model.enqueue([assistant_message("Done.")])

    added, completed, listed = (await system.say(ada, "a lot")).json()["tool_calls"]

    assert added["result"] == {"task_id": 1, "status": "created", "title": "Milk"}
    assert set(completed) == {"name", "arguments", "error"}
    assert completed["arguments"] == {"task_id": 99}
    assert "99" in completed["error"]
    assert isinstance(listed["result"], list)
    (task,) = listed["result"]
    assert set(task) == {"id", "title", "description", "completed", "created_at", "updated_at"}
    assert (task["id"], task["title"], task["completed"]) == (1, "Milk", False)


@pytest.mark.requirement("001/FR-003")
async def test_a_conversation_of_somebody_else_is_one_that_does_not_exist(
    system: System, ada: str, grace: str
) -> None:
    system.model.enqueue([assistant_message("Hello.")])
    system.model.enqueue([assistant_message("Hello.")])
    await system.say(ada, "hi")
    await system.say(ada, "hi")

    foreign = await system.say(grace, "hi", 2)
    absent = await system.say(grace, "hi", 2)

    assert foreign.status_code == 404
    assert foreign.headers["content-type"] == "application/problem+json"
    assert foreign.json() == absent.json()
    assert (await system.say(grace, "hi", 2**63 - 1)).status_code == 404


MALFORMED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "body"),
    "not JSON": (b"{", "JSON"),
    "not UTF-8": (b'{"message": "\xff"}', ""),
    "not an object": (b'["message"]', "body"),
    "null": (b"null", "body"),
    "a number": (b"1", "body"),
    "nested deeply": (b"[" * 20_000 + b"]" * 20_000, ""),
    "nested deeply in a field": (b'{"message": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", ""),
    "no message": (b"{}", "message"),
    "message null": (b'{"message": null}', "message"),
    "message a number": (b'{"message": 1}', "message"),
    "message a list": (b'{"message": ["hi"]}', "message"),
    "message empty": (b'{"message": ""}', "message"),
    "message blank": (json.dumps({"message": " \t\u2003\u00a0 "}).encode(), "message"),
    "message too long": (json.dumps({"message": "x" * 8001}).encode(), "message"),
    "message with NUL": (b'{"message": "a\\u0000b"}', "message"),
    "message with half a pair": (b'{"message": "\\ud800"}', "message"),
    "unknown field": (b'{"message": "hi", "user_id": "grace"}', "user_id"),
    "unknown field, half a pair": (b'{"message": "hi", "\\ud800": 1}', ""),
    "unknown field with NUL": (b'{"message": "hi", "\\u0000": 1}', ""),
    "conversation a string": (b'{"message": "hi", "conversation_id": "1"}', "conversation_id"),
    "conversation true": (b'{"message": "hi", "conversation_id": true}', "conversation_id"),
    "conversation a fraction": (b'{"message": "hi", "conversation_id": 1.5}', "conversation_id"),
    "conversation zero": (b'{"message": "hi", "conversation_id": 0}', "conversation_id"),
    "conversation negative": (b'{"message": "hi", "conversation_id": -1}', "conversation_id"),
    "conversation too large": (
        b'{"message": "hi", "conversation_id": 9223372036854775808}',
        "conversation_id",
    ),
    "conversation of 5000 digits": (
        b'{"message": "hi", "conversation_id": ' + b"9" * 5000 + b"}",
        "",
    ),
    "conversation not a number": (b'{"message": "hi", "conversation_id": NaN}', "conversation_id"),
}


@pytest.mark.requirement("001/FR-004", "001/FR-005")
@pytest.mark.parametrize(("content", "field"), MALFORMED.values(), ids=MALFORMED)
async def test_what_is_malformed_is_refused_and_the_field_named(
    system: System, database_url: str, ada: str, content: bytes, field: str
) -> None:
    answer = await post(system, ada, content)

    assert answer.status_code == 422, answer.text
    assert_problem(answer)
    assert field in answer.json()["detail"]
    assert rows(database_url, "select 1 from conversation where user_id = %s", ada) == []


@pytest.mark.requirement("001/FR-004")
@pytest.mark.parametrize("message", ["x", "x" * 8000, f"  {'x' * 8000}\n", "😀" * 8000, "ا"])
async def test_a_message_has_up_to_8000_characters_after_trimming(
    system: System, database_url: str, ada: str, message: str
) -> None:
    system.model.enqueue([assistant_message("Hello.")])

    answer = await system.say(ada, message)

    assert answer.status_code == 200
    query = "select content from message where user_id = %s and role = 'user'"
    assert rows(database_url, query, ada) == [(message.strip(),)]


@pytest.mark.requirement("001/FR-004")
@pytest.mark.parametrize("declared", [True, False], ids=["declared", "in chunks"])
async def test_a_body_over_64_kib_is_refused(
    system: System, database_url: str, ada: str, declared: bool
) -> None:
    body = json.dumps({"message": "hi", "padding": "x" * 64 * 1024}).encode()

    async def chunks() -> Any:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    answer = await system.http.post(
        f"/api/{ada}/chat",
        content=body if declared else chunks(),
        headers=bearer(ada) | {"content-type": "application/json"},
    )

    assert answer.status_code == 413
    assert_problem(answer)
    assert rows(database_url, "select 1 from conversation where user_id = %s", ada) == []


@pytest.mark.requirement("001/FR-004")
@pytest.mark.parametrize("key", ["", "x" * 201, "with blank", "ümlaut", "tab\t"])
async def test_a_malformed_key_is_refused(system: System, ada: str, key: str) -> None:
    answer = await system.http.post(
        f"/api/{ada}/chat",
        json={"message": "hi"},
        headers=[*bearer(ada).items(), ("idempotency-key", key.encode())],
    )

    assert answer.status_code == 422
    assert "idempotency-key" in answer.json()["detail"].lower()


@pytest.mark.requirement("001/FR-005")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/ada/chat", 405),
        ("DELETE", "/api/ada/chat", 405),
        ("GET", "/", 404),
        ("GET", "/openapi.json", 404),
        ("GET", "/docs", 404),
        ("POST", "/api/chat", 404),
    ],
)
async def test_what_is_not_there_is_a_problem_too(
    system: System, method: str, path: str, status: int
) -> None:
    answer = await system.http.request(method, path)

    assert answer.status_code == status
    assert_problem(answer)


@pytest.mark.requirement("001/FR-005")
async def test_a_bug_is_a_logged_500_that_tells_nothing(
    new_database: Callable[[], str], model: Any, ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    # A database without tables: no code expects that, as with any bug.
    settings = ApiSettings(database_url=new_database(), better_auth_secret=SECRET)
    api = create_api(settings, brain=Brain(model, ModelSettings(), "offline", "scripted"))
    transport = httpx2.ASGITransport(api, raise_app_exceptions=False)
    async with (
        api.router.lifespan_context(api),
        httpx2.AsyncClient(transport=transport, base_url="http://api.test") as http,
    ):
        answer = await say(http, ada, "hi")

    assert answer.status_code == 500
    assert_problem(answer)
    (logged,) = [one for one in caplog.records if one.message == "unexpected failure"]
    assert logged.exc_info is not None


@pytest.mark.requirement("001/FR-053")
async def test_a_model_with_a_bug_does_not_block_its_conversation(system: System, ada: str) -> None:
    system.model.enqueue([assistant_message("Hello.")])
    await system.say(ada, "hi")
    system.model.enqueue(ZeroDivisionError("the secret of the bug"))
    apology = await system.say(ada, "fail", 1)
    system.model.enqueue([assistant_message("Good.")])

    answer = await system.say(ada, "and now?", 1)

    assert apology.status_code == 200
    assert "secret" not in apology.text
    assert answer.json()["response"] == "Good."


def assert_problem(answer: httpx2.Response) -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    for internal in ("Traceback", "sqlalchemy", "psycopg", "todo_chatbot", "errors.pydantic"):
        assert internal not in answer.text
