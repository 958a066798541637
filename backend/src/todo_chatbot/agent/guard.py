"""Stops a model from deleting many tasks that nobody agreed to lose, whatever it understood."""

from collections.abc import Iterable, Sequence

from agents import TResponseInputItem

from todo_chatbot.agent.agreement import agrees, asks
from todo_chatbot.agent.changes import this_turn

GUARDED = "delete_task"

AT_ONCE = 3
"""Tasks that one turn may delete without a question (specs/001, FR-057)."""

ASK_FIRST = (
    "More than three tasks are deleted only after a yes. Nothing was deleted by this call."
    " Ask which tasks to delete, by number and title, and wait for the answer."
)


class DeleteGuard:
    """Counts the deletes of one turn; more than three need the person's yes to a question."""

    def __init__(self, items: Sequence[TResponseInputItem]) -> None:
        """``items`` are the conversation; its last user message is the one to be answered."""
        turn = this_turn(items)
        self._earlier, self._turn = items[: len(items) - len(turn)], turn
        answered = {
            item.get("call_id") for item in turn if item.get("type") == "function_call_output"
        }
        self._deletes = sum(
            item.get("name") == GUARDED and item.get("call_id") in answered for item in turn
        )
        self._stopped: set[str] = set()

    def expect(self, calls: Iterable[tuple[str, str]]) -> None:
        """Learn which calls, as id and tool, are about to be made together.

        When they are too many, none of them is made: a list is not deleted by half.
        """
        deletes = {call_id for call_id, tool in calls if tool == GUARDED}
        self._deletes += len(deletes)
        if self._deletes > AT_ONCE and not _said_yes(self._earlier, self._turn):
            self._stopped |= deletes

    def stops(self, call_id: str) -> bool:
        """Return whether a call must not be made."""
        return call_id in self._stopped


def _said_yes(earlier: Sequence[TResponseInputItem], turn: Sequence[TResponseInputItem]) -> bool:
    """Return whether the turn began with a yes to the assistant's last message."""
    said = [item for item in earlier if item.get("role") in ("user", "assistant")]
    if not said or not turn or said[-1].get("role") != "assistant":
        return False
    return asks(_text(said[-1])) and agrees(_text(turn[0]))


def _text(item: TResponseInputItem) -> str:
    content = item.get("content")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return " ".join(str(part.get("text", "")) for part in parts)
