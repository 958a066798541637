"""Turns what was meant into tool calls, or into something to say or to ask."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from todo_chatbot.agent.offline import titles
from todo_chatbot.agent.offline.corrections import correct, swapped, undoing
from todo_chatbot.agent.offline.frames import Intent
from todo_chatbot.agent.offline.guesses import guess
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Question, Task
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.references import Reference
from todo_chatbot.agent.offline.resolve import NEAR, SURE, Found, coverage, resolve

AT_ONCE = 3
"""Tasks that may be deleted without a question, if each was named."""


def plan(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what to do about an intent, or None if the list has to be read first."""
    return _PLANS.get(intent.frame, _chat)(intent, scene)


def _chat(intent: Intent, scene: Scene) -> Outcome | None:
    keys = {"leave": "left_alone", "none": "left_alone", "yes": "nothing_to_confirm"}
    return Outcome(intent, say=keys.get(intent.frame, intent.frame))


def _add(intent: Intent, scene: Scene) -> Outcome | None:
    if intent.flag == "ask":
        return Outcome(intent, say="ask_title", question=Question("title", intent))
    wanted = intent.titles or _titles(intent, scene.language)
    if not wanted:
        return Outcome(intent, say="ask_title", question=Question("title", intent))
    if intent.doubtful or intent.flag == "maybe":
        settled = replace(intent, titles=wanted, act="order", flag="")
        return Outcome(intent, say="confirm_add", words={"titles": wanted}, question=Question("confirm", settled))
    calls = tuple(("add_task", {"title": t} | ({"description": d} if d else {})) for t, d in wanted)
    return Outcome(intent, calls, say="added")


def _titles(intent: Intent, language: Language) -> tuple[tuple[str, str], ...]:
    words, many, split = intent.slots.get("title") or intent.slots["do"], intent.flag == "many", True
    if intent.flag in ("linked", "told"):
        before = intent.said[: max(0, intent.said.find(words.said))].lower()
        many = any(f" {noun}" in f" {before}" for noun in ("tasks", "todos", "items", "reminders", "things", "entries", "to dos", "to-dos", "chores", "errands"))
        words = titles.unlink(words, language)
    elif intent.flag == "need" or "<remindme>" in intent.pattern or intent.pattern.startswith("(remind me|"):
        split = len(titles.pieces(words, language)) > 2 or "¶" in words.folds
    return titles.entries(words, language, many=many, split=split)


def _direct(intent: Intent, scene: Scene) -> Found | None:
    """Return the tasks of plain numbers, which need no list to be found."""
    ref, known = intent.ref, scene.memory.tasks
    if ref is None or scene.tasks is not None:
        return None
    if ref.kind == "numbers":
        numbers = ref.numbers
    elif ref.kind == "it" and len(scene.memory.focus) == 1 and not ref.name:
        numbers = scene.memory.focus
    else:
        return None
    if intent.frame == "complete" or all(n in known for n in numbers):
        return Found(tuple(known.get(n, Task(n, "")) for n in numbers))
    return None


def _find(intent: Intent, scene: Scene, prefer: str) -> Found | None:
    direct = _direct(intent, scene)
    if direct is not None:
        return direct
    if scene.tasks is None or intent.ref is None:
        return None
    return resolve(intent.ref, scene.tasks, scene.memory, scene.language, prefer)


def _change(
    intent: Intent,
    scene: Scene,
    prefer: str,
    settle: Callable[[Intent, Sequence[Task], Scene], Outcome],
) -> Outcome | None:
    if intent.flag == "everything":
        intent = replace(intent, ref=Reference(intent.said, "all"), flag="")
    if intent.ref is None:
        return Outcome(intent, say="which_task", question=Question("which", intent))
    found = _find(intent, scene, prefer)
    if found is None:
        return None
    if intent.soft and found.missing:
        found = _recalled(intent, found, scene)
    if found.unclear and not found.tasks:
        return _which(intent, found.unclear[0][1], scene)
    if found.missing and not found.tasks:
        return _missing(intent, found, scene)
    done = settle(intent, found.tasks, scene)
    rest = [_missing(intent, replace(found, tasks=(), missing=(one,)), scene) for one in found.missing]
    rest += [_which(intent, one[1], scene) for one in found.unclear]
    return replace(done, also=(*done.also, *rest), question=done.question or next((r.question for r in rest if r.question), None))


def _recalled(intent: Intent, found: Found, scene: Scene) -> Found:
    """A statement may say more than a title does: "I called the bank about the card"."""
    assert intent.ref is not None
    fitting = []
    for task in scene.tasks or ():
        precision, recall = coverage(intent.ref.name, task.title, scene.language)
        if recall >= SURE and precision >= NEAR:
            fitting.append(task)
    return Found(tuple(fitting)) if len(fitting) == 1 and len(found.missing) == 1 else found


