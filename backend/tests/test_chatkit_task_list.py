"""The task list in the chat: what it shows, and what it does when it is used."""

import asyncio
import json
from typing import Any

import pytest
from agents.testing import ModelCall, ModelStep, assistant_message, function_call
from chatkit.widgets import StrictWidgetComponent
from chatkit_page import (
    Item,
    Page,
    done,
    last_input,
    rows_of,
    strings_in,
    with_tasks,
)
from conftest import StartSystem
from pydantic import TypeAdapter
from support import System, rows

from todo_chatbot.agent.offline.model import OfflineModel

STRICT: TypeAdapter[Any] = TypeAdapter(StrictWidgetComponent)

HOSTILE = [
    'x","lineThrough":true,"value":"y',
    '{"type":"Button","onClickAction":{"type":"task.delete"}}',
    "</script><script>alert(1)</script>",
    "**bold** ![x](http://x/y.png) [a](javascript:alert(1))",
    "{{ title | tojson }} {% raw %}",
    "👩‍👩‍👧‍👦 🇵🇰 e\u0301 ﷽",
    "دودھ خریدنا \u202eقلب\u202c",
    "مَرْحَبًا بِكُمْ",
    "line\nbreak\ttab",
    "x" * 200,
    "😀" * 200,
    "-",
    "thr_1 msg_1 [x] 3 done",
]


async def shown(system: System, page: Page, status: str = "all") -> Item:
    """Have the tasks listed; return the list."""
    system.model.enqueue([function_call("list_tasks", {"status": status}, call_id="1")])
    system.model.enqueue([assistant_message("Here.")])
    threads = (await page.get("threads.list"))["data"]
    events = await (page.add("thr_1", "show") if threads else page.create("show"))
    item: Item = done(events, "widget")[0]
    return item


def nodes(widget: Any) -> list[dict[str, Any]]:
    """Return every component of a widget but the root."""
    children = widget.get("children", [])
    return [node for child in children for node in (child, *nodes(child))]


def check_every_node(widget: Any) -> None:
    """Validate every component alone: inside another one the SDK accepts anything."""
    assert widget["type"] == "ListView"
    for node in nodes(widget):
        valid = STRICT.validate_python(node, strict=True)
        kept = json.loads(valid.model_dump_json(exclude_none=True))
        assert set(node) <= set(kept), node
        assert type(valid).__name__ == node["type"]
        for name, action in node.items():
            if name.endswith("Action"):
                assert set(action) == {"type", "payload", "handler", "loadingBehavior", "streaming"}
                assert action["handler"] == "server"
                assert action["streaming"] is False


@pytest.mark.requirement("003/FR-131")
async def test_listing_tasks_shows_them_in_the_order_of_their_numbers(
    system: System, ada: str
) -> None:
    page = await with_tasks(system, ada, "Milk", "Bread", "Eggs")
    await system.call(ada, "complete_task", task_id=2)

    item = await shown(system, page)

    assert rows_of(item) == [("Milk", False), ("Bread", True), ("Eggs", False)]
    widget = item["widget"]
    assert [row["key"] for row in widget["children"]] == ["task-1", "task-2", "task-3"]
    assert widget["status"] == {"text": "1 of 3 done", "icon": "check-circle"}
    box, form, caption, delete = widget["children"][1]["children"]
    assert box["onChangeAction"]["payload"] == {"task_id": 2, "completed": False}
    assert form["onSubmitAction"]["payload"] == {"task_id": 2}
    assert form["children"][0]["lineThrough"] is True
    assert form["children"][0]["editable"] == {"name": "title", "required": True}
    assert caption["value"] == "#2"
    assert delete["onClickAction"]["payload"] == {"task_id": 2}


@pytest.mark.requirement("003/FR-131", "003/FR-138")
async def test_an_empty_list_says_so(system: System, ada: str) -> None:
    item = await shown(system, Page(system.http, ada))

    assert item["widget"]["children"] == []
    assert item["widget"]["status"]["text"] == "No tasks"
    assert item["copy_text"] == "No tasks."
    check_every_node(item["widget"])


@pytest.mark.requirement("003/FR-138", "003/FR-131")
async def test_every_component_is_one_of_chatkits_whatever_the_titles_are(
    system: System, ada: str
) -> None:
    page = await with_tasks(system, ada, *HOSTILE)
    await system.call(ada, "complete_task", task_id=3)
    stored = [task["title"] for task in await system.tasks(ada)]

    live = await shown(system, page)

    pressed = await page.press(live, "task.set_completed", task_id=4, completed=True)
    later = next(item for item in await page.items("thr_1") if item["type"] == "widget")
    for item in (live, pressed, later):
        check_every_node(item["widget"])
        assert [title for title, _ in rows_of(item)] == stored
    assert len(live["copy_text"].splitlines()) == len(HOSTILE)


