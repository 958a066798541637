"""Splits an utterance into clauses, and reads each."""


from todo_chatbot.agent.offline.clause import read_clause
from todo_chatbot.agent.offline.frames import Intent, understand
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.tokens import Words, read

_JOINTS = frozenset((",", "and", "&", "then", "but", "so", "plus", ";", "also", "–", "—", "-", "¶"))
_SHORT = frozenset(["dr", "mr", "mrs", "ms", "st", "vs", "etc", "e.g", "i.e", "no", "jr", "sr", "prof", "approx", "dept", "fig", "inc", "ltd", "co", "mt", "ave", "a.m", "p.m", "am", "pm"])
_MOST = 24
"""Clauses of one utterance; what follows belongs to the last."""
_WHOLE = frozenset(("correct", "undo", "describe", "replace", "greet", "thanks", "bye", "how_are_you", "help", "detail", "list", "count"))
_CHAT = frozenset(("greet", "thanks", "bye", "how_are_you"))
_EMPTY = frozenset(("leave", "thanks", "greet", "undo", "bye"))


def intents(said: str, language: Language) -> list[Intent]:
    """Return what each clause of ``said`` wants, in order; a clause that says nothing known has frame "unknown"."""
    words = read(said, language.spellings)
    found: list[Intent] = []
    for sentence in sentences(words):
        found.extend(_clauses(sentence, language))
    return found


def sentences(words: Words) -> list[Words]:
    """Return the sentences; a question mark stays with its sentence."""
    cuts, text = [], words.text
    for at, token in enumerate(words.tokens[:-1]):
        if token.quoted or token.fold not in ".!?;":
            continue
        following = text[token.end : token.end + 1]
        before = words.tokens[at - 1].fold if at else ""
        if token.fold == "." and (before in _SHORT or len(before) == 1 or before.isdecimal()):
            continue
        if following.isspace() or token.fold == ";":
            cuts.append(at + 1)
    edges = [0, *cuts, len(words)]
    return [words[a:b] for a, b in zip(edges, edges[1:], strict=False) if b > a][:_MOST]


def _clauses(sentence: Words, language: Language) -> list[Intent]:
    whole = _read(sentence, language)
    if whole and (whole.frame in _WHOLE or whole.flag == "everything"):
        return [whole]
    parts = _split(sentence, language)
    if len(parts) == 1:
        return [whole or _unknown(sentence, language)]
    return [_read(part, language) or _unknown(part, language) for part in parts]


def _read(words: Words, language: Language) -> Intent | None:
    return understand(read_clause(words, language), language)


def _unknown(words: Words, language: Language) -> Intent:
    clause = read_clause(words, language)
    return Intent("unknown", slots={"rest": clause.words}, act=clause.act, said=words.said)


def _split(sentence: Words, language: Language) -> list[Words]:
    """Cut before a joint when what follows is a clause of its own beside what precedes."""
    joints = [i for i, token in enumerate(sentence.tokens) if token.fold in _JOINTS and not token.quoted and i][: _MOST * 2]
    parts, start, first = [], 0, None
    for number, at in enumerate(joints):
        if at < start:
            continue
        after = at + 1
        while after < len(sentence) and sentence.tokens[after].fold in _JOINTS:
            after += 1
        next_joint = next((j for j in joints[number + 1 :] if j > after), len(sentence))
        if after >= len(sentence) or after >= next_joint:
            continue
        if first is None:
            first = _read(sentence[start:at], language)
        following = _read(sentence[after:next_joint], language) or _read(sentence[after:], language)
        if following and _separate(first, following, sentence[start:at], sentence[after:next_joint], language):
            parts.append(sentence[start:at])
            start, first = after, None
    return [*parts, sentence[start:]]


def _separate(first: Intent | None, following: Intent, before: Words, after: Words, language: Language) -> bool:
    """Return whether ``following`` is a clause of its own and not a part of what precedes."""
    if first and first.frame in _EMPTY and len(before) <= 3 and first.frame not in _CHAT:
        return False
    if following.frame in ("correct", "leave"):
        return following.frame == "leave" and len(after) > 2
    if following.frame in _CHAT:
        return True
    if following.frame in ("list", "count", "next", "help", "undo") and (first is not None):
        return True
    head_led = not following.pattern.startswith("{")
    adding = first is None or first.frame in ("add", "rename", "describe", "replace")
    if following.frame == "add":
        if following.pattern.endswith("{title}") and following.flag == "need":
            return first is not None
        if first is not None and first.frame == "add" and (first.flag in ("need", "maybe") or "<remindme>" in first.pattern):
            return "<remindme>" in following.pattern or "list" in after.folds or "task" in after.folds
        return first is not None and head_led
    if adding and first is not None:
        return _firm(following, after, language)
    if first is None:
        return following.frame in ("complete", "delete", "list") and head_led and following.act != "statement" and False
    if following.pattern.startswith("{ref}"):
        return first.pattern.startswith("{ref}") or (first.pattern.startswith("<person>") and len(after) > 2)
    if following.pattern == "{did}":
        return first.frame == "complete" and first.soft
    return head_led


def _firm(intent: Intent, words: Words, language: Language) -> bool:
    """Return whether an order is no part of a title before it: it says "task", a number, "as done", or "show"."""
    if intent.frame in ("list", "count", "undo", "help", "status", "next", "find", "detail"):
        return intent.frame != "find"
    if intent.ref is None:
        return False
    if intent.soft:
        return not intent.pattern.startswith(("{", "(")) and intent.frame == "complete"
    nouns = language.words["task_nouns"] - {"things", "thing", "one", "no"}
    return (
        intent.ref.kind in ("numbers", "positions", "all")
        or any(f in nouns for f in words.folds)
        or "<done>" in intent.pattern
        or intent.frame == "reopen"
    )
