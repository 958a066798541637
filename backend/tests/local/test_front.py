"""The page's process: what it serves, what it passes on, and how."""

import asyncio
import dataclasses
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HEADERS = {
    "local": {"Content-Security-Policy": "default-src 'none'"},
    "hosted": {"Content-Security-Policy": "default-src 'none'; frame-src https://chat.test"},
}


@dataclasses.dataclass
class Behind:
    """A raw server: what it was sent, and what it does."""

    handler: Handler
    url: str = ""
    requests: list[bytes] = dataclasses.field(default_factory=list)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Behind"]:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                await self.handler(reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                pass  # the other side went away
            finally:
                writer.close()

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            yield self


async def answer_ok(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nconnection: close, x-private\r\nx-private: 1\r\n")
    writer.write(b"content-length: 2\r\nx-request-id: r1\r\n\r\nok")
    await writer.drain()


@pytest.fixture
def page(tmp_path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Todo</title>")
    (folder / "assets" / "index-abc123.js").write_text("export {}")
    (folder / "security-headers.json").write_text(json.dumps(HEADERS))
    (tmp_path / "outside.txt").write_text("not published")
    return folder


@pytest.fixture
def start_front(page):
    """Starts the page's process before the given processes; yields a client of it."""

    @asynccontextmanager
    async def start(
        behind: str = "http://127.0.0.1:1", ui: str = "local", **more: str
    ) -> AsyncIterator[httpx2.AsyncClient]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            told = {
                "listener": listener.fileno(),
                "folder": str(page),
                **{name: more.get(name, behind) for name in ("api", "auth", "tools")},
                "ui": ui,
                "domain_key": "some-key",
                "assistant": {"provider": "offline", "model": "built-in assistant"},
            }
            process = subprocess.Popen(
                [sys.executable, "-m", "todo_chatbot.local.front", json.dumps(told)],
                pass_fds=[listener.fileno()],
                stdout=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            )
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            # The socket listens already: the first request waits until it is served.
            async with httpx2.AsyncClient(base_url=address, timeout=30) as client:
                assert (await client.get("/healthz")).status_code == 200
                yield client
        finally:
            process.terminate()
            process.wait(30)

    return start


async def raw(client: httpx2.AsyncClient, target: str) -> int:
    """Ask for a path exactly as it is written and return the status."""
    url = client.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status


@pytest.mark.requirement("001/FR-225")
async def test_hashed_files_are_kept_and_the_page_is_asked_for_again(start_front):
    async with start_front() as client:
        index, asset = await client.get("/"), await client.get("/assets/index-abc123.js")
        again = await client.get("/", headers={"if-none-match": index.headers["etag"]})

    assert "<title>Todo</title>" in index.text
    assert index.headers["cache-control"] == "no-cache"
    assert again.status_code == 304
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.requirement("001/FR-225")
@pytest.mark.parametrize(
    ("ui", "kind"), [("local", "local"), ("auto", "hosted"), ("hosted", "hosted")]
)
async def test_every_answer_has_the_security_headers_of_its_page(start_front, ui, kind):
    async with start_front(ui=ui) as client:
        answers = [await client.get(path) for path in ("/", "/config.json", "/nothing", "/api/x")]

    policies = {answer.headers["content-security-policy"] for answer in answers}
    assert policies == {HEADERS[kind]["Content-Security-Policy"]}


@pytest.mark.requirement("001/FR-221")
async def test_the_page_is_told_what_it_needs_to_know(start_front):
    async with start_front(ui="auto") as client:
        config = await client.get("/config.json")

    assert config.headers["cache-control"] == "no-store"
    assert config.json() == {
        "ui": "auto",
        "domainKey": "some-key",
        "assistant": {"provider": "offline", "model": "built-in assistant"},
    }


@pytest.mark.requirement("001/FR-221")
async def test_each_path_goes_to_its_process_and_no_other_path_to_any(start_front):
    async with (
        Behind(answer_ok).listening() as api,
        Behind(answer_ok).listening() as auth,
        Behind(answer_ok).listening() as tools,
        start_front(api=api.url, auth=auth.url, tools=tools.url) as client,
    ):
        for path in ("/api/ada/chat?x=%2F1", "/api/auth/token", "/mcp"):
            assert (await client.get(path)).text == "ok"
        hidden = [
            await raw(client, path)
            for path in (
                "/metrics",
                "/readyz",
                "/mcp/../metrics",
                "/../outside.txt",
                "/assets/../../outside.txt",
                "/%2e%2e/outside.txt",
                "//metrics",
            )
        ]
        # Under /api/ a path arrives as it was written: nobody on the way resolves its dots.
        await raw(client, "/api/../metrics")
        await raw(client, "/api/%2e%2e/metrics")

    asked = [request.split(b" HTTP")[0] for request in api.requests]
    assert asked == [
        b"GET /api/ada/chat?x=%2F1",
        b"GET /api/../metrics",
        b"GET /api/%2e%2e/metrics",
    ]
    assert [request.split(b" HTTP")[0] for request in auth.requests] == [b"GET /api/auth/token"]
    assert [request.split(b" HTTP")[0] for request in tools.requests] == [b"GET /mcp"]
    assert set(hidden) == {404}


@pytest.mark.requirement("001/FR-223")
async def test_headers_arrive_as_they_should(start_front):
    async with Behind(answer_ok).listening() as api, start_front(api.url) as client:
        answer = await client.get(
            "/api/ada/chat",
            headers={
                "host": "todo.example",
                "x-forwarded-for": "203.0.113.7",
                "connection": "keep-alive, x-hop",
                "x-hop": "1",
                "te": "trailers",
            },
        )

    sent = dict(line.split(b": ", 1) for line in api.requests[0].split(b"\r\n")[1:] if line)
    assert sent[b"host"] == b"todo.example"
    assert sent[b"x-forwarded-for"] == b"203.0.113.7, 127.0.0.1"
    assert not {b"x-hop", b"te"} & set(sent)
    assert answer.headers["x-request-id"] == "r1"
    assert "x-private" not in answer.headers


@pytest.mark.requirement("001/FR-222")
async def test_an_answer_streams_through_piece_by_piece(start_front):
    go_on = asyncio.Event()

    async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n")
        writer.write(b"transfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        await writer.drain()
        await go_on.wait()
        writer.write(b"6\r\nsecond\r\n0\r\n\r\n")
        await writer.drain()

    async with (
        asyncio.timeout(30),
        Behind(stream).listening() as api,
        start_front(api.url) as client,
        client.stream("POST", "/api/ada/chat", json={}) as answer,
    ):
        pieces = answer.aiter_bytes()
        first = await anext(pieces)
        go_on.set()
        rest = b"".join([piece async for piece in pieces])

    assert (first, rest) == (b"first", b"second")


@pytest.mark.requirement("001/FR-222")
async def test_a_request_streams_through_piece_by_piece(start_front):
    arrived, body = asyncio.Event(), bytearray()

    async def read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not body.endswith(b"0\r\n\r\n"):
            body.extend(await reader.read(1000))
            arrived.set()
        await answer_ok(reader, writer)

    async def pieces() -> AsyncIterator[bytes]:
        yield b"first"
        await arrived.wait()
        yield b"second"

    async with (
        asyncio.timeout(30),
        Behind(read).listening() as api,
        start_front(api.url) as client,
    ):
        answer = await client.post("/api/ada/chat", content=pieces())

    assert answer.text == "ok"
    assert b"first" in body
    assert b"second" in body


@pytest.mark.requirement("001/FR-222")
@pytest.mark.parametrize("begun", [False, True], ids=["before the answer", "in the answer"])
async def test_a_client_that_goes_away_ends_its_request_behind(start_front, begun):
    asked, ended = asyncio.Event(), asyncio.Event()

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if begun:
            writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n")
        else:
            asked.set()
        while await reader.read(1000):
            pass
        ended.set()

    async with (
        asyncio.timeout(30),
        Behind(wait).listening() as api,
        start_front(api.url) as client,
    ):

        async def ask() -> None:
            async with client.stream("POST", "/api/ada/chat", json={"message": "hi"}) as answer:
                async for _ in answer.aiter_bytes():
                    asked.set()

        request = asyncio.create_task(ask())
        await asked.wait()
        request.cancel()
        await ended.wait()


@pytest.mark.requirement("001/FR-224")
async def test_a_process_that_is_away_is_a_problem_to_try_again(start_front):
    async with start_front() as client:
        answer = await client.post("/api/ada/chat", json={})

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("The assistant cannot be reached right now.")


@pytest.mark.requirement("001/FR-224")
async def test_an_answer_that_never_comes_is_a_bad_gateway(start_front):
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Close without a word."""

    async with Behind(break_off).listening() as api, start_front(api.url) as client:
        answer = await client.post("/api/ada/chat", json={})

    assert answer.status_code == 502
    assert answer.headers["retry-after"] == "2"


@pytest.mark.requirement("001/FR-224")
async def test_half_an_answer_is_not_shown_as_a_whole_one(start_front):
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n")
        await writer.drain()

    async with Behind(break_off).listening() as api, start_front(api.url) as client:
        with pytest.raises(httpx2.RemoteProtocolError):
            await client.get("/api/ada/chat")
