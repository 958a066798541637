"""Which words may fill a slot of a pattern. The slots' names are those of words/*.toml."""

import itertools
from collections.abc import Callable, Mapping

from todo_chatbot.agent.offline.clause import asks, commands, gives_orders
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.listing import is_listing
from todo_chatbot.agent.offline.patterns import (
    Pattern,
    Slot,
    begins,
    phrase_end,
    phrase_ends,
    table_has,
)
from todo_chatbot.agent.offline.references import MARKS, SPEAKERS, is_time, number, parse
from todo_chatbot.agent.offline.tokens import Words

_PLACED = {
    "rest": ("other", "rest", "them", "numbers", "positions"),
    "number": ("numbers",),
    "placed": ("numbers", "positions", "latest"),
}
"""Which kinds of reference patterns of a flag take."""
PARTICLES = frozenset(("out", "up", "in", "off", "down", "away"))
"""What may be left of a verb: "the bins are out" says that they were put out."""
LONGEST_NAME = 40
"""Words that may name tasks; titles end at 200 characters."""

FINITE = frozenset(
    ("is", "are", "was", "were", "has", "have", "had", "been", "will", "should", "must", "would")
)
_IMPERATIVES = frozenset(
    [
        *("add", "create", "new", "remind", "put", "make", "delete", "remove", "mark", "rename"),
        *("change", "show", "please", "can", "i", "we", "so", "remember"),
    ]
)
_ADDING = frozenset((("to", "add"), ("to", "put")))
_TELLING = frozenset(("i", "we", "it", "they", "that", "this", "both"))
_NO_GOODS = frozenset(
    ("me", "us", "things", "when", "what", "how", "to", "you", "it", "help", "that", "this", "them")
)
_LONGEST_GOODS, _LONGEST_PART = 5, 8
_REMAINDER = frozenset(("rest", "others", "remainder"))
_OBLIGING = frozenset(("should", "must", "would"))
_OBJECTS = frozenset(("me", "us", "you", "him", "her", "them", "it", "that", "this", "those"))
_BEHIND_STATE = frozenset((",", ".", "and", "again", "still", "now", "too", "please", "but", "-"))
_REASONS = frozenset(((",", "so"), (",", "because"), (",", "since"), (",", "therefore")))
_OF_WHICH = frozenset(("of", "for", "on", "from", "to"))
_FINISHING = frozenset(
    ("complete", "finish", "close", "tick", "check", "put", "keep", "save", "make", "get", "open")
)


def filling(words: Words, pattern: Pattern, language: Language) -> Callable[[str, int, int], bool]:
    """Return what tells the matcher which of ``words`` may fill a slot; most slots take any."""

    def fits(slot: str, start: int, end: int) -> bool:
        check = _CHECKS.get(slot)
        return check is None or check(words[start:end], pattern, language)

    return fits


def is_past(fold: str, language: Language) -> bool:
    """Return whether a word is a past form: "paid", "washed"."""
    if fold in language.past:
        return True
    if (
        fold.endswith("d")
        and fold[:-1] in language.words["base"]
        and fold not in language.vocabulary
    ):
        return True  # "waterd"
    return fold.endswith("ed") and len(fold) > 4 and fold not in language.words["not_past"]


def _ref(words: Words, pattern: Pattern, language: Language) -> bool:
    folds = words.folds
    if (
        len(folds) > LONGEST_NAME
        or folds[0] in ("of", "rid")
        or all(fold in MARKS for fold in folds)
    ):
        return False
    if pattern.flag in _PLACED:
        named = pattern.flag == "placed" and folds[-1] in language.words["task_nouns"]
        return named or parse(words, language).kind in _PLACED[pattern.flag]
    if pattern.source.startswith("{ref}") and _is_no_subject(folds, language):
        return False
    ends_free = pattern.source.startswith("{ref}") and {"{note}", "{title}"} & set(
        pattern.source.split()
    )
    if ends_free and not _REASONS.isdisjoint(itertools.pairwise(folds)):
        return False  # "two more come, so the description should be ..."
    if pattern.source.endswith("{past}") and folds[0] in language.table("all"):
        return parse(words, language).kind != "all"
    return _nominal(words, language)


