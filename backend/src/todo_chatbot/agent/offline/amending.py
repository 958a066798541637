"""Titles that are put right in part: "make that Friday", "change mom to dad"."""

from collections.abc import Sequence

from todo_chatbot.agent.offline import titles
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.references import is_time
from todo_chatbot.agent.offline.similarity import stem
from todo_chatbot.agent.offline.tokens import Words, read

_SHORT_TITLE, _SHORT_PART = 4, 3
"""Words of a title that is a verb and its object, and of what may be another object."""


def swapped(title: str, old: str, new: str) -> str | None:
    """Return the title with ``old`` replaced by ``new``, or None if it is not in it."""
    old = old.strip(" .!?\"'“”‘’")
    at = title.casefold().find(old.casefold())
    if at < 0 or not old:
        return None
    before, first = title[:at].rstrip(), new.split(" ", 1)[0]
    if " " in new and before.casefold().endswith(f" {first}".casefold()):
        at, old = len(before) - len(first), title[len(before) - len(first) : at] + old
    result = title[:at] + new + title[at + len(old) :]
    return result[:1].upper() + result[1:]


def amended(title: str, words: Words, language: Language) -> str:
    """Return the title that "make that ..." means: with a part of the old one replaced, or all."""
    old = read(title, language.spellings)
    if _is_whole(words, old, language):
        return titles.title_of(words, language)
    said = words.said.strip(" .!?,")
    part = _counterpart(old, words, language)
    if part is not None:
        return title[: old.tokens[part.start].start] + said + title[old.tokens[part.stop - 1].end :]
    name = _other_name(old, words, language)
    if name is not None:
        return title[: old.tokens[name.start].start] + said + title[old.tokens[name.stop - 1].end :]
    if is_time(words, language):
        return f"{title} {said}"
    if _takes_object(old, language) and len(_spoken(words)) <= _SHORT_PART:
        return f"{title[: old.tokens[0].end]} {said}"
    return titles.title_of(words, language)


def is_whole(words: Words, title: str, language: Language) -> bool:
    """Return whether words are a title of their own beside an old one, which begins like them."""
    old = read(title, language.spellings)
    return len(words) > 1 and words.folds[0] == old.folds[0] and _is_whole(words, old, language)


def _is_whole(words: Words, old: Words, language: Language) -> bool:
    """Return whether words are a title of their own."""
    folds = _spoken(words)
    if not folds or not old.folds or words.tokens[0].quoted:
        return True
    said_again = len(set(folds) & set(old.folds)) >= len(old) - 1 > 1
    return said_again or folds[0] in language.words["base"]


def _counterpart(old: Words, words: Words, language: Language) -> slice | None:
    """Return the part of a title that words replace: of their kind, or with the same noun."""
    folds = _spoken(words)
    for at, fold in enumerate(old.folds):
        if _same_kind(fold, folds[-1], language):
            both = at and {folds[0], old.folds[at - 1]} <= language.words["prepositions"]
            again = at > 1 and folds[-2:-1] == [old.folds[at - 1]] and not both
            begin = _begin(old, at, folds, language) if again else at
            return slice(at - 1 if both else begin, at + 1)
        if stem(fold, language) == stem(folds[-1], language):
            return slice(_begin(old, at, folds, language), at + 1)
    return None


def _other_name(old: Words, words: Words, language: Language) -> slice | None:
    """Return the one name in a title that another stands for: "at Luigi's" for "at Nonna's"."""
    begin = 1 if len(words) > 1 and words.folds[0] in language.words["prepositions"] else 0
    named = [at for at in range(1, len(old)) if _is_name(old, at)]
    if not named or not all(_is_name(words, at) for at in range(begin, len(words))):
        return None
    start, end = named[0], named[-1] + 1
    if end - start != len(named) or (old.folds[end - 1] == "'s" != words.folds[-1]):
        return None
    placed = begin and old.folds[start - 1] in language.words["prepositions"]
    return slice(start - 1 if placed else start, end)


def _is_name(words: Words, at: int) -> bool:
    """Return whether a word is written large, or belongs to one that is: "Dr." and "Bellini's"."""
    token = words.tokens[at]
    if token.fold in (".", "'s"):
        return at > 0 and _is_name(words, at - 1)
    return words.text[token.start : token.start + 1].isupper()


def _begin(old: Words, at: int, said: Sequence[str], language: Language) -> int:
    """Return where the part of a title begins whose noun stands at ``at`` and is said again.

    "Three bottles of wine" replace "a bottle of wine", "oat milk" replaces "milk".
    """
    if 0 < at == len(old) - 1 and _takes_object(old, language):
        return 1
    if at > 1 and old.folds[at - 1] == "'s":
        return at - 2  # "Kayla's potluck" replaces "Tasha's potluck"
    small = language.any_of("prepositions", "conjunctions", "definite", "indefinite")
    again = {stem(fold, language) for fold in said[:-1]} - small
    first = next((n for n in range(at) if stem(old.folds[n], language) in again), at)
    if first == at and said[1:]:
        return _described_from(old, at, said, language)
    counted = first and old.folds[first - 1] in language.table("article") | language.numbers.keys()
    return first - 1 if counted else first


def _described_from(old: Words, at: int, said: Sequence[str], language: Language) -> int:
    """Return where the words before a noun begin that others replace: "shady mix", "sunny mix"."""
    small = language.any_of("prepositions", "conjunctions", "definite", "indefinite")
    one = language.any_of("definite", "indefinite", "stand_in")
    start, least = at, 1 if old.folds[0] in language.words["base"] else 0
    for _ in said[1:]:
        if start <= least or old.folds[start - 1] in small:
            break
        start -= 1
    counts = said[0].isdecimal() or said[0] in one or said[0] in language.numbers
    return start - 1 if counts and start > least and old.folds[start - 1] in one else start


def stands_for_part(title: str, words: Words, language: Language) -> bool:
    """Return whether words have a counterpart in a title: "4" in "Dentist at 3"."""
    return _counterpart(read(title, language.spellings), words, language) is not None


def _spoken(words: Words) -> list[str]:
    return [fold for fold in words.folds if fold.isalnum()]


def _takes_object(old: Words, language: Language) -> bool:
    return old.folds[0] in language.words["base"] and len(old) <= _SHORT_TITLE


def _same_kind(one: str, other: str, language: Language) -> bool:
    """Return whether both are days, both months, both numbers and the like."""
    if one[:1].isdigit() and other[:1].isdigit():
        return True
    if one != other and {one, other} <= language.numbers.keys():
        return True
    return one != other and any(one in kind and other in kind for kind in language.kinds)
