"""Joins clauses of an utterance that belong together: "fix task 1" and "it should say buy food"."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from todo_chatbot.agent.offline.apart import names_nothing
from todo_chatbot.agent.offline.clauses import Reader
from todo_chatbot.agent.offline.grammar import is_finite
from todo_chatbot.agent.offline.intent import REMINDING, Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import phrase_end
from todo_chatbot.agent.offline.reversals import REVERSALS, after_naming, bare
from todo_chatbot.agent.offline.similarity import content
from todo_chatbot.agent.offline.titles import note_text
from todo_chatbot.agent.offline.tokens import Words, read

_TITLE = 8
"""Words up to which what was said is rather a title than a story."""
_FAR = 6
"""Words before the "to" of what somebody ought to do."""


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
        name = after_naming(words, reader.language)
        if name is None or kept[-1].frame != "rename":
            return None
        return replace(intent, frame="correct", slots={"title": name})
    renamed = bool(kept) and kept[-1].frame == "rename"
    if renamed and intent.frame == "rename" and intent.points and "title" not in intent.slots:
        return _vouched(kept[-1])  # "X should be Y, please change it"
    if not (_of_it(intent) and renamed and "title" in intent.slots):
        return None
    return _vouched(replace(kept[-1], slots={**kept[-1].slots, "title": intent.slots["title"]}))


def _vouched(told: Intent) -> Intent:
    """Return what was told without its doubt, for an order follows it."""
    return replace(told, flag="" if told.flag == "doubt" else told.flag)


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
        if _is_no_thing(words, reader.language):
            return None
    else:
        return None
    flag = intent.flag if intent.flag in REMINDING else ""
    if len(words) > _TITLE and not reader.language.any_of("speakers", "third_persons").isdisjoint(
        words.folds
    ):
        flag = "maybe"  # A story told before "put that down" is no title.
    return replace(intent, slots={"title": words}, said=before.said, flag=flag)


def _is_no_thing(words: Words, language: Language) -> bool:
    """Return whether words before "may I add a task?" are none: "hi there", "the school rang"."""
    story = len(words) > 2 and words.folds[0] in language.words["definite"]
    return story or language.words["no_title"].issuperset(words.folds)


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


_JOINS: tuple[Callable[[list[Intent], Intent, Reader], Intent | None], ...] = (
    _one_rename,
    _one_note,
    _its_note,
    _its_title,
    _one_more,
    _as_well,
    *REVERSALS,
    _remarked,
    _said_before,
    _said_twice,
)
