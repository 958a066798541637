"""Other titles and descriptions for tasks."""

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
from todo_chatbot.agent.offline.similarity import coverage
from todo_chatbot.agent.offline.tokens import Words, read

_PART = 2
"""Words that may be put in the place of others inside a title, without saying so."""


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
