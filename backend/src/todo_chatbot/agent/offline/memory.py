"""What a conversation says: the tasks seen, what was shown, changed and asked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from todo_chatbot.agent.by_hand import ByHand, read


@dataclass(frozen=True, slots=True)
class Task:
    """A task as a tool told it; ``completed`` is None where nobody has said."""

    id: int
    title: str
    description: str = ""
    completed: bool | None = None


@dataclass(frozen=True)
class Call:
    """A tool call, and what came back (None: nothing yet), which is parsed once."""

    name: str
    arguments: Mapping[str, Any]
    output: Any = None
    id: str = ""

    @cached_property
    def result(self) -> Any:  # noqa: ANN401 - JSON
        """The tool's answer as data, or None if it failed or has not answered."""
        text = _text(self.output)
        try:
            return json.loads(text) if text[:1] in ("{", "[") else None
        except ValueError:
            return None

    @cached_property
    def error(self) -> str:
        """Why the tool refused, in its own words; empty if it did not."""
        return "" if self.output is None or self.result is not None else _text(self.output)

    @cached_property
    def tasks(self) -> tuple[Task, ...] | None:
        """The tasks that list_tasks gave, in its order."""
        rows = self.result
        if self.name != "list_tasks" or rows is None:
            return None
        rows = rows.get("result", []) if isinstance(rows, dict) else rows
        return tuple(map(_task, rows))


def _task(row: Mapping[str, Any]) -> Task:
    return Task(row["id"], row["title"], row.get("description") or "", bool(row["completed"]))


def _text(output: object) -> str:
    if isinstance(output, str):
        return output.strip()
    if isinstance(output, Mapping):
        return str(output.get("text", ""))
    if isinstance(output, Sequence):
        return "".join(_text(part) for part in output)
    return "" if output is None else str(output)


@dataclass(slots=True)
class Turn:
    """What the user said, the calls that followed, the answer, and what the user did after it."""

    said: str
    calls: list[Call] = field(default_factory=list)
    answer: str = ""
    by_hand: list[ByHand] = field(default_factory=list)


def turns(items: Sequence[Any] | str, latest: int) -> list[Turn]:
    """Return the ``latest`` turns of the conversation, oldest first; each begins with the user."""
    if isinstance(items, str):
        return [Turn(items)]
    found: list[Turn] = []
    for raw in items[_begin(items, latest) :]:
        item = _plain(raw)
        if item.get("role") == "user":
            found.append(Turn(_own_words(_text(item.get("content")))))
        else:
            _take(found[-1], item)
    return found


def _own_words(said: str) -> str:
    """Return a message without the lines that quote what it answers to, unless it is all quote."""
    own = "\n".join(line for line in said.split("\n") if not line.startswith(">"))
    return own.strip() or said


def _begin(items: Sequence[Any], latest: int) -> int:
    """Return where the latest turns begin, looking at none before them."""
    begin = len(items)
    for place in range(len(items) - 1, -1, -1):
        if _plain(items[place]).get("role") == "user":
            begin, latest = place, latest - 1
        if not latest:
            break
    return begin


def _take(turn: Turn, item: Mapping[str, Any]) -> None:
    """Write an item after the user's message into its turn."""
    kind = item.get("type")
    if item.get("role") == "assistant":
        turn.answer = _text(item.get("content"))
    elif item.get("role") == "system" and (change := read(_text(item.get("content")))):
        turn.by_hand.append(change)
    elif kind == "function_call":
        turn.calls.append(Call(item["name"], _arguments(item), id=item["call_id"]))
    elif kind == "function_call_output":
        turn.calls = [
            replace(call, output=item["output"]) if call.id == item["call_id"] else call
            for call in turn.calls
        ]


def _plain(item: Any) -> Mapping[str, Any]:  # noqa: ANN401 - whatever the SDK has
    """Return an item as data; the SDK may hand on objects."""
    return item if isinstance(item, Mapping) else item.model_dump(exclude_none=True)


def _arguments(item: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        arguments = json.loads(item.get("arguments") or "{}")
    except ValueError:
        return {}
    return arguments if isinstance(arguments, dict) else {}


@dataclass(frozen=True, slots=True)
class Change:
    """One change that a tool made; ``before`` is None for a new task or when it was never seen."""

    kind: str
    task: Task
    before: Task | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What our last answer asked, and the tasks it named.

    ``kind``: which, confirm, title, new_title, note; or missed, where nothing was asked and
    "I meant task 2" still says which. ``intent`` is what a fitting answer completes.
    """

    kind: str
    intent: Any
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True)
class Memory:
    """Everything that earlier turns leave for this one.

    ``focus`` is what was spoken of last ("it"), ``recent`` what was changed, newest last ("both"),
    ``listed`` whether the focus was only shown, not named. ``undone`` is what the last changes took
    back, ``earlier`` what was changed before them and still stands, turn by turn; ``noted``: the
    description of the task was spoken of last; ``just``: the last turn changed something.
    """

    tasks: Mapping[int, Task] = field(default_factory=dict)
    shown: tuple[int, ...] = ()
    focus: tuple[int, ...] = ()
    recent: tuple[int, ...] = ()
    listed: bool = False
    changes: tuple[Change, ...] = ()
    question: Question | None = None
    undone: tuple[Change, ...] = ()
    earlier: tuple[tuple[Change, ...], ...] = ()
    noted: bool = False
    just: bool = False


def changes(turn: Turn, tasks: dict[int, Task]) -> list[Change]:
    """Return what the calls of a turn changed, in order, and bring ``tasks`` up to date."""
    made: list[Change] = []
    for call in turn.calls:
        if call.tasks is not None:
            if call.arguments.get("status", "all") == "all":
                tasks.clear()
            tasks.update({task.id: task for task in call.tasks})
        elif isinstance(call.result, dict) and isinstance(call.result.get("task_id"), int):
            made.append(_change(call, call.result, tasks))
    return made


def _change(call: Call, result: Mapping[str, Any], tasks: dict[int, Task]) -> Change:
    task_id, title = result["task_id"], str(result.get("title", ""))
    before = tasks.get(task_id)
    if call.name == "add_task":
        tasks[task_id] = Task(task_id, title, str(call.arguments.get("description") or ""), False)
        return Change("add", tasks[task_id])
    old = before or Task(task_id, title)
    if call.name == "delete_task":
        tasks.pop(task_id, None)
        return Change("delete", Task(task_id, title, old.description, old.completed), before)
    completed = (
        True if call.name == "complete_task" else call.arguments.get("completed", old.completed)
    )
    description = call.arguments.get("description", old.description)
    tasks[task_id] = Task(task_id, title, description, completed)
    return Change("complete" if call.name == "complete_task" else "update", tasks[task_id], before)


def change_by_hand(change: ByHand, tasks: dict[int, Task]) -> Change:
    """Return what the user changed in the task list, and bring ``tasks`` up to date."""
    before = _task(change.before)
    if change.now is None:
        tasks.pop(before.id, None)
        return Change("delete", before, before)
    now = tasks[before.id] = _task(change.now)
    return Change("complete" if now.completed and not before.completed else "update", now, before)


def tasks_after(turn: Turn, known: Mapping[int, Task]) -> list[Task]:
    """Return the tasks as they are after a turn that began with ``known``, in order."""
    tasks = dict(known)
    changes(turn, tasks)
    return [tasks[task_id] for task_id in sorted(tasks)]
