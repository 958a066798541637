"""Words that ask for the list: which of them, and whether they ask for nothing else."""

import itertools

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.references import MARKS
from todo_chatbot.agent.offline.tokens import Words


def is_listing(folds: tuple[str, ...], language: Language) -> bool:
    """Return whether words ask for the list and name nothing in it."""
    words = [fold for fold in folds if fold not in MARKS]
    nouns = language.words["listing_nouns"]
    one = not language.words["stand_in"].isdisjoint(words)
    if one and any(w in language.ordinals or w in language.words["other"] for w in words):
        return False  # "the last one is done"
    known = language.words["listing"] | nouns
    if not {"thing", "task"}.isdisjoint(words) and not language.ordinals.keys().isdisjoint(words):
        return False  # "what was the last thing you did?"
    return all(word in known for word in words) and any(word in nouns for word in words)


def list_status(words: Words, language: Language) -> str:
    """Return which tasks a question about the list means: all, pending or completed."""
    folds, said, known = words.folds, set(words.folds), language.words
    pairs = set(itertools.pairwise(folds))
    finished = sum(folds.count(word) for word in language.words["finished"])
    finished -= len(pairs & language.whole)
    to_do = bool(pairs & language.obliging)
    obliged = to_do or bool(said & language.words["obliged"])
    if not finished:
        return "pending" if obliged else "all"
    if said & known["entire"] and said & known["included"]:
        return "all"  # "the whole lot, finished ones too"
    either = said & language.any_of("conjunctions", "alternatives")
    if said & known["negations"]:
        # "What I did not finish": what was not done is told once.
        finished -= any(a in known["finished"] and b in known["negations"] for a, b in pairs)
        return "all" if finished > 1 or either else "pending"
    if obliged:
        return "all" if (either or said & known["both"]) and not to_do else "pending"
    return "completed"
