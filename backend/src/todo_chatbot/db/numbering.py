"""The last number given to each user, per kind of thing: what makes numbers unique and final."""

from sqlalchemy import BigInteger, Column, Text
from sqlmodel import Field, SQLModel


class Numbering(SQLModel, table=True):
    """Read and advanced by the SQL function ``next_number(kind)`` alone."""

    user_id: str = Field(sa_column=Column(Text, primary_key=True))
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    last: int = Field(sa_column=Column(BigInteger, nullable=False))
