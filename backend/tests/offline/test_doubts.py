"""What may be meant otherwise changes nothing; a reason, a claim or a slip beside it neither."""

import pytest
from offline.dialogue import changes, talked, wanted

LIST = ("Buy milk", "Call the dentist", "Pay rent", "Book squash court", "*Book flights")


@pytest.mark.requirement("004/FR-016")
@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("I think I paid the rent", True),
        ("my sister has bought her milk", True),
        ("the dentist is closed today", True),
        ("they have moved the squash court", True),
        ("Bob claims the rent is paid", True),
        ("apparently someone has paid the rent", True),
        ("we paid rent in our old flat back in 2016", True),
        ("I called the dentist, but no answer", True),
        ("Gran loved the milk I bought", True),
        ("the milk task should be blue", True),
        ("I have every intention of paying the rent", False),
    ],
)
def test_what_is_believed_claimed_or_put_off_is_not_done(text: str, asks: bool) -> None:
    step = wanted(text, *LIST)

    assert (changes(step), "?" in step.text) == ([], asks)


@pytest.mark.requirement("004/FR-016")
@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("I nearly forgot to pay the rent, but it's done now", 3),
        ("I almost forgot to buy milk but I did", 1),
        ("the tyres are changed", 4),
    ],
)
def test_what_is_told_as_done_at_last_is_done(text: str, done: int) -> None:
    step = wanted(text, *LIST[:3], "Get the tyres changed")

    assert changes(step) == [("complete_task", {"task_id": done})]


@pytest.mark.requirement("004/FR-016")
def test_an_order_behind_it_vouches_for_what_is_told() -> None:
    step = wanted('The milk task should be oats. Change it to "Buy oats".', *LIST)

    assert changes(step) == [("update_task", {"task_id": 1, "title": "Buy oats"})]


@pytest.mark.requirement("004/FR-024")
@pytest.mark.parametrize(
    "text",
    [
        "I've cancelled the tennis court, remove it",
        "complete walk the dog",
        "add call Bob... never mind, forget it",
        "no need to tick off the rent, it's still open",
        "delete nothing",
        "mark my words, that milk won't last",
        "I'm so done with the rent",
    ],
)
def test_a_name_that_fits_no_task_leaves_the_next_best_alone(text: str) -> None:
    assert changes(wanted(text, *LIST)) == []


@pytest.mark.requirement("004/FR-026")
@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("forget about the milk, I don't want to do that any more", [("delete_task", 1)]),
        ("remove milk and rent, well, keep the rent", [("delete_task", 1)]),
        ("complete 1 and 3, actually just 3", [("complete_task", 3)]),
        ("mark the milk as done no wait not the milk the rent", [("complete_task", 3)]),
        ("remove the milk one please, grandad is getting it", [("delete_task", 1)]),
        ("take the milk off my list i bought some", [("delete_task", 1)]),
        ("delete the milk... no, don't delete it, mark it as done", [("complete_task", 1)]),
        ("mark task 2, sorry, task 3 as done", [("complete_task", 3)]),
        ("the milk is bought, the rent isn't paid yet", [("complete_task", 1)]),
    ],
)
def test_what_is_taken_back_or_explained_in_one_breath(
    text: str, changed: list[tuple[str, int]]
) -> None:
    made = changes(wanted(text, *LIST))

    assert [(name, arguments["task_id"]) for name, arguments in made] == changed


@pytest.mark.requirement("004/FR-015")
@pytest.mark.parametrize(
    "text", ["mark milk rent and dentist done", "mark the dentist milk and rent done"]
)
def test_tasks_may_be_named_in_a_row(text: str) -> None:
    made = changes(wanted(text, *LIST))

    assert {arguments["task_id"] for _, arguments in made} == {1, 2, 3}


@pytest.mark.requirement("004/FR-015")
def test_the_very_words_tell_titles_apart() -> None:
    tasks = ("Buy a drill", "Buy drill bits", "Hang the shelf")

    assert changes(wanted("delete the drill bits", *tasks)) == [("delete_task", {"task_id": 2})]
    assert changes(wanted("delete the drill", *tasks)) == []


@pytest.mark.requirement("004/FR-013")
@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (
            "two new ones please: renew the pass, and call Mum and Dad",
            ["Renew the pass", "Call Mum and Dad"],
        ),
        (
            "add: learn the words 'remove', 'complete' and 'list'",
            ["Learn the words 'remove', 'complete' and 'list'"],
        ),
        ("put both 'email HR' and 'print the badge' on my list", ["email HR", "print the badge"]),
        (
            "add buy milk add call Bob and add water the ferns",
            ["Buy milk", "Call Bob", "Water the ferns"],
        ),
        ("add eggs, flour and salt as separate tasks", ["Eggs", "Flour", "Salt"]),
        ('add "return the dish" before I forget', ["return the dish"]),
    ],
)
def test_titles_are_cut_as_they_were_announced(text: str, titles: list[str]) -> None:
    assert [arguments["title"] for _, arguments in changes(wanted(text))] == titles


@pytest.mark.requirement("004/FR-013")
def test_a_title_that_speaks_to_the_assistant_is_asked_back() -> None:
    step = wanted("add ring Bob and you could feed the cat")

    assert changes(step) == []
    assert step.text.startswith("Shall I add")


@pytest.mark.requirement("004/FR-012")
def test_what_a_message_adds_may_be_done_in_it() -> None:
    step = wanted("add wash socks and then mark it as done")

    assert changes(step) == [("add_task", {"title": "Wash socks"})]


@pytest.mark.requirement("004/FR-031")
def test_what_was_forgotten_before_is_not_added_again() -> None:
    step = wanted("oh no, I forgot to call the dentist", *LIST)

    assert changes(step) == []
    assert "#2 Call the dentist" in step.text


@pytest.mark.requirement("004/FR-021")
@pytest.mark.parametrize("doubt", ["the curtains are up", "I think I hung the curtains"])
def test_a_doubt_is_settled_by_one_yes(doubt: str) -> None:
    talk = talked(["Hang the curtains"], doubt)

    assert (talk.titles, "?" in talk.answer) == (["Hang the curtains"], True)
    talk.say("yes")
    assert talk.titles == ["*Hang the curtains"]


@pytest.mark.requirement("004/FR-022")
@pytest.mark.parametrize("reply", ["no, only testing you", "haha no, just kidding"])
def test_a_joke_deletes_nothing(reply: str) -> None:
    tasks = ["Test the soup", "Buy milk", "Buy eggs", "Buy bread"]

    assert talked(tasks, "delete everything", reply).titles == tasks


@pytest.mark.requirement("004/FR-032")
@pytest.mark.parametrize("text", ["hi there", "hello assistant!", "thanks mate"])
def test_whoever_is_greeted_is_greeted_back(text: str) -> None:
    assert "understand" not in talked([], text).answer
    assert "get that" not in talked([], text).answer


@pytest.mark.requirement("004/FR-012")
@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("the milk is bought, and so is the rent one", [1, 3]),
        ("I bought the milk mark it done", [1]),
        ("the milk is bought, so mark that as done", [1]),
    ],
)
def test_an_order_may_end_a_sentence_without_a_mark(text: str, done: list[int]) -> None:
    made = changes(wanted(text, *LIST))

    assert [arguments["task_id"] for _, arguments in made] == done


@pytest.mark.requirement("004/FR-026")
def test_an_order_beside_a_name_corrects_no_deletion() -> None:
    talk = talked(
        ["Apply for the visa", "Buy a guide"], "delete 2", "the visa is done, mark that too"
    )

    assert talk.titles == ["*Apply for the visa"]
