"""Where sentences end."""

import itertools

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.tokens import Words

MOST = 24
"""Sentences of one message; of more, none is read."""


def sentences(words: Words, language: Language) -> list[Words]:
    """Return the sentences; the mark at its end stays with a sentence."""
    numbering = _numbering(words)
    inside = _inside(words)
    cuts = [
        at + 1
        for at in range(len(words) - 1)
        if at not in inside and _ends_at(words, at, numbering, language)
    ]
    return [words[a:b] for a, b in itertools.pairwise([0, *cuts, len(words)]) if b > a]


def _ends_at(words: Words, at: int, numbering: set[int], language: Language) -> bool:
    token = words.tokens[at]
    if token.quoted or token.fold not in (".", "!", "?"):
        return False
    before = words.tokens[at - 1].fold if at else ""
    known = language.words["abbreviations"]
    shortened = before in known or (len(before) == 1 and before.isalpha())
    if before in language.words["abbreviations_of_number"]:
        # "no. 3" is a number, "no. Delete ..." is a no.
        shortened = at + 1 < len(words) and words.tokens[at + 1].fold[0].isdecimal()
    if token.fold == "." and (shortened or at in numbering):
        return False
    return words.text[token.end : token.end + 1].isspace()


def _inside(words: Words) -> set[int]:
    """Return where words stand in brackets, which no sentence ends in."""
    inside, opened = set[int](), -1
    for at, token in enumerate(words.tokens):
        if token.fold == "(":
            opened = at
        elif token.fold == ")" and opened >= 0:
            inside.update(range(opened, at))
            opened = -1
    return inside


def _numbering(words: Words) -> set[int]:
    """Return the marks after the numbers of a numbered list: 1. ... 2. ... 3. ..."""
    marks, expected = set(), 1
    for at, (token, mark) in enumerate(itertools.pairwise(words.tokens)):
        if token.fold == str(expected) and mark.fold in (".", ")") and mark.start == token.end:
            marks.add(at + 1)
            expected += 1
    return marks if expected > 2 else set()
