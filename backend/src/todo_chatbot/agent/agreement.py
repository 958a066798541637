"""Did the person say yes? In doubt they did not: being asked once more costs nothing."""

import unicodedata

from todo_chatbot.agent.offline.clause import read_clause
from todo_chatbot.agent.offline.lexicon import Language, load
from todo_chatbot.agent.offline.patterns import phrase_ends, table_has
from todo_chatbot.agent.offline.tokens import read

_QUESTION_MARKS = frozenset("?？؟")


def asks(message: str) -> bool:
    """Return whether a message asks something."""
    return not _QUESTION_MARKS.isdisjoint(message)


def agrees(message: str) -> bool:
    """Return whether a message is a yes, perhaps with more to it: "yes, but not the first"."""
    language = load("en")
    said = read(message, language.spellings)
    clause = read_clause(said, language)
    words = tuple(fold for fold in said.folds if not _is_mark(fold))
    # As whole messages, the words that the built-in assistant takes for a yes are one here too.
    if any(table_has(language.table("yes"), whole) for whole in (clause.words.folds, words)):
        return True
    if asks(message) or any(_begins("anyno", words[at:], language) for at in range(len(words))):
        return False
    return _begins("anyyes", words, language)


def _begins(name: str, words: tuple[str, ...], language: Language) -> bool:
    return any(True for _ in phrase_ends(language.table(name), words, 0))


def _is_mark(fold: str) -> bool:
    """Return whether a word is punctuation or the tone of a skin."""
    return all(unicodedata.category(letter) == "Sk" or _is_punctuation(letter) for letter in fold)


def _is_punctuation(letter: str) -> bool:
    return unicodedata.category(letter).startswith("P")
