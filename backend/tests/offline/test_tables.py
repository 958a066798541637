"""The tables of words: what stands in a class is understood, and a new word needs one line."""

import tomllib
from importlib.resources import files

import pytest

from todo_chatbot.agent.offline.lexicon import Language, build, load, read_table
from todo_chatbot.agent.offline.memory import Memory
from todo_chatbot.agent.offline.outcomes import Scene
from todo_chatbot.agent.offline.patterns import phrases
from todo_chatbot.agent.offline.plan import plan
from todo_chatbot.agent.offline.utterance import intents

EN = load("en")
TABLE = files("todo_chatbot.agent.offline").joinpath("words", "en.toml").read_text(encoding="utf-8")


def taught(line: str, *, name: str = "complete", act: str = "order") -> Language:
    """Return English with one pattern more, before all others of its frame."""
    frame = f'[[frame]]\nname = "{name}"\nact = "{act}"\npatterns = """\n'
    assert frame in TABLE
    return build(tomllib.loads(TABLE.replace(frame, f"{frame}{line}\n", 1)))


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


@pytest.mark.requirement("004/FR-050", "004/FR-021")
@pytest.mark.parametrize(("flag", "asked"), [("", True), (" !everything", False)])
def test_a_pattern_completes_everything_only_if_it_says_so(flag: str, asked: bool) -> None:
    language = taught(f"tschakka{flag}")
    (intent,) = intents("tschakka", language)

    outcome = plan(intent, Scene(Memory(), language, None, ()))

    assert (outcome is not None and outcome.say == "which_task") == asked
