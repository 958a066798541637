"""A list in memory that answers like the tools, to try sentences on."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from todo_chatbot.errors import TaskNotFound

_TOLD = {"complete_task": "completed", "delete_task": "deleted", "update_task": "updated"}


class TrialList:
    """Tasks of nobody; a title that begins with a star is of a completed one."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._tasks: dict[int, dict[str, Any]] = {}
        self._last = 0
        for title in titles:
            self._add(title.removeprefix("*"))["completed"] = title.startswith("*")

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """The tasks in order, as ``list_tasks`` gives them."""
        return list(self._tasks.values())

    def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Do what the tool of this name does, and return what it answers."""
        if name == "list_tasks":
            return json.dumps({"result": self._of_status(arguments.get("status", "all"))})
        if name == "add_task":
            return _said(self._add(**arguments), "created")
        task = self._tasks.get(arguments["task_id"])
        if task is None:
            return str(TaskNotFound(arguments["task_id"]))
        if name == "delete_task":
            del self._tasks[task["id"]]
        changed = {"completed": True} if name == "complete_task" else arguments
        task.update({key: changed[key] for key in changed if key != "task_id"})
        return _said(task, _TOLD[name])

    def _add(self, title: str, description: str = "") -> dict[str, Any]:
        self._last += 1
        task = {"id": self._last, "title": title, "description": description, "completed": False}
        self._tasks[self._last] = task
        return task

    def _of_status(self, status: str) -> list[dict[str, Any]]:
        return [
            t for t in self.tasks if status == "all" or t["completed"] == (status == "completed")
        ]


def _said(task: Mapping[str, Any], status: str) -> str:
    return json.dumps({"task_id": task["id"], "status": status, "title": task["title"]})
