"""The small pattern language of the word tables, and its matcher.

    mark {ref} [as] <done>      words, a slot, an optional word, a class of words
    (rename|change) {ref} to {title}

``(a|b c)`` is one of several phrases, ``[a|b]`` the same but may be missing, ``<done>`` any phrase
of that class, ``{slot}`` one or more words, ``%`` an opening bracket. A pattern has to match the
whole clause. Failed states are remembered, and a slot that something follows is short, so the work
grows with the length of the clause, never with its square.
"""

import difflib
import functools
import itertools
import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Phrase = tuple[str, ...]
Classes = Mapping[str, tuple[Phrase, ...]]
Table = Mapping[str, tuple[tuple[int, frozenset[Phrase]], ...]]
"""Phrases by their first word and their length."""

LONGEST_INNER_SLOT = 40
"""Words of a slot that something follows: titles end at 200 characters anyway."""

MOST_PHRASES = 2_000
"""Of one entry of a class. Each is kept in memory: one more optional word doubles them."""

_CLASS = re.compile(r"<(\w+)>")
_STRAY, _ARROWS = frozenset("(){}[]<>|"), ("->", "=>")
"""What no word has, but for the words that are arrows."""
_CLOSERS = {"{": ("}", "slot"), "(": (")", "one"), "[": ("]", "maybe"), "<": (">", "class")}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several phrases, found by their first word."""

    phrases: Table
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap to be filled by one or more words."""

    name: str


@dataclass(frozen=True, slots=True)
class Follow:
    """What may stand after an element: one of ``words`` (None: any), or the end of the clause."""

    words: frozenset[str] | None
    end: bool

    def allows(self, folds: Sequence[str], at: int) -> bool:
        """Return whether a clause may go on at ``at``, or be over there."""
        if at == len(folds):
            return self.end
        return self.words is None or folds[at] in self.words


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern.

    ``source`` is how the table writes it; a match begins with a word of ``head`` (None: with any)
    and has a word of each set in ``needs``; ``follows`` says what may stand after each element.
    ``place`` is its line: "en.toml:947". ``classes`` are those it names, ``slots`` its slots in
    order; ``begins`` and ``ends`` are the slots at its ends, empty where words of its own stand.
    """

    source: str
    elements: tuple[Choice | Slot, ...] = ()
    flag: str = ""
    head: frozenset[str] | None = None
    needs: tuple[frozenset[str], ...] = ()
    follows: tuple["Follow", ...] = ()
    place: str = ""
    classes: frozenset[str] = frozenset()
    slots: tuple[str, ...] = ()
    begins: str = ""
    ends: str = ""

    @property
    def alone(self) -> bool:
        """Whether it is one slot and nothing else."""
        return len(self.elements) == len(self.slots) == 1

    def may_match(self, words: frozenset[str] | set[str], first: str) -> bool:
        """Return False if a clause of these words cannot match, without trying."""
        if self.head is not None and first not in self.head:
            return False
        return all(not need.isdisjoint(words) for need in self.needs)


NO_PATTERN = Pattern("")
"""Of what no pattern says."""


def phrases(source: str, classes: Classes) -> tuple[Phrase, ...]:
    """Return every phrase that a slotless pattern stands for: "[my|the] list" is three."""
    options: list[tuple[Phrase, ...]] = []
    for kind, text in _pieces(source):
        if kind == "slot":
            raise ValueError(f"a slot stands alone, never in brackets or words: {source!r}")
        options.append(_choices(kind, text, classes))
    if math.prod(map(len, options)) > MOST_PHRASES:
        raise ValueError(f"stands for more than {MOST_PHRASES} phrases: {source!r}")
    return _joined(tuple(options))


# Remembered, here and below, to keep once what tables say again and again.
@functools.cache
def _joined(options: tuple[tuple[Phrase, ...], ...]) -> tuple[Phrase, ...]:
    return tuple(
        dict.fromkeys(
            tuple(itertools.chain.from_iterable(parts)) for parts in itertools.product(*options)
        )
    )


def compile_pattern(source: str, classes: Classes, place: str = "") -> Pattern:
    """Return the pattern that ``source`` writes; after ``!`` stands a flag for who reads it."""
    text, _, flag = source.partition(" !")
    elements: list[Choice | Slot] = []
    for kind, inner in _pieces(text):
        if kind == "slot":
            elements.append(Slot(inner))
            continue
        found = _choices(kind, inner, classes)
        elements.append(Choice(by_first_word(found), optional=() in found))
    needs = tuple(
        frozenset(e.phrases) for e in elements if isinstance(e, Choice) and not e.optional
    )
    follows = tuple(_begin(elements[at + 1 :]) for at in range(len(elements)))
    head = _begin(elements)
    slots = tuple(element.name for element in elements if isinstance(element, Slot))
    return Pattern(
        source,
        tuple(elements),
        flag.strip(),
        None if head.end else head.words,
        needs,
        follows,
        place,
        classes=frozenset(_CLASS.findall(text)),
        slots=slots,
        begins=slots[0] if slots and isinstance(elements[0], Slot) else "",
        ends=slots[-1] if slots and isinstance(elements[-1], Slot) else "",
    )


def _begin(elements: Sequence[Choice | Slot]) -> Follow:
    """Return how a row of elements may begin."""
    words: set[str] = set()
    for element in elements:
        if isinstance(element, Slot):
            return Follow(None, end=False)
        words.update(element.phrases)
        if not element.optional:
            return _followed(frozenset(words), end=False)
    return _followed(frozenset(words), end=True)


@functools.cache
def _followed(words: frozenset[str], *, end: bool) -> Follow:
    return Follow(words, end)


def _choices(kind: str, text: str, classes: Classes) -> tuple[Phrase, ...]:
    if kind == "word":
        return (("(" if text == "%" else text,),)
    if kind == "class":
        if text not in classes:
            near = difflib.get_close_matches(text, classes, 1)
            meant = f"did you mean <{near[0]}>? Or " if near else ""
            raise ValueError(
                f"<{text}> is no class: {meant}add it to [classes], before what uses it"
            )
        return classes[text]
    found = tuple(phrase for one in _alternatives(text) for phrase in phrases(one, classes))
    return (*found, ()) if kind == "maybe" else found


def _pieces(source: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) for each slot, class, group and word of a pattern."""
    at = 0
    while at < len(source):
        sign = source[at]
        if sign == " ":
            at += 1
        elif sign in _CLOSERS:
            end = _closing(source, at)
            yield _CLOSERS[sign][1], source[at + 1 : end]
            at = end + 1
        else:
            end = source.find(" ", at)
            end = len(source) if end < 0 else end
            if not _STRAY.isdisjoint(source[at:end]) and source[at:end] not in _ARROWS:
                raise ValueError(f"a bracket too many, or no space before one: {source[at:end]!r}")
            yield "word", sys.intern(source[at:end])
            at = end


