"""Cuts the words that follow "add" into titles and descriptions, each kept as it was written."""

import re

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import match, phrase_ends
from todo_chatbot.agent.offline.tokens import Words

_EDGES = " \t\n,;:-–—•·*"
_AFTER_QUOTE = frozenset(
    (
        "for",
        "me",
        "us",
        "please",
        "there",
        "too",
        "also",
        "as",
        "well",
        "now",
        "on",
        "to",
        "down",
        "in",
        "list",
        "my",
        "the",
        ",",
        ".",
    )
)
_MANY = frozenset(
    (
        "tasks",
        "todos",
        "items",
        "entries",
        "reminders",
        "things",
        "chores",
        "errands",
        "these",
        "following",
        "both",
        "dos",
    )
)


def tidy(title: str, *, quoted: bool = False) -> str:
    """Return a title without the marks around it; its first letter is large unless it was quoted."""
    title = re.sub(r"\s+", " ", title).strip()
    if quoted:
        return title
    title = title.strip(_EDGES)
    if title.endswith(".") and not title.endswith("..") and not re.search(r"\b\w\.\w?\.?$", title):
        title = title[:-1]
    if title.count("!") == 1 and title.endswith("!"):
        title = title[:-1].rstrip()
    first = title.split(" ", 1)[0]
    if first[:1].isascii() and first.islower():
        title = title[:1].upper() + title[1:]
    return title


def entries(
    words: Words, language: Language, *, many: bool = False, split: bool = True
) -> tuple[tuple[str, str], ...]:
    """Return (title, description) for each thing to do that ``words`` name."""
    words, note = description(strip(words, language), language)
    parts = pieces(words, language, many=many) if split and not note else [words]
    found = [(title_of(part, language), "") for part in parts]
    if note and found:
        found[-1] = (found[-1][0], note)
    return tuple((title, text) for title, text in found if title)


def title_of(words: Words, language: Language) -> str:
    """Return the title that ``words`` write."""
    words = strip(words, language)
    if len(words) and words.tokens[0].quoted and all(f in _AFTER_QUOTE for f in words.folds[1:]):
        return tidy(words.text[words.tokens[0].start + 1 : words.tokens[0].end - 1], quoted=True)
    return tidy(words.said)


def strip(words: Words, language: Language) -> Words:
    """Return the words without marks around them and without a link word before ("called", "to")."""
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


def unlink(words: Words, language: Language) -> Words:
    """Return the words after "called", "to", "that says" and the like."""
    words = strip(words, language)
    for end in phrase_ends(language.table("called"), words.folds, 0):
        if end < len(words):
            return strip(words[end:], language)
    return words


def description(words: Words, language: Language) -> tuple[Words, str]:
    """Return the words before a description, and the description ("... with the note: ...")."""
    folds = words.folds
    have = frozenset(folds)
    for pattern in language.descriptions:
        if not folds or not pattern.may_match(have, folds[0]):
            continue
        spans = match(pattern, folds, lambda *_: True)
        if spans is not None:
            before, note = (words[slice(*spans[name])] for name in ("title", "note"))
            return before, _note_text(strip(note, language))
    return words, ""


def _note_text(words: Words) -> str:
    if len(words) == 1 and words.tokens[0].quoted:
        return words.text[words.tokens[0].start + 1 : words.tokens[0].end - 1].strip()
    text = words.said.strip()
    if text.endswith(")") and "(" not in text:
        text = text[:-1]
    return text.strip(" ,;").removesuffix(".")


def note_text(words: Words, language: Language) -> str:
    """Return a description as it was written."""
    return _note_text(strip(words, language))


def pieces(words: Words, language: Language, *, many: bool = False) -> list[Words]:
    """Return the several things to do that are joined in ``words``; one if they are one."""
    firm = _cut(words, {"¶", ";", "•"})
    if len(firm) > 1:
        return [_unbullet(part) for part in firm]
    quoted = [i for i, token in enumerate(words.tokens) if token.quoted]
    if len(quoted) > 1 and all(
        t.quoted or t.fold in (",", "and", "&", "also", "plus") for t in words.tokens
    ):
        return [words[i : i + 1] for i in quoted]
    numbered = _numbered(words)
    if len(numbered) > 1:
        return numbered
    cuts = [
        _after_joint(part)
        for part in _cut(
            words,
            {",", "and", "&", "plus", "then", "+"} if many else {",", "and", "&", "plus", "+"},
        )
    ]
    parts = cuts
    parts = [_after_noun(part) for part in parts if len(part)]
    if len(parts) < 2:
        return [words]
    if many or any(
        part.tokens[0].start != whole.tokens[0].start
        for part, whole in zip(parts[1:], cuts[1:], strict=True)
    ):
        return parts
    return parts if _independent(words, parts, language) else [words]


def _independent(words: Words, parts: list[Words], language: Language) -> bool:
    verbs = language.words["base"]
    heads = [part.folds[0] for part in parts]
    if any({"it", "them", "him", "her", "there", "then"} & set(part.folds) for part in parts[1:]):
        return False
    if all(head in verbs and len(part) > 1 for head, part in zip(heads, parts, strict=True)):
        return True
    return len(parts) > 2 and all(len(part) <= 2 and part.folds[0] not in verbs for part in parts)


def _cut(words: Words, joints: set[str]) -> list[Words]:
    edges = [
        -1,
        *(i for i, t in enumerate(words.tokens) if t.fold in joints and not t.quoted),
        len(words),
    ]
    return [words[a + 1 : b] for a, b in zip(edges, edges[1:], strict=False) if b > a + 1]


def _after_noun(words: Words) -> Words:
    """Return the words after "task", "a task to": "add task A and task B" are A and B."""
    at = 1 if words.folds[0] in ("a", "another", "one") and len(words) > 2 else 0
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
    edges = [*starts, len(words)]
    return [words[a + 2 : b] for a, b in zip(edges, edges[1:], strict=False)]


def says_many(folds: tuple[str, ...]) -> bool:
    """Return whether the words before the titles announce several."""
    return bool(_MANY & set(folds))
