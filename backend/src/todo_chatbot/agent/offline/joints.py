"""Where a sentence may fall into clauses: at the marks and words that join them."""

import functools
from collections.abc import Iterator

from todo_chatbot.agent.offline.clause import read_clause
from todo_chatbot.agent.offline.grammar import is_finite
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import phrase_end, phrase_ends
from todo_chatbot.agent.offline.tokens import Words

DASHES = frozenset((":", "-", "–", "—"))
_MARKS = DASHES | {",", ";", "¶", "&"}
"""Marks between clauses."""
LONGEST_CLAUSE = 60
"""Words of a clause; what is longer is a title or a list, and is not searched for clauses."""
_MOST_JOINTS = 48
"""Joints of a sentence at which it may be cut; what follows belongs to the last clause."""
_LONGEST_ORDER = 10


@functools.cache
def joints(language: Language, *, dashes: bool = True) -> frozenset[str]:
    """Return the marks and words between clauses, without the ``dashes`` if they are none."""
    marks = _MARKS if dashes else _MARKS - DASHES
    return marks | language.any_of("conjunctions", "then", "also", "causes", "results", "turns")


def candidates(
    sentence: Words, between: frozenset[str], language: Language
) -> Iterator[tuple[int, int, int]]:
    """Yield where joints begin, where the words after them begin, and where those end."""
    places = [
        at
        for at, token in enumerate(sentence.tokens)
        if at and token.fold in between and not token.quoted
        if not _is_adverb(sentence, at, language) and not _leads_on(sentence, at, language)
    ][:_MOST_JOINTS]
    after = 0
    for nth, at in enumerate(places):
        # From within a row of joints the words after it are those from its beginning.
        after = max(after, at + 1)
        while after < len(sentence) and _joins(sentence.folds[after : after + 2], language):
            after += 1
        end = next((place for place in places[nth + 1 :] if place > after), len(sentence))
        if after < end:
            yield at, after, end


def _joins(folds: tuple[str, ...], language: Language) -> bool:
    """Return whether a word joins clauses; "so" begins one in "so is the camera one"."""
    if folds[0] in language.words["likewise"] and is_finite(folds[1:], language):
        return False
    return folds[0] in joints(language)


def _leads_on(sentence: Words, at: int, language: Language) -> bool:
    """Return whether a colon only sets off what "to" leads to: "rename 3 to: call Ann"."""
    return sentence.folds[at] == ":" and sentence.folds[at - 1] in language.words["links"]


def _is_adverb(sentence: Words, at: int, language: Language) -> bool:
    """Return whether "also" or "now" stands inside a clause: "can you also add ..."."""
    before = language.any_of(
        "speakers", "third_persons", "auxiliaries", "modals", "can", "courtesy"
    )
    return sentence.folds[at] in language.words["adverbs"] and sentence.folds[at - 1] in before


def unmarked(sentence: Words, language: Language) -> int | None:
    """Return where a clause begins without a joint: "... add that", "off my list I sold it"."""
    table, folds = language.table("addthat"), sentence.folds
    lists, places = language.table("mylist"), language.words["prepositions"]
    for at in range(2, min(len(folds), LONGEST_CLAUSE)):
        end = phrase_end(lists, folds, at) if folds[at - 1] in places else 0
        if 0 < end < len(folds) - 1 and folds[end] in language.any_of("speakers", "third_persons"):
            return end
    for at in range(max(2, len(folds) - _LONGEST_ORDER), len(folds)):
        if len(folds) in set(phrase_ends(table, folds, at)):
            before = joints(language) | language.words["negations"]
            return None if folds[at - 1] in before else at
    return None


def opening(sentence: Words, language: Language) -> int:
    """Return how many words of manners a sentence begins with: "be so kind and delete it"."""
    words = read_clause(sentence, language).words
    if not len(words):
        return 0
    return next(at for at, t in enumerate(sentence.tokens) if t.start >= words.tokens[0].start)
