"""Every write and read of a turn, each for one user.

A turn is one row of ``turn``: begun with its message, followed by its tool calls, closed with its
answer. Each step is one statement, because each is one transaction of its own: no connection is
held while the model thinks or a tool works.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.exc import IntegrityError

from todo_chatbot.db.database import Tenant
from todo_chatbot.errors import ConversationBusy, ConversationNotFound
from todo_chatbot.identity import UserId


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call of a turn; ``output`` is None until the next write after it was made."""

    position: int
    call_id: str
    name: str
    arguments: str
    output: str | None = None
    failed: bool | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One message and, for a user's message, the tool calls it led to."""

    role: str
    content: str
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that this holder may carry out: its message, what was said before, calls so far."""

    id: int
    conversation_id: int
    message: str
    earlier: tuple[Said, ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A turn as it stands, whoever carries it out."""

    id: int
    conversation_id: int
    running: bool
    failed: bool
    """Its answer is an apology, or what was said until it was stopped."""
    message: str
    answer: str | None
    calls: tuple[Call, ...]


TITLE_CHARACTERS = 60


class TurnInTheWay(Exception):
    """The conversation has a running turn, or the idempotency key has a turn already."""


class TurnLost(ConversationBusy):
    """Another request has taken this turn over: whoever lost it must not write any more."""


CALLS = """
  select coalesce(json_agg(json_build_array(
      c.position, c.call_id, c.name, c.arguments, c.output, c.failed) order by c.position), '[]')
  from tool_call c where c.user_id = :user_id and c.turn_id = {turn}
"""
"""The calls of ``{turn}`` as one JSON array; see ``calls_from``."""

_EARLIER = f"""
  select coalesce(json_agg(json_build_array(e.role, e.content, e.calls) order by e.id), '[]')
  from (
    select m.id, m.role, m.content, ({CALLS.format(turn="m.id")}) as calls
    from message m
    where m.user_id = :user_id and m.conversation_id = {{conversation}} {{before}}
    order by m.id desc limit :window
  ) e
"""

_BEGIN = """
with place as ({place}),
said as (
  insert into message (user_id, id, conversation_id, role, content, created_at)
  select :user_id, next_number('message'), place.id, 'user', :message, now() from place
  returning id
),
begun as (
  insert into turn (user_id, id, conversation_id, idempotency_key, state, holder, held_until)
  select :user_id, said.id, place.id, :key, 'running',
    :holder, now() + make_interval(secs => :lease)
  from said, place
)
-- The snapshot of this statement is older than the new message, so ``earlier`` is what came before.
select place.id as conversation_id, said.id, ({earlier}) as earlier from place, said
"""

_NEW = """
  insert into conversation (user_id, id, title, created_at, updated_at)
  select :user_id, next_number('conversation'), :title, now(), now()
  returning id
"""

# Whoever began a turn or ended one while this statement waits would not be in its snapshot, so the
# model would not know of it: hence one lock before the snapshot, and no turn seen running in it.
_ONE_AT_A_TIME = """
select from conversation where user_id = :user_id and id = :conversation_id for no key update;
"""

_EXISTING = """
  update conversation set updated_at = now()
  where user_id = :user_id and id = :conversation_id and not exists (
    select from turn where user_id = :user_id and conversation_id = :conversation_id
      and state = 'running')
  returning id
"""

_BEGIN_NEW = text(_BEGIN.format(place=_NEW, earlier="select '[]'::json"))
_BEGIN_EXISTING = text(
    _ONE_AT_A_TIME
    + _BEGIN.format(place=_EXISTING, earlier=_EARLIER.format(conversation="place.id", before=""))
)
_EXISTS = text("select from conversation where user_id = :user_id and id = :conversation_id")

_TAKEN = f"""
with taken as ({{taken}})
select taken.id, taken.conversation_id, m.content as message,
  ({CALLS.format(turn="taken.id")}) as calls,
  ({_EARLIER.format(conversation="taken.conversation_id", before="and m.id < taken.id")}) as earlier
from taken join message m on m.user_id = :user_id and m.id = taken.id
"""

