"""A turn while it is carried out, as ChatKit's stream of events."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    CustomTask,
    DurationSummary,
    ProgressUpdateEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)

from todo_chatbot.agent.listener import Output
from todo_chatbot.chat.chatkit import ids
from todo_chatbot.chat.chatkit.items import (
    answer_item,
    doing,
    task_line,
    tasks_shown,
    work_item,
)
from todo_chatbot.chat.chatkit.task_list import list_item
from todo_chatbot.chat.turn import Answered
from todo_chatbot.conversations.store import Call


class Watch:
    """Listens to one turn and turns what it hears into events.

    ``text`` and ``outputs`` are what was seen so far, for a turn that is stopped.
    """

    def __init__(self, conversation_id: int, turn_id: int) -> None:
        self.text = ""
        self.outputs: dict[str, Output] = {}
        self._conversation_id = conversation_id
        self._turn_id = turn_id
        self._events: asyncio.Queue[ThreadStreamEvent | None] = asyncio.Queue()
        self._calls: list[Call] = []
        self._began = datetime.now(UTC)
        self._working = False
        self._listed = False

    def wrote(self, text: str) -> None:
        """Show some more of the answer."""
        if not self.text:
            self._tell(*self._finish_work(), *self._open_answer())
        self.text += text
        delta = AssistantMessageContentPartTextDelta(content_index=0, delta=text)
        self._tell(self._update(ids.answer_id(self._turn_id), delta))

    def calls(self, call_id: str, tool: str) -> None:
        """Show that a tool is at work; what was written before was not the answer."""
        if self.text:
            self.text = ""
            self._tell(ThreadItemRemovedEvent(item_id=ids.answer_id(self._turn_id)))
        if self._listed:
            self._listed = False
            self._tell(ThreadItemRemovedEvent(item_id=ids.list_id(self._turn_id)))
        self._tell(ProgressUpdateEvent(text=f"{doing(tool)}…", icon="bolt"))
        self._calls.append(Call(len(self._calls), call_id, tool, "{}"))
        lines = [self._line(call) for call in self._calls]
        if not self._working:
            self._working = True
            item = work_item(self._conversation_id, self._turn_id, lines, self._began)
            self._tell(ThreadItemAddedEvent(item=item))
            return
        added = WorkflowTaskAdded(task_index=len(lines) - 1, task=lines[-1])
        self._tell(self._update(ids.work_id(self._turn_id), added))

    def called(self, call_id: str, output: Output) -> None:
        """Show what became of a tool call."""
        self.outputs[call_id] = output
        for place, call in enumerate(self._calls):
            if call.call_id == call_id:
                updated = WorkflowTaskUpdated(task_index=place, task=self._line(call))
                self._tell(self._update(ids.work_id(self._turn_id), updated))

    def close(self) -> None:
        """End ``events``: the turn is over."""
        self._events.put_nowait(None)

    def ending(self, answered: Answered) -> Iterator[ThreadStreamEvent]:
        """Yield what follows ``events``: the answer as it is stored."""
        if not self.text:
            yield from self._finish_work()
            yield from self._open_answer()
        content = AssistantMessageContent(text=answered.text)
        done = AssistantMessageContentPartDone(content_index=0, content=content)
        now = datetime.now(UTC)
        item = answer_item(self._conversation_id, self._turn_id, answered.text, now)
        yield self._update(item.id, done)
        yield ThreadItemDoneEvent(item=item)

    async def events(self) -> AsyncIterator[ThreadStreamEvent]:
        """Yield what happens until ``close``."""
        while (event := await self._events.get()) is not None:
            yield event

    def _finish_work(self) -> Iterator[ThreadStreamEvent]:
        if not self._working:
            return
        self._working = False
        now = datetime.now(UTC)
        lines = [self._line(call) for call in self._calls]
        item = work_item(self._conversation_id, self._turn_id, lines, self._began)
        item.workflow.summary = DurationSummary(duration=(now - self._began).seconds)
        yield ThreadItemDoneEvent(item=item)
        tasks = tasks_shown([self._with_output(call) for call in self._calls])
        if tasks is not None:
            self._listed = True
            shown = list_item(self._conversation_id, self._turn_id, tasks, now)
            yield ThreadItemDoneEvent(item=shown)

    def _open_answer(self) -> Iterator[ThreadStreamEvent]:
        now = datetime.now(UTC)
        item = answer_item(self._conversation_id, self._turn_id, None, now)
        yield ThreadItemAddedEvent(item=item)
        part = AssistantMessageContentPartAdded(
            content_index=0, content=AssistantMessageContent(text="")
        )
        yield self._update(item.id, part)

    def _line(self, call: Call) -> CustomTask:
        output = self.outputs.get(call.call_id)
        return task_line(call.name, failed=None if output is None else output.failed)

    def _with_output(self, call: Call) -> Call:
        output = self.outputs.get(call.call_id)
        if output is None:
            return call
        return Call(
            call.position, call.call_id, call.name, call.arguments, output.text, output.failed
        )

    def _update(self, item_id: str, update: object) -> ThreadItemUpdatedEvent:
        return ThreadItemUpdatedEvent.model_validate({"item_id": item_id, "update": update})

    def _tell(self, *events: ThreadStreamEvent) -> None:
        for event in events:
            self._events.put_nowait(event)
