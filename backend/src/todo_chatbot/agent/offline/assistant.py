"""The assistant as a function: from the input items of a model to its next step."""

from collections.abc import Sequence
from typing import Any

from todo_chatbot.agent.offline.lexicon import load
from todo_chatbot.agent.offline.memory import turns
from todo_chatbot.agent.offline.replay import REMEMBERED_TURNS, remember
from todo_chatbot.agent.offline.speaking import language_of
from todo_chatbot.agent.offline.step import Step, step


def decide(items: Sequence[Any] | str) -> Step:
    """Return the next step of the conversation; the same items always give the same step."""
    conversation = turns(items, REMEMBERED_TURNS + 1)
    if not conversation:
        return Step(text=load("en").say["greet"][0])
    language = language_of(conversation)
    return step(conversation[-1], remember(conversation[:-1]), language)
