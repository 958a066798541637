"""One step of the assistant: from the input items to tool calls or to the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from todo_chatbot.agent.offline.answer import answer
from todo_chatbot.agent.offline.frames import Intent
from todo_chatbot.agent.offline.lexicon import Language, load
from todo_chatbot.agent.offline.memory import Call, Memory, Task, Turn, changes, turns
from todo_chatbot.agent.offline.outcomes import Arguments, Outcome, Scene
from todo_chatbot.agent.offline.plan import plan
from todo_chatbot.agent.offline.replies import reply
from todo_chatbot.agent.offline.sentences import intents

REMEMBERED_TURNS = 12
"""Turns before this one that are read again for "it", "undo" and our open question."""
READ_LIST = ("list_tasks", {"status": "all"})
_SMALL = frozenset(
    (
        "greet",
        "thanks",
        "bye",
        "how_are_you",
        "left_alone",
        "lost",
        "off_topic",
        "nothing_to_confirm",
        "kept",
    )
)

_AROUND = frozenset(("greet", "thanks", "bye", "how_are_you", "unknown", "none", "leave", "yes"))


@dataclass(frozen=True)
class Step:
    """What the model says next: calls to make, or the answer. ``outcomes`` is how it came to it."""

    calls: tuple[tuple[str, Arguments], ...] = ()
    text: str = ""
    outcomes: tuple[Outcome, ...] = ()


def decide(items: Sequence[Any] | str, language: Language | None = None) -> Step:
    """Return the next step of the conversation; the same items always give the same step."""
    language = language or load("en")
    conversation = turns(items)
    if not conversation:
        return Step(text=language.say["greet"][0])
    memory = remember(conversation[:-1], language)
    return step(conversation[-1], memory, language)


def remember(past: Sequence[Turn], language: Language) -> Memory:
    """Return what the turns before this one leave behind."""
    memory = Memory()
    for turn in past[-REMEMBERED_TURNS:]:
        memory = _after(turn, memory, language)
    return memory


def _after(turn: Turn, memory: Memory, language: Language) -> Memory:
    tasks = dict(memory.tasks)
    made = changes(turn, tasks)
    replayed = step(turn, memory, language)
    ours = bool(turn.answer) and replayed.text.strip() == turn.answer.strip()
    question = shown = None
    if ours:
        question = next((o.question for o in replayed.outcomes if o.question), None)
        shown = _shown(replayed.outcomes, turn)
    if shown is None:
        shown = next(
            (
                tuple(t.id for t in c.tasks)
                for c in reversed(turn.calls)
                if c.tasks is not None and not ours
            ),
            None,
        )
    focus, listed = memory.focus, memory.listed
    if made:
        focus, listed = tuple(dict.fromkeys(c.task.id for c in made)), False
    elif shown is not None:
        focus, listed = shown, True
    if made and all(c.kind == "delete" for c in made):
        focus = ()
    return Memory(
        tasks=tasks,
        shown=memory.shown if shown is None else shown,
        focus=focus,
        listed=listed,
        changes=tuple(made) if made else memory.changes,
        question=question,
    )


def _shown(outcomes: Sequence[Outcome], turn: Turn) -> tuple[int, ...] | None:
    for outcome in reversed(outcomes):
        if outcome.listing:
            now = _now(turn, {})
            return tuple(
                t.id
                for t in now
                if outcome.listing == "all" or t.completed == (outcome.listing == "completed")
            )
        if outcome.shown is not None:
            return outcome.shown
    return None


def _now(turn: Turn, known: dict[int, Task]) -> list[Task]:
    changes(turn, known)
    return [known[i] for i in sorted(known)]


def step(turn: Turn, memory: Memory, language: Language) -> Step:
    """Return what comes next in a turn, given what has been called in it."""
    read = next(
        (
            c
            for c in turn.calls
            if c.name == "list_tasks" and c.arguments.get("status", "all") == "all"
        ),
        None,
    )
    if read is not None and read.error:
        return Step(text=language.say["tools_down"][0].format(why=read.error))
    scene = Scene(memory, language, read.tasks if read is not None else None)
    outcomes = _outcomes(turn.said, scene)
    if outcomes is None:
        return Step(calls=(READ_LIST,))
    made, open_calls = _assign(outcomes, turn.calls)
    changing = tuple(call for call in open_calls if call[0] != "list_tasks")
    if changing or open_calls:
        return Step(calls=changing or tuple(open_calls[:1]), outcomes=tuple(outcomes))
    known = dict(memory.tasks)
    text = answer(outcomes, made, _now(turn, known), language)
    return Step(text=text, outcomes=tuple(outcomes))


def _outcomes(said: str, scene: Scene) -> list[Outcome] | None:
    if scene.memory.question is not None:
        replied = reply(said, scene.memory.question, scene)
        if replied is None:
            return None
        if isinstance(replied, Outcome):
            return [replied]
    wanted = relevant(intents(said, scene.language, fresh=not scene.memory.changes), scene.language)
    if scene.tasks is not None:
        scene = scene.beginning(said)
    found: list[Outcome] = []
    for intent in wanted:
        outcome = plan(intent, scene)
        if outcome is None:
            return None
        found.append(outcome)
        scene = scene.after(outcome)
    telling = [
        outcome
        for outcome in found
        if outcome.calls or outcome.listing or outcome.say not in _SMALL
    ]
    return telling or found[:1] or [_silence(said)]


def relevant(found: Sequence[Intent], language: Language) -> list[Intent]:
    """Return the intents without the clauses that only surround them."""
    if all(intent.frame in _AROUND for intent in found):
        return list(found)
    if any(intent.frame not in _AROUND and intent.frame != "did_it" for intent in found):
        found = [intent for intent in found if intent.frame != "did_it"]
    verbs = language.words["base"]
    return [
        i
        for i in found
        if i.frame not in _AROUND
        or (i.frame == "unknown"
        and i.slots["rest"].folds[:1]
        and i.slots["rest"].folds[0] in verbs)
    ]


def _silence(said: str) -> Outcome:
    return Outcome(Intent("unknown", said=said), say="lost")


def _assign(
    outcomes: Sequence[Outcome], calls: Sequence[Call]
) -> tuple[list[list[Call]], list[tuple[str, Arguments]]]:
    """Give each planned call what came of it; what nothing has come of is still to be made."""
    left = list(calls)
    made: list[list[Call]] = []
    todo: list[tuple[str, Arguments]] = []
    for outcome in outcomes:
        mine = []
        for name, arguments in outcome.calls:
            done = next(
                (
                    call
                    for call in left
                    if call.name == name and dict(call.arguments) == dict(arguments)
                ),
                None,
            )
            if done is None:
                todo.append((name, arguments))
            else:
                left.remove(done)
                mine.append(done)
        made.append(mine)
    return made, todo
