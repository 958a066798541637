"""What the plans are made from, and what they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Call, Memory, Question, Task
from todo_chatbot.agent.offline.naming import NEAR, mentioned
from todo_chatbot.agent.offline.references import Reference
from todo_chatbot.agent.offline.similarity import content, content_of, coverage

Arguments = Mapping[str, Any]

PlannedCall = tuple[str, Arguments]
"""A tool and its arguments."""


_NOT_FOUND = frozenset(("near", "near_many", "which", "not_found", "not_on_list"))
"""Answers to a name that fits no task, or several."""
_VALUES = ("title", "description", "completed")
NOTHING = (0,)
"""A focus on what is no task."""


@dataclass(frozen=True)
class Outcome:
    """What becomes of one intent: calls, or words; and what is asked, shown and spoken about."""

    intent: Intent
    calls: tuple[PlannedCall, ...] = ()
    say: str = ""
    tasks: tuple[Task, ...] = ()
    words: Mapping[str, Any] = field(default_factory=dict)
    also: tuple["Outcome", ...] = ()
    question: Question | None = None
    shown: tuple[int, ...] | None = None
    listing: str = ""


@dataclass(frozen=True)
class Scene:
    """What a plan is made from.

    ``tasks`` is None until the list has been read in this turn; ``calls`` are those made in it.
    """

    memory: Memory
    language: Language
    tasks: Sequence[Task] | None
    calls: Sequence[Call] = ()

    def added(self, arguments: Arguments) -> int | None:
        """Return the number of the task that a call of this turn added, or None before that."""
        for call in self.calls:
            if call.name == "add_task" and dict(call.arguments) == dict(arguments):
                return call.result["task_id"] if isinstance(call.result, dict) else None
        return None

    def beginning(self, said: str, intents: Sequence[Intent]) -> "Scene":
        """Return the scene in which places and "that one" mean what they mean at first."""
        if self.tasks is None:
            return self
        memory = self.memory
        if not memory.shown:
            memory = replace(memory, shown=tuple(task.id for task in self.tasks))
        pointing = [
            one for one in intents if one.frame == "did_it" or _points(one.ref, self.language)
        ]
        if pointing and pointing[0].said in said:
            # What follows tells why: "reopen it, Hannah wants it square" is not about Hannah's.
            said = said[: said.index(pointing[0].said) + len(pointing[0].said)]
        spoken = mentioned(said, self.tasks, self.language) if pointing else ()
        if len(spoken) == 1:
            memory = replace(memory, focus=(spoken[0].id,), listed=False)
        return replace(self, memory=memory)

    def after(self, outcome: Outcome) -> "Scene":
        """Return the scene as it will be once the outcome's calls have succeeded."""
        if not outcome.calls and self._is_unsettled(outcome):
            # Until it is clear what was meant, "it" is no task.
            return replace(self, memory=replace(self.memory, focus=NOTHING, listed=False))
        if not outcome.calls and not outcome.tasks:
            return self
        new = {
            number: Task(number, arguments["title"], arguments.get("description", ""), False)
            for name, arguments in outcome.calls
            if name == "add_task" and (number := self.added(arguments)) is not None
        }
        tasks = self.tasks
        if tasks is not None:
            tasks = (*_changed(tasks, outcome.calls), *new.values())
        focus = tuple(new) or tuple(task.id for task in outcome.tasks) or self.memory.focus
        memory = replace(self.memory, tasks={**self.memory.tasks, **new}, focus=focus, listed=False)
        return replace(self, tasks=tasks, memory=memory)

    def _is_unsettled(self, outcome: Outcome) -> bool:
        """Return whether a name was said that only comes near to the task that "it" would be."""
        ref, tasks = outcome.intent.ref, outcome.tasks
        if ref is None or outcome.say not in _NOT_FOUND:
            return False
        if not tasks:
            if not self.memory.focus:
                return bool(ref.name)
            strong = set(content(ref.name, self.language)) - self.language.words["weak"]
            spoken = (t.title for t in self.tasks or () if t.id in self.memory.focus)
            return any(strong & set(content_of(title, self.language)) for title in spoken)
        return len(tasks) > 1 or coverage(ref.name, tasks[0].title, self.language)[1] < NEAR


def _changed(tasks: Sequence[Task], calls: Sequence[PlannedCall]) -> tuple[Task, ...]:
    """Return the tasks as they will be once calls on them have succeeded."""
    changed = {task.id: task for task in tasks}
    for name, arguments in calls:
        task = changed.get(arguments.get("task_id", 0))
        if task is None:
            continue
        if name == "delete_task":
            del changed[task.id]
        elif name == "complete_task":
            changed[task.id] = replace(task, completed=True)
        else:
            values = {k: arguments[k] for k in _VALUES if k in arguments}
            changed[task.id] = replace(task, **values)
    return tuple(changed.values())


def _points(ref: Reference | None, language: Language) -> bool:
    """Return whether words point at what is named beside them: "the curtains, mark them done"."""
    if ref is None or ref.kind not in ("it", "them"):
        return False
    every = not language.words["every"].isdisjoint(ref.said.lower().split())
    return ref.kind == "it" or not (ref.count or every)
