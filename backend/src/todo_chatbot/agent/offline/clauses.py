"""Splits a sentence into clauses: orders that are joined, and remarks beside them.

"and" joins clauses, names, and words of titles; so a joint is cut only where what follows can stand
as a clause of its own beside what precedes.
"""

import itertools
from dataclasses import dataclass, field, replace

from todo_chatbot.agent.offline.clause import commands, read_clause
from todo_chatbot.agent.offline.frames import understand
from todo_chatbot.agent.offline.grammar import is_finite
from todo_chatbot.agent.offline.intent import LINKED, Intent
from todo_chatbot.agent.offline.joints import (
    DASHES,
    LONGEST_CLAUSE,
    candidates,
    joints,
    opening,
    unmarked,
)
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.patterns import phrase_ends, table_has
from todo_chatbot.agent.offline.references import number, parse
from todo_chatbot.agent.offline.tokens import Words, read

TITLED = frozenset(("add", "rename", "describe", "replace"))
"""Frames that end in words of the person's own: "and delete old posts" may belong to them."""

_REMARKING = frozenset((",", "-", "–", "—"))
_NAMING = frozenset(("delete", "complete", "reopen"))
_LOOKING = frozenset(("list", "count", "next", "progress", "help", "undo"))
_ANSWERING = frozenset(("correct", "leave", "again", "yes", "too"))
_SETS = frozenset(("all", "rest", "them", "other", "latest", "it"))
_VERBS = frozenset(("", "announce", "announced"))
"""What patterns begin with that begin with an order: words of their own, or what announces."""
_MOST_READ = 30
"""Stretches of a message that are read: twice what any of ten thousand cases needs."""
_PARTING = frozenset((",", ";", "-", "–", "—", "but", "and", "whereas", "while"))
_TOLD = 6
"""Words of a clause among which its verb stands."""
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
            comma = _remarks(sentence.tokens[at].fold, self.language)
            closed = sentence.tokens[at].fold == ";" or sentence.tokens[at - 1].quoted
            parted = closed and following and _begins_with_verb(following)
            # What stands behind ";" is no part of what is named before it, understood or not.
            unread = following is None and sentence.tokens[at].fold == ";"
            parted = parted or (unread and first is not None and first.frame not in TITLED)
            if (
                parted
                or self._stands_alone(first, following, rest, sentence.tokens[at].fold)
                or self._is_remark(first, following, rest, comma)
                or (comma and _is_listed(before, self.language) and _tells(rest, self.language))
            ):
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
                if before and by_number and before.frame in _NAMING:
                    return at
        return None

    def parts(self, intent: Intent, sentence: Words) -> tuple[Intent, ...]:
        """Return what "add ..." means instead if what it names at its end is on the list.

        Only the list can tell in "add sweep the porch and delete order paper" and in "add milk to
        the groceries".
        """
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
            if following is None or not _orders_by_name(following):
                continue
            before = self.read(sentence[:at])
            adds = before is not None and before.frame == "add" and before.flag != "maybe"
            return (before, following) if before and adds else ()
        return ()

    def _is_remark(
        self, first: Intent | None, following: Intent | None, rest: Words, comma: bool
    ) -> bool:
        """Return whether the rest only remarks on what precedes: "..., they take cards now"."""
        if first is None or following is not None or len(rest) < 2:
            return False
        if first.frame in TITLED:
            return comma and rest.folds[0] in self.language.words["subjects"]
        told = first.frame in _NAMING and (
            _tells(rest, self.language) or is_finite(rest.folds[:1], self.language)
        )
        if comma and (first.flag == "everything" or _is_closed(first) or told):
            return True
        return rest.folds[0] in self.language.words["subjects"]

    def _stands_alone(
        self, first: Intent | None, following: Intent | None, rest: Words, joint: str
    ) -> bool:
        """Return whether what follows is a clause of its own and no part of what precedes."""
        if following is None:
            return False
        if following.frame in _ANSWERING:
            return _answers(first, following, rest)
        if following.small_talk:
            return first is None or first.frame not in TITLED or joint not in DASHES
        if following.frame in _LOOKING:
            return _looks(first, rest, self.language)
        if first is None:
            ordered = _begins_with_verb(following) and not _is_deed(following)
            return ordered or _is_quoted(following)
        if following.frame == "add":
            return self._adds_more(first, following, rest)
        if first.frame in TITLED:
            return self._is_firm(following, rest)
        # "The car is washed, the bike isn't", "undo that, he hasn't replied yet"
        denied = following.frame == "none" and first.frame in (*_NAMING, "undo")
        beside = _gives_reason(first, following, rest, self.language)
        beside = beside or self._tells_of_others(following, rest)
        parted = (joint == "," and beside) or (joint in _PARTING and denied)
        return parted or _follows(first, following, rest)

    def _tells_of_others(self, following: Intent, rest: Words) -> bool:
        """Return whether others are told of: "the hay has been bought", "they called it off"."""
        if following.pattern.begins != "ref":
            return following.pattern.begins == "person"
        after = following.pattern.follows[0].words or frozenset()
        words = self.language.words
        told = after & words["auxiliaries"] and not after & words["modals"]
        return bool(told) and rest.folds[0] not in words["it"]

    def _adds_more(self, first: Intent, following: Intent, rest: Words) -> bool:
        if following.flag == "need" or self.names_nothing(following):
            return True
        reminder = _reminds(first) or first.flag in ("need", "maybe")
        if first.frame == "add" and reminder:
            # "remind me to boil the rice and add salt": only another reminder is one.
            says_so = not self.language.words["of_tasks"].isdisjoint(rest.folds)
            return _reminds(following) or says_so
        return _begins_with_verb(following)

    def names_nothing(self, intent: Intent) -> bool:
        """Return whether something is to be added that was said elsewhere: "add that"."""
        if "title" not in intent.slots:
            return False
        small = self.language.words["beside_pronoun"]
        folds = tuple(fold for fold in intent.slots["title"].folds if fold not in small)
        return any(table_has(self.language.table(name), folds) for name in ("one", "many"))

    def _is_firm(self, intent: Intent, words: Words) -> bool:
        """Return whether an order is no part of a title: "task", a number, "as done", "show"."""
        if intent.frame in ("status", "detail"):
            return True
        if intent.ref is None:
            return False
        if intent.frame == "rename" and intent.ref.kind == "it":
            return True
        if intent.soft:
            return intent.frame == "complete" and _of_person(intent)
        nouns = self.language.words["task_nouns"] - self.language.words["vague_nouns"]
        if intent.ref.kind in ("numbers", "positions", "all"):
            return True
        return "done" in intent.pattern.classes or not nouns.isdisjoint(words.folds)


