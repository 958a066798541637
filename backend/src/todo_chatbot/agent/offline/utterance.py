"""What an utterance wants: its clauses are read, and what belongs together is joined."""

import functools
import itertools
from dataclasses import replace

from todo_chatbot.agent.offline.apart import TITLED
from todo_chatbot.agent.offline.clause import read_clause, without_tag
from todo_chatbot.agent.offline.clauses import Reader, TooLong
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.joins import joined
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.orders import gives_orders
from todo_chatbot.agent.offline.patterns import phrase_end, table_has
from todo_chatbot.agent.offline.repairs import can_be_repaired, can_spare, put_right, repair, spare
from todo_chatbot.agent.offline.reversals import bare
from todo_chatbot.agent.offline.sentences import MOST, sentences
from todo_chatbot.agent.offline.titles import description
from todo_chatbot.agent.offline.tokens import Words, read

_MOST_WORDS = 1200
"""Words and marks of one message; 4000 characters of English are some 800."""
_LONGEST_SENTENCE = 250
"""Words of a sentence that is cut into clauses."""
_AS_BEFORE = frozenset(("again", "too"))
"""Frames that do to other tasks what was done before."""
_ENDS = frozenset(",.:;!?¶-–—")
_WHOLE = frozenset(
    ("idiom", "correct", "undo", "describe", "replace", "help", "detail", "list", "count")
)
"""Frames that, like small talk, are believed at once when a whole sentence has them."""


@functools.lru_cache(maxsize=256)
def intents(said: str, language: Language, *, fresh: bool = False) -> tuple[Intent, ...]:
    """Return what each clause of ``said`` wants, in order.

    A clause that says nothing known has the frame "unknown"; ``fresh``: nothing was done before it.
    A message that is too long to be read as a whole is one intent, "too_long": of a story, parts
    would be done that were never meant.
    Remembered, because each model call goes through the last turns again.
    """
    reader = Reader(language, fresh)
    found: list[Intent] = []
    words = _without_vocatives(read(said, language.spellings, _MOST_WORDS + 1), language)
    parts = sentences(words, language)
    if len(words) > _MOST_WORDS or len(parts) > MOST:
        return (Intent("too_long", said=said),)
    try:
        for sentence in parts:
            found = _further(found, sentence, reader)
        found = joined(found, reader)
    except TooLong:
        return (Intent("too_long", said=said),)
    return tuple(map(_doubted, found) if _in_vain(words, language) else found)


def _in_vain(words: Words, language: Language) -> bool:
    """Return whether it came to nothing: "I rang the bank, no answer"."""
    folds, table = words.folds, language.table("in_vain")
    return any(phrase_end(table, folds, at) for at in range(len(folds)))


def _doubted(intent: Intent) -> Intent:
    told = intent.frame == "complete" and intent.soft
    return replace(intent, flag="doubt") if told else intent


def _without_vocatives(words: Words, language: Language) -> Words:
    """Return the words without ", dear," and the like."""
    table, folds, left = language.table("vocative"), words.folds, set[int]()
    for at in range(1, len(folds) - 1):
        end = phrase_end(table, folds, at + 1) if folds[at] == "," else 0
        if end and (end == len(folds) or folds[end] in _ENDS):
            left.update(range(at, end))
    if not left:
        return words
    return Words(words.text, tuple(t for at, t in enumerate(words.tokens) if at not in left))


def _further(found: list[Intent], sentence: Words, reader: Reader) -> list[Intent]:
    """Return what is wanted once one more sentence is read."""
    taken = repair(sentence, reader.language)
    if taken is None:
        return [*found, *_sentence(sentence, reader)]
    before, after = taken.before, taken.after
    said = [*found, *_sentence(before, reader)] if len(before) else found
    if taken.spares and can_spare(said):
        spared, *more = reader.clauses(after, None)
        said = [*said[:-1], spare(said[-1], spared, reader)]
        return [*said, *(one for part in more for one in _sentence(part, reader))]
    if taken.spares or not can_be_repaired(said):
        return [*found, *_sentence(sentence, reader)]
    if not len(after):
        return [*said[:-1], Intent("leave", said=sentence.said)]
    right = put_right(said[-1], after, reader)
    return [*said[:-1], *([right] if right else _further([], after, reader))]