_TAKE_OVER = text(
    _TAKEN.format(
        taken="""
  update turn set holder = :holder, held_until = now() + make_interval(secs => :lease)
  where user_id = :user_id and id = :turn_id and state = 'running'
    and (held_until < now() or holder = :holder)
  returning id, conversation_id
"""
    )
)

_REOPEN = text(
    _TAKEN.format(
        taken="""
  update turn set state = 'running', answer_id = null,
    holder = :holder, held_until = now() + make_interval(secs => :lease)
  where user_id = :user_id and id = :turn_id and state <> 'running' and not exists (
    select from turn later where later.user_id = :user_id and later.id > turn.id
      and later.conversation_id = turn.conversation_id)
  returning id, conversation_id
),
forgotten as (
  delete from message using taken
  where message.user_id = :user_id and message.conversation_id = taken.conversation_id
    and message.id > taken.id and message.role = 'assistant'
"""
    )
)

_RECORD = f"""
select t.id, t.conversation_id, t.state = 'running' as running, t.state = 'failed' as failed,
  m.content as message, a.content as answer, ({CALLS.format(turn="t.id")}) as calls
from turn t
join message m on m.user_id = t.user_id and m.id = t.id
left join message a on a.user_id = t.user_id and a.id = t.answer_id
where t.user_id = :user_id and {{which}}
"""

_BY_KEY = text(_RECORD.format(which="t.idempotency_key = :key"))
_RUNNING = text(
    _RECORD.format(which="t.conversation_id = :conversation_id and t.state = 'running'")
)

_OUTPUTS = """
outputs as (
  update tool_call c set output = o.output, failed = o.failed
  from mine, json_to_recordset(:outputs) as o (call_id text, output text, failed boolean)
  where c.user_id = :user_id and c.turn_id = mine.id and c.call_id = o.call_id
)
"""

_WRITE_DOWN = text(f"""
with mine as (
  update turn set held_until = now() + make_interval(secs => :lease)
  where user_id = :user_id and id = :turn_id and holder = :holder and state = 'running'
  returning id
),
calls as (
  insert into tool_call (user_id, turn_id, position, call_id, name, arguments)
  select :user_id, mine.id, c.position, c.call_id, c.name, c.arguments
  from mine, json_to_recordset(:calls)
    as c (position integer, call_id text, name text, arguments text)
  -- They are there already when the connection was lost between commit and acknowledgement.
  on conflict do nothing
),
{_OUTPUTS}
select id from mine
""")

_CLOSE = text(f"""
with mine as (
  select id, conversation_id from turn
  where user_id = :user_id and id = :turn_id and holder = :holder and state = 'running'
  for update
),
{_OUTPUTS},
said as (
  insert into message (user_id, id, conversation_id, role, content, created_at)
  select :user_id, next_number('message'), mine.conversation_id, 'assistant', :answer, now()
  from mine
  returning id
),
closed as (
  update turn set state = :state, answer_id = said.id from said
  where turn.user_id = :user_id and turn.id = :turn_id
)
select id from mine
""")


