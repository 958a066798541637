"""ChatKit's requests: which are served, to whom, and what is refused."""

import json
import uuid
import warnings
from typing import Any

import pytest
from agents.testing import assistant_message, function_call
from chatkit_page import Page, events_in, last_input, message, thread_of
from support import SECRET, System, bearer, token_for

from todo_chatbot.app.api import create_api
from todo_chatbot.settings import ApiSettings

STREAMED: dict[str, dict[str, Any]] = {
    "threads.create": {"input": message("hello")},
    "threads.add_user_message": {"thread_id": "thr_1", "input": message("hello")},
    "threads.retry_after_item": {"thread_id": "thr_1", "item_id": "msg_1"},
    "threads.custom_action": {
        "thread_id": "thr_1",
        "item_id": "list_1",
        "action": {"type": "task.delete", "payload": {"task_id": 1}},
    },
}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "threads.sync_custom_action": STREAMED["threads.custom_action"],
    "threads.get_by_id": {"thread_id": "thr_1"},
    "threads.list": {},
    "threads.update": {"thread_id": "thr_1", "title": "Shopping"},
    "threads.delete": {"thread_id": "thr_1"},
    "items.list": {"thread_id": "thr_1"},
}
SERVED = STREAMED | DOCUMENTS

NOT_SERVED: dict[str, dict[str, Any]] = {
    "threads.add_client_tool_output": {"thread_id": "thr_1", "result": 1},
    "threads.add_structured_input": {"thread_id": "thr_1", "item_id": "msg_1", "input": {}},
    "items.feedback": {"thread_id": "thr_1", "item_ids": ["msg_1"], "kind": "positive"},
    "attachments.create": {"name": "a.txt", "size": 1, "mime_type": "text/plain"},
    "attachments.delete": {"attachment_id": "atc_1"},
    "input.transcribe": {"audio_base64": "AAAA", "mime_type": "audio/webm"},
}


async def conversation_with_a_list(system: System, user: str) -> Page:
    """Let a user have thread thr_1, whose only turn shows the list of one task."""
    page = Page(system.http, user)
    await system.call(user, "add_task", title="Buy milk")
    system.model.enqueue([function_call("list_tasks", {}, call_id="1")])
    system.model.enqueue([assistant_message("Here.")])
    assert thread_of(await page.create("show my tasks")) == "thr_1"
    return page


@pytest.mark.requirement("003/FR-105", "003/FR-119")
@pytest.mark.parametrize("kind", SERVED)
async def test_a_kind_is_served_whatever_else_its_body_says(
    system: System, ada: str, kind: str
) -> None:
    page = await conversation_with_a_list(system, ada)
    if kind in STREAMED and kind != "threads.custom_action":
        system.model.enqueue([assistant_message("Hello.")])
    body = {"type": kind, "params": SERVED[kind] | {"user_id": "x"}, "metadata": {"a": [1]}}

    answer = await page.post(body | {"user_id": "x", "message": "x"})

    assert answer.status_code == 200
    if kind in STREAMED:
        events = events_in(answer)
        assert not [event for event in events if event["type"] == "error"]
        assert {"type": "stream_options", "stream_options": {"allow_cancel": True}} in events
    else:
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.requirement("003/FR-105")
async def test_any_other_kind_is_refused_by_name(system: System, ada: str) -> None:
    for kind, params in NOT_SERVED.items():
        answer = await Page(system.http, ada).ask(kind, **params)

        assert answer.status_code == 422
        assert answer.json()["detail"] == f"{kind} is not served here."


NO_MESSAGES = [
    (message("hi", attachments=["atc_1"]), "Attachments are not supported"),
    (message("hi", inference_options={"model": "gpt-9"}), "The model and its tools"),
    (message("hi", inference_options={"tool_choice": {"id": "x"}}), "The model and its tools"),
    (message(" \n\t "), "1 to 8000 characters"),
    (message("x" * 8001), "1 to 8000 characters"),
    (message("hi", content=[]), "1 to 8000 characters"),
    (message(" ", quoted_text="Milk"), "1 to 8000 characters"),
    (message("x" * 8000, quoted_text="Milk"), "its quote included"),
    (
        message("hi", content=[{"type": "input_tag", "id": "1", "text": "@a", "data": {}}]),
        "Tags are not supported",
    ),
    (message("nul \x00 inside"), "NUL"),
    (message("half a pair \ud83d"), "unpaired surrogates"),
]


@pytest.mark.requirement("003/FR-106")
@pytest.mark.parametrize("kind", ["threads.create", "threads.add_user_message"])
async def test_what_a_message_may_not_be_is_refused_with_the_reason(
    system: System, ada: str, kind: str
) -> None:
    page = await conversation_with_a_list(system, ada)

    for said, why in NO_MESSAGES:
        answer = await page.ask(kind, **SERVED[kind] | {"input": said})

        assert answer.status_code == 422
        assert why in answer.json()["detail"]

    assert len((await page.get("threads.list"))["data"]) == 1
    assert len(await page.items("thr_1")) == 4


