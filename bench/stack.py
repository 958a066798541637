"""Measures the embedded stack: second start to the first answer, memory, processor time per turn.

    make bench

Linux only. Wall times need an idle machine; processor times can be trusted on a busy one, too.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from todo_chatbot.local.client import Client, Refused, Unreachable
from todo_chatbot.local.ports import free

TURNS = 100
PASSWORD = "correct horse"
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Start a stack twice, talk, and print what it cost."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free(1)[0]
        folder.chmod(0o755)
        environment = {**os.environ, "DATA_DIR": str(folder / "data"), "PORT": str(port)}
        url, email = f"http://localhost:{port}", f"{uuid.uuid4().hex}@example.com"
        first = _measure("First start", environment, url, email)
        _end(first)
        second = _measure("Second start", environment, url, email)
        _talk(url, email, second)
        _end(second)


def _measure(
    title: str, environment: dict[str, str], url: str, email: str
) -> subprocess.Popen[str]:
    started = time.monotonic()
    command = [sys.executable, "-m", "todo_chatbot", "up"]
    supervisor = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, text=True)
    with Client(url, {}) as client:
        _until_answered(client, email)
    seconds = time.monotonic() - started
    load = os.getloadavg()[0]
    print(f"{title} until the first answer: {seconds:.1f} s (load {load:.1f})")
    for name, (processor, memory) in _processes(supervisor.pid).items():
        print(f"  {name:<10} {processor:5.2f} s of processor time {memory:4.0f} MiB")
    return supervisor


def _until_answered(client: Client, email: str) -> None:
    """Sign in and say something, again and again until somebody answers."""
    while True:
        try:
            try:
                client.sign_in(email, PASSWORD)
            except Refused:
                client.sign_up(email, PASSWORD)
            client.renew_token()
            client.say("add buy milk", None)
        except (Refused, Unreachable):
            time.sleep(0.05)
        else:
            return


def _talk(url: str, email: str, supervisor: subprocess.Popen[str]) -> None:
    with Client(url, {}) as client:
        _until_answered(client, email)
        before = _processes(supervisor.pid)
        for number in range(TURNS):
            client.say(f"add task number {number}", None)
        after = _processes(supervisor.pid)
    print(f"{TURNS} turns with one tool call each, processor time per turn:")
    costs = {name: after[name][0] - before[name][0] for name in before}
    for name, seconds in costs.items():
        print(f"  {name:<10} {1000 * seconds / TURNS:5.1f} ms")
    print(f"  {'all':<10} {1000 * sum(costs.values()) / TURNS:5.1f} ms")


def _processes(supervisor: int) -> dict[str, tuple[float, float]]:
    """Return seconds of processor time, children included, and MiB of memory, by program."""
    found = {"up": _usage(supervisor)}
    for pid in _children(supervisor):
        command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        seconds, memory = _usage(pid)
        for child in _children(pid):
            more, _ = _usage(child)
            seconds += more
        found[_name(command)] = (seconds, memory)
    return found


def _name(command: list[str]) -> str:
    """Return what people call the program: ``auth/dist/server.mjs`` is auth, and so on."""
    if command[0].endswith("node"):
        return Path(command[-2]).parts[-3]
    if "todo_chatbot.local.front" in command:
        return "page"
    return command[3] if "todo_chatbot" in command else Path(command[0]).name


def _usage(pid: int) -> tuple[float, float]:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    # Own time and that of children that have ended: PostgreSQL's connections are such.
    seconds = sum(map(int, fields[11:15])) / TICKS
    # Its share: of libraries that several processes have loaded, each bears a part.
    memory = Path(f"/proc/{pid}/smaps_rollup").read_text()
    share = next(line for line in memory.splitlines() if line.startswith("Pss:"))
    return seconds, int(share.split()[1]) / 1024


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _end(supervisor: subprocess.Popen[str]) -> None:
    supervisor.send_signal(signal.SIGTERM)
    supervisor.wait()


if __name__ == "__main__":
    main()
