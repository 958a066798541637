"""Ports of this machine: one for people, the others wherever there is room."""

import contextlib
import errno
import socket

from todo_chatbot.local.errors import CannotStart


def free(count: int) -> list[int]:
    """Return different ports of the loopback interface that nobody uses."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens, held from the very start so that nobody else takes the port.

    Raises:
        CannotStart: the port is busy or not ours to use.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise CannotStart(_refusal(host, port, error)) from None
    return listener


def answers(host: str, port: int, path: str) -> bool:
    """Tell whether ``GET path`` is answered with 200 where a program listens on this machine."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound to
    try:
        with socket.create_connection((address, port), timeout=2) as connection:
            connection.sendall(request.encode())
            return connection.recv(16).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use by another program."
            f" End it, or choose another port: PORT={port + 1 if port < 65535 else 8000} make run"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved. Choose one above 1023: PORT=8000 make run"
    return f"Cannot listen on {host}, port {port}: {error.strerror}. Set HOST and PORT."
