"""Answers ChatKit's requests with turns and tools."""

import json
import logging
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

from chatkit.actions import Action
from chatkit.errors import CustomStreamError
from chatkit.server import ChatKitServer, NonStreamingResult, StreamingResult
from chatkit.types import (
    ChatKitReq,
    SyncCustomActionResponse,
    Thread,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    ThreadUpdatedEvent,
    UserMessageInput,
    UserMessageItem,
    WidgetItem,
    is_streaming_req,
)
from mcp.shared.exceptions import MCPError

from todo_chatbot.agent import by_hand
from todo_chatbot.agent.by_hand import ByHand
from todo_chatbot.agent.listener import Output
from todo_chatbot.agent.toolbox import Toolboxes
from todo_chatbot.chat.chatkit import ids
from todo_chatbot.chat.chatkit.items import user_item
from todo_chatbot.chat.chatkit.store import ThreadStore, Visit
from todo_chatbot.chat.chatkit.task_list import Delete, Rename, Task, TaskPayload, wanted_of
from todo_chatbot.chat.chatkit.watch import Watch
from todo_chatbot.chat.turn import Answered, OpenTurn, Turns
from todo_chatbot.conversations.store import TurnLost, first_title
from todo_chatbot.db.database import Database
from todo_chatbot.errors import ConversationBusy, Refused, TodoError, ToolsAway
from todo_chatbot.identity import TokenMinter, UserId
from todo_chatbot.logs import request_id

log = logging.getLogger(__name__)


