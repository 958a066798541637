"""The built-in assistant through the whole system: endpoint, agent, tools, database."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from conftest import StartSystem
from support import System

from todo_chatbot.agent.offline.model import OfflineModel


@pytest.fixture
async def offline(start_system: StartSystem) -> AsyncIterator[System]:
    """The system as it is without any key."""
    async with start_system(OfflineModel()) as running:
        yield running


class Talk:
    """One conversation of one user."""

    def __init__(self, system: System, user_id: str) -> None:
        self._system = system
        self._user_id = user_id
        self._conversation_id: int | None = None
        self.calls: list[tuple[str, dict[str, Any]]] = []
        """The tools that the last answer took."""

    async def add(self, *titles: str) -> None:
        for title in titles:
            await self._system.call(self._user_id, "add_task", title=title)

    async def complete(self, *numbers: int) -> None:
        for number in numbers:
            await self._system.call(self._user_id, "complete_task", task_id=number)

    async def say(self, message: str) -> str:
        """Say something and return the answer."""
        answer = await self._system.say(self._user_id, message, self._conversation_id)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        self._conversation_id = body["conversation_id"]
        self.calls = [(call["name"], call["arguments"]) for call in body["tool_calls"]]
        text: str = body["response"]
        return text

    async def tasks(self) -> dict[int, tuple[str, bool]]:
        return {
            task["id"]: (task["title"], task["completed"])
            for task in await self._system.tasks(self._user_id)
        }


@pytest.fixture
async def talk(offline: System, ada: str) -> Talk:
    return Talk(offline, ada)


@pytest.mark.requirement("001/FR-055")
async def test_add_a_task(talk: Talk) -> None:
    answer = await talk.say("Add a task to buy groceries")

    assert await talk.tasks() == {1: ("Buy groceries", False)}
    assert talk.calls == [("add_task", {"title": "Buy groceries"})]
    assert "Buy groceries" in answer


@pytest.mark.requirement("001/FR-055")
async def test_i_need_to_remember(talk: Talk) -> None:
    answer = await talk.say("I need to remember to pay bills")

    assert await talk.tasks() == {1: ("Pay bills", False)}
    assert "Pay bills" in answer


@pytest.mark.requirement("001/FR-055")
@pytest.mark.parametrize(
    ("message", "status", "shown", "hidden"),
    [
        ("Show me all my tasks", "all", ["Milk", "Bread", "Eggs"], []),
        ("What's pending?", "pending", ["Milk", "Eggs"], ["Bread"]),
        ("What have I completed?", "completed", ["Bread"], ["Milk", "Eggs"]),
    ],
)
async def test_show_tasks(
    talk: Talk, message: str, status: str, shown: list[str], hidden: list[str]
) -> None:
    await talk.add("Milk", "Bread", "Eggs")
    await talk.complete(2)

    answer = await talk.say(message)

    assert ("list_tasks", {"status": status}) in talk.calls
    assert all(title in answer for title in shown)
    assert not any(title in answer for title in hidden)


@pytest.mark.requirement("001/FR-055")
async def test_mark_a_task_as_complete(talk: Talk) -> None:
    await talk.add("Milk", "Bread", "Eggs", "Jam", "Tea")

    answer = await talk.say("Mark task 3 as complete")

    done = [number for number, (_, completed) in (await talk.tasks()).items() if completed]
    assert done == [3]
    assert "Eggs" in answer


@pytest.mark.requirement("001/FR-055")
async def test_delete_a_task_by_name(talk: Talk) -> None:
    await talk.add("Buy milk", "Prepare the meeting", "Call mom")

    answer = await talk.say("Delete the meeting task")

    assert list(await talk.tasks()) == [1, 3]
    assert [name for name, _ in talk.calls] == ["list_tasks", "delete_task"]
    assert "meeting" in answer


@pytest.mark.requirement("001/FR-055")
async def test_change_a_title(talk: Talk) -> None:
    await talk.add("Call dad")

    answer = await talk.say("Change task 1 to 'Call mom tonight'")

    assert await talk.tasks() == {1: ("Call mom tonight", False)}
    assert "Call mom tonight" in answer


@pytest.mark.requirement("001/FR-056")
@pytest.mark.parametrize("message", ["Delete the meeting task", "Complete the meeting task"])
async def test_a_name_that_fits_several_tasks_is_asked_about(talk: Talk, message: str) -> None:
    await talk.add("Meeting with Ada", "Meeting with Grace", "Milk")
    before = await talk.tasks()

    answer = await talk.say(message)

    assert "?" in answer
    assert "1" in answer
    assert "2" in answer
    assert "Milk" not in answer
    assert await talk.tasks() == before


@pytest.mark.requirement("001/FR-056")
async def test_the_answer_to_which_one_is_understood(talk: Talk) -> None:
    await talk.add("Meeting with Ada", "Meeting with Grace", "Milk")
    await talk.say("Delete the meeting task")

    await talk.say("the second one")

    assert list(await talk.tasks()) == [1, 3]


MANY = [
    "Delete all my tasks",
    "Delete everything",
    "Delete all but the first",
    "Delete the completed ones",
    "Delete tasks 1, 2, 3 and 4",
]


@pytest.mark.requirement("001/FR-056", "001/FR-057")
@pytest.mark.parametrize("message", MANY)
@pytest.mark.parametrize("reply", ["no", "never mind", "what's pending?"])
async def test_many_tasks_are_deleted_only_after_a_yes(
    talk: Talk, message: str, reply: str
) -> None:
    await talk.add("Milk", "Bread", "Eggs", "Jam", "Tea")
    await talk.complete(2, 4)
    before = await talk.tasks()

    answer = await talk.say(message)
    await talk.say(reply)

    assert "?" in answer
    assert await talk.tasks() == before


@pytest.mark.requirement("001/FR-056", "001/FR-057")
@pytest.mark.parametrize(
    ("message", "left"), list(zip(MANY, [[], [], [1], [1, 3, 5], [5]], strict=True))
)
@pytest.mark.parametrize("reply", ["yes", "Sure, go ahead", "please do", "👍"])
async def test_a_yes_deletes_what_was_asked_about(
    talk: Talk, message: str, left: list[int], reply: str
) -> None:
    await talk.add("Milk", "Bread", "Eggs", "Jam", "Tea")
    await talk.complete(2, 4)

    await talk.say(message)
    await talk.say(reply)

    assert list(await talk.tasks()) == left


@pytest.mark.requirement("001/FR-056")
@pytest.mark.parametrize("reply", ["yes", "Sure, go ahead"])
async def test_a_yes_to_nothing_deletes_nothing(talk: Talk, reply: str) -> None:
    await talk.add("Milk", "Bread")

    await talk.say(reply)

    assert len(await talk.tasks()) == 2


@pytest.mark.requirement("001/FR-056")
@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Delete tasks 1, 2 and 3", [4, 5]),
        ("Delete milk and bread", [3, 4, 5]),
        ("Remove task 5", [1, 2, 3, 4]),
    ],
)
async def test_up_to_three_named_tasks_are_deleted_at_once(
    talk: Talk, message: str, left: list[int]
) -> None:
    await talk.add("Milk", "Bread", "Eggs", "Jam", "Tea")

    await talk.say(message)

    assert list(await talk.tasks()) == left


@pytest.mark.requirement("001/FR-056")
@pytest.mark.parametrize(
    "message",
    ["Delete task 99", "Complete the dentist task", "Change task 7 to 'Sleep'", "Delete the cat"],
)
async def test_what_cannot_be_found_is_said_and_nothing_changes(talk: Talk, message: str) -> None:
    await talk.add("Milk", "Bread")
    before = await talk.tasks()

    answer = await talk.say(message)

    assert "couldn't find" in answer
    assert await talk.tasks() == before


@pytest.mark.requirement("001/FR-057", "004/FR-025")
@pytest.mark.parametrize(("reply", "left"), [("yes", 0), ("no", 4), ("what's pending?", 4)])
async def test_taking_back_many_additions_is_asked_first(talk: Talk, reply: str, left: int) -> None:
    await talk.say("Add tasks: milk, bread, eggs, jam")

    answer = await talk.say("undo that")
    assert "?" in answer
    assert len(await talk.tasks()) == 4

    await talk.say(reply)
    assert len(await talk.tasks()) == left


@pytest.mark.requirement("004/FR-023")
async def test_a_task_that_was_done_already_is_told_as_that(talk: Talk) -> None:
    await talk.add("Milk", "Bread")
    await talk.complete(2)

    assert "already done" in await talk.say("complete task 2")
