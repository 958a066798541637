"""What a person changed in the task list with their own hand, as the conversation tells it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NOTE = re.compile(
    r"In the task list the user \w+ task \d+\.\nBefore: (?P<before>{.*})(\nNow: (?P<now>{.*}))?"
)
_TOLD = ("id", "title", "description", "completed")

Task = Mapping[str, Any]
"""A task as ``list_tasks`` returns it."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """One change: the task before it, and as it is now (None: it was deleted)."""

    before: Task
    now: Task | None


def note(change: ByHand) -> str:
    """Return a change as any model can read it: in words, and as data to undo it with."""
    text = f"In the task list the user {_done(change)} task {change.before['id']}."
    text += f"\nBefore: {_json(change.before)}"
    return text if change.now is None else f"{text}\nNow: {_json(change.now)}"


def read(text: str) -> ByHand | None:
    """Return the change that a note tells, or None if it is no such note."""
    told = _NOTE.fullmatch(text)
    if told is None:
        return None
    return ByHand(json.loads(told["before"]), json.loads(told["now"]) if told["now"] else None)


def _done(change: ByHand) -> str:
    if change.now is None:
        return "deleted"
    if change.now["completed"] == change.before["completed"]:
        return "renamed"
    return "completed" if change.now["completed"] else "reopened"


def _json(task: Task) -> str:
    return json.dumps({name: task[name] for name in _TOLD}, ensure_ascii=False)
