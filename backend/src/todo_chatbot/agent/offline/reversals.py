"""Joins clauses of which one takes back, spares or puts right what the other says."""

from collections.abc import Callable
from dataclasses import replace

from todo_chatbot.agent.offline.clause import read_clause
from todo_chatbot.agent.offline.clauses import Reader
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import phrase_end
from todo_chatbot.agent.offline.repairs import can_spare, spare
from todo_chatbot.agent.offline.tokens import Words, read

_ORDERED = frozenset(("complete", "delete", "reopen"))
_UNDOING = frozenset(("undo", "keep"))


def after_naming(words: Words, language: Language) -> Words | None:
    """Return what is named by "it's John", "I meant the plants"; None if nothing is."""
    end = phrase_end(language.table("naming"), words.folds)
    return words[end:] if 0 < end < len(words) else None


def bare(intent: Intent, language: Language) -> Words:
    """Return the words of an intent without their manners."""
    return read_clause(read(intent.said, language.spellings), language).words


def _instead(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "I'm going to order one instead" and "change that to order a cake"."""
    wished = bool(kept) and kept[-1].flag == "maybe"
    return intent if wished and intent.frame == "correct" and intent.flag == "change" else None


def _renamed_instead(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "oops, not an eraser" and "rename it to buy a sponge"."""
    title = kept[-1].slots.get("title") if kept and kept[-1].frame == "correct" else None
    negated = title is not None and title.folds[0] in reader.language.words["negations"]
    renames = intent.frame == "correct" or (intent.frame == "rename" and intent.points)
    return intent if negated and renames and "title" in intent.slots else None


def _put_off(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "the interview got moved" and "so not done yet": it speaks of no turn before."""
    if intent.frame != "undo" or intent.flag != "just" or not kept:
        return None
    if kept[-1].frame == "add":
        return replace(kept[-1], flag="maybe")
    if kept[-1].ref is None:
        return None
    if kept[-1].soft and kept[-1].points:
        return intent  # "it fell down. It's not done"
    denied = reader.language.words["negations"] & set(bare(intent, reader.language).folds)
    if kept[-1].soft:
        return replace(kept[-1], frame="none")
    return replace(kept[-1], frame="leave") if denied and kept[-1].frame == "complete" else kept[-1]


def _told_before(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "my daughter has brought the glasses" and "so delete that one": why, and the order."""
    told = bool(kept) and kept[-1].soft and "person" in kept[-1].slots
    ordered = intent.frame in ("delete", "reopen") and not intent.soft and intent.points
    return intent if told and ordered else None


def _spared(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "mark all as done" and "with the exception of the tender"."""
    words = intent.slots.get("rest")
    if intent.frame != "unknown" or words is None or not can_spare(kept):
        return None
    end = phrase_end(reader.language.table("except"), words.folds)
    if not 0 < end < len(words):
        return None
    return spare(kept[-1], words[end:], reader)


def _spared_before(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "with the exception of the tender" and "all are done"."""
    words = kept[-1].slots.get("rest") if kept and kept[-1].frame == "unknown" else None
    if words is None or not can_spare([intent]):
        return None
    end = phrase_end(reader.language.table("except"), words.folds)
    return spare(intent, words[end:], reader) if 0 < end < len(words) else None


def _called_off(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "delete the baler ..." and "no, don't delete it": nothing is to be done to it."""
    at = len(kept) - 1
    while at > 0 and kept[at].frame == "leave":
        at -= 1
    if intent.frame != "leave" or at < 0 or kept[at].frame not in _ORDERED or kept[at].soft:
        return None
    spoken = reader.language.table(kept[at].frame)
    if not any(fold in spoken for fold in bare(intent, reader.language).folds[1:]):
        return None
    kept[at] = replace(kept[at], frame="leave")
    return kept[-1]


def _undone_once(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "I didn't mean that" and "undo", "I changed my mind" and "keep it"."""
    undone = intent.frame in _UNDOING and bool(kept) and kept[-1].frame in _UNDOING
    return kept[-1] if undone else None


def _put_right(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "I made a mistake" and "it should be ...", "it was the plants"."""
    if not kept or kept[-1].frame != "undo":
        return None
    words = intent.slots.get("rest")
    name = after_naming(words, reader.language) if words is not None else None
    if intent.frame == "unknown" and name is not None:
        intent = replace(intent, frame="correct", slots={"title": name})
    if intent.frame != "correct" or reader.fresh:
        return None
    return intent


def _refused(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "No!" and "the essay": what was meant instead."""
    said = kept[-1].said if kept and kept[-1].frame == "leave" else ""
    folds = read(said, reader.language.spellings).folds
    no = reader.language.any_of("refusals", "negations")
    refuses = folds and folds[0] in no and folds[-1] in (".", "!")
    if reader.fresh or not refuses or intent.frame != "unknown" or intent.act != "order":
        return None
    return replace(intent, frame="correct", slots={"title": intent.slots["rest"]})


REVERSALS: tuple[Callable[[list[Intent], Intent, Reader], Intent | None], ...] = (
    _instead,
    _renamed_instead,
    _put_off,
    _told_before,
    _spared,
    _spared_before,
    _called_off,
    _undone_once,
    _put_right,
    _refused,
)
"""In the order in which they are tried; each returns the joined clause, or None."""
