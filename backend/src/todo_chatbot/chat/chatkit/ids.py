"""ChatKit's names for our numbers. Nothing is stored for them: every item belongs to a turn."""

import re

from todo_chatbot.errors import ConversationNotFound, ItemNotFound

_THREAD = re.compile(r"thr_([1-9]\d{0,17})", re.ASCII)
_ITEM = re.compile(r"(msg|work|list|answer)_([1-9]\d{0,17})", re.ASCII)

_ORDER = ("msg", "work", "list", "answer")


def thread_id(conversation_id: int) -> str:
    """Return the thread that a conversation is."""
    return f"thr_{conversation_id}"


def conversation_of(thread: str) -> int:
    """Return the conversation that a thread is.

    Raises:
        ConversationNotFound: nothing of ours is called that.
    """
    found = _THREAD.fullmatch(thread)
    if found is None:
        raise ConversationNotFound(0)
    return int(found[1])


def message_id(turn_id: int) -> str:
    """Return the item that the user's message of a turn is."""
    return f"msg_{turn_id}"


def work_id(turn_id: int) -> str:
    """Return the item that shows the tool calls of a turn."""
    return f"work_{turn_id}"


def list_id(turn_id: int) -> str:
    """Return the item that shows the task list of a turn."""
    return f"list_{turn_id}"


def answer_id(turn_id: int) -> str:
    """Return the item that the assistant's answer to a turn is."""
    return f"answer_{turn_id}"


def turn_of(item: str) -> int:
    """Return the turn that an item belongs to.

    Raises:
        ItemNotFound: nothing of ours is called that.
    """
    return place_of(item)[0]


def place_of(item: str) -> tuple[int, int]:
    """Return where in its conversation an item stands, or stood: its turn, and where in that.

    Raises:
        ItemNotFound: nothing of ours is called that.
    """
    found = _ITEM.fullmatch(item)
    if found is None:
        raise ItemNotFound
    return int(found[2]), _ORDER.index(found[1])
