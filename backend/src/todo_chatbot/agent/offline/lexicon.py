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
    """One entry of the table: what is meant, in which speech acts, and the patterns that say it.

    ``soft`` frames are statements that imply an order; ``raw`` ones are tried on the clause with
    its manners too, because "no, sorry" is part of what they say.
    """

    name: str
    act: str
    patterns: tuple[Pattern, ...]
    soft: bool
    raw: bool


@dataclass(frozen=True, eq=False)
class Language:
    """Everything the assistant knows about one language; equal only to itself, so it is a key."""

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
    meanings: Mapping[str, tuple[str, ...]]
    vocabulary: frozenset[str]
    kinds: tuple[frozenset[str], ...]
    gerunds: Mapping[str, str]
    swapped: Mapping[str, str]
    commands_by_size: Sequence[tuple[str, ...]]
    obliging: frozenset[tuple[str, ...]]
    whole: frozenset[tuple[str, ...]]
    say: Mapping[str, Sequence[str]]

    def table(self, name: str) -> Table:
        """Return a class of phrases by its name in the table."""
        return self.tables[name]


_ITS_OWN = frozenset(("spellings", "say"))
"""Sections in which a table that extends another replaces words instead of adding them."""


@functools.cache
def load(code: str) -> Language:
    """Return the language of ``words/<code>.toml``."""
    table = read_table(code)
    return build(_extended(read_table(table["extends"]), table) if "extends" in table else table)


