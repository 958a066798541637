"""Questions about the list: nothing in this module changes a task."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from todo_chatbot.agent.offline.finding import recalled
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.memory import Task
from todo_chatbot.agent.offline.naming import NEAR, having
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.references import Reference
from todo_chatbot.agent.offline.resolve import resolve
from todo_chatbot.agent.offline.tokens import read


def show(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what shows the list; it reads only the tasks that are wanted."""
    if scene.tasks is None:
        return Outcome(intent, (("list_tasks", {"status": intent.status}),), listing=intent.status)
    return Outcome(intent, listing=intent.status)


def with_list(
    say: Callable[[Intent, Scene, Sequence[Task]], Outcome],
) -> Callable[[Intent, Scene], Outcome | None]:
    """Return a plan that has the list read before it answers."""
    return lambda intent, scene: None if scene.tasks is None else say(intent, scene, scene.tasks)


def count(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    """Return how many tasks there are: of a status, or about something."""
    kept = of_status(tasks, intent.status)
    words = scene.language.words
    topic = intent.slots["topic"].folds if "topic" in intent.slots else ()
    name = [f for f in topic if f not in words["listing"] and f not in words["listing_nouns"]]
    about = having(name, kept, scene.language) if name else []
    if about:
        return Outcome(intent, say="count_topic", tasks=tuple(about), shown=_ids(about))
    if not kept:
        return Outcome(intent, say=f"empty_{intent.status}".removesuffix("_all"))
    return Outcome(intent, say=f"count_{intent.status}", tasks=tuple(kept), shown=_ids(kept))


def of_status(tasks: Sequence[Task], status: str) -> list[Task]:
    """Return the tasks that are all, pending or completed."""
    return [t for t in tasks if status == "all" or t.completed == (status == "completed")]


def progress(intent: Intent, _: Scene, tasks: Sequence[Task]) -> Outcome:
    """Return how much is done, or whether everything is."""
    pending = of_status(tasks, "pending")
    if not tasks:
        return Outcome(intent, say="empty")
    if intent.flag == "allclear":
        say = "all_clear_no" if pending else "all_clear_yes"
        return Outcome(intent, say=say, tasks=tuple(pending), shown=_ids(pending))
    return Outcome(intent, say="progress", tasks=tuple(tasks))


def next_task(intent: Intent, _: Scene, tasks: Sequence[Task]) -> Outcome:
    """Return the first pending task."""
    pending = of_status(tasks, "pending")
    if not pending:
        return Outcome(intent, say="empty_pending" if tasks else "empty")
    return Outcome(intent, say="next", tasks=(pending[0],), shown=(pending[0].id,))


def find(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    """Return the tasks about something."""
    topic, language = intent.slots["topic"], scene.language
    found = having(topic.folds, tasks, language) or having(topic.folds, tasks, language, NEAR)
    if not found:
        return Outcome(intent, say="found_none", words={"what": topic.said}, shown=())
    return Outcome(intent, say="found", tasks=tuple(found), shown=_ids(found))


def those(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    """Return the tasks that were counted or shown last."""
    last = [task for task in tasks if task.id in scene.memory.shown]
    if not last or len(last) == len(tasks):
        return Outcome(intent, listing="all")
    return Outcome(intent, say="found", tasks=tuple(last), shown=_ids(last))


def _ids(tasks: Sequence[Task]) -> tuple[int, ...]:
    return tuple(task.id for task in tasks)


def status(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    """Return whether a task is done."""
    assert intent.ref is not None
    found = resolve(intent.ref, tasks, scene.memory, scene.language)
    meant = list(found.tasks) or [t for _, some in found.unclear for t in some]
    if not meant:
        meant = list(recalled(intent, found, scene).tasks)
    if not meant:
        return Outcome(intent, say="status_none", words={"what": intent.ref.said}, shown=())
    if len(meant) > 1:
        return Outcome(intent, say="found", tasks=tuple(meant), shown=_ids(meant))
    open_asked = intent.flag in ("need", "open")
    if meant[0].completed:
        say = "status_done_no" if open_asked else "status_done"
    else:
        say = "status_open_yes" if open_asked else "status_open"
    return Outcome(intent, say=say, tasks=tuple(meant), shown=(meant[0].id,))


def detail(intent: Intent, scene: Scene, tasks: Sequence[Task]) -> Outcome:
    """Return what a task is, with its description."""
    assert intent.ref is not None
    found = resolve(intent.ref, tasks, scene.memory, scene.language)
    meant = list(found.tasks) or [t for _, some in found.unclear for t in some]
    if not meant:
        return Outcome(intent, say="status_none", words={"what": intent.ref.said}, shown=())
    say = "detail" if len(meant) == 1 else "found"
    return Outcome(intent, say=say, tasks=tuple(meant), shown=_ids(meant))


def recall(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what was changed last."""
    said = read(intent.said, scene.language.spellings).folds
    if not scene.memory.changes and not scene.language.words["cue_newest"].isdisjoint(said):
        newest = replace(intent, ref=Reference(intent.said, "latest"))
        return with_list(detail)(newest, scene)
    return Outcome(
        intent,
        say="recall" if scene.memory.changes else "recall_nothing",
        words={"changes": scene.memory.changes},
    )
