"""What was measured, one JSON line per case; an interrupted measurement goes on from there."""

import json
import re
from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

UNANSWERED = "unanswered"
"""The verdict when the model's server failed, which says nothing about the model."""

FOLDER = Path(__file__).resolve().parents[2] / ".results" / "eval"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message cost, and what became of it."""

    said: str
    answer: str
    calls: tuple[str, ...]
    """Each tool with its arguments, and how it failed if it did."""
    input_tokens: int
    output_tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one case."""

    case: str
    digest: str
    category: str
    held_back: bool
    verdict: str
    """As the language tests judge it, or ``UNANSWERED``."""
    why: str
    turns: tuple[Turn, ...]


class Results:
    """The results of one model in one file, which is only ever appended to."""

    def __init__(self, folder: Path, model: str, version: str) -> None:
        """``version`` stands for what decides the answers beside the model: its instructions.

        Results of another one stay in the file and do not count.
        """
        self.model = model
        self.file = folder / f"{_file_name(model)}.jsonl"
        self._key = {"model": model, "version": version}

    def read(self) -> dict[str, Result]:
        """Return the last result of each case, by the case's digest."""
        lines = [line for line in _lines(self.file) if line.items() >= self._key.items()]
        return {line["digest"]: _result(line) for line in lines}

    def append(self, result: Result) -> None:
        """Write a result down, so that it outlasts this process."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(self._key | asdict(result), ensure_ascii=False)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def all_measured(folder: Path, digests: Container[str]) -> dict[str, list[Result]]:
    """Return what was measured of each model in its newest version, in cases of ``digests``."""
    found = {}
    for file in sorted(folder.glob("*.jsonl")):
        if lines := list(_lines(file)):
            newest = Results(folder, lines[-1]["model"], lines[-1]["version"]).read()
            found[lines[-1]["model"]] = [one for one in newest.values() if one.digest in digests]
    return found


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    if not file.exists():
        return
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            # A process that was killed may have left half a line.
            with suppress(ValueError):
                yield json.loads(line)


def _result(line: dict[str, Any]) -> Result:
    turns = tuple(Turn(**turn | {"calls": tuple(turn["calls"])}) for turn in line["turns"])
    names = ("case", "digest", "category", "held_back", "verdict", "why")
    return Result(**{name: line[name] for name in names}, turns=turns)


def _file_name(model: str) -> str:
    return re.sub(r"[^\w.-]+", "-", model).strip("-.") or "model"
