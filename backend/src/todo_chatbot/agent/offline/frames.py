"""What a clause means: the first pattern of the table that fits, with its slots filled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from todo_chatbot.agent.offline.clause import Clause, without_trail
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Frame, Language
from todo_chatbot.agent.offline.listing import list_status
from todo_chatbot.agent.offline.orders import asks
from todo_chatbot.agent.offline.patterns import Pattern, match, phrase_end, table_has
from todo_chatbot.agent.offline.references import Reference, parse, timeless
from todo_chatbot.agent.offline.similarity import stem
from todo_chatbot.agent.offline.slots import filling
from todo_chatbot.agent.offline.tokens import Words

_ACTS = {
    "question": ("any", "question", "statement"),
    "asked": ("any", "question", "order", "statement"),
    "order": ("any", "order", "statement"),
}
_VERBATIM = frozenset(("add", "describe", "rename", "correct", "replace"))
"""Frames whose words are kept as they were said: nothing is taken off their end at first."""
_TELLER = 4
"""Words among which stands who says it, and that."""
_LOOKING_BACK = frozenset(("correct", "again"))
"""Frames that mean nothing before something was done."""


def understand(clause: Clause, language: Language, *, fresh: bool = False) -> Intent | None:
    """Return the meaning of a clause, or None; ``fresh``: nothing was done before it."""
    trimmed = without_trail(clause.words, language)
    heads = {words.folds[0] for words in (clause.bare, clause.words) if len(words)}
    have = {*clause.bare.folds, *clause.words.folds}
    for place, patterns in language.index.near(heads, have):
        frame = language.frames[place]
        if not _tried(frame, clause, language) or (fresh and frame.name in _LOOKING_BACK):
            continue
        for words in _readings(frame, clause, trimmed):
            intent = _first_match(frame, patterns, words, clause, language)
            if intent:
                return intent
    return None


def _tried(frame: Frame, clause: Clause, language: Language) -> bool:
    """Return whether a frame is tried in the speech act of a clause.

    In a question that begins like a statement ("I paid the bill?") statements are tried as well.
    """
    if frame.act == "statement" and clause.act == "question":
        return not asks(clause.words.folds, language)
    return frame.act in _ACTS[clause.act]


def _readings(frame: Frame, clause: Clause, trimmed: Words) -> list[Words]:
    found = [clause.words, trimmed] if frame.name in _VERBATIM else [trimmed, clause.words]
    if frame.name == "add" and len(trimmed) == 1 < len(clause.words):
        found = [clause.words]  # "add relax"
    if frame.raw:
        found.insert(0, clause.bare)
    different: dict[int, Words] = {}
    for words in found:
        different.setdefault(len(words), words)
    return list(different.values())


def _first_match(
    frame: Frame,
    patterns: Sequence[Pattern],
    words: Words,
    clause: Clause,
    language: Language,
) -> Intent | None:
    folds = words.folds
    if not folds:
        return None
    have = frozenset(folds)
    for pattern in patterns:
        if not pattern.may_match(have, folds[0]):
            continue
        spans = match(pattern, folds, filling(words, pattern, language))
        if spans is not None:
            slots = {name: words[start:end] for name, (start, end) in spans.items()}
            if "title" in spans and frame.name == "rename":
                slots["title"] = words[_begin_of_title(words, *spans["title"], language)]
            return _intent(frame, pattern, slots, clause, words, language)
    return None


def _to_its_end(clause: Clause) -> Words:
    """Return a clause with the small talk at its end: "show all, the finished ones too"."""
    start = clause.words.tokens[0].start if len(clause.words) else 0
    at = next((n for n, one in enumerate(clause.bare.tokens) if one.start >= start), 0)
    return clause.bare[at:]


def _begin_of_title(words: Words, start: int, end: int, language: Language) -> slice:
    """Return where a new title lies: in "rename it to Read two chapters" it begins with "Read"."""
    before = words.tokens[start - 1]
    large = words.text[before.start : before.start + 1].isupper()
    return slice(start - 1 if large and before.fold in language.words["linking"] else start, end)


def _intent(
    frame: Frame,
    pattern: Pattern,
    slots: Mapping[str, Words],
    clause: Clause,
    words: Words,
    language: Language,
) -> Intent:
    name, told = frame.name, frame.act == "statement"
    if name == "complete" and told and clause.act != "order":
        name = "status"
    ref = _reference(pattern, slots, words, language)
    # "I think I paid it" is a recollection, "I think I'm done with it" is none.
    hers = "did" in slots and _is_theirs(pattern, slots["did"], language)
    hedged = clause.hedged and "did" in slots
    unsure = told and (hedged or _long_ago(clause, language) or _is_hearsay(clause, language))
    doubtful = unsure or hers or _ambiguous(pattern, ref, language)
    return Intent(
        frame=name,
        slots=slots,
        ref=ref,
        status=list_status(_to_its_end(clause), language)
        if name in ("list", "count", "find")
        else "all",
        flag="doubt" if doubtful else pattern.flag,
        act=clause.act,
        pattern=pattern,
        soft=frame.soft or told,
        small_talk=frame.small_talk,
        said=clause.whole.said,
    )


def _is_hearsay(clause: Clause, language: Language) -> bool:
    """Return whether somebody else says it: "Jonas says he cleaned the bath"."""
    folds, known = clause.bare.folds[:_TELLER], language.words
    return any(b in known["cue_hearsay"] and a not in known["speakers"] for a, b in pairwise(folds))


def _long_ago(clause: Clause, language: Language) -> bool:
    """Return whether an old story is told: "we painted the hall in our old flat in 2016"."""
    folds, table = clause.bare.folds, language.table("long_ago")
    return any(phrase_end(table, folds, at) for at in range(len(folds)))


def _is_theirs(pattern: Pattern, did: Words, language: Language) -> bool:
    """Return whether what was done is somebody else's: "my sister bought her tickets"."""
    return pattern.flag == "someone" and not language.words["theirs"].isdisjoint(did.folds)


