"""A stored conversation as the model reads it: the items of the Responses API."""

from collections.abc import Sequence
from typing import Any

from todo_chatbot.conversations.store import Call, Said, Turn

NEVER_KNOWN = "The turn was stopped before the result of this call was known."

_ROLES = {"user": "user", "assistant": "assistant", "note": "system"}


def model_input(turn: Turn, characters: int) -> list[Any]:
    """Return what the model is shown: the newest past that fits, then this turn so far.

    A call of this turn without an output is shown without one: it is about to be made.
    """
    items: list[Any] = []
    for said in _newest(turn.earlier, characters):
        items += [_message(said), *map(_call, said.calls)]
        items += [_output(call, call.output or NEVER_KNOWN) for call in said.calls]
    items += [_message(Said("user", turn.message)), *map(_call, turn.calls)]
    return items + [_output(call, call.output) for call in turn.calls if call.output is not None]


def _newest(earlier: Sequence[Said], characters: int) -> list[Said]:
    """Return the newest messages that fit, beginning with a user's: never half a turn."""
    kept: list[Said] = []
    whole = 0
    for said in reversed(earlier):
        characters -= len(said.content) + sum(len(call.output or "") for call in said.calls)
        if characters < 0:
            break
        kept.append(said)
        if said.role == "user":
            whole = len(kept)
    return kept[:whole][::-1]


def _message(said: Said) -> dict[str, str]:
    return {"role": _ROLES[said.role], "content": said.content}


def _call(call: Call) -> dict[str, str]:
    return {
        "type": "function_call",
        "call_id": call.call_id,
        "name": call.name,
        "arguments": call.arguments,
    }


def _output(call: Call, text: str) -> dict[str, str]:
    return {"type": "function_call_output", "call_id": call.call_id, "output": text}
