"""Every query on tasks. One method per intent, each for one user."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Row,
    Select,
    Update,
    delete,
    func,
    insert,
    literal,
    update,
)
from sqlalchemy import select as sa_select
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select

from todo_chatbot.db.database import Raced, Tenant
from todo_chatbot.errors import TaskNotFound
from todo_chatbot.identity import UserId
from todo_chatbot.tasks.model import Receipt, Task


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did to which task; ``status`` is the contract's word for it."""

    task_id: int
    status: str
    title: str


class TaskStore:
    """The tasks of one user, for one tool call.

    User and call are fixed at construction, so no query can forget the owner and no change its
    receipt. A call whose receipt exists changes nothing and returns what it returned before.
    """

    def __init__(self, tenant: Tenant, user_id: UserId, call_id: str) -> None:
        self._tenant = tenant
        self._user_id = user_id
        self._call_id = call_id
        self._now = datetime.now(UTC)

    async def all(self, *, completed: bool | None = None) -> Sequence[Row[Any]]:
        """Return the tasks in order of their number; ``completed`` narrows to done or open."""
        query = select(Task).where(col(Task.user_id) == self._user_id).order_by(col(Task.id))
        if completed is not None:
            query = query.where(col(Task.completed) == completed)
        return (await self._tenant.execute(query)).all()

    async def add(self, title: str, description: str | None) -> Changed:
        """Create an open task under the user's next number."""
        row = _row(
            user_id=self._user_id,
            id=func.next_number("task"),
            title=title,
            description=description,
            completed=False,
            created_at=self._now,
            updated_at=self._now,
        ).where(self._is_new())
        changed = await self._once(_insert(Task, row), "created")
        assert changed is not None
        return changed

    async def complete(self, task_id: int) -> Changed:
        """Mark a task as done; doing so twice changes nothing.

        Raises:
            TaskNotFound: the user has no such task.
        """
        return await self._update(task_id, "completed", {"completed": True})

    async def edit(self, task_id: int, **fields: str | bool) -> Changed:
        """Set the given fields (title, description, completed) of a task.

        Raises:
            TaskNotFound: the user has no such task.
        """
        return await self._update(task_id, "updated", fields)

    async def delete(self, task_id: int) -> Changed:
        """Delete a task for good.

        Raises:
            TaskNotFound: the user has no such task.
        """
        return await self._existing(task_id, delete(Task), "deleted")

    async def _update(self, task_id: int, status: str, fields: dict[str, Any]) -> Changed:
        change = update(Task).values(**fields, updated_at=self._now)
        return await self._existing(task_id, change, status)

    async def _existing(self, task_id: int, change: Update | Delete, status: str) -> Changed:
        mine = change.where(
            col(Task.user_id) == self._user_id, col(Task.id) == task_id, self._is_new()
        )
        changed = await self._once(mine, status)
        if changed is None:
            raise TaskNotFound(task_id)
        return changed

    async def _once(self, change: Insert | Update | Delete, status: str) -> Changed | None:
        """Make the change and keep its receipt in one statement; None when no task was touched."""
        done = change.returning(col(Task.id), col(Task.title)).cte("done")
        query = select(done.c.id, done.c.title)
        receipt = _row(
            user_id=self._user_id,
            call_id=self._call_id,
            task_id=done.c.id,
            status=status,
            title=done.c.title,
            created_at=self._now,
        )
        query = query.add_cte(_insert(Receipt, receipt).cte("kept"))
        try:
            found = (await self._tenant.execute(query)).one_or_none()
        except IntegrityError as error:
            # The same call is being carried out twice at once, and the other one was faster.
            raise Raced from error
        if found is not None:
            return Changed(found.id, status, found.title)
        return await self._receipt()

    async def _receipt(self) -> Changed | None:
        known = select(Receipt).where(
            col(Receipt.user_id) == self._user_id, col(Receipt.call_id) == self._call_id
        )
        found = (await self._tenant.execute(known)).one_or_none()
        return None if found is None else Changed(found.task_id, found.status, found.title)

    def _is_new(self) -> ColumnElement[bool]:
        known = select(Receipt).where(
            col(Receipt.user_id) == self._user_id, col(Receipt.call_id) == self._call_id
        )
        return ~known.exists()


def _row(**values: object) -> Select[Any]:
    """Select values as columns of their names."""
    return sa_select(
        *(
            (value if isinstance(value, ColumnElement) else literal(value)).label(name)
            for name, value in values.items()
        )
    )


def _insert(table: type[SQLModel], row: Select[Any]) -> Insert:
    """Insert what ``row`` selects, by the names of its columns."""
    return insert(table).from_select(row.selected_columns.keys(), row)
