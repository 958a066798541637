"""Which language is spoken."""

from collections.abc import Sequence

from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language, load
from todo_chatbot.agent.offline.memory import Turn
from todo_chatbot.agent.offline.patterns import table_has
from todo_chatbot.agent.offline.tokens import read
from todo_chatbot.agent.offline.utterance import intents

LANGUAGES = ("es", "ur", "en")
"""The tables of words/, English last: it takes slips for its own words and guesses more."""


_TELLS_NONE = frozenset(("unknown", "yes", "leave", "too_long"))
"""Frames that tell no language, beside a pattern of another than English: a yes and a no are known
in all of them, a story is not read."""


def language_of(conversation: Sequence[Turn]) -> Language:
    """Return the language of the last message that is understood in one; English if none is."""
    for turn in reversed(conversation):
        for language in map(load, LANGUAGES):
            said = intents(turn.said, language, fresh=False)
            known = all(_is_known(one, language) for one in said)
            if known and any(_tells(one, language) for one in said):
                return language
    return load("en")


def _is_known(intent: Intent, language: Language) -> bool:
    """Return whether a clause is understood, if only as the no in "no, gracias"."""
    if intent.frame != "unknown":
        return True
    return table_has(language.table("anyno"), read(intent.said, language.spellings).folds)


def _tells(intent: Intent, language: Language) -> bool:
    """Return whether a clause tells its language: "no borres 3" does, by its pattern."""
    refused = intent.frame == "leave" and intent.pattern is not None
    return intent.frame not in _TELLS_NONE or (refused and language.code != LANGUAGES[-1])
