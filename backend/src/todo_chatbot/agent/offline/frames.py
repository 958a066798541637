"""What a clause means: the first pattern of the table that fits, with its slots filled."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from todo_chatbot.agent.offline.clause import Clause, asks, commands, table_has, without_trail
from todo_chatbot.agent.offline.lexicon import Frame, Language
from todo_chatbot.agent.offline.patterns import Pattern, match
from todo_chatbot.agent.offline.references import MARKS, Reference, number, parse
from todo_chatbot.agent.offline.resolve import stem
from todo_chatbot.agent.offline.tokens import Words

_TELLING = frozenset(("i", "we", "it", "they", "that", "this", "both"))
_FINISHING = frozenset(("complete", "finish", "close", "tick", "check"))
_VERBATIM = frozenset(("add", "describe", "rename", "correct", "replace"))
"""Frames whose words are kept as they were said, so that nothing may be taken off their end."""
_FINITE = frozenset(
    ("is", "are", "was", "were", "has", "have", "had", "been", "will", "should", "must", "would")
)
_IMPERATIVES = frozenset(
    (
        "add",
        "create",
        "new",
        "remind",
        "put",
        "make",
        "delete",
        "remove",
        "mark",
        "rename",
        "change",
        "show",
        "please",
        "can",
        "i",
        "we",
        "so",
        "remember",
    )
)
_ACTS = {
    "question": ("any", "question"),
    "asked": ("any", "question", "order", "statement"),
    "order": ("any", "order", "statement"),
}


@dataclass(frozen=True, slots=True)
class Intent:
    """What one clause wants.

    ``slots`` are the words that filled the pattern; ``ref`` the tasks it speaks of; ``doubtful`` an order that was
    put as a question, so that it must be confirmed; ``status`` which list is meant.
    """

    frame: str
    slots: Mapping[str, Words] = field(default_factory=dict)
    ref: Reference | None = None
    status: str = "all"
    flag: str = ""
    act: str = "order"
    pattern: str = ""
    soft: bool = False
    said: str = ""
    titles: tuple[tuple[str, str], ...] = ()
    note: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether the person rather asked than told."""
        return self.act == "asked" or self.flag == "doubt"


def understand(clause: Clause, language: Language, *, fresh: bool = False) -> Intent | None:
    """Return the meaning of a clause, or None if no pattern fits; ``fresh``: nothing was done that could be corrected."""
    trimmed = without_trail(clause.words, language)
    for frame in language.frames:
        if frame.act not in _ACTS[clause.act] and not (
            clause.act == "question" and frame.act == "statement"
        ):
            continue
        if (
            frame.act == "statement"
            and clause.act == "question"
            and asks(clause.words.folds, language)
        ):
            continue
        if fresh and frame.name in ("correct", "again"):
            continue
        for words in _readings(frame, clause, trimmed):
            intent = _try(frame, words, clause, language)
            if intent:
                return intent
    return None


def _readings(frame: Frame, clause: Clause, trimmed: Words) -> list[Words]:
    found = [clause.words, trimmed] if frame.name in _VERBATIM else [trimmed, clause.words]
    if frame.raw:
        found.insert(0, clause.bare)
    sizes: dict[int, Words] = {}
    for words in found:
        sizes.setdefault(len(words), words)
    return list(sizes.values())


def _try(frame: Frame, words: Words, clause: Clause, language: Language) -> Intent | None:
    folds = words.folds
    if not folds:
        return None
    have = frozenset(folds)
    for pattern in frame.patterns:
        if not pattern.may_match(have, folds[0]):
            continue
        spans = match(
            pattern, folds, lambda name, a, b, p=pattern: _fits(name, words[a:b], p, language)
        )
        if spans is not None:
            slots = {name: words[start:end] for name, (start, end) in spans.items()}
            return _intent(frame, pattern, slots, words, clause, language)
    return None


def _intent(
    frame: Frame,
    pattern: Pattern,
    slots: Mapping[str, Words],
    words: Words,
    clause: Clause,
    language: Language,
) -> Intent:
    ref = None
    if "ref" in slots:
        ref = parse(slots["ref"], language)
    if "state" in slots and ref is not None:
        ref = Reference(ref.said, "name", name=(*ref.name, *slots["state"].folds))
    elif "many" in slots:
        ref = parse(slots["many"], language)
    elif pattern.flag == "it":
        ref = Reference("it", "it")
    elif "number" in slots:
        ref = parse(slots["number"], language)
    elif "did" in slots or "do" in slots:
        ref = _deed(slots.get("did") or slots["do"], language)
    status = list_status(words, language) if frame.name in ("list", "count", "find") else "all"
    name = frame.name
    if name == "complete" and frame.act == "statement" and clause.act in ("asked", "question"):
        name = "status"
    if "everything" in slots:
        ref = replace(
            parse(slots["everything"], language), kind="all", minus=parse(slots["minus"], language)
        )
    elif "minus" in slots and ref is not None:
        ref = replace(ref, minus=parse(slots["minus"], language))
    elif name == "complete" and not ref and frame.act == "order" and not pattern.flag:
        ref = Reference(words.said, "all")
    return Intent(
        frame=name,
        slots=slots,
        ref=ref,
        status=status,
        flag=pattern.flag,
        act=clause.act,
        pattern=pattern.source,
        soft=frame.soft or frame.act == "statement",
        said=clause.whole.said,
    )


