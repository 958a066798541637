"""Words of an utterance: each knows how it was written, how it is compared, and where it stood."""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_LETTER = r"[\w\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u200c\u200d]"
"""A letter, digit, or the vowel signs of Arabic and Indian scripts, which ``\\w`` leaves out."""

_TOKEN = re.compile(
    rf"""
      (?P<quoted>"[^"\n]+"|“[^”\n]+”|«[^»\n]+»|`[^`\n]+`|(?<![\w'])'(?:[^'\n]|(?<=\w)'(?=\w)){{1,200}}'(?!\w)|‘[^‘’\n]+’(?!\w))
    | (?P<newline>\n+)
    | (?P<arrow>[-=]+>|→|➜)
    | (?P<word>\#?{_LETTER}+(?:(?:['’.@/+-]|://){_LETTER}+)*)
    | (?P<other>[^\w\s])
    """,
    re.VERBOSE,
)
_MARKS = {"؟": "?", "،": ",", "؛": ";", "۔": ".", "।": ".", "？": "?"}
"""Marks of other scripts and what they are compared as."""
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_SHORT = 3
"""Letters of words that are kept: "yooo" is "yo", "AAA" batteries are AAA."""
_APOSTROPHES = str.maketrans("’‘`", "'''")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark: ``fold`` is what patterns compare, ``start`` and ``end`` where it stands."""

    fold: str
    start: int
    end: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of an utterance: the text it came from and its tokens in order."""

    text: str
    tokens: tuple[Token, ...]
    folds: tuple[str, ...] = field(default=(), compare=False)
    """The words as patterns compare them, made from ``tokens`` and kept."""

    def __post_init__(self) -> None:
        if len(self.folds) != len(self.tokens):
            object.__setattr__(self, "folds", tuple(token.fold for token in self.tokens))

    def __hash__(self) -> int:
        return hash((self.text, self.tokens[0].start, len(self.tokens)) if self.tokens else "")

    def __len__(self) -> int:
        return len(self.tokens)

    def __getitem__(self, part: slice) -> "Words":
        return Words(self.text, self.tokens[part], self.folds[part])

    @property
    def said(self) -> str:
        """The stretch exactly as it was written."""
        if not self.tokens:
            return ""
        return self.text[self.tokens[0].start : self.tokens[-1].end]


def read(text: str, spellings: Mapping[str, tuple[str, ...]], most: int | None = None) -> Words:
    """Return the words of ``text``; ``spellings`` says what a word stands for ("dont": do not).

    ``most``: after how many words and marks the rest is left unread.
    """
    tokens: list[Token] = []
    for match in itertools.islice(_TOKEN.finditer(text), most):
        start, end = match.span()
        if match.lastgroup == "quoted":
            # With its marks, so that no quoted word is taken for one of a pattern.
            inner = text[start + 1 : end - 1].strip().lower().translate(_APOSTROPHES)
            tokens.append(Token(f'"{inner}"', start, end, quoted=True))
        elif match.lastgroup == "word":
            tokens.extend(
                _spell(match.group().lower().translate(_APOSTROPHES), start, end, spellings)
            )
        else:
            named = {"newline": "¶", "arrow": "->"}.get(match.lastgroup or "", match.group())
            fold = _MARKS.get(named, named)
            tokens.append(Token(fold, start, end))
    return Words(text, tuple(tokens))


def _spell(
    fold: str, start: int, end: int, spellings: Mapping[str, tuple[str, ...]]
) -> Iterable[Token]:
    fold = _DRAWN_OUT.sub(r"\1", fold) if len(fold) > _SHORT else fold
    stands_for = spellings.get(fold)
    if stands_for is None and fold.endswith("'s"):
        return (Token(fold[:-2], start, end - 2), Token("'s", end - 2, end))
    if stands_for is None and fold.endswith("s'"):
        stands_for = (fold[:-1],)
    if stands_for is None:
        return (Token(fold, start, end),)
    return tuple(Token(word, end if at else start, end) for at, word in enumerate(stands_for))
