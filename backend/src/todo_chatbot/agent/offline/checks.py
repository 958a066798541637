"""What a table of words must be: whatever could never work is refused when the table is loaded.

Each refusal names the file and the line, and says in one sentence what to do.
"""

import difflib
import itertools
import re
import string
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from todo_chatbot.agent.offline.known import (
    ACTS,
    AS_WRITTEN,
    FILLED,
    FLAGGED,
    FLAGS,
    FREE,
    HEARD,
    KEYS,
    MARKS,
    PLACES,
    READ_IN,
    SLOTLESS,
    SLOTS,
    TASKS,
    TOLD,
)
from todo_chatbot.agent.offline.patterns import Pattern
from todo_chatbot.agent.offline.tokens import read

Spellings = Mapping[str, tuple[str, ...]]


_LITERAL = re.compile(r"[^\s()\[\]|]+")
_ENDS = frozenset("?.!")
"""Marks that end a clause and are no part of it."""
_CLOSING = re.compile(r"([?.!])[\])]*$")
_NO_WORD = re.compile(r"\{\w+\}|<\w+>|(?<!\S)%(?!\S)")


class TableError(ValueError):
    """Something in a table of words is wrong; the message says where, and what to do."""


def shape(
    table: Mapping[str, Any], base: Mapping[str, Any] | None
) -> Iterator[tuple[str, str, str]]:
    """Yield (section, key, what is wrong) of a table that stands alone or on top of ``base``."""
    spellings = _spellings(table, base)
    for section, part in table.items():
        if section in ("code", "extends"):
            continue
        if section not in KEYS and section not in FREE:
            yield section, "", f"[{section}] is no section: {nearest(section, {*KEYS, *FREE})}"
        elif section == "frame":
            yield from _frames(part, table, base)
        elif isinstance(part, dict):
            for key, wrong in _section(section, part, table, base, spellings):
                yield section, key, wrong
        else:
            yield section, "", f"write [{section}] above it"


def _spellings(table: Mapping[str, Any], base: Mapping[str, Any] | None) -> Spellings:
    own = table.get("spellings", {})
    spelled = {**(base or {}).get("spellings", {}), **(own if isinstance(own, dict) else {})}
    return {word: tuple(str(full).split()) for word, full in spelled.items()}


def _frames(
    frames: Any,  # noqa: ANN401 - whatever TOML has
    table: Mapping[str, Any],
    base: Mapping[str, Any] | None,
) -> Iterator[tuple[str, str, str]]:
    if not isinstance(frames, list):
        yield "frame", "", "write [[frame]] above it"
        return
    for number, frame in enumerate(frames, 1):
        for key, wrong in _frame(frame, table, base):
            yield f"frame {number}", key, wrong


def _section(
    section: str,
    part: Mapping[str, Any],
    table: Mapping[str, Any],
    base: Mapping[str, Any] | None,
    spellings: Spellings,
) -> Iterator[tuple[str, str]]:
    known = frozenset(KEYS.get(section, "").split())
    answers = known | _names(table) | _names(base or {})
    for key, value in part.items():
        if section not in FREE and key not in known:
            yield key, f"{key} is nothing that [{section}] knows: {nearest(key, known)}"
        if section == "say" and key not in answers:
            yield key, f"{key} is no answer, nor a frame: {nearest(key, known)}"
        beside = () if base is None else _beside(section, key, value, base)
        texts = _texts_of(section, key, value, base, spellings)
        for wrong in itertools.chain(_shaped(section, key, value), beside, texts):
            yield key, wrong
    if base is None:
        for key in sorted(known - part.keys()):
            yield "", f"[{section}] lacks {key}: add a line for it"


def _shaped(
    section: str,
    key: str,
    value: Any,  # noqa: ANN401 - whatever TOML has
) -> Iterator[str]:
    """Yield what is wrong with how a value is written."""
    if section in ("say", "classes") and not _is_list(value):
        yield f'{key} must be a list of texts: ["..."]'
    elif section == "say":
        yield from filter(None, (_wording(key, wording) for wording in value))
    elif section == "spellings" and not isinstance(value, str):
        yield f"{key} must be a text"
    elif section == "spellings" and (folds := read(key, {key: (key,)}).folds) != (key,):
        yield f"{key!r} is never looked up: it is read as {' '.join(folds)!r}; spell single words"
    elif isinstance(value, dict) and not all(type(one) is int for one in value.values()):
        yield f"{key} must be whole numbers, without quotes: {{ one = 1 }}"
    elif (section, key) == ("verbs", "irregular"):
        yield from _pairs(str(value))