class TurnStore:
    """The turns of one user, as one holder sees them."""

    def __init__(
        self, tenant: Tenant, user_id: UserId, *, holder: str, lease_seconds: float
    ) -> None:
        self._tenant = tenant
        self._always = {"user_id": user_id, "holder": holder, "lease": lease_seconds}

    async def begin(
        self, conversation_id: int | None, message: str, key: str | None, window: int
    ) -> Turn:
        """Write a message down and hold its turn; without a conversation, begin one.

        ``earlier`` holds the ``window`` messages before it, oldest first.

        Raises:
            ConversationNotFound: the user has no such conversation.
            TurnInTheWay: nothing was written; see ``by_key`` and ``running``.
        """
        values: dict[str, object] = {"message": message, "key": key}
        try:
            if conversation_id is None:
                row = await self._one(_BEGIN_NEW, title=first_title(message), **values)
            else:
                values |= {"conversation_id": conversation_id, "window": window}
                row = await self._one(_BEGIN_EXISTING, **values)
        except IntegrityError as error:
            raise TurnInTheWay from error
        if row is None:
            assert conversation_id is not None
            if await self._one(_EXISTS, conversation_id=conversation_id) is None:
                raise ConversationNotFound(conversation_id)
            raise TurnInTheWay
        return Turn(row.id, row.conversation_id, message, _said(row.earlier), ())

    async def take_over(self, turn_id: int, window: int) -> Turn | None:
        """Hold a running turn whose holder has given no sign of life; None while it still does.

        A turn that this holder has begun or taken over without hearing of it is held too.
        """
        return _turn(await self._one(_TAKE_OVER, turn_id=turn_id, window=window))

    async def reopen(self, turn_id: int, window: int) -> Turn | None:
        """Hold an ended turn and forget its answer; None unless it is its conversation's newest."""
        try:
            return _turn(await self._one(_REOPEN, turn_id=turn_id, window=window))
        except IntegrityError:
            # A newer turn began in this very moment.
            return None

    async def by_key(self, key: str) -> TurnRecord | None:
        """Return the turn that was begun with an idempotency key."""
        return _record(await self._one(_BY_KEY, key=key))

    async def running(self, conversation_id: int) -> TurnRecord | None:
        """Return the turn that a conversation is busy with."""
        return _record(await self._one(_RUNNING, conversation_id=conversation_id))

    async def write_down(
        self, turn_id: int, calls: Sequence[Call], outputs: Sequence[Call]
    ) -> None:
        """Record calls that are about to be made, and outputs of calls recorded before.

        With neither it is a sign of life.

        Raises:
            TurnLost: another request holds the turn; nothing was written.
        """
        row = await self._one(
            _WRITE_DOWN,
            turn_id=turn_id,
            calls=_json(calls, "position", "call_id", "name", "arguments"),
            outputs=_json(outputs, "call_id", "output", "failed"),
        )
        if row is None:
            raise TurnLost

    async def close(
        self, turn_id: int, answer: str, outputs: Sequence[Call], *, failed: bool
    ) -> None:
        """End a turn with its answer and the outputs that were not recorded yet.

        Raises:
            TurnLost: another request holds the turn; nothing was written.
        """
        row = await self._one(
            _CLOSE,
            turn_id=turn_id,
            answer=answer,
            state="failed" if failed else "answered",
            outputs=_json(outputs, "call_id", "output", "failed"),
        )
        if row is None:
            raise TurnLost

    async def _one(self, statement: TextClause, **values: object) -> Row[Any] | None:
        return (await self._tenant.execute(statement, self._always | values)).one_or_none()


def first_title(message: str) -> str:
    """Return what a conversation is called at first: the beginning of its first message."""
    words = " ".join(message.split())
    if len(words) <= TITLE_CHARACTERS:
        return words
    # Between words, where there are some: Chinese has none, nor has a web address.
    cut = words[:TITLE_CHARACTERS].rpartition(" ")[0] or words[: TITLE_CHARACTERS - 1]
    return f"{cut}…"


def _json(calls: Sequence[Call], *names: str) -> str:
    return json.dumps([{name: getattr(call, name) for name in names} for call in calls])


def calls_from(rows: list[list[Any]]) -> tuple[Call, ...]:
    """Return what ``CALLS`` selected."""
    return tuple(Call(*row) for row in rows)


def _said(rows: list[list[Any]]) -> tuple[Said, ...]:
    return tuple(Said(role, content, calls_from(calls)) for role, content, calls in rows)


def _turn(row: Row[Any] | None) -> Turn | None:
    if row is None:
        return None
    earlier, calls = _said(row.earlier), calls_from(row.calls)
    return Turn(row.id, row.conversation_id, row.message, earlier, calls)


def _record(row: Row[Any] | None) -> TurnRecord | None:
    if row is None:
        return None
    return TurnRecord(
        row.id,
        row.conversation_id,
        row.running,
        row.failed,
        row.message,
        row.answer,
        calls_from(row.calls),
    )
