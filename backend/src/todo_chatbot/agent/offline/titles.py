"""Cuts the words that follow "add" into titles and descriptions, each kept as it was written."""

import itertools
import re

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import match, phrase_ends
from todo_chatbot.agent.offline.slots import filling
from todo_chatbot.agent.offline.tokens import Words

_EDGES = " \t\n,;:-–—•·*"
_AFTER_QUOTE = frozenset(
    "for me us please there too also as well now instead on to down in list my the , .".split()  # noqa: SIM905 - words read as words
)
"""Words after a quoted title that do not belong to it."""
_FEW = 2
_COMMAS = frozenset((",", ";"))
_JOINTS = frozenset((",", "and", "&", "plus", "+"))
_ENUMERATING = {("and", "to"), (",", "to"), ("and", "also"), (",", "also"), ("then", "to")}
_MORE = (("and", "also"), ("also",))
_POINTING = frozenset(("them", "her", "him"))
_REFERRING = frozenset(("it", "them", "him", "her", "there", "then"))


def tidy(title: str, *, quoted: bool = False) -> str:
    """Return a title without the marks around it; its first letter is large if it is not quoted."""
    if quoted:
        return title.strip()
    title = re.sub(r"\s+", " ", title).strip(_EDGES)
    if title.endswith(".") and not title.endswith("..") and not re.search(r"\b\w\.\w?\.?$", title):
        title = title[:-1]
    if title.count("!") == 1 and title.endswith("!"):
        title = title[:-1].rstrip()
    first = title.split(" ", 1)[0]
    if first[:1].isascii() and first.islower():
        title = title[:1].upper() + title[1:]
    return title


def entries(
    words: Words,
    language: Language,
    *,
    many: bool = False,
    count: int = 0,
    split: bool = True,
) -> tuple[tuple[str, str], ...]:
    """Return (title, description) for each thing to do that ``words`` name."""
    words, note = description(strip(words), language)
    parts = pieces(words, language, many=many, count=count) if split and not note else [words]
    found = [(title_of(part), "") for part in parts]
    if note and found:
        found[-1] = (found[-1][0], note)
    return tuple((title, text) for title, text in found if title)


def title_of(words: Words) -> str:
    """Return the title that ``words`` write."""
    words = strip(words)
    if len(words) and words.tokens[0].quoted and all(f in _AFTER_QUOTE for f in words.folds[1:]):
        return tidy(words.text[words.tokens[0].start + 1 : words.tokens[0].end - 1], quoted=True)
    return tidy(words.said)


def strip(words: Words) -> Words:
    """Return the words without marks around them."""
    start, end = 0, len(words)
    while (
        start < end and not words.tokens[start].quoted and words.tokens[start].fold in ",;:-–—•·*¶="
    ):
        start += 1
    while (
        end > start and not words.tokens[end - 1].quoted and words.tokens[end - 1].fold in ",;:-–—¶"
    ):
        end -= 1
    return words[start:end]


def after(words: Words, link: str, language: Language) -> Words:
    """Return the words after a phrase of the table ``link``, if they begin with one."""
    words = strip(words)
    for end in phrase_ends(language.table(link), words.folds, 0):
        if end < len(words):
            return strip(words[end:])
    return words


def description(words: Words, language: Language) -> tuple[Words, str]:
    """Return the words before a description, and the description ("... with note: ...")."""
    folds = words.folds
    have = frozenset(folds)
    for pattern in language.descriptions:
        if not folds or not pattern.may_match(have, folds[0]):
            continue
        spans = match(pattern, folds, filling(words, pattern, language))
        if spans is not None:
            before, note = (words[slice(*spans[name])] for name in ("title", "note"))
            return before, note_text(note)
    return words, ""


def note_text(words: Words) -> str:
    """Return a description as it was written."""
    words = strip(words)
    if len(words) == 1 and words.tokens[0].quoted:
        return words.text[words.tokens[0].start + 1 : words.tokens[0].end - 1].strip()
    text = words.said.strip()
    if text.endswith(")") and "(" not in text:
        text = text[:-1]
    return text.strip(" ,;").removesuffix(".")


def pieces(words: Words, language: Language, *, many: bool = False, count: int = 0) -> list[Words]:
    """Return the several things to do that are joined in ``words``; one if they are one.

    ``many``: several were announced, so that every joint counts, or ``count`` of them: then in
    "two things: renew the pass, and call Ann and Bob" only the comma does.
    """
    by_comma = [_after_joint(part) for part in _cut(words, _COMMAS)]
    if count > 1 and len(by_comma) == count:
        return by_comma
    if words.folds[:1] == ("both",) and len(words) > 3:
        words, many = words[1:], True
    lines = _cut(words, frozenset(("¶", ";", "•")))
    if len(lines) > 1:
        return [_unbullet(part) for part in lines]
    quoted = _quoted(words)
    if len(quoted) > 1:
        return quoted
    numbered = _numbered(words)
    if len(numbered) > 1:
        return numbered
    again = _cut(words, frozenset(("add",)))
    if len(again) > 1 and all(p.folds[0] in language.words["base"] for p in again):
        # "add book the band add order the flowers", without a mark
        found = [strip(_without_and(part)) for part in again]
        return [part for part in found if len(part)]
    joints = _JOINTS | {"then"} if many else _JOINTS
    joined = [_after_joint(part) for part in _cut(words, joints)]
    if many and len(by_comma) > _FEW:
        # In "eggs, half and half, bread and jam" only the last "and" joins the list.
        joined = [*by_comma[:-1], *(_after_joint(part) for part in _cut(by_comma[-1], joints))]
    parts = [_after_noun(part) for part in joined]
    more = any(part.folds[:2] in _MORE for part in _cut(words, frozenset((",",))) + _ands(words))
    announced = (
        many or more or any(len(a) < len(b) for a, b in zip(parts[1:], joined[1:], strict=True))
    )
    if announced or _independent(parts, language, "and" not in words.folds):
        return parts
    orders = [_after_joint(part) for part in _cut(words, frozenset((",",)))]
    # In "call Ann, buy milk and bread, water the ferns" the commas part, "and" joins.
    return orders if len(orders) > 2 and _all_begin(orders, language) else [words]


