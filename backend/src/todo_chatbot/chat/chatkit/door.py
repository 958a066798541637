"""Lets ChatKit's requests in: only known kinds, only what is ours, before any stream begins."""

import contextlib
from collections.abc import AsyncIterator

from chatkit.server import StreamingResult
from chatkit.types import (
    ChatKitReq,
    ItemsListParams,
    ItemsListReq,
    ThreadItem,
    ThreadListParams,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadsCustomActionReq,
    ThreadsDeleteReq,
    ThreadsGetByIdReq,
    ThreadsListReq,
    ThreadsRetryAfterItemReq,
    ThreadsSyncCustomActionReq,
    ThreadsUpdateReq,
    UserMessageInput,
    UserMessageItem,
    UserMessageTextContent,
    WidgetItem,
)
from starlette.responses import Response, StreamingResponse

from todo_chatbot.chat.chatkit import ids
from todo_chatbot.chat.chatkit.server import TodoChatKit
from todo_chatbot.chat.chatkit.store import Visit
from todo_chatbot.chat.turn import Answered, Turns
from todo_chatbot.errors import ConversationBusy, NotTheNewest, Refused
from todo_chatbot.identity import UserId
from todo_chatbot.web.text import storable

MESSAGE_CHARACTERS = 8_000
MAX_PAGE = 100

# No proxy may hold a stream back to compress or collect it.
STREAM_HEADERS = {"cache-control": "no-cache, no-transform", "x-accel-buffering": "no"}


class ChatKitDoor:
    """Answers one ChatKit request at a time for whoever is signed in."""

    def __init__(self, server: TodoChatKit, turns: Turns) -> None:
        self._server = server
        self._turns = turns

    async def answer(self, user_id: UserId, request: ChatKitReq, key: str | None) -> Response:
        """Return a stream of events, or one JSON document.

        Raises:
            Refused: the kind or the content is not served.
            ConversationNotFound, ItemNotFound: what is named is not this user's.
        """
        visit = Visit(user_id)
        await self._enter(visit, request, key)
        result = await self._server.serve(request, visit)
        if isinstance(result, StreamingResult):
            stream = self._stream(result, visit)
            return StreamingResponse(stream, media_type="text/event-stream", headers=STREAM_HEADERS)
        return Response(result.json, media_type="application/json")

    async def _enter(self, visit: Visit, request: ChatKitReq, key: str | None) -> None:
        """See that the request is one of ours and everything named is there; begin its turn."""
        match request:
            case ThreadsCreateReq(params=params):
                await self._begin(visit, None, params.input, key)
            case ThreadsAddUserMessageReq(params=params):
                conversation_id = ids.conversation_of(params.thread_id)
                await self._begin(visit, conversation_id, params.input, key)
            case ThreadsRetryAfterItemReq(params=params):
                await self._retry(visit, params.thread_id, params.item_id)
            case ThreadsCustomActionReq(params=params) | ThreadsSyncCustomActionReq(params=params):
                await self._use(visit, params.thread_id, params.item_id)
            case ItemsListReq(params=params):
                _clamp(params)
                await self._server.store.load_thread(params.thread_id, visit)
            case ThreadsListReq(params=params):
                _clamp(params)
            case ThreadsGetByIdReq() | ThreadsUpdateReq() | ThreadsDeleteReq():
                await self._server.store.load_thread(request.params.thread_id, visit)
            case _:
                raise Refused(f"{request.type} is not served here.")

    async def _begin(
        self, visit: Visit, conversation_id: int | None, said: UserMessageInput, key: str | None
    ) -> None:
        visit.message = _message(said)
        turn = await self._turns.begin(visit.user_id, visit.message, conversation_id, key)
        if isinstance(turn, Answered) and turn.failed:
            # Whoever repeats a message wants the answer that was not given.
            with contextlib.suppress(ConversationBusy, NotTheNewest):
                turn = await self._turns.reopen(visit.user_id, turn.conversation_id, turn.turn_id)
        self._server.start(visit, turn)

    async def _retry(self, visit: Visit, thread_id: str, item_id: str) -> None:
        item = await self._item(visit, thread_id, item_id)
        if not isinstance(item, UserMessageItem):
            raise Refused("Only what a user said can be answered anew.")
        conversation_id, turn_id = ids.conversation_of(thread_id), ids.turn_of(item_id)
        self._server.start(visit, await self._turns.reopen(visit.user_id, conversation_id, turn_id))

    async def _use(self, visit: Visit, thread_id: str, item_id: str | None) -> None:
        if item_id is None:
            await self._server.store.load_thread(thread_id, visit)
            raise Refused("item_id must name the list that was used.")
        if not isinstance(await self._item(visit, thread_id, item_id), WidgetItem):
            raise Refused("Only a task list can be used.")

    async def _item(self, visit: Visit, thread_id: str, item_id: str) -> ThreadItem:
        await self._server.store.load_thread(thread_id, visit)
        return await self._server.store.load_item(thread_id, item_id, visit)

    async def _stream(self, result: StreamingResult, visit: Visit) -> AsyncIterator[bytes]:
        try:
            async for chunk in result:
                yield chunk
        finally:
            self._server.leave(visit)


def _clamp(page: ThreadListParams | ItemsListParams) -> None:
    if page.limit is not None:
        page.limit = min(max(page.limit, 1), MAX_PAGE)


def _message(said: UserMessageInput) -> str:
    """Return the text of a message.

    Raises:
        Refused: it is not plain text of a sensible length, or wants more than an answer.
    """
    if said.attachments:
        raise Refused("Attachments are not supported. Send text.")
    if said.inference_options.model or said.inference_options.tool_choice:
        raise Refused("The model and its tools are chosen by whoever runs this service.")
    texts = [part.text for part in said.content if isinstance(part, UserMessageTextContent)]
    if len(texts) < len(said.content):
        raise Refused("Tags are not supported. Send text.")
    text = "\n".join(texts).strip()
    if text:
        text = _quoted(said.quoted_text) + text
    if not 0 < len(text) <= MESSAGE_CHARACTERS:
        raise Refused(f"A message has 1 to {MESSAGE_CHARACTERS} characters, its quote included.")
    try:
        return storable(text)
    except ValueError as error:
        raise Refused(f"A message {error}.") from error


def _quoted(text: str | None) -> str:
    """Return what a message answers to as lines that say so, or nothing."""
    lines = (text or "").strip().splitlines()
    return "".join(f"> {line}\n" for line in lines) + "\n" if lines else ""
