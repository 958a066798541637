"""Threads and their items: one history behind two doors, in pages."""

import re
from datetime import datetime
from typing import Any

import pytest
from agents import ModelBehaviorError
from agents.testing import assistant_message, function_call
from chatkit_page import Item, Page, last_input, rows_of, strings_in, text_of, thread_of
from support import System, rows

HAS_ZONE = re.compile(r"(Z|[+-]\d\d:\d\d)$")


async def talk(system: System, page: Page, *messages: str, thread: str | None = None) -> str:
    """Say something in a thread, or in a new one; each is answered with the same words."""
    for text in messages:
        system.model.enqueue([assistant_message(f"re {text}")])
        if thread is None:
            thread = thread_of(await page.create(text))
        else:
            await page.add(thread, text)
    assert thread is not None
    return thread


def call_each(*calls: tuple[str, dict[str, Any]]) -> list[Any]:
    return [
        function_call(name, arguments, call_id=f"call_{number}")
        for number, (name, arguments) in enumerate(calls)
    ]


async def long_thread(system: System, page: Page) -> str:
    """Have a thread in which turns have two, three and four items."""
    thread = await talk(system, page, "one")
    for number in range(2):
        system.model.enqueue(call_each(("add_task", {"title": f"Task {number}"})))
        system.model.enqueue([assistant_message("Added.")])
        await page.add(thread, f"add {number}")
        system.model.enqueue(call_each(("list_tasks", {"status": "pending"})))
        system.model.enqueue([assistant_message("Here.")])
        await page.add(thread, f"list {number}")
        await talk(system, page, f"thanks {number}", thread=thread)
    return thread


def kinds(items: list[Item]) -> list[str]:
    return [item["type"] for item in items]


