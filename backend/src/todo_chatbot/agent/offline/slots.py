"""Which words may fill a slot of a pattern. The slots' names are those of words/*.toml."""

import itertools
from collections.abc import Callable, Mapping

from todo_chatbot.agent.offline.grammar import has_reason, is_finite, is_past, points
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.listing import is_listing
from todo_chatbot.agent.offline.orders import commands, gives_orders
from todo_chatbot.agent.offline.patterns import Pattern, begins, phrase_end, table_has
from todo_chatbot.agent.offline.references import MARKS, is_time, number, parse
from todo_chatbot.agent.offline.titled import may_be_title
from todo_chatbot.agent.offline.tokens import Words

_PLACED = {
    "rest": ("other", "rest", "them", "numbers", "positions"),
    "number": ("numbers",),
    "placed": ("numbers", "positions", "latest"),
}
"""Which kinds of reference patterns of a flag take."""
_OWN_WORDS = frozenset(("note", "title"))
"""Slots of the person's own words."""
LONGEST_NAME = 40
"""Words that may name tasks; titles end at 200 characters."""
_LONGEST_PART = 8


def filling(words: Words, pattern: Pattern, language: Language) -> Callable[[str, int, int], bool]:
    """Return what tells the matcher which of ``words`` may fill a slot; most slots take any."""

    def fits(slot: str, start: int, end: int) -> bool:
        check = _CHECKS.get(slot)
        return check is None or check(words[start:end], pattern, language)

    return fits


def _ref(words: Words, pattern: Pattern, language: Language) -> bool:
    folds = words.folds
    if (
        len(folds) > LONGEST_NAME
        or folds[0] in language.words["no_name"]
        or all(fold in MARKS for fold in folds)
    ):
        return False
    if pattern.flag in _PLACED:
        named = pattern.flag == "placed" and folds[-1] in language.words["task_nouns"]
        return named or parse(words, language).kind in _PLACED[pattern.flag]
    if pattern.begins == "ref" and _is_no_subject(folds, language):
        return False
    ends_free = pattern.begins == "ref" and not _OWN_WORDS.isdisjoint(pattern.slots)
    if ends_free and has_reason(folds, language):
        return False  # "two more come, so the description should be ..."
    if pattern.ends == "past" and begins(language.table("all"), folds):
        return parse(words, language).kind != "all"
    return _nominal(words, language)


def _is_no_subject(folds: tuple[str, ...], language: Language) -> bool:
    """Return whether words before "is done" are an order of their own, or what somebody says."""
    if (
        folds[0] in language.words["openers"]
        or folds[-1] in language.any_of("speakers", "third_persons")
        or (folds[-1] in language.words["it"] and len(folds) > 1)
        or not language.words["cue_reporting"].isdisjoint(folds[1:])
    ):
        return True
    if any(a == "," and points(b, language) for a, b in itertools.pairwise(folds)):
        return True  # "tick the litter, it's ordered"
    joined = "," in folds and not language.words["conjunctions"].isdisjoint(folds)
    return joined and begins(language.table("firm_heads"), folds)


def _nominal(words: Words, language: Language) -> bool:
    """Return whether words name something; a sentence ("the bug has been fixed") does not."""
    if not is_finite(words.folds, language):
        return True
    reference = parse(words, language)
    if reference.kind == "all" and reference.name:
        return not language.words["relative_pronouns"].isdisjoint(words.folds)
    # "The barbecue one we are going out instead": what is told is no part of the name.
    told_after = reference.kind == "name" and len(reference.said) < len(words.said)
    if told_after and not is_finite(reference.said.lower().split(), language):
        return True
    return reference.kind not in ("name", "several")


def _did(words: Words, pattern: Pattern, language: Language) -> bool:
    negated = len(words) > 1 and words.folds[1] in language.words["negations"]
    if ":" in words.folds and commands(words.folds[words.folds.index(":") + 1 :], language):
        return False  # "I've thought about it: delete the boots"
    if negated or not language.words["modals"].isdisjoint(words.folds):
        return False  # "I misspelled it, it should be ..." tells what is to be, not what was done
    return pattern.flag == "loose" or is_past(words.folds[0], language)


def _rest(words: Words, pattern: Pattern, language: Language) -> bool:
    """Return whether words are left out of account: orders never are."""
    if pattern.begins == "rest" and commands(words.folds, language):
        return False
    at = words.folds.index(":") + 1 if ":" in words.folds else 0
    return not at or not commands(words.folds[at:], language)  # "I nearly forgot: add ..."


def _do(words: Words, pattern: Pattern, language: Language) -> bool:
    if pattern.flag == "bare" and is_listing(words.folds, language):
        return False  # "todo list?"
    return pattern.flag != "bare" or words.folds[0] in language.words["base"]


