"""The images, run as hardened as in the cluster, with Docker."""

import json
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from ops import images
from ops.shell import ROOT, run

MEGABYTE = 1_000_000
LARGEST = {"backend": 280, "auth": 240, "web": 90}
HARDENED = (
    "--read-only", "--tmpfs=/tmp:rw,noexec,nosuid,size=64m", "--cap-drop=ALL",
    "--security-opt=no-new-privileges", "--user=65532:65532", "--pids-limit=100",
    "--memory=384m", "--add-host=host.docker.internal:host-gateway",
)  # fmt: skip
SERVER = {
    "BETTER_AUTH_SECRET": "0123456789abcdef0123456789abcdef",
    "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/none",
}
SERVERS = {
    "api": ("backend", ("api",), 8001),
    "tools": ("backend", ("tools",), 8002),
    "auth": ("auth", (), 8003),
    "web": ("web", (), 8080),
}

Start = Callable[..., str]


@pytest.fixture(scope="module")
def built() -> dict[str, str]:
    return {name: images.build(name) for name in images.NAMES}


@pytest.fixture
def start(built: dict[str, str]) -> Iterator[Start]:
    """Starts a container and returns its id; all are removed at the end."""
    started: list[str] = []

    def begin(name: str, *command: str, **env: str) -> str:
        given = [part for key, value in env.items() for part in ("--env", f"{key}={value}")]
        found = run(["docker", "run", "--detach", *HARDENED, *given, built[name], *command])
        started.append(found.strip())
        return started[-1]

    yield begin
    if started:
        run(["docker", "rm", "--force", *started])


