"""Joins clauses of an utterance that belong together: "fix task 1" and "it should say buy food"."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from todo_chatbot.agent.offline.apart import names_nothing
from todo_chatbot.agent.offline.clause import read_clause
from todo_chatbot.agent.offline.clauses import Reader
from todo_chatbot.agent.offline.grammar import is_finite
from todo_chatbot.agent.offline.intent import REMINDING, Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import phrase_end
from todo_chatbot.agent.offline.repairs import can_spare, spare
from todo_chatbot.agent.offline.similarity import content
from todo_chatbot.agent.offline.titles import note_text
from todo_chatbot.agent.offline.tokens import Words, read

_TITLE = 8
"""Words up to which what was said is rather a title than a story."""
_FAR = 6
"""Words before the "to" of what somebody ought to do."""
_ORDERED = frozenset(("complete", "delete", "reopen"))
_UNDOING = frozenset(("undo", "keep"))


def joined(found: Sequence[Intent], reader: Reader) -> list[Intent]:
    """Return the intents, those that belong together as one."""
    kept: list[Intent] = []
    for intent in found:
        one = next((j for join in _JOINS if (j := join(kept, intent, reader))), None)
        if one is None:
            kept.append(intent)
        else:
            kept[-1] = one
    return kept


def _one_rename(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "fix task 1" and "it should say buy food"."""
    words = intent.slots.get("rest")
    if intent.frame == "unknown" and kept and kept[-1].flag == "ask" and words is not None:
        # "I misspelled it", "it's John"
        name = _after_naming(words, reader.language)
        if name is None or kept[-1].frame != "rename":
            return None
        return replace(intent, frame="correct", slots={"title": name})
    renamed = bool(kept) and kept[-1].frame == "rename"
    if renamed and intent.frame == "rename" and intent.points and "title" not in intent.slots:
        return kept[-1]  # "X should be Y, please change it"
    if not (_of_it(intent) and renamed and "title" in intent.slots):
        return None
    return replace(kept[-1], slots={**kept[-1].slots, "title": intent.slots["title"]})


def _after_naming(words: Words, language: Language) -> Words | None:
    """Return what is named by "it's John", "I meant the plants"; None if nothing is."""
    end = phrase_end(language.table("naming"), words.folds)
    return words[end:] if 0 < end < len(words) else None


def _of_it(intent: Intent) -> bool:
    """Return whether a clause says what "it" should be."""
    points = intent.ref is not None and intent.ref.kind == "it"
    return intent.frame == "correct" or (intent.frame == "rename" and points)


