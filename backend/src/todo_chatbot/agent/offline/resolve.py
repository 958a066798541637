"""Finds the tasks that a reference means in the list that the tools gave."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Memory, Task
from todo_chatbot.agent.offline.references import Reference
from todo_chatbot.agent.offline.tokens import read

_VOWELS = frozenset("aeiouy")
_ENDINGS = frozenset(
    (
        "",
        "e",
        "ation",
        "tion",
        "ion",
        "ment",
        "al",
        "ance",
        "er",
        "or",
        "y",
        "ing",
        "ed",
        "able",
        "ness",
        "ly",
    )
)
SURE = 0.8
"""Share of the words said that a title must contain to be meant."""
FULL = 0.8
"""Share of a title that has to be said for it to be meant although more was said."""
NEAR = 0.5
"""Share above which a title is worth asking about."""


@dataclass(frozen=True, slots=True)
class Found:
    """The tasks that are meant, and what stayed open.

    ``unclear`` pairs words with the tasks they fit equally; ``missing`` are words or numbers that fit none, with
    the tasks that come near.
    """

    tasks: tuple[Task, ...] = ()
    unclear: tuple[tuple[str, tuple[Task, ...]], ...] = ()
    missing: tuple[tuple[str, tuple[Task, ...]], ...] = ()


def resolve(
    reference: Reference,
    tasks: Sequence[Task],
    memory: Memory,
    language: Language,
    prefer: str = "all",
) -> Found:
    """Return what ``reference`` means; ``prefer`` is the status that decides between equals."""
    by_id = {task.id: task for task in tasks}
    match reference.kind:
        case "numbers":
            return _by_number(reference.numbers, by_id)
        case "positions":
            return _by_position(reference, tasks, by_id, memory)
        case "latest":
            return Found(tuple(tasks[-1:])) if tasks else Found(missing=((reference.said, ()),))
        case "it" | "them" | "other":
            return _by_pronoun(reference, tasks, by_id, memory, language)
        case "all" | "rest":
            return _by_description(reference, tasks, memory, language)
        case "several":
            whole = _by_name(reference, tasks, language, prefer)
            if whole.tasks and coverage(reference.name, whole.tasks[0].title, language)[1] >= SURE:
                return whole
            return _joined(
                resolve(part, tasks, memory, language, prefer) for part in reference.parts
            )
    return _by_name(reference, tasks, language, prefer)


def _joined(found: Iterable[Found]) -> Found:
    some = tuple(found)
    tasks = dict.fromkeys(task for one in some for task in one.tasks)
    return Found(
        tuple(tasks),
        tuple(pair for one in some for pair in one.unclear),
        tuple(pair for one in some for pair in one.missing),
    )


def _by_number(numbers: Iterable[int], by_id: Mapping[int, Task]) -> Found:
    wanted = tuple(numbers)
    return Found(
        tuple(by_id[n] for n in wanted if n in by_id),
        missing=tuple((f"task {n}", ()) for n in wanted if n not in by_id),
    )


def _by_position(
    reference: Reference, tasks: Sequence[Task], by_id: Mapping[int, Task], memory: Memory
) -> Found:
    order = memory.shown or tuple(task.id for task in tasks)
    found, missing = [], []
    for place in reference.numbers:
        index = place - 1 if place > 0 else len(order) + place
        if 0 <= index < len(order) and order[index] in by_id:
            found.append(by_id[order[index]])
        else:
            missing.append((reference.said, ()))
    return Found(tuple(dict.fromkeys(found)), missing=tuple(missing))


def _by_pronoun(
    reference: Reference,
    tasks: Sequence[Task],
    by_id: Mapping[int, Task],
    memory: Memory,
    language: Language,
) -> Found:
    focus = [by_id[i] for i in memory.focus if i in by_id]
    if reference.name:
        fitting = [t for t in tasks if coverage(reference.name, t.title, language)[0] >= SURE]
        meant = (
            [t for t in fitting if t in focus] or [t for t in fitting if not t.completed] or fitting
        )
        if len(meant) == 1:
            return Found(tuple(meant))
        return (
            Found(unclear=((reference.said, tuple(meant)),))
            if meant
            else Found(missing=((reference.said, ()),))
        )
    if reference.kind == "other":
        pool = [by_id[i] for i in memory.shown if i in by_id] or list(tasks)
        focus = [task for task in pool if task.id not in memory.focus]
    if reference.kind == "them" and not focus:
        focus = [by_id[i] for i in memory.shown if i in by_id]
        if reference.count and len(tasks) == reference.count:
            focus = list(tasks)
    if reference.kind == "them" and not focus and "all" in reference.said.lower().split():
        return Found(tuple(tasks))
    if (
        reference.kind == "them"
        and focus
        and (not reference.count or reference.count == len(focus))
    ):
        return Found(tuple(focus))
    if reference.kind != "them" and len(focus) == 1:
        return Found(tuple(focus))
    if reference.kind != "them" and not focus and len(tasks) == 1:
        return Found(tuple(tasks))
    pool = focus or [by_id[i] for i in memory.shown if i in by_id]
    if reference.kind == "them" and not reference.count and len(tasks) == 2 and not pool:
        return Found(tuple(tasks))
    return Found(unclear=((reference.said, tuple(pool)),))


def _by_description(
    reference: Reference, tasks: Sequence[Task], memory: Memory, language: Language
) -> Found:
    if reference.kind == "rest":
        gone = set(memory.focus)
        pool = [task for task in tasks if task.id not in gone]
    else:
        if reference.name and (exact := [t for t in tasks if _same_title(reference.said, t.title)]):
            return Found(tuple(exact[:1]))
        pool = list(tasks)
    if reference.status != "all":
        pool = [task for task in pool if task.completed == (reference.status == "completed")]
    if reference.name:
        pool = [
            t
            for t in pool
            if coverage(reference.name, f"{t.title} {t.description}", language)[0] >= SURE
        ]
        if not pool:
            return Found(missing=((reference.said, ()),))
    if reference.minus:
        spared = resolve(reference.minus, tasks, memory, language)
        if spared.unclear or spared.missing:
            return Found(unclear=spared.unclear, missing=spared.missing)
        pool = [task for task in pool if task not in spared.tasks]
    return Found(tuple(pool))


def _nearly(reference: Reference, tasks: Sequence[Task], language: Language) -> Found:
    """More may be said than the title has ("that dreadful quarterly report"), if it has nearly all of the title."""
    scores = [(coverage(reference.name, task.title, language), task) for task in tasks]
    full = [task for (said, had), task in scores if had >= FULL and said >= NEAR]
    if len(full) == 1:
        return Found(tuple(full))
    return Found(
        missing=((reference.said, tuple(task for (said, _), task in scores if said >= NEAR)),)
    )


def _same_title(said: str, title: str) -> bool:
    return said.casefold().strip(" .!?\"'") == title.casefold().strip(" .!?\"'")


def _by_name(reference: Reference, tasks: Sequence[Task], language: Language, prefer: str) -> Found:
    exact = [task for task in tasks if _same_title(reference.said.strip("\"'“”‘’"), task.title)]
    if exact:
        return _choose(reference, exact, prefer)
    scored = [(coverage(reference.name, task.title, language), task) for task in tasks]
    sure = [(score, task) for score, task in scored if score[0] >= SURE]
    if not sure:
        scored = [
            (coverage(reference.name, f"{t.title} {t.description}", language), t)
            for t in tasks
            if t.description
        ]
        sure = [(score, task) for score, task in scored if score[0] >= SURE]
        if not sure:
            return _nearly(reference, tasks, language)
    top = max(score[0] for score, _ in sure)
    sure = [(score, task) for score, task in sure if score[0] > top - 0.05]
    best = max(score[1] for score, _ in sure)
    if best >= 0.999:
        sure = [(score, task) for score, task in sure if score[1] >= 0.999]
    return _choose(reference, [task for _, task in sure], prefer)


def _choose(reference: Reference, fitting: Sequence[Task], prefer: str) -> Found:
    if len(fitting) > 1 and prefer != "all":
        wanted = [task for task in fitting if task.completed == (prefer == "completed")]
        fitting = wanted or fitting
    if len(fitting) == 1:
        return Found(tuple(fitting))
    return Found(unclear=((reference.said, tuple(fitting)),))


def coverage(said: Iterable[str], title: str, language: Language) -> tuple[float, float]:
    """Return which share of the words said is in the title, and of the title in the words said."""
    asked, has = content(said, language), content(read(title, language.spellings).folds, language)
    if not asked or not has:
        return 0.0, 0.0
    return _share(asked, has, language), _share(has, asked, language)


def content(folds: Iterable[str], language: Language) -> list[str]:
    """Return the words that carry meaning; if there are none, all of them."""
    words = [
        part
        for fold in folds
        for part in fold.replace("-", " ").split()
        if part[0].isalnum() or not part.isascii()
    ]
    full = [word for word in words if word not in language.words["filler"]]
    return full or words


def _share(words: Sequence[str], among: Sequence[str], language: Language) -> float:
    weights = [0.4 if stem(word, language) in language.words["weak"] else 1.0 for word in words]
    found = sum(
        w * max(similar(word, other, language) for other in among)
        for w, word in zip(weights, words, strict=True)
    )
    return found / sum(weights)


def similar(one: str, other: str, language: Language) -> float:
    """Return how much two words mean the same, 0 to 1."""
    if one == other:
        return 1.0
    a, b = stem(one, language), stem(other, language)
    if a == b:
        return 1.0
    if language.synonyms.get(a, a) == language.synonyms.get(b, b):
        return 0.92
    short = min(len(a), len(b))
    if a.isdigit() or b.isdigit() or short < 3:
        return 0.0
    if not _VOWELS & set(a) or not _VOWELS & set(b):
        return (
            0.88
            if [c for c in a if c not in _VOWELS] == [c for c in b if c not in _VOWELS]
            else 0.0
        )
    if short < 4:
        return 0.75 if (a.startswith(b) or b.startswith(a)) and abs(len(a) - len(b)) == 1 else 0.0
    if a.startswith(b) or b.startswith(a):
        return 0.9 if short >= 5 or abs(len(a) - len(b)) <= 3 else 0.75
    if _related(a, b):
        return 0.9
    distance = OSA.distance(a, b, score_cutoff=2)
    if (distance == 1 and a[0] == b[0]) or (distance == 2 and short >= 7 and a[0] == b[0]):
        return 0.88
    return 0.0


def _related(a: str, b: str) -> bool:
    """Return whether two words are derived from one: prepare, preparation."""
    same = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        same += 1
    return (same >= 4 and a[same:] in _ENDINGS and b[same:] in _ENDINGS) or (
        same >= 3 and {a[same:], b[same:]} == {"", "ment"}
    )


def stem(word: str, language: Language) -> str:
    """Return the word without the endings of number, tense and degree."""
    if word in language.past:
        return language.past[word]
    base = language.words["base"]
    for ending, instead in (
        ("ies", "y"),
        ("ied", "y"),
        ("ing", ""),
        ("ing", "e"),
        ("ed", ""),
        ("ed", "e"),
        ("es", ""),
        ("s", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3 - (ending in ("ing",)):
            root = word[: -len(ending)] + instead
            if (
                ending in ("ing", "ed")
                and not instead
                and len(root) > 3
                and root[-1] == root[-2]
                and root not in base
            ):
                root = root[:-1]
            if (
                root in base
                or (ending == "s" and not word.endswith(("ss", "us", "is")))
                or ending in ("ies", "ied")
            ):
                return root
            if ending == "es" and root.endswith(("s", "x", "z", "ch", "sh")):
                return root
    if word.endswith("ed") and len(word) > 4 and word not in language.vocabulary:
        return word[:-2]
    if word.endswith("ly") and len(word) > 5:
        return word[:-2]
    return word


def mentioned(said: str, tasks: Sequence[Task], language: Language) -> list[Task]:
    """Return the tasks that an utterance has most words of, wherever they stand; none if it has none."""
    words = {stem(fold, language) for fold in read(said, language.spellings).folds}
    counts: dict[Task, int] = {}
    for task in tasks:
        matter = {
            stem(w, language) for w in content(read(task.title, language.spellings).folds, language)
        }
        strong = {
            w for w in matter if w not in language.words["weak"] and w not in language.words["base"]
        } or matter
        counts[task] = len(strong & words)
    most = max(counts.values(), default=0)
    return [task for task, count in counts.items() if count == most] if most else []
