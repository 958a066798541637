"""The task list that ``list_tasks`` shows (specs/003, contracts/task-list.md)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from chatkit.actions import Action
from chatkit.types import WidgetItem
from chatkit.widgets import DynamicWidgetRoot
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from todo_chatbot.chat.chatkit.ids import list_id, thread_id
from todo_chatbot.errors import Refused
from todo_chatbot.web.text import storable

Task = dict[str, Any]
"""A task as ``list_tasks`` returns it."""


class _OnTask(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    task_id: int = Field(ge=1, le=2**63 - 1)


class SetCompleted(_OnTask):
    """The payload of ``task.set_completed``: the wanted state."""

    completed: bool


class Rename(_OnTask):
    """The payload of ``task.rename``."""

    title: Annotated[str, AfterValidator(storable)]


class Delete(_OnTask):
    """The payload of ``task.delete``."""


class _SetCompletedAction(BaseModel):
    type: Literal["task.set_completed"]
    payload: SetCompleted


class _RenameAction(BaseModel):
    type: Literal["task.rename"]
    payload: Rename


class _DeleteAction(BaseModel):
    type: Literal["task.delete"]
    payload: Delete


_ACTION: TypeAdapter[_SetCompletedAction | _RenameAction | _DeleteAction] = TypeAdapter(
    Annotated[_SetCompletedAction | _RenameAction | _DeleteAction, Field(discriminator="type")]
)

TaskPayload = SetCompleted | Rename | Delete


def wanted_of(action: Action[str, Any]) -> TaskPayload:
    """Return what a list asks for.

    Raises:
        Refused: it is nothing that a list can do, or says so wrongly.
    """
    try:
        return _ACTION.validate_python({"type": action.type, "payload": action.payload}).payload
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in ("action", *fault["loc"][1:]))
        raise Refused(f"{place}: {fault['msg']}.") from error


def matching(tasks: Sequence[Task], status: str) -> list[Task]:
    """Return the tasks that ``list_tasks`` gives for a status."""
    if status == "all":
        return list(tasks)
    return [task for task in tasks if task["completed"] == (status == "completed")]


def list_item(
    conversation_id: int, turn_id: int, tasks: Sequence[Task], at: datetime
) -> WidgetItem:
    """Return the list of a turn as a thread item."""
    return WidgetItem(
        id=list_id(turn_id),
        thread_id=thread_id(conversation_id),
        created_at=at,
        widget=DynamicWidgetRoot.model_validate(list_view(tasks)),
        copy_text=copy_text(tasks),
    )


def copy_text(tasks: Sequence[Task]) -> str:
    """Return the list as text: one line per task."""
    return "\n".join(_line(task) for task in tasks) or "No tasks."


def _line(task: Task) -> str:
    title = " ".join(task["title"].split())
    return f"[{'x' if task['completed'] else ' '}] {task['id']} {title}"


def list_view(tasks: Sequence[Task]) -> dict[str, Any]:
    """Return the widget: a row per task, in the order given."""
    done = sum(task["completed"] for task in tasks)
    text = f"{done} of {len(tasks)} done" if tasks else "No tasks"
    return {
        "type": "ListView",
        "status": {"text": text, "icon": "check-circle"},
        "limit": "auto",
        "children": [_row(task) for task in tasks],
    }


def _row(task: Task) -> dict[str, Any]:
    number = task["id"]
    return {
        "type": "ListViewItem",
        "key": f"task-{number}",
        "gap": 3,
        "align": "center",
        "children": [
            {
                "type": "Checkbox",
                "name": f"task_{number}",
                "defaultChecked": task["completed"],
                "onChangeAction": _action(
                    "task.set_completed", task_id=number, completed=not task["completed"]
                ),
            },
            {
                "type": "Form",
                "direction": "row",
                "flex": 1,
                "gap": 2,
                "align": "center",
                "onSubmitAction": _action("task.rename", task_id=number),
                "children": [
                    {
                        "type": "Text",
                        "value": task["title"],
                        "lineThrough": task["completed"],
                        "editable": {"name": "title", "required": True},
                    },
                    {
                        "type": "Button",
                        "submit": True,
                        "label": "Save",
                        "size": "xs",
                        "variant": "soft",
                    },
                ],
            },
            {"type": "Caption", "value": f"#{number}"},
            {
                "type": "Button",
                "label": "Delete",
                "iconStart": "lucide:trash-2",
                "size": "xs",
                "variant": "ghost",
                "color": "danger",
                "onClickAction": _action("task.delete", task_id=number)
                | {"loadingBehavior": "container"},
            },
        ],
    }


def _action(kind: str, **payload: int | bool) -> dict[str, Any]:
    return {
        "type": kind,
        "payload": payload,
        "handler": "server",
        "loadingBehavior": "self",
        # Answered at once, also while an answer streams.
        "streaming": False,
    }
