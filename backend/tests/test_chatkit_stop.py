"""A page that goes away in the middle of a stream, over a real connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from agents.testing import ModelCall, ModelStep, assistant_message, function_call
from chatkit_page import Page, last_input, message, text_of, thread_of, written
from serving import serving
from support import System, bearer, rows

from todo_chatbot.chat.items import NEVER_KNOWN

LONGEST_WAIT = 20


class SlowModel:
    """An answer that begins and never ends."""

    def __init__(self, *begins: str, ends: str = " and that is all.") -> None:
        self.reached = asyncio.Event()
        self.stopped = asyncio.Event()
        self._begins = begins
        self._whole = assistant_message("".join(begins) + ends)

    def step(self) -> ModelStep:
        return ModelStep.stream(self._stream, output=[self._whole])

    async def _stream(self, _: ModelCall) -> AsyncIterator[Any]:
        try:
            for event in written(self._whole, self._begins):
                if event.type == "response.output_text.done":
                    self.reached.set()
                    await asyncio.wait_for(asyncio.Event().wait(), LONGEST_WAIT)
                yield event
        except (asyncio.CancelledError, GeneratorExit):
            self.stopped.set()
            raise


@asynccontextmanager
async def page_of(system: System, user: str) -> AsyncIterator[Page]:
    """A page that reaches the system over a real connection."""
    api: Any = system.http._transport

    async def requests(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"  # the application has been started already
        await api.app(scope, receive, send)

    async with (
        serving(requests) as url,
        httpx2.AsyncClient(base_url=url, timeout=LONGEST_WAIT) as http,
    ):
        yield Page(http, user)


async def watch_until(page: Page, part: str, kind: str, **params: Any) -> str:
    """Listen to a stream until something is in it, then close the connection."""
    heard = ""
    async with page.http.stream(
        "POST",
        f"/api/{page.user_id}/chat",
        json={"type": kind, "params": params},
        headers=bearer(page.user_id),
    ) as answer:
        assert answer.status_code == 200
        async for chunk in answer.aiter_text():
            heard += chunk
            if part in heard:
                return heard
    raise AssertionError(f"{part} did not come: {heard}")


async def leave_when(reached: asyncio.Event, page: Page, kind: str, **params: Any) -> None:
    """Listen to a stream until something has happened on the server."""
    listening = asyncio.create_task(watch_until(page, "never", kind, **params))
    await asyncio.wait_for(reached.wait(), LONGEST_WAIT)
    listening.cancel()
    await asyncio.wait([listening])


async def ended(database_url: str, user: str) -> str:
    """Return how the newest turn ended, as soon as it has."""
    query = "select state from turn where user_id = %s order by id desc limit 1"
    async with asyncio.timeout(LONGEST_WAIT):
        while (state := rows(database_url, query, user)[0][0]) == "running":
            await asyncio.sleep(0.02)
    return str(state)


@pytest.mark.requirement("003/FR-113")
async def test_a_page_that_goes_away_stops_the_model_and_keeps_what_was_said(
    system: System, database_url: str, ada: str
) -> None:
    slow = SlowModel("Once upon ", "a time")
    system.model.enqueue(slow.step())
    async with page_of(system, ada) as page:
        await watch_until(page, "a time", "threads.create", input=message("tell a story"))
        await asyncio.wait_for(slow.stopped.wait(), LONGEST_WAIT)
        await ended(database_url, ada)

        items = await page.items("thr_1")
        system.model.enqueue([assistant_message("It goes on.")])
        await page.add("thr_1", "go on")

    assert [text_of(item) for item in items] == ["tell a story", "Once upon a time"]
    assert [item["content"] for item in last_input(system)] == [
        "tell a story",
        "Once upon a time",
        "go on",
    ]
    assert len(system.model.calls) == 2


@pytest.mark.requirement("003/FR-113")
async def test_a_page_that_goes_away_before_a_word_leaves_a_turn_that_can_go_on(
    system: System, database_url: str, ada: str
) -> None:
    slow = SlowModel()
    system.model.enqueue(slow.step())
    async with page_of(system, ada) as page:
        await leave_when(slow.reached, page, "threads.create", input=message("hello"))
        await ended(database_url, ada)

        items = await page.items("thr_1")
        system.model.enqueue([assistant_message("Hello!")])
        events = await page.stream(
            "threads.retry_after_item", thread_id="thr_1", item_id=items[0]["id"]
        )

        assert [text_of(item) for item in items] == ["hello"]
        assert events[-1]["item"]["content"][0]["text"] == "Hello!"
        assert [text_of(item) for item in await page.items("thr_1")] == ["hello", "Hello!"]


@pytest.mark.requirement("003/FR-113", "003/FR-114")
async def test_a_stop_during_a_tool_call_loses_and_repeats_nothing(
    system: System, database_url: str, ada: str
) -> None:
    network: Any = system.tools._transport
    tools, reached = network.app, asyncio.Event()

    async def slow_tools(scope: Any, receive: Any, send: Any) -> None:
        async def hold(sent: Any) -> None:
            # The change is made, and its result never arrives.
            reached.set()
            await asyncio.Event().wait()

        await tools(scope, receive, hold)

    system.model.enqueue([assistant_message("Hi.")])
    system.model.enqueue([function_call("add_task", {"title": "Buy milk"}, call_id="1")])
    async with page_of(system, ada) as page:
        await page.create("hello")
        network.app = slow_tools
        add = {"thread_id": "thr_1", "input": message("add milk")}
        await leave_when(reached, page, "threads.add_user_message", **add)
        await ended(database_url, ada)
        network.app = tools

        (*_, said, work) = await page.items("thr_1")
        system.model.enqueue([assistant_message("Added it.")])
        await page.stream("threads.retry_after_item", thread_id="thr_1", item_id=said["id"])

    assert [task["title"] for task in work["workflow"]["tasks"]] == ["Adding a task was cut off"]
    assert [task["title"] for task in await system.tasks(ada)] == ["Buy milk"]
    (output,) = (item for item in last_input(system) if "output" in item)
    assert '"status": "created"' in output["output"]


@pytest.mark.requirement("003/FR-113")
async def test_the_next_turn_knows_of_a_call_whose_result_nobody_knows(
    system: System, database_url: str, ada: str
) -> None:
    network: Any = system.tools._transport
    tools, reached = network.app, asyncio.Event()

    async def stuck(*_: Any) -> None:
        reached.set()
        await asyncio.Event().wait()

    system.model.enqueue([assistant_message("Hi.")])
    system.model.enqueue([function_call("add_task", {"title": "Buy milk"}, call_id="1")])
    async with page_of(system, ada) as page:
        await page.create("hello")
        network.app = stuck
        add = {"thread_id": "thr_1", "input": message("add")}
        await leave_when(reached, page, "threads.add_user_message", **add)
        await ended(database_url, ada)
        network.app = tools
        system.model.enqueue([assistant_message("I do not know.")])
        await page.add("thr_1", "did it work?")

    outputs = [item["output"] for item in last_input(system) if "output" in item]
    assert outputs == [NEVER_KNOWN]


@pytest.mark.requirement("003/FR-113")
async def test_a_page_that_goes_away_after_the_end_changes_nothing(
    system: System, database_url: str, ada: str
) -> None:
    system.model.enqueue([assistant_message("Hello.")])
    async with page_of(system, ada) as page:
        heard = await watch_until(
            page, '"type":"thread.item.done","item":{"id":"answer_', "threads.create",
            input=message("hello"),
        )  # fmt: skip
        assert await ended(database_url, ada) == "answered"

        assert [text_of(item) for item in await page.items("thr_1")] == ["hello", "Hello."]
    assert "thr_1" in heard


@pytest.mark.requirement("003/FR-113", "003/FR-118")
async def test_a_message_that_waits_for_a_stopped_turn_knows_what_was_said(
    system: System, database_url: str, ada: str
) -> None:
    slow = SlowModel("Once upon")
    system.model.enqueue([assistant_message("Hello.")])
    async with page_of(system, ada) as page:
        thread = thread_of(await page.create("hello"))
        system.model.enqueue(slow.step())
        system.model.enqueue([assistant_message("Yes.")])
        params = {"thread_id": thread, "input": message("tell a story")}
        await leave_when(slow.reached, page, "threads.add_user_message", **params)

        await page.add(thread, "are you there?")

    said = [item["content"] for item in last_input(system)]
    assert said == ["hello", "Hello.", "tell a story", "Once upon", "are you there?"]


@pytest.mark.requirement("003/FR-113", "003/FR-114")
async def test_a_message_repeated_after_a_broken_connection_goes_on(
    system: System, database_url: str, ada: str
) -> None:
    slow = SlowModel("Once upon")
    system.model.enqueue([function_call("add_task", {"title": "Buy milk"}, call_id="1")])
    system.model.enqueue(slow.step())
    body = {"type": "threads.create", "params": {"input": message("add milk and tell")}}
    key = {"idempotency-key": "the-same"}
    async with page_of(system, ada) as page:
        async with page.http.stream(
            "POST", f"/api/{ada}/chat", json=body, headers=bearer(ada) | key
        ) as answer:
            async for chunk in answer.aiter_text():
                if "Once upon" in chunk:
                    break
        await ended(database_url, ada)

        system.model.enqueue([assistant_message("Added. Once upon a time.")])
        again = await page.create("add milk and tell", "the-same")
        third = await page.create("add milk and tell", "the-same")

        for events in (again, third):
            assert thread_of(events) == "thr_1"
            assert [
                event["item"]["id"].partition("_")[0]
                for event in events
                if event["type"] == "thread.item.done"
            ] == ["msg", "work", "answer"]
            assert events[-1]["item"]["content"][0]["text"] == "Added. Once upon a time."
        assert [one["id"] for one in (await page.get("threads.list"))["data"]] == ["thr_1"]
    assert len(await system.tasks(ada)) == 1
    assert len(system.model.calls) == 3
