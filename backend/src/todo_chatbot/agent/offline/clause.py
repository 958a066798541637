"""One clause: what surrounds it is taken off, and its speech act is told."""

import unicodedata
from dataclasses import dataclass

from todo_chatbot.agent.offline.grammar import is_finite
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.orders import asks, commands, correct_commands
from todo_chatbot.agent.offline.patterns import begins, phrase_ends, table_has
from todo_chatbot.agent.offline.tokens import Token, Words

_OPENINGS = (
    "request",
    "embed",
    "before_question",
    "may",
    "suggest",
    "wish",
    "must",
    "hedge",
    "lead",
)
_SYMBOLS = frozenset(("So", "Sk", "Cf", "Mn"))
_LOOSE = frozenset(",;:.!…-–—()¶*•·~¿¡")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause without its manners.

    ``whole`` is what was said, ``bare`` that without marks, ``words`` what is left to understand.
    ``act``: question, order (or statement: their patterns tell), or ``asked``, an order put as a
    question. ``hedged``: the person is not sure of it.
    """

    whole: Words
    bare: Words
    words: Words
    act: str
    hedged: bool = False


def read_clause(whole: Words, language: Language) -> Clause:
    """Return the clause that ``whole`` is."""
    bare, marked = _without_marks(correct_commands(whole, language))
    bare = _without_please(bare, language)
    words, manners = _without_lead(bare, language)
    words, pleased = _without_trail(words, language)
    hedged = "hedge" in manners or _trail_start(words, "hedge", language) is not None
    act = _act(words.folds, manners, marked, pleased, language)
    return Clause(whole, bare, words, act, hedged)


def _without_please(words: Words, language: Language) -> Words:
    """Return an order without the "please" that some put after its verb: "create please ..."."""
    said = len(words) > 2 and words.folds[1] in language.words["courtesy"]
    if not said or not commands(words.folds, language):
        return words
    return Words(words.text, (words.tokens[0], *words.tokens[2:]))


def _act(
    folds: tuple[str, ...], manners: set[str], marked: bool, pleased: bool, language: Language
) -> str:
    if "embed" in manners:
        return "question"
    if "suggest" in manners:
        return "asked"
    if "may" in manners:
        return "order" if _harmless(folds, language) else "asked"
    if "request" in manners:
        return "order"
    if asks(folds, language):
        return "question"
    polite = pleased or "please" in manners
    return "asked" if marked and not (polite and commands(folds, language)) else "order"


def _harmless(folds: tuple[str, ...], language: Language) -> bool:
    return any(
        True for name in ("add", "show") for _ in phrase_ends(language.table(name), folds, 0)
    )


def _without_marks(words: Words) -> tuple[Words, bool]:
    start, end, marked = 0, len(words), False
    while (
        end > start
        and not words.tokens[end - 1].quoted
        and words.tokens[end - 1].fold in _LOOSE | {"?"}
    ):
        marked = marked or words.tokens[end - 1].fold == "?"
        if words.tokens[end - 1].fold == ")" and "(" in words.folds[start:end]:
            break
        end -= 1
    while start < end and not words.tokens[start].quoted and words.tokens[start].fold in _LOOSE:
        start += 1
    return words[start:end], marked


def _strip_left(words: Words) -> Words:
    at = 0
    while at < len(words) and not words.tokens[at].quoted and words.tokens[at].fold in _LOOSE:
        at += 1
    return words[at:]


def _without_lead(words: Words, language: Language) -> tuple[Words, set[str]]:
    manners: set[str] = set()
    for _ in range(12):
        rest, kind = _one_lead(words, language)
        if rest is None:
            break
        if words.tokens[0].fold in language.words["courtesy"]:
            manners.add("please")
        words = rest
        manners.add(kind)
    return words, manners


def _one_lead(words: Words, language: Language) -> tuple[Words | None, str]:
    """Return the words after one opening, and its kind; None if there is no opening."""
    folds = words.folds
    for kind in _OPENINGS:
        for end in phrase_ends(language.table(kind), folds, 0):
            rest = _strip_left(words[end:])
            if len(rest) and kind in ("request", "suggest"):
                rest = _plain_verb(rest, language)
            if len(rest) and _opens(kind, folds[:end], folds[end:], rest, language):
                return rest, kind
    return None, ""


def _opens(
    kind: str,
    opening: tuple[str, ...],
    after: tuple[str, ...],
    rest: Words,
    language: Language,
) -> bool:
    """Return whether an opening is one before these words: "I want to" is none of every wish."""
    match kind:
        case "request" | "may" | "suggest":
            return commands(rest.folds, language)
        case "before_question":
            return rest.folds[0] in language.words["question_words"]
        case "hedge":
            pointing = opening[-1] in language.words["demonstratives"]
            return not (pointing and is_finite(rest.folds[:1], language))  # "I think that's it"
        case "wish" | "must":
            return _wants(rest.folds, kind, language)
        case "lead" if table_has(language.table("refusing"), opening):
            return commands(rest.folds, language)  # "No, I ordered the flour" takes back.
        case "lead" if len(opening) == 1 and opening[0] in language.words["likewise"]:
            return rest.folds[0] not in language.words["auxiliaries"]  # "and so is the camera one"
        case "lead" if opening[0] in language.words["careful"]:
            # In "first the dishes" and "second one is done" they are not manners.
            numbered = rest.folds[0] in language.words["vague_nouns"]  # "first one done"
            told = commands(rest.folds, language) and not numbered
            return after[:1] in ((",",), (":",)) or told
    return True


def _plain_verb(words: Words, language: Language) -> Words:
    """Return the words with "deleting" compared as "delete"."""
    first = words.tokens[0]
    plain = language.gerunds.get(first.fold)
    if plain is None:
        return words
    return Words(words.text, (Token(plain, first.start, first.end), *words.tokens[1:]))


def _wants(folds: tuple[str, ...], kind: str, language: Language) -> bool:
    names_task = _names_task(folds, language)
    heads = language.table("calm_heads" if kind == "wish" and not names_task else "firm_heads")
    if kind == "must" and not names_task:
        return False
    return begins(heads, folds)


def _names_task(folds: tuple[str, ...], language: Language) -> bool:
    """Return whether words speak of tasks: "task 3", "everything", "my list"."""
    nouns = language.any_of("task_nouns", "every", "everything")
    numbers = [at for at, fold in enumerate(folds) if fold.lstrip("#").isdecimal()]
    # "Mark 3" names a task, "mark the year 9 essays" does not.
    numbered = any(
        folds[at][0] == "#" or (at == 1 and not _counts(folds[at + 1 :], language))
        for at in numbers
    )
    quoted = any(fold.startswith('"') for fold in folds)
    if numbered or quoted or any(fold in nouns for fold in folds):
        return True
    return any(
        True for at in range(len(folds)) for _ in phrase_ends(language.table("mylist"), folds, at)
    )


def _counts(after: tuple[str, ...], language: Language) -> bool:
    """Return whether a number counts what follows it: "mark 30 exams"."""
    beside = language.any_of(
        "links", "prepositions", "conjunctions", "then", "also", "turns", "particles"
    )
    tables = ("and", "to", "done", "notdone")
    if not after or not after[0].isalpha() or after[0] in beside:
        return False
    return after[0].endswith("s") and not any(begins(language.table(t), after) for t in tables)


def without_tag(words: Words, language: Language) -> Words:
    """Return a sentence that ends in "..., isn't it?" as the question that it is."""
    end = len(words)
    while end and words.tokens[end - 1].fold in ("?", ".", "!"):
        end -= 1
    marked = "?" in words.folds[end:]
    for at in range(max(2, end - 5), end):
        said = phrase_ends(language.table("tags"), words.folds[:end], at)
        if table_has(language.table("manners"), words.folds[at:end][words.folds[at] == "," :]):
            continue  # "remind me to call Ann, will you?"
        if end in said and (marked or words.folds[at] != ","):
            mark = Token("?", words.tokens[end - 1].end, words.tokens[end - 1].end)
            return Words(words.text, (*words.tokens[:at], mark))
    return words


def _without_trail(words: Words, language: Language) -> tuple[Words, bool]:
    pleased = False
    for _ in range(6):
        at = _trail_start(words, "manners", language)
        if at is None:
            break
        pleased = True
        words, _marked = _without_marks(words[:at])
    return words, pleased


def without_trail(words: Words, language: Language) -> Words:
    """Return the words without the small talk at their end ("mark 3 as done right now")."""
    words = _without_faces(words, language)
    for _ in range(4):
        at = _trail_start(words, "trail", language)
        if at is None:
            break
        words, _marked = _without_marks(words[:at])
    return words


def _without_faces(words: Words, language: Language) -> Words:
    """Return the words without the emoji at their end that say nothing."""
    end, meant = len(words), language.table("done")
    while end > 1 and _is_face(words.tokens[end - 1]) and words.folds[end - 1] not in meant:
        end -= 1
    return words[:end]


def _is_face(token: Token) -> bool:
    return not token.quoted and unicodedata.category(token.fold[0]) in _SYMBOLS


def _trail_start(words: Words, name: str, language: Language) -> int | None:
    folds = words.folds
    for at in range(max(1, len(folds) - 6), len(folds)):
        if any(end == len(folds) for end in phrase_ends(language.table(name), folds, at)):
            return at
    return None
