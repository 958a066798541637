"""The tables of words: what stands in a class is understood, and a new word needs one line."""

import pytest

from todo_chatbot.agent.offline.lexicon import load, read_table
from todo_chatbot.agent.offline.patterns import phrases
from todo_chatbot.agent.offline.utterance import intents

EN = load("en")


@pytest.mark.requirement("004/FR-050")
@pytest.mark.parametrize(
    ("name", "sentence", "frame"),
    [
        ("delete", "{verb} task 2", "delete"),
        ("complete", "{verb} task 2", "complete"),
        ("reopen", "{verb} task 2", "reopen"),
        ("rename", "{verb} task 2 to buy bread", "rename"),
        ("show", "{verb} what is pending", "list"),
        ("plainadd", "{verb} walk the dog", "add"),
        ("add", "{verb} a task walk the dog", "add"),
    ],
)
def test_every_verb_of_a_class_does_what_the_class_says(
    name: str, sentence: str, frame: str
) -> None:
    said = [sentence.format(verb=" ".join(verb)) for verb in in_class(name)]

    understood = {one: [intent.frame for intent in intents(one, EN, fresh=True)] for one in said}

    assert {one: found for one, found in understood.items() if found != [frame]} == {}


def in_class(name: str) -> list[tuple[str, ...]]:
    """Return the phrases of a class of English."""
    known: dict[str, tuple[tuple[str, ...], ...]] = {}
    for one, entries in (read_table("common")["classes"] | read_table("en")["classes"]).items():
        known[one] = tuple(phrase for entry in entries for phrase in phrases(entry, known))
    return list(known[name])
