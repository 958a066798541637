"""The stages that read: words, patterns, clauses, titles, references, likeness."""

import pytest

from todo_chatbot.agent.offline import titles
from todo_chatbot.agent.offline.clause import read_clause
from todo_chatbot.agent.offline.lexicon import load
from todo_chatbot.agent.offline.listing import is_listing, list_status
from todo_chatbot.agent.offline.orders import correction
from todo_chatbot.agent.offline.patterns import compile_pattern, match, phrases
from todo_chatbot.agent.offline.references import parse
from todo_chatbot.agent.offline.sentences import sentences
from todo_chatbot.agent.offline.similarity import coverage, similar, stem
from todo_chatbot.agent.offline.tokens import Words, read
from todo_chatbot.agent.offline.utterance import intents

EN = load("en")


def words(text: str) -> Words:
    return read(text, EN.spellings)


def anything(*_: object) -> bool:
    return True


def test_contractions_are_spelled_out_and_keep_their_place() -> None:
    found = words("Don't buy mom's “Oat Milk”!")

    assert found.folds == ("do", "not", "buy", "mom", "'s", '"oat milk"', "!")
    assert found[2:6].said == "buy mom's “Oat Milk”"


def test_a_phrase_is_every_way_to_say_it() -> None:
    assert phrases("[my|the] (list|to do list)", {}) == (
        ("my", "list"),
        ("my", "to", "do", "list"),
        ("the", "list"),
        ("the", "to", "do", "list"),
        ("list",),
        ("to", "do", "list"),
    )


def test_a_pattern_fills_its_slots_with_the_whole_clause() -> None:
    pattern = compile_pattern("(rename|change) {ref} [back] to {title}", {})

    assert match(pattern, words("change task 1 to go to bed").folds, anything) == {
        "ref": (1, 3),
        "title": (4, 7),
    }
    assert match(pattern, words("please change task 1 to x").folds, anything) is None


def test_a_slot_takes_no_words_that_do_not_fit() -> None:
    pattern = compile_pattern("{ref} is {past}", {})

    found = match(
        pattern,
        words("what is left is done").folds,
        lambda slot, start, _: slot != "past" or start > 3,
    )

    assert found == {"ref": (0, 3), "past": (4, 5)}


@pytest.mark.requirement("004/FR-050")
def test_a_phrase_that_stands_for_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="2000 phrases: "):
        phrases("[a|b|c] " * 6, {})


@pytest.mark.requirement("004/FR-010")
@pytest.mark.parametrize(
    ("text", "left", "act"),
    [
        ("hey, could you please delete task 2, thanks?", "delete task 2", "order"),
        ("well, I was wondering if you could add milk", "add milk", "order"),
        ("would you mind deleting number 2?", "deleting number 2", "order"),
        ("is the bill paid?", "is the bill paid", "question"),
        ("do you know if the bill is paid", "the bill is paid", "question"),
        ("delete task 2?", "delete task 2", "asked"),
        ("should I delete task 2?", "delete task 2", "asked"),
        ("delete task 2, please?", "delete task 2", "order"),
        ("second one is done", "second one is done", "order"),
    ],
)
def test_manners_are_left_aside_and_the_speech_act_is_told(text: str, left: str, act: str) -> None:
    clause = read_clause(words(text), EN)

    assert (clause.words.said, clause.act) == (left, act)


@pytest.mark.requirement("004/FR-011")
def test_slips_in_command_words_are_set_right() -> None:
    slips = {"delte": "delete", "compelte": "complete", "mrak": "mark", "yuo": "you"}

    assert {slip: correction(slip, EN) for slip in slips} == slips
    assert correction("last", EN) is correction("shoes", EN) is correction("plumber", EN) is None


@pytest.mark.requirement("004/FR-012")
@pytest.mark.parametrize(
    ("text", "frames"),
    [
        ("delete task 2 and complete task 1", ["delete", "complete"]),
        ("I called mom, now remind me to buy flowers", ["complete", "add"]),
        ("done with 1, what's next?", ["complete", "next"]),
        ("remind me to update the website and delete old posts", ["add"]),
        ("mark the cake and the present as done", ["complete"]),
        ("delete 1. Then show my list.", ["delete", "list"]),
        ("I don't need to call mom anymore, she came by", ["delete", "none"]),
        ("I don't need it anymore, they all take cards now", ["delete", "unknown"]),
    ],
)
def test_clauses_are_told_from_titles_and_remarks(text: str, frames: list[str]) -> None:
    assert [intent.frame for intent in intents(text, EN, fresh=True)] == frames


def test_sentences_end_where_they_end() -> None:
    found = sentences(words("Visit Dr. Singh at 5 p.m. today. Add: 1. milk 2. eggs. OK?"), EN)

    assert [one.said for one in found] == [
        "Visit Dr. Singh at 5 p.m. today.",
        "Add: 1. milk 2. eggs.",
        "OK?",
    ]


