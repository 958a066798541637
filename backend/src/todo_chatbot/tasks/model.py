"""What a task is, and the receipt of a change to one."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Text
from sqlmodel import Field, SQLModel

TITLE_CHARACTERS = 200
DESCRIPTION_CHARACTERS = 1000


class Task(SQLModel, table=True):
    """One thing that one user wants to do. ``id`` counts 1, 2, 3 … per user and is never reused."""

    __table_args__ = (
        CheckConstraint(
            f"char_length(title) between 1 and {TITLE_CHARACTERS}", name="title_length"
        ),
        CheckConstraint(
            f"char_length(description) <= {DESCRIPTION_CHARACTERS}", name="description_length"
        ),
    )

    user_id: str = Field(sa_column=Column(Text, primary_key=True))
    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    description: str | None = Field(default=None, sa_column=Column(Text))
    completed: bool = False
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    updated_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class Receipt(SQLModel, table=True):
    """What one tool call changed, kept so that the same call never takes effect twice."""

    user_id: str = Field(sa_column=Column(Text, primary_key=True))
    call_id: str = Field(sa_column=Column(Text, primary_key=True))
    task_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    status: str = Field(sa_column=Column(Text, nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