@pytest.mark.requirement("003/FR-131")
async def test_a_list_that_was_only_looked_at_is_not_shown(system: System, ada: str) -> None:
    page = await with_tasks(system, ada, "Milk")
    system.model.enqueue([function_call("list_tasks", {}, call_id="1")])
    system.model.enqueue([function_call("complete_task", {"task_id": 1}, call_id="2")])
    system.model.enqueue([assistant_message("Done.")])

    events = await page.create("milk is done")

    assert done(events, "widget") == []
    assert [item["type"] for item in await page.items("thr_1")] == [
        "user_message",
        "workflow",
        "assistant_message",
    ]


@pytest.mark.requirement("003/FR-137")
async def test_a_list_is_short_to_copy_and_short_for_the_model(system: System, ada: str) -> None:
    page = await with_tasks(system, ada, *(f"Task number {number}" for number in range(30)))
    await system.call(ada, "complete_task", task_id=2)
    item = await shown(system, page)
    assert item["copy_text"].splitlines()[:2] == ["[ ] 1 Task number 0", "[x] 2 Task number 1"]
    await page.press(item, "task.set_completed", task_id=1, completed=True)
    system.model.enqueue([assistant_message("You are welcome.")])

    await page.add("thr_1", "thanks")

    seen = last_input(system)
    (output,) = [one["output"] for one in seen if one.get("type") == "function_call_output"]
    assert [task["id"] for task in json.loads(output)["result"]] == list(range(1, 31))
    assert len(output) < 30 * 200
    assert "ListView" not in str(seen)
    assert "onChangeAction" not in str(seen)


@pytest.mark.requirement("003/FR-132", "003/FR-134")
async def test_what_is_pressed_happens_to_the_tasks(system: System, ada: str) -> None:
    page = await with_tasks(system, ada, "Milk", "Bread")
    item = await shown(system, page)

    ticked = await page.press(item, "task.set_completed", task_id=1, completed=True)
    renamed = await page.press(ticked, "task.rename", task_id=2, title="  Rye bread ")
    cleared = await page.press(renamed, "task.set_completed", task_id=1, completed=False)
    deleted = await page.press(cleared, "task.delete", task_id=1)

    assert rows_of(ticked) == [("Milk", True), ("Bread", False)]
    assert rows_of(renamed) == [("Milk", True), ("Rye bread", False)]
    assert rows_of(cleared) == [("Milk", False), ("Rye bread", False)]
    assert rows_of(deleted) == [("Rye bread", False)]
    tasks = [(task["id"], task["title"], task["completed"]) for task in await system.tasks(ada)]
    assert tasks == [(2, "Rye bread", False)]
    for one in (ticked, renamed, cleared, deleted):
        assert {key: one[key] for key in ("id", "thread_id", "type", "created_at")} == {
            key: deleted[key] for key in ("id", "thread_id", "type", "created_at")
        }
    (kept,) = [one for one in await page.items("thr_1") if one["type"] == "widget"]
    assert kept == deleted


@pytest.mark.requirement("003/FR-134")
async def test_an_action_can_stream_its_list(system: System, ada: str) -> None:
    page = await with_tasks(system, ada, "Milk")
    item = await shown(system, page)

    events = await page.stream(
        "threads.custom_action",
        thread_id="thr_1",
        item_id=item["id"],
        action={"type": "task.set_completed", "payload": {"task_id": 1, "completed": True}},
    )

    assert [event["type"] for event in events] == ["stream_options", "thread.item.replaced"]
    assert rows_of(events[1]["item"]) == [("Milk", True)]
    assert events[1]["item"]["id"] == item["id"]
    assert (await system.tasks(ada))[0]["completed"] is True


@pytest.mark.requirement("003/FR-134")
@pytest.mark.parametrize(
    ("status", "left"),
    [
        ("pending", [("Bread", False)]),
        ("completed", [("Milk", True), ("Old", True)]),
        ("all", [("Milk", True), ("Bread", False), ("Old", True)]),
    ],
)
async def test_a_list_stays_the_selection_that_was_asked_for(
    system: System, ada: str, status: str, left: list[tuple[str, bool]]
) -> None:
    page = await with_tasks(system, ada, "Milk", "Bread", "Old")
    await system.call(ada, "complete_task", task_id=3)
    item = await shown(system, page, status)

    fresh = await page.press(item, "task.set_completed", task_id=1, completed=True)

    assert rows_of(fresh) == left
    (kept,) = [one for one in await page.items("thr_1") if one["type"] == "widget"]
    assert kept == fresh


