"""What people take back while they speak: "delete 3, no wait, 4", "add gym, never mind"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from todo_chatbot.agent.offline.clauses import Reader
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import phrase_end
from todo_chatbot.agent.offline.references import parse
from todo_chatbot.agent.offline.titles import strip
from todo_chatbot.agent.offline.tokens import Words

_MARKS = frozenset(",.!-–—…")
_LONGEST = 40
"""Words that may take back all that was said before them."""
_ORDERS = frozenset(("add", "complete", "delete", "reopen", "rename", "describe"))
_SPARING = frozenset(("complete", "delete", "reopen"))
_NO_ORDER = frozenset(("correct", "again", "yes", "leave"))


@dataclass(frozen=True, slots=True)
class Repair:
    """What stands before and after the words that take something back.

    ``after`` is empty if all of it is taken back; ``spares``: it names what is to be left alone.
    """

    before: Words
    after: Words
    spares: bool = False


def repair(sentence: Words, language: Language) -> Repair | None:
    """Return what is taken back in a sentence, if there are words that do so.

    Nothing may stand before them: they may take back what another sentence said.
    """
    folds = sentence.folds
    tables = {name: language.table(name) for name in ("repair", "sparing", "retract")}
    heads = {head for table in tables.values() for head in table}
    for at, token in enumerate(sentence.tokens):
        if token.quoted or token.fold not in heads:
            continue
        for name in ("repair", "sparing"):
            end = phrase_end(tables[name], folds, at)
            after = strip(sentence[end:]) if end else sentence[:0]
            if len(after):
                return Repair(strip(sentence[:at]), after, spares=name == "sparing")
        if len(folds) - at <= _LONGEST and _retracts(folds[at:], language):
            return Repair(strip(sentence[:at]), sentence[:0])
    return None


def _retracts(folds: Sequence[str], language: Language) -> bool:
    """Return whether words do nothing but take back what was said before them."""
    rest = [fold for fold in folds if fold not in _MARKS]
    table, at = language.table("retract"), 0
    while at < len(rest) and (end := phrase_end(table, rest, at)):
        at = end
    return 0 < at == len(rest)


def can_be_repaired(found: Sequence[Intent]) -> bool:
    """Return whether the last of the intents is an order that may be put right."""
    return bool(found) and found[-1].frame in _ORDERS


def can_spare(found: Sequence[Intent]) -> bool:
    """Return whether the last of the intents is done to tasks of which some may be left alone."""
    return bool(found) and found[-1].frame in _SPARING and found[-1].ref is not None


def spare(order: Intent, spared: Words, reader: Reader) -> Intent:
    """Return the order without some of its tasks: "remove 1 and 2, well, keep 2"."""
    assert order.ref is not None
    return replace(order, ref=replace(order.ref, minus=parse(spared, reader.language)))


def _after_not(order: Intent, words: Words, language: Language) -> Words:
    """Return what is meant instead in "not the vet the groomer", said of an order on the vet."""
    said = () if order.ref is None else order.ref.name
    at = 1
    negated = len(words) > 0 and words.folds[0] in language.words["negations"]
    if negated and "," in words.folds[1:-1]:
        return words[words.folds.index(",") + 1 :]  # "not the last, the first"
    while negated and at < len(words) and words.folds[at] in (*said, ","):
        at += 1
    return words[at:] if 1 < at < len(words) else words


def put_right(order: Intent, after: Words, reader: Reader) -> Intent | None:
    """Return the order as it was meant, or None if what follows is a clause of its own."""
    clause = reader.read(after)
    # "Clear the list, no, only the finished ones" asks for no list.
    listing = clause is not None and clause.frame == "list" and clause.pattern.alone
    numbered = clause is not None and clause.frame == "detail" and clause.ref is not None
    names = order.frame in _SPARING and (listing or numbered)
    if clause is not None and clause.frame not in _NO_ORDER and not names:
        return None
    if order.frame == "add":
        return replace(order, slots={**order.slots, "instead": after})
    for slot in ("title", "note"):
        if slot in order.slots:
            return replace(order, slots={**order.slots, slot: after})
    after = _after_not(order, after, reader.language)
    flag = "" if order.flag == "everything" else order.flag
    return replace(order, ref=parse(after, reader.language), flag=flag)
