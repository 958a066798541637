"""Every query on conversations as people look back at them, each for one user."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, TextClause, text

from todo_chatbot.conversations.store import CALLS, Call, calls_from
from todo_chatbot.db.database import Tenant
from todo_chatbot.errors import ConversationNotFound
from todo_chatbot.identity import UserId

Order = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation without its messages."""

    id: int
    title: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn as it was seen: what was said, the tools that were called, what was answered."""

    turn_id: int
    message: str
    said_at: datetime
    calls: tuple[Call, ...]
    answer: str | None
    answered_at: datetime | None
    failed: bool
    """What stands for the answer is none."""


_ONE = text("select id, title, created_at from conversation where user_id = :user_id and id = :id")

_LIST = """
select id, title, created_at from conversation
where user_id = :user_id and (cast(:after as bigint) is null or (updated_at, id) {beyond} (
  select updated_at, id from conversation where user_id = :user_id and id = :after))
order by updated_at {order}, id {order} limit :limit
"""

_EXCHANGES = f"""
select t.id as turn_id, m.content as message, m.created_at as said_at,
  ({CALLS.format(turn="t.id")}) as calls, a.content as answer, a.created_at as answered_at,
  t.state = 'failed' as failed
from turn t
join message m on m.user_id = t.user_id and m.id = t.id
left join message a on a.user_id = t.user_id and a.id = t.answer_id
where t.user_id = :user_id and t.conversation_id = :conversation_id
  and (cast(:start as bigint) is null or t.id {{beyond}} :start)
order by t.id {{order}} limit :limit
"""

_RENAME = text("update conversation set title = :title where user_id = :user_id and id = :id")

_DELETE = text("delete from conversation where user_id = :user_id and id = :id")

_NOTE = text("""
insert into message (user_id, id, conversation_id, role, content, created_at)
select :user_id, next_number('message'), id, 'note', :content, now()
from conversation where user_id = :user_id and id = :id
""")


def _both(query: str, ascending: str, descending: str) -> dict[Order, TextClause]:
    return {
        "asc": text(query.format(order="asc", beyond=ascending)),
        "desc": text(query.format(order="desc", beyond=descending)),
    }


_LISTS = _both(_LIST, ">", "<")
_PAGES = _both(_EXCHANGES, ">=", "<=")


class History:
    """The conversations of one user."""

    def __init__(self, tenant: Tenant, user_id: UserId) -> None:
        self._tenant = tenant
        self._user_id = user_id

    async def conversation(self, conversation_id: int) -> Summary:
        """Return one conversation.

        Raises:
            ConversationNotFound: the user has no such conversation.
        """
        rows = await self._all(_ONE, id=conversation_id)
        if not rows:
            raise ConversationNotFound(conversation_id)
        return _summary(rows[0])

    async def conversations(
        self, *, after: int | None, limit: int, order: Order
    ) -> Sequence[Summary]:
        """Return conversations by the time of their last message, ``after`` one of them."""
        rows = await self._all(_LISTS[order], after=after, limit=limit)
        return [_summary(row) for row in rows]

    async def exchanges(
        self, conversation_id: int, *, start: int | None, limit: int, order: Order
    ) -> Sequence[Exchange]:
        """Return turns of a conversation in order, the turn ``start`` being the first."""
        rows = await self._all(
            _PAGES[order], conversation_id=conversation_id, start=start, limit=limit
        )
        return [
            Exchange(
                row.turn_id,
                row.message,
                row.said_at,
                calls_from(row.calls),
                row.answer,
                row.answered_at,
                row.failed,
            )
            for row in rows
        ]

    async def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title; one that does not exist stays so."""
        await self._do(_RENAME, id=conversation_id, title=title)

    async def delete(self, conversation_id: int) -> None:
        """Delete a conversation with all that belongs to it; one that does not exist stays so."""
        await self._do(_DELETE, id=conversation_id)

    async def note(self, conversation_id: int, content: str) -> None:
        """Tell the model something that people do not see."""
        await self._do(_NOTE, id=conversation_id, content=content)

    async def _all(self, statement: TextClause, **values: object) -> Sequence[Row[Any]]:
        return (await self._tenant.execute(statement, {"user_id": self._user_id} | values)).all()

    async def _do(self, statement: TextClause, **values: object) -> None:
        await self._tenant.execute(statement, {"user_id": self._user_id} | values)


def _summary(row: Row[Any]) -> Summary:
    return Summary(row.id, row.title, row.created_at)
