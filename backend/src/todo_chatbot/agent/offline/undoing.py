"""Takes changes back: the last turn's, and with each further undo those of one turn more."""

from collections.abc import Sequence
from dataclasses import replace

from todo_chatbot.agent.offline.finding import confirm
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.memory import Change, Memory, Task
from todo_chatbot.agent.offline.outcomes import Arguments, Outcome, PlannedCall, Scene
from todo_chatbot.agent.offline.references import parse
from todo_chatbot.agent.offline.resolve import resolve
from todo_chatbot.agent.offline.tokens import Words

UNDONE_AT_ONCE = 3
"""Added tasks that an undo deletes without a question (specs/004 FR-022)."""


def undoing(change: Change) -> list[tuple[str, Arguments]]:
    """Return the calls that take a change back; none if it is not known how it was before."""
    task, before = change.task, change.before
    if change.kind == "add":
        return [("delete_task", {"task_id": task.id})]
    if change.kind == "delete":
        old = before or task
        return [
            (
                "add_task",
                {"title": old.title}
                | ({"description": old.description} if old.description else {}),
            )
        ]
    if change.kind == "complete":
        return (
            []
            if before and before.completed
            else [("update_task", {"task_id": task.id, "completed": False})]
        )
    if before is None:
        return []
    old_values = {
        name: getattr(before, name)
        for name in ("title", "description", "completed")
        if getattr(before, name) != getattr(task, name) and getattr(before, name) is not None
    }
    return [("update_task", {"task_id": task.id} | old_values)] if old_values else []


def undo(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what takes the last changes back; many added tasks go only after a yes."""
    if intent.flag == "sure" and scene.memory.undone:
        return Outcome(intent, say="left_alone")  # it is taken back already
    if intent.flag == "just" and (scene.memory.undone or not scene.memory.just):
        return Outcome(intent, say="left_alone")  # "not yet" repeats what we said
    changes = _to_take_back(intent.flag, scene.memory)
    if not changes:
        return Outcome(intent, say="undo_nothing")
    words = intent.slots.get("why")
    if words is not None and scene.tasks is None:
        return None
    another = () if words is None else _another(words, changes, scene)
    if another:
        return Outcome(intent, say="lost", tasks=another)
    added = tuple(change.task for change in changes if change.kind == "add")
    if len(added) > UNDONE_AT_ONCE:
        return confirm(replace(intent, frame="delete"), added, "confirm_delete")
    # What was deleted comes back in its old order.
    ordered = changes if all(change.kind == "delete" for change in changes) else reversed(changes)
    calls = [call for change in ordered for call in undoing(change)]
    if not calls:
        return Outcome(intent, say="undo_unknown")
    return Outcome(intent, (*calls, *done_again(changes, scene)), say="undone")


def done_again(changes: Sequence[Change], scene: Scene) -> list[PlannedCall]:
    """Return the calls that complete deleted tasks again that were done, once they are back."""
    back = [
        scene.added(undoing(change)[0][1])
        for change in changes
        if change.kind == "delete" and change.task.completed
    ]
    return [("complete_task", {"task_id": number}) for number in back if number is not None]


def _another(words: Words, changes: Sequence[Change], scene: Scene) -> tuple[Task, ...]:
    """Return what "I didn't mean to add that" names, if it was not changed last."""
    named = resolve(parse(words, scene.language), scene.tasks or (), scene.memory, scene.language)
    changed = {change.task.id for change in changes}
    return named.tasks if changed.isdisjoint(task.id for task in named.tasks) else ()


def _to_take_back(flag: str, memory: Memory) -> tuple[Change, ...]:
    """Return the changes that an undo takes back: "undo" once more goes one turn further back.

    ``flag``: again (the last that still stand), before (those before the last), two (both).
    "Undo that" after an undo takes the undo itself back.
    """
    before = memory.earlier[-1] if memory.earlier else ()
    if flag == "before" or (flag in ("again", "two") and memory.undone):
        return before
    if flag == "two" and len(memory.changes) == 1:
        return (*before, *memory.changes)
    return memory.changes