def _ambiguous(pattern: Pattern, ref: Reference | None, language: Language) -> bool:
    """Return whether it is unclear who did it: "mom called" may be her call."""
    return (
        pattern.flag == "someone"
        and ref is not None
        and bool(set(ref.name) & language.words["relatives"])
    )


def _reference(
    pattern: Pattern, slots: Mapping[str, Words], words: Words, language: Language
) -> Reference | None:
    """Return the tasks that a match speaks of; every task only where the pattern says so."""
    if pattern.flag == "everything":
        return Reference(words.said, "all")
    if pattern.flag in ("it", "focus") or (pattern.flag == "empty" and "ref" not in slots):
        return Reference("it", "it")
    named = [slots[slot] for slot in ("ref", "many", "number", "everything") if slot in slots]
    deeds = [slots[slot] for slot in ("did", "do") if slot in slots]
    if not named and not deeds:
        return None
    ref = parse(named[0], language) if named else _deed(deeds[0], language)
    if "everything" in slots:
        ref = replace(ref, kind="all")
    if "state" in slots:
        ref = replace(ref, kind="name", name=(*ref.name, *slots["state"].folds))
    if "minus" in slots:
        ref = replace(ref, minus=parse(slots["minus"], language))
    return ref


def _without_particle(words: Words, language: Language) -> Words:
    """Return the object of "handed it in" without what belongs to the verb."""
    behind = len(words) > 1 and words.folds[-1] in language.words["particles"]
    return words[:-1] if behind and table_has(language.table("one"), words.folds[:-1]) else words


def _deed(words: Words, language: Language) -> Reference:
    """Return the tasks of "bought it", "done the last one", "called mom"."""
    for kind, table in (("it", "one"), ("them", "many")):
        if table_has(language.table(table), timeless(words, language).folds):
            return Reference(words.said, kind)
    object_ = _without_particle(timeless(words[1:], language), language)
    if len(object_) and stem(words.folds[0], language) in language.words["done_verbs"]:
        meant = parse(object_, language)
        if meant.kind != "name" and any(part.kind != "name" for part in meant.parts or (meant,)):
            return meant
    for kind, table in (("it", "one"), ("them", "many")):
        if table_has(language.table(table), object_.folds):
            count = 0 if language.words["two"].isdisjoint(object_.folds) else 2
            return Reference(words.said, kind, name=words.folds[:1], count=count)
    meant = parse(timeless(words, language), language)
    meant = meant if meant.kind in ("numbers", "positions") else parse(words, language)
    if meant.kind == "all" and len(words) == 1:
        return Reference(words.said, "name", name=words.folds)  # "I checked" is no set of tasks
    return meant
