"""Conversations as the items that a model gets, with what the tools would have answered."""

import json
from collections.abc import Sequence
from typing import Any

from todo_chatbot.agent.offline.assistant import decide
from todo_chatbot.agent.offline.step import Step
from todo_chatbot.agent.offline.trial import TrialList

Row = dict[str, Any]

A = ("Buy groceries", "Call mom", "Pay electricity bill", "*Wash the car")
"""A list for ``rows``; the last task is done."""
DONE = {"task_id": 2, "status": "completed", "title": "Call mom"}
"""What ``complete_task`` gives back for the second of them."""


def rows(*titles: str) -> list[Row]:
    """Return tasks as list_tasks gives them; ``*`` before a title means done."""
    return [
        {"id": number, "title": title.lstrip("*"), "description": "", "completed": title[0] == "*"}
        for number, title in enumerate(titles, 1)
    ]


def said(text: str) -> Row:
    return {"role": "user", "content": text}


def answered(text: str) -> Row:
    return {"role": "assistant", "content": text}


def called(name: str, arguments: dict[str, Any], output: Any, call_id: str) -> list[Row]:
    """Return a call and what came back; a string is a refusal."""
    text = output if isinstance(output, str) else json.dumps(output)
    return [
        {
            "type": "function_call",
            "call_id": call_id,
            "name": name,
            "arguments": json.dumps(arguments),
        },
        {"type": "function_call_output", "call_id": call_id, "output": text},
    ]


def listed(tasks: Sequence[Row], call_id: str = "list") -> list[Row]:
    return called("list_tasks", {"status": "all"}, {"result": list(tasks)}, call_id)


def wanted(text: str, *titles: str, before: Sequence[Row] = ()) -> Step:
    """Return what the assistant wants for a sentence, once it knows the list if it asks for it."""
    items = [*before, said(text)]
    step = decide(items)
    if step.calls == (("list_tasks", {"status": "all"}),):
        step = decide([*items, *listed(rows(*titles))])
    return step


def changes(step: Step) -> list[tuple[str, dict[str, Any]]]:
    """Return the calls of a step that change something."""
    return [(name, dict(arguments)) for name, arguments in step.calls if name != "list_tasks"]


class Talk:
    """A talk about a list in memory: ``rows`` is what it is now, ``answer`` the last one."""

    def __init__(self, tasks: TrialList) -> None:
        self.answer = ""
        self._tasks = tasks
        self._items: list[Row] = []

    @property
    def rows(self) -> list[Row]:
        """The tasks in order, as list_tasks gives them."""
        return self._tasks.tasks

    @property
    def titles(self) -> list[str]:
        """The titles in order; ``*`` before one means done."""
        return [f"{'*' * row['completed']}{row['title']}" for row in self.rows]

    def say(self, text: str) -> None:
        """Let the assistant answer, and its calls change the list."""
        self._items.append(said(text))
        while (step := decide(self._items)).calls:
            for name, arguments in step.calls:
                output = self._tasks.call(name, arguments)
                self._items += called(name, dict(arguments), output, f"call-{len(self._items)}")
        self.answer = step.text
        self._items.append(answered(step.text))


def talked(titles: Sequence[str], *turns: str) -> Talk:
    """Return a talk about tasks (``*`` before a title means done) after these turns."""
    talk = Talk(TrialList(titles))
    for turn in turns:
        talk.say(turn)
    return talk
