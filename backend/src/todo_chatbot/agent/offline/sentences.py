"""Splits an utterance into clauses, and reads each."""

from dataclasses import replace

from todo_chatbot.agent.offline.clause import read_clause, table_has
from todo_chatbot.agent.offline.frames import understand
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.similarity import stem
from todo_chatbot.agent.offline.titles import description, note_text
from todo_chatbot.agent.offline.tokens import Words, read

_DASHES = frozenset((":", "-", "–", "—"))
_JOINTS = frozenset(
    (
        ",",
        "and",
        "&",
        "then",
        "but",
        "so",
        "plus",
        ";",
        "also",
        "–",
        "—",
        "-",
        "¶",
        "because",
        "since",
        ":",
    )
)
_SHORT = frozenset(
    [
        "dr",
        "mr",
        "mrs",
        "ms",
        "st",
        "vs",
        "etc",
        "e.g",
        "i.e",
        "no",
        "jr",
        "sr",
        "prof",
        "approx",
        "dept",
        "fig",
        "inc",
        "ltd",
        "co",
        "mt",
        "ave",
        "a.m",
        "p.m",
        "am",
        "pm",
    ]
)
_MOST = 24
"""Clauses of one utterance; what follows belongs to the last."""
_WHOLE = frozenset(
    (
        "correct",
        "undo",
        "describe",
        "replace",
        "greet",
        "thanks",
        "bye",
        "how_are_you",
        "help",
        "detail",
        "list",
        "count",
    )
)
_CHAT = frozenset(("greet", "thanks", "bye", "how_are_you"))
_TITLED = frozenset(("add", "rename", "describe", "replace"))
_SHORT_REST = 40
_LONGEST_CLAUSE = 60
"""Words of a clause; what is longer is a title or a list, and is not searched for clauses."""
_EMPTY = frozenset(("leave", "thanks", "greet", "undo", "bye"))


def intents(said: str, language: Language, *, fresh: bool = False) -> list[Intent]:
    """Return what each clause of ``said`` wants, in order; a clause that says nothing known has frame "unknown"."""
    words = read(said, language.spellings)
    found: list[Intent] = []
    for sentence in sentences(words):
        found.extend(_clauses(sentence, language, fresh))
    return _joined(found, language)


def _joined(found: list[Intent], language: Language) -> list[Intent]:
    """Give "add that" what was said before it, and drop what is said twice ("I need ...: please add ...")."""
    kept: list[Intent] = []
    for intent in found:
        if (
            intent.frame == "rename"
            and intent.ref is not None
            and intent.ref.kind == "it"
            and kept
            and kept[-1].frame == "rename"
        ):
            kept[-1] = replace(kept[-1], slots={**kept[-1].slots, **intent.slots})
            continue
        if (
            intent.frame == "correct"
            and kept
            and kept[-1].frame == "rename"
            and "title" in intent.slots
        ):
            kept[-1] = replace(kept[-1], slots={**kept[-1].slots, "title": intent.slots["title"]})
            continue
        if intent.flag == "focus" and kept and kept[-1].frame == "add":
            kept[-1] = replace(kept[-1], note=note_text(intent.slots["note"], language))
            continue
        if (
            intent.frame == "unknown"
            and kept
            and kept[-1].frame == "add"
            and kept[-1].flag == "ask"
        ):
            kept[-1] = replace(kept[-1], slots={"title": intent.slots["rest"]}, flag="")
            continue
        if intent.frame == "undo" and any(one.frame == "undo" for one in kept):
            continue
        if (
            intent.frame == "add"
            and intent.flag == "ask"
            and kept
            and kept[-1].frame in ("unknown", "complete", "none")
        ):
            kept[-1] = replace(
                intent, slots={"title": _thing(kept[-1], language)}, said=kept[-1].said, flag=""
            )
            continue
        if intent.frame == "add" and "title" in intent.slots and kept:
            before = kept[-1]
            if _pronoun(intent.slots["title"], language):
                if before.frame == "add":
                    continue
                words = before.slots.get("rest") or before.slots.get("title")
                if words is not None or before.soft or before.frame in ("delete", "complete"):
                    words = words if words is not None else _bare(before, language)
                    kept[-1] = replace(intent, slots={"title": words}, said=before.said, flag="")
                    continue
            if (
                before.frame == "add"
                and before.flag in ("need", "maybe")
                and _repeats(before, intent, language)
            ):
                kept[-1] = intent
                continue
        kept.append(intent)
    return kept


