"""Whether what follows a joint is a clause of its own, or a part of what precedes it."""

import itertools

from todo_chatbot.agent.offline.grammar import is_finite
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.joints import DASHES
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import phrase_ends, table_has
from todo_chatbot.agent.offline.references import parse
from todo_chatbot.agent.offline.tokens import Words

TITLED = frozenset(("add", "rename", "describe", "replace"))
"""Frames that end in words of the person's own: "and delete old posts" may belong to them."""

_REMARKING = frozenset((",", "-", "–", "—"))
NAMING = frozenset(("delete", "complete", "reopen"))
_LOOKING = frozenset(("list", "count", "next", "progress", "help", "undo"))
_ANSWERING = frozenset(("correct", "leave", "again", "yes", "too"))
_SETS = frozenset(("all", "rest", "them", "other", "latest", "it"))
_PARTING = frozenset((",", ";", "-", "–", "—"))
_VERBS = frozenset(("", "announce", "announced"))
"""What patterns begin with that begin with an order: words of their own, or what announces."""
_TOLD = 6
"""Words of a clause among which its verb stands."""


def is_apart(
    before: Words,
    first: Intent | None,
    rest: Words,
    following: Intent | None,
    joint: str,
    language: Language,
) -> bool:
    """Return whether the rest behind a joint is no part of what stands before it.

    ``first`` and ``following`` are what the two mean, each as one clause.
    """
    comma = _remarks(joint, language)
    closed = joint == ";" or any(token.quoted for token in before.tokens[-1:])
    parted = closed and following is not None and _begins_with_verb(following)
    # What stands behind ";" is no part of what is named before it, understood or not.
    unread = following is None and joint == ";"
    return (
        parted
        or (unread and first is not None and first.frame not in TITLED)
        or _stands_alone(first, following, rest, joint, language)
        or _is_remark(first, following, rest, comma, language)
        or (comma and _is_listed(before, language) and _tells(rest, language))
    )


def _stands_alone(
    first: Intent | None, following: Intent | None, rest: Words, joint: str, language: Language
) -> bool:
    """Return whether what follows is a clause of its own and no part of what precedes."""
    if following is None:
        return False
    if following.frame in _ANSWERING:
        return _answers(first, following, rest)
    if following.small_talk:
        return first is None or first.frame not in TITLED or joint not in DASHES
    if following.frame in _LOOKING:
        return _looks(first, rest, language)
    if first is None:
        ordered = _begins_with_verb(following) and not _is_deed(following)
        return ordered or _is_quoted(following)
    return _beside(first, following, rest, joint, language)


def _beside(first: Intent, following: Intent, rest: Words, joint: str, language: Language) -> bool:
    """Return whether an order or a remark stands beside another, and is no part of it."""
    if following.frame == "add":
        return _adds_more(first, following, rest, language)
    if first.frame in TITLED:
        return _is_firm(following, rest, language)
    beside = _gives_reason(first, following, rest, language)
    beside = beside or _tells_of_others(following, rest, language)
    parted = (joint == "," and beside) or _is_denied(first, following, joint, language)
    return parted or _follows(first, following, rest)


def _is_denied(first: Intent, following: Intent, joint: str, language: Language) -> bool:
    """Return whether it is told what is not so: "the car is washed, the bike isn't"."""
    parting = joint in _PARTING or joint in language.any_of("conjunctions", "turns", "contrasts")
    return parting and following.frame == "none" and first.frame in (*NAMING, "undo")


def _is_remark(
    first: Intent | None, following: Intent | None, rest: Words, comma: bool, language: Language
) -> bool:
    """Return whether the rest only remarks on what precedes: "..., they take cards now"."""
    if first is None or following is not None or len(rest) < 2:
        return False
    if parse(rest, language).kind in ("numbers", "positions"):
        return False  # "tick off the first, the third and the fifth"
    if first.frame in TITLED:
        return comma and rest.folds[0] in language.words["subjects"]
    told = first.frame in NAMING and (_tells(rest, language) or is_finite(rest.folds[:1], language))
    if comma and (first.flag == "everything" or _is_closed(first) or told):
        return True
    return rest.folds[0] in language.words["subjects"]


def _remarks(fold: str, language: Language) -> bool:
    """Return whether what follows a joint may only remark on what precedes."""
    return fold in _REMARKING or fold in language.words["causes"]


def _tells(words: Words, language: Language) -> bool:
    """Return whether words say something of a third: "grandad is getting it"."""
    folds = words.folds[1:_TOLD]
    doing = any(a == "'s" and b.endswith("ing") for a, b in itertools.pairwise(folds))
    return doing or is_finite(folds, language)


def _is_listed(words: Words, language: Language) -> bool:
    """Return whether words end in "on my list": their title is over."""
    size, table = len(words), language.table("mylist")
    return any(size in phrase_ends(table, words.folds, at) for at in range(max(1, size - 4), size))


