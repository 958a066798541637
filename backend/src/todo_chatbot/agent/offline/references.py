"""Which tasks a stretch of words speaks of, before any list is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from todo_chatbot.agent.offline.lexicon import Language, Table
from todo_chatbot.agent.offline.patterns import phrase_ends
from todo_chatbot.agent.offline.tokens import Words

_LONGEST_SET = 24
"""Words before "except"."""
MARKS = frozenset(".,;:!?-–—()…¶")


@dataclass(frozen=True, slots=True)
class Reference:
    """What was said about which tasks.

    ``kind``: numbers, positions, it, latest, them, other, rest, all, name, several. ``name`` is what to look
    for, ``status`` and ``minus`` narrow a set, ``count`` is how many were said to be meant.
    """

    said: str
    kind: str
    numbers: tuple[int, ...] = ()
    name: tuple[str, ...] = ()
    status: str = "all"
    count: int = 0
    minus: "Reference | None" = None
    parts: tuple["Reference", ...] = ()
    exact: bool = False

    @property
    def vague(self) -> bool:
        """Whether it names nothing: "a task", "some of them"."""
        return self.kind == "name" and not self.exact and not self.name

    @property
    def described(self) -> bool:
        """Whether a set was described instead of its tasks being named."""
        return self.kind in ("all", "rest") or any(part.described for part in self.parts)


def parse(words: Words, language: Language, *, excepting: bool = True) -> Reference:
    """Return what ``words`` refer to; anything that is nothing else is a name.

    ``excepting``: whether they may be a set that spares some ("all but the first").
    """
    words = _bare(words, language)
    folds = words.folds
    if len(words) == 1 and words.tokens[0].quoted:
        return Reference(words.said, "name", name=(folds[0],), exact=True)
    for kind in ("latest", "it", "them", "other", "rest"):
        table = language.table({"it": "one", "them": "many"}.get(kind, kind))
        if _whole(table, folds) or (folds[:1] == ("the",) and _whole(table, folds[1:])):
            return Reference(words.said, kind, count=2 if {"both", "two"} & set(folds) else 0)
    return (
        _numbers(words, language)
        or _positions(words, language)
        or (_excepting(words, language) if excepting else None)
        or _set(words, language)
        or _several(words, language)
        or Reference(words.said, "name", name=_name(folds, language))
    )


def _name(folds: Sequence[str], language: Language) -> tuple[str, ...]:
    """Return the words to look for; none if they are only "a task" or "one of my things"."""
    words = tuple(fold for fold in folds if fold not in MARKS)
    nothing = language.words["task_nouns"] | {"a", "an", "the", "my", "some", "any", "of", "them"}
    return () if words != ("a",) and all(word in nothing for word in words) else words


def _bare(words: Words, language: Language) -> Words:
    start, end = 0, len(words)
    while (
        end - start > 3
        and words.folds[start] == "the"
        and words.folds[start + 1] in ("title", "name", "text", "status", "wording")
        and words.folds[start + 2] == "of"
    ):
        start += 3
    while start < end and words.tokens[start].fold in MARKS and not words.tokens[start].quoted:
        start += 1
    while end > start and words.tokens[end - 1].fold in MARKS and not words.tokens[end - 1].quoted:
        end -= 1
    folds = words.folds
    for at in range(max(start + 1, end - 6), end - 1):
        if folds[at] in ("from", "on", "off", "in", "of"):
            ends = set(phrase_ends(language.table("mylist"), folds[:end], at + 1))
            if (end in ends and folds[at + 1] not in ("here", "there")) or (
                end - at == 2 and end in ends
            ):
                return words[start:at]
    return words[start:end]


def _whole(table: Table, folds: Sequence[str]) -> bool:
    return len(folds) in set(phrase_ends(table, folds, 0)) if folds else False


def number(fold: str, language: Language) -> int | None:
    """Return the number that a word writes: "3", "#3", "three"."""
    digits = fold.removeprefix("#")
    if digits.isdecimal() and len(digits) <= 6:
        return int(digits)
    return language.numbers.get(fold)


def _numbers(words: Words, language: Language) -> Reference | None:
    nouns, found, pending_range, named = language.table("number_nouns"), [], False, False
    folds = words.folds
    if "all" in folds and not {"of", "both"} & set(folds):
        return None
    for at, fold in enumerate(folds):
        low, dash, high = fold.removeprefix("#").partition("-")
        value = number(fold, language)
        if value is not None:
            if pending_range and found and found[-1] <= value <= found[-1] + 100:
                found.extend(range(found[-1] + 1, value + 1))
            else:
                found.append(value)
            pending_range = False
        elif dash and low.isdecimal() and high.isdecimal() and 0 <= int(high) - int(low) <= 100:
            found.extend(range(int(low), int(high) + 1))
        elif fold in language.table("to") and found and at + 1 < len(folds):
            pending_range = True
        elif (
            fold in nouns
            or fold in language.table("and")
            or fold in ("both", "all", "well", "as", "well")
        ):
            named = named or fold in language.words["task_nouns"]
        elif fold.startswith("task") and fold[4:].isdecimal():
            found.append(int(fold[4:]))
        else:
            return None
    if not found:
        return None
    spelled = not any(any(c.isdigit() for c in f) for f in folds)
    if (
        len(found) == 1
        and folds[-1] in language.words["plural_nouns"]
        and number(folds[0], language) is not None
    ) or (
        len(found) == 1
        and folds[-1] in language.words["plural_nouns"]
        and folds[0] in ("the", "my", "all", "both")
    ):
        return Reference(words.said, "them", count=found[0])
    if spelled and not named and folds in (("the", "one"),):
        return None
    return Reference(words.said, "numbers", numbers=tuple(dict.fromkeys(found)))


def _positions(words: Words, language: Language) -> Reference | None:
    folds, found, at = words.folds, [], 0
    skip = language.words["task_nouns"] | {
        "that",
        "this",
        "the",
        "my",
        "and",
        "&",
        ",",
        "of",
        "on",
        "list",
        "in",
        "also",
        "very",
        "two",
        "from",
        "them",
        "those",
        "these",
        "todo",
        "plus",
        "-",
        "as",
        "well",
        "both",
    }
    if _whole(
        language.table("before_last"),
        [f for f in folds if f not in ("the", "my", *language.words["task_nouns"])],
    ):
        return Reference(words.said, "positions", numbers=(-2,))
    while at < len(folds):
        place = language.ordinals.get(folds[at])
        if place is None and folds[at] not in skip:
            return None
        if place is not None:
            many = (
                number(folds[at + 1], language)
                if at + 1 < len(folds) and folds[at + 1] != "one"
                else None
            )
            if folds[at + 1 : at + 3] == ("couple",) or folds[at + 1 : at + 3] == ("couple", "of"):
                many = 2
            if many is not None and abs(place) == 1 and many <= 100:
                found.extend(range(1, many + 1) if place == 1 else range(-many, 0))
                at += 1
            else:
                found.append(place)
        at += 1
    if not found:
        return None
    return Reference(words.said, "positions", numbers=tuple(dict.fromkeys(found)))


def _excepting(words: Words, language: Language) -> Reference | None:
    """Return a set and what it spares: "all but the first"."""
    folds, table = words.folds, language.table("except")
    starts = range(1, min(len(folds) - 1, _LONGEST_SET))
    at = next((at for at in starts if 0 < _ends(table, folds, at) < len(folds)), None)
    if at is None:
        return None
    whole = parse(words[:at], language, excepting=False)
    several = whole.kind in ("them", "rest") or len(whole.numbers) > 1
    if whole.kind != "all" and (not several or folds[at] == "not"):
        return None
    spared = parse(words[_ends(table, folds, at) :], language, excepting=False)
    return replace(whole, said=words.said, minus=spared)


def _set(words: Words, language: Language) -> Reference | None:
    folds = words.folds
    at = (
        1
        if folds[:1] in (("the",), ("my",), ("of",)) and not _ends(language.table("all"), folds, 0)
        else 0
    )
    every = _ends(language.table("all"), folds, at)
    both = folds[at : at + 1] in (("both",), ("two",)) or folds[at : at + 2] == ("both", "of")
    if both and {"and", "&"} & set(folds):
        return None
    rest = list(folds[(every or at + (1 if both else 0)) :])
    status, left, plural, i = "all", [], False, 0
    tables = (
        ("pending", "notdone"),
        ("pending", "pending"),
        ("completed", "completed"),
        ("completed", "done"),
    )
    while i < len(rest):
        for value, name in tables:
            end = _ends(language.table(name), rest, i)
            if end and (not left or i > 0) and not (rest[i] == "left" and i == 0):
                status, i = value, end
                break
        else:
            end = _ends(language.table("relative"), rest, i) or (
                _ends(language.table("topic"), rest, i) if not left else 0
            )
            if end:
                i = end
                continue
            plural = plural or rest[i] in language.words["plural_nouns"]
            if rest[i] not in language.words["filler"] and rest[i] not in MARKS:
                left.append(rest[i])
            i += 1
    if not left and (every or (status != "all" and len(folds) <= 6)):
        return Reference(words.said, "all", status=status)
    if left and (every or plural or both):
        return Reference(words.said, "all", name=tuple(left), status=status, count=2 if both else 0)
    return None


def _ends(table: Table, folds: Sequence[str], at: int) -> int:
    return next(phrase_ends(table, folds, at), 0)


def _several(words: Words, language: Language) -> Reference | None:
    joints = [
        i
        for i, fold in enumerate(words.folds)
        if fold in (",", "and", "&", "plus", ";", "¶", "+") or fold == "or"
    ]
    if not joints:
        return None
    if words.folds[0] in ("both", "either") and len(words) > 2:
        words = words[1:]
        joints = [at - 1 for at in joints]
    edges = [-1, *joints, len(words)]
    parts = [words[a + 1 : b] for a, b in zip(edges, edges[1:], strict=False) if b > a + 1]
    if len(parts) < 2:
        return None
    return Reference(
        words.said,
        "several",
        name=tuple(f for f in words.folds if f not in MARKS),
        parts=tuple(parse(part, language) for part in parts[:30]),
    )
