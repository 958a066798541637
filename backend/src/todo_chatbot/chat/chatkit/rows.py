"""An answer that stands below a task list says what the list does not say."""

import re
from collections.abc import Sequence

from todo_chatbot.chat.chatkit.task_list import Task

_ROW = re.compile(r"\s*(?:[-*•]\s*)?#?(\d+)\b")
_BEGINS_LIKE_A_ROW = re.compile(r"\s*(?:[-*•]\s*)?#?(?:\d+\b.*)?$")


def without_rows(answer: str, tasks: Sequence[Task]) -> str:
    """Return an answer without the lines that repeat the rows of the list above it."""
    titles = _titles(tasks)
    kept = "\n".join(line for line in answer.splitlines() if not _repeats(line, titles)).strip()
    if titles and kept.endswith(":"):
        kept = f"{kept[:-1]}."  # What it announced stands above it.
    return kept or answer


class Rowless:
    """Lets an answer through as it grows, without the lines that ``without_rows`` leaves out."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._titles = _titles(tasks)
        self._held = ""
        self._telling = not tasks

    def add(self, text: str) -> str:
        """Return what can be told by now; a line that may yet become a row is held back."""
        return "".join(self._let_through(piece) for piece in text.splitlines(keepends=True))

    def _let_through(self, piece: str) -> str:
        ended = piece.endswith("\n")
        if self._telling:
            self._telling = not (ended and self._titles)
            return piece
        line = self._held + piece
        if not ended and _BEGINS_LIKE_A_ROW.match(line):
            self._held = line
            return ""
        self._held, self._telling = "", not ended
        return "" if _repeats(line, self._titles) else line


def _titles(tasks: Sequence[Task]) -> dict[str, str]:
    return {str(task["id"]): task["title"] for task in tasks}


def _repeats(line: str, titles: dict[str, str]) -> bool:
    row = _ROW.match(line)
    return row is not None and row[1] in titles and titles[row[1]] in line
