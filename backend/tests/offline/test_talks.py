"""Talks of several turns: what the list is in the end, with tools that answer as the real ones."""

import pytest
from offline.dialogue import talked

PETS = ("Wash the car", "Wash the dog", "Feed the cat")


@pytest.mark.requirement("004/FR-025")
@pytest.mark.parametrize(
    ("turns", "left"),
    [
        (("done with the car", "delete the cat", "undo", "undo"), PETS),
        (("done with the car", "undo", "undo that"), ("*Wash the car", *PETS[1:])),
        (("complete 1", "complete 2", "undo the last two changes"), PETS),
        (("complete 1", "complete 2", "undo", "and the one before that too"), PETS),
        (("delete 1", "delete 2", "bring both back"), (PETS[2], PETS[1], PETS[0])),
        (("delete 1 and 2", "I still need the dog"), (PETS[2], PETS[1])),
        (("delete the dog", "wait no I meant the cat", "undo"), (PETS[0], PETS[1], PETS[2])),
        (("complete 1", "I didn't mean to add feed the cat"), ("*Wash the car", *PETS[1:])),
    ],
)
def test_each_undo_goes_one_turn_further_back(
    turns: tuple[str, ...], left: tuple[str, ...]
) -> None:
    assert sorted(talked(PETS, *turns).titles) == sorted(left)


@pytest.mark.requirement("004/FR-026")
@pytest.mark.parametrize(
    ("turns", "left"),
    [
        (("delete the dog", "no, not that one!", "I meant the cat"), PETS[:2]),
        (("delete the dog", "oh no, I meant the cat, put the dog back"), PETS[:2]),
        (("complete 1", "I said delete it, not complete it"), PETS[1:]),
        (("delete 1", "no, complete it"), ("*Wash the car", *PETS[1:])),
        (("rename 2 to bathe the dog", "no I meant 3"), (PETS[0], PETS[1], "Bathe the dog")),
        (("complete 9", "oh, I meant task 2"), (PETS[0], "*Wash the dog", PETS[2])),
        (
            ("complete 1", "complete 3", "not 1 though, that was a mistake"),
            (*PETS[:2], "*" + PETS[2]),
        ),
        (("the car is washed", "and rename it to wax the car"), ("*Wax the car", *PETS[1:])),
        (("add call Jon", "it's spelled John"), (*PETS, "Call John")),
    ],
)
def test_a_correction_turns_to_what_was_meant(
    turns: tuple[str, ...], left: tuple[str, ...]
) -> None:
    assert sorted(talked(PETS, *turns).titles) == sorted(left)


@pytest.mark.requirement("004/FR-026")
@pytest.mark.parametrize("objection", ["no", "no, the dentist"])
def test_a_change_that_is_objected_to_does_not_stand_without_a_question(objection: str) -> None:
    asked = talked(PETS, "complete the car", objection)
    assert "Wash the car" in asked.answer
    assert asked.answer.endswith("Shall I undo that?")
    assert talked(PETS, "complete the car", objection, "yes").titles == list(PETS)


@pytest.mark.requirement("004/FR-026")
@pytest.mark.parametrize(
    "denial", ["that one isn't washed at all, the car", "I haven't washed the car yet"]
)
def test_what_is_denied_is_open_again(denial: str) -> None:
    assert talked(PETS, "complete the car", denial).titles == list(PETS)


@pytest.mark.requirement("004/FR-026")
def test_what_is_still_to_do_denies_no_other_task() -> None:
    talk = talked(PETS, "complete the car", f"I haven't {PETS[1][:1].lower()}{PETS[1][1:]} yet")

    assert talk.titles == ["*Wash the car", *PETS[1:]]
    assert "undo" not in talk.answer


@pytest.mark.requirement("004/FR-025")
def test_not_yet_after_a_question_takes_nothing_back() -> None:
    talk = talked(PETS, "complete the car", f"is {PETS[1]} done?", "not yet, right")

    assert talk.titles == ["*Wash the car", *PETS[1:]]


@pytest.mark.requirement("004/FR-015")
@pytest.mark.parametrize(
    ("turns", "done"),
    [
        (["the first is done and the third too"], [1, 3]),
        (["I've done the second and the last"], [2, 3]),
        (["I've done all of them except number 2"], [1, 3]),
        (["show my tasks", "2 is finished, 3 as well"], [2, 3]),
        (["complete the pet task", "not the dog, the other one"], []),
    ],
)
def test_every_task_that_is_named_is_meant(turns: list[str], done: list[int]) -> None:
    rows = talked(PETS, *turns).rows

    assert [row["id"] for row in rows if row["completed"]] == done


@pytest.mark.requirement("004/FR-026")
@pytest.mark.parametrize(
    ("title", "correction", "right"),
    [
        ("Book a table at Rosetti's", "sorry, I meant Bellini's", "Book a table at Bellini's"),
        ("Book a table at Rosetti's", "I meant at Luigi's", "Book a table at Luigi's"),
        ("Text jayden", "oops its jaiden not jayden", "Text jaiden"),
        ("Pay back Mike 20 bucks", "*30 bucks lol", "Pay back Mike 30 bucks"),
        ("Meet Ann at five", "no at six not five", "Meet Ann at six"),
    ],
)
def test_a_correction_changes_the_part_that_it_names(
    title: str, correction: str, right: str
) -> None:
    assert talked((), f"add {title}", correction).titles == [right]


