"""A turn as ChatKit shows it: the message, the tools at work, the task list, the answer."""

import json
from collections.abc import Sequence
from datetime import datetime

from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    CustomTask,
    InferenceOptions,
    ThreadItem,
    UserMessageItem,
    UserMessageTextContent,
    Workflow,
    WorkflowItem,
)

from todo_chatbot.chat.chatkit.ids import answer_id, message_id, thread_id, work_id
from todo_chatbot.chat.chatkit.rows import without_rows
from todo_chatbot.chat.chatkit.task_list import Task, list_item, matching
from todo_chatbot.conversations.history import Exchange
from todo_chatbot.conversations.store import Call

_WORDS = {
    "add_task": ("Adding a task", "Added a task"),
    "list_tasks": ("Looking at your tasks", "Looked at your tasks"),
    "complete_task": ("Completing a task", "Completed a task"),
    "delete_task": ("Deleting a task", "Deleted a task"),
    "update_task": ("Changing a task", "Changed a task"),
}


def doing(tool: str) -> str:
    """Say what a tool does, while it does it."""
    return _WORDS.get(tool, ("Working", ""))[0]


def task_line(call: Call, *, ended: bool) -> CustomTask:
    """Return a tool call as a line of the workflow; ``ended`` is whether its turn has."""
    running, done = _WORDS.get(call.name, ("Working", "Done"))
    if call.output is None and not ended:
        return CustomTask(title=running, icon="bolt", status_indicator="loading")
    title, icon = done, "check"
    if call.output is None:
        title, icon = f"{running} was cut off", "circle-question"
    elif call.failed:
        title, icon = f"{running} did not work", "circle-question"
    return CustomTask(title=title, icon=icon, status_indicator="complete")


def tasks_shown(calls: Sequence[Call]) -> list[Task] | None:
    """Return the tasks to show, if listing them was what the turn came to.

    A list that was only looked at to find the task to change is not shown.
    """
    if not calls or calls[-1].name != "list_tasks" or calls[-1].failed or calls[-1].output is None:
        return None
    tasks: list[Task] = json.loads(calls[-1].output)["result"]
    return tasks


def status_shown(calls: Sequence[Call]) -> str:
    """Return which tasks the call asked for whose tasks are shown."""
    arguments = json.loads(calls[-1].arguments or "{}") or {}
    return str(arguments.get("status") or "all")


def user_item(conversation_id: int, turn_id: int, text: str, at: datetime) -> UserMessageItem:
    """Return a user's message."""
    return UserMessageItem(
        id=message_id(turn_id),
        thread_id=thread_id(conversation_id),
        created_at=at,
        content=[UserMessageTextContent(text=text)],
        inference_options=InferenceOptions(),
    )


def work_item(
    conversation_id: int, turn_id: int, tasks: Sequence[CustomTask], at: datetime
) -> WorkflowItem:
    """Return the tools at work."""
    return WorkflowItem(
        id=work_id(turn_id),
        thread_id=thread_id(conversation_id),
        created_at=at,
        workflow=Workflow(type="custom", tasks=list(tasks)),
    )


def answer_item(
    conversation_id: int, turn_id: int, text: str | None, at: datetime
) -> AssistantMessageItem:
    """Return the answer; with None it is still to be written."""
    return AssistantMessageItem(
        id=answer_id(turn_id),
        thread_id=thread_id(conversation_id),
        created_at=at,
        content=[] if text is None else [AssistantMessageContent(text=text)],
    )


def exchange_items(
    conversation_id: int, exchange: Exchange, tasks_now: Sequence[Task] | None = None
) -> list[ThreadItem]:
    """Return a turn as it is written down; ``tasks_now`` replace the tasks of then."""
    turn_id, at = exchange.turn_id, exchange.answered_at or exchange.said_at
    items: list[ThreadItem] = [
        user_item(conversation_id, turn_id, exchange.message, exchange.said_at)
    ]
    if exchange.calls:
        ended = exchange.answer is not None
        lines = [task_line(call, ended=ended) for call in exchange.calls]
        items.append(work_item(conversation_id, turn_id, lines, at))
    answer, shown = exchange.answer, tasks_shown(exchange.calls)
    if shown is not None:
        answer = answer and without_rows(answer, shown)
        if tasks_now is not None:
            shown = matching(tasks_now, status_shown(exchange.calls))
        items.append(list_item(conversation_id, turn_id, shown, at))
    if answer is not None:
        items.append(answer_item(conversation_id, turn_id, answer, at))
    return items
