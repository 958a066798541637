"""What the five tools accept and return: the locked contract, as types (specs/001, contracts/)."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from todo_chatbot.tasks.model import DESCRIPTION_CHARACTERS, TITLE_CHARACTERS
from todo_chatbot.web.text import storable

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_CHARACTERS),
    AfterValidator(storable),
]
Description = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=DESCRIPTION_CHARACTERS),
    AfterValidator(storable),
]
TaskId = Annotated[
    int, Field(ge=1, le=2**63 - 1, description="Number of the task, as list_tasks shows it.")
]


class Arguments(BaseModel):
    """What every tool accepts; arguments that a tool does not know are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)

    user_id: str | None = Field(
        None, description="Optional: the signed-in user. Any other user is refused."
    )


class AddTask(Arguments):
    """Create a task on the user's list."""

    title: Title = Field(description="What to do, 1 to 200 characters.")
    description: Description | None = Field(None, description="Details, at most 1000 characters.")


class ListTasks(Arguments):
    """List the user's tasks in order of their number."""

    status: Literal["all", "pending", "completed"] = Field(
        "all", description="Which tasks: all, only those left, or only those done."
    )


class CompleteTask(Arguments):
    """Mark a task as completed."""

    task_id: TaskId


class DeleteTask(Arguments):
    """Delete a task for good."""

    task_id: TaskId


class UpdateTask(Arguments):
    """Change a task's title or description, or whether it is completed."""

    task_id: TaskId
    title: Title | None = Field(None, description="The new title.")
    description: Description | None = Field(None, description="The new description.")
    completed: bool | None = Field(None, description="False opens a completed task again.")

    @model_validator(mode="after")
    def _changes_something(self) -> "UpdateTask":
        if self.title is None and self.description is None and self.completed is None:
            raise ValueError("give a new title, a new description or completed")
        return self


class TaskChanged(BaseModel):
    """What a change did."""

    task_id: int
    status: Literal["created", "completed", "deleted", "updated"]
    title: str


class TaskView(BaseModel):
    """One task."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    description: str | None
    completed: bool
    created_at: datetime
    updated_at: datetime


class TaskList(BaseModel):
    """The tasks; MCP wants an object, so the array of the contract is its one field."""

    result: list[TaskView]