def _is_listed(words: Words, language: Language) -> bool:
    """Return whether words end in "on my list": their title is over."""
    size, table = len(words), language.table("mylist")
    return any(size in phrase_ends(table, words.folds, at) for at in range(max(1, size - 4), size))


def _tells(words: Words, language: Language) -> bool:
    """Return whether words say something of a third: "grandad is getting it"."""
    folds = words.folds[1:_TOLD]
    doing = any(a == "'s" and b.endswith("ing") for a, b in itertools.pairwise(folds))
    return doing or is_finite(folds, language)


def _remarks(fold: str, language: Language) -> bool:
    """Return whether what follows a joint may only remark on what precedes."""
    return fold in _REMARKING or fold in language.words["causes"]


def _forgot(intent: Intent, language: Language) -> bool:
    said = read(intent.said, language.spellings).folds
    return not language.words["cue_forgot"].isdisjoint(said)


def _orders_by_name(intent: Intent) -> bool:
    by_name = intent.ref is not None and intent.ref.kind == "name"
    return intent.frame in _NAMING and by_name and not intent.soft and _begins_with_verb(intent)


def _reminds(intent: Intent) -> bool:
    return intent.flag == "alarm"


def _begins_with_verb(intent: Intent) -> bool:
    return intent.pattern.begins in _VERBS


def _is_deed(intent: Intent) -> bool:
    """Return whether nothing but a deed is told, without who did it: "paid the rent"."""
    return intent.pattern.alone and intent.pattern.begins == "did"


def _of_person(intent: Intent) -> bool:
    """Return whether it is said who did it: "I paid the rent"."""
    return "person" in intent.pattern.classes and not intent.pattern.begins


def _is_quoted(intent: Intent) -> bool:
    """Return whether a title is set beside another: "'Buy tomatos' should be 'Buy tomatoes'"."""
    slots = intent.slots.values()
    return intent.frame == "rename" and all(s.tokens[0].quoted for s in slots) and bool(slots)


def _looks(first: Intent | None, rest: Words, language: Language) -> bool:
    """Return whether the list is asked for; in "delete the price list and the agenda" it is not."""
    if first is None:
        return len(rest) > 1
    return first.frame not in _NAMING or rest.folds[0] not in language.words["definite"]


def _is_closed(intent: Intent) -> bool:
    """Return whether nothing can be added to what a clause speaks of by a comma."""
    loose = intent.pattern.flag and intent.pattern.ends == "did"
    if intent.frame == "complete" and (loose or not intent.pattern.ends):
        return True
    return intent.ref is not None and intent.ref.kind in _SETS


def _answers(first: Intent | None, following: Intent, rest: Words) -> bool:
    if following.frame == "too":
        return first is not None and first.frame in _NAMING
    if following.flag == "change":
        return first is None or first.frame == "rename" or first.flag == "maybe"
    if following.frame == "correct" and first is not None and first.frame == "undo":
        return True
    return following.frame == "leave" and len(rest) > 2


def _gives_reason(first: Intent, following: Intent, rest: Words, language: Language) -> bool:
    """Return whether a clause says why something goes: "..., my sister has done it"."""
    told = language.any_of("third_persons", "demonstratives", "it", "possessives")
    others = following.pattern.begins in ("person", "ref") and following.soft
    return first.frame in ("delete", "reopen") and others and rest.folds[0] in told


def _follows(first: Intent, following: Intent, rest: Words) -> bool:
    if following.frame == "detail" and first.frame in _NAMING:
        return False  # "delete the invoice and number 6"
    if following.pattern.begins == "ref":
        told = _of_person(first) and len(rest) > 2
        return first.pattern.begins == "ref" or told or following.flag == "final"
    if _is_deed(following):
        return first.frame == "complete" and first.soft
    return _begins_with_verb(following)
