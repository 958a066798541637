"""The corpus: what people say to the assistant, and what shall have become of their tasks."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).resolve().parents[2] / "backend" / "tests" / "language"

Json = dict[str, Any]


class NoSuchCases(Exception):
    """There is no corpus file of that name."""


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation: ``tasks`` exist beforehand, numbered 1, 2, 3 …; ``turns`` are said."""

    id: str
    category: str
    tasks: tuple[Json, ...]
    turns: tuple[str, ...]
    expect: Json
    digest: str
    """Changes with the case: what was measured of an older one does not count."""


def load(names: Sequence[str] = (), *, folder: Path = CORPUS) -> list[Case]:
    """Return the cases of the corpus files ``names`` (all by default), without ``.jsonl``.

    They come mixed, in an order that is always the same: the first hundred are a fair sample, and
    still the first when more are wanted.

    Raises:
        NoSuchCases: a name fits no file.
    """
    files = {file.stem: file for file in sorted(folder.glob("*.jsonl"))}
    for name in names:
        if name not in files:
            raise NoSuchCases(f"There are no cases {name!r}. Choose from: {', '.join(files)}.")
    cases = [case for name in names or files for case in _read(files[name])]
    return sorted(cases, key=lambda case: hashlib.sha256(case.id.encode()).digest())


def _read(file: Path) -> list[Case]:
    with file.open(encoding="utf-8") as lines:
        return [_case(line) for line in lines if line.strip()]


def _case(line: str) -> Case:
    read = json.loads(line)
    return Case(
        id=read["id"],
        category=read["category"],
        tasks=tuple(read["tasks"]),
        turns=tuple(read["turns"]),
        expect=read["expect"],
        digest=hashlib.sha256(line.strip().encode()).hexdigest()[:12],
    )
