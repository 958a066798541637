"""Sentences, what they must do to the tasks, and what the answer must say.

The format is the same for every file beside this one: see specs/004-offline-assistant/spec.md.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
OPEN_FILES = frozenset(("dev", "judge1", "judge2", "judge3", "judge4", "judge5", "talks"))
"""Files of which nothing is held back."""


@dataclass(frozen=True)
class Case:
    """One conversation: the tasks before it, what the person says, what is expected."""

    id: str
    category: str
    voice: str
    tasks: Sequence[dict[str, Any]]
    turns: Sequence[str]
    expect: dict[str, Any]

    @property
    def held_back(self) -> bool:
        """Whether it is one of the third that is only ever counted."""
        digest = hashlib.sha256(self.id.encode()).digest()
        return self.voice not in OPEN_FILES and int.from_bytes(digest) % 3 == 0


@dataclass(frozen=True)
class Verdict:
    """``ok``, ``fail`` (not understood, nothing changed wrongly) or ``wrong``; and why."""

    name: str
    why: str = ""


def load(folder: Path = FOLDER) -> Iterator[Case]:
    """Yield every case of a folder, file by file."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            raw = json.loads(line)
            yield Case(voice=path.stem, **raw)


def judge(
    case: Case,
    after: Sequence[dict[str, Any]],
    answer: str,
) -> Verdict:
    """Return what a conversation came to: first by the tasks, then by the words of the answer."""
    wanted = case.expect.get("tasks")
    difference = None if wanted is None else _difference(wanted, after)
    if difference:
        return Verdict("fail" if _shape(case.tasks) == _shape(after) else "wrong", difference)
    unsaid = _unsaid(case.expect, answer)
    return Verdict("fail", unsaid) if unsaid else Verdict("ok")


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip(" .!?\"'“”‘’").casefold()


def _shape(tasks: Sequence[dict[str, Any]]) -> list[tuple[str, bool, str]]:
    return sorted((_plain(t["title"]), t["completed"], _plain(t.get("description"))) for t in tasks)


def _difference(wanted: Sequence[dict[str, Any]], tasks: Sequence[dict[str, Any]]) -> str | None:
    left = list(tasks)
    for want in wanted:
        match = next((task for task in left if _fits(want, task)), None)
        if match is None:
            return f"missing {want} among {_shape(tasks)}"
        left.remove(match)
    return f"too many: {_shape(left)}" if left else None


def _fits(want: dict[str, Any], task: dict[str, Any]) -> bool:
    titles = want["title"] if isinstance(want["title"], list) else [want["title"]]
    return (
        _plain(task["title"]) in {_plain(title) for title in titles}
        and task["completed"] == want["completed"]
        and (
            "description" not in want or _plain(want["description"]) == _plain(task["description"])
        )
    )


def _unsaid(expect: dict[str, Any], answer: str) -> str | None:
    said = answer.casefold()
    for mention in expect.get("mentions", []):
        options = mention if isinstance(mention, list) else [mention]
        if not any(option.casefold() in said for option in options):
            return f"does not mention {mention!r}"
    for unwanted in expect.get("omits", []):
        if unwanted.casefold() in said:
            return f"mentions {unwanted!r}"
    return "does not ask" if expect.get("asks") and "?" not in answer else None
