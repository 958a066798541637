"""ChatKit's store on our conversations.

Turns write themselves down before ChatKit hears of them, so its writes find their work done; what
it reads, renames and deletes lies in the same tables as what the JSON door shows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from chatkit.store import Store, StoreItemType
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata, WidgetItem

from todo_chatbot.chat.chatkit import ids
from todo_chatbot.chat.chatkit.items import exchange_items, tasks_shown
from todo_chatbot.chat.chatkit.task_list import Task
from todo_chatbot.chat.chatkit.watch import Watch
from todo_chatbot.chat.turn import STOPPED, Answered, OpenTurn
from todo_chatbot.conversations.history import Exchange, History, Order, Summary
from todo_chatbot.db.database import Database, Tenant
from todo_chatbot.errors import ItemNotFound, Refused
from todo_chatbot.identity import UserId
from todo_chatbot.web.text import storable

T = TypeVar("T")

TITLE_CHARACTERS = 200


@dataclass(slots=True)
class Visit:
    """One request: whose it is, and the turn that it is about, if any."""

    user_id: UserId
    message: str = ""
    """What the user says with it."""
    turn: OpenTurn | Answered | None = None
    """Its turn, which another request may have brought to its end already."""
    watch: Watch | None = None
    work: asyncio.Task[Answered] | None = None
    """What carries the turn out, and what is seen of that."""


TasksNow = Callable[[UserId], Awaitable[list[Task] | None]]
"""Returns a user's tasks as they are now, or None when nobody can tell."""


