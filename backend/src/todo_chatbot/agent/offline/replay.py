"""What earlier turns leave behind, found by going through them again.

Nothing is kept between requests. An open question, and what was shown, are known because the same
words with the same results give the same answer: if the answer that was given is another one,
another model gave it, and only what the tools did is remembered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import (
    Change,
    Memory,
    Question,
    Turn,
    change_by_hand,
    changes,
    tasks_after,
)
from todo_chatbot.agent.offline.outcomes import NOTHING, Outcome
from todo_chatbot.agent.offline.speaking import language_of
from todo_chatbot.agent.offline.step import step
from todo_chatbot.agent.offline.undoing import undoing
from todo_chatbot.agent.offline.utterance import intents

REMEMBERED_TURNS = 12
"""Turns that are gone through: enough for "it" and "undo", and a bound on the work."""

_NOWHERE = frozenset(("not_found", "not_on_list"))
"""Answers to a name that fits no task."""
_TAKING_BACK = frozenset(("undo", "keep", "correct"))

Groups = tuple[tuple[Change, ...], ...]
"""Changes, turn by turn."""


def remember(past: Sequence[Turn]) -> Memory:
    """Return what the turns before this one, ``REMEMBERED_TURNS`` at most, leave behind."""
    memory = Memory()
    for count in range(1, len(past) + 1):
        memory = _after(past[:count], memory)
    return memory


def _after(conversation: Sequence[Turn], memory: Memory) -> Memory:
    turn = conversation[-1]
    tasks = dict(memory.tasks)
    made = changes(turn, tasks)
    shown, question, noted, nowhere = None, None, _notes_only(made), False
    if not _only_changes(turn, made):
        language = language_of(conversation)
        again = step(turn, memory, language)
        ours = bool(turn.answer) and again.text.strip() == turn.answer.strip()
        shown = _shown(again.outcomes, turn) if ours else _read(turn)
        question = _asked(again.outcomes) if ours else None
        nowhere = ours and any(one.say in _NOWHERE for one in again.outcomes)
        noted = noted or (not made and (ours and _tells_note(again.outcomes, language)))
    added = tuple(change.task.id for change in made if change.kind == "add")
    if shown is None and len(added) > 1:
        shown = added
    by_hand = [change_by_hand(one, tasks) for one in turn.by_hand]
    touched = dict.fromkeys((*memory.recent, *(one.task.id for one in (*made, *by_hand))))
    last = by_hand[-1:] or made
    focus, listed = _focus(last, shown, memory)
    if not last and shown is None and nowhere:
        focus = NOTHING  # "it" is no other task than the one that was not found
    undone, earlier = _history(conversation, last, memory)
    meant = _meant_instead(conversation, last, memory)
    return Memory(
        tasks=tasks,
        shown=memory.shown if shown is None else shown,
        focus=focus,
        recent=tuple(task_id for task_id in touched if task_id in tasks)[-6:],
        listed=listed,
        changes=tuple(meant) or memory.changes,
        question=question,
        undone=undone,
        earlier=earlier,
        noted=noted,
        just=bool(last),
    )


def _notes_only(made: Sequence[Change]) -> bool:
    """Return whether nothing but the description of one task was changed."""
    if len(made) != 1 or made[0].kind != "update" or made[0].before is None:
        return False
    before, now = made[0].before, made[0].task
    return before.description != now.description and before.title == now.title


def _tells_note(outcomes: Sequence[Outcome], language: Language) -> bool:
    """Return whether an answer told the description of a task that was asked for."""
    asked = (one.intent.said for one in outcomes if one.intent.frame == "detail")
    notes = language.table("bareno").keys()
    return any(not notes.isdisjoint(said.lower().strip("?.! ").split()) for said in asked)


def _history(
    conversation: Sequence[Turn], made: Sequence[Change], memory: Memory
) -> tuple[tuple[Change, ...], Groups]:
    """Return what the last changes took back, and what was changed before and still stands."""
    if not made:
        return memory.undone, memory.earlier
    gone = bool(memory.undone) or not memory.changes
    stood = memory.earlier if gone else (*memory.earlier, memory.changes)
    for many in (1, 2):
        group = tuple(change for one in stood[-many:] for change in one)
        back, left = _taken_back(conversation[-1], group)
        if back and not left and _says_so(conversation):
            kept = tuple(change for change in group if change not in back)
            standing = stood[:-many] + ((kept,) if kept else ())
            return back, _renumbered(standing, _new_numbers(back, made))
    return (), stood


def _meant_instead(
    conversation: Sequence[Turn], made: Sequence[Change], memory: Memory
) -> Sequence[Change]:
    """Return what a turn changed beside taking the last change back: "no, I meant the visa".

    What was a mistake then is none of the changes that another undo takes back.
    """
    turn = conversation[-1]
    calls = [call for call in turn.calls if isinstance(call.result, dict) and call.tasks is None]
    back, left = _taken_back(turn, memory.changes)
    if not back or not left or len(calls) != len(made) or not _says_so(conversation):
        return made
    pairs = zip(calls, made, strict=True)
    return [one for call, one in pairs if (call.name, dict(call.arguments)) in left]


def _taken_back(
    turn: Turn, group: Sequence[Change]
) -> tuple[tuple[Change, ...], list[tuple[str, Any]]]:
    """Return the changes that the calls of a turn took back, and the calls that did more."""
    results = [call.result for call in turn.calls if call.name == "add_task"]
    added = {result["task_id"] for result in results if isinstance(result, dict)}
    # What comes back done is completed again under its new number.
    left = [
        (call.name, dict(call.arguments))
        for call in turn.calls
        if call.name != "list_tasks" and call.arguments.get("task_id") not in added
    ]
    back = []
    for change in group:
        calls = [(name, dict(arguments)) for name, arguments in undoing(change)]
        if calls and all(call in left for call in calls):
            back.append(change)
            left = [call for call in left if call not in calls]
    return tuple(back), left


def _says_so(conversation: Sequence[Turn]) -> bool:
    """Return whether the last turn asked to take something back: "reopen 2" is an order."""
    spoken = intents(conversation[-1].said, language_of(conversation), fresh=False)
    return any(intent.frame in _TAKING_BACK for intent in spoken)


def _new_numbers(back: Sequence[Change], made: Sequence[Change]) -> Mapping[int, int]:
    """Return under which numbers deleted tasks came back."""
    added = {one.task.title: one.task.id for one in made if one.kind == "add"}
    deleted = (one.task for one in back if one.kind == "delete")
    return {task.id: added[task.title] for task in deleted if task.title in added}


def _renumbered(groups: Groups, numbers: Mapping[int, int]) -> Groups:
    """Return changes with the tasks that came back under their new numbers."""
    return tuple(
        tuple(
            replace(one, task=replace(one.task, id=numbers.get(one.task.id, one.task.id)))
            for one in group
        )
        for group in groups
    )


def _asked(outcomes: Sequence[Outcome]) -> Question | None:
    """Return the open question; that a name was not found asks only where nothing else does."""
    asked = [one.question for one in outcomes if one.question]
    return next((one for one in asked if one.kind != "missed"), asked[0] if asked else None)


def _only_changes(turn: Turn, made: Sequence[Change]) -> bool:
    """Return whether a turn surely asked nothing and named no task but those that it changed."""
    return bool(made) and "?" not in turn.answer and turn.answer.count("#") <= len(made)


def _focus(
    made: Sequence[Change], shown: tuple[int, ...] | None, memory: Memory
) -> tuple[tuple[int, ...], bool]:
    """Return the tasks that "it" or "them" means, and whether they were only listed."""
    if made:
        kept = [change.task.id for change in made if change.kind != "delete"]
        return tuple(dict.fromkeys(kept or (change.task.id for change in made))), False
    if shown is not None:
        return shown, True
    return memory.focus, memory.listed


def _shown(outcomes: Sequence[Outcome], turn: Turn) -> tuple[int, ...] | None:
    """Return the tasks that our answer showed, in its order."""
    for outcome in reversed(outcomes):
        if outcome.listing:
            now = tasks_after(turn, {})
            wanted = outcome.listing
            return tuple(
                t.id for t in now if wanted == "all" or t.completed == (wanted == "completed")
            )
        if outcome.shown is not None:
            return outcome.shown
    return None


def _read(turn: Turn) -> tuple[int, ...] | None:
    """Return the tasks that another model read last, and so probably showed."""
    lists = (call.tasks for call in reversed(turn.calls))
    return next((tuple(task.id for task in tasks) for tasks in lists if tasks is not None), None)
