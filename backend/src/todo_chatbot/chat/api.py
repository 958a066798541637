"""``POST /api/{user_id}/chat``: the one endpoint (specs/001, contracts/chat.openapi.json)."""

import json
from typing import Annotated, Any

from chatkit.types import ChatKitReq
from fastapi import APIRouter, Body, Depends, Header, Request, Response
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
)

from todo_chatbot.chat.chatkit.door import MESSAGE_CHARACTERS, ChatKitDoor
from todo_chatbot.chat.turn import Answered, Turns
from todo_chatbot.conversations.store import Call
from todo_chatbot.web.caller import PathCaller
from todo_chatbot.web.problems import PROBLEMS
from todo_chatbot.web.text import storable

KEY_CHARACTERS = 200

router = APIRouter()


class ChatRequest(BaseModel):
    """What a user says."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

    conversation_id: int | None = Field(None, ge=1, le=2**63 - 1)
    """An existing conversation of this user; left out, a new one is made."""
    message: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=MESSAGE_CHARACTERS),
        AfterValidator(storable),
    ]
    """In natural language."""


class ToolCallMade(BaseModel):
    """A tool that was invoked. A failed one has ``error`` in place of ``result``."""

    name: str
    arguments: dict[str, Any]
    result: Any = None
    error: str | None = None


class ChatResponse(BaseModel):
    """What the assistant answers."""

    conversation_id: int
    response: str
    tool_calls: list[ToolCallMade]


def _door(body: object) -> str:
    """A body with ``type`` speaks ChatKit's protocol."""
    return "chatkit" if isinstance(body, dict) and "type" in body else "json"


_CHATKIT = {
    "title": "ChatKit",
    "description": "A request of ChatKit's protocol, told by its `type`; see specs/003.",
    "type": "object",
    "properties": {"type": {"type": "string"}},
    "required": ["type"],
}

Said = Annotated[
    Annotated[ChatRequest, Tag("json")]
    | Annotated[ChatKitReq, Tag("chatkit"), WithJsonSchema(_CHATKIT)],
    Discriminator(_door),
    Body(),
]


# As in ``path_caller``: no thread for these two.
async def turns(request: Request) -> Turns:
    """Return what carries out turns in this process."""
    found: Turns = request.app.state.turns
    return found


async def chatkit_door(request: Request) -> ChatKitDoor:
    """Return what answers ChatKit in this process."""
    found: ChatKitDoor = request.app.state.chatkit
    return found


IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=KEY_CHARACTERS,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key gives the same answer, not a second turn.",
    ),
]


@router.post(
    "/api/{user_id}/chat",
    response_model=ChatResponse,
    response_model_exclude_unset=True,
    responses=PROBLEMS,
    summary="Say something to the assistant",
)
async def chat(
    caller: PathCaller,
    said: Said,
    turns: Annotated[Turns, Depends(turns)],
    chatkit: Annotated[ChatKitDoor, Depends(chatkit_door)],
    idempotency_key: IdempotencyKey = None,
) -> ChatResponse | Response:
    """Answer one message, in a new conversation when none is named.

    A body with ``type`` is ChatKit's protocol: it is answered with server-sent events or with a
    document of that protocol, and shows the same conversations.
    """
    if not isinstance(said, ChatRequest):
        return await chatkit.answer(caller.user_id, said, idempotency_key)
    answered = await turns.answer(
        caller.user_id, said.message, said.conversation_id, idempotency_key
    )
    return _response(answered)


def _response(answered: Answered) -> ChatResponse:
    return ChatResponse(
        conversation_id=answered.conversation_id,
        response=answered.text,
        tool_calls=[_made(call) for call in answered.calls],
    )


def _made(call: Call) -> ToolCallMade:
    arguments = _arguments(call.arguments)
    if call.failed or call.output is None:
        return ToolCallMade(name=call.name, arguments=arguments, error=call.output or "No answer.")
    result = json.loads(call.output)
    # MCP wraps what is not an object; the contract says that list_tasks returns an array.
    return ToolCallMade(name=call.name, arguments=arguments, result=result.get("result", result))


def _arguments(text: str) -> dict[str, Any]:
    try:
        arguments = json.loads(text or "{}")
    except ValueError:
        return {}
    return arguments if isinstance(arguments, dict) else {}
