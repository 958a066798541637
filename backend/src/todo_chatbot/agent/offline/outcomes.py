"""What the plans are made from, and what they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from todo_chatbot.agent.offline.frames import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Memory, Question, Task

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What becomes of one intent: calls to make, what to say of it, and what is asked, shown and spoken about."""

    intent: Intent
    calls: tuple[tuple[str, Arguments], ...] = ()
    say: str = ""
    tasks: tuple[Task, ...] = ()
    words: Mapping[str, Any] = field(default_factory=dict)
    also: tuple["Outcome", ...] = ()
    question: Question | None = None
    shown: tuple[int, ...] | None = None
    listing: str = ""


@dataclass(frozen=True)
class Scene:
    """What a plan is made from: the memory, the language and the list, if it has been read in this turn."""

    memory: Memory
    language: Language
    tasks: Sequence[Task] | None