@pytest.mark.requirement("003/FR-106")
async def test_the_longest_message_is_kept_whole(system: System, ada: str) -> None:
    system.model.enqueue([assistant_message("Long.")])
    page = Page(system.http, ada)
    text = "ز" * 8000

    thread = thread_of(await page.create(f"  {text}\n"))

    assert (await page.items(thread))[0]["content"] == [{"type": "input_text", "text": text}]


@pytest.mark.requirement("003/FR-120")
async def test_what_a_message_quotes_is_kept_as_lines_before_it(system: System, ada: str) -> None:
    system.model.enqueue([assistant_message("Gladly.")])
    page = Page(system.http, ada)

    said = message(" Do it.", quoted_text=" Shall I add milk?\nOr bread? \n")
    thread = thread_of(await page.stream("threads.create", input=said))

    kept = "> Shall I add milk?\n> Or bread?\n\nDo it."
    assert (await page.items(thread))[0]["content"] == [{"type": "input_text", "text": kept}]
    assert last_input(system)[-1] == {"role": "user", "content": kept}


MALFORMED: list[tuple[Any, str]] = [
    ({"type": "nope", "params": {}}, "nope"),
    ({"type": None, "params": {}}, "type"),
    ({"type": 5, "params": {}}, "type"),
    ({"type": {"a": 1}}, "type"),
    ({"type": []}, "type"),
    ({"type": "", "message": "hello"}, "type"),
    ({"type": "threads.create"}, "params"),
    ({"type": "threads.create", "params": None}, "params"),
    ({"type": "threads.create", "params": []}, "params"),
    ({"type": "threads.create", "params": {}}, "params.input"),
    ({"type": "threads.create", "params": {"input": "hello"}}, "params.input"),
    ({"type": "threads.create", "params": {"input": message("x", content="x")}}, "content"),
    (
        {"type": "threads.create", "params": {"input": message("x", content=[{"type": "y"}])}},
        "content.0",
    ),
    ({"type": "threads.create", "params": {"input": {"content": []}}}, "inference_options"),
    ({"type": "threads.add_user_message", "params": {"input": message("x")}}, "thread_id"),
    ({"type": "threads.get_by_id", "params": {"thread_id": 1}}, "params.thread_id"),
    ({"type": "threads.list", "params": {"limit": "many"}}, "params.limit"),
    ({"type": "threads.list", "params": {"limit": 1.5}}, "params.limit"),
    ({"type": "threads.list", "params": {"order": "sideways"}}, "params.order"),
    ({"type": "items.list", "params": {"thread_id": "thr_1", "after": 7}}, "params.after"),
    ({"type": "threads.update", "params": {"thread_id": "thr_1"}}, "params.title"),
    ({"type": "threads.retry_after_item", "params": {"thread_id": "thr_1"}}, "params.item_id"),
    ({"type": "threads.custom_action", "params": {"thread_id": "thr_1"}}, "params.action"),
    (
        {"type": "threads.sync_custom_action", "params": {"thread_id": "thr_1", "action": 1}},
        "action",
    ),
    ({"type": "threads.list", "params": {}, "metadata": "x"}, "metadata"),
]


@pytest.mark.requirement("003/FR-119")
async def test_a_malformed_body_is_refused_with_the_place_of_the_fault(
    system: System, ada: str
) -> None:
    for body, place in MALFORMED:
        answer = await Page(system.http, ada).post(body)

        assert answer.status_code == 422, body
        assert answer.headers["content-type"] == "application/problem+json"
        assert place in answer.json()["detail"]


LISTING = b'{"type": "threads.list", "params": {"limit": %s}}'

BAD_BYTES = [
    b"",
    b"{",
    b"\xff\xfe",
    LISTING % b"NaN",
    LISTING % b"1e999",
    LISTING % (b"[" * 5000 + b"]" * 5000),
    LISTING[:-1] % b"1" + b', "type": "x"}',
    b'{"type": "\\ud800", "params": {}}',
    b'{"type": "threads.get_by_id", "params": {"thread_id": "\\ud800"}}',
    b'{"type": "threads.list", "params": {"after": "thr_1\\u0000"}}',
]


@pytest.mark.requirement("003/FR-119")
async def test_bytes_that_are_no_request_are_refused(system: System, ada: str) -> None:
    headers = bearer(ada) | {"content-type": "application/json"}
    for body in BAD_BYTES:
        answer = await system.http.post(f"/api/{ada}/chat", content=body, headers=headers)

        assert answer.status_code in {400, 404, 422}, body
        assert answer.json()["detail"]


@pytest.mark.requirement("003/FR-119")
async def test_what_the_endpoint_could_read_is_not_read_a_second_time(
    system: System, ada: str
) -> None:
    headers = bearer(ada) | {"content-type": "application/json"}
    text = '{"type": "threads.list", "params": {}, "metadata": {"half": "\\ud83d"}}'
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        answer = await system.http.post(
            f"/api/{ada}/chat", content=text.encode(encoding), headers=headers
        )

        assert answer.status_code == 200