def _pairs(text: str) -> Iterator[str]:
    for pair in text.split():
        if not re.fullmatch(r"[^=]+=[^=]+", pair):
            yield f"{pair!r} is no past form and its verb: write broke=break, without spaces"


def _is_list(value: Any) -> bool:  # noqa: ANN401 - whatever TOML has
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) for v in value)


def _wording(key: str, wording: str) -> str | None:
    """Return what is wrong with a wording of an answer, or None."""
    known = PLACES.get(key, TOLD)
    try:
        places = [place for _, place, _, _ in string.Formatter().parse(wording)]
    except ValueError as error:
        return f"{error}: {wording!r}"
    for place in places:
        if place is not None and place not in known:
            hint = nearest(place, known, "{{{}}}") if known else "it has none"
            return f"{{{place}}} is no place of the answer {key}: {hint}"
    return None


def _texts_of(
    section: str,
    key: str,
    value: Any,  # noqa: ANN401 - whatever TOML has
    base: Mapping[str, Any] | None,
    spellings: Spellings,
) -> Iterator[str]:
    """Yield what is wrong with the words of a value."""
    words = (word for text in _texts(value) for word in text.split())
    if section != "say" and (large := next((w for w in words if w != w.lower()), None)):
        yield f"capital letters never fit: write {large.lower()!r}"
    if (section, key) == ("verbs", "synonyms"):
        yield from _synonyms(value, base)
    if section in HEARD and key not in AS_WRITTEN:
        yield from filter(None, (never_fits(text, spellings) for text in _texts(value)))


def _beside(
    section: str,
    key: str,
    value: Any,  # noqa: ANN401 - whatever TOML has
    base: Mapping[str, Any],
) -> Iterator[str]:
    """Yield what is wrong with a value of a table on top of another."""
    like = base[section].get(key)
    if like is not None and type(like) is not type(value):
        yield f"{key} must be a {_KINDS[type(like)]} as in English"
    if section == "spellings" and value != key and (needed := _needed(key, base)):
        yield f"{key!r} would be read otherwise, but {needed} needs it: drop that spelling"


