"""What the assistant makes of a sentence, stage by stage, for people."""

from collections.abc import Sequence
from typing import Any

from todo_chatbot.agent.offline.clause import read_clause
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.memory import Turn, turns
from todo_chatbot.agent.offline.replay import REMEMBERED_TURNS, remember
from todo_chatbot.agent.offline.sentences import sentences
from todo_chatbot.agent.offline.speaking import language_of
from todo_chatbot.agent.offline.step import step
from todo_chatbot.agent.offline.tokens import read
from todo_chatbot.agent.offline.utterance import intents


def explain(sentence: str, items: Sequence[Any] = ()) -> str:
    """Return how ``sentence`` is understood after the conversation ``items``, a line per stage."""
    past = turns(items, REMEMBERED_TURNS)
    memory, language = remember(past), language_of([*past, Turn(sentence)])
    words = read(sentence, language.spellings)
    lines = [f"language   {language.code}", f"words      {' '.join(words.folds)}"]
    for part in sentences(words):
        clause = read_clause(part, language)
        lines.append(f"sentence   {part.said!r} is {_ACTS[clause.act]}: {clause.words.said!r}")
    for intent in intents(sentence, language, fresh=not memory.changes):
        lines.extend(_intent(intent))
    if memory.question is not None:
        lines.append(
            f"open       our question: {memory.question.kind} {memory.question.candidates}"
        )
    first = step(Turn(sentence), memory, language)
    for name, arguments in first.calls:
        lines.append(f"first call {name} {dict(arguments)}")
    if first.text:
        lines.append(f"answer     {first.text}")
    return "\n".join(lines)


_ACTS = {"question": "a question", "asked": "an order put as a question", "order": "told"}


def _intent(intent: Intent) -> list[str]:
    lines = [f"frame      {intent.frame} ({intent.act})"]
    if intent.pattern:
        lines.append(f"pattern    {_short(intent.pattern)}")
    lines += [f"slot       {name} = {words.said!r}" for name, words in intent.slots.items()]
    if intent.ref is not None:
        lines.append(f"reference  {_reference(intent)}")
    if intent.frame in ("list", "count"):
        lines.append(f"which      {intent.status} tasks")
    return lines


def _reference(intent: Intent) -> str:
    ref = intent.ref
    assert ref is not None
    about = [ref.kind]
    if ref.numbers:
        about.append(" ".join(map(str, ref.numbers)))
    if ref.name:
        about.append(repr(" ".join(ref.name)))
    if ref.status != "all":
        about.append(ref.status)
    if ref.minus is not None:
        about.append(f"but not {ref.minus.said!r}")
    return ", ".join(about)


def _short(pattern: str) -> str:
    return pattern if len(pattern) <= 70 else f"{pattern[:67]}..."
