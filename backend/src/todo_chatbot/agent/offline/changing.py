"""Completing, opening again, deleting, renaming and describing tasks."""

from collections.abc import Sequence
from dataclasses import replace

from todo_chatbot.agent.offline import titles
from todo_chatbot.agent.offline.adding import add
from todo_chatbot.agent.offline.corrections import swapped, undo, undoing
from todo_chatbot.agent.offline.finding import change, confirm, settled, which
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Question, Task
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.resolve import SURE
from todo_chatbot.agent.offline.similarity import coverage

_PART = 2
"""Words that may be put in the place of others inside a title, without saying so."""
_WHOLE_TITLE = frozenset(("rename", "retitle", "call", "name", "title", "task"))
AT_ONCE = 3
"""Tasks that may be deleted without a question, if each was named."""


def complete(intent: Intent, scene: Scene) -> Outcome | None:
    return change(intent, scene, "pending", _settle_complete)


def _settle_complete(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    todo = tuple(task for task in tasks if not task.completed)
    done = tuple(task for task in tasks if task.completed)
    if not todo:
        described = intent.ref is not None and intent.ref.described
        if described and scene.tasks is not None and not scene.tasks:
            return Outcome(intent, say="empty")
        return Outcome(
            intent, say="all_done" if described or not done else "already_done", tasks=done
        )
    if intent.doubtful:
        return confirm(intent, todo, "confirm_complete")
    calls = tuple(("complete_task", {"task_id": task.id}) for task in todo)
    also = (
        ()
        if not done or (intent.ref and intent.ref.described)
        else (Outcome(intent, say="already_done", tasks=done),)
    )
    return Outcome(intent, calls, say="completed", tasks=todo, also=also)


def reopen(intent: Intent, scene: Scene) -> Outcome | None:
    last = scene.memory.changes[-1] if scene.memory.changes else None
    if (
        last is not None
        and last.kind == "delete"
        and intent.ref is not None
        and intent.ref.kind in ("it", "them")
    ):
        return undo(intent, scene)
    if intent.ref is not None and intent.ref.kind == "name":
        gone = [
            c
            for c in scene.memory.changes
            if c.kind == "delete"
            and coverage(intent.ref.name, c.task.title, scene.language)[0] >= SURE
        ]
        if len(gone) == 1:
            return Outcome(intent, tuple(undoing(gone[0])), say="undone")
    return change(intent, scene, "completed", _settle_reopen)


def _settle_reopen(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
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
    return change(intent, scene, "all", _settle_delete)


def _settle_delete(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    if not tasks:
        status = intent.ref.status if intent.ref else "all"
        return Outcome(
            intent, say="empty" if status == "all" or not scene.tasks else f"empty_{status}"
        )
    described = intent.ref is not None and (
        intent.ref.described
        or (intent.ref.kind == "them" and (scene.memory.listed or not scene.memory.focus))
    )
    if intent.flag != "settled" and (described or len(tasks) > AT_ONCE or intent.doubtful):
        return confirm(intent, tasks, "confirm_delete" if len(tasks) > 1 else "confirm_delete_one")
    calls = tuple(("delete_task", {"task_id": task.id}) for task in tasks)
    return Outcome(intent, calls, say="deleted", tasks=tuple(tasks))


def rename(intent: Intent, scene: Scene) -> Outcome | None:
    return change(intent, scene, "all", _settle_rename)


def _settle_rename(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    if len(tasks) != 1:
        return which(intent, tasks, scene)
    title = (
        intent.titles[0][0]
        if intent.titles
        else titles.title_of(intent.slots["title"])
        if "title" in intent.slots
        else ""
    )
    title = _swapped_word(intent, tasks[0].title, title, scene.language) or title
    if not title:
        return Outcome(
            intent,
            say="ask_new_title",
            tasks=tuple(tasks),
            question=Question("new_title", settled(intent, tasks)),
        )
    if intent.doubtful:
        return confirm(
            replace(intent, titles=((title, ""),)), tasks, "confirm_rename", {"title": title}
        )
    call = ("update_task", {"task_id": tasks[0].id, "title": title})
    return Outcome(intent, (call,), say="renamed", tasks=tuple(tasks))


def _swapped_word(intent: Intent, old: str, new: str, language: Language) -> str | None:
    """ "Change Tuesday to Wednesday" changes the day in the title, not the title."""
    if intent.ref is None or intent.ref.kind != "name" or "title" not in intent.slots:
        return None
    words, said = intent.slots["title"], intent.ref.said.strip(" \"'“”‘’")
    if said.casefold() == old.casefold() or words.tokens[0].quoted or len(words) > _PART:
        return None
    is_part = intent.said.lower().split()[0] not in _WHOLE_TITLE
    begins = words.folds[0] in language.words["base"]
    return swapped(old, said, words.said) if is_part and not begins else None


def describe(intent: Intent, scene: Scene) -> Outcome | None:
    memory = scene.memory
    if intent.flag == "focus" and (len(memory.focus) != 1 or memory.listed):
        # "Note: call Ann" speaks of no task: it is one.
        return add(replace(intent, frame="add", slots={"title": intent.slots["note"]}), scene)
    return change(intent, scene, "all", _settle_describe)


def _settle_describe(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    if len(tasks) != 1:
        return which(intent, tasks, scene)
    note = intent.note or (titles.note_text(intent.slots["note"]) if "note" in intent.slots else "")
    if not note and intent.flag != "empty":
        return Outcome(
            intent,
            say="ask_note",
            tasks=tuple(tasks),
            question=Question("note", settled(intent, tasks)),
        )
    if intent.doubtful:
        return confirm(replace(intent, note=note), tasks, "confirm_describe")
    if (
        note
        and tasks[0].description
        and intent.said.lower().lstrip().startswith(("add", "append", "also", "attach"))
    ):
        note = f"{tasks[0].description}\n{note}"
    call = ("update_task", {"task_id": tasks[0].id, "description": note})
    return Outcome(intent, (call,), say="described" if note else "undescribed", tasks=tuple(tasks))


def replace_words(intent: Intent, scene: Scene) -> Outcome | None:
    return change(intent, scene, "all", _settle_replace)


def _settle_replace(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    if len(tasks) != 1:
        return which(intent, tasks, scene)
    old, new = (titles.title_of(intent.slots[name]) for name in ("old", "new"))
    title = swapped(tasks[0].title, old, intent.slots["new"].said.strip(" \"'“”‘’"))
    if title is None:
        return Outcome(intent, say="not_found", words={"what": f"“{old}” in {tasks[0].title}"})
    del new
    return Outcome(
        intent,
        (("update_task", {"task_id": tasks[0].id, "title": title}),),
        say="renamed",
        tasks=tuple(tasks),
    )
