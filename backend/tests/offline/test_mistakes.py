"""Wrong changes that must not happen, and those that a word takes back."""

import pytest
from offline.dialogue import A, Row, answered, called, changes, listed, rows, said

from todo_chatbot.agent.offline.assistant import decide


def after_completing(*ids: int) -> list[Row]:
    """Return a conversation in which tasks were just completed."""
    titles = dict(enumerate(A, 1))
    calls = [
        called(
            "complete_task",
            {"task_id": i},
            {"task_id": i, "status": "completed", "title": titles[i]},
            f"done{i}",
        )
        for i in ids
    ]
    return [
        said("mark them"),
        *listed(rows(*A)),
        *(one for call in calls for one in call),
        answered("Done."),
    ]


@pytest.mark.requirement("004/FR-023")
@pytest.mark.parametrize(
    "sentence",
    ["the groceries have gone bad", "the electricity bill was raised"],
)
def test_what_happened_to_a_thing_is_no_deed(sentence: str) -> None:
    assert changes(decide([said(sentence), *listed(rows(*A))])) == []


@pytest.mark.requirement("004/FR-025")
@pytest.mark.parametrize("sentence", ["no, only 1", "not 2", "except mom"])
def test_one_of_several_changes_is_taken_back(sentence: str) -> None:
    step = decide([*after_completing(1, 2), said(sentence), *listed(rows("*a", "*b", A[2], A[3]))])

    assert changes(step) == [("update_task", {"task_id": 2, "completed": False})]


@pytest.mark.requirement("004/FR-026")
def test_what_is_meant_may_stand_beside_the_mistake_without_a_mark() -> None:
    now = rows("Buy groceries", "*Call mom", *A[2:])
    step = decide([*after_completing(2), said("no not mom the groceries"), *listed(now)])

    assert changes(step) == [
        ("update_task", {"task_id": 2, "completed": False}),
        ("complete_task", {"task_id": 1}),
    ]


@pytest.mark.requirement("004/FR-026")
def test_a_correction_never_means_a_set() -> None:
    now = rows("Buy groceries", "*Call mom", *A[2:])
    step = decide([*after_completing(2), said("i said completed, not done"), *listed(now)])

    assert changes(step) == []


@pytest.mark.requirement("004/FR-013")
def test_a_greeting_is_no_part_of_the_title_that_was_asked_for() -> None:
    asked = [said("add a task"), answered("What should the task be?")]

    step = decide([*asked, said("Good morning! Walk the dog")])

    assert changes(step) == [("add_task", {"title": "Walk the dog"})]
    assert changes(decide([*asked, said("Hello"), *listed(rows(*A))])) == []
