"""Which language is spoken."""

from collections.abc import Sequence

from todo_chatbot.agent.offline.lexicon import Language, load
from todo_chatbot.agent.offline.memory import Turn
from todo_chatbot.agent.offline.utterance import intents

LANGUAGES = ("es", "ur", "en")
"""The tables of words/, English last: it takes slips for its own words and guesses more."""


_TELLS_NONE = frozenset(("unknown", "yes", "leave", "too_long"))
"""Frames that tell no language: a yes and a no are known in all of them, a story is not read."""


def language_of(conversation: Sequence[Turn]) -> Language:
    """Return the language of the last message that is understood in one; English if none is."""
    for turn in reversed(conversation):
        for language in map(load, LANGUAGES):
            frames = {intent.frame for intent in intents(turn.said, language, fresh=False)}
            if "unknown" not in frames and frames - _TELLS_NONE:
                return language
    return load("en")