@pytest.mark.requirement("004/FR-013")
@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("add a task called delete all tasks", "Delete all tasks"),
        ('Please add "mark homework as done" to my list', "mark homework as done"),
        ("add buy AA batteries (4x) @ IKEA", "Buy AA batteries (4x) @ IKEA"),
        ("add 🎂 order birthday cake, please", "🎂 order birthday cake"),
        ("add دودھ خریدنا", "دودھ خریدنا"),
        ("add iPhone repair", "iPhone repair"),
        ("put walk the dog on my todo list", "Walk the dog"),
    ],
)
def test_titles_are_kept_word_for_word(text: str, title: str) -> None:
    (intent,) = intents(text, EN, fresh=True)

    assert intent.frame == "add"
    assert titles.title_of(titles.after(intent.slots["title"], "called", EN), EN) == title


@pytest.mark.requirement("004/FR-014")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("buy milk, call dad and pay rent", ["Buy milk", "Call dad", "Pay rent"]),
        ("buy milk, eggs and bread", ["Buy milk, eggs and bread"]),
        ("- call Sara\n- book a taxi", ["Call Sara", "Book a taxi"]),
        ("1. call Sara 2. book a taxi", ["Call Sara", "Book a taxi"]),
        ('"wash car" and "mow lawn"', ["wash car", "mow lawn"]),
    ],
)
def test_several_titles_come_in_one_stretch(text: str, found: list[str]) -> None:
    assert [title for title, _ in titles.entries(words(text), EN)] == found


@pytest.mark.requirement("004/FR-014")
@pytest.mark.parametrize(
    "text",
    [
        "plan trip with description flights and hotel",
        "plan trip, description: flights and hotel",
        "plan trip (note: flights and hotel)",
        "plan trip and in the description put flights and hotel",
    ],
)
def test_a_description_is_told_from_its_title(text: str) -> None:
    assert titles.entries(words(text), EN) == (("Plan trip", "flights and hotel"),)


@pytest.mark.requirement("004/FR-015")
@pytest.mark.parametrize(
    ("text", "kind", "numbers"),
    [
        ("task 3", "numbers", (3,)),
        ("#1, #2 and 5", "numbers", (1, 2, 5)),
        ("tasks 2 through 4", "numbers", (2, 3, 4)),
        ("number two", "numbers", (2,)),
        ("the second one", "positions", (2,)),
        ("the first and the third", "positions", (1, 3)),
        ("the last two", "positions", (-2, -1)),
        ("it", "it", ()),
        ("both of them", "them", ()),
        ("the other one", "other", ()),
        ("all completed tasks", "all", ()),
        ("everything except call mom", "all", ()),
        ("read chapter 3", "name", ()),
        ("mom and the dentist", "several", ()),
    ],
)
def test_references_are_told_apart(text: str, kind: str, numbers: tuple[int, ...]) -> None:
    found = parse(words(text), EN)

    assert (found.kind, found.numbers) == (kind, numbers)


def test_a_set_knows_its_status_and_what_it_spares() -> None:
    done = parse(words("the completed ones"), EN)
    spared = parse(words("all my tasks but the first"), EN)

    assert (done.kind, done.status) == ("all", "completed")
    assert spared.minus is not None
    assert spared.minus.numbers == (1,)


@pytest.mark.requirement("004/FR-015")
def test_words_are_alike_by_stem_synonym_and_slip() -> None:
    assert [stem(word, EN) for word in ("bought", "washing", "parties", "planned", "boxes")] == [
        "buy",
        "wash",
        "party",
        "plan",
        "box",
    ]
    assert similar("mother", "mom", EN) > 0.9
    assert similar(stem("grocries", EN), stem("groceries", EN), EN) > 0.8
    assert similar("preparation", "prepare", EN) > 0.8
    assert similar("milk", "mail", EN) == 0


def test_coverage_looks_both_ways() -> None:
    said_in_title, title_in_said = coverage(("the", "report"), "Finish quarterly report", EN)

    assert said_in_title == 1
    assert title_in_said < 0.8


@pytest.mark.requirement("004/FR-031")
@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("show me all my tasks", "all"),
        ("what's pending", "pending"),
        ("what have I completed", "completed"),
        ("what is not done yet", "pending"),
        ("what do I still have to do", "pending"),
        ("everything, done and not done", "all"),
    ],
)
def test_a_question_about_the_list_knows_which_tasks(text: str, status: str) -> None:
    assert is_listing(words(text).folds, EN)
    assert list_status(words(text), EN) == status


@pytest.mark.requirement("004/FR-050")
def test_a_new_pattern_needs_nothing_but_a_line_in_the_table() -> None:
    from importlib.resources import files

    from todo_chatbot.agent.offline.lexicon import build
    from todo_chatbot.agent.offline.tables import parse_table

    table = files("todo_chatbot.agent.offline").joinpath("words", "en.toml")
    text = table.read_text(encoding="utf-8")
    assert not any(one.frame == "delete" for one in intents("qwertify task 2", EN))

    text = text.replace("\ndelete = [", '\ndelete = ["qwertify",', 1)
    taught = build(parse_table(text, "en.toml"))

    assert [one.frame for one in intents("qwertify task 2", taught)] == ["delete"]
