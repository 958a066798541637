"""Finds tasks by words of their titles and descriptions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Task
from todo_chatbot.agent.offline.references import Reference
from todo_chatbot.agent.offline.similarity import content, content_of, coverage, may_name
from todo_chatbot.agent.offline.tokens import read

SURE = 0.8
"""Share of the words said that a title must contain to be meant."""
FULL = 0.8
"""Share of a title that has to be said for it to be meant although more was said."""
NEAR = 0.5
"""Share above which a title is worth asking about."""
_SMALL = 3
"""Letters of words ("the", "to") that tell no title from another."""
_MOST_IN_A_ROW, _LONGEST_IN_A_ROW = 16, 5
"""Words that may name tasks one after the other, and of one of them."""

Missing = tuple[str, tuple[Task, ...]]
"""Words that fit no task, and the tasks that come near."""


@dataclass(frozen=True, slots=True)
class Found:
    """The tasks that are meant, and what stayed open.

    ``unclear`` pairs words with the tasks they fit equally; ``missing`` are words or numbers that
    fit none, with the tasks that come near.
    """

    tasks: tuple[Task, ...] = ()
    unclear: tuple[tuple[str, tuple[Task, ...]], ...] = ()
    missing: tuple[Missing, ...] = ()


def having(
    name: Sequence[str], tasks: Iterable[Task], language: Language, share: float = SURE
) -> list[Task]:
    """Return the tasks whose title and description have that share of the words."""
    named = may_name(name, language)
    texts = ((task, f"{task.title} {task.description}") for task in tasks)
    return [t for t, text in texts if named(text) and coverage(name, text, language)[0] >= share]


def _nearly(reference: Reference, tasks: Sequence[Task], language: Language) -> Found:
    """Find a title that is said nearly as a whole among more ("that dreadful quarterly report")."""
    scores = [(coverage(reference.name, task.title, language), task) for task in tasks]
    full = [task for (said, had), task in scores if had >= FULL and said >= NEAR]
    if len(full) == 1:
        return Found(tuple(full))
    return Found(
        missing=((reference.said, tuple(task for (said, _), task in scores if said >= NEAR)),)
    )


def titled(said: str, tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks whose title was said word for word."""
    wanted = _plain(said)
    return [task for task in tasks if _plain(task.title) == wanted]


def _plain(title: str) -> str:
    return title.casefold().strip(" .!?\"'")


def by_name(reference: Reference, tasks: Sequence[Task], language: Language, prefer: str) -> Found:
    """Return the task of a name; ``prefer`` is the status that decides between equals."""
    exact = titled(reference.said.strip("\"'“”‘’"), tasks)
    if exact:
        return _choose(reference, exact, prefer, language)
    named = may_name(reference.name, language)
    tasks = [task for task in tasks if named(task.title) or named(task.description)]
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
            return _in_a_row(reference, tasks, language) or _nearly(reference, tasks, language)
    top = max(score[0] for score, _ in sure)
    sure = [(score, task) for score, task in sure if score[0] > top - 0.05]
    best = max(score[1] for score, _ in sure)
    if best >= 0.999:
        sure = [(score, task) for score, task in sure if score[1] >= 0.999]
    return _choose(reference, _closest(reference, [t for _, t in sure], language), prefer, language)


def _closest(reference: Reference, tasks: Sequence[Task], language: Language) -> Sequence[Task]:
    """Return the one task that has most of the very words, or all of them if several have.

    "The drill bits" are not the drill, though "bits" alone says little.
    """
    small = language.any_of("task_nouns", "plural_nouns")
    said = {fold for fold in reference.name if len(fold) > _SMALL and fold not in small}
    shared = [len(said & set(read(task.title, language.spellings).folds)) for task in tasks]
    return [tasks[shared.index(max(shared))]] if shared.count(max(shared)) == 1 else tasks


def _in_a_row(reference: Reference, tasks: Sequence[Task], language: Language) -> Found | None:
    """Return the tasks of "milk eggs and bread", named one after the other without a mark."""
    words = [fold for fold in reference.name if content((fold,), language)]
    if len(words) > _MOST_IN_A_ROW:
        return None
    found: list[Task] = []
    while words:
        named = next(
            (
                (size, task)
                for size in range(min(len(words), _LONGEST_IN_A_ROW), 0, -1)
                if (task := _only(words[:size], tasks, language)) and task not in found
            ),
            None,
        )
        if named is None:
            return None
        found.append(named[1])
        words = words[named[0] :]
    return Found(tuple(found)) if len(found) > 1 else None


def _only(name: Sequence[str], tasks: Sequence[Task], language: Language) -> Task | None:
    """Return the one task whose title has all of the words, and one of weight among them."""
    if language.words["weak"].issuperset(content(tuple(name), language)):
        return None
    shares = [(coverage(name, task.title, language), task) for task in tasks]
    fitting = [(had, task) for (said, had), task in shares if said >= SURE]
    # "Walk the dog" is not "walk to the post office" and "buy dog food".
    return fitting[0][1] if len(fitting) == 1 and fitting[0][0] >= NEAR else None


def _choose(
    reference: Reference, fitting: Sequence[Task], prefer: str, language: Language
) -> Found:
    if len(fitting) > 1 and prefer != "all":
        wanted = [task for task in fitting if task.completed == (prefer == "completed")]
        fitting = wanted or fitting
    both = len(fitting) == 2 and not language.words["two"].isdisjoint(reference.name)
    if len(fitting) == 1 or both:
        return Found(tuple(fitting))
    return Found(unclear=((reference.said, tuple(fitting)),))


def mentioned(said: str, tasks: Sequence[Task], language: Language) -> list[Task]:
    """Return the tasks that an utterance has most words of; none if it has none of any."""
    spoken = read(said, language.spellings).folds
    named = may_name(spoken, language)
    tasks = [task for task in tasks if named(task.title)]
    words = set(content(spoken, language))
    counts: dict[Task, int] = {}
    for task in tasks:
        stems = content_of(task.title, language)
        matter = set(stems[1:] if stems[0] in language.words["base"] else stems)
        counts[task] = len((matter - language.words["weak"] or set(stems)) & words)
    most = max(counts.values(), default=0)
    return [task for task, count in counts.items() if count == most] if most else []