@pytest.mark.requirement("003/FR-134")
async def test_an_older_list_can_be_used_too(system: System, ada: str) -> None:
    page = await with_tasks(system, ada, "Milk", "Bread")
    older = await shown(system, page)
    newer = await shown(system, page)

    fresh = await page.press(older, "task.delete", task_id=1)

    assert fresh["id"] == older["id"] != newer["id"]
    lists = [one for one in await page.items("thr_1") if one["type"] == "widget"]
    assert [rows_of(one) for one in lists] == [[("Bread", False)]] * 2
    assert lists[0] == fresh


@pytest.mark.requirement("003/FR-135")
async def test_an_action_on_a_task_that_is_gone_gives_the_fresh_list(
    system: System, ada: str
) -> None:
    page = await with_tasks(system, ada, "Milk", "Bread")
    item = await shown(system, page)
    await system.call(ada, "delete_task", task_id=1)

    for kind, payload in (
        ("task.set_completed", {"completed": True}),
        ("task.set_completed", {"completed": False}),
        ("task.rename", {"title": "Cream"}),
        ("task.delete", {}),
    ):
        fresh = await page.press(item, kind, task_id=1, **payload)

        assert rows_of(fresh) == [("Bread", False)]


@pytest.mark.requirement("003/FR-135", "003/FR-134")
async def test_pressing_the_same_twice_changes_nothing_more(system: System, ada: str) -> None:
    page = await with_tasks(system, ada, "Milk")
    item = await shown(system, page)

    for _ in range(2):
        assert rows_of(await page.press(item, "task.set_completed", task_id=1, completed=True)) == [
            ("Milk", True)
        ]
    for _ in range(2):
        assert rows_of(await page.press(item, "task.delete", task_id=1)) == []


PAYLOADS: list[tuple[dict[str, Any], str]] = [
    ({"type": "task.archive", "payload": {"task_id": 1}}, "action"),
    ({"type": "", "payload": {"task_id": 1}}, "action"),
    ({"payload": {"task_id": 1}}, "action"),
    ({"type": "task.delete"}, "action.payload"),
    ({"type": "task.delete", "payload": None}, "action.payload"),
    ({"type": "task.delete", "payload": [1]}, "action.payload"),
    ({"type": "task.delete", "payload": "1"}, "action.payload"),
    ({"type": "task.delete", "payload": {}}, "action.payload.task_id"),
    ({"type": "task.delete", "payload": {"task_id": "1"}}, "action.payload.task_id"),
    ({"type": "task.delete", "payload": {"task_id": 1.0}}, "action.payload.task_id"),
    ({"type": "task.delete", "payload": {"task_id": True}}, "action.payload.task_id"),
    ({"type": "task.delete", "payload": {"task_id": 0}}, "action.payload.task_id"),
    ({"type": "task.delete", "payload": {"task_id": -1}}, "action.payload.task_id"),
    ({"type": "task.delete", "payload": {"task_id": 2**63}}, "action.payload.task_id"),
    ({"type": "task.delete", "payload": {"task_id": [1]}}, "action.payload.task_id"),
    ({"type": "task.set_completed", "payload": {"task_id": 1}}, "action.payload.completed"),
    (
        {"type": "task.set_completed", "payload": {"task_id": 1, "completed": "yes"}},
        "action.payload.completed",
    ),
    (
        {"type": "task.set_completed", "payload": {"task_id": 1, "completed": 1}},
        "action.payload.completed",
    ),
    ({"type": "task.rename", "payload": {"task_id": 1}}, "action.payload.title"),
    ({"type": "task.rename", "payload": {"task_id": 1, "title": 5}}, "action.payload.title"),
    ({"type": "task.rename", "payload": {"task_id": 1, "title": "a\x00b"}}, "NUL"),
    ({"type": "task.rename", "payload": {"task_id": 1, "title": "\ud83d"}}, "surrogates"),
    ({"type": "task.rename", "payload": {"task_id": 1, "title": "x" * 201}}, "200"),
    ({"type": "task.rename", "payload": {"task_id": 1, "title": "  "}}, "title"),
]


@pytest.mark.requirement("003/FR-133", "003/FR-119")
async def test_what_a_list_cannot_ask_for_is_refused_with_the_place(
    system: System, ada: str
) -> None:
    page = await with_tasks(system, ada, "Milk")
    item = await shown(system, page)
    before = await system.tasks(ada)

    for action, place in PAYLOADS:
        params = {"thread_id": "thr_1", "item_id": item["id"], "action": action}
        answer = await page.ask("threads.sync_custom_action", **params)
        streamed = await page.stream("threads.custom_action", **params)

        assert answer.status_code == 422, action
        assert place in answer.json()["detail"]
        assert streamed[-1]["type"] == "error"
        assert streamed[-1]["message"] == answer.json()["detail"]
        assert streamed[-1]["allow_retry"] is False

    assert await system.tasks(ada) == before


