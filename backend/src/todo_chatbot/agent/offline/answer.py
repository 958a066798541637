"""Composes the answer from what was planned and what the tools returned."""

from collections.abc import Sequence
from dataclasses import replace

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Call, Task
from todo_chatbot.agent.offline.outcomes import Outcome

_JOINED = frozenset(("added", "completed", "deleted", "reopened"))


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
        self._language = language
        self._tasks = tasks

    def say(self, key: str, vary: int = 0, **words: object) -> str:
        some = self._language.say[key]
        return some[vary % len(some)].format(**words)

    def join(self, parts: Sequence[str]) -> str:
        return join(parts, self._language)

    def noun(self, tasks: Sequence[Task]) -> str:
        return self.say("noun", vary=_several(tasks))

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
        return self.say(f"list_{status}", list=lines(kept), count=len(kept), noun=self.noun(kept))

    def _done(self, outcome: Outcome, made: Sequence[Call]) -> list[str]:
        good = [call for call in made if isinstance(call.result, dict)]
        said = self._failures([call for call in made if call.error])
        if not good:
            return said
        key, ids = outcome.say, [call.result["task_id"] for call in good]
        names = self.join([_name(call) for call in good])
        first = good[-1].result
        if key == "renamed":
            old = outcome.tasks[0].title if outcome.tasks else ""
            key = "renamed" if old else "renamed_unknown"
            text = self.say(key, id=first["task_id"], title=first["title"], old=old)
        elif key in ("described", "undescribed"):
            text = self.say(key, task=names, note=good[0].arguments.get("description", ""))
        elif key == "undone":
            text = self.say(key, what=self.join(self._taken_back(good)))
        elif key == "redirected":
            text = self.say(key, task=_task(outcome.tasks[-1]))
        elif len(good) > 1:
            text = self.say(f"{key}_many", count=len(good), tasks=names)
        else:
            text = self.say(key, vary=ids[0], count=len(good), tasks=names)
        return [text, *said]

    def _failures(self, calls: Sequence[Call]) -> list[str]:
        """Tell what was refused: once what is not there, and each reason once."""
        there = {task.id for task in self._tasks}
        gone = [c for c in calls if c.arguments.get("task_id", 0) not in {0, *there}]
        said = [self.say("not_found", what=self._objects(gone))] if gone else []
        refused: dict[tuple[str, str], list[Call]] = {}
        for call in calls:
            if call not in gone:
                refused.setdefault((call.name, call.error), []).append(call)
        for (name, why), alike in refused.items():
            said.append(self.say(f"failed_{name}", what=self._objects(alike), why=why))
        return said

    def _objects(self, calls: Sequence[Call]) -> str:
        ids = [call.arguments.get("task_id") for call in calls]
        return self.join(
            [
                str(call.arguments.get("title", "")) if one is None else self.say("number", id=one)
                for call, one in zip(calls, ids, strict=True)
            ]
        )

    def _taken_back(self, calls: Sequence[Call]) -> list[str]:
        """Tell what an undo did; a task that is back and done again, in one part."""
        closed = {c.result["task_id"] for c in calls if c.name == "complete_task"}
        back = {c.result["task_id"] for c in calls if c.name == "add_task"}
        parts = []
        for call in calls:
            one, result = call.result["task_id"], call.result
            if call.name == "add_task":
                kind = "back_done" if one in closed else "back"
            elif call.name == "complete_task":
                kind = "" if one in back else "closed"
            elif "completed" in call.arguments:
                kind = "closed" if call.arguments["completed"] else "open_again"
            else:
                kind = "gone" if call.name == "delete_task" else "as_before"
            if kind:
                parts.append(self.say(kind, task=_name(call), title=result["title"], id=one))
        return parts

    def _told(self, outcome: Outcome) -> str:
        tasks, words = outcome.tasks, dict(outcome.words)
        pending = sum(1 for task in tasks if not task.completed)
        if "titles" in words:
            words["titles"] = self.join([title for title, _ in words["titles"]])
        if "changes" in words:
            made = words.pop("changes")
            words["what"] = self.join([self.say(f"did_{c.kind}", task=_task(c.task)) for c in made])
        words.setdefault("what", "")
        one = tasks[0] if tasks else Task(0, "")
        words |= {
            "tasks": self.join([_task(task) for task in tasks]),
            "task": _task(one),
            "list": lines(tasks),
            "count": len(tasks),
            "noun": self.noun(tasks),
            "open": pending,
            "done": len(tasks) - pending,
            "are": self.say("be", vary=_several(tasks)),
            "state": self.say("state", vary=bool(one.completed)),
            "note": f": {one.description}" if one.description else self.say("no_note"),
        }
        return self.say(outcome.say, vary=len(outcome.intent.said), **words)


def _several(tasks: Sequence[Task]) -> int:
    return len(tasks) != 1


def _task(task: Task) -> str:
    return f"#{task.id} {task.title}"


def _name(call: Call) -> str:
    return f"#{call.result['task_id']} {call.result['title']}"


def join(parts: Sequence[str], language: Language) -> str:
    """Return parts of a sentence as one: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return language.say["and"][0].format(before=", ".join(parts[:-1]), last=parts[-1])
