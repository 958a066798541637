"""Lets ChatKit's requests in: only known kinds, only what is ours, before any stream begins."""

from collections.abc import AsyncIterator

from chatkit.server import StreamingResult
from chatkit.types import (
    ChatKitReq,
    ItemsListReq,
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
    UserMessageTextContent,
)
from starlette.responses import Response, StreamingResponse

from todo_chatbot.chat.chatkit import ids
from todo_chatbot.chat.chatkit.server import TodoChatKit
from todo_chatbot.chat.chatkit.store import Visit
from todo_chatbot.chat.turn import OpenTurn, Turns
from todo_chatbot.errors import Refused
from todo_chatbot.identity import UserId
from todo_chatbot.web.text import storable

SERVED = (
    ThreadsCreateReq,
    ThreadsAddUserMessageReq,
    ThreadsRetryAfterItemReq,
    ThreadsCustomActionReq,
    ThreadsSyncCustomActionReq,
    ThreadsGetByIdReq,
    ThreadsListReq,
    ThreadsUpdateReq,
    ThreadsDeleteReq,
    ItemsListReq,
)

MESSAGE_CHARACTERS = 8_000

# No proxy may hold a stream back to compress or collect it.
STREAM_HEADERS = {"cache-control": "no-cache, no-transform", "x-accel-buffering": "no"}


class ChatKitDoor:
    """Answers one ChatKit request at a time for whoever is signed in."""

    def __init__(self, server: TodoChatKit, turns: Turns) -> None:
        self._server = server
        self._turns = turns

    async def answer(
        self, user_id: UserId, request: ChatKitReq, body: bytes, key: str | None
    ) -> Response:
        """Return a stream of events, or one JSON document.

        Raises:
            Refused: the kind or the content is not served.
            ConversationNotFound, ItemNotFound: what is named is not this user's.
        """
        if not isinstance(request, SERVED):
            raise Refused(f"{request.type} is not served here.")
        visit = Visit(user_id)
        await self._enter(visit, request, key)
        result = await self._server.process(body, visit)
        if isinstance(result, StreamingResult):
            stream = self._stream(result, visit)
            return StreamingResponse(stream, media_type="text/event-stream", headers=STREAM_HEADERS)
        return Response(result.json, media_type="application/json")

    async def _enter(self, visit: Visit, request: ChatKitReq, key: str | None) -> None:
        """See that everything named exists, and begin the turn if there is one."""
        store = self._server.store
        if isinstance(request, ThreadsCreateReq):
            await self._begin(visit, _message(request.params.input), None, key)
            return
        if isinstance(request, ThreadsAddUserMessageReq):
            conversation_id = ids.conversation_of(request.params.thread_id)
            await self._begin(visit, _message(request.params.input), conversation_id, key)
            return
        if isinstance(request, ThreadsListReq):
            return
        thread = request.params.thread_id  # type: ignore[union-attr]
        await store.load_thread(thread, visit)
        item = getattr(request.params, "item_id", None)
        if item is not None:
            await store.load_item(thread, item, visit)
        if isinstance(request, ThreadsRetryAfterItemReq):
            turn_id = ids.turn_of(request.params.item_id)
            visit.turn = await self._turns.reopen(visit.user_id, turn_id)

    async def _begin(
        self, visit: Visit, message: str, conversation_id: int | None, key: str | None
    ) -> None:
        opened = await self._turns.begin(visit.user_id, message, conversation_id, key)
        if not isinstance(opened, OpenTurn):
            raise Refused("This message was answered before. Load the conversation to see it.")
        visit.turn = opened

    async def _stream(self, result: StreamingResult, visit: Visit) -> AsyncIterator[bytes]:
        try:
            async for chunk in result:
                yield chunk
        finally:
            self._server.leave(visit)


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
    if not 0 < len(text) <= MESSAGE_CHARACTERS:
        raise Refused(f"A message has 1 to {MESSAGE_CHARACTERS} characters.")
    try:
        return storable(text)
    except ValueError as error:
        raise Refused(f"A message {error}.") from error