def _is_no_subject(folds: tuple[str, ...], language: Language) -> bool:
    """Return whether words before "is done" are an order of their own, or what somebody says."""
    if (
        folds[0] in _IMPERATIVES
        or folds[-1] in SPEAKERS
        or (folds[-1] == "it" and len(folds) > 1)
        or not language.words["cue_reporting"].isdisjoint(folds[1:])
    ):
        return True
    if any(a == "," and b in _TELLING for a, b in itertools.pairwise(folds)):
        return True  # "tick the litter, it's ordered"
    joined = "and" in folds and "," in folds
    return joined and begins(language.table("firm_heads"), folds)


def _nominal(words: Words, language: Language) -> bool:
    """Return whether words name something; a sentence ("the bug has been fixed") does not."""
    if not any(token.fold in FINITE and not token.quoted for token in words.tokens):
        return True
    reference = parse(words, language)
    if reference.kind == "all" and reference.name:
        return bool({"that", "which", "what", "whatever"} & set(words.folds))
    # "The barbecue one we are going out instead": what is told is no part of the name.
    told_after = reference.kind == "name" and len(reference.said) < len(words.said)
    if told_after and FINITE.isdisjoint(reference.said.lower().split()):
        return True
    return reference.kind not in ("name", "several")


def _did(words: Words, pattern: Pattern, language: Language) -> bool:
    if words.folds[1:2] == ("not",) or not _OBLIGING.isdisjoint(words.folds):
        return False  # "I misspelled it, it should be ..." tells what is to be, not what was done
    return pattern.flag == "loose" or is_past(words.folds[0], language)


def _rest(words: Words, pattern: Pattern, language: Language) -> bool:
    """Return whether words are left out of account: orders never are."""
    return not pattern.source.startswith("{rest}") or not commands(words.folds, language)


def _do(words: Words, pattern: Pattern, language: Language) -> bool:
    if pattern.flag == "bare" and is_listing(words.folds, language):
        return False  # "todo list?"
    return pattern.flag != "bare" or words.folds[0] in language.words["base"]


def _note(words: Words, pattern: Pattern, language: Language) -> bool:
    """Return whether words may be a description that no mark sets apart from its title."""
    if pattern.flag == "it" and words.folds[0] in _OF_WHICH:
        return False  # "add the description of the flat ..." names its task
    if pattern.flag == "long":
        return len(words) > 1 and words.folds[0] not in language.words["no_note"]
    return _do(words, pattern, language)


def _past(words: Words, pattern: Pattern, language: Language) -> bool:
    folds = words.folds
    if pattern.flag == "closed":
        return folds == ("closed",)
    if pattern.flag == "after" and not {"after", "actually", "really"} & set(folds):
        return False
    if folds[1:2] and folds[1] in _OBJECTS:
        return False
    return is_past(folds[0], language) and len(folds) <= 5 and not {",", "and"} & set(folds)


def _state(words: Words, _: Pattern, language: Language) -> bool:
    return len(words) == 1 and words.folds[0] in language.words["base"] | PARTICLES


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
    if pattern.source == "{listing}" and (
        folds[0] in _TELLING or (len(folds) > 1 and folds[0] in _FINISHING)
    ):
        return False
    if pattern.source == "{listing}" and not set(folds) & (
        language.words["listing_nouns"] - _REMAINDER
    ):
        return False
    return is_listing(folds, language)


def _part(words: Words, pattern: Pattern, language: Language) -> bool:
    if not {",", "not"}.isdisjoint(words.folds):
        return False
    # "It isn't done, reopen it" puts no words in the place of others.
    first = next(one.name for one in pattern.elements if isinstance(one, Slot))
    ordered = first == "old" and gives_orders(words.folds, language)
    return len(words) <= _LONGEST_PART and not ordered


def _other_part(words: Words, pattern: Pattern, language: Language) -> bool:
    """Return whether words may stand for others: "not 1 though, that was a mistake" has none."""
    tells_of_it = words.folds[0] in _TELLING and not FINITE.isdisjoint(words.folds)
    return _part(words, pattern, language) and not tells_of_it


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


def _title(words: Words, pattern: Pattern, language: Language) -> bool:
    folds = words.folds
    if _is_untitled(words, language) or _speaks_of_task(words, pattern, language):
        return False
    if folds[0] == "to" and len(folds) > 1 and _is_task(folds[1], language):
        return False  # "add to the report ...", "add to 3 ..." speak of another task
    if "list>" in pattern.source and not _ADDING.isdisjoint(itertools.pairwise(folds[1:])):
        return False  # "ask Bob to add me to the list": his list
    flagged = _TITLES.get(pattern.flag)
    if flagged is not None:
        return flagged(words, language)
    if not pattern.source.startswith("{title}") or "{note}" in pattern.source:
        return True
    sentence = FINITE & set(folds) or folds[0] in language.words["subjects"]
    return len(folds) <= 10 and not sentence and not gives_orders(folds[1:], language)


