"""How much words mean the same: stems, synonyms, slips."""

import functools
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz.distance import OSA

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.tokens import read

WEAK_WEIGHT = 0.4
"""Weight of words that many titles have ("buy", "call") beside 1 for all others."""

_SYNONYM, _DERIVED, _SLIP, _ALIKE = 0.92, 0.9, 0.88, 0.75
_BEGIN = 2
_MARKS = ".,;:!?()"
_VOWELS = frozenset("aeiouy")
_DERIVATIONS = frozenset(
    [
        *("", "e", "y", "er", "or", "al", "ly", "ed", "ing", "ion", "tion", "ation"),
        *("ign", "ment", "able", "ance", "ness"),
    ]
)
_INFLECTIONS = (("ies", "y"), ("ied", "y"), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"))


def coverage(said: Iterable[str], title: str, language: Language) -> tuple[float, float]:
    """Return which share of the words said is in the title, and of the title in the words said."""
    asked, has = content(tuple(said), language), content_of(title, language)
    if not asked or not has:
        return 0.0, 0.0
    return _share(asked, has, language), _share(has, asked, language)


def may_name(said: Iterable[str], language: Language) -> Callable[[str], bool]:
    """Return a quick test that no title fails that has anything of the words said.

    Ten thousand titles are looked at in milliseconds; only the few that pass are compared.
    """
    begins = {
        f" {word[:_BEGIN]}"
        for one in content(tuple(said), language)
        for word in (one, *language.meanings.get(language.synonyms.get(one, one), ()))
    }

    def test(title: str) -> bool:
        lowered = f" {title.lower().replace('-', ' ')}"
        return any(begin in lowered for begin in begins)

    return test


@functools.lru_cache(maxsize=4096)
def content_of(title: str, language: Language) -> tuple[str, ...]:
    """Return the stems of a title's words that carry meaning."""
    return content(read(title, language.spellings).folds, language)


@functools.lru_cache(maxsize=256)
def content(folds: tuple[str, ...], language: Language) -> tuple[str, ...]:
    """Return the stems of the words that carry meaning; if there are none, of all."""
    parts = (part for fold in folds for part in fold.strip('"').replace("-", " ").split())
    words = [part.strip(_MARKS) for part in parts if _is_word(part)]
    full = [word for word in words if word not in language.words["filler"]]
    return tuple(stem(word, language) for word in full or words)


def _is_word(text: str) -> bool:
    return text[0].isalnum() or not text.isascii()


def _share(stems: Sequence[str], among: Sequence[str], language: Language) -> float:
    found = total = 0.0
    for one in stems:
        weight = WEAK_WEIGHT if one in language.words["weak"] else 1.0
        total += weight
        found += weight * max(similar(one, other, language) for other in among)
    return found / total


def similar(one: str, other: str, language: Language) -> float:
    """Return how much two stems mean the same, 0 to 1."""
    if one == other:
        return 1.0
    if language.synonyms.get(one, one) == language.synonyms.get(other, other):
        return _SYNONYM
    short = min(len(one), len(other))
    if one[0] != other[0] or short < 3 or one[0].isdigit():
        return 0.0
    if one.startswith(other) or other.startswith(one):
        return _begun(short, max(one, other, key=len)[short:])
    if _derived(one, other):
        return _DERIVED
    slipped = _without_vowels(one, other) or _slip(one, other) or _slip_inside(one, other)
    return _SLIP if slipped else 0.0


def _slip_inside(one: str, other: str) -> bool:
    """Return whether a slip hides the verb before an ending: "recylcing" is recycling."""
    if one.endswith("ing") == other.endswith("ing"):
        return False
    inflected, plain = (one, other) if one.endswith("ing") else (other, one)
    return _slip(inflected, f"{plain.removesuffix('e')}ing")


def _slip(one: str, other: str) -> bool:
    """Return whether one word may be the other with a slip or two."""
    short = min(len(one), len(other))
    allowed = 0 if short < 4 else 1 if short < 7 else 2
    return OSA.distance(one, other, score_cutoff=2) <= allowed


def _begun(short: int, ending: str) -> float:
    """Return how alike two words are of which one begins the other: quarter, quarterly."""
    if short >= 5 or (short == 4 and ending in _DERIVATIONS):
        return _DERIVED
    return _ALIKE if len(ending) == 1 or (short == 4 and len(ending) > 3) else 0.0


def _derived(one: str, other: str) -> bool:
    """Return whether two words come from one: prepare, preparation."""
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return same >= 4 and one[same:] in _DERIVATIONS and other[same:] in _DERIVATIONS


def _without_vowels(one: str, other: str) -> bool:
    """Return whether one word is the other written without vowels: wsh, wash."""
    if _VOWELS & set(one) and _VOWELS & set(other):
        return False
    return [c for c in one if c not in _VOWELS] == [c for c in other if c not in _VOWELS]


def stem(word: str, language: Language) -> str:
    """Return the word without the endings of number, tense and degree."""
    if word in language.past:
        return language.past[word]
    for ending, instead in _INFLECTIONS:
        if word.endswith(ending):
            root = _root(word.removesuffix(ending) + instead, ending, language)
            if root:
                return root
    if word.endswith("es") and word[:-2].endswith(("s", "x", "z", "ch", "sh")):
        return word[:-2]
    if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    if word.endswith(("ed", "ly")) and len(word) > 4 and word not in language.vocabulary:
        return word[:-2]
    return word


def _root(root: str, ending: str, language: Language) -> str:
    """Return the verb (or noun in -y) without its ending; empty if there is none."""
    base = language.words["base"]
    if len(root) < 2:
        return ""
    if ending in ("ies", "ied") or root in base:
        return root
    doubled = root[-2:-1] == root[-1:]
    return root[:-1] if doubled and root[:-1] in base else ""
