"""Composes the answer from what was planned and what the tools returned."""

from collections.abc import Sequence
from dataclasses import replace

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Call, Change, Task
from todo_chatbot.agent.offline.outcomes import Outcome

_JOINED = frozenset(("added", "completed", "deleted", "reopened"))
_VERBS = {
    "add_task": "add",
    "complete_task": "complete",
    "delete_task": "delete",
    "update_task": "change",
    "list_tasks": "read",
}


def answer(
    outcomes: Sequence[Outcome],
    calls: Sequence[Sequence[Call]],
    tasks: Sequence[Task],
    language: Language,
) -> str:
    """Return what to tell the person.

    ``calls`` are the calls of each outcome, ``tasks`` the list as it is now.
    """
    speaker = _Speaker(language, tasks)
    outcomes, calls = _together(outcomes, calls)
    said = [
        part
        for outcome, made in zip(outcomes, calls, strict=True)
        for part in speaker.tell(outcome, made)
    ]
    return "\n\n".join(dict.fromkeys(part for part in said if part))


def _together(
    outcomes: Sequence[Outcome], calls: Sequence[Sequence[Call]]
) -> tuple[list[Outcome], list[list[Call]]]:
    """Join outcomes of one kind, so that two added tasks are told in one sentence."""
    kept: list[Outcome] = []
    made: list[list[Call]] = []
    for outcome, mine in zip(outcomes, calls, strict=True):
        alike = kept and outcome.say in _JOINED and kept[-1].say == outcome.say
        if alike and not kept[-1].also:
            made[-1].extend(mine)
            kept[-1] = replace(outcome, tasks=(*kept[-1].tasks, *outcome.tasks))
        else:
            kept.append(outcome)
            made.append(list(mine))
    return kept, made


def line(task: Task) -> str:
    """Return a task as a line of a list."""
    note = f" ({' '.join(task.description.split())})" if task.description else ""
    return f"- #{task.id} {task.title}{note}{' ✓' if task.completed else ''}"


def lines(tasks: Sequence[Task]) -> str:
    """Return tasks as a list."""
    return "\n".join(line(task) for task in tasks)


class _Speaker:
    def __init__(self, language: Language, tasks: Sequence[Task]) -> None:
        self._say = language.say
        self._tasks = tasks

    def say(self, key: str, vary: int = 0, **words: object) -> str:
        some = self._say[key]
        return some[vary % len(some)].format(**words)

    def tell(self, outcome: Outcome, made: Sequence[Call]) -> list[str]:
        said = []
        if outcome.listing:
            said.append(self._listing(outcome, made))
        elif outcome.calls:
            said.extend(self._done(outcome, made))
        elif outcome.say:
            said.append(self._told(outcome))
        for one in outcome.also:
            said.extend(self.tell(one, ()))
        return said

    def _listing(self, outcome: Outcome, made: Sequence[Call]) -> str:
        status = outcome.listing
        for call in made:
            if call.error:
                return self.say("tools_down", why=call.error)
        found = next((call.tasks for call in made if call.tasks is not None), self._tasks)
        kept = [t for t in found if status == "all" or t.completed == (status == "completed")]
        if not kept:
            return self.say("empty" if status == "all" else f"empty_{status}")
        return self.say(f"list_{status}", list=lines(kept), count=len(kept), noun=_noun(len(kept)))

    def _done(self, outcome: Outcome, made: Sequence[Call]) -> list[str]:
        good = [call for call in made if isinstance(call.result, dict)]
        said = self._failures([call for call in made if call.error])
        if not good:
            return said
        key, ids = outcome.say, [call.result["task_id"] for call in good]
        names = joined([f"#{call.result['task_id']} {call.result['title']}" for call in good])
        first = good[-1].result
        if key == "renamed":
            old = outcome.tasks[0].title if outcome.tasks else ""
            key = "renamed" if old else "renamed_unknown"
            text = self.say(key, id=first["task_id"], title=first["title"], old=old)
        elif key in ("described", "undescribed"):
            text = self.say(key, task=names, note=good[0].arguments.get("description", ""))
        elif key == "undone":
            text = self.say(key, what=joined([_past(call) for call in good]))
        elif key == "redirected":
            text = self.say(key, task=f"#{first['task_id']} {first['title']}")
        elif len(good) > 1:
            text = self.say(f"{key}_many", count=len(good), tasks=names)
        else:
            text = self.say(key, vary=ids[0], count=len(good), tasks=names)
        return [text, *said]

    def _failures(self, calls: Sequence[Call]) -> list[str]:
        """Tell what was refused: once what is not there, and each reason once."""
        there = {task.id for task in self._tasks}
        gone = [_object(c) for c in calls if c.arguments.get("task_id", 0) not in {0, *there}]
        said = [self.say("not_found", what=joined(gone))] if gone else []
        refused: dict[tuple[str, str], list[str]] = {}
        for call in calls:
            if _object(call) not in gone:
                refused.setdefault((call.name, call.error), []).append(_object(call))
        for (name, why), what in refused.items():
            verb = _VERBS.get(name, "do")
            said.append(self.say("failed", verb=verb, what=joined(what), why=why))
        return said

    def _told(self, outcome: Outcome) -> str:
        tasks, words = outcome.tasks, dict(outcome.words)
        pending = sum(1 for task in tasks if not task.completed)
        if "titles" in words:
            words["titles"] = joined([title for title, _ in words["titles"]])
        if "changes" in words:
            words["what"] = joined([_changed(change) for change in words.pop("changes")])
        words.setdefault("what", "")
        one = tasks[0] if tasks else Task(0, "")
        words |= {
            "tasks": joined([f"#{t.id} {t.title}" if t.title else f"task {t.id}" for t in tasks]),
            "task": f"#{one.id} {one.title}",
            "list": lines(tasks),
            "count": len(tasks),
            "noun": _noun(len(tasks)),
            "open": pending,
            "done": len(tasks) - pending,
            "are": "is" if len(tasks) == 1 else "are",
            "state": " (done)" if one.completed else "",
            "note": f": {one.description}" if one.description else ", without a note",
        }
        if outcome.say == "detail":
            words["state"] = "done" if one.completed else "open"
        return self.say(outcome.say, vary=len(outcome.intent.said), **words)


def _object(call: Call) -> str:
    task_id = call.arguments.get("task_id")
    return str(call.arguments.get("title", "that")) if task_id is None else f"task {task_id}"


def _noun(count: int) -> str:
    return "task" if count == 1 else "tasks"


def joined(parts: Sequence[str]) -> str:
    """Return parts of a sentence as one: "a, b and c"."""
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else "".join(parts)


def _past(call: Call) -> str:
    name = f"#{call.result['task_id']} {call.result['title']}"
    if call.name == "add_task":
        return f"{call.result['title']} is back as {name.split()[0]}"
    if call.name == "delete_task":
        return f"{name} is gone"
    if call.arguments.get("completed") is False:
        return f"{name} is open again"
    return f"{name} is as it was"


def _changed(change: Change) -> str:
    verb = {"add": "added", "complete": "completed", "delete": "deleted", "update": "changed"}[
        change.kind
    ]
    return f"{verb} #{change.task.id} {change.task.title}"
