"""What the small words of a sentence say about it: the sets of [grammar], put to use."""

import itertools
from collections.abc import Sequence

from todo_chatbot.agent.offline.lexicon import Language


def is_past(fold: str, language: Language) -> bool:
    """Return whether a word is a past form: "paid", "washed"."""
    if fold in language.past:
        return True
    if (
        fold.endswith("d")
        and len(fold) > 4
        and fold[:-1] in language.words["base"]
        and fold not in language.vocabulary
    ):
        return True  # "waterd"
    return fold.endswith("ed") and len(fold) > 4 and fold not in language.words["not_past"]


def is_finite(folds: Sequence[str], language: Language) -> bool:
    """Return whether words have a verb that makes a sentence of them: "the bug is fixed"."""
    return not language.any_of("auxiliaries", "modals").isdisjoint(folds)


def points(fold: str, language: Language) -> bool:
    """Return whether a word stands for somebody, or for what was said: "we", "it"."""
    return fold in language.any_of("speakers", "third_persons", "demonstratives", "it")


def has_reason(folds: Sequence[str], language: Language) -> bool:
    """Return whether a reason follows a comma: "two more come, so ..."."""
    reasons = language.any_of("causes", "results")
    return any(a == "," and b in reasons for a, b in itertools.pairwise(folds))