class Upstream(BaseHTTPRequestHandler):
    """Stands in for api: tells what it was asked, streams, or dies the first time."""

    protocol_version = "HTTP/1.1"
    asked: list[dict[str, str]]
    may_go_on: threading.Event

    def do_GET(self) -> None:
        self.asked.append({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
        if "dies" in self.path and len(self.asked) == 1:
            self.close_connection = True
            return
        if "stream" in self.path:
            self._stream()
            return
        self._send(b"{}", length=True)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.do_GET()

    def _stream(self) -> None:
        self._send(b"data: first\n\n", length=False)
        self.wfile.flush()
        self.may_go_on.wait(30)
        self.wfile.write(b"data: last\n\n")
        self.close_connection = True

    def _send(self, body: bytes, *, length: bool) -> None:
        self.send_response(200)
        if length:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def upstream() -> Iterator[tuple[str, type[Upstream]]]:
    kind = type("Upstream", (Upstream,), {"asked": [], "may_go_on": threading.Event()})
    server = ThreadingHTTPServer(("", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://host.docker.internal:{server.server_port}", kind
    server.shutdown()
    server.server_close()


@pytest.fixture
def web(start: Start, upstream: tuple[str, type[Upstream]]) -> str:
    """The address of a web whose api and auth are the stand-in."""
    container = start("web", API_URL=upstream[0], AUTH_URL=upstream[0], UI="local")
    base = f"http://{address(container)}:8080"
    until_answered(f"{base}/healthz")
    return base


def address(container: str) -> str:
    place = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    return run(["docker", "inspect", "--format", place, container]).strip()


def until_answered(url: str, seconds: float = 60) -> None:
    last: Exception | None = None
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urlopen(url, timeout=5) as answer:
                assert answer.status == 200
                return
        except (URLError, ConnectionError) as error:
            last = error
            time.sleep(0.02)
    raise AssertionError(f"{url} did not answer in {seconds:.0f} s: {last}")


def exit_code(container: str) -> int:
    return int(run(["docker", "wait", container]))


@pytest.mark.requirement("005/FR-004")
@pytest.mark.parametrize("name", images.NAMES)
def test_it_is_no_larger_than_promised(name: str, built: dict[str, str]) -> None:
    size = int(run(["docker", "image", "inspect", "--format", "{{.Size}}", built[name]]))
    print(f"{name}: {size / MEGABYTE:.0f} MB")

    assert size <= LARGEST[name] * MEGABYTE


@pytest.mark.requirement("005/FR-002", "005/FR-003")
@pytest.mark.parametrize("name", images.NAMES)
def test_it_holds_no_cache_and_its_user_exists(name: str, built: dict[str, str]) -> None:
    shell = ["docker", "run", "--rm", "--entrypoint=sh", built[name], "-c"]
    user = run([*shell, "id -un"]).strip()
    waste = run(
        [*shell, "ls /var/lib/apt/lists /root 2>/dev/null; command -v npm gcc strip || true"]
    )

    assert user == "nonroot"
    assert re.sub(r"/\S+:|\s", "", waste) == ""


@pytest.mark.requirement("005/FR-002", "005/FR-005", "005/FR-006")
@pytest.mark.parametrize("name", SERVERS)
def test_it_starts_and_stops_hardened(name: str, start: Start) -> None:
    image, command, port = SERVERS[name]
    began = time.monotonic()

    container = start(image, *command, **(SERVER if name != "web" else {}))
    until_answered(f"http://{address(container)}:{port}/healthz")
    answered = time.monotonic()
    run(["docker", "stop", "--time=30", container])
    stopped = time.monotonic()
    # For the record: how long it takes depends on the machine.
    print(f"{name}: first 200 after {answered - began:.1f} s, ended in {stopped - answered:.1f} s")

    assert exit_code(container) == 0
    assert run(["docker", "diff", container]) == ""


@pytest.mark.requirement("005/FR-010", "005/FR-013")
def test_web_serves_the_page_and_passes_two_paths(
    web: str, upstream: tuple[str, type[Upstream]]
) -> None:
    headers = json.loads((ROOT / "web/public/security-headers.json").read_text())["local"]
    with urlopen(f"{web}/") as page:
        sent = dict(page.headers)
    for path in ("/api/auth/ok", "/api/ada/chat"):
        urlopen(f"{web}{path}").close()
    statuses = {path: status(f"{web}{path}") for path in ("/metrics", "/mcp", "/docs", "/apix")}

    assert headers.items() <= sent.items()
    assert [one["path"] for one in upstream[1].asked] == ["/api/auth/ok", "/api/ada/chat"]
    assert set(statuses.values()) == {404}


@pytest.mark.requirement("005/FR-015")
def test_web_names_the_caller_and_the_request(
    web: str, upstream: tuple[str, type[Upstream]]
) -> None:
    headers = {"X-Forwarded-For": "1.2.3.4", "X-Request-ID": "mine"}
    urlopen(Request(f"{web}/api/ada/chat", headers=headers)).close()
    urlopen(Request(f"{web}/api/ada/chat", headers={"X-Request-ID": "no good"})).close()
    first, second = upstream[1].asked
    metrics = web.replace(":8080", ":8081")

    assert first["x-forwarded-for"].startswith("1.2.3.4, ")
    assert first["x-request-id"] == "mine"
    assert re.fullmatch("[0-9a-f]{32}", second["x-request-id"])
    with urlopen(f"{metrics}/metrics") as answer:
        assert b'nginx_connections{state="writing"} 1' in answer.read()


@pytest.mark.requirement("005/FR-012")
def test_web_lets_a_stream_through_as_it_comes(
    web: str, upstream: tuple[str, type[Upstream]]
) -> None:
    with urlopen(f"{web}/api/ada/stream", timeout=20) as answer:
        first = answer.readline()
        upstream[1].may_go_on.set()
        rest = answer.read()

    assert first == b"data: first\n"
    assert rest.endswith(b"data: last\n\n")


@pytest.mark.requirement("005/FR-006", "005/FR-012")
def test_a_stopping_web_finishes_a_stream(
    start: Start, upstream: tuple[str, type[Upstream]]
) -> None:
    container = start("web", API_URL=upstream[0], AUTH_URL=upstream[0])
    base = f"http://{address(container)}:8080"
    until_answered(f"{base}/healthz")

    with urlopen(f"{base}/api/ada/stream", timeout=30) as answer:
        answer.readline()
        run(["docker", "kill", "--signal=QUIT", container])
        upstream[1].may_go_on.set()
        rest = answer.read()

    assert rest.endswith(b"data: last\n\n")
    assert exit_code(container) == 0


@pytest.mark.requirement("005/FR-014")
@pytest.mark.parametrize("given", [None, "my-key"])
def test_web_repeats_a_request_whose_server_died_under_the_same_key(
    web: str, upstream: tuple[str, type[Upstream]], given: str | None
) -> None:
    headers = {"Idempotency-Key": given} if given else {}
    with urlopen(Request(f"{web}/api/ada/dies", b"{}", headers)) as answer:
        assert answer.status == 200

    first, second = (one["idempotency-key"] for one in upstream[1].asked)
    assert first == second
    assert first == (given or first)
    assert len(first) >= 6


@pytest.mark.requirement("005/FR-011")
def test_web_tells_the_page_its_configuration(start: Start) -> None:
    container = start(
        "web", UI="hosted", CHATKIT_DOMAIN_KEY="domain_pk_1",
        ASSISTANT_PROVIDER="compatible", ASSISTANT_MODEL="llama3.2:3b",
    )  # fmt: skip
    base = f"http://{address(container)}:8080"
    until_answered(f"{base}/healthz")

    with urlopen(f"{base}/config.json") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert json.load(answer) == {
            "ui": "hosted",
            "domainKey": "domain_pk_1",
            "assistant": {"provider": "compatible", "model": "llama3.2:3b"},
        }


@pytest.mark.requirement("005/FR-011")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UI", "fancy"),
        ("ASSISTANT_PROVIDER", ""),
        ("ASSISTANT_MODEL", 'a"b'),
        ("ASSISTANT_MODEL", "a\nb"),
        ("CHATKIT_DOMAIN_KEY", "a b"),
        ("API_URL", "http://x;return 200"),
        ("AUTH_URL", "https://auth"),
    ],
)
def test_web_refuses_by_name_what_would_break_it(name: str, value: str, start: Start) -> None:
    container = start("web", **{name: value})

    assert exit_code(container) == 78
    said = subprocess.run(["docker", "logs", container], capture_output=True, text=True, check=True)
    assert said.stderr.startswith(f"{name}: must be ")


def status(url: str) -> int:
    try:
        with urlopen(url) as answer:
            found: int = answer.status
    except URLError as error:
        found = getattr(error, "code", 0)
    return found