@pytest.mark.requirement("003/FR-103")
async def test_nobody_comes_in_without_a_token_of_their_own(
    system: System, ada: str, grace: str
) -> None:
    url = f"/api/{ada}/chat"
    expired = {"authorization": f"Bearer {token_for(ada, exp=1)}"}
    for headers, status in (({}, 401), (expired, 401), (bearer(grace), 403)):
        same = await system.http.post(url, json={"message": "hello"}, headers=headers)
        for kind, params in SERVED.items():
            body = {"type": kind, "params": params}
            answer = await system.http.post(url, json=body, headers=headers)

            assert answer.status_code == same.status_code == status
            assert answer.json() == same.json()
            assert answer.headers.get("www-authenticate") == same.headers.get("www-authenticate")


NAMES_SOMETHING = {kind: params for kind, params in SERVED.items() if "thread_id" in params}


NO_THREADS = ["thr_1", "thr_999", "thr_0", "thr_-1", "thr_1 ", "thr_\u0661", "1", "", "x" * 5000]


@pytest.mark.requirement("003/FR-104")
async def test_a_thread_of_somebody_else_is_one_that_does_not_exist(
    system: System, ada: str, grace: str
) -> None:
    page = await conversation_with_a_list(system, ada)
    other = Page(system.http, grace)

    for kind, params in NAMES_SOMETHING.items():
        for thread in NO_THREADS:
            answer = await other.ask(kind, **params | {"thread_id": thread})

            assert answer.status_code == 404, (kind, thread)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["title"] == "Conversation not found"

    assert len(await page.items("thr_1")) == 4
    assert (await page.get("threads.get_by_id", thread_id="thr_1"))["title"] == "show my tasks"


NAMES_AN_ITEM = {kind: params for kind, params in SERVED.items() if "item_id" in params} | {
    "items.list": SERVED["items.list"]
}


@pytest.mark.requirement("003/FR-104")
async def test_an_item_of_another_thread_is_one_that_does_not_exist(
    system: System, ada: str
) -> None:
    page = await conversation_with_a_list(system, ada)
    system.model.enqueue([assistant_message("Hello.")])
    elsewhere = (await page.items(thread_of(await page.create("hello"))))[0]["id"]

    for kind, params in NAMES_AN_ITEM.items():
        name = "after" if kind == "items.list" else "item_id"
        for item in (elsewhere, "msg_999", "list_999", "nope_1", "", "list_0", "list_x"):
            answer = await page.ask(kind, **params | {name: item})

            assert answer.status_code == 404, (kind, item)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["title"] == "Item not found"

    assert [task["title"] for task in await system.tasks(ada)] == ["Buy milk"]


@pytest.mark.requirement("003/FR-104")
async def test_threads_cannot_be_listed_after_one_that_is_not_ours(
    system: System, ada: str, grace: str
) -> None:
    await conversation_with_a_list(system, ada)

    for after in ("thr_999", "thr_1", "nope"):
        answer = await Page(system.http, grace).ask("threads.list", after=after)

        assert answer.status_code == 404


@pytest.mark.requirement("003/FR-101")
async def test_the_body_decides_which_door_answers(system: System, ada: str) -> None:
    system.model.enqueue([assistant_message("Hello.")])
    page = Page(system.http, ada)

    plain = await page.post({"message": "hello"})
    listed = await page.post({"type": "threads.list", "params": {}, "message": "hello"})

    assert plain.json() == {"conversation_id": 1, "response": "Hello.", "tool_calls": []}
    assert [thread["id"] for thread in listed.json()["data"]] == ["thr_1"]


@pytest.mark.requirement("003/FR-101")
def test_both_bodies_are_documented() -> None:
    settings = ApiSettings(database_url="postgresql://nowhere", better_auth_secret=SECRET)
    with warnings.catch_warnings():
        # ChatKit's own ``Action`` has a default that JSON cannot hold.
        warnings.simplefilter("ignore")
        document = create_api(settings).openapi()

    body = document["paths"]["/api/{user_id}/chat"]["post"]["requestBody"]
    named = json.dumps(body["content"]["application/json"]["schema"])
    assert "ChatRequest" in named
    assert '"title": "ChatKit"' in named


@pytest.mark.requirement("003/FR-119")
async def test_a_key_that_is_no_key_is_refused(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    body = {"type": "threads.create", "params": {"input": message("hello")}}

    for key in ("", "a b", "k" * 201):
        answer = await page.post(body, **{"idempotency-key": key})

        assert answer.status_code == 422
    assert (await page.get("threads.list"))["data"] == []


@pytest.mark.requirement("003/FR-104")
async def test_a_key_names_nothing_of_anybody_else(system: System, ada: str, grace: str) -> None:
    key = uuid.uuid4().hex
    for user, greeting in ((ada, "Hello Ada."), (grace, "Hello Grace.")):
        system.model.enqueue([assistant_message(greeting)])
        page = Page(system.http, user)
        thread = thread_of(await page.create("hello", key))

        assert (await page.items(thread))[1]["content"][0]["text"] == greeting
