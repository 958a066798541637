"""What a clause means beside what was said before it, and done in the turn before."""

from collections.abc import Sequence
from dataclasses import replace

from todo_chatbot.agent.offline import titles
from todo_chatbot.agent.offline.clause import read_clause
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.naming import NEAR, SURE
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.references import Reference, parse
from todo_chatbot.agent.offline.resolve import resolve
from todo_chatbot.agent.offline.similarity import coverage
from todo_chatbot.agent.offline.tokens import read

_NEEDING = frozenset(("add", "unknown", "leave", "none"))
"""Frames in which somebody may say that something is still needed."""


def in_context(
    said: str, spoken: Sequence[Intent], wanted: Sequence[Intent], scene: Scene
) -> list[Intent]:
    """Return the wanted intents as they are meant after the last turn."""
    asked = any(one.act == "question" for one in spoken)  # "and number 2, when is that due?"
    meant = [_starred(intent if asked else _going_on(intent, scene), scene) for intent in wanted]
    if len(meant) == 1:
        meant = [_deed_instead(meant[0], spoken, scene)]
    meant = [_beside(intent, spoken, scene) for intent in meant]
    meant = [_still_needed(_fronted(intent, spoken, scene), scene) for intent in meant]
    denied = _denied(spoken, scene)
    if denied and all(one.frame in ("none", "unknown", "leave") for one in meant):
        return denied
    return [Intent("undo", said=said), *meant] if _takes_back(spoken, meant, scene) else meant


def one_more(intent: Intent, scene: Scene) -> Intent:
    """Return "and update the phone list" after "add ..." as another thing to do.

    Asked of what names no task on the list.
    """
    language = scene.language
    added = scene.memory.just and scene.memory.changes[-1].kind == "add"
    said = read(intent.said, language.spellings)
    begins = bool(len(said)) and said.folds[0] in language.any_of("conjunctions", "then", "also")
    words = read_clause(said, language).words
    if not added or not begins or intent.soft or words.folds[:1][0] not in language.words["base"]:
        return intent
    return Intent("add", slots={"title": words}, said=intent.said)


def _starred(intent: Intent, scene: Scene) -> Intent:
    """Return "*30 bucks" after something was written as the correction that it is."""
    words = intent.slots.get("rest") or intent.slots.get("title")
    if not intent.said.startswith("*") or words is None or not scene.memory.just:
        return intent
    return replace(intent, frame="correct", slots={"title": words}, act="order", flag="other")


def _denied(spoken: Sequence[Intent], scene: Scene) -> list[Intent]:
    """Return what opens a task again that was just completed: "I haven't called Ann yet"."""
    last = scene.memory.changes if scene.memory.just else ()
    done = [one.task.id for one in last if one.kind == "complete"]
    found = []
    for intent in spoken if done and len(done) == len(last) else ():
        named = _not_so(intent, scene) if intent.frame == "none" else ()
        if len(named) == 1 and named[0] in done:
            ref = Reference(intent.said, "numbers", numbers=named)
            found.append(Intent("reopen", ref=ref, said=intent.said))
    return found


def _not_so(intent: Intent, scene: Scene) -> tuple[int, ...]:
    """Return the tasks of which somebody says that they are not done."""
    words = intent.slots.get("rest")
    if words is None:
        return named_best(intent.said, scene)
    if "," in words.folds[:-1]:  # "only the bag, the trip isn't paid"
        words = words[len(words) - words.folds[::-1].index(",") :]
    known = scene.tasks if scene.tasks is not None else tuple(scene.memory.tasks.values())
    found = resolve(parse(words, scene.language), known, scene.memory, scene.language)
    return tuple(task.id for task in found.tasks) or named_best(words.said, scene)


def _takes_back(spoken: Sequence[Intent], wanted: Sequence[Intent], scene: Scene) -> bool:
    """Return whether another task is done instead of the last: "no, I ordered the flour"."""
    changes = scene.memory.changes
    refused = spoken[:1] and spoken[0].frame == "leave" and _refuses(spoken[0].said, scene)
    completed = changes and changes[-1].kind == "complete"
    return bool(refused and completed) and [one.frame for one in wanted] == ["complete"]


def _refuses(said: str, scene: Scene) -> bool:
    """Return whether a message begins with a no."""
    folds = read(said, scene.language.spellings).folds
    return bool(folds) and folds[0] in scene.language.any_of("refusals", "negations")


def _going_on(intent: Intent, scene: Scene) -> Intent:
    """Return "and task 2" after "complete task 1" as the same order again."""
    last = scene.memory.changes[-1].kind if scene.memory.just else ""
    first = read(intent.said, scene.language.spellings).folds[:1]
    goes_on = first and first[0] in scene.language.any_of("conjunctions", "then", "also")
    again = intent.frame == "detail" and intent.act == "order" and goes_on
    return replace(intent, frame=last) if again and last in ("complete", "delete") else intent


