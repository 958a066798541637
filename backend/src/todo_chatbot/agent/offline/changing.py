"""Completing, opening again and deleting tasks."""

from collections.abc import Sequence
from dataclasses import replace

from todo_chatbot.agent.offline.finding import change, confirm
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Task
from todo_chatbot.agent.offline.naming import SURE
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.patterns import table_has
from todo_chatbot.agent.offline.similarity import content_of, coverage, similar, stem
from todo_chatbot.agent.offline.tokens import read
from todo_chatbot.agent.offline.undoing import undo, undoing

AT_ONCE = 3
"""Tasks that may be deleted without a question, if each was named."""


def complete(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what marks tasks as done; what is done already is told."""
    return change(intent, scene, "pending", _settle_complete)


def _settle_complete(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    todo = tuple(task for task in tasks if not task.completed)
    done = tuple(task for task in tasks if task.completed)
    described = intent.ref is not None and intent.ref.described
    if not tasks and not described:
        return Outcome(intent, say="left_alone")
    already = Outcome(intent, say="already_done", tasks=done, shown=tuple(task.id for task in done))
    if not todo and described:
        return Outcome(intent, say="all_done" if scene.tasks else "empty")
    if not todo:
        return already
    other = intent.flag != "settled" and _other_deed(intent, todo, scene.language)
    if intent.doubtful or other:
        return confirm(intent, todo, "confirm_complete")
    calls = tuple(("complete_task", {"task_id": task.id}) for task in todo)
    also = (already,) if done and not described else ()
    return Outcome(intent, calls, say="completed", tasks=todo, also=also)


def _other_deed(intent: Intent, tasks: Sequence[Task], language: Language) -> bool:
    """Return whether what was done to a thing is not what the task says: "the car was stolen"."""
    if "state" in intent.slots and len(tasks) == 1:
        state = intent.slots["state"].folds[0]
        every = read(tasks[0].title, language.spellings).folds
        gone = every[:1] and every[0] in language.words["sending"]  # "the agenda is out": sent
        return state in language.words["particles"] and state not in every and not gone
    if intent.points and (deed := _deed_of_others(intent, language)):
        return _is_other(deed, tasks, language)
    named = intent.ref is not None and intent.ref.kind == "name"
    said = intent.slots.get("past") or (intent.slots["did"] if "person" in intent.slots else None)
    if said is None or not named or len(tasks) != 1:
        return False
    past, title = said.folds, content_of(tasks[0].title, language)
    deed, known = stem(past[0], language), language.words["done_verbs"]
    if deed in language.words["going"] and not language.words["amiss"].isdisjoint(past):
        left = not language.words["particles"].isdisjoint(past)
        return not (left and title and title[0] in language.words["sending"])
    verb = title[0] if len(title) > 1 and title[0] in language.words["base"] else ""
    if deed in language.words["shifting"]:
        return deed not in title
    if "person" in intent.slots and deed not in known:
        # "They have moved the lunch" does not say that the lunch is over.
        return max((similar(deed, word, language) for word in title), default=0) < SURE
    if intent.flag != "closed" and (not verb or not {deed, verb}.isdisjoint(known)):
        return False
    # "Back up files": words that tell no title from another may still be what is to be done.
    every = read(tasks[0].title, language.spellings).folds
    words = (*title, *(stem(fold, language) for fold in every))
    return max(similar(deed, word, language) for word in words) < SURE


def _deed_of_others(intent: Intent, language: Language) -> str:
    """Return what "it" or "they" did: "it took days", "they were closed"."""
    acts = intent.pattern.slots == ("ref", "past") and len(intent.pattern.elements) == 2
    if acts or intent.flag == "closed":
        return intent.slots["past"].folds[0]
    shut = language.words["shut"]
    return next((f for f in read(intent.said, language.spellings).folds if f in shut), "")


def _is_other(past: str, tasks: Sequence[Task], language: Language) -> bool:
    deed = stem(past, language)
    words = [word for task in tasks for word in content_of(task.title, language)]
    alike = max((similar(deed, word, language) for word in words), default=0)
    return deed not in language.words["done_verbs"] and alike < SURE


def reopen(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what makes tasks pending again; a task that was just deleted comes back."""
    gone = [one for one in scene.memory.changes if one.kind == "delete"]
    if gone and intent.ref is not None:
        if intent.points:
            return undo(intent, scene)
        named = (coverage(intent.ref.name, one.task.title, scene.language)[0] for one in gone)
        back = [one for one, share in zip(gone, named, strict=True) if share >= SURE]
        back = back or [one for one in gone if one.task.id in intent.ref.numbers]
        if len(back) == 1:
            return Outcome(intent, tuple(undoing(back[0])), say="undone")
    return change(intent, scene, "completed", _settle_reopen)


def _settle_reopen(intent: Intent, tasks: Sequence[Task], _: Scene) -> Outcome:
    closed = tuple(task for task in tasks if task.completed is not False)
    if not closed:
        described = intent.ref is not None and intent.ref.described
        return Outcome(
            intent, say="none_completed" if described else "already_open", tasks=tuple(tasks)
        )
    if intent.doubtful:
        return confirm(intent, closed, "confirm_reopen")
    calls = tuple(("update_task", {"task_id": task.id, "completed": False}) for task in closed)
    return Outcome(intent, calls, say="reopened", tasks=closed)


def delete(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what deletes tasks: at once, or after a yes (specs/004 FR-022)."""
    if intent.soft and intent.ref and intent.ref.kind == "it" and not scene.memory.focus:
        return Outcome(intent, say="left_alone")  # "Forget it" speaks of no task.
    return change(intent, scene, "all", _settle_delete)


def _settle_delete(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    ref = intent.ref
    assert ref is not None
    if not tasks:
        nothing = "empty" if ref.status == "all" or not scene.tasks else f"empty_{ref.status}"
        return Outcome(intent, say=nothing)
    if _was_wanted(intent, tasks, scene.language):
        return _settle_complete(replace(intent, frame="complete"), tasks, scene)
    only_shown = scene.memory.listed or not scene.memory.focus
    spoken = {task.id for task in tasks} <= set(scene.memory.focus)
    described = ref.described or (ref.kind == "them" and (only_shown or not spoken))
    if intent.flag != "settled" and (described or len(tasks) > AT_ONCE or intent.doubtful):
        return confirm(intent, tasks, "confirm_delete" if len(tasks) > 1 else "confirm_delete_one")
    calls = tuple(("delete_task", {"task_id": task.id}) for task in tasks)
    return Outcome(intent, calls, say="deleted", tasks=tuple(tasks))


def _was_wanted(intent: Intent, tasks: Sequence[Task], language: Language) -> bool:
    """Return whether "the newspaper is cancelled" says what the task wanted."""
    if not intent.soft or intent.pattern.begins != "ref":
        return False
    said = {stem(fold, language) for fold in read(intent.said, language.spellings).folds}
    title = content_of(tasks[0].title, language) if len(tasks) == 1 else ()
    return bool(title) and title[0] in said and table_has(language.table("delete"), title[:1])
