"""Completing, opening again, deleting, renaming and describing tasks."""

from collections.abc import Sequence
from dataclasses import replace

from todo_chatbot.agent.offline import titles
from todo_chatbot.agent.offline.adding import add
from todo_chatbot.agent.offline.amending import amended, is_whole, swapped
from todo_chatbot.agent.offline.finding import change, confirm, settled, which
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Question, Task
from todo_chatbot.agent.offline.naming import SURE
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.references import Reference, is_time, parse
from todo_chatbot.agent.offline.resolve import resolve
from todo_chatbot.agent.offline.similarity import content_of, coverage, similar, stem
from todo_chatbot.agent.offline.tokens import Words, read
from todo_chatbot.agent.offline.undoing import undo, undoing

_PART = 2
"""Words that may be put in the place of others inside a title, without saying so."""
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
        return title[:1] != (deed,)
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
    if intent.pattern.begins == "ref" and _was_wanted(intent, tasks, scene.language):
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
    said = {stem(fold, language) for fold in read(intent.said, language.spellings).folds}
    title = content_of(tasks[0].title, language) if len(tasks) == 1 else ()
    return bool(title) and title[0] in said and title[0] in language.table("delete")


def rename(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what gives a task another title."""
    part = _number_inside(intent, scene)
    if part is not None:
        return part
    return change(_split_again(intent, scene), scene, "all", _settle_rename)


def _number_inside(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what changes "at 9" to "at 10" in the task spoken of, if no task has the number 9."""
    ref, focus = intent.ref, [t for t in scene.tasks or () if t.id in scene.memory.focus]
    if ref is None or ref.kind != "numbers" or len(ref.numbers) != 1 or len(focus) != 1:
        return None
    taken = any(task.id == ref.numbers[0] for task in scene.tasks or ())
    title = read(focus[0].title, scene.language.spellings)
    if taken or ref.said not in title.folds or "title" not in intent.slots:
        return None
    token = title.tokens[title.folds.index(ref.said)]
    new = title.text[: token.start] + intent.slots["title"].said + title.text[token.end :]
    call = ("update_task", {"task_id": focus[0].id, "title": new})
    return Outcome(intent, (call,), say="renamed", tasks=tuple(focus))


def _split_again(intent: Intent, scene: Scene) -> Intent:
    """Return a rename cut where the list says so: "change trip to Oslo to trip to Rome".

    Titles have links too: the right one stands behind words that are a title as a whole, or else
    behind words that name a task.
    """
    words = _from_name_to_title(intent, scene.language)
    if words is None or scene.tasks is None:
        return intent
    inner = range(1, len(words) - 1)
    cuts = [at for at in inner if has_link(words.folds[at : at + 1], scene.language)]
    named = [(at, parse(words[:at], scene.language)) for at in cuts]
    found = {at: _one(ref, scene) for at, ref in named}
    whole = [at for at, ref in named if (one := found[at]) and _is_title(ref, one, scene.language)]
    if not whole and intent.flag == "whole":
        return intent
    if not whole and "title" in intent.slots and intent.ref and _one(intent.ref, scene):
        return intent
    at = next((at for at in (*whole, *cuts) if found[at]), 0)
    if not at:
        return intent
    return replace(intent, slots={"title": words[at + 1 :]}, ref=dict(named)[at])


def has_link(folds: Sequence[str], language: Language) -> bool:
    """Return whether one of the words stands between a task and its new title."""
    return "->" in folds or not language.words["links"].isdisjoint(folds)


def _one(ref: Reference, scene: Scene) -> Task | None:
    found = resolve(ref, scene.tasks or (), scene.memory, scene.language).tasks
    return found[0] if len(found) == 1 else None


def _is_title(ref: Reference, task: Task, language: Language) -> bool:
    return min(coverage(ref.name, task.title, language)) >= SURE


def _from_name_to_title(intent: Intent, language: Language) -> Words | None:
    """Return the words from the name of a task to its new title, if a name was said."""
    ref, title = intent.slots.get("ref"), intent.slots.get("title")
    if "old" in intent.slots and ref is not None:
        ref, title = intent.slots["old"], ref
    elif ref is None or intent.ref is None or intent.ref.kind not in ("name", "several"):
        return None
    if title is None:
        return ref
    start, end = ref.tokens[0].start, title.tokens[-1].end
    return read(ref.text[start:end], language.spellings) if start < end else None


def _settle_rename(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    if len(tasks) != 1 or _means_list(intent):
        return which(intent, tasks)
    title = _new_title(intent, tasks[0].title, scene.language)
    if not title:
        return Outcome(
            intent,
            say="ask_new_title",
            tasks=tuple(tasks),
            question=Question("new_title", settled(intent, tasks)),
        )
    put_off = title.startswith(f"{tasks[0].title} ") and "title" in intent.slots
    if intent.doubtful or (put_off and is_time(intent.slots["title"], scene.language)):
        return confirm(
            replace(intent, titles=((title, ""),)), tasks, "confirm_rename", {"title": title}
        )
    call = ("update_task", {"task_id": tasks[0].id, "title": title})
    return Outcome(intent, (call,), say="renamed", tasks=tuple(tasks))


def _means_list(intent: Intent) -> bool:
    """Return whether the list is spoken of and no task: "make the list for the trip"."""
    return intent.ref is not None and intent.ref.described and not intent.ref.name


def _new_title(intent: Intent, old: str, language: Language) -> str:
    if intent.titles:
        return intent.titles[0][0]
    if "title" not in intent.slots:
        return ""
    words = intent.slots["title"]
    swap = _swapped_word(intent, old, language)
    if swap is None and is_time(words, language):
        return amended(old, words, language)
    return swap or titles.title_of(words, language)


def _swapped_word(intent: Intent, old: str, language: Language) -> str | None:
    """Return the title with one word changed: "change Tuesday to Wednesday" means the day."""
    if intent.ref is None or intent.ref.kind != "name" or "title" not in intent.slots:
        return None
    words = titles.after(intent.slots["title"], "article", language)
    part = titles.after(read(intent.ref.said, language.spellings), "article", language)
    if is_time(words, language) != is_time(part, language):
        return None
    said = part.said.strip(" \"'“”‘’")
    alike = len(set(words.folds) & set(part.folds)) * 2 >= len(words)
    if said.casefold() == old.casefold() or words.tokens[0].quoted:
        return None
    if len(words) > _PART and not alike:
        return None
    is_part = intent.said.lower().split()[0] not in language.words["title_words"]
    begins = words.folds[0] in language.words["base"] and words.folds[0] not in part.folds
    return swapped(old, said, words.said) if is_part and not begins else None


def describe(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what gives a task a description, adds to it, or clears it."""
    memory = scene.memory
    if intent.flag == "focus" and (len(memory.focus) != 1 or memory.listed):
        # "Note: call Ann" speaks of no task: it is one.
        return add(replace(intent, frame="add", slots={"title": intent.slots["note"]}), scene)
    return change(intent, scene, "all", _settle_describe)


def _settle_describe(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    if len(tasks) != 1 or _means_list(intent):
        return which(intent, tasks)
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
    first = read(intent.said, scene.language.spellings).folds[:1]
    appends = first and first[0] in scene.language.words["appending"]
    if note and tasks[0].description and appends:
        note = f"{tasks[0].description}\n{note}"
    call = ("update_task", {"task_id": tasks[0].id, "description": note})
    return Outcome(intent, (call,), say="described" if note else "undescribed", tasks=tuple(tasks))


def replace_words(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what replaces words inside a title."""
    whole = _split_again(replace(intent, flag="whole"), scene)
    if "title" in whole.slots:
        return rename(replace(whole, frame="rename", flag=""), scene)
    return change(intent, scene, "all", _settle_replace)


def _settle_replace(intent: Intent, tasks: Sequence[Task], scene: Scene) -> Outcome:
    if len(tasks) != 1:
        return which(intent, tasks)
    old = titles.title_of(intent.slots["old"], scene.language)
    new = intent.slots["new"]
    title = swapped(tasks[0].title, old, new.said.strip(" \"'“”‘’"))
    if title is not None and is_whole(new, tasks[0].title, scene.language):
        title = titles.title_of(new, scene.language)
    if title is None:
        inside = scene.language.say["inside"][0].format(part=old, title=tasks[0].title)
        return Outcome(intent, say="not_found", words={"what": inside})
    return Outcome(
        intent,
        (("update_task", {"task_id": tasks[0].id, "title": title}),),
        say="renamed",
        tasks=tuple(tasks),
    )
