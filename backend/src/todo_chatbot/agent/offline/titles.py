"""Cuts the words that follow "add" into titles and descriptions, each kept as it was written."""

import re

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import match, phrase_ends
from todo_chatbot.agent.offline.pieces import pieces
from todo_chatbot.agent.offline.slots import filling
from todo_chatbot.agent.offline.tokens import Words

_EDGES = " \t\n,;:-–—•·*"


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
    found = [(title_of(part, language), "") for part in parts]
    if note and found:
        found[-1] = (found[-1][0], note)
    return tuple((title, text) for title, text in found if title)


def title_of(words: Words, language: Language) -> str:
    """Return the title that ``words`` write."""
    words = strip(words)
    if len(words) and words.tokens[0].quoted and _is_after_quote(words[1:], language):
        return tidy(words.text[words.tokens[0].start + 1 : words.tokens[0].end - 1], quoted=True)
    return tidy(words.said)


def _is_after_quote(words: Words, language: Language) -> bool:
    """Return whether words behind a quoted title do not belong to it."""
    manners = language.words["after_quote"]
    if len(words) > 1 and words.folds[0] == "," and words.folds[1] in language.words["subjects"]:
        return True  # '"bring it", otherwise I forget'
    return all(fold in manners or fold in ",." for fold in words.folds)


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
    if words.tokens[:1] and words.tokens[0].quoted and words.folds[1:2] in ((), (",",)):
        return words.text[words.tokens[0].start + 1 : words.tokens[0].end - 1].strip()
    text = words.said.strip()
    if text.endswith(")") and "(" not in text:
        text = text[:-1]
    return text.strip(" ,;").removesuffix(".")
