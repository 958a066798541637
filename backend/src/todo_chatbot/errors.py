"""The failures that the application raises on purpose."""


class TodoError(Exception):
    """A failure the caller can understand and act on.

    ``status`` and ``title`` become a problem (RFC 9457) over HTTP, the message becomes the text of
    a tool error over MCP; see ``web/problems.py`` and ``tools/server.py``. Every other exception is
    a bug: 500, logged once, nothing of it shown.
    """

    status = 400
    title = "Bad request"
    retry_after_seconds: int | None = None
    """When it makes sense to try again, or None when trying again changes nothing."""


class NotSignedIn(TodoError):
    """The request carries no access token that this service accepts."""

    status = 401
    title = "Not signed in"


class NotYours(TodoError):
    """The path names a user who is not the one the token was issued to."""

    status = 403
    title = "Not your account"


class TaskNotFound(TodoError):
    """The task does not exist or belongs to somebody else: callers cannot tell which."""

    status = 404
    title = "Task not found"

    def __init__(self, task_id: int) -> None:
        super().__init__(f"You have no task {task_id}. Use list_tasks to see the numbers.")


class ConversationNotFound(TodoError):
    """The conversation does not exist or belongs to somebody else: callers cannot tell which."""

    status = 404
    title = "Conversation not found"

    def __init__(self, conversation_id: int) -> None:
        super().__init__(
            f"You have no conversation {conversation_id}. Leave conversation_id out to start one."
        )


class ConversationBusy(TodoError):
    """Another turn of the same conversation is still being answered."""

    status = 409
    title = "Conversation busy"
    retry_after_seconds = 2

    def __init__(self) -> None:
        super().__init__("Your last message is still being answered. Wait for it, then try again.")


class NotTheNewest(TodoError):
    """A message is to be answered anew, but it is not the last one of a conversation."""

    status = 409
    title = "Not the last message"

    def __init__(self) -> None:
        super().__init__("Only the last message can be answered anew.")


class KeyReused(TodoError):
    """An ``Idempotency-Key`` came a second time with a different message."""

    status = 422
    title = "Idempotency-Key used before"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key belongs to another message. Use a new key.")


class Refused(TodoError):
    """The request is well-formed but asks for what is not done; the message says what."""

    status = 422
    title = "Refused"


class ItemNotFound(TodoError):
    """The thread has no such item."""

    status = 404
    title = "Item not found"

    def __init__(self) -> None:
        super().__init__("This item is not part of your conversation. Load it again.")


class ToolsAway(TodoError):
    """The tools did not answer, so nothing is known of the tasks."""

    status = 503
    title = "Temporarily unavailable"
    retry_after_seconds = 5

    def __init__(self) -> None:
        super().__init__("Your tasks cannot be reached right now. Try again in a few seconds.")


class DatabaseAway(TodoError):
    """The database did not answer in time, not even after several tries."""

    status = 503
    title = "Temporarily unavailable"
    retry_after_seconds = 5

    def __init__(self) -> None:
        super().__init__("Your tasks cannot be reached right now. Try again in a few seconds.")