def _is_untitled(words: Words, language: Language) -> bool:
    """Return whether words begin like no title, or are none: "the" alone, "something"."""
    first = words.tokens[0]
    if first.start == first.end:
        return True  # the "not" of "mustn't" would be lost
    if all(fold in language.words["no_title"] or fold in MARKS for fold in words.folds):
        return True
    return begins(language.table("untitled"), words.folds) and not first.quoted


def _speaks_of_task(words: Words, pattern: Pattern, language: Language) -> bool:
    """Return whether words are about a task on the list: "I meant task 2"."""
    if pattern.flag == "maybe":
        return parse(words, language).kind == "numbers"
    # "The last one I added is paid"
    announced = pattern.source.startswith("[the|my|a] (new")
    return announced and (words.folds[0] in _TELLING or not FINITE.isdisjoint(words.folds))


def _is_task(fold: str, language: Language) -> bool:
    return fold in language.table("article") or fold.removeprefix("#").isdecimal()


def _when(words: Words, _: Pattern, language: Language) -> bool:
    return is_time(words, language)


def _why(words: Words, _: Pattern, language: Language) -> bool:
    """Return whether words only say what was wrong: "..., delete the run instead" is an order."""
    return not gives_orders(words.folds, language)


def _new_part(words: Words, language: Language) -> bool:
    short = len(words) <= 8 and "," not in words.folds
    return short and not gives_orders(words.folds, language)


def _no_state(words: Words, language: Language) -> bool:
    """Return whether words are a title: "should be open again" says how a task stands."""
    folds = words.folds
    for name in ("notdone", "done", "completed", "pending"):
        for end in phrase_ends(language.table(name), folds, 0):
            if end == len(folds) or folds[end] in _BEHIND_STATE:
                return False
    return True


def _other_title(words: Words, language: Language) -> bool:
    at = words.folds.index(":") + 1 if ":" in words.folds else 0
    if at and gives_orders(words.folds[at:], language):
        return False  # "oops, forgot: add ..."
    return not gives_orders(words.folds, language) and not tells(words.folds, language)


def _said_elsewhere(words: Words, language: Language) -> bool:
    return any(table_has(language.table(name), words.folds) for name in ("one", "many"))


def _short(words: Words, language: Language) -> bool:
    return len(words) <= 12 and not gives_orders(words.folds, language)


def _goods(words: Words, language: Language) -> bool:
    first = words.folds[0]
    return len(words) <= 3 and first not in language.words["base"] and first not in _NO_GOODS


def _due(words: Words, language: Language) -> bool:
    """Return whether words name what is to be done; "should have called" looks back."""
    folds = words.folds
    if folds[:2] == ("like", "to"):
        return False
    return folds[0] != "have" or len(folds) < 2 or not _is_perfect(folds[1], language)


def _is_perfect(fold: str, language: Language) -> bool:
    return fold == "been" or is_past(fold, language)


_TITLES: Mapping[str, Callable[[Words, Language], bool]] = {
    "fix": _new_part,
    "named": _no_state,
    "quoted": lambda words, _: all(token.quoted for token in words.tokens),
    "other": _other_title,
    "pronoun": _said_elsewhere,
    "deed": lambda words, language: words.folds[0] in language.words["base"],
    "down": _short,
    "buy": _goods,
    "need": _due,
    "time": is_time,
    "goods": lambda words, _: len(words) <= _LONGEST_GOODS and words.folds[0] not in _NO_GOODS,
}
"""What a title must be in patterns of a flag."""


def tells(folds: tuple[str, ...], language: Language) -> bool:
    """Return whether words tell or ask something of their own: "I finished the report"."""
    table = language.table("chooser")
    folds = tuple(fold for fold in folds if fold not in MARKS)
    while folds and 0 < (end := phrase_end(table, folds)) < len(folds):
        folds = folds[end:]
    told = folds[:1] and (folds[0] in language.words["subjects"] or FINITE & set(folds))
    return bool(told) or asks(folds, language)


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
    "title": _title,
    "when": _when,
    "why": _why,
    "announce": _announce,
    "announced": _announced,
}