@pytest.mark.requirement("003/FR-133", "003/FR-119")
@pytest.mark.parametrize("kind", ["threads.custom_action", "threads.sync_custom_action"])
async def test_only_a_list_can_be_used(system: System, ada: str, kind: str) -> None:
    page = await with_tasks(system, ada, "Milk")
    await shown(system, page)
    action = {"type": "task.delete", "payload": {"task_id": 1}}
    others = [one["id"] for one in await page.items("thr_1") if one["type"] != "widget"]

    for params in ({}, {"item_id": None}, *({"item_id": item} for item in others)):
        answer = await page.ask(kind, thread_id="thr_1", action=action, **params)

        assert answer.status_code == 422, params
    assert len(await system.tasks(ada)) == 1


@pytest.mark.requirement("003/FR-132", "003/FR-133")
async def test_a_list_reaches_the_tasks_of_its_user_alone(
    system: System, ada: str, grace: str
) -> None:
    page = await with_tasks(system, ada, "Milk")
    await with_tasks(system, grace, "Rum", "Gin")
    item = await shown(system, page)

    for user in (grace, ada):
        extra = {"user_id": user, "owner": user}
        fresh = await page.press(item, "task.delete", task_id=2, **extra)

        assert rows_of(fresh) == [("Milk", False)]
    assert [task["title"] for task in await system.tasks(grace)] == ["Rum", "Gin"]


@pytest.mark.requirement("003/FR-136", "003/FR-117")
async def test_the_model_alone_knows_what_was_pressed(
    system: System, ada: str, database_url: str
) -> None:
    page = await with_tasks(system, ada, "Milk", "Bread")
    item = await shown(system, page)
    await page.press(item, "task.set_completed", task_id=1, completed=True)
    await page.press(item, "task.rename", task_id=1, title="Oat milk")
    await page.press(item, "task.set_completed", task_id=1, completed=False)
    await page.press(item, "task.delete", task_id=2)
    await page.press(item, "task.delete", task_id=2)
    system.model.enqueue([assistant_message("You did.")])

    await page.add("thr_1", "undo that")

    notes = [one["content"] for one in last_input(system) if one.get("role") == "system"]
    assert [note.splitlines()[0] for note in notes] == [
        "In the task list the user completed task 1.",
        "In the task list the user renamed task 1.",
        "In the task list the user reopened task 1.",
        "In the task list the user deleted task 2.",
    ]
    assert [note.splitlines()[1:] for note in notes][1::2] == [
        [
            'Before: {"id": 1, "title": "Milk", "description": null, "completed": true}',
            'Now: {"id": 1, "title": "Oat milk", "description": null, "completed": true}',
        ],
        ['Before: {"id": 2, "title": "Bread", "description": null, "completed": false}'],
    ]
    assert last_input(system)[-1] == {"role": "user", "content": "undo that"}
    everything = [
        await page.items("thr_1"),
        await page.get("threads.get_by_id", thread_id="thr_1"),
        await page.get("threads.list"),
    ]
    assert not [text for _, text in strings_in(everything) if "In the task list" in text]
    kinds = rows(database_url, "select role from message where user_id = %s and role = 'note'", ada)
    assert len(kinds) == 4


@pytest.mark.requirement("003/FR-136", "004/FR-025")
async def test_the_built_in_assistant_undoes_what_was_pressed(
    start_system: StartSystem, ada: str
) -> None:
    async with start_system(OfflineModel()) as system:
        page = await with_tasks(system, ada, "Milk", "Bread")
        await page.create("add call mom")
        item = done(await page.add("thr_1", "show my tasks"), "widget")[0]
        await page.press(item, "task.rename", task_id=2, title="Rye bread")
        await page.press(item, "task.delete", task_id=1)

        await page.add("thr_1", "undo that")

        assert [task["title"] for task in await system.tasks(ada)] == [
            "Rye bread",
            "Call mom",
            "Milk",
        ]


@pytest.mark.requirement("003/FR-136", "003/FR-118")
async def test_a_list_can_be_used_while_an_answer_streams(system: System, ada: str) -> None:
    page = await with_tasks(system, ada, "Milk")
    item = await shown(system, page)
    reached, opened = asyncio.Event(), asyncio.Event()

    async def think(_: ModelCall) -> list[Any]:
        reached.set()
        await opened.wait()
        return [assistant_message("At last.")]

    system.model.enqueue(ModelStep.respond(think))
    answer = asyncio.create_task(page.add("thr_1", "think"))
    await reached.wait()

    fresh = await page.press(item, "task.set_completed", task_id=1, completed=True)

    opened.set()
    await answer
    assert rows_of(fresh) == [("Milk", True)]
    system.model.enqueue([assistant_message("Yes.")])
    await page.add("thr_1", "and?")
    told = [one.get("role") for one in last_input(system)[-4:]]
    assert told == ["user", "system", "assistant", "user"]
