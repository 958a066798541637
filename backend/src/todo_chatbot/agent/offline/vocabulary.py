"""The words of a table as sets, and the forms and slips of them that are known."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from todo_chatbot.agent.offline.patterns import Pattern, Table

_SECTIONS = ("grammar", "heads", "reference", "verbs", "listing", "titles", "announcing", "cues")
"""Sections whose texts and lists of words are sets by their keys."""
_NAMES: Mapping[str, Mapping[str, str]] = {
    "listing": {"words": "listing", "nouns": "listing_nouns"},
    "titles": {"none": "no_title"},
    "announcing": {"words": "announce_words", "verbs": "announce_verbs", "many": "announce_many"},
}
"""Sets that are not called like their keys; those of [cues] have "cue_" before it."""


def sets_of_words(raw: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Return every set of single words that a table has, by name."""
    found: dict[str, frozenset[str]] = {}
    for section in _SECTIONS:
        for key, value in raw[section].items():
            words = value.split() if isinstance(value, str) else value
            if all(isinstance(word, str) for word in words) and not isinstance(words, dict):
                found[_name(section, key)] = frozenset(words)
    return found


def _name(section: str, key: str) -> str:
    return f"cue_{key}" if section == "cues" else _NAMES.get(section, {}).get(key, key)


def known_words(
    raw: Mapping[str, Any],
    patterns: Iterator[Pattern],
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
        for sized in table.values():
            known.update(word for _, some in sized for phrase in some for word in phrase)
    for pattern in patterns:
        known.update(word for need in pattern.needs for word in need)
    return frozenset(known)


def gerunds(heads: Table) -> dict[str, str]:
    """Return the verbs of orders by their forms: "deleting", "deleted"."""
    found = {}
    for verb in heads:
        if verb.isalpha() and len(verb) > 2:
            root = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
            found[f"{root}ing"] = found[f"{root}ed"] = verb
            if root[-1] not in "aeiouwxy" and root[-2] in "aeiou" and len(root) <= 4:
                found[f"{root}{root[-1]}ing"] = verb
    return found


def slips(words: Sequence[str]) -> dict[str, str]:
    """Return words by what they become with two letters changed about, or one doubled."""
    return {slip: word for word in words for slip in _slips(word)}


def _slips(word: str) -> set[str]:
    if len(word) <= 2:
        return set()
    swaps = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    doubles = {word[:i] + word[i] + word[i:] for i in range(len(word))}
    return (swaps | doubles) - {word}
