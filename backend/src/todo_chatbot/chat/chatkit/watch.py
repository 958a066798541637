"""A turn while it is carried out, as ChatKit's stream of events."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    DurationSummary,
    ProgressUpdateEvent,
    StreamOptions,
    StreamOptionsEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    WorkflowItem,
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
from todo_chatbot.chat.chatkit.rows import Rowless, without_rows
from todo_chatbot.chat.chatkit.task_list import list_item
from todo_chatbot.chat.turn import Answered
from todo_chatbot.conversations.store import Call, Turn


class Watch:
    """Listens to one turn and turns what it hears into events.

    ``text`` and ``outputs`` are what was seen so far, for a turn that is stopped.
    """

    def __init__(self, turn: Turn) -> None:
        self.text = ""
        self.outputs: dict[str, Output] = {}
        self._conversation_id = turn.conversation_id
        self._turn_id = turn.id
        self._events: asyncio.Queue[ThreadStreamEvent | None] = asyncio.Queue()
        # A turn that is continued begins with what it did before.
        self._calls = [call for call in turn.calls if call.output is not None]
        self._began = datetime.now(UTC)
        self._working = False
        self._listed = False
        self._rowless = Rowless([])
        if self._calls:
            self._show_work()

    def wrote(self, text: str) -> None:
        """Show some more of the answer."""
        if not self.text:
            self._tell(*self._finish_work(), *self._open_answer())
        self.text += text
        if told := self._rowless.add(text):
            delta = AssistantMessageContentPartTextDelta(content_index=0, delta=told)
            self._tell(self._update(ids.answer_id(self._turn_id), delta))

    def calls(self, call_id: str, tool: str) -> None:
        """Show that a tool is at work; what was written before was not the answer."""
        if self.text:
            self.text = ""
            self._tell(ThreadItemRemovedEvent(item_id=ids.answer_id(self._turn_id)))
        if self._listed:
            self._listed, self._rowless = False, Rowless([])
            self._tell(ThreadItemRemovedEvent(item_id=ids.list_id(self._turn_id)))
        if self._calls and not self._working:
            self._tell(ThreadItemRemovedEvent(item_id=ids.work_id(self._turn_id)))
        self._tell(ProgressUpdateEvent(text=f"{doing(tool)}…", icon="bolt"))
        self._calls.append(Call(len(self._calls), call_id, tool, "{}"))
        if not self._working:
            self._show_work()
            return
        added = WorkflowTaskAdded(
            task_index=len(self._calls) - 1, task=task_line(self._calls[-1], ended=False)
        )
        self._tell(self._update(ids.work_id(self._turn_id), added))

    def called(self, call_id: str, output: Output) -> None:
        """Show what became of a tool call."""
        self.outputs[call_id] = output
        for place, call in enumerate(self._calls):
            if call.call_id == call_id:
                known = replace(call, output=output.text, failed=output.failed)
                self._calls[place] = known
                line = task_line(known, ended=False)
                updated = WorkflowTaskUpdated(task_index=place, task=line)
                self._tell(self._update(ids.work_id(self._turn_id), updated))

    def close(self, _work: object) -> None:
        """End ``events``: the turn is over."""
        self._events.put_nowait(None)

    def ending(self, answered: Answered) -> Iterator[ThreadStreamEvent]:
        """Yield what follows ``events``: the answer as it is stored."""
        if not self.text:
            yield from self._finish_work()
            yield from self._open_answer()
        text = without_rows(answered.text, tasks_shown(self._calls) or [])
        content = AssistantMessageContent(text=text)
        done = AssistantMessageContentPartDone(content_index=0, content=content)
        now = datetime.now(UTC)
        item = answer_item(self._conversation_id, self._turn_id, text, now)
        yield self._update(item.id, done)
        yield ThreadItemDoneEvent(item=item)

    async def events(self, heartbeat_seconds: float) -> AsyncIterator[ThreadStreamEvent]:
        """Yield what happens until ``close``.

        When nothing happens for ``heartbeat_seconds``, an event that changes nothing keeps proxies
        from closing the connection.
        """
        while True:
            try:
                event = await asyncio.wait_for(self._events.get(), heartbeat_seconds)
            except TimeoutError:
                event = StreamOptionsEvent(stream_options=StreamOptions(allow_cancel=True))
            if event is None:
                return
            yield event

    def _show_work(self) -> None:
        self._working = True
        self._tell(ThreadItemAddedEvent(item=self._work()))

    def _work(self) -> WorkflowItem:
        lines = [task_line(call, ended=False) for call in self._calls]
        return work_item(self._conversation_id, self._turn_id, lines, self._began)

    def _finish_work(self) -> Iterator[ThreadStreamEvent]:
        if not self._working:
            return
        self._working = False
        now = datetime.now(UTC)
        item = self._work()
        item.workflow.summary = DurationSummary(duration=(now - self._began).seconds)
        yield ThreadItemDoneEvent(item=item)
        tasks = tasks_shown(self._calls)
        if tasks is not None:
            self._listed, self._rowless = True, Rowless(tasks)
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

    def _update(self, item_id: str, update: object) -> ThreadItemUpdatedEvent:
        return ThreadItemUpdatedEvent.model_validate({"item_id": item_id, "update": update})

    def _tell(self, *events: ThreadStreamEvent) -> None:
        for event in events:
            self._events.put_nowait(event)