def _which(intent: Intent, candidates: Sequence[Task], scene: Scene) -> Outcome:
    ids = tuple(task.id for task in candidates)
    if not ids:
        return Outcome(intent, say="which_task", question=Question("which", intent))
    return Outcome(intent, say="which", tasks=tuple(candidates), question=Question("which", intent, ids), shown=ids)


def _missing(intent: Intent, found: Found, scene: Scene) -> Outcome:
    said, near = found.missing[0]
    if scene.tasks is not None and not scene.tasks:
        return Outcome(intent, say="not_found", words={"what": said})
    if near and len(near) <= 5:
        ids = tuple(task.id for task in near)
        kind = "confirm" if len(ids) == 1 else "which"
        settled = replace(intent, ref=Reference(said, "numbers", numbers=ids), act="order", soft=False)
        question = Question(kind, settled if kind == "confirm" else intent, ids)
        return Outcome(intent, say="near" if len(ids) == 1 else "near_many", tasks=tuple(near), words={"what": said}, question=question, shown=ids)
    return Outcome(intent, say="not_on_list" if intent.soft else "not_found", words={"what": said})


def _settled(intent: Intent, tasks: Sequence[Task]) -> Intent:
    ref = Reference(intent.said, "numbers", numbers=tuple(task.id for task in tasks))
    return replace(intent, ref=ref, act="order", soft=False, flag="settled")


def _confirm(intent: Intent, tasks: Sequence[Task], say: str, words: Mapping[str, Any] | None = None) -> Outcome:
    ids = tuple(task.id for task in tasks)
    return Outcome(intent, say=say, tasks=tuple(tasks), words=words or {}, question=Question("confirm", _settled(intent, tasks), ids), shown=ids)


def _did_it(intent: Intent, scene: Scene) -> Outcome | None:
    """"Done!" speaks of the one task that was just spoken of; with none, it asks for what is done."""
    if len(scene.memory.focus) == 1 and not intent.doubtful:
        return _complete(replace(intent, frame="complete", ref=Reference(intent.said, "it")), scene)
    if intent.said.lower().strip(" .!?") in ("done", "finished", "completed", "✓", "✅"):
        return _list(replace(intent, frame="list", status="completed"), scene)
    return _complete(replace(intent, frame="complete", ref=None), scene)


def _again(intent: Intent, scene: Scene) -> Outcome | None:
    """"And the report too": what was done last is done to another task."""
    assert intent.ref is not None
    last = scene.memory.changes[-1] if scene.memory.changes else None
    if last is None or last.kind == "add" or (last.kind == "update" and last.task.completed is not False):
        return _unknown(replace(intent, frame="unknown", slots={"rest": intent.slots["ref"]}), scene)
    frame = {"complete": "complete", "delete": "delete", "update": "reopen"}[last.kind]
    return plan(replace(intent, frame=frame, soft=True), scene)


def _complete(intent: Intent, scene: Scene) -> Outcome | None:
    return _change(intent, scene, "pending", _settle_complete)


