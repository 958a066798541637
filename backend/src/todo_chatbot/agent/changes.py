"""What a turn has changed so far, for an answer that the model did not give.

Silence about it would make people say the same again.
"""

import json
from collections.abc import Mapping, Sequence

from agents import TResponseInputItem

from todo_chatbot.agent.listener import Output


def this_turn(items: Sequence[TResponseInputItem]) -> Sequence[TResponseInputItem]:
    """Return the last message of the user and what came after it."""
    users = [place for place, item in enumerate(items) if item.get("role") == "user"]
    return items[users[-1] :] if users else items


class Changes:
    """The changes of a turn: those before it was cut off, and those of now."""

    def __init__(self, items: Sequence[TResponseInputItem], outputs: Mapping[str, Output]) -> None:
        """``items`` are what the turn began with, ``outputs`` what its calls give back."""
        self._before = [str(item.get("output")) for item in this_turn(items)]
        self._outputs = outputs

    def told_after(self, sentence: str) -> str:
        """Return ``sentence`` and which changes stand all the same."""
        texts = self._before + [output.text for output in self._outputs.values()]
        done = [change for text in texts if (change := _change(text))]
        return f"{sentence} Already done: {', '.join(done)}." if done else sentence


def _change(output: str) -> str | None:
    try:
        change = json.loads(output)
    except ValueError:
        return None
    if not isinstance(change, dict) or "status" not in change:
        return None
    return f"{change['status']} “{change['title']}”"
