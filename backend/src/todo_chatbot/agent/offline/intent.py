"""What one clause wants."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from todo_chatbot.agent.offline.patterns import NO_PATTERN, Pattern
from todo_chatbot.agent.offline.references import Reference
from todo_chatbot.agent.offline.tokens import Words

LINKED = ("linked", "item")
"""Flags of patterns whose title may begin with what links it to them: "called", "to"."""
REMINDING = ("reminder", "alarm")
"""Flags of patterns that ask for a reminder."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What one clause wants.

    ``slots`` are the words that filled the pattern, ``ref`` the tasks it speaks of, ``status`` the
    list that is meant, ``flag`` what the pattern says of itself, and what settled it since.
    ``soft``: a statement implied it. ``titles`` (with descriptions) and ``note`` stand when they
    are already known. ``parts`` are the clauses it falls into if the last of them names a task on
    the list.
    """

    frame: str
    slots: Mapping[str, Words] = field(default_factory=dict)
    ref: Reference | None = None
    status: str = "all"
    flag: str = ""
    act: str = "order"
    pattern: Pattern = NO_PATTERN
    soft: bool = False
    small_talk: bool = False
    said: str = ""
    titles: tuple[tuple[str, str], ...] = ()
    note: str = ""
    parts: tuple["Intent", ...] = ()

    @property
    def points(self) -> bool:
        """Whether it speaks of its tasks by "it" or "them"."""
        return self.ref is not None and self.ref.kind in ("it", "them")

    @property
    def doubtful(self) -> bool:
        """Whether the person rather asked than told, so that it is done only after a yes."""
        return self.act == "asked" or self.flag == "doubt"
