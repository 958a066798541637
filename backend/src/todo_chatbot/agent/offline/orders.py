"""Whether words order or ask something; slips in words of command are set right."""

import functools

from rapidfuzz.distance import OSA

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import begins
from todo_chatbot.agent.offline.tokens import Token, Words

_PARTING = frozenset((",", "-", "–", "—", ";"))
_TYPED = 120
"""Words of a clause in which slips are looked for."""


def asks(folds: tuple[str, ...], language: Language) -> bool:
    """Return whether words begin like a question."""
    table = language.table("question_heads")
    return begins(table, folds)


def commands(folds: tuple[str, ...], language: Language) -> bool:
    """Return whether words begin with an order to the assistant."""
    if begins(language.table("order_heads"), folds):
        return True
    if folds and folds[0] in language.any_of("careful", "courtesy", "before_order"):
        return commands(folds[1:], language)
    return bool(folds) and correction(folds[0], language) is not None


def gives_orders(folds: tuple[str, ...], language: Language) -> bool:
    """Return whether words begin with an order, or one follows a mark in them."""
    folds = folds[1:] if folds and folds[0] in language.words["infinitive"] else folds
    starts = [0, *(at + 1 for at, fold in enumerate(folds) if fold in _PARTING)]
    return any(commands(_without_joint(folds[at:], language), language) for at in starts)


def _without_joint(folds: tuple[str, ...], language: Language) -> tuple[str, ...]:
    joints = language.any_of("conjunctions", "then", "also")
    while folds and folds[0] in joints:
        folds = folds[1:]
    return folds


def correct_commands(words: Words, language: Language) -> Words:
    """Return the words with slips in command words set right ("delte" is compared as "delete")."""
    tokens = list(words.tokens)
    for at, token in enumerate(tokens[:_TYPED]):
        if not token.quoted and len(token.fold) >= 3 and token.fold.isalpha():
            right = correction(token.fold, language)
            if right:
                tokens[at] = Token(right, token.start, token.end)
    return Words(words.text, tuple(tokens))


@functools.lru_cache(maxsize=8192)
def correction(fold: str, language: Language) -> str | None:
    """Return the command word that was meant by a slip, or None."""
    if len(fold) < 3 or len(fold) > 16 or fold in language.vocabulary:
        return None
    swapped = language.swapped.get(fold) or language.swapped_past.get(fold)
    if swapped or len(fold) < 5:
        return swapped
    best, best_distance = None, 3
    for word in language.commands_by_size[len(fold)]:
        if word[0] != fold[0] and word[1] != fold[0]:
            continue
        distance = OSA.distance(fold, word, score_cutoff=2)
        if distance <= (1 if len(word) < 8 else 2) and distance < best_distance:
            best, best_distance = word, distance
    return best