def orders_by_name(intent: Intent) -> bool:
    """Return whether something is ordered to be done to tasks that are named."""
    by_name = intent.ref is not None and intent.ref.kind == "name"
    return intent.frame in NAMING and by_name and not intent.soft and _begins_with_verb(intent)


def _begins_with_verb(intent: Intent) -> bool:
    return intent.pattern.begins in _VERBS


def names_nothing(intent: Intent, language: Language) -> bool:
    """Return whether something is to be added that was said elsewhere: "add that"."""
    if "title" not in intent.slots:
        return False
    small = language.words["beside_pronoun"]
    folds = tuple(fold for fold in intent.slots["title"].folds if fold not in small)
    return any(table_has(language.table(name), folds) for name in ("one", "many"))


def _adds_more(first: Intent, following: Intent, rest: Words, language: Language) -> bool:
    if following.flag == "need" or names_nothing(following, language):
        return True
    reminder = _reminds(first) or first.flag in ("need", "maybe")
    if first.frame == "add" and reminder:
        # "remind me to boil the rice and add salt": only another reminder is one.
        says_so = not language.words["of_tasks"].isdisjoint(rest.folds)
        return _reminds(following) or says_so
    return _begins_with_verb(following)


def _is_firm(intent: Intent, words: Words, language: Language) -> bool:
    """Return whether an order is no part of a title: "task", a number, "as done", "show"."""
    if intent.frame in ("status", "detail"):
        return True
    if intent.ref is None:
        return False
    if intent.frame == "rename" and intent.ref.kind == "it":
        return True
    if intent.soft:
        return intent.frame == "complete" and _of_person(intent)
    nouns = language.words["task_nouns"] - language.words["vague_nouns"]
    if intent.ref.kind in ("numbers", "positions", "all"):
        return True
    return "done" in intent.pattern.classes or not nouns.isdisjoint(words.folds)


def _tells_of_others(following: Intent, rest: Words, language: Language) -> bool:
    """Return whether others are told of: "the hay has been bought", "they called it off"."""
    if following.pattern.begins != "ref":
        return following.pattern.begins == "person"
    after = following.pattern.follows[0].words or frozenset()
    words = language.words
    told = after & words["auxiliaries"] and not after & words["modals"]
    return bool(told) and rest.folds[0] not in words["it"]


def _is_closed(intent: Intent) -> bool:
    """Return whether nothing can be added to what a clause speaks of by a comma."""
    loose = intent.pattern.flag and intent.pattern.ends == "did"
    if intent.frame == "complete" and (loose or not intent.pattern.ends):
        return True
    return intent.ref is not None and intent.ref.kind in _SETS


def _answers(first: Intent | None, following: Intent, rest: Words) -> bool:
    if following.frame == "too":
        return first is not None and first.frame in NAMING
    if following.flag == "change":
        return first is None or first.frame == "rename" or first.flag == "maybe"
    if following.frame == "correct" and first is not None and first.frame == "undo":
        return True
    return following.frame == "leave" and len(rest) > 2


def _gives_reason(first: Intent, following: Intent, rest: Words, language: Language) -> bool:
    """Return whether a clause says why something goes: "..., my sister has done it"."""
    told = language.any_of("third_persons", "demonstratives", "it", "possessives")
    others = following.pattern.begins in ("person", "ref") and following.soft
    return first.frame in ("delete", "reopen") and others and rest.folds[0] in told


def _follows(first: Intent, following: Intent, rest: Words) -> bool:
    if following.frame == "detail" and first.frame in NAMING:
        return False  # "delete the invoice and number 6"
    if following.frame == "rename" and "title" not in following.slots and first.frame in NAMING:
        return False  # "delete buy stamps and fix bike"
    if following.pattern.begins == "ref":
        told = _of_person(first) and len(rest) > 2
        denied = first.frame == "none"  # "the shoes I did not buy, but the package I have sent"
        return first.pattern.begins == "ref" or told or denied or following.flag == "final"
    if _is_deed(following):
        return first.frame == "complete" and first.soft
    return _begins_with_verb(following)


def _looks(first: Intent | None, rest: Words, language: Language) -> bool:
    """Return whether the list is asked for; in "delete the price list and the agenda" it is not."""
    if first is None:
        return len(rest) > 1
    return first.frame not in NAMING or rest.folds[0] not in language.words["definite"]


def _is_quoted(intent: Intent) -> bool:
    """Return whether a title is set beside another: "'Buy tomatos' should be 'Buy tomatoes'"."""
    slots = intent.slots.values()
    return intent.frame == "rename" and all(s.tokens[0].quoted for s in slots) and bool(slots)


def _is_deed(intent: Intent) -> bool:
    """Return whether nothing but a deed is told, without who did it: "paid the rent"."""
    return intent.pattern.alone and intent.pattern.begins == "did"


def _of_person(intent: Intent) -> bool:
    """Return whether it is said who did it: "I paid the rent"."""
    return "person" in intent.pattern.classes and not intent.pattern.begins


def _reminds(intent: Intent) -> bool:
    return intent.flag == "alarm"
