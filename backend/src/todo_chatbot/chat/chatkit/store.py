"""ChatKit's store on our conversations.

Turns write themselves down before ChatKit hears of them, so its writes find their work done; what
it reads, renames and deletes lies in the same tables as what the JSON door shows.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from chatkit.store import Store, StoreItemType
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata

from todo_chatbot.chat.chatkit import ids
from todo_chatbot.chat.chatkit.items import exchange_items, filter_shown, tasks_shown
from todo_chatbot.chat.chatkit.task_list import Task
from todo_chatbot.chat.turn import Answered, OpenTurn, Seen
from todo_chatbot.conversations.history import Exchange, History, Order, Summary
from todo_chatbot.db.database import Database, Tenant
from todo_chatbot.errors import ItemNotFound, Refused
from todo_chatbot.identity import UserId

T = TypeVar("T")

MAX_PAGE = 100
TITLE_CHARACTERS = 200


@dataclass(slots=True)
class Visit:
    """One request: whose it is, the turn that it began, and what carries that out."""

    user_id: UserId
    turn: OpenTurn | None = None
    work: asyncio.Task[Answered] | None = None
    seen: Seen | None = None


TasksNow = Callable[[UserId, dict[str, object]], Awaitable[list[Task] | None]]
"""Returns a user's tasks as they are now, for the arguments of a list_tasks call."""


class ThreadStore(Store[Visit]):
    """The conversations of whoever visits, as threads and items."""

    def __init__(self, database: Database, tasks_now: TasksNow) -> None:
        self._database = database
        self._tasks_now = tasks_now

    def generate_thread_id(self, context: Visit) -> str:
        """Return the thread whose first turn is written down already."""
        assert context.turn is not None
        return ids.thread_id(context.turn.turn.conversation_id)

    def generate_item_id(
        self, item_type: StoreItemType, thread: ThreadMetadata, context: Visit
    ) -> str:
        """Return the item that the message of this turn is."""
        assert item_type == "message"
        assert context.turn is not None
        return ids.message_id(context.turn.turn.id)

    async def load_thread(self, thread_id: str, context: Visit) -> ThreadMetadata:
        """Return a thread; raises ConversationNotFound."""
        conversation_id = ids.conversation_of(thread_id)
        found = await self._look(context, lambda history: history.conversation(conversation_id))
        return _metadata(found)

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: Visit
    ) -> Page[ThreadMetadata]:
        """Return threads by the time of their last message."""
        size = _clamp(limit)
        start = None if after is None else ids.conversation_of(after)
        found = await self._look(
            context,
            lambda history: history.conversations(after=start, limit=size + 1, order=_order(order)),
        )
        return _page([_metadata(one) for one in found], size)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Visit
    ) -> Page[ThreadItem]:
        """Return the visible parts of a conversation; the newest task list shows the present."""
        size = _clamp(limit)
        conversation_id = ids.conversation_of(thread_id)
        start = None if after is None else ids.turn_of(after)

        async def look(history: History) -> list[Exchange]:
            await history.conversation(conversation_id)
            # Every turn has an item at least; one more for the turn that ``after`` is part of.
            return list(
                await history.exchanges(
                    conversation_id, start=start, limit=size + 2, order=_order(order)
                )
            )

        exchanges = await self._look(context, look)
        items: list[ThreadItem] = []
        for shown in await self._items(context, conversation_id, exchanges):
            items += reversed(shown) if order == "desc" else shown
        return _page(_beyond(items, after), size)

    async def load_item(self, thread_id: str, item_id: str, context: Visit) -> ThreadItem:
        """Return one item; raises ItemNotFound."""
        turn_id, conversation_id = ids.turn_of(item_id), ids.conversation_of(thread_id)
        found = await self._look(
            context,
            lambda history: history.exchanges(conversation_id, start=turn_id, limit=1, order="asc"),
        )
        for exchange in found:
            for item in exchange_items(conversation_id, exchange):
                if item.id == item_id:
                    return item
        raise ItemNotFound

    async def save_thread(self, thread: ThreadMetadata, context: Visit) -> None:
        """Rename a conversation; everything else of a thread follows from its turns."""
        if thread.title is None:
            return
        title = thread.title.strip()
        if not 0 < len(title) <= TITLE_CHARACTERS:
            raise Refused(f"A title has 1 to {TITLE_CHARACTERS} characters.")
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
        self, visit: Visit, conversation_id: int, exchanges: list[Exchange]
    ) -> list[list[ThreadItem]]:
        listing = [one for one in exchanges if tasks_shown(one.calls) is not None]
        newest = max(listing, key=lambda one: one.turn_id, default=None)
        now = None
        if newest is not None:
            now = await self._tasks_now(visit.user_id, filter_shown(newest.calls))
        return [
            exchange_items(conversation_id, one, now if one is newest else None)
            for one in exchanges
        ]

    async def _look(self, visit: Visit, work: Callable[[History], Awaitable[T]]) -> T:
        def in_history(tenant: Tenant) -> Awaitable[T]:
            return work(History(tenant, visit.user_id))

        return await self._database.run(visit.user_id, in_history)


def _metadata(summary: Summary) -> ThreadMetadata:
    return ThreadMetadata(
        id=ids.thread_id(summary.id), title=summary.title, created_at=summary.created_at
    )


def _clamp(limit: int) -> int:
    return min(max(limit, 1), MAX_PAGE)


def _order(order: str) -> Order:
    return "asc" if order == "asc" else "desc"


def _beyond(items: list[ThreadItem], after: str | None) -> list[ThreadItem]:
    """Return what follows an item; all of it when the item is not there any more."""
    places = [place for place, item in enumerate(items) if item.id == after]
    return items[places[0] + 1 :] if places else items


Listed = TypeVar("Listed", ThreadMetadata, ThreadItem)


def _page(found: list[Listed], size: int) -> Page[Listed]:
    data = found[:size]
    more = len(found) > size
    return Page(data=data, has_more=more, after=data[-1].id if more else None)