def _deed(words: Words, language: Language) -> Reference:
    if stem(words.folds[0], language) in language.words["done_verbs"] and len(words) > 1:
        object_ = parse(words[1:], language)
        if object_.kind not in ("name", "several", "it", "them"):
            return object_
    for name in ("one", "many"):
        if table_has(language.table(name), words.folds[1:]):
            return Reference(words.said, "it" if name == "one" else "them", name=words.folds[:1])
    return parse(words, language)


def _fits(name: str, slot: Words, pattern: Pattern, language: Language) -> bool:
    folds = slot.folds
    if name == "ref":
        if pattern.flag == "number":
            return parse(slot, language).kind == "numbers"
        if pattern.source.startswith("{ref}") and folds[0] in _IMPERATIVES:
            return False
        if pattern.source.endswith("{past}") and parse(slot, language).kind == "all":
            return False
        return len(folds) <= 40 and any(f not in MARKS for f in folds) and _nominal(slot, language)
    if name == "did":
        return pattern.flag == "loose" or is_past(folds[0], language)
    if name == "state":
        return len(folds) == 1 and folds[0] in language.words["base"]
    if name == "past" and pattern.flag == "after":
        return is_past(folds[0], language) and bool({"after", "actually", "really"} & set(folds))
    if name == "past":
        return is_past(folds[0], language) and len(folds) <= 5 and "," not in folds
    if name == "number":
        return len(folds) == 1 and (
            number(folds[0], language) is not None or folds[0] in language.ordinals
        )
    if name == "do" and pattern.flag == "bare":
        return folds[0] in language.words["base"]
    if name == "everything":
        meant = parse(slot, language)
        return meant.kind == "all" and not meant.name and not meant.minus
    if name == "person":
        return len(folds) <= 3 and folds[-1] in language.words["people"]
    if name == "listing":
        bare = pattern.source == "{listing}"
        return is_listing(folds, language) and not (
            bare and (folds[0] in _TELLING or (len(folds) > 1 and folds[0] in _FINISHING))
        )
    if name == "many":
        return table_has(language.table("many"), folds)
    if name in ("old", "new") or (name == "title" and pattern.flag == "fix"):
        return len(folds) <= 8 and "," not in folds
    if name == "title" and pattern.flag == "other":
        return not commands(tuple(f for f in folds if f not in MARKS), language)
    if name == "title" and pattern.source.startswith("{title}"):
        return (
            len(folds) <= 10
            and not _FINITE & set(folds)
            and folds[0] not in language.words["subjects"]
        )
    if name == "title" and pattern.flag in ("quoted", "quotedor"):
        return all(t.quoted for t in slot.tokens)
    return True


def _nominal(words: Words, language: Language) -> bool:
    """Return whether words name something; a sentence ("the bug has been fixed") does not."""
    if not any(t.fold in _FINITE and not t.quoted for t in words.tokens):
        return True
    reference = parse(words, language)
    if reference.kind == "all" and reference.name:
        return bool({"that", "which", "what", "whatever"} & set(words.folds))
    return reference.kind not in ("name", "several")


def is_past(fold: str, language: Language) -> bool:
    """Return whether a word is a past form: "paid", "washed"."""
    if fold in language.past:
        return True
    return fold.endswith("ed") and len(fold) > 4 and fold not in language.words["not_past"]


def is_listing(folds: tuple[str, ...], language: Language) -> bool:
    """Return whether words ask for the list and name nothing in it."""
    words = [f for f in folds if f not in MARKS]
    known, nouns = language.words["listing"], language.words["listing_nouns"]
    return (
        bool(words)
        and all(w in known or w in nouns for w in words)
        and any(w in nouns for w in words)
    )


def list_status(words: Words, language: Language) -> str:
    """Return which tasks a question about the list means: all, pending or completed."""
    folds = words.folds
    said = set(folds)
    obliged = bool(said & language.words["obliged"]) or _pairs(folds, language)
    done = bool(said & language.words["finished"])
    if done and "not" in said and "and" in said:
        return "all"
    if sum(folds.count(word) for word in language.words["finished"]) > 1 and "not" in said:
        return "all"
    if done and ("not" in said or "yet" in said or "n't" in said):
        return "pending"
    if obliged and done:
        return "all" if said & {"and", "both", "or"} and not _pairs(folds, language) else "pending"
    if done:
        return "completed"
    return "pending" if obliged else "all"


def _pairs(folds: tuple[str, ...], language: Language) -> bool:
    return any((a, b) in language.obliging for a, b in zip(folds, folds[1:], strict=False))
