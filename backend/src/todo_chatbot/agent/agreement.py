"""Did the person say yes? In doubt they did not: being asked once more costs nothing."""

import unicodedata

from todo_chatbot.agent.offline.clause import read_clause, table_has
from todo_chatbot.agent.offline.lexicon import load
from todo_chatbot.agent.offline.tokens import read

_QUESTION_MARKS = frozenset("?？؟")  # noqa: RUF001


def _table(phrases: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in phrases.replace("\n", "|").split("|"))


_YES_BEGINS = _table(
    """yes|yeah|yep|sure|ok|okay|of course|go ahead|do it
    sí|si|claro|vale|dale|adelante|por supuesto|oui|daccord|ja|klar|natürlich|gerne|sim|sì|certo
    evet|да|конечно|نعم|ہاں|جی|بالکل|ٹھیک ہے|haan|han|ji|bilkul|theek hai|हाँ|हां|जी|ठीक है
    是|是的|好|好的|はい|네|👍|✅"""
)
_NO_HOLDS = _table(
    "no|nope|nah|never|stop|wait|cancel|nein|halt|non|nunca|não|нет|نہیں|nahi|nahin|नहीं|لا|いいえ"
)
_LONGEST = max(map(len, _YES_BEGINS))


def asks(message: str) -> bool:
    """Return whether a message asks something."""
    return not _QUESTION_MARKS.isdisjoint(message)


def agrees(message: str) -> bool:
    """Return whether a message is a yes, perhaps with more to it: "yes, but not the first"."""
    if _is_yes_to_the_built_in_assistant(message):
        return True
    words = _words(message)
    if asks(message) or any((word,) in _NO_HOLDS for word in words):
        return False
    return any(words[:length] in _YES_BEGINS for length in range(1, _LONGEST + 1))


def _is_yes_to_the_built_in_assistant(message: str) -> bool:
    """Its words for a yes, as whole messages: it must not be stopped where it understood one."""
    language = load("en")
    clause = read_clause(read(message, language.spellings), language)
    whole = tuple(fold for fold in clause.whole.folds if fold not in ",.!;:")
    return any(table_has(language.table("yes"), folds) for folds in (clause.words.folds, whole))


def _words(message: str) -> tuple[str, ...]:
    """Return the words, without case, punctuation and skin tones."""
    plain = message.casefold().replace("'", "").replace("’", "")
    kept = (" " if unicodedata.category(letter)[0] in "PC" else letter for letter in plain)
    return tuple("".join(one for one in kept if unicodedata.category(one) != "Sk").split())
