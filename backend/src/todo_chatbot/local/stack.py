"""Which programs make the system, and what each of them is told."""

import dataclasses
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from todo_chatbot.local.errors import CannotStart
from todo_chatbot.local.ports import answers, free
from todo_chatbot.local.program import Program
from todo_chatbot.local.settings import ROOT, LocalSettings

LOOPBACK = "127.0.0.1"

AUTH = "auth/dist/server.mjs"
MIGRATE_AUTH = "auth/dist/migrate.mjs"
PAGE = "web/dist/index.html"

NODE_FLAGS = ("--lite-mode", "--max-semi-space-size=1", "--max-old-space-size=96")
"""A small heap: the service is idle most of the time, and `npm start` runs it with the same."""

_PRIVATE = {
    "BETTER_AUTH_SECRET",
    "DATABASE_URL",
    "MIGRATE_DATABASE_URL",
    "OPENAI_API_KEY",
    "TODO_PASSWORD",
}
"""Given only to the programs that need them."""

_OWN = {"HOST", "PORT"}
"""Meant for the page; every other program has its own."""


class Stack:
    """The programs of one embedded stack, on ports of their own."""

    def __init__(self, settings: LocalSettings, secret: str, database_url: str) -> None:
        """Choose the ports; ``database_url`` need not answer yet."""
        self._settings = settings
        self._secret = {"BETTER_AUTH_SECRET": secret}
        self._database = {"DATABASE_URL": database_url}
        self._tools, self._api, self._auth = free(3)
        self._shared = {
            name: value
            for name, value in os.environ.items()
            if name not in _PRIVATE | _OWN
            # libpq would read them, and they are about another server than the embedded one.
            and not (name.startswith("PG") and settings.database_url is None)
        }

    def tools(self) -> Program:
        """Return the MCP server."""
        return self._python("tools", self._tools, self._database | self._secret)

    def api(self) -> Program:
        """Return the chat endpoint with the agent."""
        own = {"TOOLS_URL": f"http://{LOOPBACK}:{self._tools}/mcp"} | _given("OPENAI_API_KEY")
        return self._python("api", self._api, self._database | self._secret | own)

    def auth(self) -> Program:
        """Return the sign-in service."""
        own = {
            "HOST": LOOPBACK,
            "PORT": str(self._auth),
            "BETTER_AUTH_URL": self._settings.public_url,
            # The page is the proxy that names the client.
            "TRUSTED_PROXY_HOPS": os.environ.get("TRUSTED_PROXY_HOPS") or "1",
            # Each password hash takes 32 MiB; two at a time are enough for one machine.
            "UV_THREADPOOL_SIZE": "2",
        }
        return Program(
            name="auth",
            command=[_node(), *NODE_FLAGS, _built(AUTH)],
            environment=self._shared | self._database | self._secret | own,
            is_ready=_ready(self._auth),
        )

    def page(self, listener: int) -> Program:
        """Return the one origin that people see, on the socket ``listener``."""
        told = {
            "listener": listener,
            "folder": str(_built(PAGE).parent),
            "api": f"http://{LOOPBACK}:{self._api}",
            "auth": f"http://{LOOPBACK}:{self._auth}",
            "tools": f"http://{LOOPBACK}:{self._tools}",
            "ui": self._settings.ui,
            "domain_key": self._settings.domain_key,
            "assistant": dataclasses.asdict(self._settings.assistant),
        }
        return Program(
            name="page",
            command=[sys.executable, "-m", "todo_chatbot.local.front", json.dumps(told)],
            environment=self._shared,
            is_ready=lambda _: answers(self._settings.host, self._settings.port, "/healthz"),
            inherited=(listener,),
        )

    def migrations(self) -> list[Program]:
        """Return what brings both schemas to their newest state."""
        environment = self._shared | self._database | _given("MIGRATE_DATABASE_URL")
        python = (sys.executable, "-m", "todo_chatbot", "migrate")
        return [
            Program("migrate", python, environment, is_ready=None),
            Program("migrate-auth", (_node(), _built(MIGRATE_AUTH)), environment, is_ready=None),
        ]

    def _python(self, command: str, port: int, own: Mapping[str, str]) -> Program:
        return Program(
            name=command,
            command=[sys.executable, "-m", "todo_chatbot", command],
            environment={**self._shared, **own, "HOST": LOOPBACK, "PORT": str(port)},
            is_ready=_ready(port),
        )


def check_built() -> None:
    """Return when everything is there that ``make run`` installs and builds.

    Raises:
        CannotStart: something is not.
    """
    _node()
    for name in (AUTH, MIGRATE_AUTH, PAGE):
        _built(name)


def _ready(port: int) -> Callable[[int], bool]:
    return lambda _: answers(LOOPBACK, port, "/readyz")


def _given(name: str) -> dict[str, str]:
    value = os.environ.get(name)
    return {name: value} if value else {}


def _node() -> str:
    """Return the Node that bootstrap put beside Python, or the machine's."""
    beside_python = Path(sys.executable).parent
    found = shutil.which("node", path=f"{beside_python}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise CannotStart("Node is not installed. Run make run, which brings it.")
    return found


def _built(name: str) -> Path:
    path = ROOT / name
    if not path.exists():
        raise CannotStart(f"{name} has not been built. Run make run, which builds it.")
    return path
