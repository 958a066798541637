"""A language as the stages use it: one table of words/, read once."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from todo_chatbot.agent.offline import checks
from todo_chatbot.agent.offline.checks import TableError
from todo_chatbot.agent.offline.index import Index
from todo_chatbot.agent.offline.known import MARKS
from todo_chatbot.agent.offline.patterns import (
    Pattern,
    Phrase,
    Table,
    by_first_word,
    compile_pattern,
    phrases,
)
from todo_chatbot.agent.offline.tables import Place, load_table, read_table
from todo_chatbot.agent.offline.vocabulary import gerunds, known_words, sets_of_words, slips


@dataclass(frozen=True, slots=True)
class Frame:
    """One entry of the table: what is meant, in which speech acts, and the patterns that say it.

    ``soft`` frames are statements that imply an order; ``raw`` ones are tried on the clause with
    its manners too, because "no, sorry" is part of what they say. ``small_talk`` is left out
    beside an order.
    """

    name: str
    act: str
    patterns: tuple[Pattern, ...]
    soft: bool
    raw: bool
    small_talk: bool


@dataclass(frozen=True, eq=False)
class Language:
    """Everything the assistant knows about one language; equal only to itself, so it is a key."""

    code: str
    spellings: Mapping[str, tuple[str, ...]]
    frames: tuple[Frame, ...]
    index: Index
    descriptions: tuple[Pattern, ...]
    tables: Mapping[str, Table]
    words: Mapping[str, frozenset[str]]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    past: Mapping[str, str]
    synonyms: Mapping[str, str]
    meanings: Mapping[str, tuple[str, ...]]
    vocabulary: frozenset[str]
    kinds: tuple[frozenset[str], ...]
    gerunds: Mapping[str, str]
    swapped: Mapping[str, str]
    swapped_past: Mapping[str, str]
    commands_by_size: Sequence[tuple[str, ...]]
    obliging: frozenset[tuple[str, ...]]
    whole: frozenset[tuple[str, ...]]
    say: Mapping[str, Sequence[str]]

    def table(self, name: str) -> Table:
        """Return a class of phrases by its name in the table."""
        return self.tables[name]

    def any_of(self, *names: str) -> frozenset[str]:
        """Return the words of several sets as one."""
        return _union(self, names)


@functools.cache
def _union(language: Language, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(language.words[name] for name in names))


@functools.cache
def load(code: str) -> Language:
    """Return the language of ``words/<code>.toml``."""
    return build(load_table(code))


def build(raw: Mapping[str, Any]) -> Language:
    """Return the language that a table, as ``parse_table`` returns it, describes."""
    spellings = {word: tuple(full.split()) for word, full in raw["spellings"].items()}
    classes = _classes(raw)
    tables = {name: by_first_word(found) for name, found in classes.items()}
    reference, verbs = raw["reference"], raw["verbs"]
    for section in ("wrappers", "reference"):
        for name, entries in raw[section].items():
            if isinstance(entries, list):
                tables[name] = by_first_word(_phrases(raw, (section, name), classes))
    for name in ("question", "order", "firm", "calm"):
        tables[f"{name}_heads"] = by_first_word(_phrases(raw, ("heads", name), classes))
    past = dict(pair.split("=") for pair in verbs["irregular"].split())
    commands = frozenset(raw["listing"]["commands"].split())
    frames = tuple(_frames(raw, classes, spellings))
    return Language(
        code=raw["code"],
        spellings=spellings,
        frames=frames,
        index=Index([frame.patterns for frame in frames]),
        descriptions=_patterns(
            raw["descriptions"]["patterns"],
            ("descriptions", ""),
            raw["places"]["descriptions", "patterns"],
            classes,
            spellings,
        ),
        tables=tables,
        words=sets_of_words(raw),
        numbers=reference["numbers"],
        ordinals=reference["ordinals"],
        past=past,
        meanings={group[0]: tuple(group) for group in verbs["synonyms"]},
        synonyms={word: group[0] for group in verbs["synonyms"] for word in group},
        kinds=tuple(frozenset(group.split()) for group in verbs["kinds"]),
        vocabulary=known_words(raw, (p for f in frames for p in f.patterns), tables, past),
        gerunds=gerunds(tables["order_heads"]),
        swapped=slips(sorted(commands)),
        swapped_past=slips([word for word in past if len(word) > 3]),
        commands_by_size=tuple(
            tuple(sorted(w for w in commands if abs(len(w) - size) <= (1 if len(w) < 8 else 2)))
            for size in range(20)
        ),
        obliging=frozenset(tuple(pair.split()) for pair in raw["listing"]["obliging"]),
        whole=frozenset(tuple(pair.split()) for pair in raw["listing"]["whole"]),
        say=raw["say"],
    )


def _classes(raw: Mapping[str, Any]) -> dict[str, tuple[Phrase, ...]]:
    classes: dict[str, tuple[Phrase, ...]] = {}
    common = read_table("common")["classes"]
    for name, entries in common.items():
        classes[name] = tuple(p for entry in entries for p in phrases(entry, classes))
    for name in raw["classes"]:
        classes[name] = _phrases(raw, ("classes", name), classes)
    return classes


def _phrases(
    raw: Mapping[str, Any], key: tuple[str, str], classes: Mapping[str, tuple[Phrase, ...]]
) -> tuple[Phrase, ...]:
    try:
        return tuple(p for entry in raw[key[0]][key[1]] for p in phrases(entry, classes))
    except ValueError as error:
        file, line = raw["places"][key]
        raise TableError(f"{file}:{line}, {key[1]}: {error}") from None


def _frames(
    raw: Mapping[str, Any],
    classes: Mapping[str, tuple[Phrase, ...]],
    spellings: Mapping[str, tuple[str, ...]],
) -> Iterator[Frame]:
    for number, one in enumerate(raw["frame"], 1):
        kind, place = (one["name"], one["act"]), raw["places"][f"frame {number}", "patterns"]
        patterns = _patterns(one["patterns"], kind, place, classes, spellings)
        marks = {mark: one.get(mark, False) for mark in MARKS}
        yield Frame(*kind, patterns, **marks)


def _patterns(
    text: str,
    kind: tuple[str, str],
    begins: Place,
    classes: Mapping[str, tuple[Phrase, ...]],
    spellings: Mapping[str, tuple[str, ...]],
) -> tuple[Pattern, ...]:
    """Return the patterns of a frame of this name and act, whose first line is ``begins``."""
    found, (file, first) = [], begins
    for number, line in enumerate(map(str.strip, text.splitlines()), first):
        if not line or line.startswith("#"):
            continue
        try:
            pattern = compile_pattern(line, classes, f"{file}:{number}")
            wrong = checks.of_pattern(pattern, *kind, spellings)
        except ValueError as error:
            wrong = str(error)
        if wrong:
            raise TableError(f"{file}:{number}, frame {kind[0]}: {wrong}")
        found.append(pattern)
    return tuple(found)