@pytest.mark.requirement("003/FR-102")
async def test_what_one_door_wrote_the_other_shows(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    system.model.enqueue(call_each(("add_task", {"title": "Buy milk"})))
    system.model.enqueue([assistant_message("Added.")])
    first = (await system.say(ada, "add milk")).json()
    system.model.enqueue([assistant_message("It is Buy milk.")])

    await page.add(f"thr_{first['conversation_id']}", "what was it?")
    system.model.enqueue([assistant_message("Yes.")])
    last = await system.say(ada, "really?", first["conversation_id"])

    assert last.json()["conversation_id"] == 1
    seen = last_input(system)
    assert [item.get("content") or item["type"] for item in seen] == [
        "add milk",
        "function_call",
        "function_call_output",
        "Added.",
        "what was it?",
        "It is Buy milk.",
        "really?",
    ]
    items = await page.items("thr_1")
    assert kinds(items) == ["user_message", "workflow"] + [
        "assistant_message",
        "user_message",
    ] * 2 + ["assistant_message"]
    assert [text_of(item) for item in items if "content" in item] == [
        "add milk",
        "Added.",
        "what was it?",
        "It is Buy milk.",
        "really?",
        "Yes.",
    ]
    assert items[1]["workflow"]["tasks"][0]["title"] == "Added a task"


@pytest.mark.requirement("003/FR-108", "003/FR-112")
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_items_come_in_pages_of_any_size_without_gap_or_repetition(
    system: System, ada: str, order: str
) -> None:
    page = Page(system.http, ada)
    thread = await long_thread(system, page)
    other = await talk(system, page, "elsewhere")
    everything = await page.items(thread)
    assert kinds(everything).count("widget") == 2
    assert len({item["id"] for item in everything}) == len(everything) == 20
    assert len(await page.items(other)) == 2
    expected = everything if order == "asc" else everything[::-1]

    for size in (1, 2, 3, 7, 19, 20):
        found: list[Item] = []
        after = None
        while True:
            part = await page.get(
                "items.list", thread_id=thread, order=order, limit=size, after=after
            )
            assert len(part["data"]) <= size
            found += part["data"]
            if not part["has_more"]:
                break
            after = part["after"]
            assert after == found[-1]["id"]
        assert "after" not in part
        assert found == expected


@pytest.mark.requirement("003/FR-108")
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_items_follow_any_item_even_one_that_is_gone(
    system: System, ada: str, order: str
) -> None:
    page = Page(system.http, ada)
    thread = await long_thread(system, page)
    everything = await page.items(thread)
    expected = everything if order == "asc" else everything[::-1]

    for place, item in enumerate(expected):
        part = await page.get(
            "items.list", thread_id=thread, order=order, limit=100, after=item["id"]
        )
        assert part["data"] == expected[place + 1 :]
    # A retry may take the list away that a page ended with.
    gone = "list_" + everything[0]["id"].removeprefix("msg_")
    part = await page.get("items.list", thread_id=thread, order=order, limit=100, after=gone)
    assert part["data"] == (everything[1:] if order == "asc" else everything[:1])


@pytest.mark.requirement("003/FR-108")
async def test_a_thread_opens_with_its_first_items_and_says_that_there_are_more(
    system: System, ada: str
) -> None:
    page = Page(system.http, ada)
    thread = await long_thread(system, page)
    await talk(system, page, "one more", thread=thread)

    opened = await page.get("threads.get_by_id", thread_id=thread)

    items = await page.items(thread)
    assert opened["items"]["data"] == items[:20]
    assert opened["items"]["has_more"] is True
    assert opened["items"]["after"] == items[19]["id"]


@pytest.mark.requirement("003/FR-108")
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_threads_come_in_pages_by_their_last_message(
    system: System, ada: str, grace: str, order: str
) -> None:
    page = Page(system.http, ada)
    threads = [await talk(system, page, f"talk {number}") for number in range(5)]
    await talk(system, Page(system.http, grace), "not Ada's")
    await talk(system, page, "again", thread=threads[1])
    newest_first = [threads[1], *(threads[number] for number in (4, 3, 2, 0))]

    for size in (1, 2, 4, 5):
        found: list[str] = []
        after = None
        while True:
            part = await page.get("threads.list", order=order, limit=size, after=after)
            found += [thread["id"] for thread in part["data"]]
            if not part["has_more"]:
                break
            after = part["after"]
        assert found == (newest_first if order == "desc" else newest_first[::-1])


@pytest.mark.requirement("003/FR-107")
async def test_a_limit_is_brought_into_its_bounds(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    thread = await talk(system, page, *(f"m{number}" for number in range(52)))
    await talk(system, page, "another")

    for limit, count in (
        (-5, 1),
        (0, 1),
        (1, 1),
        (None, 20),
        (100, 100),
        (101, 100),
        (10**30, 100),
    ):
        part = await page.get("items.list", thread_id=thread, limit=limit)
        assert len(part["data"]) == count
        assert part["has_more"]
    for limit, count in ((0, 1), (-1, 1), (10**30, 2)):
        assert len((await page.get("threads.list", limit=limit))["data"]) == count


@pytest.mark.requirement("003/FR-109")
@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("add milk", "add milk"),
        ("  add\n\n milk\t ", "add milk"),
        ("x" * 60, "x" * 60),
        ("word " * 30, "word " * 10 + "word word…"),
        ("https://example.org/" + "x" * 100, "https://example.org/" + "x" * 39 + "…"),
        ("买牛奶" * 40, "买牛奶" * 19 + "买牛…"),
        ("دودھ خریدنا ہے", "دودھ خریدنا ہے"),
    ],
)
async def test_a_thread_is_named_after_its_first_message(
    system: System, ada: str, text: str, title: str
) -> None:
    page = Page(system.http, ada)
    system.model.enqueue([assistant_message("Yes.")])

    events = await page.create(text)

    named = [event["thread"]["title"] for event in events if event["type"] == "thread.updated"]
    assert named == [title]
    assert len(title) <= 60
    await talk(system, page, "something else", thread=thread_of(events))
    assert (await page.get("threads.list"))["data"][0]["title"] == title


