"""What the assistant takes back or puts right."""

import pytest
from offline.dialogue import DONE, A, Row, answered, called, changes, listed, rows, said, wanted

from todo_chatbot.agent.by_hand import ByHand, note
from todo_chatbot.agent.offline.assistant import decide


@pytest.mark.requirement("004/FR-025")
@pytest.mark.parametrize(
    ("order", "call", "output", "undone"),
    [
        (
            "complete call mom",
            ("complete_task", {"task_id": 2}),
            DONE,
            ("update_task", {"task_id": 2, "completed": False}),
        ),
        (
            "delete call mom",
            ("delete_task", {"task_id": 2}),
            DONE | {"status": "deleted"},
            ("add_task", {"title": "Call mom", "description": "at six"}),
        ),
        (
            "rename task 2 to call dad",
            ("update_task", {"task_id": 2, "title": "Call dad"}),
            {"task_id": 2, "status": "updated", "title": "Call dad"},
            ("update_task", {"task_id": 2, "title": "Call mom"}),
        ),
        (
            "add buy milk",
            ("add_task", {"title": "Buy milk"}),
            {"task_id": 5, "status": "created", "title": "Buy milk"},
            ("delete_task", {"task_id": 5}),
        ),
    ],
)
def test_undo_takes_the_last_change_back(
    order: str, call: tuple[str, dict[str, object]], output: object, undone: object
) -> None:
    tasks = rows(*A)
    tasks[1]["description"] = "at six"
    before = [said(order), *listed(tasks), *called(*call, output, "change"), answered("Done.")]

    assert changes(wanted("oops, undo that", *A, before=before)) == [undone]


MILK = {"id": 7, "title": "Buy milk", "description": "oat", "completed": False}


@pytest.mark.requirement("004/FR-025")
@pytest.mark.parametrize(
    ("now", "undone"),
    [
        (MILK | {"completed": True}, ("update_task", {"task_id": 7, "completed": False})),
        (MILK | {"title": "Buy tea"}, ("update_task", {"task_id": 7, "title": "Buy milk"})),
        (None, ("add_task", {"title": "Buy milk", "description": "oat"})),
    ],
)
@pytest.mark.parametrize("undo", ["undo", "undo that", "oops, undo"])
def test_undo_takes_back_what_was_done_by_hand(now: Row | None, undone: object, undo: str) -> None:
    complete = called("complete_task", {"task_id": 2}, DONE, "change")
    spoken = [said("complete 2"), *complete, answered("Done: #2 Call mom is checked off.")]
    other = ByHand(MILK | {"id": 8}, MILK | {"id": 8, "completed": True})
    notes = [
        {"role": "system", "content": note(one)} for one in (other, ByHand(before=MILK, now=now))
    ]

    assert changes(wanted(undo, *A, before=[*spoken, *notes])) == [undone]


@pytest.mark.requirement("004/FR-025")
def test_what_was_opened_again_by_hand_is_closed_again() -> None:
    done = MILK | {"completed": True}
    by_hand = {"role": "system", "content": note(ByHand(before=done, now=MILK))}
    before = [said("hello"), answered("Hello!"), by_hand]

    assert changes(wanted("undo", *A, before=before)) == [
        ("update_task", {"task_id": 7, "completed": True})
    ]


@pytest.mark.requirement("004/FR-026")
@pytest.mark.parametrize(
    ("correction", "title"),
    [
        ("actually make that oat milk", "Buy oat milk"),
        ("no, I meant bread", "Buy bread"),
        ("change it to call Ann", "Call Ann"),
        ("sorry, buy cheese", "Buy cheese"),
    ],
)
def test_a_correction_puts_the_last_task_right(correction: str, title: str) -> None:
    output = {"task_id": 1, "status": "created", "title": "Buy milk"}
    add = called("add_task", {"title": "Buy milk"}, output, "add")
    before = [said("add buy milk"), *add, answered("Got it, I added #1 Buy milk.")]

    assert changes(wanted(correction, "Buy milk", before=before)) == [
        ("update_task", {"task_id": 1, "title": title})
    ]


@pytest.mark.requirement("004/FR-026")
def test_a_correction_moves_the_last_change_to_the_task_that_was_meant() -> None:
    complete = called("complete_task", {"task_id": 2}, DONE, "change")
    before = [said("complete 2"), *complete, answered("Done: #2 Call mom is checked off.")]

    assert changes(wanted("no, I meant task 3", *A, before=before)) == [
        ("update_task", {"task_id": 2, "completed": False}),
        ("complete_task", {"task_id": 3}),
    ]


@pytest.mark.requirement("004/FR-025")
def test_what_was_deleted_comes_back_in_its_order() -> None:
    gone = [
        item
        for number, title in ((1, "Buy groceries"), (2, "Call mom"))
        for item in called(
            "delete_task",
            {"task_id": number},
            {"task_id": number, "status": "deleted", "title": title},
            f"call-{number}",
        )
    ]
    before = [said("delete 1 and 2"), *listed(rows(*A)), *gone, answered("Deleted.")]

    assert changes(wanted("undo", before=before)) == [
        ("add_task", {"title": "Buy groceries"}),
        ("add_task", {"title": "Call mom"}),
    ]


@pytest.mark.requirement("004/FR-025")
def test_what_was_done_and_deleted_comes_back_done() -> None:
    gone = {"task_id": 4, "status": "deleted", "title": "Wash the car"}
    back = {"task_id": 5, "status": "created", "title": "Wash the car"}
    items = [
        said("delete task 4"),
        *listed(rows(*A)),
        *called("delete_task", {"task_id": 4}, gone, "delete"),
        answered("Deleted."),
        said("undo"),
        *called("add_task", {"title": "Wash the car"}, back, "add"),
    ]

    assert decide(items).calls == (("complete_task", {"task_id": 5}),)
    done = {"task_id": 5, "status": "completed", "title": "Wash the car"}
    items += called("complete_task", {"task_id": 5}, done, "done")
    assert decide(items).text == "Undone: Wash the car is back as #5, done as before."