def _without_and(words: Words) -> Words:
    return words[:-1] if words.folds[-1] in _JOINTS and len(words) > 1 else words


def _ands(words: Words) -> list[Words]:
    return [words[at:] for at, fold in enumerate(words.folds) if fold == "and"]


def enumerates(words: Words) -> bool:
    """Return whether things to do are told one by one: "to buy milk and to call Ann"."""
    pairs = set(itertools.pairwise(words.folds))
    return "¶" in words.folds or not pairs.isdisjoint(_ENUMERATING)


def _quoted(words: Words) -> list[Words]:
    """Return the quoted titles if there is nothing beside them."""
    between = _JOINTS | {"also"}
    if not all(token.quoted or token.fold in between for token in words.tokens):
        return []
    return [words[at : at + 1] for at, token in enumerate(words.tokens) if token.quoted]


def _refers(words: Words) -> bool:
    """Return whether words speak of what others name: "post it"; "them keys" are keys."""
    ends = [*words.folds[1:], ""]
    return any(
        fold in _REFERRING and (fold not in _POINTING or not after.isalpha())
        for fold, after in zip(words.folds, ends, strict=True)
    )


def _independent(parts: list[Words], language: Language, by_comma: bool) -> bool:
    """Return whether parts are things to do of their own: verbs with objects, nouns in a row."""
    verbs = language.words["base"]
    quoted = [part.tokens[0].quoted for part in parts]
    if any(quoted) and not all(quoted):
        return False  # "learn the words 'remove', 'complete' and 'list'" is one thing
    heads = [part.folds[0] in verbs or part.tokens[0].quoted for part in parts]
    if any(_refers(part) for part in parts[1:]):
        return False
    if all(heads):
        return all(len(part) > 1 or part.tokens[0].quoted for part in parts)
    if any(heads) or any(len(part) > 2 for part in parts):
        return False
    days = any(part.folds[0] in kind for part in parts for kind in language.kinds)
    return len(parts) > 2 or (by_comma and not days)


def _all_begin(parts: list[Words], language: Language) -> bool:
    """Return whether every part begins with a verb of its own and says what with."""
    verbs = language.words["base"]
    refers = any(_refers(part) for part in parts[1:])
    return not refers and all(len(part) > 1 and part.folds[0] in verbs for part in parts)


def _cut(words: Words, joints: frozenset[str]) -> list[Words]:
    places = (at for at, t in enumerate(words.tokens) if t.fold in joints and not t.quoted)
    edges = itertools.pairwise([-1, *places, len(words)])
    return [words[a + 1 : b] for a, b in edges if b > a + 1]


def _after_noun(words: Words) -> Words:
    """Return the words after "task", "a task to": "add task A and task B" are A and B."""
    at = 1 if words.folds[0] in ("a", "another", "one") and len(words) > 2 else 0
    if at and words.folds[1] == "one" and len(words) > 3:
        at = 2
    if at and words.folds[at] in ("to", "for") and words.folds[0] != "a":
        return words[at + 1 :]
    if words.folds[at] in ("task", "todo", "reminder") and len(words) > at + 1:
        at += 1
        return (
            words[at + 1 :]
            if words.folds[at] in ("to", "called", ":") and len(words) > at + 1
            else words[at:]
        )
    return words


def _after_joint(words: Words) -> Words:
    while len(words) > 1 and words.tokens[0].fold in ("and", "also", "then", "to", "plus", "&"):
        words = words[1:]
    return words


def _unbullet(words: Words) -> Words:
    while len(words) > 1 and not words.tokens[0].quoted and words.tokens[0].fold in "-–—*•·[]":
        words = words[1:]
    if len(words) > 2 and words.tokens[0].fold.isdecimal() and words.tokens[1].fold in ".):":
        words = words[2:]
    return words


def _numbered(words: Words) -> list[Words]:
    starts = [
        i
        for i in range(len(words) - 2)
        if words.tokens[i].fold.isdecimal()
        and words.tokens[i + 1].fold in (")", ".")
        and words.tokens[i + 1].start == words.tokens[i].end
    ]
    if len(starts) < 2 or starts[0] != 0:
        return []
    return [words[a + 2 : b] for a, b in itertools.pairwise([*starts, len(words)])]
