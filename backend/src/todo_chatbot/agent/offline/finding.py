"""Finds the tasks that an order means, and asks where that is in doubt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from todo_chatbot.agent.offline.answer import join
from todo_chatbot.agent.offline.clause import read_clause
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.memory import Question, Task
from todo_chatbot.agent.offline.naming import FULL, NEAR, SURE, Found, Missing
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.references import Reference
from todo_chatbot.agent.offline.resolve import resolve
from todo_chatbot.agent.offline.similarity import coverage, may_name
from todo_chatbot.agent.offline.tokens import read


def change(
    intent: Intent,
    scene: Scene,
    prefer: str,
    settle: Callable[[Intent, Sequence[Task], Scene], Outcome],
) -> Outcome | None:
    """Return what ``settle`` makes of the tasks an intent means, or a question about them.

    ``prefer`` is the status that decides between equals; None: the list has to be read first.
    """
    if intent.soft and intent.ref is not None and intent.ref.either:
        # "I don't need tape or soap any more" means both.
        intent = replace(intent, ref=replace(intent.ref, either=False))
    if _points_nowhere(intent, scene) or intent.ref is None or intent.ref.vague:
        return Outcome(intent, say="which_task", question=Question("which", intent))
    found = _find(intent, scene, prefer)
    if found is None:
        return None
    if intent.soft and found.missing:
        found = recalled(intent, found, scene)
    found = _with_deed(intent, found, scene)
    if found.unclear and not found.tasks:
        return which(intent, found.unclear[0][1])
    found = replace(found, missing=_together(found.missing, scene))
    if found.missing and not found.tasks:
        return missing(intent, found, scene)
    done = settle(intent, found.tasks, scene)
    rest = [
        missing(intent, replace(found, tasks=(), missing=(one,)), scene) for one in found.missing
    ]
    rest += [which(intent, one[1]) for one in found.unclear]
    return replace(
        done,
        also=(*done.also, *rest),
        question=done.question or next((r.question for r in rest if r.question), None),
    )


def _with_deed(intent: Intent, found: Found, scene: Scene) -> Found:
    """Return the one task of several that says what was done: "the piano is tuned"."""
    past = intent.slots.get("past")
    if len(found.unclear) != 1 or found.tasks:
        return found
    if intent.flag == "again":
        found = among_shown(found, scene)
    if past is None or not found.unclear:
        return found
    deed, some = past.folds[:1], found.unclear[0][1]
    fitting = [task for task in some if coverage(deed, task.title, scene.language)[0] >= SURE]
    return Found(tuple(fitting)) if len(fitting) == 1 else found


def among_shown(found: Found, scene: Scene) -> Found:
    """Return the one of several tasks that stood beside the last in a question of ours."""
    there = {task.id for task in scene.tasks or ()} | {c.task.id for c in scene.memory.changes}
    shown = scene.memory.shown if len(scene.memory.shown) < len(there) else ()
    some = [task for _, tasks in found.unclear for task in tasks if task.id in shown]
    return Found(tuple(some)) if len(some) == 1 else found


def _points_nowhere(intent: Intent, scene: Scene) -> bool:
    """Return whether "it" is to be renamed, though nothing was spoken of before."""
    ref = intent.ref
    points = ref is not None and ref.kind == "it" and not ref.name
    known = scene.tasks is not None and not scene.memory.focus
    return intent.frame == "rename" and points and known


def _together(missing: Sequence[Missing], scene: Scene) -> tuple[Missing, ...]:
    """Return what is missing with everything that nothing comes near to told at once."""
    near = tuple(one for one in missing if one[1])
    nowhere = [said for said, tasks in missing if not tasks]
    return (*near, (join(nowhere, scene.language), ())) if nowhere else near


def told_apart(intent: Intent, scene: Scene) -> tuple[Intent, ...]:
    """Return the clauses of an intent if the last names a task on the list, else the intent."""
    if not intent.parts:
        return (intent,)
    told = intent.parts[-1]
    ref = told.ref
    assert ref is not None
    shares = (coverage(ref.name, task.title, scene.language) for task in scene.tasks or ())
    # "... and finish the report" may well be part of a new task; "... and delete it" is not.
    verb = read_clause(read(told.said, scene.language.spellings), scene.language).words.folds[:1]
    usual = not verb or verb[0] in scene.language.words["base"]
    enough = FULL if told.frame == "status" or (told.frame == "complete" and usual) else 0
    named = any(said >= SURE and had >= enough for said, had in shares)
    return intent.parts if named else (replace(intent, parts=()),)


def _find(intent: Intent, scene: Scene, prefer: str) -> Found | None:
    direct = _direct(intent, scene)
    if direct is not None:
        return direct
    if scene.tasks is None or intent.ref is None:
        return None
    return resolve(intent.ref, scene.tasks, scene.memory, scene.language, prefer)


def _direct(intent: Intent, scene: Scene) -> Found | None:
    """Return the tasks of plain numbers if they are known, so that no list has to be read."""
    ref, known = intent.ref, scene.memory.tasks
    if ref is None or scene.tasks is not None:
        return None
    if ref.kind == "numbers" and not ref.either:
        numbers = ref.numbers
    elif ref.kind == "it" and len(scene.memory.focus) == 1 and not ref.name:
        numbers = scene.memory.focus
    else:
        return None
    meant = tuple(known[n] for n in numbers if n in known)
    told = intent.frame != "complete" or all(task.completed is not None for task in meant)
    return Found(meant) if told and len(meant) == len(numbers) else None


def recalled(intent: Intent, found: Found, scene: Scene) -> Found:
    """A statement may say more than a title does: "I called the bank about the card yesterday"."""
    assert intent.ref is not None
    times = scene.language.words["times"]
    name = tuple(fold for fold in intent.ref.name if fold not in times)
    if name and name != intent.ref.name:
        return resolve(
            replace(intent.ref, name=name), scene.tasks or (), scene.memory, scene.language
        )
    fitting = []
    named = may_name(intent.ref.name, scene.language)
    for task in scene.tasks or ():
        if not named(task.title):
            continue
        precision, recall = coverage(intent.ref.name, task.title, scene.language)
        if recall >= SURE and precision >= NEAR:
            fitting.append(task)
    return Found(tuple(fitting)) if len(fitting) == 1 and len(found.missing) == 1 else found


def which(intent: Intent, candidates: Sequence[Task]) -> Outcome:
    """Return the question which of several tasks is meant."""
    ids = tuple(task.id for task in candidates)
    if not ids:
        return Outcome(intent, say="which_task", question=Question("which", intent))
    return Outcome(
        intent,
        say="which",
        tasks=tuple(candidates),
        question=Question("which", intent, ids),
        shown=ids,
    )


def missing(intent: Intent, found: Found, scene: Scene) -> Outcome:
    """Return what to say of words that fit no task: what comes near is offered."""
    said, near = found.missing[0]
    if scene.tasks is not None and not scene.tasks:
        say = "not_on_list" if intent.soft else "not_found"
        return Outcome(intent, say=say, words={"what": said})
    if near and len(near) <= 5:
        ids = tuple(task.id for task in near)
        one = len(ids) == 1
        ref = Reference(intent.said, "numbers", numbers=ids)
        meant = answered(intent, ref, intent.flag)
        question = Question("confirm", meant, ids) if one else Question("which", intent, ids)
        return Outcome(
            intent,
            say="near" if one else "near_many",
            tasks=tuple(near),
            words={"what": said},
            question=question,
            shown=ids,
        )
    return Outcome(
        intent,
        say="not_on_list" if intent.soft else "not_found",
        words={"what": said},
        question=Question("missed", replace(intent, slots={})) if intent.ref else None,
    )


def settled(intent: Intent, tasks: Sequence[Task]) -> Intent:
    """Return the intent that a yes carries out: on these tasks, without another question."""
    ref = Reference(intent.said, "numbers", numbers=tuple(task.id for task in tasks))
    return replace(intent, ref=ref, act="order", soft=False, flag="settled")


def answered(intent: Intent, ref: Reference, flag: str) -> Intent:
    """Return the intent of a question once it is known which tasks were meant, or to be spared."""
    whole = intent.ref
    if whole is not None and whole.kind in ("all", "rest") and whole.minus is not None:
        # "all but the report": what is chosen is the report, and the set is still described
        ref, flag = replace(whole, minus=ref), ""
    return replace(intent, ref=ref, act="order", soft=False, flag=flag)


def confirm(
    intent: Intent, tasks: Sequence[Task], say: str, words: Mapping[str, Any] | None = None
) -> Outcome:
    """Return the question whether to do it."""
    ids = tuple(task.id for task in tasks)
    return Outcome(
        intent,
        say=say,
        tasks=tuple(tasks),
        words=words or {},
        question=Question("confirm", settled(intent, tasks), ids),
        shown=ids,
    )
