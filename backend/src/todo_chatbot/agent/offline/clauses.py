"""Splits a sentence into clauses: orders that are joined, and remarks beside them.

"and" joins clauses, names, and words of titles; so a joint is cut only where what follows can stand
as a clause of its own beside what precedes.
"""

from dataclasses import dataclass, field, replace

from todo_chatbot.agent.offline.apart import (
    NAMING,
    is_apart,
    orders_by_name,
)
from todo_chatbot.agent.offline.clause import read_clause
from todo_chatbot.agent.offline.frames import understand
from todo_chatbot.agent.offline.intent import LINKED, Intent
from todo_chatbot.agent.offline.joints import (
    LONGEST_CLAUSE,
    candidates,
    joints,
    opening,
    unmarked,
)
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.orders import commands
from todo_chatbot.agent.offline.references import number, parse
from todo_chatbot.agent.offline.tokens import Words, read

_MOST_READ = 30
"""Stretches of a message that are read: twice what any of ten thousand cases needs."""
_SHORT_REST = 40
"""Words of a rest that is read as a whole when its first part says nothing."""


class TooLong(Exception):
    """A message is of more clauses than are read."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the clauses of a message; ``fresh``: nothing was done before that it may correct."""

    language: Language
    fresh: bool
    _known: dict[Words, Intent | None] = field(default_factory=dict, compare=False, repr=False)

    def read(self, words: Words) -> Intent | None:
        """Return what words mean as one clause, or None; raise TooLong if too many were read."""
        if words not in self._known:
            if len(self._known) == _MOST_READ:
                raise TooLong
            self._known[words] = self._read(words)
        return self._known[words]

    def _read(self, words: Words) -> Intent | None:
        intent = understand(read_clause(words, self.language), self.language, fresh=self.fresh)
        if intent is None or intent.flag != "told":
            return intent
        # "Note that task 2 is done" tells, "note that I need to call Ann" adds.
        clause = read_clause(intent.slots["title"], self.language)
        told = understand(clause, self.language, fresh=True)
        known = told is not None and told.frame in ("add", "complete", "delete", "reopen", "none")
        return told if known else intent

    def clauses(self, sentence: Words, whole: Intent | None) -> list[Words]:
        """Return the clauses of a sentence that, as one, means ``whole``."""
        cut = unmarked(sentence, self.language) or self._after_number(sentence)
        if cut is not None:
            before, rest = sentence[:cut], sentence[cut:]
            return [
                *self.clauses(before, self.read(before)),
                *self.clauses(rest, self.read(rest)),
            ]
        between = joints(self.language, dashes=whole is None or whole.frame == "rename")
        parts, start = [], 0
        first: Intent | None = None
        begin = opening(sentence, self.language)
        for at, after, end in candidates(sentence, between, self.language):
            if at < max(start, begin):
                continue
            if at - start > LONGEST_CLAUSE:
                break
            before, rest = sentence[start:at], sentence[after:end]
            first = first or self.read(before)
            following = self.read(rest)
            if following is None and len(sentence) - after <= _SHORT_REST:
                following = self.read(sentence[after:])
            if is_apart(before, first, rest, following, sentence.folds[at], self.language):
                parts.append(before)
                start, first = after, None
            elif following is not None:
                first = None
        return [*parts, sentence[start:]]

    def _after_number(self, sentence: Words) -> int | None:
        """Return where an order follows another about numbers: "done 3 delete 4"."""
        folds = sentence.folds
        for at in range(2, min(len(folds), LONGEST_CLAUSE)):
            if number(folds[at - 1], self.language) is None:
                continue
            if commands(folds[at:], self.language):
                before = self.read(sentence[:at])
                by_number = before and before.ref and before.ref.kind == "numbers"
                if before and by_number and before.frame in NAMING:
                    return at
        return None

    def parts(self, intent: Intent, sentence: Words) -> tuple[Intent, ...]:
        """Return what "add ..." means instead if what it names at its end is on the list.

        Only the list can tell in "add sweep the porch and delete order paper" and in "add milk to
        the groceries".
        """
        if intent.frame == "rename":
            return self._and_order(sentence)
        return self._and_order(sentence) or self._as_note(intent) or self._as_forgotten(intent)

    def _as_forgotten(self, intent: Intent) -> tuple[Intent, ...]:
        """Return the question that "I forgot to call Ann" is if that stands on the list."""
        title = intent.slots.get("title")
        if title is None or intent.flag != "need" or not _forgot(intent, self.language):
            return ()
        ref = parse(title, self.language)
        return (replace(intent, frame="status", ref=ref),) if ref.kind == "name" else ()

    def _as_note(self, intent: Intent) -> tuple[Intent, ...]:
        title = intent.slots.get("title")
        if title is None or intent.flag in LINKED or len(title) < 3:
            return ()
        links = self.language.words["links"]
        at = next((at for at in range(1, len(title) - 1) if title.folds[at] in links), 0)
        ref = parse(title[at + 1 :], self.language)
        if not at or title.folds[0] in self.language.words["base"] or ref.kind != "name":
            return ()
        note = replace(intent, frame="describe", slots={"note": title[:at]}, ref=ref, flag="doubt")
        return (note,)

    def _and_order(self, sentence: Words) -> tuple[Intent, ...]:
        for at, after, _ in candidates(sentence, joints(self.language), self.language):
            following = self.read(sentence[after:])
            if following is None or not orders_by_name(following):
                continue
            before = self.read(sentence[:at])
            adds = before is not None and before.frame in ("add", "rename")
            adds = adds and before is not None and before.flag != "maybe"
            return (before, following) if before and adds else ()
        return ()


def _forgot(intent: Intent, language: Language) -> bool:
    said = read(intent.said, language.spellings).folds
    return not language.words["cue_forgot"].isdisjoint(said)