def _deed_instead(intent: Intent, spoken: Sequence[Intent], scene: Scene) -> Intent:
    """Return "no, complete it" after a deletion as the correction that it is."""
    changes = scene.memory.changes
    gone = all(one not in scene.memory.tasks for one in scene.memory.focus)
    deleted = scene.memory.just and changes[-1].kind == "delete" and gone
    ticks_it = intent.points and intent.frame == "complete" and not (intent.ref and intent.ref.name)
    if not deleted or not ticks_it or len(spoken) > 2 or len(changes) != 1:
        return intent
    done = read(intent.frame, scene.language.spellings)
    return replace(intent, frame="correct", slots={"title": done}, ref=None)


def named_best(said: str, scene: Scene) -> tuple[int, ...]:
    """Return the numbers of the tasks of which most is said, if it is most of a title."""
    words, language = read(said, scene.language.spellings).folds, scene.language
    known = scene.tasks if scene.tasks is not None else scene.memory.tasks.values()
    shares = {task.id: coverage(words, task.title, language)[1] for task in known}
    best = max(shares.values(), default=0)
    return tuple(n for n, share in shares.items() if share == best >= NEAR)


def _fronted(intent: Intent, spoken: Sequence[Intent], scene: Scene) -> Intent:
    """Return "the other two I'll skip, delete them" as the deletion of the other two."""
    if intent.ref is None or intent.ref.kind not in ("it", "them") or intent.ref.name:
        return intent
    for before in spoken:
        words = before.slots.get("rest") if before.frame == "unknown" else None
        for end in range(min(4, len(words or ())), 0, -1):
            ref = parse(words[:end], scene.language) if words else None
            if ref is not None and ref.kind in ("rest", "other", "numbers", "positions"):
                return replace(intent, ref=ref)
    return intent


def _beside(intent: Intent, spoken: Sequence[Intent], scene: Scene) -> Intent:
    """Return "chapter 6 isn't in it, so delete that one" as the deletion of chapter 6."""
    if intent.ref is None or not intent.points or intent.ref.name:
        return intent
    at = next((n for n, one in enumerate(spoken) if one.said == intent.said), 0)
    before = spoken[at - 1] if at else None
    if before is None or before.frame not in ("none", "unknown", "status"):
        return intent
    if before.ref is not None and before.ref.kind in ("numbers", "positions"):
        return replace(intent, ref=before.ref)  # "the second is still open, reopen it"
    named = named_best(before.said, scene) if intent.ref.kind == "it" else _named(before, scene)
    if not named or (intent.ref.kind == "it" and len(named) > 1):
        return intent
    return replace(intent, ref=Reference(intent.ref.said, "numbers", numbers=named))


def _named(intent: Intent, scene: Scene) -> tuple[int, ...]:
    """Return the numbers of all tasks of which half a title is said."""
    words, language = read(intent.said, scene.language.spellings).folds, scene.language
    known = scene.tasks if scene.tasks is not None else scene.memory.tasks.values()
    return tuple(t.id for t in known if coverage(words, t.title, language)[1] >= NEAR)


def _still_needed(intent: Intent, scene: Scene) -> Intent:
    """Return "I still need the fence" as bringing it back, if it was just deleted."""
    words = next((intent.slots[one] for one in ("title", "rest") if one in intent.slots), None)
    said, cues = read(intent.said, scene.language.spellings).folds, scene.language.words
    kept = intent.frame == "leave" and not cues["cue_kept"].isdisjoint(said)
    needed = kept or not cues["cue_still"].isdisjoint(said)
    gone = [one.task for one in scene.memory.changes if one.kind == "delete"]
    if intent.frame not in _NEEDING or words is None or not needed or not gone:
        return intent
    ref = parse(titles.after(words, "stillneed", scene.language), scene.language)
    named = [
        task
        for task in gone
        if task.id in ref.numbers or coverage(ref.name, task.title, scene.language)[0] >= NEAR
    ]
    if not scene.memory.just or len(named) != 1:
        return intent
    ref = replace(ref, kind="name", name=tuple(named[0].title.lower().split()))
    return Intent("reopen", ref=ref, said=intent.said)


def points_back(spoken: Sequence[Intent], wanted: Sequence[Intent]) -> bool:
    """Return whether "it" may mean what a remark beside the order names."""
    pronoun = any(one.frame == "did_it" or (one.ref and one.points) for one in wanted)
    return pronoun and any(one.frame in ("unknown", "none") for one in spoken if one not in wanted)


def is_back(found: Sequence[Outcome], intent: Intent, scene: Scene) -> bool:
    """Return whether a correction already took back what a clause beside it wants back."""
    if not any(one.say in ("redirected", "undone") for one in found):
        return False
    if intent.frame in ("undo", "keep"):
        return True
    if intent.frame != "reopen" or intent.ref is None:
        return False
    if intent.points:
        return any(one.say == "undone" for one in found)
    gone = (change.task.title for change in scene.memory.changes)
    return any(coverage(intent.ref.name, title, scene.language)[0] >= SURE for title in gone)


def is_denied(outcome: Outcome, scene: Scene) -> bool:
    """Return whether what the last turn completed is spoken of: "wait, the bread was sold out"."""
    done = {change.task.id for change in scene.memory.changes if change.kind == "complete"}
    return outcome.say in ("already_done", "ask_what") and done.issuperset(
        task.id for task in outcome.tasks
    )
