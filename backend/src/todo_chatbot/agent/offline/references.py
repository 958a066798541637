"""Which tasks a stretch of words speaks of, before any list is looked at."""

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import phrase_end, phrase_ends, table_has
from todo_chatbot.agent.offline.tokens import Words

MARKS = frozenset(".,;:!?-–—()…¶")

_LONGEST_SET, _LONGEST_RANGE, _MOST_PARTS = 24, 100, 30
"""Words before "except", tasks from "1 to ...", and things named in a row."""

_LONGEST_TIME = 8
_ASPECTS = frozenset(("typo", "spelling", "mistake", "title", "name", "text", "status", "wording"))
SPEAKERS = frozenset(("i", "we", "they", "he", "she"))
"""Whom a sentence tells of that names no task."""
_RELATING = frozenset(
    (
        "that",
        "which",
        "what",
        "everything",
        "all",
        "one",
        "those",
        "and",
        ",",
        "whatever",
        "anything",
    )
)
"""Words before a teller that make what is told a part of the name."""
_FROM = frozenset(("from", "on", "off", "in", "of"))
_BESIDE = frozenset(("both", "all", "either", "well", "as"))
_COUNTING = frozenset(("the", "my", "all", "both"))
_ARTICLES = (("the",), ("my",), ("of",))
_JOINTS = frozenset((",", "and", "&", "plus", ";", "¶", "+", "or"))
_BESIDE_ORDINAL = frozenset(
    "that this the my and or either & , of on list in also very from them those these todo plus - as well both couple".split()  # noqa: E501, SIM905 - words read as words
)
_STATUS = (("pending", ("notdone", "pending")), ("completed", ("completed", "done")))