def _one_note(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "edit the description of task 1" and "it should be ..."."""
    wanted = bool(kept) and kept[-1].frame == "describe" and "note" not in kept[-1].slots
    if not wanted or not _of_it(intent) or "title" not in intent.slots:
        return None
    return replace(kept[-1], slots={**kept[-1].slots, "note": intent.slots["title"]}, flag="")


def _its_note(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "add paint the door" and "note: blue"."""
    if intent.flag != "focus" or not kept or kept[-1].frame != "add":
        return None
    return replace(kept[-1], note=note_text(intent.slots["note"]))


def _its_title(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "can I add a task?" and "water the ferns"."""
    asked = bool(kept) and kept[-1].frame == "add" and kept[-1].flag == "ask"
    called = intent.frame == "rename" and intent.points and "title" in intent.slots
    if not asked or not (called or intent.frame == "unknown"):
        return None
    words = intent.slots["title" if called else "rest"]
    at = next((at for at, token in enumerate(words.tokens) if token.quoted), 0)
    named = is_finite(words.folds[:at], reader.language)  # "it's 'measure the windows'"
    return replace(kept[-1], slots={"title": words[at:] if named else words}, flag="linked")


def _one_more(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "add buy milk" and "then call Ann"."""
    if intent.frame != "unknown" or not kept or kept[-1].frame != "add" or not intent.said:
        return None
    words = intent.slots["rest"]
    first = read(intent.said, reader.language.spellings).folds[0]
    goes_on = first in reader.language.any_of("conjunctions", "then", "also")
    begins = words.folds[:1] and words.folds[0] in reader.language.words["base"]
    if not goes_on or not begins:
        return None
    kept.append(replace(intent, frame="add", slots={"title": words}, act="order"))
    return kept[-1]


def _as_well(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "the first one is done" and "the third one too"."""
    if intent.frame != "too" or not kept or kept[-1].ref is None or intent.ref is None:
        return None
    if kept[-1].frame not in ("complete", "delete", "reopen"):
        return None
    kept.append(replace(kept[-1], ref=intent.ref, slots={}, said=intent.said))
    return kept[-1]


def _instead(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "I'm going to order one instead" and "change that to order a cake"."""
    wished = bool(kept) and kept[-1].flag == "maybe"
    return intent if wished and intent.frame == "correct" and intent.flag == "change" else None


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


def _renamed_instead(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "oops, not an eraser" and "rename it to buy a sponge"."""
    title = kept[-1].slots.get("title") if kept and kept[-1].frame == "correct" else None
    negated = title is not None and title.folds[0] in reader.language.words["negations"]
    renames = intent.frame == "correct" or (intent.frame == "rename" and intent.points)
    return intent if negated and renames and "title" in intent.slots else None


def _told_before(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "my daughter has brought the glasses" and "so delete that one": why, and the order."""
    told = bool(kept) and kept[-1].soft and "person" in kept[-1].slots
    ordered = intent.frame in ("delete", "reopen") and not intent.soft and intent.points
    return intent if told and ordered else None


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
    name = _after_naming(words, reader.language) if words is not None else None
    if intent.frame == "unknown" and name is not None:
        intent = replace(intent, frame="correct", slots={"title": name})
    if intent.frame != "correct" or reader.fresh:
        return None
    return intent


def _remarked(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "the Gamma one can be deleted" and "they withdrew": why, and nothing that was done."""
    if not kept or kept[-1].frame not in ("delete", "reopen") or kept[-1].soft:
        return None
    ref = intent.ref
    if ref is None or not intent.soft or intent.frame not in ("complete", "delete"):
        return None
    pronouns = reader.language.any_of("third_persons", "demonstratives", "it")
    others = "person" in intent.slots or (pronouns.issuperset(ref.name[:1]) and ref.name)
    pronoun = others or ref.kind in ("it", "them")
    first = read(intent.said, reader.language.spellings).folds[:1]
    joined = reader.language.words["conjunctions"].issuperset(first)
    return kept[-1] if pronoun and not joined else None


def _said_before(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join what is to be done and "add that", "remind me"."""
    if intent.frame != "add" or not kept:
        return None
    before = kept[-1]
    if names_nothing(intent, reader.language):
        if before.frame == "add":
            sure = {"maybe": "", "buy": "buy now"}.get(before.flag, before.flag)
            return replace(before, flag=sure, act="order")
        named = before.slots.get("rest") or before.slots.get("title")
        if named is None and not before.soft and before.frame not in ("delete", "complete"):
            return None
        words = _thing(named or bare(before, reader.language), reader.language)
    elif intent.flag == "ask" and before.frame in ("unknown", "complete", "none"):
        words = _thing(bare(before, reader.language), reader.language)
        if len(words) > 2 and words.folds[0] in reader.language.words["definite"]:
            return None  # "The school rang, I need another thing: ..."
        if reader.language.words["no_title"].issuperset(words.folds):
            return None  # "Hi there! May I add a task?"
    else:
        return None
    flag = intent.flag if intent.flag in REMINDING else ""
    if len(words) > _TITLE and not reader.language.any_of("speakers", "third_persons").isdisjoint(
        words.folds
    ):
        flag = "maybe"  # A story told before "put that down" is no title.
    return replace(intent, slots={"title": words}, said=before.said, flag=flag)


def _said_twice(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "I need to dispatch the invoice" and "please add dispatch invoice"."""
    if intent.frame != "add" or "title" not in intent.slots or not kept:
        return None
    before = kept[-1]
    if before.flag not in ("need", "maybe") or "title" not in before.slots:
        return None
    first = set(content(before.slots["title"].folds, reader.language))
    again = set(content(intent.slots["title"].folds, reader.language))
    return intent if again and len(again & first) >= len(again) / 2 else None


def bare(intent: Intent, language: Language) -> Words:
    """Return the words of an intent without their manners."""
    return read_clause(read(intent.said, language.spellings), language).words


def _thing(words: Words, language: Language) -> Words:
    """Return what is spoken of: "I have an appointment" is an appointment."""
    end = phrase_end(language.table("having"), words.folds)
    words = words[end:] if 0 < end < len(words) - 1 else words
    folds, to = words.folds, language.words["infinitive"]
    told = folds[0] in language.table("person")
    for at in range(1, min(len(folds) - 1, _FAR)) if told else ():
        if folds[at] in to and folds[at + 1] in language.words["base"]:
            return words[at + 1 :]  # "I really ought to descale the kettle"
    return words[1:] if folds[0] in language.words["indefinite"] and len(words) > 1 else words


def _refused(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "No!" and "the essay": what was meant instead."""
    said = kept[-1].said if kept and kept[-1].frame == "leave" else ""
    folds = read(said, reader.language.spellings).folds
    no = reader.language.any_of("refusals", "negations")
    refuses = folds and folds[0] in no and folds[-1] in (".", "!")
    if reader.fresh or not refuses or intent.frame != "unknown" or intent.act != "order":
        return None
    return replace(intent, frame="correct", slots={"title": intent.slots["rest"]})


_JOINS: tuple[Callable[[list[Intent], Intent, Reader], Intent | None], ...] = (
    _one_rename,
    _one_note,
    _its_note,
    _its_title,
    _one_more,
    _as_well,
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
    _remarked,
    _said_before,
    _said_twice,
)
