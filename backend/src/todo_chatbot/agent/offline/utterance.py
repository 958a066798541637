"""What an utterance wants: its clauses are read, and what belongs together is joined."""

import functools
from collections.abc import Callable
from dataclasses import replace

from todo_chatbot.agent.offline.clause import gives_orders, read_clause, without_tag
from todo_chatbot.agent.offline.clauses import TITLED, Reader
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.sentences import sentences
from todo_chatbot.agent.offline.similarity import content
from todo_chatbot.agent.offline.titles import description, note_text
from todo_chatbot.agent.offline.tokens import Words, read

_WHOLE = frozenset(
    ("correct", "undo", "describe", "replace", "greet", "thanks", "bye", "how_are_you", "help")
) | {"detail", "list", "count"}
"""Frames that are believed at once when a whole sentence has them."""

_OPENINGS = (("i", "have", "got"), ("i", "have"), ("we", "have"), ("there", "is"))


@functools.lru_cache(maxsize=512)
def intents(said: str, language: Language, *, fresh: bool = False) -> tuple[Intent, ...]:
    """Return what each clause of ``said`` wants, in order.

    A clause that says nothing known has the frame "unknown"; ``fresh``: nothing was done before it.
    Remembered, because each model call goes through the last turns again.
    """
    reader = Reader(language, fresh)
    words = read(said, language.spellings)
    found = [intent for sentence in sentences(words) for intent in _sentence(sentence, reader)]
    kept: list[Intent] = []
    for intent in found:
        joined = next((j for join in _JOINS if (j := join(kept, intent, reader))), None)
        if joined is None:
            kept.append(intent)
        else:
            kept[-1] = joined
    return tuple(kept)


def _sentence(sentence: Words, reader: Reader) -> list[Intent]:
    language = reader.language
    sentence = without_tag(sentence, language)
    whole = reader.read(sentence)
    if whole is not None and _is_whole(whole, language):
        return [whole]
    parts = reader.clauses(sentence, whole)
    if len(parts) == 1:
        one = whole or _unknown(sentence, language)
        return [replace(one, parts=reader.parts(one, sentence)) if one.frame == "add" else one]
    found = [reader.read(part) or _unknown(part, language) for part in parts]
    if read_clause(sentence, language).act == "order":
        # "Can you mark 1 as done and delete 3?" wants both alike.
        found = [replace(one, act="order") if one.act == "asked" else one for one in found]
    return _conditioned(found, language)


def _conditioned(found: list[Intent], language: Language) -> list[Intent]:
    """Return the clauses with what an "if" or "when" beside them makes of them.

    It is part of a new task; whether it holds for any other order only the person knows.
    """
    when = next((one for one in found if one.frame == "condition"), None)
    if when is None:
        return found
    return [
        replace(one, slots={**one.slots, "when": _bare(when, language)})
        if one.frame == "add"
        else replace(one, act="asked" if one.act == "order" else one.act)
        for one in found
    ]


def _is_whole(intent: Intent, language: Language) -> bool:
    """Return whether a sentence is surely one clause."""
    if intent.frame == "add" and "title" in intent.slots:
        return intent.flag == "many" or bool(description(intent.slots["title"], language)[1])
    if intent.frame in _WHOLE or intent.flag in ("everything", "many") or "minus" in intent.slots:
        return True
    ref = intent.ref
    if intent.frame in TITLED or ref is None:
        return False
    if ref.minus is not None:
        spared = ref.minus.said.lower().replace(",", " , ").replace(" and ", " , ")
        return not gives_orders(tuple(spared.split()), language)
    return ref.kind not in ("name", "several", "it") and not ref.name


def _unknown(words: Words, language: Language) -> Intent:
    clause = read_clause(words, language)
    return Intent("unknown", slots={"rest": clause.words}, act=clause.act, said=words.said)


def _one_rename(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "fix task 1" and "it should say buy food"."""
    of_it = intent.frame == "correct" or (
        intent.frame == "rename" and intent.ref is not None and intent.ref.kind == "it"
    )
    if not (of_it and kept and kept[-1].frame == "rename" and "title" in intent.slots):
        return None
    return replace(kept[-1], slots={**kept[-1].slots, "title": intent.slots["title"]})


def _its_note(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "add paint the door" and "note: blue"."""
    if intent.flag != "focus" or not kept or kept[-1].frame != "add":
        return None
    return replace(kept[-1], note=note_text(intent.slots["note"]))


def _its_title(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "can I add a task?" and "water the ferns"."""
    asked = bool(kept) and kept[-1].frame == "add" and kept[-1].flag == "ask"
    if not asked or intent.frame != "unknown":
        return None
    return replace(kept[-1], slots={"title": intent.slots["rest"]}, flag="linked")


def _one_more(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join "add buy milk" and "then call Ann"."""
    if intent.frame != "unknown" or not kept or kept[-1].frame != "add" or not intent.said:
        return None
    words = intent.slots["rest"]
    goes_on = intent.said.lower().split()[0].strip(",.") in ("then", "and", "also", "next", "plus")
    begins = words.folds[:1] and words.folds[0] in reader.language.words["base"]
    if not goes_on or not begins:
        return None
    before = kept.pop()
    kept.append(before)
    kept.append(replace(intent, frame="add", slots={"title": words}, act="order"))
    return kept[-1]


def _undone_once(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "I didn't mean that" and "undo"."""
    undone = intent.frame == "undo" and bool(kept) and kept[-1].frame == "undo"
    return kept[-1] if undone else None


def _put_right(kept: list[Intent], intent: Intent, _: Reader) -> Intent | None:
    """Join "I made a mistake" and "it should be ..."."""
    return intent if intent.frame == "correct" and kept and kept[-1].frame == "undo" else None


def _said_before(kept: list[Intent], intent: Intent, reader: Reader) -> Intent | None:
    """Join what is to be done and "add that", "remind me"."""
    if intent.frame != "add" or not kept:
        return None
    before = kept[-1]
    if reader.names_nothing(intent):
        if before.frame == "add":
            sure = {"maybe": "", "buy": "buy now"}.get(before.flag, before.flag)
            return replace(before, flag=sure, act="order")
        named = before.slots.get("rest") or before.slots.get("title")
        if named is None and not before.soft and before.frame not in ("delete", "complete"):
            return None
        words = named or _bare(before, reader.language)
    elif intent.flag == "ask" and before.frame in ("unknown", "complete", "none"):
        words = _thing(_bare(before, reader.language))
    else:
        return None
    return replace(intent, slots={"title": words}, said=before.said, flag="")


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


_JOINS: tuple[Callable[[list[Intent], Intent, Reader], Intent | None], ...] = (
    _one_rename,
    _its_note,
    _its_title,
    _one_more,
    _undone_once,
    _put_right,
    _said_before,
    _said_twice,
)


def _bare(intent: Intent, language: Language) -> Words:
    return read_clause(read(intent.said, language.spellings), language).words


def _thing(words: Words) -> Words:
    """Return what is spoken of: "I have an appointment" is an appointment."""
    for opening in _OPENINGS:
        if words.folds[: len(opening)] == opening and len(words) > len(opening) + 1:
            words = words[len(opening) :]
            break
    return words[1:] if words.folds[0] in ("a", "an") and len(words) > 1 else words