def _note(words: Words, pattern: Pattern, language: Language) -> bool:
    """Return whether words may be a description that no mark sets apart from its title."""
    if pattern.flag == "it" and words.folds[0] in language.words["prepositions"]:
        return False  # "add the description of the flat ..." names its task
    if pattern.begins == "ref" and table_has(language.table("done"), words.folds):
        return False  # "release notes: done"
    if pattern.flag == "long":
        return len(words) > 1 and words.folds[0] not in language.words["no_note"]
    return _do(words, pattern, language)


def _past(words: Words, pattern: Pattern, language: Language) -> bool:
    folds = words.folds
    if pattern.flag == "closed":
        return len(folds) == 1 and folds[0] in language.words["shut"]
    if pattern.flag == "after" and language.words["emphatic"].isdisjoint(folds):
        return False
    if folds[1:2] and folds[1] in language.any_of("objects", "cue_others", "demonstratives", "it"):
        return False
    if folds[1:2] and folds[1] in language.any_of("definite", "indefinite", "possessives"):
        return False  # "Lena did the ironing" tells of Lena
    if not language.words["negations"].isdisjoint(folds) or ":" in folds:
        return False  # "number 4 didn't work out"
    several = "," in folds or not language.words["conjunctions"].isdisjoint(folds)
    return is_past(folds[0], language) and len(folds) <= 5 and not several


def _state(words: Words, _: Pattern, language: Language) -> bool:
    return len(words) == 1 and words.folds[0] in language.any_of("base", "particles")


def _number(words: Words, _: Pattern, language: Language) -> bool:
    fold = words.folds[0]
    return len(words) == 1 and (number(fold, language) is not None or fold in language.ordinals)


def _everything(words: Words, _: Pattern, language: Language) -> bool:
    meant = parse(words, language)
    return meant.kind == "all" and not meant.name and meant.minus is None


def _many(words: Words, _: Pattern, language: Language) -> bool:
    return table_has(language.table("many"), words.folds)


def _person(words: Words, _: Pattern, language: Language) -> bool:
    return len(words) <= 3 and words.folds[-1] in language.words["people"]


def _listing(words: Words, pattern: Pattern, language: Language) -> bool:
    folds = words.folds
    if pattern.alone:
        told = points(folds[0], language)
        ordered = len(folds) > 1 and folds[0] in language.words["finishing"]
        nouns = language.words["listing_nouns"] - language.words["remainder"]
        gone = folds[-1] in language.words["particles"] and is_finite(folds[-2:-1], language)
        one = begins(language.table("one"), folds[1:])  # "finished that one too"
        if told or ordered or one or gone or nouns.isdisjoint(folds):
            return False  # "the agenda is out" tells
    return is_listing(folds, language)


def _part(words: Words, pattern: Pattern, language: Language) -> bool:
    if "," in words.folds or not language.words["negations"].isdisjoint(words.folds):
        return False
    if language.any_of("definite", "indefinite", "task_nouns").issuperset(words.folds):
        return False
    # "It isn't done, reopen it" puts no words in the place of others.
    ordered = pattern.slots[0] == "old" and gives_orders(words.folds, language)
    return len(words) <= _LONGEST_PART and not ordered


def _other_part(words: Words, pattern: Pattern, language: Language) -> bool:
    """Return whether words may stand for others: "not 1 though, that was a mistake" has none."""
    manners = _is_manners(words.folds, language)
    tells_of_it = manners or is_finite(words.folds, language)
    return _part(words, pattern, language) and not tells_of_it


def _is_manners(folds: tuple[str, ...], language: Language) -> bool:
    """Return whether words are nothing but manners: "wait, sorry"."""
    while folds and (end := phrase_end(language.table("lead"), folds) or (folds[0] in MARKS)):
        folds = folds[end:]
    return not folds


def _announce(words: Words, _: Pattern, language: Language) -> bool:
    said = [fold for fold in words.folds if fold not in MARKS]
    known, verbs = language.words["announce_words"], language.words["announce_verbs"]
    if parse(words, language).kind == "numbers":
        return False  # "task 2: done" speaks of a task, "2 things: ..." announces
    return bool(said) and all(fold in known for fold in said) and not verbs.isdisjoint(said)


def _announced(words: Words, pattern: Pattern, language: Language) -> bool:
    several = language.words["announce_many"] & set(words.folds)
    named = any(number(fold, language) is None for fold in several)
    return named and _announce(words, pattern, language)


def _when(words: Words, _: Pattern, language: Language) -> bool:
    return is_time(words, language)


def _why(words: Words, _: Pattern, language: Language) -> bool:
    """Return whether words only say what was wrong: "..., delete the run instead" is an order."""
    return not gives_orders(words.folds, language)


_CHECKS: Mapping[str, Callable[[Words, Pattern, Language], bool]] = {
    "ref": _ref,
    "did": _did,
    "do": _do,
    "rest": _rest,
    "note": _note,
    "past": _past,
    "state": _state,
    "number": _number,
    "everything": _everything,
    "many": _many,
    "person": _person,
    "listing": _listing,
    "old": _part,
    "new": _other_part,
    "title": may_be_title,
    "when": _when,
    "why": _why,
    "announce": _announce,
    "announced": _announced,
}
