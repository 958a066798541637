"""What can be watched while the assistant works on an answer."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Output:
    """What a tool call gave back, as the model reads it: JSON, or a sentence when it failed."""

    text: str
    failed: bool
    seconds: float


class Listener(Protocol):
    """Told of each step, in order, while it happens."""

    def wrote(self, text: str) -> None:
        """Take some more of what the model writes."""

    def calls(self, call_id: str, tool: str) -> None:
        """Learn that a tool is called; what the model wrote before was not its answer."""

    def called(self, call_id: str, output: Output) -> None:
        """Take what a tool gave back."""


class _Silent:
    def wrote(self, text: str) -> None:
        pass

    def calls(self, call_id: str, tool: str) -> None:
        pass

    def called(self, call_id: str, output: Output) -> None:
        pass


SILENT: Listener = _Silent()
"""Nobody watches; the assistant may then work without streaming, which costs less."""
