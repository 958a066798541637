"""A proxy in front of PostgreSQL that counts the statements that pass."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit


@dataclass
class Wire:
    """Connections to a database that can be counted and cut."""

    target: str
    """URL of the database."""
    url: str = ""
    """URL of the same database through this proxy."""
    statements: list[str] = field(default_factory=list)
    """Every statement that went to the server, in order, BEGIN and COMMIT included."""
    _pumps: set[asyncio.Task[None]] = field(default_factory=set)
    _is_up: bool = True
    _lost: str | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Wire"]:
        parts = urlsplit(self.target)
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        netloc = f"{parts.username}:{parts.password}@127.0.0.1:{port}"
        # Readable by this proxy, and no round trip that asks for more.
        query = "sslmode=disable&gssencmode=disable"
        self.url = urlunsplit(parts._replace(netloc=netloc, query=query))
        async with server:
            yield self
            self.cut()

    def cut(self) -> None:
        """Break every connection and refuse new ones, as a database that went away."""
        self._is_up = False
        for pump in self._pumps:
            pump.cancel()

    def mend(self) -> None:
        """Let connections through again."""
        self._is_up = True

    def lose_answer_of(self, part: str) -> None:
        """Break the connection after the next statement with ``part``: done, but not heard of."""
        self._lost = part

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._is_up:
            writer.close()
            return
        parts = urlsplit(self.target)
        answers, requests = await asyncio.open_connection(parts.hostname, parts.port)
        deaf = asyncio.Event()
        pumps = {
            asyncio.create_task(self._requests(reader, requests, deaf)),
            asyncio.create_task(_answers(answers, writer, deaf)),
        }
        self._pumps |= pumps
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        self._pumps -= pumps
        writer.close()
        requests.close()

    async def _requests(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, deaf: asyncio.Event
    ) -> None:
        """Pass on what a client sends, message by message (PostgreSQL documentation, 54.7)."""
        prepared: dict[bytes, str] = {}
        bound = ""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            writer.write(await _message(reader, b""))
            while True:
                kind = await reader.readexactly(1)
                message = await _message(reader, kind)
                body = message[5:]
                if kind == b"Q":
                    self.statements += _split(body)
                elif kind == b"P":
                    name, query, _ = body.split(b"\0", 2)
                    prepared[name] = query.decode()
                elif kind == b"B":
                    bound = prepared[body.split(b"\0", 2)[1]]
                elif kind == b"E":
                    self.statements.append(bound)
                if self._lost is not None and self._lost.encode() in message:
                    self._lost = None
                    deaf.set()
                writer.write(message)
                await writer.drain()


async def _answers(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, deaf: asyncio.Event
) -> None:
    """Pass on what the server answers; it answers a query when that is committed."""
    with contextlib.suppress(ConnectionError):
        while (data := await reader.read(65536)) and not deaf.is_set():
            writer.write(data)
            await writer.drain()


async def _message(reader: asyncio.StreamReader, kind: bytes) -> bytes:
    length = await reader.readexactly(4)
    return kind + length + await reader.readexactly(struct.unpack("!I", length)[0] - 4)


def _split(query: bytes) -> list[str]:
    """Return the statements of a simple query in which no text has a semicolon."""
    statements = query.rstrip(b"\0").decode().split(";")
    return [statement.strip() for statement in statements if statement.strip()]
