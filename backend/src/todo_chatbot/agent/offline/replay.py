"""What earlier turns leave behind, found by going through them again.

Nothing is kept between requests. An open question, and what was shown, are known because the same
words with the same results give the same answer: if the answer that was given is another one,
another model gave it, and only what the tools did is remembered.
"""

from collections.abc import Sequence

from todo_chatbot.agent.offline.memory import (
    Change,
    Memory,
    Turn,
    change_by_hand,
    changes,
    tasks_after,
)
from todo_chatbot.agent.offline.outcomes import Outcome
from todo_chatbot.agent.offline.speaking import language_of
from todo_chatbot.agent.offline.step import step

REMEMBERED_TURNS = 12
"""Turns that are gone through: enough for "it" and "undo", and a bound on the work."""


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
    shown, question = None, None
    if not _only_changes(turn, made):
        again = step(turn, memory, language_of(conversation))
        ours = bool(turn.answer) and again.text.strip() == turn.answer.strip()
        shown = _shown(again.outcomes, turn) if ours else _read(turn)
        question = next((o.question for o in again.outcomes if o.question), None) if ours else None
    added = tuple(change.task.id for change in made if change.kind == "add")
    if shown is None and len(added) > 1:
        shown = added
    by_hand = [change_by_hand(one, tasks) for one in turn.by_hand]
    touched = dict.fromkeys((*memory.recent, *(one.task.id for one in (*made, *by_hand))))
    last = by_hand[-1:] or made
    focus, listed = _focus(last, shown, memory)
    return Memory(
        tasks=tasks,
        shown=memory.shown if shown is None else shown,
        focus=focus,
        recent=tuple(task_id for task_id in touched if task_id in tasks)[-6:],
        listed=listed,
        changes=tuple(last) or memory.changes,
        question=question,
    )


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