def _sentence(sentence: Words, reader: Reader) -> list[Intent]:
    language = reader.language
    sentence = without_tag(sentence, language)
    whole = reader.read(sentence)
    if whole is not None and (_is_whole(whole, language) or _ends_done(whole, sentence, reader)):
        return [whole]
    if len(sentence) > _LONGEST_SENTENCE:
        raise TooLong
    parts = reader.clauses(sentence, whole)
    if len(parts) == 1:
        return [_with_parts(whole, sentence, reader)]
    found = [_with_parts(reader.read(part), part, reader) for part in parts]
    found = [found[0], *(_remarked(one) for one in found[1:])]
    if sentence.folds[-1:] == ("?",):
        # "And the movers, are they booked?" asks; nothing is done to them.
        found = [replace(one, act="asked") if one.frame in _AS_BEFORE else one for one in found]
        looking = any(one.frame in ("status", "find", "detail") for one in found)
        found = [one for one in found if not looking or one.frame not in _AS_BEFORE]
    if read_clause(sentence, language).act == "order":
        # "Can you mark 1 as done and delete 3?" wants both alike.
        found = [replace(one, act="order") if one.act == "asked" else one for one in found]
    return _conditioned(found, language)


def _ends_done(whole: Intent, sentence: Words, reader: Reader) -> bool:
    """Return whether a sentence is one as in "proofread the leaflet, done"."""
    if whole.frame != "complete" or "," not in sentence.folds:
        return False
    at = len(sentence) - 1 - sentence.folds[::-1].index(",")
    after = read_clause(sentence[at + 1 :], reader.language).words
    told = table_has(reader.language.table("done"), after.folds)
    return told and at > 0 and reader.read(sentence[:at]) is None


def _with_parts(intent: Intent | None, words: Words, reader: Reader) -> Intent:
    """Return what a clause wants, with what it falls into if the list says so."""
    one = intent or _unknown(words, reader.language)
    ends_free = one.frame == "add" or (one.frame == "rename" and "title" in one.slots)
    return replace(one, parts=reader.parts(one, words)) if ends_free else one


def _remarked(intent: Intent) -> Intent:
    """Return what another did, told beside an order, as the reason that it is: "he bought it"."""
    return replace(intent, frame="none") if "person" in intent.slots else intent


def _conditioned(found: list[Intent], language: Language) -> list[Intent]:
    """Return the clauses with what an "if" or "when" beside them makes of them.

    It is part of a new task; whether it holds for any other order only the person knows.
    """
    when = next((one for one in found if one.frame == "condition"), None)
    if when is None or when.flag == "aside":
        return found
    return [
        replace(one, slots={**one.slots, "when": bare(when, language)})
        if one.frame == "add" and not (_is_conditional(when, language) and one.flag)
        else replace(one, act="asked" if one.act == "order" else one.act)
        for one in found
    ]


def _is_conditional(intent: Intent, language: Language) -> bool:
    first = read(intent.said, language.spellings).folds[:1]
    return bool(first) and first[0] in language.words["conditional"]


def _is_whole(intent: Intent, language: Language) -> bool:
    """Return whether a sentence is surely one clause."""
    if intent.frame == "add" and "title" in intent.slots:
        listed = intent.flag == "many" or "¶" in intent.slots["title"].folds
        listed = listed or "note" in intent.slots
        return listed or bool(description(intent.slots["title"], language)[1])
    if intent.small_talk or intent.frame in _WHOLE:
        renames = intent.frame == "correct" and intent.flag != "spare"
        return not renames or not _remarks(intent, language)
    if intent.flag in ("everything", "many") or "minus" in intent.slots:
        return True
    ref = intent.ref
    if intent.frame in TITLED or ref is None:
        return False
    if ref.minus is not None:
        joints = language.words["conjunctions"]
        spared = read(ref.minus.said, language.spellings).folds
        return not gives_orders(tuple("," if f in joints else f for f in spared), language)
    return ref.kind not in ("name", "several", "it") and not ref.name


def _remarks(intent: Intent, language: Language) -> bool:
    """Return whether a new title is followed by a reason: "make that roses, she prefers them"."""
    folds = intent.slots["title"].folds if "title" in intent.slots else ()
    subjects = language.words["subjects"]
    return any(a == "," and b in subjects for a, b in itertools.pairwise(folds))


def _unknown(words: Words, language: Language) -> Intent:
    clause = read_clause(words, language)
    flag = "doubt" if clause.hedged else ""
    slots = {"rest": clause.words}
    return Intent("unknown", slots=slots, act=clause.act, flag=flag, said=words.said)