class TodoChatKit(ChatKitServer[Visit]):
    """ChatKit on our turns, each of which is written down before it streams."""

    store: ThreadStore

    def __init__(
        self,
        database: Database,
        turns: Turns,
        toolboxes: Toolboxes,
        minter: TokenMinter,
        *,
        heartbeat_seconds: float,
    ) -> None:
        super().__init__(ThreadStore(database, self._tasks_now))
        self._heartbeat_seconds = heartbeat_seconds
        self._turns = turns
        self._toolboxes = toolboxes
        self._minter = minter

    async def serve(
        self, request: ChatKitReq, visit: Visit
    ) -> StreamingResult | NonStreamingResult:
        """Do what ``process`` does, for a request that is parsed already.

        A second parser would not accept every text that the first one did.
        """
        if is_streaming_req(request):
            return StreamingResult(self._process_streaming(request, visit))
        return NonStreamingResult(await self._process_non_streaming(request, visit))

    async def respond(
        self,
        thread: ThreadMetadata,
        input_user_message: UserMessageItem | None,  # noqa: ARG002 - the turn has it
        context: Visit,
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Stream the visit's turn while it is carried out, or as it was before."""
        if thread.title is None:
            # A copy: the SDK would write the name down, which is done, and tell it only later.
            named = thread.model_copy(update={"title": first_title(context.message)})
            yield ThreadUpdatedEvent(thread=self._to_thread_response(named))
        async for event in self._live(context) if context.watch else self._stored(context):
            yield event

    async def _live(self, visit: Visit) -> AsyncIterator[ThreadStreamEvent]:
        assert visit.watch is not None
        assert visit.work is not None
        async for event in visit.watch.events(self._heartbeat_seconds):
            yield event
        try:
            answered = await visit.work
        except TurnLost as error:
            raise CustomStreamError(str(ConversationBusy()), allow_retry=True) from error
        except TodoError as error:
            raise CustomStreamError(str(error), allow_retry=True) from error
        if answered.failed:
            raise CustomStreamError(answered.text, allow_retry=True)
        for event in visit.watch.ending(answered):
            yield event

    async def _stored(self, visit: Visit) -> AsyncIterator[ThreadStreamEvent]:
        assert visit.turn is not None
        items = await self.store.load_turn(visit.turn.conversation_id, visit.turn.turn_id, visit)
        for item in items[1:]:
            yield ThreadItemDoneEvent(item=item)

    def start(self, visit: Visit, turn: OpenTurn | Answered) -> None:
        """Make a turn that of a visit, and begin to carry it out if it has no answer."""
        visit.turn = turn
        if isinstance(turn, OpenTurn):
            visit.watch = Watch(turn.turn)
            visit.work = self._turns.start(turn, visit.watch)
            visit.work.add_done_callback(visit.watch.close)

    def leave(self, visit: Visit) -> None:
        """End a visit: a turn that nobody watches any more is stopped, what was said is kept."""
        if isinstance(visit.turn, OpenTurn) and visit.work and not visit.work.done():
            assert visit.watch is not None
            self._turns.stop(visit.turn, visit.work, visit.watch)

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
        assert sender is not None
        wanted = wanted_of(action)
        conversation_id = ids.conversation_of(thread.id)
        before = _task(await self._tasks(visit.user_id), wanted.task_id)
        output = await self._call(visit.user_id, *_call_for(wanted))
        if before is not None and not output.failed:
            change = _changed(before, wanted, output)
            if change.now != before:
                await self.store.note(conversation_id, by_hand.note(change), visit)
        tasks = await self._tasks(visit.user_id)
        if output.failed and _task(tasks, wanted.task_id) is not None:
            raise Refused(output.text)
        return await self.store.list_of(conversation_id, ids.turn_of(sender.id), tasks, visit)

    async def _tasks(self, user_id: UserId) -> list[Task]:
        tasks = await self._tasks_now(user_id)
        if tasks is None:
            raise ToolsAway
        return tasks

    async def _tasks_now(self, user_id: UserId) -> list[Task] | None:
        try:
            output = await self._call(user_id, "list_tasks", {})
        except ToolsAway:
            return None
        tasks: list[Task] | None = None if output.failed else json.loads(output.text)["result"]
        return tasks

    async def _call(self, user_id: UserId, tool: str, arguments: dict[str, Any]) -> Output:
        headers = {"x-request-id": request_id.get() or uuid.uuid4().hex}
        token = self._minter.mint(user_id)
        try:
            return await self._toolboxes.call(token, headers, tool, arguments, uuid.uuid4().hex)
        except MCPError as error:
            raise ToolsAway from error

    async def _build_user_message_item(
        self,
        input: UserMessageInput,  # noqa: A002, ARG002 - the SDK's name; the turn has it
        thread: ThreadMetadata,  # noqa: ARG002 - the SDK's signature
        context: Visit,
    ) -> UserMessageItem:
        """Return the message as it is written down."""
        assert context.turn is not None
        turn = context.turn
        now = datetime.now(UTC)
        return user_item(turn.conversation_id, turn.turn_id, context.message, now)

    def _to_thread_response(self, thread: ThreadMetadata | Thread) -> Thread:
        """Give the SDK's thread the zone that its time lacks."""
        response = super()._to_thread_response(thread)
        return response.model_copy(update={"created_at": response.created_at.astimezone(UTC)})


def _call_for(payload: TaskPayload) -> tuple[str, dict[str, Any]]:
    """Return the tool that does what was pressed, and its arguments."""
    if isinstance(payload, Delete):
        return "delete_task", {"task_id": payload.task_id}
    if isinstance(payload, Rename):
        return "update_task", {"task_id": payload.task_id, "title": payload.title}
    if payload.completed:
        return "complete_task", {"task_id": payload.task_id}
    return "update_task", {"task_id": payload.task_id, "completed": False}


def _task(tasks: Sequence[Task], task_id: int) -> Task | None:
    return next((task for task in tasks if task["id"] == task_id), None)


def _changed(before: Task, payload: TaskPayload, output: Output) -> ByHand:
    """Return what pressing changed, by what the tool gave back."""
    if isinstance(payload, Delete):
        return ByHand(before, None)
    if isinstance(payload, Rename):
        return ByHand(before, before | {"title": json.loads(output.text)["title"]})
    return ByHand(before, before | {"completed": payload.completed})
