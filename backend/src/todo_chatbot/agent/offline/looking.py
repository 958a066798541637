"""Questions about the list: nothing in this module changes a task."""

from collections.abc import Callable, Sequence

from todo_chatbot.agent.offline.finding import recalled
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.memory import Task
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.resolve import NEAR, SURE, resolve
from todo_chatbot.agent.offline.similarity import coverage


def show(intent: Intent, scene: Scene) -> Outcome | None:
    if scene.tasks is None:
        return Outcome(intent, (("list_tasks", {"status": intent.status}),), listing=intent.status)
    return Outcome(intent, listing=intent.status)


def with_list(
    say: Callable[[Intent, Scene, Sequence[Task]], Outcome],
) -> Callable[[Intent, Scene], Outcome | None]:
    return lambda intent, scene: None if scene.tasks is None else say(intent, scene, scene.tasks)


def count(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    topic = intent.slots.get("topic")
    name = (
        tuple(
            f
            for f in topic.folds
            if f not in scene.language.words["listing"]
            and f not in scene.language.words["listing_nouns"]
        )
        if topic
        else ()
    )
    kept = of_status(tasks, intent.status)
    if name:
        kept = [t for t in kept if coverage(name, t.title, scene.language)[0] >= SURE]
        if kept:
            return Outcome(
                intent, say="count_topic", tasks=tuple(kept), shown=tuple(t.id for t in kept)
            )
        kept = of_status(tasks, intent.status)
    if not kept:
        return Outcome(intent, say=f"empty_{intent.status}".removesuffix("_all"))
    return Outcome(intent, say=f"count_{intent.status}", tasks=tuple(kept))


def of_status(tasks: Sequence[Task], status: str) -> list[Task]:
    return [t for t in tasks if status == "all" or t.completed == (status == "completed")]


def progress(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    pending = of_status(tasks, "pending")
    if not tasks:
        return Outcome(intent, say="empty")
    if intent.flag == "allclear":
        say = "all_clear_no" if pending else "all_clear_yes"
        return Outcome(intent, say=say, tasks=tuple(pending), shown=tuple(t.id for t in pending))
    return Outcome(intent, say="progress", tasks=tuple(tasks))


def next_task(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    pending = of_status(tasks, "pending")
    if not pending:
        return Outcome(intent, say="empty_pending" if tasks else "empty")
    return Outcome(intent, say="next", tasks=(pending[0],), shown=(pending[0].id,))


def find(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    topic = intent.slots["topic"]
    name = tuple(topic.folds)
    found = [
        t for t in tasks if coverage(name, f"{t.title} {t.description}", scene.language)[0] >= SURE
    ]
    if not found:
        found = [t for t in tasks if coverage(name, t.title, scene.language)[0] >= NEAR]
        if not found:
            return Outcome(intent, say="found_none", words={"what": topic.said})
    return Outcome(intent, say="found", tasks=tuple(found), shown=tuple(t.id for t in found))


def status(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    assert intent.ref is not None
    found = resolve(intent.ref, tasks, scene.memory, scene.language)
    meant = list(found.tasks) or [t for _, some in found.unclear for t in some]
    if not meant:
        meant = list(recalled(intent, found, scene).tasks)
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


def detail(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    assert intent.ref is not None
    found = resolve(intent.ref, tasks, scene.memory, scene.language)
    meant = list(found.tasks) or [t for _, some in found.unclear for t in some]
    if not meant:
        return Outcome(intent, say="status_none", words={"what": intent.ref.said})
    return Outcome(intent, say="detail", tasks=tuple(meant), shown=tuple(t.id for t in meant))


def recall(intent: Intent, scene: Scene) -> Outcome | None:
    return Outcome(
        intent,
        say="recall" if scene.memory.changes else "recall_nothing",
        words={"changes": scene.memory.changes},
    )