def _pronoun(words: Words, language: Language) -> bool:
    folds = tuple(
        f
        for f in words.folds
        if f not in ("down", "in", "all", "for", "me", "please", "too", "there")
    )
    return any(table_has(language.table(name), folds) for name in ("one", "many"))


def _bare(intent: Intent, language: Language) -> Words:
    return read_clause(read(intent.said, language.spellings), language).words


def _thing(intent: Intent, language: Language) -> Words:
    """Return what a clause speaks of: "I have an appointment on Friday" is an appointment on Friday."""
    words = _bare(intent, language)
    for opening in (("i", "have"), ("there", "is"), ("we", "have"), ("i", "have", "got")):
        if words.folds[: len(opening)] == opening and len(words) > len(opening) + 1:
            words = words[len(opening) :]
    return words[1:] if words.folds[:1] in (("a",), ("an",)) and len(words) > 1 else words


def _repeats(before: Intent, intent: Intent, language: Language) -> bool:
    said = (
        {stem(f, language) for f in before.slots["title"].folds}
        if "title" in before.slots
        else set()
    )
    again = {
        stem(f, language) for f in " ".join(intent.slots["title"].folds).replace('"', " ").split()
    } - {
        "to",
        "a",
        "the",
        ":",
        "that",
    }
    return bool(again) and len(again & said) >= len(again) / 2


def sentences(words: Words) -> list[Words]:
    """Return the sentences; a question mark stays with its sentence."""
    cuts, text, numbering = [], words.text, _numbering(words)
    for at, token in enumerate(words.tokens[:-1]):
        if token.quoted or token.fold not in ".!?;":
            continue
        following = text[token.end : token.end + 1]
        before = words.tokens[at - 1].fold if at else ""
        if token.fold == "." and (
            before in _SHORT or (len(before) == 1 and before.isalpha()) or at in numbering
        ):
            continue
        if following.isspace() or token.fold == ";":
            cuts.append(at + 1)
    edges = [0, *cuts, len(words)]
    return [words[a:b] for a, b in zip(edges, edges[1:], strict=False) if b > a][:_MOST]


def _numbering(words: Words) -> set[int]:
    """Return the marks after the numbers of a numbered list: 1. ... 2. ... 3. ..."""
    marks, expected = set(), 1
    for at, (token, mark) in enumerate(zip(words.tokens, words.tokens[1:], strict=False)):
        if token.fold == str(expected) and mark.fold in (".", ")") and mark.start == token.end:
            marks.add(at + 1)
            expected += 1
    return marks if expected > 2 else set()


def _clauses(sentence: Words, language: Language, fresh: bool) -> list[Intent]:
    whole = _read(sentence, language, fresh)
    if (
        whole
        and whole.frame == "add"
        and "title" in whole.slots
        and description(whole.slots["title"], language)[1]
    ):
        return [whole]
    if (
        whole
        and whole.frame not in _TITLED
        and whole.ref is not None
        and (
            whole.ref.minus
            or (whole.ref.kind not in ("name", "several", "it") and not whole.ref.name)
        )
    ):
        return [whole]
    if whole and (
        whole.frame in _WHOLE or whole.flag in ("everything", "many") or "minus" in whole.slots
    ):
        return [whole]
    parts = _split(
        sentence,
        language,
        fresh,
        _JOINTS - _DASHES if whole and whole.frame != "rename" else _JOINTS,
    )
    if len(parts) == 1:
        return [whole or _unknown(sentence, language)]
    return [_read(part, language, fresh) or _unknown(part, language) for part in parts]


def _read(words: Words, language: Language, fresh: bool) -> Intent | None:
    intent = understand(read_clause(words, language), language, fresh=fresh)
    if intent is not None and intent.flag == "told":
        told = understand(read_clause(intent.slots["title"], language), language, fresh=True)
        if told is not None and told.frame in ("add", "complete", "delete", "reopen", "none"):
            return told
    return intent


def _unknown(words: Words, language: Language) -> Intent:
    clause = read_clause(words, language)
    return Intent("unknown", slots={"rest": clause.words}, act=clause.act, said=words.said)


