"""What people take back while they speak: "delete 3, no wait, 4", "add gym, never mind"."""

from collections.abc import Sequence
from dataclasses import replace

from todo_chatbot.agent.offline.clauses import Reader
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import phrase_ends
from todo_chatbot.agent.offline.references import parse
from todo_chatbot.agent.offline.titles import strip
from todo_chatbot.agent.offline.tokens import Words

_MARKS = frozenset(",.!-–—…")
_ORDERS = frozenset(("add", "complete", "delete", "reopen", "rename", "describe"))
_NO_ORDER = frozenset(("correct", "again", "yes", "leave"))


def repair(sentence: Words, language: Language) -> tuple[Words, Words] | None:
    """Return what stands before and after the words that take something back, if there are any.

    Nothing may stand before them: they may take back what another sentence said.
    """
    folds = sentence.folds
    for at, token in enumerate(sentence.tokens):
        end = 0 if token.quoted else next(phrase_ends(language.table("repair"), folds, at), 0)
        after = strip(sentence[end:]) if end else sentence[:0]
        if len(after):
            return strip(sentence[:at]), after
        if _retracts(folds[at:], language):
            return strip(sentence[:at]), after
    return None


def _retracts(folds: Sequence[str], language: Language) -> bool:
    """Return whether words do nothing but take back what was said before them."""
    rest = [fold for fold in folds if fold not in _MARKS]
    table, at = language.table("retract"), 0
    while at < len(rest) and (end := next(phrase_ends(table, rest, at), 0)):
        at = end
    return 0 < at == len(rest)


def can_be_repaired(found: Sequence[Intent]) -> bool:
    """Return whether the last of the intents is an order that may be put right."""
    return bool(found) and found[-1].frame in _ORDERS


def put_right(order: Intent, after: Words, reader: Reader) -> Intent | None:
    """Return the order as it was meant, or None if what follows is a clause of its own."""
    clause = reader.read(after)
    if clause is not None and clause.frame not in _NO_ORDER:
        return None
    if order.frame == "add":
        return replace(order, slots={**order.slots, "instead": after})
    for slot in ("title", "note"):
        if slot in order.slots:
            return replace(order, slots={**order.slots, slot: after})
    return replace(order, ref=parse(after, reader.language))
