"""Which plan serves which frame."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from todo_chatbot.agent.offline import changing, looking, renaming, titles
from todo_chatbot.agent.offline.adding import add
from todo_chatbot.agent.offline.context import named_best
from todo_chatbot.agent.offline.corrections import MAKING, correct
from todo_chatbot.agent.offline.guesses import guess
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.memory import Change, Question
from todo_chatbot.agent.offline.naming import mentioned
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.references import Reference, parse
from todo_chatbot.agent.offline.resolve import resolve
from todo_chatbot.agent.offline.tokens import Words
from todo_chatbot.agent.offline.undoing import undo

_SHORT = 3
"""Words of what may be one more thing to do, said alone: "balloons"."""


def plan(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what to do about an intent, or None if the list has to be read first."""
    return _PLANS.get(intent.frame, _chat)(intent, scene)


_SAID = {
    "leave": "left_alone",
    "none": "left_alone",
    "idiom": "left_alone",
    "condition": "left_alone",
    "yes": "nothing_to_confirm",
}
"""What is said to clauses that want nothing, where it is not called like their frame."""


def _chat(intent: Intent, scene: Scene) -> Outcome | None:
    known = scene.tasks if scene.tasks is not None else tuple(scene.memory.tasks.values())
    spoken = (
        mentioned(intent.said, known, scene.language) if intent.frame in ("none", "leave") else ()
    )
    # "I still haven't called the bank": what follows may speak of "that one".
    shown = (spoken[0].id,) if len(spoken) == 1 else None
    return Outcome(intent, say=_SAID.get(intent.frame, intent.frame), shown=shown)


def _did_it(intent: Intent, scene: Scene) -> Outcome | None:
    """Complete what "done!" speaks of; with no task in focus, show what is done."""
    if len(scene.memory.focus) == 1 and not intent.doubtful:
        return changing.complete(
            replace(intent, frame="complete", ref=Reference(intent.said, "it")), scene
        )
    if intent.flag == "list":
        return looking.show(replace(intent, frame="list", status="completed"), scene)
    return changing.complete(replace(intent, frame="complete", ref=None), scene)


def _rename(intent: Intent, scene: Scene) -> Outcome | None:
    return (_describe if _means_note(intent, scene) else renaming.rename)(intent, scene)


def _correct(intent: Intent, scene: Scene) -> Outcome | None:
    return (_describe if _means_note(intent, scene) else correct)(intent, scene)


def _describe(intent: Intent, scene: Scene) -> Outcome | None:
    slots = {"note": intent.slots["title"]}
    ref = Reference(intent.said, "it")
    return renaming.describe(
        replace(intent, frame="describe", slots=slots, ref=ref, flag=""), scene
    )


def _means_note(intent: Intent, scene: Scene) -> bool:
    """Return whether "change it to ..." speaks of the description that was spoken of last."""
    if not scene.memory.noted or "title" not in intent.slots or len(scene.memory.focus) != 1:
        return False
    if not scene.language.words["title_words"].isdisjoint(intent.said.lower().split()):
        return False
    if intent.frame == "correct":
        return intent.flag in MAKING
    return intent.ref is not None and intent.ref.kind == "it"


def _keep(intent: Intent, scene: Scene) -> Outcome | None:
    """Leave things as they are, which after a deletion (or "done") means to take it back."""
    last = scene.memory.changes[-1] if scene.memory.changes else None
    mistaken = "complete" if intent.flag == "open" else "delete"
    if last is not None and last.kind == mistaken:
        return undo(intent, scene)
    return Outcome(intent, say="left_alone")


def _again(intent: Intent, scene: Scene) -> Outcome | None:
    """Do to another task what was done last: "and the report too"."""
    last = scene.memory.changes[-1] if scene.memory.changes else None
    adding = last is not None and last.kind == "add" and not scene.memory.undone
    if intent.flag in ("ask", "more") and not adding:
        return _chat(replace(intent, frame="lost"), scene)
    if intent.flag == "ask":
        return add(replace(intent, frame="add"), scene)
    assert intent.ref is not None
    if scene.memory.undone and scene.memory.just and intent.ref.kind == "other":
        return undo(replace(intent, frame="undo", flag="again"), scene)
    linked = "ref" in intent.slots and renaming.has_link(intent.slots["ref"].folds, scene.language)
    if last is not None and _renamed(last) and linked:
        return renaming.rename(replace(intent, frame="rename", flag=""), scene)
    if last is not None and last.kind == "add":
        return add(replace(intent, frame="add", slots={"title": intent.slots["ref"]}), scene)
    if last is None or (last.kind == "update" and last.task.completed is not False):
        return _unknown(
            replace(intent, frame="unknown", slots={"rest": intent.slots["ref"]}), scene
        )
    frame = {"complete": "complete", "delete": "delete", "update": "reopen"}[last.kind]
    return plan(replace(intent, frame=frame, soft=True, flag="again"), scene)


def _renamed(change: Change) -> bool:
    return change.before is not None and change.before.title != change.task.title


def _unknown(intent: Intent, scene: Scene) -> Outcome | None:
    words = intent.slots["rest"]
    if not any(letter.isalnum() for letter in words.text):
        return Outcome(intent, say="wordless")
    if scene.tasks is None:
        return None
    likely = guess(intent, words, scene.tasks, scene.language)
    if likely is not None:
        return plan(likely, scene)
    if intent.act == "question":
        return Outcome(intent, say="off_topic")
    named = resolve(parse(words, scene.language), scene.tasks, scene.memory, scene.language)
    if len(named.tasks) == 1:
        return Outcome(intent, say="ask_what", tasks=named.tasks, shown=(named.tasks[0].id,))
    if _may_be_title(words, scene):
        wanted = titles.entries(words, scene.language)
        settled = replace(intent, frame="add", titles=wanted, act="order")
        return Outcome(
            intent,
            say="confirm_add",
            words={"titles": wanted},
            question=Question("confirm", settled),
        )
    # "Tom can't lend the chairs": what follows may speak of that one, not of the last.
    spoken = named_best(words.said, scene)
    return Outcome(intent, say="lost", shown=spoken if len(spoken) == 1 else None)


def _may_be_title(words: Words, scene: Scene) -> bool:
    """Return whether words may be a thing to do: a verb and its object, or more after an add."""
    if words.folds and words.folds[0] in scene.language.words["base"]:
        return True
    last = scene.memory.changes[-1:] if scene.memory.just else ()
    return bool(last) and last[0].kind == "add" and 0 < len(words) <= _SHORT


_PLANS: Mapping[str, Callable[[Intent, Scene], Outcome | None]] = {
    "add": add,
    "complete": changing.complete,
    "did_it": _did_it,
    "again": _again,
    "too": _again,
    "keep": _keep,
    "reopen": changing.reopen,
    "delete": changing.delete,
    "rename": _rename,
    "describe": renaming.describe,
    "replace": renaming.replace_words,
    "undo": undo,
    "correct": _correct,
    "list": looking.show,
    "count": looking.with_list(looking.count),
    "progress": looking.with_list(looking.progress),
    "those": looking.with_list(looking.those),
    "next": looking.with_list(looking.next_task),
    "find": looking.with_list(looking.find),
    "status": looking.with_list(looking.status),
    "detail": looking.with_list(looking.detail),
    "recall": looking.recall,
    "mention": _unknown,
    "unknown": _unknown,
}

PLANNED = (_PLANS.keys() | _SAID.keys()) - {"unknown"}
"""Frames that do something; every other one says the answer of its name."""