class ThreadStore(Store[Visit]):
    """The conversations of whoever visits, as threads and items."""

    def __init__(self, database: Database, tasks_now: TasksNow) -> None:
        self._database = database
        self._tasks_now = tasks_now

    def generate_thread_id(self, context: Visit) -> str:
        """Return the thread whose first turn is written down already."""
        assert context.turn is not None
        return ids.thread_id(context.turn.conversation_id)

    def generate_item_id(
        self, item_type: StoreItemType, thread: ThreadMetadata, context: Visit
    ) -> str:
        """Return the item that the message of this turn is."""
        assert item_type == "message"
        assert context.turn is not None
        return ids.message_id(context.turn.turn_id)

    async def load_thread(self, thread_id: str, context: Visit) -> ThreadMetadata:
        """Return a thread; raises ConversationNotFound."""
        conversation_id = ids.conversation_of(thread_id)
        found = await self._look(context, lambda history: history.conversation(conversation_id))
        return _metadata(found)

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: Visit
    ) -> Page[ThreadMetadata]:
        """Return threads by the time of their last message."""
        start = None if after is None else ids.conversation_of(after)

        async def look(history: History) -> Sequence[Summary]:
            if start is not None:
                await history.conversation(start)
            return await history.conversations(after=start, limit=limit + 1, order=_order(order))

        found = await self._look(context, look)
        return _page([_metadata(one) for one in found], limit)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Visit
    ) -> Page[ThreadItem]:
        """Return the visible parts of a conversation, after an item if that is named."""
        conversation_id = ids.conversation_of(thread_id)
        start = None if after is None else ids.turn_of(after)

        async def look(history: History) -> Sequence[Exchange]:
            await history.conversation(conversation_id)
            # Every turn has an item at least; one more for the turn that ``after`` is part of.
            return await history.exchanges(
                conversation_id, start=start, limit=limit + 2, order=_order(order)
            )

        exchanges = await self._look(context, look)
        if start is not None and (not exchanges or exchanges[0].turn_id != start):
            raise ItemNotFound
        stopped = {ids.answer_id(one.turn_id) for one in exchanges if _stopped(one)}
        items = [
            item
            for item in await self._items(context, conversation_id, exchanges)
            if item.id not in stopped
        ]
        items.sort(key=_place, reverse=order == "desc")
        return _page(items if after is None else _beyond(items, after, order), limit)

    async def load_item(self, thread_id: str, item_id: str, context: Visit) -> ThreadItem:
        """Return one item; raises ItemNotFound."""
        conversation_id = ids.conversation_of(thread_id)
        exchange = await self._exchange(context, conversation_id, ids.turn_of(item_id))
        for item in exchange_items(conversation_id, exchange):
            if item.id == item_id:
                return item
        raise ItemNotFound

    async def load_turn(self, conversation_id: int, turn_id: int, visit: Visit) -> list[ThreadItem]:
        """Return the visible parts of one turn; raises ItemNotFound."""
        exchange = await self._exchange(visit, conversation_id, turn_id)
        return await self._items(visit, conversation_id, [exchange])

    async def list_of(
        self, conversation_id: int, turn_id: int, tasks: Sequence[Task], visit: Visit
    ) -> WidgetItem:
        """Return the list of a turn with the tasks that it would show now."""
        exchange = await self._exchange(visit, conversation_id, turn_id)
        items = exchange_items(conversation_id, exchange, tasks)
        return next(item for item in items if isinstance(item, WidgetItem))

    async def save_thread(self, thread: ThreadMetadata, context: Visit) -> None:
        """Rename a conversation; everything else of a thread follows from its turns."""
        if thread.title is None:
            return
        title = thread.title = thread.title.strip()
        if not 0 < len(title) <= TITLE_CHARACTERS:
            raise Refused(f"A title has 1 to {TITLE_CHARACTERS} characters.")
        try:
            storable(title)
        except ValueError as error:
            raise Refused(f"A title {error}.") from error
        conversation_id = ids.conversation_of(thread.id)
        await self._look(context, lambda history: history.rename(conversation_id, title))

    async def delete_thread(self, thread_id: str, context: Visit) -> None:
        """Delete a conversation with all that belongs to it."""
        conversation_id = ids.conversation_of(thread_id)
        await self._look(context, lambda history: history.delete(conversation_id))

    async def note(self, conversation_id: int, content: str, context: Visit) -> None:
        """Tell the model something that nobody sees."""
        await self._look(context, lambda history: history.note(conversation_id, content))

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Visit) -> None:
        """Do nothing: the turn that an item belongs to is written down by itself."""

    async def save_item(self, thread_id: str, item: ThreadItem, context: Visit) -> None:
        """Do nothing: an item follows from its turn, a list from the tasks."""

    async def delete_thread_item(self, thread_id: str, item_id: str, context: Visit) -> None:
        """Do nothing: a turn that is answered anew forgets its answer by itself."""

    async def save_attachment(self, attachment: Attachment, context: Visit) -> None:
        """Refuse: there are no attachments."""
        raise NotImplementedError

    async def load_attachment(self, attachment_id: str, context: Visit) -> Attachment:
        """Refuse: there are no attachments."""
        raise NotImplementedError

    async def delete_attachment(self, attachment_id: str, context: Visit) -> None:
        """Refuse: there are no attachments."""
        raise NotImplementedError

    async def _items(
        self, visit: Visit, conversation_id: int, exchanges: Sequence[Exchange]
    ) -> list[ThreadItem]:
        """Return the items of turns, with every list as it is now: it is there to be used."""
        listing = any(tasks_shown(one.calls) is not None for one in exchanges)
        now = await self._tasks_now(visit.user_id) if listing else None
        return [item for one in exchanges for item in exchange_items(conversation_id, one, now)]

    async def _exchange(self, visit: Visit, conversation_id: int, turn_id: int) -> Exchange:
        found = await self._look(
            visit,
            lambda history: history.exchanges(conversation_id, start=turn_id, limit=1, order="asc"),
        )
        if not found or found[0].turn_id != turn_id:
            raise ItemNotFound
        return found[0]

    async def _look(self, visit: Visit, work: Callable[[History], Awaitable[T]]) -> T:
        def in_history(tenant: Tenant) -> Awaitable[T]:
            return work(History(tenant, visit.user_id))

        return await self._database.run(visit.user_id, in_history)


def _metadata(summary: Summary) -> ThreadMetadata:
    return ThreadMetadata(
        id=ids.thread_id(summary.id), title=summary.title, created_at=summary.created_at
    )


def _stopped(exchange: Exchange) -> bool:
    """Tell whether a turn was stopped before a word: it has no answer yet and can be continued."""
    return exchange.failed and exchange.answer == STOPPED


def _order(order: str) -> Order:
    return "asc" if order == "asc" else "desc"


def _place(item: ThreadItem) -> tuple[int, int]:
    return ids.place_of(item.id)


def _beyond(items: list[ThreadItem], after: str, order: str) -> list[ThreadItem]:
    """Return what follows an item, which may not be there any more."""
    start = ids.place_of(after)
    if order == "desc":
        return [item for item in items if _place(item) < start]
    return [item for item in items if _place(item) > start]


Listed = TypeVar("Listed", ThreadMetadata, ThreadItem)


def _page(found: list[Listed], size: int) -> Page[Listed]:
    data = found[:size]
    more = len(found) > size
    return Page(data=data, has_more=more, after=data[-1].id if more else None)
