"""What holds for every sentence."""

import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offline.dialogue import changes, listed, rows, said, wanted

from todo_chatbot.agent.offline import patterns
from todo_chatbot.agent.offline.assistant import decide
from todo_chatbot.agent.offline.lexicon import load
from todo_chatbot.agent.offline.utterance import intents

TASKS = ("Buy groceries", "Call mom", "Pay electricity bill", "*Wash the car", "Delete old files")
EN = load("en")
LONGEST = 4000

a_task = st.sampled_from(
    [title.lstrip("*") for title in TASKS]
    + ["task 1", "number 3", "the first one", "everything", "the completed ones", "it", "mom"]
)
done = st.sampled_from(["done", "finished", "deleted", "paid", "washed", "complete", "bought"])
question = st.one_of(
    st.builds("{} {} {}?".format, st.sampled_from(["is", "are", "was", "isn't"]), a_task, done),
    st.builds("did I {}?".format, a_task),
    st.builds("have I {} {}?".format, done, a_task),
    st.builds("do I {} {}?".format, st.sampled_from(["need to", "still have to", "have"]), a_task),
    st.builds("should I {} {}?".format, st.sampled_from(["delete", "complete", "add"]), a_task),
    st.builds(
        "{} {}?".format, st.sampled_from(["what about", "when is", "who did", "why"]), a_task
    ),
    st.builds("{} {}?".format, a_task, done),
    st.builds(
        "how do I {} {}?".format, st.sampled_from(["delete", "complete", "rename", "add"]), a_task
    ),
)
word = st.text(string.ascii_letters + "äöüñ ä½你دوں🎂", min_size=1, max_size=12)
plain_title = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\"“”«»`'‘’"),
    min_size=1,
    max_size=40,
)


@pytest.mark.requirement("004/FR-020")
@settings(max_examples=300, deadline=None)
@given(question)
def test_a_question_never_changes_anything(text: str) -> None:
    assert changes(wanted(text, *TASKS)) == []


@pytest.mark.requirement("004/FR-013")
@settings(max_examples=200, deadline=None)
@given(plain_title, st.sampled_from(['add "{}"', 'remind me to "{}"', 'add a task called "{}"']))
def test_a_quoted_title_arrives_unchanged(title: str, order: str) -> None:
    assert changes(wanted(order.format(title))) == [("add_task", {"title": title})]


@pytest.mark.requirement("004/FR-028")
@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(word, a_task, done, st.integers(0, 99).map(str)), min_size=1, max_size=8))
def test_numbers_come_from_the_list_or_the_utterance(parts: list[str]) -> None:
    text = " ".join(parts)
    known = {row["id"] for row in rows(*TASKS)}
    written = {int(digits) for digits in "".join(c if c.isdecimal() else " " for c in text).split()}

    for _, arguments in changes(wanted(text, *TASKS)):
        assert arguments.get("task_id", 1) in known | written | set(range(1, 21))


@pytest.mark.requirement("004/FR-006")
@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    step = decide([said(text), *listed(rows(*TASKS))])

    assert step.calls or step.text
    json.dumps([dict(arguments) for _, arguments in step.calls])


@pytest.mark.requirement("004/FR-006")
@pytest.mark.parametrize(
    "unit",
    [
        "add ",
        "and ",
        "buy milk and call mom, ",
        "delete task 1 and ",
        "is done ",
        "to ",
        "change a to ",
        "please ",
        "all but ",
        "1 2 ",
        '"',
        "a note: ",
        "\n- x",
        "? ",
        "x",
    ],
)
def test_the_steps_of_reading_grow_with_the_length_and_no_faster(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = 0
    phrase_ends, slot_ends = patterns.phrase_ends, patterns._slot_ends

    def counted(inner):
        def count(*args):
            nonlocal steps
            for end in inner(*args):
                steps += 1
                yield end

        return count

    monkeypatch.setattr(patterns, "phrase_ends", counted(phrase_ends))
    monkeypatch.setattr(patterns, "_slot_ends", counted(slot_ends))

    def cost(length: int) -> int:
        nonlocal steps
        steps = 0
        intents.cache_clear()
        intents((unit * length)[:length], EN)
        return steps

    half, whole = cost(LONGEST // 2), cost(LONGEST)

    assert whole <= 2.5 * half + 1000


STORY = (
    "We went down to the harbour in the morning, because the weather was fine. "
    "My brother had brought sandwiches, which nobody ate, and a kite that would not fly. "
    "I called mom and paid the electricity bill, delete the first one and wash the car. "
)


@pytest.mark.requirement("004/FR-008")
@pytest.mark.parametrize("text", [STORY * 16, STORY.replace(".", ",") * 16, "a\n" * 2000])
def test_of_a_story_nothing_is_carried_out(text: str) -> None:
    step = wanted(text[:LONGEST], *TASKS)

    assert changes(step) == []
    assert step.text == EN.say["too_long"][0]


@pytest.mark.requirement("004/FR-008")
def test_a_long_list_is_not_too_long() -> None:
    titles = [f"Buy item {number} for the party" for number in range(100)]
    step = wanted("add:\n" + "".join(f"- {title}\n" for title in titles), *TASKS)

    assert changes(step) == [("add_task", {"title": title}) for title in titles]
