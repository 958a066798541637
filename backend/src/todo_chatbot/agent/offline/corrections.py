"""Puts the last change right: "no, I meant ..."."""

from collections.abc import Sequence
from dataclasses import replace

from todo_chatbot.agent.offline import titles
from todo_chatbot.agent.offline.amending import amended, stands_for_part, swapped
from todo_chatbot.agent.offline.clause import without_trail
from todo_chatbot.agent.offline.context import named_best
from todo_chatbot.agent.offline.finding import among_shown, confirm
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Change, Memory, Question, Task
from todo_chatbot.agent.offline.naming import SURE, Found
from todo_chatbot.agent.offline.outcomes import Arguments, Outcome, Scene
from todo_chatbot.agent.offline.patterns import phrase_end, table_has
from todo_chatbot.agent.offline.references import Reference, parse
from todo_chatbot.agent.offline.resolve import resolve
from todo_chatbot.agent.offline.similarity import content, content_of, coverage, similar
from todo_chatbot.agent.offline.tokens import Words, read
from todo_chatbot.agent.offline.undoing import done_again, undoing

MAKING = frozenset(("change", "retitle"))
"""Flags of patterns that make something out of "it"."""
_DEEDS = {"complete": "complete_task", "delete": "delete_task"}
"""Classes of the table that say what is done to a task, and the tools that do it."""


