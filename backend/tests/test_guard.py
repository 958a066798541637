"""Many tasks are deleted only after a yes, whatever the model understood."""

import pytest
from agents.testing import assistant_message, function_call
from openai.types.responses import ResponseFunctionToolCall
from support import System

from todo_chatbot.agent.agreement import agrees
from todo_chatbot.agent.guard import ASK_FIRST, DeleteGuard


@pytest.mark.requirement("001/FR-057")
@pytest.mark.parametrize(
    "message",
    [
        "yes",
        "Yes!",
        "YES, please.",
        "yes, delete all of them",
        "y",
        "yep, go ahead",
        "sure",
        "Of course.",
        "ok do it",
        "okay 👍",
        "👍🏽",
        "go ahead",
        "yes, but not task 3",
        "Sí, por favor",
        "Claro",
        "oui",
        "D’accord",
        "Ja, bitte",
        "haan",
        "ہاں، حذف کر دو",
        "جی ہاں",
        "हाँ",
        "ठीक है",
        "نعم",
        "да",
        "是的",
    ],
)
def test_a_yes_is_one_in_several_languages(message: str) -> None:
    assert agrees(message)


@pytest.mark.requirement("001/FR-057")
@pytest.mark.parametrize(
    "message",
    [
        "",
        "?",
        "no",
        "No, thanks",
        "nope",
        "ok, no",
        "okay, which ones?",
        "don't",
        "do not do it",
        "not yet",
        "delete everything",
        "please delete everything",
        "all but the first",
        "delete all my tasks",
        "remove tasks 1, 2, 3 and 4",
        "yesterday I said so",
        "wait",
        "stop, yes is wrong",
        "nein",
        "nahi",
        "نہیں",
        "не",
    ],
)
def test_what_is_no_plain_yes_is_none(message: str) -> None:
    assert not agrees(message)


async def with_tasks(system: System, user_id: str, count: int = 6) -> None:
    for number in range(1, count + 1):
        await system.call(user_id, "add_task", title=f"Task {number}")


def delete(*numbers: int) -> list[ResponseFunctionToolCall]:
    return [
        function_call("delete_task", {"task_id": number}, call_id=f"{number}") for number in numbers
    ]


async def asked(system: System, user_id: str, question: str) -> None:
    """Have a turn that ends with the assistant saying ``question``."""
    system.model.enqueue([assistant_message(question)])
    await system.say(user_id, "Delete all my tasks")


async def left(system: System, user_id: str) -> list[int]:
    return [task["id"] for task in await system.tasks(user_id)]


@pytest.mark.requirement("001/FR-057")
async def test_more_than_three_tasks_are_not_deleted_without_a_question(
    system: System, ada: str
) -> None:
    await with_tasks(system, ada)
    system.model.enqueue(delete(1, 2, 3, 4))
    system.model.enqueue([assistant_message("Shall I delete tasks 1 to 4?")])

    answer = await system.say(ada, "Delete tasks 1 to 4")

    assert await left(system, ada) == [1, 2, 3, 4, 5, 6]
    assert [call["error"] for call in answer.json()["tool_calls"]] == [ASK_FIRST] * 4
    told = system.model.last_call
    assert told is not None
    assert str(told.input).count(ASK_FIRST) == 4


@pytest.mark.requirement("001/FR-057")
async def test_three_tasks_are_deleted_at_once_and_a_fourth_is_not(
    system: System, ada: str
) -> None:
    await with_tasks(system, ada)
    system.model.enqueue(delete(1, 2, 3))
    system.model.enqueue([*delete(4), function_call("complete_task", {"task_id": 5}, call_id="5")])
    system.model.enqueue([assistant_message("Deleted three.")])

    await system.say(ada, "Delete tasks 1, 2, 3 and 4 and complete 5")

    tasks = await system.tasks(ada)
    assert [(task["id"], task["completed"]) for task in tasks] == [
        (4, False),
        (5, True),
        (6, False),
    ]


@pytest.mark.requirement("001/FR-057")
async def test_a_yes_to_a_question_deletes_as_many_as_it_takes(system: System, ada: str) -> None:
    await with_tasks(system, ada)
    await asked(system, ada, "Shall I delete all six?")
    system.model.enqueue(delete(1, 2, 3, 4, 5, 6))
    system.model.enqueue([assistant_message("All gone.")])

    await system.say(ada, "Yes, please!", 1)

    assert await left(system, ada) == []


@pytest.mark.requirement("001/FR-057")
@pytest.mark.parametrize(
    ("before", "message"),
    [
        ("Shall I delete all six?", "No."),
        ("Shall I delete all six?", "Only the first."),
        ("Anything else?", "Delete all my tasks"),
        ("I deleted nothing.", "Yes"),
    ],
)
async def test_what_is_no_yes_to_a_question_deletes_none_of_many(
    system: System, ada: str, before: str, message: str
) -> None:
    await with_tasks(system, ada)
    await asked(system, ada, before)
    system.model.enqueue(delete(1, 2, 3, 4, 5, 6))
    system.model.enqueue([assistant_message("Which ones?")])

    await system.say(ada, message, 1)

    assert len(await left(system, ada)) == 6


@pytest.mark.requirement("001/FR-057")
async def test_a_yes_counts_for_one_turn_only(system: System, ada: str) -> None:
    await with_tasks(system, ada, 9)
    await asked(system, ada, "Shall I delete tasks 1 to 4?")
    system.model.enqueue(delete(1, 2, 3, 4))
    system.model.enqueue([assistant_message("Done.")])
    await system.say(ada, "Yes", 1)
    system.model.enqueue(delete(5, 6, 7, 8))
    system.model.enqueue([assistant_message("Shall I?")])

    await system.say(ada, "And the others", 1)

    assert await left(system, ada) == [5, 6, 7, 8, 9]


@pytest.mark.requirement("001/FR-057")
async def test_another_conversations_question_is_not_answered(system: System, ada: str) -> None:
    await with_tasks(system, ada)
    await asked(system, ada, "Shall I delete all six?")
    system.model.enqueue(delete(1, 2, 3, 4))
    system.model.enqueue([assistant_message("Which ones?")])

    await system.say(ada, "Yes")

    assert len(await left(system, ada)) == 6


def cut_off(made: int, unmade: int) -> DeleteGuard:
    """Return the guard of a turn that goes on after ``made`` deletes, with ``unmade`` to come."""
    names = [str(number) for number in range(made + unmade)]
    items = [
        {"role": "user", "content": "Delete them"},
        *[
            {"type": "function_call", "call_id": name, "name": "delete_task", "arguments": "{}"}
            for name in names
        ],
        *[
            {"type": "function_call_output", "call_id": name, "output": "{}"}
            for name in names[:made]
        ],
    ]
    guard = DeleteGuard(items)  # type: ignore[arg-type]
    guard.expect((name, "delete_task") for name in names[made:])
    return guard


@pytest.mark.requirement("001/FR-057")
@pytest.mark.parametrize(
    ("made", "unmade", "stops"), [(0, 3, False), (2, 1, False), (3, 1, True), (0, 4, True)]
)
def test_a_turn_that_was_cut_off_goes_on_counting(made: int, unmade: int, stops: bool) -> None:
    guard = cut_off(made, unmade)

    assert [guard.stops(str(number)) for number in range(made, made + unmade)] == [stops] * unmade
