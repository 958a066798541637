"""The five tools: what each accepts, returns and does (specs/001, contracts/tools.json)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from mcp.types import Tool, ToolAnnotations
from pydantic import BaseModel

from todo_chatbot.tasks.store import Changed, TaskStore
from todo_chatbot.tools.schema import (
    AddTask,
    Arguments,
    CompleteTask,
    DeleteTask,
    ListTasks,
    TaskChanged,
    TaskList,
    TaskView,
    UpdateTask,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool as it is offered: its types, its hints to clients, what it does."""

    arguments: type[Arguments]
    result: type[BaseModel]
    annotations: ToolAnnotations
    work: Callable[[TaskStore, Any], Awaitable[BaseModel]]


async def _add(tasks: TaskStore, wanted: AddTask) -> TaskChanged:
    return _changed(await tasks.add(wanted.title, wanted.description))


async def _list(tasks: TaskStore, wanted: ListTasks) -> TaskList:
    completed = {"all": None, "pending": False, "completed": True}[wanted.status]
    found = await tasks.all(completed=completed)
    return TaskList(result=[TaskView.model_validate(task) for task in found])


async def _complete(tasks: TaskStore, wanted: CompleteTask) -> TaskChanged:
    return _changed(await tasks.complete(wanted.task_id))


async def _delete(tasks: TaskStore, wanted: DeleteTask) -> TaskChanged:
    return _changed(await tasks.delete(wanted.task_id))


async def _update(tasks: TaskStore, wanted: UpdateTask) -> TaskChanged:
    fields = wanted.model_dump(include={"title", "description", "completed"}, exclude_none=True)
    return _changed(await tasks.edit(wanted.task_id, **fields))


def _changed(changed: Changed) -> TaskChanged:
    return TaskChanged(task_id=changed.task_id, status=changed.status, title=changed.title)


def _hints(
    *, read_only: bool = False, destructive: bool = False, idempotent: bool
) -> ToolAnnotations:
    return ToolAnnotations(
        read_only_hint=read_only,
        destructive_hint=destructive,
        idempotent_hint=idempotent,
        open_world_hint=False,
    )


OFFERS = {
    "add_task": Offer(AddTask, TaskChanged, _hints(idempotent=False), _add),
    "list_tasks": Offer(ListTasks, TaskList, _hints(read_only=True, idempotent=True), _list),
    "complete_task": Offer(CompleteTask, TaskChanged, _hints(idempotent=True), _complete),
    "delete_task": Offer(
        DeleteTask, TaskChanged, _hints(destructive=True, idempotent=True), _delete
    ),
    "update_task": Offer(UpdateTask, TaskChanged, _hints(idempotent=True), _update),
}


def tools() -> list[Tool]:
    """Return the five tools as any MCP client sees them."""
    return [
        Tool(
            name=name,
            description=offer.arguments.__doc__,
            input_schema=offer.arguments.model_json_schema(),
            output_schema=offer.result.model_json_schema(mode="serialization"),
            annotations=offer.annotations,
        )
        for name, offer in OFFERS.items()
    ]