def correct(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what puts the last change right, or None if the list has to be read first."""
    intent = replace(
        intent, slots={name: _spoken(words, scene.language) for name, words in intent.slots.items()}
    )
    changes = scene.memory.changes
    if not changes:
        return Outcome(intent, say="lost")
    if scene.memory.undone:
        return _instead(intent, scene.memory.undone[-1], scene)
    part = _taken_back(intent, changes, scene)
    if part is not None:
        return part
    last = changes[-1]
    renamed = last.before is not None and last.before.title != last.task.title
    elsewhere = renamed and _names_another(intent, last, scene)
    if elsewhere is None:
        return None
    if (last.kind == "add" or renamed) and not elsewhere:
        return _retitle(intent, last, scene)
    if scene.tasks is None:
        return None
    noted = _renote(intent, last, scene) if scene.memory.noted else None
    if noted is not None:
        return noted
    deed = _other_deed(intent, last, scene)
    return deed or _redirect(intent, changes, scene)


def _instead(intent: Intent, undone: Change, scene: Scene) -> Outcome | None:
    """Return what does otherwise what was just taken back: "undo", "I meant the other bill"."""
    words = intent.slots.get("new") or intent.slots.get("title")
    if words is None or _negates(words, scene.language):
        return Outcome(intent, say="lost")
    if undone.kind == "add":
        title = amended(undone.task.title, words, scene.language)
        return Outcome(intent, (("add_task", {"title": title}),), say="added")
    if scene.tasks is None:
        return None
    meant = resolve(parse(words, scene.language), scene.tasks, scene.memory, scene.language)
    if len(meant.tasks) != 1:
        return Outcome(intent, say="not_found", words={"what": words.said})
    said = read(intent.said, scene.language.spellings).folds
    if undone.kind in _DEEDS and scene.language.words["cue_meaning"].isdisjoint(said):
        # "Actually, the plants ..." may begin something else.
        again = Intent(undone.kind, said=intent.said)
        one = "confirm_complete" if undone.kind == "complete" else "confirm_delete_one"
        return confirm(again, meant.tasks, one)
    return Outcome(intent, _again(undone, meant.tasks[0]), say="redirected", tasks=meant.tasks)


def _names_another(intent: Intent, last: Change, scene: Scene) -> bool | None:
    """Return whether a rename was meant for another task: "no, I meant 3"; None: list needed."""
    words, language = intent.slots.get("new") or intent.slots.get("title"), scene.language
    if words is None or intent.flag in MAKING:
        return False
    ref, title = parse(words, language), last.task.title
    if "old" in intent.slots and last.before is not None:
        old = intent.slots["old"].folds
        if coverage(old, title, language)[0] or not coverage(old, last.before.title, language)[0]:
            return False
    elif ref.kind not in ("numbers", "positions") or stands_for_part(title, words, language):
        return False
    if scene.tasks is None:
        return None
    meant = resolve(ref, scene.tasks, scene.memory, language).tasks
    return len(meant) == 1 and meant[0].id != last.task.id


def _renote(intent: Intent, last: Change, scene: Scene) -> Outcome | None:
    """Return what puts the description right that was just given: "no, 14 kids"."""
    words = intent.slots.get("new") or intent.slots["title"]
    others = [task for task in scene.tasks or () if task.id != last.task.id]
    named = resolve(parse(words, scene.language), others, scene.memory, scene.language)
    if named.tasks or named.unclear:
        return None
    old, note = last.task.description, None
    if "old" in intent.slots:
        note = swapped(old, intent.slots["old"].said, words.said.strip(" \"'“”‘’"))
    if note is None:
        note = amended(old, words, scene.language)
        note = titles.note_text(words) if note == titles.title_of(words, scene.language) else note
    call = ("update_task", {"task_id": last.task.id, "description": note})
    return Outcome(intent, (call,), say="described", tasks=(last.task,))


def _other_deed(intent: Intent, last: Change, scene: Scene) -> Outcome | None:
    """Return what does something else to the task: "I said complete, not delete"."""
    words = intent.slots.get("new") or intent.slots.get("title")
    folds = words.folds if words is not None else ()
    negations = scene.language.words["negations"]
    ends = (at for at, fold in enumerate(folds) if fold == "," or fold in negations)
    end = next(ends, len(folds))
    pronouns = scene.language.any_of("it", "demonstratives", "objects")
    folds = folds[: end - 1] if folds[1:end] and folds[end - 1] in pronouns else folds[:end]
    deed = next((d for d in _DEEDS if table_has(scene.language.table(d), folds)), "")
    if not deed or deed == last.kind:
        return None
    back = undoing(last)
    if last.kind != "delete":
        number = last.task.id
    elif (added := scene.added(back[0][1])) is not None:
        number = added
    else:
        return Outcome(intent, tuple(back), say="undone")
    call = (_DEEDS[deed], {"task_id": number})
    return Outcome(intent, (*back, call), say="redirected", tasks=(replace(last.task, id=number),))


def objection(said: str, scene: Scene, *, objects: bool = False) -> Outcome | None:
    """Return the question whether to undo, for a "no" that nothing else was understood of.

    A change that somebody objects to is never left standing without a word about it;
    ``objects``: it is known that somebody does.
    """
    memory, words = scene.memory, read(said, scene.language.spellings)
    objects = objects or phrase_end(scene.language.table("objection"), words.folds) > 0
    changed = {change.task.id for change in memory.changes}
    best = set(named_best(said, scene))
    named = bool(best & changed)
    if best and not named and _has_not(words, scene.language):
        return None  # "I haven't called Ann" speaks of another task
    if (
        not (objects or (named and _has_not(words, scene.language)))
        or not memory.just
        or memory.undone
        or memory.question is not None
    ):
        return None
    intent = Intent("undo", said=said)
    if not any(undoing(change) for change in memory.changes):
        return None
    return Outcome(
        intent,
        say="ask_undo",
        words={"changes": memory.changes},
        question=Question("confirm", intent),
    )


def _taken_back(intent: Intent, changes: Sequence[Change], scene: Scene) -> Outcome | None:
    """Return what takes back one of several changes: "not 2", or all but one: "no, only 1"."""
    negated = "title" in intent.slots and _negates(intent.slots["title"], scene.language)
    spares = intent.flag == "spare" or negated
    said = intent.said.lower().split()
    only = len(changes) > 1 and not scene.language.words["only"].isdisjoint(said)
    if "title" not in intent.slots or not (spares or only):
        return None
    changed = [change.task for change in changes]
    words = intent.slots["title"][1 if negated else 0 :]
    end = words.folds.index(",") if spares and "," in words.folds[1:] else len(words)
    ref = parse(without_trail(words[:end], scene.language), scene.language)
    named = resolve(ref, changed, scene.memory, scene.language).tasks
    if spares and not named:
        # "Not 3 though" may speak of what was done a turn before.
        changes = _done_before(scene.memory)
        changed = [change.task for change in changes]
        named = resolve(ref, changed, scene.memory, scene.language).tasks
    calls = [
        call
        for change in changes
        if named and (change.task in named) == spares
        for call in undoing(change)
    ]
    if calls:
        return Outcome(intent, tuple(calls), say="undone")
    return Outcome(intent, say="lost") if spares and not negated else None


def _done_before(memory: Memory) -> Sequence[Change]:
    """Return what was completed or deleted before the last turn."""
    return [one for group in memory.earlier for one in group if one.kind in _DEEDS]


def _spoken(words: Words, language: Language) -> Words:
    """Return the words between "sorry, I meant" and "instead, please"."""
    table = language.table("chooser")
    words = titles.strip(without_trail(titles.strip(words), language))
    while 0 < (end := phrase_end(table, words.folds)) < len(words):
        words = titles.strip(words[end:])
    return words


def _retitle(intent: Intent, last: Change, scene: Scene) -> Outcome | None:
    words = intent.slots.get("title")
    of_tasks = scene.language.words["of_tasks"]
    if words is not None and (
        _negates(words, scene.language) or not of_tasks.isdisjoint(words.folds)
    ):
        return Outcome(intent, say="lost")
    if "new" in intent.slots:
        new = intent.slots["new"].said.strip(" \"'“”‘’")
        title = swapped(last.task.title, intent.slots["old"].said, new) or amended(
            last.task.title, intent.slots["new"], scene.language
        )
    else:
        title = amended(last.task.title, intent.slots["title"], scene.language)
    call = ("update_task", {"task_id": last.task.id, "title": title})
    return Outcome(replace(intent, frame="rename"), (call,), say="renamed", tasks=(last.task,))


def _redirect(intent: Intent, changes: Sequence[Change], scene: Scene) -> Outcome | None:
    assert scene.tasks is not None
    said = read(intent.said, scene.language.spellings).folds
    between = not scene.memory.just and intent.flag not in MAKING
    if between and scene.language.words["cue_meaning"].isdisjoint(said):
        return Outcome(intent, say="lost")  # "no, three" answers what was said between
    words = intent.slots.get("new") or intent.slots["title"]
    pool = [t for t in scene.tasks if t.id not in {c.task.id for c in changes}]
    ref = parse(words, scene.language)
    # A correction names its task: "I said complete, not delete" means no completed one.
    found = Found() if ref.described else resolve(ref, pool, scene.memory, scene.language)
    if found.unclear:
        found = among_shown(found, scene)
    if intent.flag in MAKING and not _is_named(words, ref, found, scene):
        found = Found()
    meant = found.tasks or _beside_mistake(words, changes[-1].task, pool, scene.language)
    if len(meant) != 1:
        return _unfound(intent, words, found, scene)
    mistaken = _mistaken(intent, changes, scene)
    back = tuple(call for change in reversed(mistaken) for call in undoing(change))
    calls = (*back, *_again(changes[-1], meant[0]), *done_again(changes, scene))
    return Outcome(intent, calls, say="redirected", tasks=meant)


def _mistaken(intent: Intent, changes: Sequence[Change], scene: Scene) -> Sequence[Change]:
    """Return the changes that were not meant: in "not 2, I meant 3" only what was done to 2."""
    words = intent.slots.get("old")
    if words is None or len(changes) < 2:
        return changes
    changed = [change.task for change in changes]
    named = resolve(parse(words, scene.language), changed, scene.memory, scene.language).tasks
    return [change for change in changes if change.task in named] or changes


def _is_named(words: Words, ref: Reference, found: Found, scene: Scene) -> bool:
    """Return whether "make it ..." names another task and no new title."""
    quoted = words.tokens[0].quoted
    shares = (coverage(ref.name, task.title, scene.language)[0] for task in found.tasks)
    return not quoted and (ref.kind != "name" or all(share >= SURE for share in shares))


def _unfound(intent: Intent, words: Words, found: Found, scene: Scene) -> Outcome:
    """Return the question what to do where a correction names no single task."""
    focus = [task for task in scene.tasks or () if task.id in scene.memory.focus]
    if intent.flag in MAKING and not found.unclear and len(focus) == 1:
        title = titles.title_of(words, scene.language)
        if not scene.memory.just:  # "what is the second one called?", "change it to ..."
            call = ("update_task", {"task_id": focus[0].id, "title": title})
            renamed = replace(intent, frame="rename")
            return Outcome(renamed, (call,), say="renamed", tasks=tuple(focus))
        named = replace(intent, frame="rename", titles=((title, ""),))
        return confirm(named, focus, "confirm_rename", {"title": title})
    say = "which_task" if found.unclear else "not_found"
    asked = objection(intent.said, scene, objects=True)
    return Outcome(
        intent,
        say=say,
        words={"what": words.said},
        also=(asked,) if asked else (),
        question=asked.question if asked else None,
    )


def _beside_mistake(
    words: Words, mistaken: Task, pool: Sequence[Task], language: Language
) -> tuple[Task, ...]:
    """Return what is named beside the mistake, without a mark: "not the kettle the patio"."""
    wrong = content_of(mistaken.title, language)
    left = [
        one
        for one in content(words.folds, language)
        if one not in language.words["cue_words"]
        and max(similar(one, other, language) for other in wrong) < SURE
    ]
    if not left or not _has_not(words, language):
        return ()
    return tuple(task for task in pool if coverage(left, task.title, language)[0] >= SURE)


def _negates(words: Words, language: Language) -> bool:
    return len(words) > 0 and words.folds[0] in language.words["negations"]


def _has_not(words: Words, language: Language) -> bool:
    return not language.words["negations"].isdisjoint(words.folds)


def _again(change: Change, task: Task) -> tuple[tuple[str, Arguments], ...]:
    if change.kind == "complete":
        return (("complete_task", {"task_id": task.id}),)
    if change.kind == "delete":
        return (("delete_task", {"task_id": task.id}),)
    noted = change.before is not None and change.before.description != change.task.description
    if change.before is not None and change.before.title != change.task.title:
        return (("update_task", {"task_id": task.id, "title": change.task.title}),)
    if change.task.completed is False and not noted:
        return (("update_task", {"task_id": task.id, "completed": False}),)
    return (("update_task", {"task_id": task.id, "description": change.task.description}),)