def _closing(source: str, at: int) -> int:
    opener, closer, depth = source[at], _CLOSERS[source[at]][0], 0
    for end in range(at, len(source)):
        depth += (source[end] == opener) - (source[end] == closer)
        if depth == 0:
            return end
    raise ValueError(f"{opener} is never closed: {source[at : at + 40]!r}")


def _alternatives(text: str) -> Iterator[str]:
    depth = start = 0
    for at, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if sign == "|" and depth == 0:
            yield text[start:at]
            start = at + 1
    yield text[start:]


@functools.cache
def by_first_word(found: tuple[Phrase, ...]) -> Table:
    """Return the phrases under their first word, of one length together, the longest first."""
    table: dict[str, dict[int, set[Phrase]]] = {}
    for phrase in filter(None, found):
        table.setdefault(phrase[0], {}).setdefault(len(phrase), set()).add(phrase)
    return {
        word: tuple((size, frozenset(some[size])) for size in sorted(some, reverse=True))
        for word, some in table.items()
    }


def phrase_ends(table: Table, folds: Sequence[str], at: int) -> Iterator[int]:
    """Yield where a phrase of the table that begins at ``at`` ends, longest first."""
    if at < len(folds):
        for size, some in table.get(folds[at], ()):
            if tuple(folds[at : at + size]) in some:
                yield at + size


def phrase_end(table: Table, folds: Sequence[str], at: int = 0) -> int:
    """Return where the longest phrase of the table that begins at ``at`` ends; 0 if none does."""
    if at >= len(folds) or folds[at] not in table:
        return 0
    return next(phrase_ends(table, folds, at), 0)


def begins(table: Table, folds: Sequence[str]) -> bool:
    """Return whether words begin with a phrase of the table."""
    return phrase_end(table, folds) > 0


def table_has(table: Table, folds: Sequence[str]) -> bool:
    """Return whether the words are, as a whole, a phrase of the table."""
    return bool(folds) and len(folds) in set(phrase_ends(table, folds, 0))


def match(
    pattern: Pattern, folds: Sequence[str], fits: Callable[[str, int, int], bool]
) -> dict[str, tuple[int, int]] | None:
    """Return where each slot lies if the pattern matches all of ``folds``, else None.

    ``fits(slot, start, end)`` says whether words may fill a slot.
    """
    slots: dict[str, tuple[int, int]] = {}
    dead: set[tuple[int, int]] = set()

    def go(index: int, at: int) -> bool:
        if index == len(pattern.elements):
            return at == len(folds)
        if (index, at) in dead:
            return False
        element = pattern.elements[index]
        ends = (
            _slot_ends(pattern, index, at, len(folds))
            if isinstance(element, Slot)
            else _choice_ends(element, folds, at)
        )
        for end in ends:
            if isinstance(element, Slot) and not (
                pattern.follows[index].allows(folds, end) and fits(element.name, at, end)
            ):
                continue
            if go(index + 1, end):
                if isinstance(element, Slot):
                    slots[element.name] = (at, end)
                return True
        dead.add((index, at))
        return False

    return slots if go(0, 0) else None


def _slot_ends(pattern: Pattern, index: int, at: int, size: int) -> Iterator[int]:
    if index == len(pattern.elements) - 1:
        return iter((size,) if at < size else ())
    return iter(range(at + 1, min(size, at + LONGEST_INNER_SLOT) + 1))


def _choice_ends(choice: Choice, folds: Sequence[str], at: int) -> Iterator[int]:
    yield from phrase_ends(choice.phrases, folds, at)
    if choice.optional:
        yield at