@pytest.mark.requirement("004/FR-014")
def test_and_after_an_add_adds_what_names_no_task() -> None:
    assert talked((), "add buy paint", "and update the phone list").titles == [
        "Buy paint",
        "Update the phone list",
    ]


@pytest.mark.requirement("004/FR-026")
@pytest.mark.parametrize("said", ["no problem", "not bad, eh?", "ok thanks", "no more for today"])
def test_small_talk_objects_to_nothing(said: str) -> None:
    assert talked(PETS, "complete the car", said).titles == ["*Wash the car", *PETS[1:]]


@pytest.mark.requirement("004/FR-015")
@pytest.mark.parametrize(
    ("turns", "note"),
    [
        (("add a note to 1: wax", "the description should be soap"), "soap"),
        (("add a note to 1: wax", "what's in the note?", "change it to soap"), "soap"),
        (("add a note to 1: 12 kids, no nuts", "no, 14 kids"), "14 kids, no nuts"),
        (("add a note to 1: shady mix", "actually sunny mix"), "sunny mix"),
        (("add a note to 1: wax", "clear the description"), ""),
    ],
)
def test_a_description_is_that_of_the_task_spoken_of(turns: tuple[str, ...], note: str) -> None:
    talk = talked(PETS, *turns)
    assert [row["description"] for row in talk.rows] == [note, "", ""]
    assert talk.titles == list(PETS)


@pytest.mark.requirement("004/FR-015")
@pytest.mark.parametrize(
    ("turns", "left"),
    [
        (
            ("add buy eggs", "the dog jumped in the lake, so delete that one"),
            (PETS[0], PETS[2], "Buy eggs"),
        ),
        (("complete 1", "number 3 as well"), ("*Wash the car", PETS[1], "*Feed the cat")),
        (("list", "the middle one can go"), (PETS[0], PETS[2])),
        (
            ("add buy eggs", "next: buy flour", "and another: buy yeast"),
            (*PETS, "Buy eggs", "Buy flour", "Buy yeast"),
        ),
        (
            ("change wash the car to wax the car", "and feed the cat to brush the cat"),
            ("Wax the car", PETS[1], "Brush the cat"),
        ),
        (
            ("which are about washing?", "the dog one can be deleted, my sister has done it"),
            (PETS[0], PETS[2]),
        ),
        (("complete 1", "and the cat, is it fed?"), ("*Wash the car", *PETS[1:])),
        (("complete 1", "the dog should be open again"), ("*Wash the car", *PETS[1:])),
    ],
)
def test_a_turn_goes_on_where_the_last_one_ended(
    turns: tuple[str, ...], left: tuple[str, ...]
) -> None:
    assert sorted(talked(PETS, *turns).titles) == sorted(left)


@pytest.mark.requirement("004/FR-022")
@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ("no. just delete the dog one instead", (PETS[0], PETS[2])),
        ("no, wait. just delete the dog and the cat", (PETS[0],)),
        ("actually, mark them all as done instead", tuple(f"*{title}" for title in PETS)),
        ("no, don't delete anything", PETS),
    ],
)
def test_a_question_may_be_answered_by_another_order(answer: str, left: tuple[str, ...]) -> None:
    assert talked(PETS, "delete all my tasks", answer).titles == list(left)


EXAM = ("Write the essay", "Register for the exam", "Read the essay")


@pytest.mark.requirement("004/FR-021", "004/FR-022")
@pytest.mark.parametrize(
    ("turns", "left"),
    [
        (("delete everything except the exam regstration", "yes"), EXAM),
        (("delete everything except the exam regstration", "yes", "yes"), EXAM[1:2]),
        (("delete everything except the essay", "the first one"), EXAM),
        (("delete everything except the essay", "the first one", "yes"), EXAM[:1]),
        (
            ("complete everything except the essay", "the first one"),
            (EXAM[0], f"*{EXAM[1]}", f"*{EXAM[2]}"),
        ),
    ],
)
def test_who_chooses_what_is_to_be_spared_spares_it(
    turns: tuple[str, ...], left: tuple[str, ...]
) -> None:
    assert sorted(talked(EXAM, *turns).titles) == sorted(left)


@pytest.mark.requirement("004/FR-021")
def test_a_question_is_asked_again() -> None:
    assert talked(PETS, "add a task", "what?", "buy eggs").titles == [*PETS, "Buy eggs"]


@pytest.mark.requirement("004/FR-022")
def test_the_other_two_are_not_all_others() -> None:
    many = (*PETS, "Call Ann", "Call Bob")
    assert talked(many, "complete the car", "complete the other two").titles == [
        "*Wash the car",
        *many[1:],
    ]
