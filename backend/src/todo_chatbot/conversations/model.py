"""What is stored of a conversation."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Index, Text, text
from sqlmodel import Field, SQLModel


def _time() -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=False)


class Conversation(SQLModel, table=True):
    """A talk between one user and the assistant. ``id`` counts 1, 2, 3 … per user."""

    __table_args__ = (
        Index("conversation_newest", "user_id", text("updated_at desc"), text("id desc")),
    )

    user_id: str = Field(sa_column=Column(Text, primary_key=True))
    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    title: str | None = Field(default=None, sa_column=Column(Text))
    created_at: datetime = Field(sa_column=_time())
    updated_at: datetime = Field(sa_column=_time())


class Message(SQLModel, table=True):
    """One thing said: by the ``user``, by the ``assistant``, or a ``note`` to the model alone."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "conversation_id"],
            ["conversation.user_id", "conversation.id"],
            ondelete="CASCADE",
        ),
        Index("message_of_conversation", "user_id", "conversation_id", "id"),
    )

    user_id: str = Field(sa_column=Column(Text, primary_key=True))
    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    conversation_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    role: str = Field(sa_column=Column(Text, nullable=False))
    content: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=_time())


class Turn(SQLModel, table=True):
    """A user's message on its way to an answer; ``id`` is the message's.

    While it is ``running``, ``holder`` names the request that works on it and ``held_until`` how
    long that request counts as alive without a sign of life. A conversation has one running turn.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "id"], ["message.user_id", "message.id"], ondelete="CASCADE"
        ),
        Index(
            "turn_one_running",
            "user_id",
            "conversation_id",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
        Index("turn_key", "user_id", "idempotency_key", unique=True),
    )

    user_id: str = Field(sa_column=Column(Text, primary_key=True))
    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    conversation_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    idempotency_key: str | None = Field(default=None, sa_column=Column(Text))
    state: str = Field(sa_column=Column(Text, nullable=False))
    holder: str = Field(sa_column=Column(Text, nullable=False))
    held_until: datetime = Field(sa_column=_time())
    answer_id: int | None = Field(default=None, sa_column=Column(BigInteger))


class ToolCall(SQLModel, table=True):
    """The journal: a call is written down before it is made, its output with the next write."""

    __tablename__ = "tool_call"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "turn_id"], ["turn.user_id", "turn.id"], ondelete="CASCADE"
        ),
        Index("tool_call_id", "user_id", "call_id", unique=True),
    )

    user_id: str = Field(sa_column=Column(Text, primary_key=True))
    turn_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    position: int = Field(primary_key=True)
    call_id: str = Field(sa_column=Column(Text, nullable=False))
    name: str = Field(sa_column=Column(Text, nullable=False))
    arguments: str = Field(sa_column=Column(Text, nullable=False))
    output: str | None = Field(default=None, sa_column=Column(Text))
    failed: bool | None = None
