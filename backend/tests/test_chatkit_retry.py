"""Answering anew: what is written is kept, what was done is not done twice."""

import asyncio
from typing import Any

import pytest
from agents import ModelBehaviorError
from agents.testing import ModelCall, ModelStep, ScriptedModel, assistant_message, function_call
from chatkit_page import (
    Event,
    Page,
    after_events,
    done,
    last_input,
    message,
    rows_of,
    text_of,
    thread_of,
)
from conftest import StartSystem
from support import System, rows


async def retry(page: Page, thread: str, item: str) -> list[Event]:
    return await page.stream("threads.retry_after_item", thread_id=thread, item_id=item)


async def failed_after_adding(system: System, page: Page) -> str:
    """Let a turn add a task and then fail; return the item of its message."""
    system.model.enqueue([function_call("add_task", {"title": "Buy milk"}, call_id="1")])
    system.model.enqueue([function_call("list_tasks", {}, call_id="2")])
    system.model.enqueue(ModelBehaviorError("nonsense"))
    events = await page.create("add milk and show")
    assert events[-1]["allow_retry"] is True
    item: str = done(events, "user_message")[0]["id"]
    return item


@pytest.mark.requirement("003/FR-114", "003/FR-111")
async def test_a_retry_goes_on_from_what_is_written(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    item = await failed_after_adding(system, page)
    system.model.enqueue([assistant_message("Added, and this is your list.")])

    events = await retry(page, "thr_1", item)

    assert [task["title"] for task in await system.tasks(ada)] == ["Buy milk"]
    seen = [one.get("content") or one["type"] for one in last_input(system)]
    assert seen == ["add milk and show"] + ["function_call"] * 2 + ["function_call_output"] * 2
    shown = after_events([], events)
    assert [one["type"] for one in shown] == ["workflow", "widget", "assistant_message"]
    assert [task["title"] for task in shown[0]["workflow"]["tasks"]] == [
        "Added a task",
        "Looked at your tasks",
    ]
    assert rows_of(shown[1]) == [("Buy milk", False)]
    stored = await page.items("thr_1")
    assert [one["id"] for one in stored[1:]] == [one["id"] for one in shown]
    assert text_of(stored[-1]) == "Added, and this is your list."


@pytest.mark.requirement("003/FR-114")
async def test_a_retry_can_go_on_calling_tools(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    item = await failed_after_adding(system, page)
    system.model.enqueue([function_call("complete_task", {"task_id": 1}, call_id="1")])
    system.model.enqueue([assistant_message("Done.")])

    shown = after_events([], await retry(page, "thr_1", item))

    assert [(task["title"], task["completed"]) for task in await system.tasks(ada)] == [
        ("Buy milk", True)
    ]
    stored = await page.items("thr_1")
    assert [one["id"] for one in shown] == [one["id"] for one in stored[1:]]
    assert shown[0]["workflow"]["tasks"] == stored[1]["workflow"]["tasks"]


@pytest.mark.requirement("003/FR-114")
async def test_a_retry_of_an_answered_turn_gives_it_one_new_answer(
    system: System, ada: str, database_url: str
) -> None:
    page = Page(system.http, ada)
    system.model.enqueue([assistant_message("Hello.")])
    thread = thread_of(await page.create("hello"))
    first = (await page.items(thread))[0]["id"]

    for text in ("Hi.", "Good day."):
        system.model.enqueue([assistant_message(text)])
        await retry(page, thread, first)

    assert [text_of(item) for item in await page.items(thread)] == ["hello", "Good day."]
    query = "select content from message where user_id = %s order by id"
    assert rows(database_url, query, ada) == [("hello",), ("Good day.",)]


@pytest.mark.requirement("003/FR-114")
async def test_only_the_newest_turn_is_answered_anew(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    for text in ("one", "two"):
        system.model.enqueue([assistant_message(f"re {text}")])
        await (page.create(text) if text == "one" else page.add("thr_1", text))
    before = await page.items("thr_1")

    answer = await page.ask("threads.retry_after_item", thread_id="thr_1", item_id=before[0]["id"])

    assert answer.status_code == 409
    assert answer.json()["title"] == "Not the last message"
    assert await page.items("thr_1") == before


@pytest.mark.requirement("003/FR-114", "003/FR-119")
async def test_only_a_message_is_answered_anew(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    system.model.enqueue([function_call("list_tasks", {}, call_id="1")])
    system.model.enqueue([assistant_message("Here.")])
    await page.create("show")
    before = await page.items("thr_1")

    for item in before[1:]:
        answer = await page.ask("threads.retry_after_item", thread_id="thr_1", item_id=item["id"])

        assert answer.status_code == 422
    assert await page.items("thr_1") == before
    system.model.enqueue([assistant_message("Still here.")])
    await page.add("thr_1", "are you there?")


@pytest.mark.requirement("003/FR-114", "003/FR-118")
async def test_a_turn_that_is_being_answered_is_not_answered_anew(system: System, ada: str) -> None:
    reached, opened = asyncio.Event(), asyncio.Event()

    async def think(_: ModelCall) -> list[Any]:
        reached.set()
        await opened.wait()
        return [assistant_message("At last.")]

    page = Page(system.http, ada)
    system.model.enqueue(ModelStep.respond(think))
    first = asyncio.create_task(page.create("think"))
    await reached.wait()
    running = await page.items("thr_1")

    answer = await page.ask("threads.retry_after_item", thread_id="thr_1", item_id=running[0]["id"])

    opened.set()
    await first
    assert answer.status_code == 409
    assert answer.json()["title"] == "Conversation busy"
    assert [text_of(item) for item in await page.items("thr_1")] == ["think", "At last."]


@pytest.mark.requirement("003/FR-114", "003/FR-118")
async def test_of_many_retries_and_messages_at_once_each_is_answered_or_told_why_not(
    start_system: StartSystem, ada: str
) -> None:
    async def echo(call: ModelCall) -> list[Any]:
        await asyncio.sleep(0)
        return [assistant_message(f"re {call.input[-1]['content']}")]

    model = ScriptedModel([ModelStep.respond(echo) for _ in range(40)])
    async with start_system(model) as system:
        page = Page(system.http, ada)
        thread = thread_of(await page.create("first"))
        item = (await page.items(thread))[0]["id"]
        retries = [
            page.ask("threads.retry_after_item", thread_id=thread, item_id=item) for _ in range(6)
        ]
        messages = [
            page.ask("threads.add_user_message", thread_id=thread, input=message(f"m{number}"))
            for number in range(6)
        ]

        answers = await asyncio.gather(*retries, *messages)

        assert {answer.status_code for answer in answers[:6]} <= {200, 409}
        assert {answer.status_code for answer in answers[6:]} == {200}
        said = [text_of(item) for item in await page.items(thread)]
    assert len(said) == 14
    assert said[1::2] == [f"re {text}" for text in said[::2]]


@pytest.mark.requirement("003/FR-114")
async def test_a_repeated_message_streams_the_turn_as_it_is_stored(
    system: System, ada: str
) -> None:
    page = Page(system.http, ada)
    system.model.enqueue([function_call("add_task", {"title": "Buy milk"}, call_id="1")])
    system.model.enqueue([function_call("list_tasks", {}, call_id="2")])
    system.model.enqueue([assistant_message("Here.")])
    first = await page.create("add and show", "key-1")

    again = await page.create("add and show", "key-1")

    assert thread_of(again) == thread_of(first)
    assert again[2]["type"] == "stream_options"
    kept = [item | {"created_at": 0} for item in after_events([], again)]
    assert kept == [item | {"created_at": 0} for item in await page.items("thr_1")]
    assert [event["thread"]["title"] for event in again if event["type"] == "thread.updated"] == [
        "add and show"
    ]
    assert len(await system.tasks(ada)) == 1
    plain = await system.say(ada, "add and show", key="key-1")
    assert plain.json()["response"] == "Here."
    system.model.enqueue([assistant_message("Hm.")])
    await page.add("thr_1", "hm", "key-2")
    assert (
        done(await page.add("thr_1", "hm", "key-2"), "assistant_message")[0]
        == (await page.items("thr_1"))[-1]
    )


@pytest.mark.requirement("003/FR-114", "003/FR-118")
async def test_a_message_repeated_while_it_is_answered_gets_that_answer(
    system: System, ada: str
) -> None:
    reached, opened = asyncio.Event(), asyncio.Event()

    async def think(_: ModelCall) -> list[Any]:
        reached.set()
        await opened.wait()
        return [assistant_message("At last.")]

    page = Page(system.http, ada)
    system.model.enqueue(ModelStep.respond(think))
    first = asyncio.create_task(page.create("think", "key-1"))
    await reached.wait()
    second = asyncio.create_task(page.create("think", "key-1"))
    opened.set()

    answers = [done(await one, "assistant_message")[0] for one in (first, second)]

    assert answers[0]["id"] == answers[1]["id"]
    assert text_of(answers[1]) == "At last."
    assert len(system.model.calls) == 1


@pytest.mark.requirement("003/FR-114")
async def test_a_key_belongs_to_one_message(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    system.model.enqueue([assistant_message("Hello.")])
    await page.create("hello", "key-1")

    body = {"type": "threads.create", "params": {"input": message("something else")}}
    answer = await page.post(body, **{"idempotency-key": "key-1"})

    assert answer.status_code == 422
    assert answer.json()["title"] == "Idempotency-Key used before"


@pytest.mark.requirement("003/FR-114")
async def test_a_failed_turn_that_is_not_the_newest_is_told_as_it_is(
    system: System, ada: str
) -> None:
    page = Page(system.http, ada)
    system.model.enqueue(ModelBehaviorError("nonsense"))
    await page.create("hello", "key-1")
    system.model.enqueue([assistant_message("Hm.")])
    await page.add("thr_1", "hm")
    before = await page.items("thr_1")

    again = await page.create("hello", "key-1")

    assert done(again, "assistant_message")[0] == before[1]
    assert await page.items("thr_1") == before
