"""One step of a turn: what was said becomes plans, and these become calls or the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from todo_chatbot.agent.offline.answer import answer
from todo_chatbot.agent.offline.changing import AT_ONCE
from todo_chatbot.agent.offline.context import (
    in_context,
    is_back,
    is_denied,
    one_more,
    points_back,
)
from todo_chatbot.agent.offline.corrections import objection
from todo_chatbot.agent.offline.finding import confirm, told_apart
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Call, Memory, Turn, tasks_after
from todo_chatbot.agent.offline.outcomes import Outcome, PlannedCall, Scene
from todo_chatbot.agent.offline.plan import plan
from todo_chatbot.agent.offline.replies import Lacks, reply
from todo_chatbot.agent.offline.utterance import intents

READ_LIST: PlannedCall = ("list_tasks", {"status": "all"})

SURROUNDING = frozenset(
    (
        "unknown",
        "none",
        "idiom",
        "leave",
        "mention",
        "yes",
        "condition",
    )
)
"""Frames of clauses that, like small talk, are left out beside one that says what to do."""

EMPTY_WORDS = SURROUNDING | {
    "left_alone",
    "lost",
    "wordless",
    "off_topic",
    "nothing_to_confirm",
    "kept",
}
"""Answers that are left out beside one that tells something."""

_NOT_UNDERSTOOD = frozenset(("lost", "not_found", "not_on_list", "off_topic", "left_alone"))
"""Answers that leave everything as it is, because it is not clear what was meant."""


@dataclass(frozen=True)
class Step:
    """What the model says next: calls to make, or the answer; ``outcomes`` is how it came to it."""

    calls: tuple[PlannedCall, ...] = ()
    text: str = ""
    outcomes: tuple[Outcome, ...] = ()


def step(turn: Turn, memory: Memory, language: Language) -> Step:
    """Return what comes next in a turn, given what has been called in it."""
    listed = next((call for call in turn.calls if _reads_all(call)), None)
    if listed is not None and listed.error:
        return Step(text=language.say["tools_down"][0].format(why=listed.error))
    scene = Scene(memory, language, listed.tasks if listed is not None else None, turn.calls)
    outcomes = _outcomes(turn.said, scene)
    if outcomes is None:
        return Step(calls=(READ_LIST,))
    made, unmade = _assign(outcomes, turn.calls)
    if unmade:
        # A list that is wanted afterwards is read when the changes are made.
        changes = tuple(call for call in unmade if call[0] != "list_tasks")
        return Step(calls=changes or (unmade[0],), outcomes=tuple(outcomes))
    now = tasks_after(turn, memory.tasks)
    return Step(text=answer(outcomes, made, now, language), outcomes=tuple(outcomes))


def _reads_all(call: Call) -> bool:
    return call.name == "list_tasks" and call.arguments.get("status", "all") == "all"


def _outcomes(said: str, scene: Scene) -> list[Outcome] | None:
    """Return what becomes of an utterance, or None if the list has to be read first."""
    if scene.memory.question is not None:
        replied = reply(said, scene.memory.question, scene)
        if replied is Lacks.LIST:
            return None
        if isinstance(replied, Outcome):
            return [replied]
    spoken = intents(said, scene.language, fresh=not scene.memory.changes)
    wanted = relevant(spoken, scene.language)
    wanted = in_context(said, spoken, wanted, scene)
    if scene.tasks is None and (any(one.parts for one in wanted) or points_back(spoken, wanted)):
        return None
    wanted = [part for intent in wanted for part in told_apart(intent, scene)]
    found = _planned(wanted, scene.beginning(said, wanted))
    return None if found is None else _told(said, _asking_first(found), scene)


def _planned(wanted: Sequence[Intent], scene: Scene) -> list[Outcome] | None:
    """Return what becomes of each intent in turn, or None if the list has to be read first."""
    found: list[Outcome] = []
    for intent in wanted:
        if _is_coming(found, intent, scene):
            break
        if _is_gone(found, intent) or is_back(found, intent, scene):
            continue
        if settled := _settled(found, intent, scene):
            found[-1], scene = settled, scene.after(settled)
            continue
        outcome = plan(intent, scene)
        if outcome is not None and outcome.say == "not_found":
            outcome = plan(one_more(intent, scene), scene)
        if outcome is None:
            return None
        if _is_said_again(outcome, found):
            continue
        found.append(outcome)
        scene = scene.after(outcome)
    return found


def _is_said_again(outcome: Outcome, found: Sequence[Outcome]) -> bool:
    """Return whether a clause says again what another does: "the gym is sorted, mark it done"."""
    earlier = [call for one in found for call in one.calls]
    if outcome.calls:
        return all(call in earlier for call in outcome.calls)
    just = {task.id for one in found if one.say == "completed" for task in one.tasks}
    return outcome.say == "already_done" and {task.id for task in outcome.tasks} <= just


def _told(said: str, found: list[Outcome], scene: Scene) -> list[Outcome]:
    """Return the outcomes that are told; what is objected to is asked about."""
    telling = [one for one in found if _tells(one, found)] or found[:1]
    if all(one.say in _NOT_UNDERSTOOD or is_denied(one, scene) for one in telling):
        objected = objection(said, scene)
        return [objected] if objected is not None else telling or [_lost(said)]
    return telling


def _lost(said: str) -> Outcome:
    return Outcome(Intent("unknown", said=said), say="lost")


def _is_coming(found: Sequence[Outcome], intent: Intent, scene: Scene) -> bool:
    """Return whether a clause speaks of a task that is still to be added: "... and complete it"."""
    if not found or intent.ref is None or intent.ref.kind not in ("it", "them", "latest"):
        return False
    return any(
        name == "add_task" and scene.added(arguments) is None for name, arguments in found[-1].calls
    )


def _settled(found: Sequence[Outcome], intent: Intent, scene: Scene) -> Outcome | None:
    """Return what a doubt comes to that is settled at once: "X is submitted, so mark it done"."""
    question = found[-1].question if found else None
    if question is None or question.kind != "confirm" or intent.act != "order" or intent.soft:
        return None
    same = intent.frame == found[-1].intent.frame == "complete"
    return plan(question.intent, scene) if intent.points and same else None


def _is_gone(found: Sequence[Outcome], intent: Intent) -> bool:
    """Return whether a clause says again what was done: "drop the attic, I don't need it"."""
    deleted = bool(found) and found[-1].say == "deleted" and intent.frame == "delete"
    return deleted and intent.points


def _asking_first(outcomes: list[Outcome]) -> list[Outcome]:
    """Ask before several clauses together delete more than one may: "delete 1, delete 2, ..."."""
    deleting = [one for one in outcomes if one.say == "deleted"]
    tasks = tuple(dict.fromkeys(task for one in deleting for task in one.tasks))
    if len(tasks) <= AT_ONCE:
        return outcomes
    kept = [one for one in outcomes if one not in deleting]
    return [*kept, confirm(deleting[0].intent, tasks, "confirm_delete")]


def _tells(outcome: Outcome, among: Sequence[Outcome]) -> bool:
    """Return whether an outcome is worth a word beside the others."""
    if outcome.calls or outcome.listing:
        return True
    if outcome.question is not None and outcome.question.kind == "confirm" and outcome.tasks:
        # "The tuner came, the piano is tuned": what one clause leaves open another settles.
        settled = {task for other in among if other.calls for task in other.tasks}
        if settled.issuperset(outcome.tasks):
            return False
    if outcome.say == "undo_nothing" or (outcome.intent.soft and outcome.say == "not_on_list"):
        return not any(other.calls for other in among)
    return not outcome.intent.small_talk and outcome.say not in EMPTY_WORDS


def relevant(found: Sequence[Intent], language: Language) -> list[Intent]:
    """Return the intents without the clauses that only surround them."""
    telling = [one for one in found if not (one.small_talk or one.frame in SURROUNDING)]
    if not telling:
        return list(found)
    if any(intent.frame == "did_it" for intent in telling):
        # "He just called back, so that's done": what somebody else did is no task.
        telling = [one for one in telling if not (one.soft and "person" in one.slots)]
    firm = [intent for intent in telling if intent.frame != "did_it"]
    if not firm:
        return [intent for intent in found if intent.frame == "did_it"]
    named = any(intent.frame == "unknown" for intent in found)
    if named and all(intent.soft for intent in firm):
        # "Back from the shop, the parcel is on its way, so that's done": what is named beside it.
        firm = telling
    return [intent for intent in found if intent in firm or _is_task(intent, language)]


def _is_task(intent: Intent, language: Language) -> bool:
    """Return whether an unknown clause begins like a thing to do: it may be worth adding."""
    words = intent.slots["rest"].folds if intent.frame == "unknown" else ()
    return bool(words) and words[0] in language.words["base"]


def _assign(
    outcomes: Sequence[Outcome], calls: Sequence[Call]
) -> tuple[list[list[Call]], list[PlannedCall]]:
    """Give each planned call what came of it; what nothing has come of is still to be made."""
    left = list(calls)
    made: list[list[Call]] = []
    unmade: list[PlannedCall] = []
    for outcome in outcomes:
        mine = []
        for name, arguments in outcome.calls:
            done = next((call for call in left if _is(call, name, arguments)), None)
            if done is None:
                unmade.append((name, arguments))
            else:
                left.remove(done)
                mine.append(done)
        made.append(mine)
    return made, unmade


def _is(call: Call, name: str, arguments: Mapping[str, Any]) -> bool:
    return call.name == name and dict(call.arguments) == dict(arguments)