@pytest.mark.requirement("003/FR-109")
async def test_a_thread_can_be_renamed(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    thread = await talk(system, page, "add milk")

    for given in ("Shopping", "  Shopping  ", "x" * 200, "Ein\u202eruof", '"}{', "😀"):
        renamed = await page.get("threads.update", thread_id=thread, title=given)

        assert renamed["title"] == given.strip()
        listed = (await page.get("threads.list"))["data"]
        assert [one["title"] for one in listed] == [given.strip()]
    assert len(await page.items(thread)) == 2


@pytest.mark.requirement("003/FR-109", "003/FR-119")
async def test_a_title_that_is_none_is_refused(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    thread = await talk(system, page, "add milk")

    for title in ("", " \n", "x" * 201, "nul \x00", "half \ud83d"):
        answer = await page.ask("threads.update", thread_id=thread, title=title)

        assert answer.status_code == 422
        assert answer.json()["detail"].startswith("A title ")
    assert (await page.get("threads.get_by_id", thread_id=thread))["title"] == "add milk"


@pytest.mark.requirement("003/FR-109")
async def test_a_deleted_thread_leaves_nothing_behind(
    system: System, ada: str, database_url: str
) -> None:
    page = Page(system.http, ada)
    thread = await long_thread(system, page)
    listed = next(item for item in await page.items(thread) if item["type"] == "widget")
    await page.press(listed, "task.set_completed", task_id=1, completed=True)
    kept = await talk(system, page, "this stays")

    assert await page.get("threads.delete", thread_id=thread) == {}

    assert [one["id"] for one in (await page.get("threads.list"))["data"]] == [kept]
    for kind in ("threads.get_by_id", "items.list", "threads.delete"):
        assert (await page.ask(kind, thread_id=thread)).status_code == 404
    assert (await system.say(ada, "hello?", 1)).status_code == 404
    for table, count in (("conversation", 1), ("message", 2), ("turn", 1), ("tool_call", 0)):
        found = rows(database_url, f"select count(*) from {table} where user_id = %s", ada)
        assert found == [(count,)], table
    assert len(await system.tasks(ada)) == 2


@pytest.mark.requirement("003/FR-116", "003/FR-117")
async def test_every_time_has_a_zone_and_nothing_hidden_leaves(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    system.model.enqueue(call_each(("add_task", {"title": "Buy milk"}), ("list_tasks", {})))
    system.model.enqueue([assistant_message("Here.")])
    sent: list[Any] = [await page.create("add milk")]
    listed = (await page.items("thr_1"))[2]
    use = {"thread_id": "thr_1", "item_id": listed["id"]}
    tick = {"type": "task.set_completed", "payload": {"task_id": 1, "completed": True}}
    sent.append(await page.get("threads.sync_custom_action", **use, action=tick))
    sent.append(await page.stream("threads.custom_action", **use, action=tick))
    system.model.enqueue(ModelBehaviorError("no"))
    sent.append(await page.add("thr_1", "boom"))
    system.model.enqueue([assistant_message("Better.")])
    newest = (await page.items("thr_1"))[-2]["id"]
    sent.append(await page.stream("threads.retry_after_item", thread_id="thr_1", item_id=newest))
    sent += [
        await page.get(kind, thread_id="thr_1") for kind in ("threads.get_by_id", "items.list")
    ]
    sent.append(await page.get("threads.list"))
    sent.append(await page.get("threads.update", thread_id="thr_1", title="Milk"))

    strings = list(strings_in(sent))

    times = [value for name, value in strings if name.endswith("_at")]
    assert len(times) > 20
    for value in times:
        assert HAS_ZONE.search(value), value
        assert datetime.fromisoformat(value).tzinfo is not None
    text = "\n".join(value for _, value in strings)
    assert "In the task list the user" not in text
    assert "scripted" not in text
    assert "idempotency" not in text
    assert ada not in text


@pytest.mark.requirement("003/FR-112")
async def test_no_two_items_have_one_id_whatever_the_model_calls_them(
    system: System, ada: str
) -> None:
    page = Page(system.http, ada)
    thread = None
    for number in range(3):
        call = function_call("add_task", {"title": f"Task {number}"}, call_id="call_1")
        system.model.enqueue([call.model_copy(update={"id": "__fake_id__"})])
        system.model.enqueue([assistant_message(f"Added {number}.", item_id="__fake_id__")])
        if thread is None:
            thread = thread_of(await page.create("add"))
        else:
            await page.add(thread, "add")

    assert thread is not None
    items = await page.items(thread)
    assert len({item["id"] for item in items}) == len(items) == 9
    answers = [text_of(item) for item in items if item["type"] == "assistant_message"]
    assert answers == ["Added 0.", "Added 1.", "Added 2."]
    assert len(await system.tasks(ada)) == 3


@pytest.mark.requirement("003/FR-102", "003/FR-134")
async def test_every_list_shows_the_present_in_its_own_selection(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    for title in ("Milk", "Bread"):
        await system.call(ada, "add_task", title=title)
    thread = None
    for status in ("pending", "all", "completed"):
        system.model.enqueue(call_each(("list_tasks", {"status": status})))
        system.model.enqueue([assistant_message("Here.")])
        if thread is None:
            thread = thread_of(await page.create("list"))
        else:
            await page.add(thread, "list")
    assert thread is not None

    await system.call(ada, "complete_task", task_id=1)
    await system.call(ada, "add_task", title="Eggs")

    lists = [item for item in await page.items(thread) if item["type"] == "widget"]
    assert [rows_of(one) for one in lists] == [
        [("Bread", False), ("Eggs", False)],
        [("Milk", True), ("Bread", False), ("Eggs", False)],
        [("Milk", True)],
    ]
    one_by_one = await page.get("items.list", thread_id=thread, order="asc", limit=3)
    assert rows_of(one_by_one["data"][2]) == rows_of(lists[0])


@pytest.mark.requirement("003/FR-102")
async def test_a_thread_reads_the_same_by_items_and_as_a_whole(system: System, ada: str) -> None:
    page = Page(system.http, ada)
    thread = await long_thread(system, page)

    whole = await page.get("threads.get_by_id", thread_id=thread)

    assert whole["items"]["data"] == await page.items(thread)
    head = (await page.get("threads.list"))["data"][0]
    assert head | {"items": None} == whole | {"items": None}
    assert head["items"] == {"data": [], "has_more": False}
