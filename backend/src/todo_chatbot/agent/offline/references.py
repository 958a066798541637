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
_DIGITS = "0123456789"
_JOINTS = frozenset((",", "&", ";", "¶", "+"))
"""Marks between things named in a row; words are those of [grammar]."""
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
        if table_has(table, folds) or (
            folds[:1] and folds[0] in language.words["definite"] and table_has(table, folds[1:])
        ):
            two = not language.words["two"].isdisjoint(folds)
            return Reference(words.said, kind, count=2 if two else 0)
    found = (
        _numbers(words, language)
        or _positions(words, language)
        or (_excepting(words, language) if excepting else None)
        or _set(words, language)
        or _several(words, language)
        or _named(_without_remark(words, language), language)
    )
    alternatives = language.words["alternatives"]
    several = found.kind in ("numbers", "positions", "several")
    return replace(found, either=True) if several and not alternatives.isdisjoint(folds) else found


def _without_remark(words: Words, language: Language) -> Words:
    """Return what is named before somebody tells of it: "the trampoline we sold it last week"."""
    folds, tellers = words.folds, language.any_of("speakers", "third_persons")
    relating = language.any_of("relative_pronouns", "antecedents", "conjunctions")
    for at in range(2, len(folds) - 1):
        if folds[at] not in tellers or words.tokens[at].quoted:
            continue
        before = folds[at - 1]
        named_one = before in language.words["stand_in"] and at > 2  # "the ladder one I borrowed"
        if named_one or (before not in relating and before != ","):
            return words[:at]
    return words


def _unquoted(words: Words, language: Language) -> Words:
    """Return quoted titles without what announces them: 'the tasks "A" and "B"'."""
    nouns = language.any_of("task_nouns", "plural_nouns", "definite")
    at = 0
    while at < len(words) - 1 and words.folds[at] in nouns:
        at += 1
    return words[at:] if words.tokens[at : at + 1] and words.tokens[at].quoted else words


def _named(words: Words, language: Language) -> Reference:
    return Reference(words.said, "name", name=_name(words.folds, language))


def _name(folds: Sequence[str], language: Language) -> tuple[str, ...]:
    """Return the words to look for; none if they are only "a task" or "one of my things"."""
    words = tuple(fold for fold in folds if fold not in MARKS)
    nothing = language.any_of("task_nouns", "definite", "indefinite", "vague")
    if len(words) == 1 and words[0] in language.words["indefinite"]:
        return words  # a task may be called "A"
    return () if all(word in nothing for word in words) else words


def _bare(words: Words, language: Language) -> Words:
    """Return the words without marks, "the title of" before and "from my list" behind them."""
    while len(words) > 3 and _names_aspect(words.folds, language):
        words = words[3:]
    articles = language.any_of("definite", "partitive")
    if len(words) > 1 and words.folds[0] in language.words["only"]:
        named = words.folds[1] in articles or number(words.folds[1], language) is not None
        words = words[1:] if named else words  # "only half of it" is no part of a list
    start, end = 0, len(words)
    while start < end and words.tokens[start].fold in MARKS:
        start += 1
    while end > start and words.tokens[end - 1].fold in MARKS:
        end -= 1
    folds, lists = words.folds[:end], language.table("mylist")
    for at in range(max(start + 1, end - 6), end - 1):
        placing = folds[at] in language.words["prepositions"]
        if placing and end in set(phrase_ends(lists, folds, at + 1)):
            return words[start:at]
    return words[start:end]


def _names_aspect(folds: Sequence[str], language: Language) -> bool:
    known = language.words
    begins = folds[0] in known["definite"] and folds[1] in known["aspects"]
    return begins and folds[2] in known["prepositions"]


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
    every, parted = language.words["every"], language.any_of("partitive", "both")
    if not every.isdisjoint(folds) and parted.isdisjoint(folds):
        return None
    found = _enumerated(folds, language)
    if not found or _is_the_one(folds, language):
        return None
    counted = folds[-1] in language.words["plural_nouns"] and len(found) == 1
    counting = language.any_of("definite", "every", "both")
    if counted and (folds[0] in counting or number(folds[0], language) is not None):
        return Reference(words.said, "them", count=found[0])
    return Reference(words.said, "numbers", numbers=tuple(dict.fromkeys(found)))


def _is_the_one(folds: Sequence[str], language: Language) -> bool:
    known = language.words
    return len(folds) == 2 and folds[0] in known["definite"] and folds[1] in known["stand_in"]


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
        elif not _beside_number(fold, language):
            return []
    return found


def _written(fold: str, language: Language) -> tuple[int, ...]:
    """Return the numbers of one word: "3", "#3", "three", "task3", "1-3"."""
    noun = fold.rstrip(_DIGITS)
    named = noun != fold and noun in language.words["task_nouns"]
    value = number(fold.removeprefix(noun) if named else fold, language)
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
    nouns, articles = language.words["task_nouns"], language.words["definite"]
    folds = words.folds
    bare = [fold for fold in folds if fold not in nouns and fold not in articles]
    if table_has(language.table("before_last"), bare):
        return Reference(words.said, "positions", numbers=(-2,))
    found: list[int] = []
    for at, fold in enumerate(folds):
        place = language.ordinals.get(fold)
        if place is not None:
            found.extend(_places(place, folds[at + 1 :], language))
        elif not _beside_ordinal(fold, language):
            return None
        elif number(fold, language) is not None and not _counts(folds, at, language):
            return None  # "number two and the last" are one by its number, one by its place
    if not found:
        return None
    return Reference(words.said, "positions", numbers=tuple(dict.fromkeys(found)))


def _counts(folds: Sequence[str], at: int, language: Language) -> bool:
    """Return whether a number says how many: "the first two", "the last one"."""
    behind = at > 0 and folds[at - 1] in language.ordinals
    pointed = at > 0 and table_has(language.table("many"), folds[at - 1 : at])  # "of these two"
    return behind or pointed or folds[at] in language.words["task_nouns"]


def _beside_ordinal(fold: str, language: Language) -> bool:
    known = fold in _JOINTS or fold == "-" or fold in language.words["beside_ordinals"]
    return known or fold in language.words["task_nouns"] or number(fold, language) is not None


def _places(place: int, after: Sequence[str], language: Language) -> Sequence[int]:
    """Return the places of "first", "last two", "first couple"."""
    many = 2 if after and after[0] in language.words["couple"] else None
    if after and after[0] not in language.words["stand_in"] and many is None:
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
    if whole.kind != "all" and (not several or folds[at] in language.words["negations"]):
        return None
    spared = parse(words[phrase_end(table, folds, at) :], language, excepting=False)
    return replace(whole, said=words.said, minus=spared)


def _set(words: Words, language: Language) -> Reference | None:
    """Return "all", "the completed ones", "everything about the car", "both calls"."""
    folds, all_words = words.folds, language.table("all")
    articles = language.any_of("definite", "partitive")
    at = 1 if folds[:1] and folds[0] in articles and not phrase_end(all_words, folds, 0) else 0
    every = phrase_end(all_words, folds, at)
    both = at < len(folds) and folds[at] in language.words["two"]
    if both and ("&" in folds or not language.words["conjunctions"].isdisjoint(folds)):
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
        if said and not (folds[at] in language.words["attributes"] and at == 0):
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
    if len(words) > 2 and words.folds[0] in language.any_of("both", "alternatives"):
        words = words[1:]
    joining = language.any_of("conjunctions", "alternatives")
    joints = [at for at, fold in enumerate(words.folds) if fold in _JOINTS or fold in joining]
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
