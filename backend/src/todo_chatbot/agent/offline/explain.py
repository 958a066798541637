"""What the assistant makes of a sentence, stage by stage, for people."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from todo_chatbot.agent.offline.assistant import decide
from todo_chatbot.agent.offline.clause import read_clause
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Turn, turns
from todo_chatbot.agent.offline.replay import REMEMBERED_TURNS, remember
from todo_chatbot.agent.offline.sentences import sentences
from todo_chatbot.agent.offline.speaking import language_of
from todo_chatbot.agent.offline.step import Step, step
from todo_chatbot.agent.offline.tokens import Words, read
from todo_chatbot.agent.offline.trial import TrialList
from todo_chatbot.agent.offline.utterance import intents

_MOST_NEAR = 3
"""Patterns that are named where none fits."""


def explain(sentence: str, items: Sequence[Any] = ()) -> str:
    """Return how ``sentence`` is read after the conversation ``items``, and the first step."""
    past = turns(items, REMEMBERED_TURNS)
    language = language_of([*past, Turn(sentence)])
    first = step(Turn(sentence), remember(past), language)
    return "\n".join([*_reading(sentence, past), *_step(first, "first call")])


def rehearse(sentences: Sequence[str], titles: Sequence[str] = ()) -> str:
    """Return how sentences are read and answered, one after another, on a list of ``titles``."""
    tasks, items = TrialList(titles), list[Any]()
    lines: list[str] = []
    for sentence in sentences:
        if len(sentences) > 1:
            lines.append(f"> {sentence}")
        lines.extend(_reading(sentence, turns(items, REMEMBERED_TURNS)))
        items.append({"role": "user", "content": sentence})
        lines.extend(_turn(items, tasks))
    return "\n".join(lines)


def _turn(items: list[Any], tasks: TrialList) -> Iterator[str]:
    """Yield the steps of a turn; what is called and answered is added to ``items``."""
    calls, told = True, set[str]()
    while calls:
        taken = decide(items)
        calls = bool(taken.calls)
        for line in _step(taken, "call"):
            if line not in told:
                yield line
        told.update(_tasks(taken))
        for name, arguments in taken.calls:
            call_id = f"call-{len(items)}"
            items.append(
                {
                    "type": "function_call",
                    "call_id": call_id,
                    "name": name,
                    "arguments": json.dumps(dict(arguments)),
                }
            )
            output = tasks.call(name, arguments)
            items.append({"type": "function_call_output", "call_id": call_id, "output": output})
        if not calls:
            items.append({"role": "assistant", "content": taken.text})


def _step(taken: Step, call: str) -> Iterator[str]:
    yield from _tasks(taken)
    for name, arguments in taken.calls:
        yield f"{call:10} {name} {dict(arguments)}"
    if taken.text:
        yield f"answer     {taken.text}"


def _tasks(taken: Step) -> list[str]:
    tasks = dict.fromkeys(task for outcome in taken.outcomes for task in outcome.tasks)
    return [f"tasks      #{task.id} {task.title}" for task in tasks]


def _reading(sentence: str, past: Sequence[Turn]) -> Iterator[str]:
    memory, language = remember(past), language_of([*past, Turn(sentence)])
    words = read(sentence, language.spellings)
    yield f"language   {language.code}"
    yield f"words      {' '.join(words.folds)}"
    for part in sentences(words, language):
        clause = read_clause(part, language)
        yield f"sentence   {part.said!r} is {_ACTS[clause.act]}: {clause.words.said!r}"
    for intent in intents(sentence, language, fresh=not memory.changes):
        yield from _intent(intent, language)
    if memory.question is not None:
        yield f"open       our question: {memory.question.kind} {memory.question.candidates}"


_ACTS = {"question": "a question", "asked": "an order put as a question", "order": "told"}


def _intent(intent: Intent, language: Language) -> list[str]:
    lines = [f"frame      {intent.frame} ({intent.act})"]
    if intent.pattern.source:
        lines.append(f"pattern    {intent.pattern.place}: {_short(intent.pattern.source)}")
    if intent.frame == "unknown":
        lines += [f"near       {one}" for one in _near(intent.slots["rest"], language)]
    lines += [f"slot       {name} = {words.said!r}" for name, words in intent.slots.items()]
    if intent.ref is not None:
        lines.append(f"reference  {_reference(intent)}")
    if intent.frame in ("list", "count"):
        lines.append(f"which      {intent.status} tasks")
    return lines


def _near(words: Words, language: Language) -> list[str]:
    """Return the patterns whose own words are all there, but not what they need around them."""
    have = frozenset(words.folds)
    near = [
        f"{pattern.place}: {frame.name} {_short(pattern.source)}"
        for frame in language.frames
        for pattern in frame.patterns
        if pattern.needs and pattern.may_match(have, words.folds[0] if words.folds else "")
    ]
    return near[:_MOST_NEAR]


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