def _synonyms(groups: Sequence[Sequence[str]], base: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield what is wrong with words that mean the same."""
    seen = {word for group in (base["verbs"]["synonyms"] if base else ()) for word in group}
    if not all(isinstance(group, list) for group in groups):
        yield 'synonyms must be groups: [["mom", "mother"], ["dad", "father"]]'
        return
    for word in itertools.chain.from_iterable(groups):
        if " " in word:
            yield f"{word!r} never fits: synonyms are single words"
        if word in seen:
            yield f"{word!r} stands in two groups of synonyms: only one would count, drop the other"
        seen.add(word)


def _needed(word: str, base: Mapping[str, Any]) -> str:
    """Return the place of a pattern of descriptions, which all tables share, with a word."""
    if word in base["spellings"]:
        return ""
    file, first = base["places"]["descriptions", "patterns"]
    for number, line in enumerate(base["descriptions"]["patterns"].splitlines(), first):
        if not line.strip().startswith("#") and word in _LITERAL.findall(_NO_WORD.sub(" ", line)):
            return f"{file}:{number}"
    return ""


_KINDS: Mapping[object, str] = {str: "text", list: "list", dict: "table of numbers"}


def _frame(
    frame: Mapping[str, Any], table: Mapping[str, Any], base: Mapping[str, Any] | None
) -> Iterator[tuple[str, str]]:
    name = frame.get("name", "")
    # What the plans are made of needs languages, so it is looked up when one is read.
    from todo_chatbot.agent.offline.plan import PLANNED

    said = {*table.get("say", ()), *(base or {}).get("say", ())}
    for key in frame:
        if key not in KEYS["frame"].split():
            yield key, f"{key} is nothing that a frame has: {nearest(key, KEYS['frame'].split())}"
        if key in MARKS and not isinstance(frame[key], bool):
            yield key, f"{key} must be true or false"
    if frame.get("act") not in ACTS:
        yield "act", f"act must be one of {', '.join(ACTS)}"
    if not isinstance(frame.get("patterns"), str):
        yield "patterns", "patterns must be a text in three quotes, a pattern a line"
    if not name:
        yield "name", 'a frame needs a name: name = "complete"'
    elif name not in PLANNED and name not in said:
        near = nearest(name, PLANNED)
        yield (
            "name",
            f"frame {name} does and says nothing: {near} Or add an answer {name} to [say].",
        )


def _names(table: Mapping[str, Any]) -> set[str]:
    frames = table.get("frame", ())
    return {one.get("name", "") for one in frames if isinstance(one, dict)}


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever TOML has
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value:
            yield from _texts(one)


def of_pattern(pattern: Pattern, frame: str, act: str, spellings: Spellings) -> str | None:
    """Return what is wrong with a pattern of a frame, or None."""
    slots = pattern.slots
    for slot in slots:
        if slot not in SLOTS:
            return f"{{{slot}}} is no slot: {nearest(slot, SLOTS, '{{{}}}')}"
        if slots.count(slot) > 1:
            return f"{{{slot}}} stands twice: one slot can be filled once"
    if " " in pattern.flag:
        return f"a flag is the last word: put !{pattern.flag.split()[0]} at the end"
    if pattern.flag and pattern.flag not in FLAGS:
        return f"!{pattern.flag} is no flag: {nearest(pattern.flag, FLAGS, '!{}')}"
    if closing := _CLOSING.search(pattern.source.partition(" !")[0]):
        return f"a clause comes without its closing mark: drop {closing[1]!r}"
    return _lacking(pattern.flag, slots, frame, act) or never_fits(pattern.source, spellings)


def _lacking(flag: str, slots: Collection[str], frame: str, act: str) -> str | None:
    spoken = FLAGGED.get(flag, ())
    if spoken and not any(slot in slots for slot in spoken):
        return f"!{flag} speaks of {{{'} or {'.join(spoken)}}}: add that slot"
    if flag in READ_IN and frame not in READ_IN[flag]:
        return f"!{flag} does nothing in {frame}, only in {' or '.join(READ_IN[flag])}: drop it"
    groups = FILLED.get(frame, ())
    if frame == "complete" and act == "statement":
        groups = (TASKS,)  # as a question it is one of status
    for group in () if flag in SLOTLESS else groups:
        if not any(slot in slots for slot in group):
            return f"a pattern of {frame} needs one of {{{'}, {'.join(group)}}}: add it"
    return None


def never_fits(source: str, spellings: Spellings) -> str | None:
    """Return what is wrong if a word of a pattern can never be one of a sentence, or None."""
    words = source.partition(" !")[0]
    if words != words.lower():
        return f"capital letters never fit: write {words.lower()!r}"
    for word in _LITERAL.findall(_NO_WORD.sub(" ", words)):
        if not (word.isalpha() and word not in spellings) and (
            wrong := _misread(word, read(word, spellings).folds)
        ):
            return wrong
    return None


def _misread(word: str, folds: Sequence[str]) -> str | None:
    """Return what is wrong with a word of a pattern that is read as ``folds``."""
    if folds == (word,) or word == "'s":
        return None
    if flagged := re.fullmatch(r"(.+)!\w+", word):
        return f"a flag needs a space before it: '{flagged[1]} {word[len(flagged[1]) :]}'"
    if len(folds) > 1 and folds[-1] in _ENDS:
        return f"a clause comes without its closing mark: drop {folds[-1]!r}"
    instead = f"read as {' '.join(folds)!r}: write that" if folds else "left out: drop it"
    quoted = word if word.isalpha() and word.isascii() else f'"{word}"'
    keep = f'keep it by {quoted} = "{word}" in [spellings]'
    return f"{word!r} never fits, because it is {instead}, or {keep}"


def nearest(word: str, known: Collection[str], written: str = "{}") -> str:
    """Return which known name was meant, or which there are."""
    near = difflib.get_close_matches(word, known, 1)
    if near:
        return f"did you mean {written.format(near[0])}?"
    return f"there are {', '.join(map(written.format, sorted(known)))}."