@dataclass(frozen=True, slots=True)
class Reference:
    """What was said about which tasks.

    ``kind``: numbers, positions, it, latest, them, other, rest, all, name, several. ``name`` is
    what to look for, ``status`` and ``minus`` narrow a set, ``count`` is how many were said to be
    meant; ``either``: one of them, "2 or 3".
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
    either: bool = False

    @property
    def vague(self) -> bool:
        """Whether it names nothing: "a task", "some of them"."""
        return self.kind == "name" and not self.exact and not self.name

    @property
    def described(self) -> bool:
        """Whether a set was described instead of its tasks being named."""
        return self.kind in ("all", "rest") or any(part.described for part in self.parts)


@functools.lru_cache(maxsize=512)
def parse(words: Words, language: Language, *, excepting: bool = True) -> Reference:
    """Return what ``words`` refer to; anything that is nothing else is a name.

    ``excepting``: whether they may be a set that spares some ("all but the first"). Remembered,
    because many patterns try the same words.
    """
    words = _unquoted(_bare(words, language), language)
    folds = words.folds
    if len(words) == 1 and words.tokens[0].quoted:
        return Reference(words.said, "name", name=(folds[0],), exact=True)
    for kind in ("latest", "it", "them", "other", "rest"):
        table = language.table({"it": "one", "them": "many"}.get(kind, kind))
        if table_has(table, folds) or (folds[:1] == ("the",) and table_has(table, folds[1:])):
            return Reference(words.said, kind, count=2 if {"both", "two"} & set(folds) else 0)
    found = (
        _numbers(words, language)
        or _positions(words, language)
        or (_excepting(words, language) if excepting else None)
        or _set(words, language)
        or _several(words, language)
        or _named(_without_remark(words), language)
    )
    several = found.kind in ("numbers", "positions", "several")
    return replace(found, either=True) if several and "or" in folds else found


def _without_remark(words: Words) -> Words:
    """Return what is named before somebody tells of it: "the trampoline we sold it last week"."""
    folds = words.folds
    for at in range(2, len(folds) - 1):
        if folds[at] not in SPEAKERS or words.tokens[at].quoted:
            continue
        named_one = folds[at - 1] == "one" and at > 2  # "the ladder one I borrowed"
        if named_one or folds[at - 1] not in _RELATING:
            return words[:at]
    return words


def _unquoted(words: Words, language: Language) -> Words:
    """Return quoted titles without what announces them: 'the tasks "A" and "B"'."""
    nouns = language.words["task_nouns"] | language.words["plural_nouns"] | {"the", "my"}
    at = 0
    while at < len(words) - 1 and words.folds[at] in nouns:
        at += 1
    return words[at:] if words.tokens[at : at + 1] and words.tokens[at].quoted else words


def _named(words: Words, language: Language) -> Reference:
    return Reference(words.said, "name", name=_name(words.folds, language))


def _name(folds: Sequence[str], language: Language) -> tuple[str, ...]:
    """Return the words to look for; none if they are only "a task" or "one of my things"."""
    words = tuple(fold for fold in folds if fold not in MARKS)
    nothing = language.words["task_nouns"] | {"a", "an", "the", "my", "some", "any", "of", "them"}
    return () if words != ("a",) and all(word in nothing for word in words) else words


def _bare(words: Words, language: Language) -> Words:
    """Return the words without marks, "the title of" before and "from my list" behind them."""
    while len(words) > 3 and words.folds[0] == "the" and words.folds[1] in _ASPECTS:
        if words.folds[2] not in ("of", "in", "on"):
            break
        words = words[3:]
    if words.folds[:1] in (("only",), ("just",)) and words.folds[1:2] in _ARTICLES:
        words = words[1:]  # but "only half of it" is no part of a list
    start, end = 0, len(words)
    while start < end and words.tokens[start].fold in MARKS:
        start += 1
    while end > start and words.tokens[end - 1].fold in MARKS:
        end -= 1
    folds = words.folds[:end]
    for at in range(max(start + 1, end - 6), end - 1):
        if folds[at] in _FROM and end in set(phrase_ends(language.table("mylist"), folds, at + 1)):
            return words[start:at]
    return words[start:end]


def number(fold: str, language: Language) -> int | None:
    """Return the number that a word writes: "3", "#3", "three"."""
    digits = fold.removeprefix("#")
    if digits.isdecimal() and len(digits) <= 6:
        return int(digits)
    return language.numbers.get(fold)


def is_time(words: Words, language: Language) -> bool:
    """Return whether words only say when: "on Friday at 3"."""
    times = language.words["times"]
    said = [fold in times or fold[0].isdecimal() for fold in words.folds]
    return 0 < len(said) <= _LONGEST_TIME and all(said)


def timeless(words: Words, language: Language) -> Words:
    """Return words without the time at their end: "it last night" is "it"."""
    end = len(words)
    while end > 1 and is_time(words[end - 1 : end], language):
        end -= 1
    # In "all but number 2" and "the second and the last" tasks are named at the end.
    named = end < len(words) and parse(words[end:], language).kind in ("numbers", "positions")
    return words if named else words[:end]


def _numbers(words: Words, language: Language) -> Reference | None:
    """Return "tasks 1, 2 and 5", "#3", "2 to 4"."""
    folds = words.folds
    if "all" in folds and not {"of", "both"} & set(folds):
        return None
    found = _enumerated(folds, language)
    if not found or folds == ("the", "one"):
        return None
    counted = folds[-1] in language.words["plural_nouns"] and len(found) == 1
    if counted and (folds[0] in _COUNTING or number(folds[0], language) is not None):
        return Reference(words.said, "them", count=found[0])
    return Reference(words.said, "numbers", numbers=tuple(dict.fromkeys(found)))


def _enumerated(folds: Sequence[str], language: Language) -> list[int]:
    """Return the numbers if there is nothing but numbers and what stands beside them."""
    found: list[int] = []
    ranging = False
    for fold in folds:
        some = _written(fold, language)
        if some and ranging:
            found.extend(range(found[-1] + 1, min(some[0], found[-1] + _LONGEST_RANGE) + 1))
            ranging = False
        elif some:
            found.extend(some)
        elif fold in language.table("to") and found:
            ranging = True
        elif fold not in _BESIDE and not _beside_number(fold, language):
            return []
    return found


def _written(fold: str, language: Language) -> tuple[int, ...]:
    """Return the numbers of one word: "3", "#3", "three", "task3", "1-3"."""
    value = number(fold.removeprefix("task"), language)
    if value is not None:
        return (value,)
    low, dash, high = fold.partition("-")
    first, last = number(low, language), number(high.removeprefix("#"), language)
    if not dash or first is None or last is None or not 0 <= last - first <= _LONGEST_RANGE:
        return ()
    return tuple(range(first, last + 1))


def _beside_number(fold: str, language: Language) -> bool:
    return fold in language.table("number_nouns") or fold in language.table("and")


def _positions(words: Words, language: Language) -> Reference | None:
    """Return "the first and the third", "the last two"."""
    nouns, folds = language.words["task_nouns"], words.folds
    bare = [fold for fold in folds if fold not in nouns and fold not in ("the", "my")]
    if table_has(language.table("before_last"), bare):
        return Reference(words.said, "positions", numbers=(-2,))
    found: list[int] = []
    for at, fold in enumerate(folds):
        place = language.ordinals.get(fold)
        if place is not None:
            found.extend(_places(place, folds[at + 1 :], language))
        elif fold not in nouns and fold not in _BESIDE_ORDINAL and number(fold, language) is None:
            return None
    if not found:
        return None
    return Reference(words.said, "positions", numbers=tuple(dict.fromkeys(found)))


def _places(place: int, after: Sequence[str], language: Language) -> Sequence[int]:
    """Return the places of "first", "last two", "first couple"."""
    many = 2 if after[:1] == ("couple",) else None
    if after and after[0] != "one" and many is None:
        many = number(after[0], language)
    if many is None or abs(place) != 1 or many > _LONGEST_RANGE:
        return (place,)
    return range(1, many + 1) if place == 1 else range(-many, 0)


def _excepting(words: Words, language: Language) -> Reference | None:
    """Return a set and what it spares: "all but the first"."""
    folds, table = words.folds, language.table("except")
    starts = range(1, min(len(folds) - 1, _LONGEST_SET))
    at = next((at for at in starts if 0 < phrase_end(table, folds, at) < len(folds)), None)
    if at is None:
        return None
    whole = parse(words[:at], language, excepting=False)
    several = whole.kind in ("them", "rest") or len(whole.numbers) > 1
    if whole.kind != "all" and (not several or folds[at] == "not"):
        return None
    spared = parse(words[phrase_end(table, folds, at) :], language, excepting=False)
    return replace(whole, said=words.said, minus=spared)


def _set(words: Words, language: Language) -> Reference | None:
    """Return "all", "the completed ones", "everything about the car", "both calls"."""
    folds, all_words = words.folds, language.table("all")
    at = 1 if folds[:1] in _ARTICLES and not phrase_end(all_words, folds, 0) else 0
    every = phrase_end(all_words, folds, at)
    both = folds[at : at + 1] in (("both",), ("two",))
    if both and {"and", "&"} & set(folds):
        return None
    status, name, plural = _narrowed(folds[every or at + both :], language)
    if not name and (every or (status != "all" and len(folds) <= 6)):
        return Reference(words.said, "all", status=status)
    if name and (every or plural or both):
        return Reference(words.said, "all", name=name, status=status, count=2 * both)
    return None


def _narrowed(folds: Sequence[str], language: Language) -> tuple[str, tuple[str, ...], bool]:
    """Return which tasks of a set are meant: their status, words of their titles, and if plural."""
    status, plural, at = "all", False, 0
    name: list[str] = []
    while at < len(folds):
        said, end = _status(folds, at, language)
        if said and not (folds[at] == "left" and at == 0):
            status, at = said, end
            continue
        end = phrase_end(language.table("relative"), folds, at)
        if not end and not name:
            end = phrase_end(language.table("topic"), folds, at)
        if end:
            at = end
            continue
        plural = plural or folds[at] in language.words["plural_nouns"]
        if folds[at] not in language.words["filler"] and folds[at] not in MARKS:
            name.append(folds[at])
        at += 1
    return status, tuple(name), plural


def _status(folds: Sequence[str], at: int, language: Language) -> tuple[str, int]:
    for status, tables in _STATUS:
        for table in tables:
            end = phrase_end(language.table(table), folds, at)
            if end:
                return status, end
    return "", at


def _several(words: Words, language: Language) -> Reference | None:
    """Return "mom, the dentist and the report"."""
    if words.folds and words.folds[0] in ("both", "either") and len(words) > 2:
        words = words[1:]
    joints = [at for at, fold in enumerate(words.folds) if fold in _JOINTS]
    edges = itertools.pairwise([-1, *joints, len(words)])
    parts = [words[a + 1 : b] for a, b in edges if b > a + 1]
    if len(parts) < 2:
        return None
    return Reference(
        words.said,
        "several",
        name=tuple(fold for fold in words.folds if fold not in MARKS),
        parts=tuple(parse(part, language) for part in parts[:_MOST_PARTS]),
    )
