"""The five tools: what each accepts, returns and does (specs/001, contracts/tools.json)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from mcp.types import Tool, ToolAnnotations
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

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


class _Untitled(GenerateJsonSchema):
    """Schemas without a title per field, which says what its name says and costs models tokens."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's signature
        return False


def _schema(model: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
    schema = model.model_json_schema(schema_generator=_Untitled, mode=mode)
    return {name: value for name, value in schema.items() if name not in ("title", "description")}


def tools() -> list[Tool]:
    """Return the five tools as any MCP client sees them."""
    return [
        Tool(
            name=name,
            description=offer.arguments.__doc__,
            input_schema=_schema(offer.arguments, "validation"),
            output_schema=_schema(offer.result, "serialization"),
            annotations=offer.annotations,
        )
        for name, offer in OFFERS.items()
    ]
