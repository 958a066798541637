"""Answers ChatKit's requests with turns and tools."""

import asyncio
import json
import logging
import uuid
from collections.abc import AsyncIterator
from datetime import UTC
from typing import Any

from chatkit.actions import Action
from chatkit.errors import CustomStreamError
from chatkit.server import ChatKitServer
from chatkit.types import (
    SyncCustomActionResponse,
    Thread,
    ThreadItem,
    ThreadItemReplacedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageInput,
    UserMessageItem,
    WidgetItem,
)
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from todo_chatbot.agent.assistant import TOOLS_AWAY
from todo_chatbot.agent.listener import Output
from todo_chatbot.agent.toolbox import Toolboxes
from todo_chatbot.chat.chatkit import ids
from todo_chatbot.chat.chatkit.store import ThreadStore, Visit
from todo_chatbot.chat.chatkit.task_list import Delete, Rename, Task, TaskAction, list_item
from todo_chatbot.chat.chatkit.watch import Watch
from todo_chatbot.chat.turn import Turns
from todo_chatbot.conversations.store import first_title
from todo_chatbot.db.database import Database
from todo_chatbot.errors import Refused, TodoError
from todo_chatbot.identity import TokenMinter, UserId
from todo_chatbot.logs import request_id

log = logging.getLogger(__name__)


class TodoChatKit(ChatKitServer[Visit]):
    """ChatKit on our turns, each of which is written down before it streams."""

    store: ThreadStore

    def __init__(
        self, database: Database, turns: Turns, toolboxes: Toolboxes, minter: TokenMinter
    ) -> None:
        super().__init__(ThreadStore(database, self._tasks_now))
        self._turns = turns
        self._toolboxes = toolboxes
        self._minter = minter

    async def respond(
        self,
        thread: ThreadMetadata,
        input_user_message: UserMessageItem | None,  # noqa: ARG002 - the turn has it
        context: Visit,
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Carry the visit's turn out and stream it."""
        assert context.turn is not None
        turn = context.turn.turn
        if thread.title is None:
            thread.title = first_title(turn.message)
        watch = Watch(turn.conversation_id, turn.id)
        context.seen = watch
        context.work = asyncio.create_task(self._turns.carry_out(context.turn, watch))
        context.work.add_done_callback(lambda _: watch.close())
        async for event in watch.events():
            yield event
        try:
            answered = await context.work
        except TodoError as error:
            raise CustomStreamError(str(error), allow_retry=True) from error
        if answered.failed:
            raise CustomStreamError(answered.text, allow_retry=True)
        for event in watch.ending(answered):
            yield event

    def leave(self, visit: Visit) -> None:
        """End a visit: a turn that nobody watches any more is stopped, what was said is kept."""
        if visit.turn and visit.work and visit.seen and not visit.work.done():
            self._turns.stop(visit.turn, visit.work, visit.seen)

    async def action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: Visit,
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Do what was pressed in a task list and stream the fresh list."""
        try:
            item = await self._act(thread, action, sender, context)
        except TodoError as error:
            raise CustomStreamError(str(error)) from error
        yield ThreadItemReplacedEvent(item=item)

    async def sync_action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: Visit,
    ) -> SyncCustomActionResponse:
        """Do what was pressed in a task list and return the fresh list."""
        return SyncCustomActionResponse(
            updated_item=await self._act(thread, action, sender, context)
        )

    async def handle_stream_cancelled(
        self, thread: ThreadMetadata, pending_items: list[ThreadItem], context: Visit
    ) -> None:
        """Do nothing: ``leave`` ends the turn with what was said."""

    async def _act(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        visit: Visit,
    ) -> WidgetItem:
        if sender is None:
            raise Refused("item_id must name the list that was used.")
        try:
            wanted = TaskAction.validate_python({"type": action.type, "payload": action.payload})
        except ValidationError as error:
            raise Refused(
                "This list can complete, rename and delete tasks, nothing else."
            ) from error
        tool, arguments, done = _call_for(wanted.payload)
        output = await self._call(visit.user_id, tool, arguments)
        tasks = await self._tasks_now(visit.user_id, {"status": "all"}) or []
        if output.failed and any(task["id"] == wanted.payload.task_id for task in tasks):
            raise Refused(output.text)
        conversation_id = ids.conversation_of(thread.id)
        if not output.failed:
            note = f"In the task list the user {done} task {wanted.payload.task_id}."
            await self.store.note(conversation_id, note, visit)
        return list_item(conversation_id, ids.turn_of(sender.id), tasks, sender.created_at)

    async def _tasks_now(self, user_id: UserId, arguments: dict[str, Any]) -> list[Task] | None:
        try:
            output = await self._call(user_id, "list_tasks", arguments)
        except Refused:
            return None
        tasks: list[Task] | None = None if output.failed else json.loads(output.text)["result"]
        return tasks

    async def _call(self, user_id: UserId, tool: str, arguments: dict[str, Any]) -> Output:
        headers = {"x-request-id": request_id.get() or uuid.uuid4().hex}
        token = self._minter.mint(user_id)
        try:
            return await self._toolboxes.call(token, headers, tool, arguments, uuid.uuid4().hex)
        except MCPError as error:
            raise Refused(TOOLS_AWAY) from error

    async def _build_user_message_item(
        self,
        input: UserMessageInput,  # noqa: A002 - the SDK's name
        thread: ThreadMetadata,
        context: Visit,
    ) -> UserMessageItem:
        """Give the SDK's item the zone that its time lacks."""
        item = await super()._build_user_message_item(input, thread, context)
        return item.model_copy(update={"created_at": item.created_at.astimezone(UTC)})

    def _to_thread_response(self, thread: ThreadMetadata | Thread) -> Thread:
        """Give the SDK's thread the zone that its time lacks."""
        response = super()._to_thread_response(thread)
        return response.model_copy(update={"created_at": response.created_at.astimezone(UTC)})


def _call_for(payload: Any) -> tuple[str, dict[str, Any], str]:  # noqa: ANN401
    """Return the tool that does what was pressed, and the word for it."""
    if isinstance(payload, Delete):
        return "delete_task", {"task_id": payload.task_id}, "deleted"
    if isinstance(payload, Rename):
        return "update_task", {"task_id": payload.task_id, "title": payload.title}, "renamed"
    if payload.completed:
        return "complete_task", {"task_id": payload.task_id}, "completed"
    return "update_task", {"task_id": payload.task_id, "completed": False}, "reopened"
