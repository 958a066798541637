"""Cuts what is to be done into the several things that a message joins: by lines, commas, "and"."""

import functools
import itertools

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import phrase_end
from todo_chatbot.agent.offline.tokens import Words

_COMMAS = frozenset((",", ";"))
_SIGNS = frozenset((",", "&", "+"))
"""Marks that join; words are those of [grammar]."""
_FEW = 2


def pieces(words: Words, language: Language, *, many: bool = False, count: int = 0) -> list[Words]:
    """Return the several things to do that are joined in ``words``; one if they are one.

    ``many``: several were announced, so that every joint counts, or ``count`` of them: then in
    "two things: renew the pass, and call Ann and Bob" only the comma does.
    """
    by_comma = [_after_joint(part, language) for part in _cut(words, _COMMAS)]
    if count > 1 and len(by_comma) == count:
        return by_comma
    if len(words) > 3 and words.folds[0] in language.words["both"]:
        words, many = words[1:], True
    apart = _set_apart(words, language) or _added_again(words, language)
    if apart:
        return apart
    joints = _joints(language)
    joints = joints | language.words["then"] if many else joints
    joined = [_after_joint(part, language) for part in _cut(words, joints)]
    if many and len(by_comma) > _FEW:
        # In "eggs, half and half, bread and jam" only the last "and" joins the list.
        last = (_after_joint(part, language) for part in _cut(by_comma[-1], joints))
        joined = [*by_comma[:-1], *last]
    parts = [_after_noun(part, language) for part in joined]
    named = any(len(a) < len(b) for a, b in zip(parts[1:], joined[1:], strict=True))
    by_marks = language.words["conjunctions"].isdisjoint(words.folds)
    if many or named or _more(words, language) or _independent(parts, language, by_marks):
        return parts
    listed = _listed(words, language)
    if listed:
        return listed
    # In "call Ann, buy milk and bread, water the ferns" the commas part, "and" joins.
    orders = [_after_joint(part, language) for part in _cut(words, frozenset((",",)))]
    return orders if len(orders) > _FEW and _all_begin(orders, language) else [words]


def _listed(words: Words, language: Language) -> list[Words]:
    """Return the parts of "dentist on Tuesday, buy a gift for mom and oil change", else nothing.

    A verb begins one of the later ones, or none of them, so that they are no objects of the first.
    """
    *parts, last = [_after_joint(part, language) for part in _cut(words, frozenset((",",)))]
    *more, end = _cut(last, language.words["conjunctions"])
    parts += [*more, end] if more and len(end) > 1 else [last]
    verbs = [part.folds[0] in language.words["base"] for part in parts]
    plain = any(
        len(part) < _FEW or part.tokens[0].quoted or _refers(part, language) for part in parts
    )
    return parts if len(parts) > _FEW and not plain and (any(verbs[1:]) or not verbs[0]) else []


def _set_apart(words: Words, language: Language) -> list[Words]:
    """Return the parts that lines, quotes or numbers set apart; none if they do not."""
    lines = _cut(words, frozenset(("¶", ";", "•")))
    if len(lines) > 1:
        return [_without_order(_unbullet(part), language) for part in lines]
    quoted = _quoted(words, language)
    return quoted if len(quoted) > 1 else _numbered(words)


def _without_order(words: Words, language: Language) -> Words:
    """Return the words after "add:", said once more: "add: call Ann; add: buy milk"."""
    end = phrase_end(language.table("plainadd"), words.folds)
    colon = end and words.folds[end : end + 1] == (":",) and len(words) > end + 1
    return words[end + 1 :] if colon else words


def _added_again(words: Words, language: Language) -> list[Words]:
    """Return the parts of "(add) book the band add order the flowers", which has no marks."""
    entry = language.table("next_entry")
    marks = [(at, end) for at in range(len(words)) if (end := phrase_end(entry, words.folds, at))]
    if marks:
        edges = itertools.pairwise([(0, 0), *marks, (len(words), 0)])
        entries = [words[end:begin] for (_, end), (begin, _) in edges]
        return [part for part in entries if len(part)]
    again = _cut(words, language.words["adding"])
    if len(again) < _FEW or any(p.folds[0] not in language.words["base"] for p in again):
        return []
    return [_without_and(part, language) for part in again]


@functools.cache
def _joints(language: Language) -> frozenset[str]:
    return _SIGNS | language.words["conjunctions"]


def _more(words: Words, language: Language) -> bool:
    """Return whether "and also" says that another thing follows."""
    joining, sequels = language.words["conjunctions"], language.words["also"]
    return any(a in joining and b in sequels for a, b in itertools.pairwise(words.folds))


def _without_and(words: Words, language: Language) -> Words:
    return words[:-1] if words.folds[-1] in _joints(language) and len(words) > 1 else words


def enumerates(words: Words, language: Language) -> bool:
    """Return whether things to do are told one by one: "to buy milk and to call Ann"."""
    joining = _joints(language) | language.words["then"]
    again = language.any_of("infinitive", "also")
    pairs = itertools.pairwise(words.folds)
    return "¶" in words.folds or any(a in joining and b in again for a, b in pairs)


def _quoted(words: Words, language: Language) -> list[Words]:
    """Return the quoted titles if there is nothing beside them."""
    between = _joints(language) | language.any_of("also", "definite", "indefinite", "task_nouns")
    if not all(token.quoted or token.fold in between for token in words.tokens):
        return []
    return [words[at : at + 1] for at, token in enumerate(words.tokens) if token.quoted]


def _refers(words: Words, language: Language) -> bool:
    """Return whether words speak of what others name: "post it"; "them keys" are keys."""
    ends, objects = [*words.folds[1:], ""], language.words["objects"]
    referring = language.any_of("it", "objects", "there", "then")
    return any(
        fold in referring and (fold not in objects or not after.isalpha())
        for fold, after in zip(words.folds, ends, strict=True)
    )


def _independent(parts: list[Words], language: Language, by_comma: bool) -> bool:
    """Return whether parts are things to do of their own: verbs with objects, nouns in a row."""
    verbs = language.words["base"]
    quoted = [part.tokens[0].quoted for part in parts]
    if any(quoted) and not all(quoted):
        return False  # "learn the words 'remove', 'complete' and 'list'" is one thing
    heads = [part.folds[0] in verbs or part.tokens[0].quoted for part in parts]
    if any(_refers(part, language) for part in parts[1:]):
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
    refers = any(_refers(part, language) for part in parts[1:])
    return not refers and all(len(part) > 1 and part.folds[0] in verbs for part in parts)


def _cut(words: Words, joints: frozenset[str]) -> list[Words]:
    places = (at for at, t in enumerate(words.tokens) if t.fold in joints and not t.quoted)
    edges = itertools.pairwise([-1, *places, len(words)])
    return [words[a + 1 : b] for a, b in edges if b > a + 1]


def _after_noun(words: Words, language: Language) -> Words:
    """Return the words after "task", "a task to": "add task A and task B" are A and B."""
    end = phrase_end(language.table("another"), words.folds)
    return words[end:] if 0 < end < len(words) else words


def _after_joint(words: Words, language: Language) -> Words:
    joints = language.any_of("conjunctions", "also", "then", "infinitive")
    while len(words) > 1 and (words.folds[0] == "&" or words.folds[0] in joints):
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