def _settle_complete(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    todo = tuple(task for task in tasks if not task.completed)
    done = tuple(task for task in tasks if task.completed)
    if not todo:
        described = intent.ref is not None and intent.ref.described
        if described and scene.tasks is not None and not scene.tasks:
            return Outcome(intent, say="empty")
        return Outcome(intent, say="all_done" if described or not done else "already_done", tasks=done)
    if intent.doubtful:
        return _confirm(intent, todo, "confirm_complete")
    calls = tuple(("complete_task", {"task_id": task.id}) for task in todo)
    also = () if not done or (intent.ref and intent.ref.described) else (Outcome(intent, say="already_done", tasks=done),)
    return Outcome(intent, calls, say="completed", tasks=todo, also=also)


def _reopen(intent: Intent, scene: Scene) -> Outcome | None:
    last = scene.memory.changes[-1] if scene.memory.changes else None
    if last is not None and last.kind == "delete" and intent.ref is not None and intent.ref.kind in ("it", "them"):
        return _undo(intent, scene)
    return _change(intent, scene, "completed", _settle_reopen)


def _settle_reopen(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    closed = tuple(task for task in tasks if task.completed is not False)
    if not closed:
        described = intent.ref is not None and intent.ref.described
        return Outcome(intent, say="none_completed" if described else "already_open", tasks=tuple(tasks))
    if intent.doubtful:
        return _confirm(intent, closed, "confirm_reopen")
    calls = tuple(("update_task", {"task_id": task.id, "completed": False}) for task in closed)
    return Outcome(intent, calls, say="reopened", tasks=closed)


def _delete(intent: Intent, scene: Scene) -> Outcome | None:
    return _change(intent, scene, "all", _settle_delete)


def _settle_delete(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    if not tasks:
        status = intent.ref.status if intent.ref else "all"
        return Outcome(intent, say="empty" if status == "all" or not scene.tasks else f"empty_{status}")
    described = intent.ref is not None and (intent.ref.described or intent.ref.kind == "them" and (scene.memory.listed or not scene.memory.focus))
    if intent.flag != "settled" and (described or len(tasks) > AT_ONCE or intent.doubtful):
        return _confirm(intent, tasks, "confirm_delete" if len(tasks) > 1 else "confirm_delete_one")
    calls = tuple(("delete_task", {"task_id": task.id}) for task in tasks)
    return Outcome(intent, calls, say="deleted", tasks=tuple(tasks))


def _rename(intent: Intent, scene: Scene) -> Outcome | None:
    return _change(intent, scene, "all", _settle_rename)


def _settle_rename(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    if len(tasks) != 1:
        return _which(intent, tasks, scene)
    title = intent.titles[0][0] if intent.titles else titles.title_of(intent.slots["title"], scene.language) if "title" in intent.slots else ""
    if not title:
        return Outcome(intent, say="ask_new_title", tasks=tuple(tasks), question=Question("new_title", _settled(intent, tasks)))
    if intent.doubtful:
        return _confirm(replace(intent, titles=((title, ""),)), tasks, "confirm_rename", {"title": title})
    call = ("update_task", {"task_id": tasks[0].id, "title": title})
    return Outcome(intent, (call,), say="renamed", tasks=tuple(tasks))


def _describe(intent: Intent, scene: Scene) -> Outcome | None:
    return _change(intent, scene, "all", _settle_describe)


def _settle_describe(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    if len(tasks) != 1:
        return _which(intent, tasks, scene)
    note = intent.note or (titles.note_text(intent.slots["note"], scene.language) if "note" in intent.slots else "")
    if not note and intent.flag != "empty":
        return Outcome(intent, say="ask_note", tasks=tuple(tasks), question=Question("note", _settled(intent, tasks)))
    if intent.doubtful:
        return _confirm(replace(intent, note=note), tasks, "confirm_describe")
    if note and tasks[0].description and intent.said.lower().lstrip().startswith(("add", "append", "also", "attach")):
        note = f"{tasks[0].description}\n{note}"
    call = ("update_task", {"task_id": tasks[0].id, "description": note})
    return Outcome(intent, (call,), say="described" if note else "undescribed", tasks=tuple(tasks))


def _replace(intent: Intent, scene: Scene) -> Outcome | None:
    return _change(intent, scene, "all", _settle_replace)


def _settle_replace(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    if len(tasks) != 1:
        return _which(intent, tasks, scene)
    old, new = (titles.title_of(intent.slots[name], scene.language) for name in ("old", "new"))
    title = swapped(tasks[0].title, old, intent.slots["new"].said.strip(" \"'“”‘’"))
    if title is None:
        return Outcome(intent, say="not_found", words={"what": f"“{old}” in {tasks[0].title}"})
    del new
    return Outcome(intent, (("update_task", {"task_id": tasks[0].id, "title": title}),), say="renamed", tasks=tuple(tasks))


def _list(intent: Intent, scene: Scene) -> Outcome | None:
    if scene.tasks is None:
        return Outcome(intent, (("list_tasks", {"status": intent.status}),), listing=intent.status)
    return Outcome(intent, listing=intent.status)


def _with_list(say: Callable[[Intent, Scene, Sequence[Task]], Outcome]) -> Callable[[Intent, Scene], Outcome | None]:
    return lambda intent, scene: None if scene.tasks is None else say(intent, scene, scene.tasks)


def _count(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    topic = intent.slots.get("topic")
    name = tuple(f for f in topic.folds if f not in scene.language.words["listing"] and f not in scene.language.words["listing_nouns"]) if topic else ()
    kept = _of_status(tasks, intent.status)
    if name:
        kept = [t for t in kept if coverage(name, t.title, scene.language)[0] >= SURE]
        if kept:
            return Outcome(intent, say="count_topic", tasks=tuple(kept), shown=tuple(t.id for t in kept))
        kept = _of_status(tasks, intent.status)
    if not kept:
        return Outcome(intent, say=f"empty_{intent.status}".removesuffix("_all"))
    return Outcome(intent, say=f"count_{intent.status}", tasks=tuple(kept))


def _of_status(tasks: Sequence[Task], status: str) -> list[Task]:
    return [t for t in tasks if status == "all" or t.completed == (status == "completed")]


def _progress(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    pending = _of_status(tasks, "pending")
    if not tasks:
        return Outcome(intent, say="empty")
    if intent.flag == "allclear":
        say = "all_clear_no" if pending else "all_clear_yes"
        return Outcome(intent, say=say, tasks=tuple(pending), shown=tuple(t.id for t in pending))
    return Outcome(intent, say="progress", tasks=tuple(tasks))


def _next(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    pending = _of_status(tasks, "pending")
    if not pending:
        return Outcome(intent, say="empty_pending" if tasks else "empty")
    return Outcome(intent, say="next", tasks=(pending[0],), shown=(pending[0].id,))


def _search(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    topic = intent.slots["topic"]
    name = tuple(topic.folds)
    found = [t for t in tasks if coverage(name, f"{t.title} {t.description}", scene.language)[0] >= SURE]
    if not found:
        found = [t for t in tasks if coverage(name, t.title, scene.language)[0] >= NEAR]
        if not found:
            return Outcome(intent, say="found_none", words={"what": topic.said})
    return Outcome(intent, say="found", tasks=tuple(found), shown=tuple(t.id for t in found))


def _status(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    assert intent.ref is not None
    found = resolve(intent.ref, tasks, scene.memory, scene.language)
    meant = list(found.tasks) or [t for _, some in found.unclear for t in some]
    if not meant:
        meant = list(_recalled(intent, found, scene).tasks)
    if not meant:
        return Outcome(intent, say="status_none", words={"what": intent.ref.said})
    if len(meant) > 1:
        return Outcome(intent, say="found", tasks=tuple(meant), shown=tuple(t.id for t in meant))
    open_asked = intent.flag == "need" or "<notdone>" in intent.pattern
    if meant[0].completed:
        say = "status_done_no" if open_asked else "status_done"
    else:
        say = "status_open_yes" if open_asked else "status_open"
    return Outcome(intent, say=say, tasks=tuple(meant), shown=(meant[0].id,))


def _detail(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    assert intent.ref is not None
    found = resolve(intent.ref, tasks, scene.memory, scene.language)
    meant = list(found.tasks) or [t for _, some in found.unclear for t in some]
    if not meant:
        return Outcome(intent, say="status_none", words={"what": intent.ref.said})
    return Outcome(intent, say="detail", tasks=tuple(meant), shown=tuple(t.id for t in meant))


def _undo(intent: Intent, scene: Scene) -> Outcome | None:
    if not scene.memory.changes:
        return Outcome(intent, say="undo_nothing")
    calls = [call for change in reversed(scene.memory.changes) for call in undoing(change)]
    if not calls:
        return Outcome(intent, say="undo_unknown")
    return Outcome(intent, tuple(calls), say="undone")


def _recall(intent: Intent, scene: Scene) -> Outcome | None:
    return Outcome(intent, say="recall" if scene.memory.changes else "recall_nothing", words={"changes": scene.memory.changes})


def _unknown(intent: Intent, scene: Scene) -> Outcome | None:
    words = intent.slots["rest"]
    if scene.tasks is None:
        return None
    likely = guess(intent, words, scene.tasks, scene.language)
    if likely is not None:
        return plan(likely, scene)
    if intent.act == "question":
        return Outcome(intent, say="off_topic")
    name = tuple(words.folds)
    fitting = [t for t in scene.tasks if coverage(name, t.title, scene.language)[0] >= SURE]
    if len(fitting) == 1:
        return Outcome(intent, say="ask_what", tasks=tuple(fitting), shown=(fitting[0].id,))
    if words.folds and words.folds[0] in scene.language.words["base"]:
        wanted = titles.entries(words, scene.language)
        settled = replace(intent, frame="add", titles=wanted, act="order")
        return Outcome(intent, say="confirm_add", words={"titles": wanted}, question=Question("confirm", settled))
    return Outcome(intent, say="lost")


_PLANS: Mapping[str, Callable[[Intent, Scene], Outcome | None]] = {
    "add": _add,
    "complete": _complete,
    "did_it": _did_it,
    "again": _again,
    "reopen": _reopen,
    "delete": _delete,
    "rename": _rename,
    "describe": _describe,
    "replace": _replace,
    "list": _list,
    "count": _with_list(_count),
    "progress": _with_list(_progress),
    "next": _with_list(_next),
    "find": _with_list(_search),
    "status": _with_list(_status),
    "detail": _with_list(_detail),
    "undo": _undo,
    "correct": correct,
    "recall": _recall,
    "unknown": _unknown,
}
