"""What came of a case: judged by the tasks, and only then by the last answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]

Verdict = Literal["ok", "fail", "wrong"]
"""``wrong``: the tasks were changed as nobody asked, the worst that can happen; ``fail``: not
understood, or badly worded."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and, unless it is ``ok``, its reason."""

    verdict: Verdict
    why: str = ""


def judge(expect: Json, before: Sequence[Json], after: Sequence[Json], answer: str) -> Judgement:
    """Judge tasks, as ``list_tasks`` gave them ``before`` and ``after``, and the last answer."""
    if "tasks" in expect and (why := _differs(expect["tasks"], after)):
        return Judgement("fail" if _shape(before) == _shape(after) else "wrong", why)
    if why := _lacks(expect, answer):
        return Judgement("fail", why)
    return Judgement("ok")


def _differs(expected: Sequence[Json], actual: Sequence[Json]) -> str | None:
    left = list(actual)
    for want in expected:
        found = next((task for task in left if _fits(want, task)), None)
        if found is None:
            return f"missing {want}, there is {_shape(actual)}"
        left.remove(found)
    return f"too many: {_shape(left)}" if left else None


def _fits(want: Json, task: Json) -> bool:
    titles = want["title"] if isinstance(want["title"], list) else [want["title"]]
    return (
        _plain(task["title"]) in {_plain(title) for title in titles}
        and task["completed"] == want["completed"]
        and ("description" not in want or _described(task) == _described(want))
    )


def _shape(tasks: Sequence[Json]) -> list[tuple[str, bool, str]]:
    return sorted((_plain(task["title"]), task["completed"], _described(task)) for task in tasks)


def _described(task: Json) -> str:
    return _plain(task.get("description") or "")


def _plain(title: str) -> str:
    """Return a title without case, outer punctuation and repeated blanks."""
    return re.sub(r"\s+", " ", title).strip(" .!?\"'“”‘’").casefold()


def _lacks(expect: Json, answer: str) -> str | None:
    said = answer.casefold()
    for want in expect.get("mentions", ()):
        options = want if isinstance(want, list) else [want]
        if not any(option.casefold() in said for option in options):
            return f"does not mention {want}"
    for unwanted in expect.get("omits", ()):
        if unwanted.casefold() in said:
            return f"mentions {unwanted}"
    return "does not ask" if expect.get("asks") and "?" not in answer else None
