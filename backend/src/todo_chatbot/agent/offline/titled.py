"""Which words may be a title: what people call a thing to do, and no order or remark."""

import itertools
from collections.abc import Callable, Mapping

from todo_chatbot.agent.offline.grammar import is_finite, is_past, points
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.orders import asks, gives_orders
from todo_chatbot.agent.offline.patterns import Pattern, begins, phrase_end, table_has
from todo_chatbot.agent.offline.references import MARKS, is_time, parse
from todo_chatbot.agent.offline.tokens import Words

_LISTS = frozenset(("list", "mylist", "anylist"))
"""Classes of words for the list."""
_LONGEST_GOODS = 5


def may_be_title(words: Words, pattern: Pattern, language: Language) -> bool:
    """Return whether words may be the title, or titles, of a pattern."""
    folds = words.folds
    if _is_untitled(words, language) or _speaks_of_task(words, pattern, language):
        return False
    if pattern.flag == "many" and table_has(language.table("order_heads"), folds):
        return False  # "I need those, undo"
    if folds[0] in language.words["links"] and len(folds) > 1 and _is_task(folds[1], language):
        return False  # "add to the report ...", "add to 3 ..." speak of another task
    if not _LISTS.isdisjoint(pattern.classes) and _has_adding(folds[1:], language):
        return False  # "ask Bob to add me to the list": his list
    flagged = _TITLES.get(pattern.flag)
    if flagged is not None:
        return flagged(words, language)
    if pattern.begins == "ref" and is_past(folds[0], language) and len(folds) < 3:
        return False  # "the password has to be reset"
    if pattern.begins != "title" or "note" in pattern.slots:
        return True
    sentence = is_finite(folds, language) or folds[0] in language.words["subjects"]
    return len(folds) <= 10 and not sentence and not gives_orders(folds[1:], language)


def _has_adding(folds: tuple[str, ...], language: Language) -> bool:
    to, adding = language.words["infinitive"], language.words["adding"]
    return any(a in to and b in adding for a, b in itertools.pairwise(folds))


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
    told = points(words.folds[0], language) or is_finite(words.folds, language)
    return pattern.flag == "item" and told


def _is_task(fold: str, language: Language) -> bool:
    return fold in language.table("article") or fold.removeprefix("#").isdecimal()


def _new_part(words: Words, language: Language) -> bool:
    short = len(words) <= 8 and "," not in words.folds and not tells(words.folds, language)
    return short and not gives_orders(words.folds, language)


def _other_title(words: Words, language: Language) -> bool:
    if not language.words["negations"].isdisjoint(words.folds[2:]) and "," not in words.folds:
        return False  # "no, the man never turned up"
    at = words.folds.index(":") + 1 if ":" in words.folds else 0
    if at and gives_orders(words.folds[at:], language):
        return False  # "oops, forgot: add ..."
    return not gives_orders(words.folds, language) and not tells(words.folds, language)


def _said_elsewhere(words: Words, language: Language) -> bool:
    return any(table_has(language.table(name), words.folds) for name in ("one", "many"))


def _short(words: Words, language: Language) -> bool:
    return len(words) <= 12 and not gives_orders(words.folds, language)


def _goods(words: Words, language: Language) -> bool:
    return len(words) <= 3 and words.folds[0] not in language.any_of("base", "no_goods")


def _bought(words: Words, language: Language) -> bool:
    return len(words) <= _LONGEST_GOODS and words.folds[0] not in language.words["no_goods"]


def _due(words: Words, language: Language) -> bool:
    """Return whether words name what is to be done; "should have called" looks back."""
    folds = words.folds
    if begins(language.table("not_due"), folds):
        return False
    perfect = folds[0] in language.words["auxiliaries"]
    return not perfect or len(folds) < 2 or not _is_perfect(folds[1], language)


def _is_perfect(fold: str, language: Language) -> bool:
    return fold in language.words["auxiliaries"] or is_past(fold, language)


_TITLES: Mapping[str, Callable[[Words, Language], bool]] = {
    "fix": _new_part,
    "quoted": lambda words, _: all(token.quoted for token in words.tokens),
    "other": _other_title,
    "pronoun": _said_elsewhere,
    "deed": lambda words, language: words.folds[0] in language.words["base"],
    "down": _short,
    "buy": _goods,
    "need": _due,
    "time": is_time,
    "goods": _bought,
}
"""What a title must be in patterns of a flag."""


def tells(folds: tuple[str, ...], language: Language) -> bool:
    """Return whether words tell or ask something of their own: "I finished the report"."""
    table = language.table("chooser")
    folds = tuple(fold for fold in folds if fold not in MARKS)
    while folds and 0 < (end := phrase_end(table, folds)) < len(folds):
        folds = folds[end:]
    if not folds:
        return asks(folds, language)
    told = folds[0] in language.words["subjects"] or is_finite(folds, language)
    return told or asks(folds, language)
