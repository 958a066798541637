"""A language as the stages use it: one table of words/, read once."""

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from todo_chatbot.agent.offline.patterns import (
    Pattern,
    Phrase,
    by_first_word,
    compile_pattern,
    phrases,
)

Table = Mapping[str, tuple[Phrase, ...]]
"""Phrases under their first word."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One entry of the table: what is meant, in which speech acts, and the patterns that say it."""

    name: str
    act: str
    patterns: tuple[Pattern, ...]
    soft: bool


@dataclass(frozen=True)
class Language:
    """Everything the assistant knows about one language."""

    code: str
    spellings: Mapping[str, tuple[str, ...]]
    frames: tuple[Frame, ...]
    descriptions: tuple[Pattern, ...]
    tables: Mapping[str, Table]
    words: Mapping[str, frozenset[str]]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    past: Mapping[str, str]
    synonyms: Mapping[str, str]
    vocabulary: frozenset[str]
    kinds: tuple[frozenset[str], ...]
    obliging: frozenset[tuple[str, str]]
    say: Mapping[str, Sequence[str]]

    def table(self, name: str) -> Table:
        """Return a class of phrases by its name in the table."""
        return self.tables[name]


@functools.cache
def load(code: str) -> Language:
    """Return the language of ``words/<code>.toml``."""
    source = resources.files(__package__).joinpath("words", f"{code}.toml").read_text(encoding="utf-8")
    return build(tomllib.loads(source))


def build(raw: Mapping[str, Any]) -> Language:
    """Return the language that a parsed table describes."""
    classes: dict[str, tuple[Phrase, ...]] = {}
    for name, entries in raw["classes"].items():
        classes[name] = tuple(p for entry in entries for p in phrases(entry, classes))
    tables = {name: by_first_word(found) for name, found in classes.items()}
    reference = raw["reference"]
    for group in (raw["wrappers"], {k: v for k, v in reference.items() if isinstance(v, list)}):
        for name, entries in group.items():
            tables[name] = by_first_word([p for entry in entries for p in phrases(entry, classes)])
    heads = raw["heads"]
    for name in ("question", "order", "firm", "calm"):
        tables[f"{name}_heads"] = by_first_word([p for entry in heads[name] for p in phrases(entry, classes)])
    verbs = raw["verbs"]
    past = dict(pair.split("=") for pair in verbs["irregular"].split())
    return Language(
        code=raw["code"],
        spellings={word: tuple(full.split()) for word, full in raw["spellings"].items()},
        frames=tuple(
            Frame(one["name"], one["act"], _patterns(one["patterns"], classes), one.get("soft", False))
            for one in raw["frame"]
        ),
        descriptions=_patterns(raw["descriptions"]["patterns"], classes),
        tables=tables,
        words={
            "base": frozenset(verbs["base"].split()),
            "done_verbs": frozenset(verbs["done_verbs"]),
            "weak": frozenset(verbs["weak"]),
            "filler": frozenset(reference["filler"]),
            "task_nouns": frozenset(reference["task_nouns"]),
            "plural_nouns": frozenset(reference["plural_nouns"]),
            "listing": frozenset(raw["listing"]["words"].split()),
            "listing_nouns": frozenset(raw["listing"]["nouns"].split()),
            "obliged": frozenset(raw["listing"]["obliged"].split()),
            "people": frozenset(raw["listing"]["people"].split()),
            "commands": frozenset(raw["listing"]["commands"].split()),
            "careful": frozenset(heads["careful"].split()),
            "not_past": frozenset(heads["not_past"].split()),
            "finished": frozenset(raw["listing"]["finished"].split()),
            "known": frozenset(raw["listing"]["known"].split()),
        },
        numbers=reference["numbers"],
        ordinals=reference["ordinals"],
        past=past,
        synonyms={word: group[0] for group in verbs["synonyms"] for word in group},
        kinds=tuple(frozenset(group.split()) for group in verbs["kinds"]),
        vocabulary=frozenset(verbs["base"].split()) | frozenset(past),
        obliging=frozenset((a, b) for a, b in (pair.split() for pair in raw["listing"]["obliging"])),
        say=raw["say"],
    )


def _patterns(text: str, classes: Mapping[str, tuple[Phrase, ...]]) -> tuple[Pattern, ...]:
    lines = (line.strip() for line in text.splitlines())
    return tuple(compile_pattern(line, classes) for line in lines if line and not line.startswith("#"))