def read_table(name: str) -> dict[str, Any]:
    """Return ``words/<name>.toml`` as it is written."""
    file = resources.files(__package__).joinpath("words", f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _extended(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table on top of another: frames, spellings and answers are its own, words more."""
    whole = {**base, **own}
    for name, part in own.items():
        if isinstance(part, dict):
            more = (
                part if name in _ITS_OWN else {k: _more(base[name].get(k), part[k]) for k in part}
            )
            whole[name] = {**base[name], **more}
    return whole


def _more(there: Any, new: Any) -> Any:  # noqa: ANN401 - whatever TOML has
    if isinstance(there, list):
        return [*new, *there]
    if isinstance(there, dict):
        return {**there, **new}
    return f"{there}\n{new}" if isinstance(there, str) else new


def build(raw: Mapping[str, Any]) -> Language:
    """Return the language that a parsed table describes."""
    classes: dict[str, tuple[Phrase, ...]] = {}
    for name, entries in (read_table("common")["classes"] | raw["classes"]).items():
        classes[name] = tuple(p for entry in entries for p in phrases(entry, classes))
    tables = {name: by_first_word(found) for name, found in classes.items()}
    reference = raw["reference"]
    for group in (raw["wrappers"], {k: v for k, v in reference.items() if isinstance(v, list)}):
        for name, entries in group.items():
            tables[name] = by_first_word(
                tuple(p for entry in entries for p in phrases(entry, classes))
            )
    heads = raw["heads"]
    for name in ("question", "order", "firm", "calm"):
        tables[f"{name}_heads"] = by_first_word(
            tuple(p for entry in heads[name] for p in phrases(entry, classes))
        )
    verbs = raw["verbs"]
    past = dict(pair.split("=") for pair in verbs["irregular"].split())
    commands = frozenset(raw["listing"]["commands"].split())
    frames = tuple(
        Frame(
            one["name"],
            one["act"],
            _patterns(one["patterns"], classes),
            one.get("soft", False),
            one.get("raw", False),
        )
        for one in raw["frame"]
    )
    return Language(
        code=raw["code"],
        spellings={word: tuple(full.split()) for word, full in raw["spellings"].items()},
        frames=frames,
        descriptions=_patterns(raw["descriptions"]["patterns"], classes),
        tables=tables,
        words={
            "base": frozenset(verbs["base"].split()),
            "done_verbs": frozenset(verbs["done_verbs"]),
            "amiss": frozenset(verbs["amiss"].split()),
            "shifting": frozenset(verbs["shifting"].split()),
            "weak": frozenset(verbs["weak"]),
            "filler": frozenset(reference["filler"]),
            "task_nouns": frozenset(reference["task_nouns"]),
            "plural_nouns": frozenset(reference["plural_nouns"]),
            "listing": frozenset(raw["listing"]["words"].split()),
            "listing_nouns": frozenset(raw["listing"]["nouns"].split()),
            "obliged": frozenset(raw["listing"]["obliged"].split()),
            "relatives": frozenset(raw["listing"]["relatives"].split()),
            "people": frozenset(raw["listing"]["people"].split()),
            **{f"announce_{k}": frozenset(v.split()) for k, v in raw["announcing"].items()},
            **{f"cue_{name}": frozenset(text.split()) for name, text in raw["cues"].items()},
            "no_title": frozenset(raw["titles"]["none"].split()),
            "no_note": frozenset(raw["titles"]["no_note"].split()),
            "times": frozenset(raw["titles"]["times"].split()),
            "subjects": frozenset(heads["subjects"].split()),
            "careful": frozenset(heads["careful"].split()),
            "not_past": frozenset(heads["not_past"].split()),
            "finished": frozenset(raw["listing"]["finished"].split()),
            "known": frozenset(raw["listing"]["known"].split()),
        },
        numbers=reference["numbers"],
        ordinals=reference["ordinals"],
        past=past,
        meanings={group[0]: tuple(group) for group in verbs["synonyms"]},
        synonyms={word: group[0] for group in verbs["synonyms"] for word in group},
        kinds=tuple(frozenset(group.split()) for group in verbs["kinds"]),
        vocabulary=_vocabulary(raw, frames, tables, past),
        gerunds=_gerunds(tables["order_heads"]),
        swapped={slip: word for word in commands for slip in _slips(word)},
        commands_by_size=tuple(
            tuple(sorted(w for w in commands if abs(len(w) - size) <= (1 if len(w) < 8 else 2)))
            for size in range(20)
        ),
        obliging=frozenset(tuple(pair.split()) for pair in raw["listing"]["obliging"]),
        whole=frozenset(tuple(pair.split()) for pair in raw["listing"]["whole"]),
        say=raw["say"],
    )


def _gerunds(heads: Table) -> dict[str, str]:
    found = {}
    for verb in heads:
        if verb.isalpha() and len(verb) > 2:
            root = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
            found[f"{root}ing"] = found[f"{root}ed"] = verb
            if root[-1] not in "aeiouwxy" and root[-2] in "aeiou" and len(root) <= 4:
                found[f"{root}{root[-1]}ing"] = verb
    return found


def _slips(word: str) -> set[str]:
    """Return a word with two neighbouring letters changed about, or one letter doubled."""
    swaps = (
        {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
        if len(word) > 2
        else set()
    )
    doubles = {word[:i] + word[i] + word[i:] for i in range(len(word))} if len(word) > 2 else set()
    return (swaps | doubles) - {word}


def _vocabulary(
    raw: Mapping[str, Any],
    frames: Sequence[Frame],
    tables: Mapping[str, Table],
    past: Mapping[str, str],
) -> frozenset[str]:
    """Return every word that the table knows, so that no known word is taken for a slip."""
    known = (
        set(past)
        | set(past.values())
        | {word for group in raw["verbs"]["synonyms"] for word in group}
    )
    for text in (
        raw["verbs"]["base"],
        raw["listing"]["known"],
        raw["listing"]["words"],
        *raw["verbs"]["kinds"],
    ):
        known.update(text.split())
    for table in tables.values():
        known.update(word for some in table.values() for phrase in some for word in phrase)
    for frame in frames:
        for pattern in frame.patterns:
            known.update(word for need in pattern.needs for word in need)
    return frozenset(known)


def _patterns(text: str, classes: Mapping[str, tuple[Phrase, ...]]) -> tuple[Pattern, ...]:
    lines = (line.strip() for line in text.splitlines())
    return tuple(
        compile_pattern(line, classes) for line in lines if line and not line.startswith("#")
    )
