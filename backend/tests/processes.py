"""The real processes, started as an operator would, to be killed as a machine would."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from servers import ModelServer, ToolsProxy
from serving import free_port
from support import SECRET, say

import todo_chatbot

SOURCES = Path(todo_chatbot.__file__).parents[1]
START_SECONDS = 60


def environment(**variables: object) -> dict[str, str]:
    """Return the variables of a process: these, and nothing that this machine has set."""
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES), "BETTER_AUTH_SECRET": SECRET}
    return own | {name: str(value) for name, value in variables.items()}


class Process:
    """One ``todo-chatbot api`` or ``todo-chatbot tools`` on a port of its own."""

    def __init__(self, command: str, log: Path, **variables: object) -> None:
        self.log = log
        self._command = [sys.executable, "-m", "todo_chatbot", command]
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._environment = environment(PORT=port, **variables)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )

    async def say(
        self,
        user_id: str,
        message: str,
        conversation_id: int | None = None,
        key: str | None = None,
    ) -> httpx2.Response:
        """Send one message as ``user_id``, on a connection of its own."""
        async with httpx2.AsyncClient(base_url=self.url, timeout=60) as http:
            return await say(http, user_id, message, conversation_id, key)

    async def ready(self) -> None:
        """Wait until the process answers."""
        async with httpx2.AsyncClient() as http, asyncio.timeout(START_SECONDS):
            while True:
                assert self._process is not None
                assert self._process.poll() is None, self.log.read_text()
                try:
                    if (await http.get(f"{self.url}/healthz")).is_success:
                        return
                except httpx2.TransportError:
                    await asyncio.sleep(0.05)

    async def revive(self) -> None:
        """Start the process again if it is dead."""
        if self._process is None or self._process.poll() is not None:
            self.start()
        await self.ready()

    def cpu_seconds(self) -> float:
        """Return how long this process has computed since it started (Linux)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End the process at once, as the kernel or a power failure would."""
        self._signal(signal.SIGKILL)
        assert self._process is not None
        self._process.wait()

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def leave(self) -> None:
        """Tell the process to end, as an orchestrator does that takes it away."""
        self._signal(signal.SIGTERM)

    async def left(self) -> None:
        """Wait until the process has ended."""
        assert self._process is not None
        await asyncio.to_thread(self._process.wait, 30)

    def stop(self) -> None:
        """End the process in the way that lets it finish."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(30)

    def _signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)


@dataclass
class Stack:
    """``api`` and ``tools`` as processes, a scripted model, and a proxy between the two."""

    database_url: str
    api: Process
    other_api: Process
    """A second replica, started by the tests that need it."""
    tools: Process
    model: ModelServer
    proxy: ToolsProxy

    async def say(
        self,
        user_id: str,
        message: str,
        conversation_id: int | None = None,
        key: str | None = None,
    ) -> httpx2.Response:
        """Send one message as ``user_id``."""
        return await self.api.say(user_id, message, conversation_id, key)

    async def revive(self) -> None:
        """Bring back what was killed."""
        await self.tools.revive()
        await self.api.revive()


@asynccontextmanager
async def stack_on(
    database_url: str, folder: Path, *, proxied: bool = True, **settings: Any
) -> AsyncIterator[Stack]:
    """Start the processes on a database; ``settings`` are variables of both."""
    common = {"DATABASE_URL": database_url} | settings
    tools = Process("tools", folder / "tools.log", **common)
    async with ModelServer().running() as model, ToolsProxy(tools.url).running() as proxy:
        tools_url = proxy.url if proxied else f"{tools.url}/mcp"
        chosen = {"MODEL_PROVIDER": "compatible", "OPENAI_BASE_URL": model.url}
        api, other_api = (
            Process("api", folder / f"{name}.log", **chosen | common, TOOLS_URL=tools_url)
            for name in ("api", "other_api")
        )
        try:
            tools.start()
            api.start()
            await tools.ready()
            await api.ready()
            yield Stack(database_url, api, other_api, tools, model, proxy)
        finally:
            for process in (api, other_api, tools):
                process.stop()
