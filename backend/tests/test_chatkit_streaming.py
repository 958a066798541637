"""A turn as it streams: what is sent, in which order, and how it fails."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from agents import ModelBehaviorError
from agents.testing import ModelCall, ModelStep, assistant_message, function_call
from chatkit_page import (
    Event,
    Page,
    after_events,
    done,
    events_in,
    message,
    rows_of,
    text_of,
    thread_of,
    written,
)
from conftest import StartSystem
from openai import APITimeoutError
from support import System, bearer

from todo_chatbot.agent.assistant import MODEL_FAILED, TOOLS_AWAY


def add(title: str, call_id: str = "1") -> Any:
    return function_call("add_task", {"title": title}, call_id=call_id)


def short(events: list[Event]) -> list[str]:
    """Return what happens in a stream, one word per event and kind."""
    return [
        " ".join(
            part
            for part in (
                event["type"].removeprefix("thread."),
                event.get("item", {}).get("type", ""),
                event.get("update", {}).get("type", "").removeprefix("assistant_message."),
            )
            if part
        )
        for event in events
    ]


def lines(events: list[Event]) -> list[list[tuple[str, str]]]:
    """Return the lines of the workflow each time they change."""
    shown: list[tuple[str, str]] = []
    history = []
    for event in events:
        update = event.get("update", {})
        if event.get("item", {}).get("type") == "workflow":
            shown = [line(task) for task in event["item"]["workflow"]["tasks"]]
        elif update.get("type") == "workflow.task.added":
            assert update["task_index"] == len(shown)
            shown = [*shown, line(update["task"])]
        elif update.get("type") == "workflow.task.updated":
            shown = [*shown]
            shown[update["task_index"]] = line(update["task"])
        else:
            continue
        history.append(shown)
    return history


def line(task: dict[str, Any]) -> tuple[str, str]:
    return task["title"], task["status_indicator"]


@pytest.mark.requirement("003/FR-110")
async def test_a_stream_may_not_be_held_back_by_anybody(system: System, ada: str) -> None:
    system.model.enqueue([assistant_message("Hello.")])

    answer = await Page(system.http, ada).post(
        {"type": "threads.create", "params": {"input": message("hello")}},
        **{"accept-encoding": "gzip, deflate, br"},
    )

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-cache, no-transform"
    assert answer.headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in answer.headers
    assert "content-length" not in answer.headers
    assert answer.headers["x-request-id"]
    assert events_in(answer)


@pytest.mark.requirement("003/FR-110", "003/FR-111")
async def test_the_events_of_a_turn_come_in_chatkits_order(system: System, ada: str) -> None:
    system.model.enqueue([add("Buy milk")])
    system.model.enqueue([assistant_message("Added Buy milk.")])
    page = Page(system.http, ada)

    events = await page.create("add milk")

    assert short(events) == [
        "created",
        "item.done user_message",
        "stream_options",
        "updated",
        "progress_update",
        "item.added workflow",
        "item.updated workflow.task.updated",
        "item.done workflow",
        "item.added assistant_message",
        "item.updated content_part.added",
        "item.updated content_part.text_delta",
        "item.updated content_part.done",
        "item.done assistant_message",
    ]
    assert events[4] == {"type": "progress_update", "icon": "bolt", "text": "Adding a task…"}
    assert lines(events) == [
        [("Adding a task", "loading")],
        [("Added a task", "complete")],
        [("Added a task", "complete")],
    ]
    system.model.enqueue([assistant_message("Bye.")])
    assert short(await page.add("thr_1", "bye"))[:2] == ["item.done user_message", "stream_options"]


@pytest.mark.requirement("003/FR-110", "003/FR-102")
async def test_what_streamed_is_what_is_stored(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    system.model.enqueue([add("Buy milk", "1"), add("Eat", "2")])
    system.model.enqueue([function_call("list_tasks", {}, call_id="3")])
    system.model.enqueue([assistant_message(" Here they are.\n")])

    shown = after_events([], await page.create("  add and list "))

    stored = await page.items("thr_1")
    assert [item["id"] for item in shown] == [item["id"] for item in stored]
    for live, kept in zip(shown, stored, strict=True):
        if live["type"] == "workflow":
            assert live["workflow"]["tasks"] == kept["workflow"]["tasks"]
        else:
            assert live | {"created_at": 0} == kept | {"created_at": 0}


@pytest.mark.requirement("003/FR-110")
async def test_the_answer_grows_as_the_model_writes_it(system: System, ada: str) -> None:
    pieces = ("I'll ", "do\n\n", "data: ", "that – ", "👩‍👩‍👧", " now.")
    answer = assistant_message("".join(pieces))

    async def write(_: ModelCall) -> AsyncIterator[Any]:
        for event in written(answer, pieces):
            yield event

    system.model.enqueue(ModelStep.stream(write, output=[answer]))

    events = await Page(system.http, ada).create("do")

    updates = [event["update"] for event in events if event["type"] == "thread.item.updated"]
    assert tuple(update["delta"] for update in updates if "delta" in update) == pieces
    assert text_of(done(events, "assistant_message")[0]) == "".join(pieces)


@pytest.mark.requirement("003/FR-111", "003/FR-112")
async def test_several_calls_are_lines_of_one_workflow(system: System, ada: str) -> None:
    system.model.enqueue([assistant_message("Let me see."), add("Milk", "1")])
    system.model.enqueue([
        function_call("complete_task", {"task_id": 9}, call_id="2"),
        function_call("delete_task", {"task_id": 1}, call_id="3"),
    ])  # fmt: skip
    system.model.enqueue(
        [assistant_message("One more."), function_call("update_task", {}, call_id="4")]
    )
    system.model.enqueue([assistant_message("There was no task 9.")])
    page = Page(system.http, ada)

    events = await page.create("do a lot")

    final = [
        ("Added a task", "complete"),
        ("Completing a task did not work", "complete"),
        ("Deleted a task", "complete"),
        ("Changing a task did not work", "complete"),
    ]
    assert lines(events)[-1] == final
    told = [event["text"] for event in events if event["type"] == "progress_update"]
    assert told == ["Adding a task…", "Completing a task…", "Deleting a task…", "Changing a task…"]
    shown = after_events([], events)
    assert [item["type"] for item in shown] == ["user_message", "workflow", "assistant_message"]
    assert text_of(shown[-1]) == "There was no task 9."
    stored = await page.items("thr_1")
    assert [line(task) for task in stored[1]["workflow"]["tasks"]] == final


@pytest.mark.requirement("003/FR-112")
async def test_no_item_is_added_twice_while_it_is_shown(system: System, ada: str) -> None:
    system.model.enqueue([assistant_message("a"), add("Milk", "1")])
    system.model.enqueue([assistant_message("b"), function_call("list_tasks", {}, call_id="2")])
    system.model.enqueue([assistant_message("c"), add("Eggs", "3")])
    system.model.enqueue([assistant_message("d"), function_call("list_tasks", {}, call_id="4")])
    system.model.enqueue([assistant_message("e")])

    events = await Page(system.http, ada).create("do a lot")

    shown: set[str] = set()
    for event in events:
        if event["type"] == "thread.item.added":
            assert event["item"]["id"] not in shown
            shown.add(event["item"]["id"])
        elif event["type"] == "thread.item.done":
            shown.add(event["item"]["id"])
        elif event["type"] == "thread.item.removed":
            shown.remove(event["item_id"])
        elif event["type"] == "thread.item.updated":
            assert event["item_id"] in shown
    final = after_events([], events)
    assert [item["type"] for item in final] == [
        "user_message",
        "workflow",
        "widget",
        "assistant_message",
    ]
    assert rows_of(final[2]) == [("Milk", False), ("Eggs", False)]


@pytest.mark.requirement("003/FR-115")
@pytest.mark.parametrize(
    "error",
    [APITimeoutError(request=httpx2.Request("POST", "http://x")), ModelBehaviorError("nonsense")],
)
async def test_a_failing_model_is_an_error_that_says_what_to_do(
    system: System, ada: str, error: Exception
) -> None:
    system.model.enqueue(error)
    page = Page(system.http, ada)

    events = await page.create("add milk")

    assert events[-1] == {
        "type": "error",
        "code": "custom",
        "message": MODEL_FAILED,
        "allow_retry": True,
    }
    items = await page.items("thr_1")
    assert [text_of(item) for item in items] == ["add milk", MODEL_FAILED]


@pytest.mark.requirement("003/FR-115", "003/FR-111")
async def test_what_was_done_before_the_model_failed_is_told(system: System, ada: str) -> None:
    system.model.enqueue([add("Buy milk")])
    system.model.enqueue(ModelBehaviorError("nonsense"))

    events = await Page(system.http, ada).create("add milk")

    assert events[-1]["type"] == "error"
    assert "created “Buy milk”" in events[-1]["message"]
    assert lines(events)[-1] == [("Added a task", "complete")]


@pytest.mark.requirement("003/FR-115")
async def test_a_fault_of_ours_is_an_error_event_without_its_text(system: System, ada: str) -> None:
    system.model.enqueue(RuntimeError("the secret inside"))
    page = Page(system.http, ada)

    events = await page.create("add milk")

    assert (events[-1]["type"], events[-1]["allow_retry"]) == ("error", True)
    assert "secret inside" not in str(events)
    assert text_of((await page.items("thr_1"))[0]) == "add milk"


async def nobody(*_: Any) -> None:
    """Be an application that cannot be reached."""
    raise httpx2.ConnectError("refused")


@pytest.mark.requirement("003/FR-115", "003/FR-111", "003/FR-134")
async def test_tools_that_are_down_are_told_everywhere(system: System, ada: str) -> None:
    page, model = Page(system.http, ada), system.model
    network: Any = system.tools._transport
    tools = network.app

    network.app = nobody
    first = await page.create("show")
    network.app = tools
    await system.call(ada, "add_task", title="Buy milk")
    model.enqueue([function_call("list_tasks", {}, call_id="1")])
    model.enqueue([assistant_message("Here.")])
    shown = done(await page.add("thr_1", "show"), "widget")[0]
    network.app = nobody
    model.enqueue([add("Eggs", "2")])
    model.enqueue([assistant_message("I could not.")])
    second = await page.add("thr_1", "add eggs")

    assert first[-1]["message"] == TOOLS_AWAY
    assert first[-1]["allow_retry"] is True
    assert lines(second)[-1] == [("Adding a task did not work", "complete")]
    assert text_of(done(second, "assistant_message")[0]) == "I could not."
    lists = [item for item in await page.items("thr_1") if item["type"] == "widget"]
    assert [rows_of(one) for one in lists] == [[("Buy milk", False)]]
    params = {
        "thread_id": "thr_1",
        "item_id": shown["id"],
        "action": {"type": "task.delete", "payload": {"task_id": 1}},
    }
    refused = await page.ask("threads.sync_custom_action", **params)
    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    streamed = await page.stream("threads.custom_action", **params)
    assert streamed[-1]["type"] == "error"
    assert streamed[-1]["message"] == refused.json()["detail"]
    network.app = tools
    assert len(await system.tasks(ada)) == 1


@pytest.mark.requirement("003/FR-110")
async def test_a_silent_stream_gives_signs_of_life(
    start_system: StartSystem, model: Any, ada: str
) -> None:
    beats = asyncio.Event()

    async def think(_: ModelCall) -> list[Any]:
        await asyncio.wait_for(beats.wait(), 20)
        return [assistant_message("At last.")]

    model.enqueue(ModelStep.respond(think))
    async with start_system(model, stream_heartbeat_seconds=0.01) as system:
        transport: Any = system.http._transport
        seen = 0

        async def app(scope: Any, receive: Any, send: Any) -> None:
            async def count(sent: Any) -> None:
                nonlocal seen
                seen += b"stream_options" in sent.get("body", b"")
                if seen == 4:
                    beats.set()
                await send(sent)

            await transport.app(scope, receive, count)

        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app), base_url="http://api.test", headers=bearer(ada)
        ) as http:
            events = await Page(http, ada).create("think hard")

    options = [event for event in events if event["type"] == "stream_options"]
    assert options == [{"type": "stream_options", "stream_options": {"allow_cancel": True}}] * len(
        options
    )
    assert len(options) >= 4
    assert text_of(done(events, "assistant_message")[0]) == "At last."


@pytest.mark.requirement("003/FR-118")
async def test_turns_of_two_doors_do_not_interleave(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    system.model.enqueue([assistant_message("Hello.")])
    thread = thread_of(await page.create("hello"))
    for _ in range(6):
        system.model.enqueue(ModelStep.respond(_echo))

    await asyncio.gather(
        *(page.add(thread, f"chatkit {number}") for number in range(3)),
        *(system.say(ada, f"json {number}", 1) for number in range(3)),
    )

    said = [text_of(item) for item in await page.items(thread)][2:]
    assert sorted(said[::2]) == sorted(
        f"{door} {number}" for door in ("chatkit", "json") for number in range(3)
    )
    assert said[1::2] == [f"re {text}" for text in said[::2]]
    for call in system.model.calls:
        roles = [item["role"] for item in call.input]
        assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]


async def _echo(call: ModelCall) -> list[Any]:
    await asyncio.sleep(0)
    return [assistant_message(f"re {call.input[-1]['content']}")]


@pytest.mark.requirement("003/FR-118")
async def test_a_thread_that_stays_busy_is_409_before_any_stream(
    start_system: StartSystem, model: Any, ada: str
) -> None:
    reached, opened = asyncio.Event(), asyncio.Event()

    async def think(_: ModelCall) -> list[Any]:
        reached.set()
        await opened.wait()
        return [assistant_message("At last.")]

    model.enqueue([assistant_message("Hello.")])
    async with start_system(model, turn_wait_seconds=0) as system:
        page = Page(system.http, ada)
        thread = thread_of(await page.create("hello"))
        model.enqueue(ModelStep.respond(think))
        first = asyncio.create_task(page.add(thread, "think"))
        await reached.wait()

        body = {"thread_id": thread, "input": message("me too")}
        answer = await page.ask("threads.add_user_message", **body)

        opened.set()
        assert text_of(done(await first, "assistant_message")[0]) == "At last."
    assert answer.status_code == 409
    assert answer.headers["retry-after"] == "2"