def _split(
    sentence: Words, language: Language, fresh: bool, joint_words: frozenset[str]
) -> list[Words]:
    """Cut before a joint when what follows is a clause of its own, or only a comment."""
    joints = [
        i
        for i, token in enumerate(sentence.tokens)
        if token.fold in joint_words and not token.quoted and i
    ][: _MOST * 2]
    parts, start, first, known = [], 0, None, False
    for number, at in enumerate(joints):
        if at < start:
            continue
        if at - start > _LONGEST_CLAUSE:
            break
        after = at + 1
        while after < len(sentence) and sentence.tokens[after].fold in _JOINTS:
            after += 1
        next_joint = next((j for j in joints[number + 1 :] if j > after), len(sentence))
        if after >= len(sentence) or after >= next_joint:
            continue
        if not known:
            first, known = _read(sentence[start:at], language, fresh), True
        following = _read(sentence[after:next_joint], language, fresh)
        if following is None and len(sentence) - after <= _SHORT_REST:
            following = _read(sentence[after:], language, fresh)
        comma = sentence.tokens[at].fold in (",", "–", "—", "-", "because")
        if _separate(
            first, following, sentence[start:at], sentence[after:next_joint], language
        ) or _comment(first, following, sentence[after:next_joint], comma, language):
            parts.append(sentence[start:at])
            start, known = after, False
        elif following is None or first is None:
            known = first is not None
    return [*parts, sentence[start:]]


def _comment(
    first: Intent | None, following: Intent | None, after: Words, comma: bool, language: Language
) -> bool:
    """Return whether what follows only remarks on what precedes: "..., they all take cards now"."""
    if first is None or following is not None or len(after) < 2:
        return False
    if first.frame in _TITLED and not comma:
        return False
    if comma and (
        first.flag == "everything"
        or (first.frame == "complete" and not first.pattern.endswith("}"))
    ):
        return True
    if (
        comma
        and first.frame not in _TITLED
        and first.ref is not None
        and first.ref.kind not in ("name", "several", "positions", "numbers")
    ):
        return True
    return after.folds[0] in language.words["subjects"]


def _separate(
    first: Intent | None, following: Intent | None, before: Words, after: Words, language: Language
) -> bool:
    """Return whether ``following`` is a clause of its own and not a part of what precedes."""
    if following is None:
        return False
    if (
        first
        and first.frame in _EMPTY
        and len(before) <= 2
        and first.frame not in _CHAT
        and following.frame in ("correct", "undo")
    ):
        return False
    if (
        following.frame == "correct"
        and "(change|make" in following.pattern
        and (first is None or first.frame == "rename")
    ):
        return True
    if following.frame in ("correct", "leave", "again", "yes"):
        return following.frame == "leave" and len(after) > 2
    if following.frame in _CHAT:
        return True
    if following.frame in ("list", "count", "next", "help", "undo", "progress"):
        return first is not None or len(after) > 1
    head_led = not following.pattern.startswith("{")
    if first is None:
        return head_led and following.pattern != "{did}"
    if following.frame == "add":
        if following.flag == "need":
            return True
        if "title" in following.slots and _pronoun(following.slots["title"], language):
            return True
        if first.frame == "add" and (
            first.flag in ("need", "maybe") or "<remindme>" in first.pattern
        ):
            return "<remindme>" in following.pattern or bool(
                {"list", "task", "reminder"} & set(after.folds)
            )
        return head_led
    if first.frame in _TITLED:
        return _firm(following, after, language)
    if following.pattern.startswith("{ref}"):
        return (
            first.pattern.startswith("{ref}")
            or (first.pattern.startswith("<person>") and len(after) > 2)
            or following.flag == "final"
        )
    if following.pattern == "{did}":
        return first.frame == "complete" and first.soft
    return head_led


def _firm(intent: Intent, words: Words, language: Language) -> bool:
    """Return whether an order is no part of a title before it: it says "task", a number, "as done", or "show"."""
    if intent.frame in ("list", "count", "undo", "help", "status", "next", "find", "detail"):
        return intent.frame != "find"
    if intent.ref is None:
        return False
    if intent.frame == "rename" and intent.ref.kind == "it":
        return True
    if intent.soft:
        return not intent.pattern.startswith(("{", "(")) and intent.frame == "complete"
    nouns = language.words["task_nouns"] - {"things", "thing", "one", "no"}
    return (
        intent.ref.kind in ("numbers", "positions", "all")
        or any(f in nouns for f in words.folds)
        or "<done>" in intent.pattern
        or intent.frame == "reopen"
    )
