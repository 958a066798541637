"""Finds the tasks that a reference means in the list that the tools gave."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Memory, Task
from todo_chatbot.agent.offline.references import Reference, number
from todo_chatbot.agent.offline.similarity import content, content_of, coverage, may_name
from todo_chatbot.agent.offline.tokens import read

SURE = 0.8
"""Share of the words said that a title must contain to be meant."""
FULL = 0.8
"""Share of a title that has to be said for it to be meant although more was said."""
NEAR = 0.5
"""Share above which a title is worth asking about."""
_COUNTED = (2, 3, 4)
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


def resolve(
    reference: Reference,
    tasks: Sequence[Task],
    memory: Memory,
    language: Language,
    prefer: str = "all",
) -> Found:
    """Return what ``reference`` means; ``prefer`` is the status that decides between equals."""
    found = _meant(reference, tasks, memory, language, prefer)
    if reference.minus is not None and reference.kind not in ("all", "rest"):
        spared = resolve(reference.minus, tasks, memory, language).tasks
        found = replace(found, tasks=tuple(task for task in found.tasks if task not in spared))
    if reference.either and len(found.tasks) > 1:
        return Found(unclear=((reference.said, found.tasks),))
    return found


def _meant(
    reference: Reference,
    tasks: Sequence[Task],
    memory: Memory,
    language: Language,
    prefer: str,
) -> Found:
    by_id = {task.id: task for task in tasks}
    match reference.kind:
        case "numbers":
            return _by_number(reference.numbers, by_id, language)
        case "positions":
            return _by_position(reference, tasks, by_id, memory)
        case "latest":
            return Found(tuple(tasks[-1:])) if tasks else Found(missing=((reference.said, ()),))
        case "it" | "them" | "other":
            return _by_pronoun(reference, tasks, by_id, memory, language, prefer)
        case "all" | "rest":
            return _by_description(reference, tasks, memory, language)
        case "several":
            named = all(part.kind == "name" for part in reference.parts)
            whole = _by_name(reference, tasks, language, prefer) if named else Found()
            if whole.tasks and min(_shares(reference, whole.tasks[0], language)) >= SURE:
                return whole
            return _joined(
                resolve(part, tasks, memory, language, prefer) for part in reference.parts
            )
    return _by_name(reference, tasks, language, prefer)


def _shares(reference: Reference, task: Task, language: Language) -> tuple[float, float]:
    return coverage(reference.name, task.title, language)


def _joined(found: Iterable[Found]) -> Found:
    some = tuple(found)
    tasks = dict.fromkeys(task for one in some for task in one.tasks)
    return Found(
        tuple(tasks),
        tuple(pair for one in some for pair in one.unclear),
        tuple(pair for one in some for pair in one.missing),
    )


def _by_number(numbers: Iterable[int], by_id: Mapping[int, Task], language: Language) -> Found:
    wanted, told = tuple(numbers), language.say["number"][0]
    return Found(
        tuple(by_id[n] for n in wanted if n in by_id),
        missing=tuple((told.format(id=n), ()) for n in wanted if n not in by_id),
    )


def _by_position(
    reference: Reference, tasks: Sequence[Task], by_id: Mapping[int, Task], memory: Memory
) -> Found:
    order = tuple(task.id for task in tasks)
    if max(map(abs, reference.numbers)) <= len(memory.shown):
        order = memory.shown  # of one that was shown, "the second" is none
    found, missing = [], []
    for place in reference.numbers:
        index = place - 1 if place > 0 else len(order) + place
        if not place:  # the middle one, if there is one
            index = len(order) // 2 if len(order) % 2 else -1
        if 0 <= index < len(order) and order[index] in by_id:
            found.append(by_id[order[index]])
        else:
            missing.append((reference.said, ()))
    return Found(tuple(dict.fromkeys(found)), missing=tuple(missing))


def _by_deed(
    reference: Reference, focus: Sequence[Task], tasks: Sequence[Task], language: Language
) -> Found:
    """Return the task of "I bought it": one that is spoken of, or the one that is to be bought."""
    named = may_name(reference.name, language)
    tasks = [task for task in tasks if named(task.title)]
    fitting = [t for t in tasks if coverage(reference.name, t.title, language)[0] >= SURE]
    spoken = [t for t in fitting if t in focus and not (t.completed and len(focus) > 1)]
    meant = spoken or [t for t in fitting if not t.completed] or fitting
    both = reference.kind == "them" and len(meant) == (reference.count or len(meant))
    every = language.any_of("every", "both")
    if len(meant) == 1 or (both and not every.isdisjoint(reference.said.lower().split())):
        return Found(tuple(meant))
    if not meant:
        return Found(missing=((reference.said, ()),))
    return Found(unclear=((reference.said, tuple(meant)),))


def _by_pronoun(
    reference: Reference,
    tasks: Sequence[Task],
    by_id: Mapping[int, Task],
    memory: Memory,
    language: Language,
    prefer: str,
) -> Found:
    focus = [by_id[i] for i in memory.focus if i in by_id]
    shown = [by_id[i] for i in memory.shown if i in by_id]
    if reference.name:
        return _by_deed(reference, focus, tasks, language)
    if memory.focus and not focus and reference.kind != "other":
        # What was spoken of is gone, or never was clear: "it" is not what happens to be left.
        return Found(unclear=((reference.said, tuple(shown)),))
    if reference.kind == "them":
        recent = [by_id[i] for i in memory.recent if i in by_id]
        meant = _several_of(reference, focus, shown, recent, tasks, language)
    else:
        if reference.kind == "other":
            focus = [task for task in shown or tasks if task.id not in memory.focus]
            focus = [t for t in focus if t.completed == (prefer == "completed")] or focus
        meant = focus or (tasks if len(tasks) == 1 else ())
        meant = meant if len(meant) == 1 else ()
    if meant:
        return Found(tuple(meant))
    return Found(unclear=((reference.said, tuple(focus or shown)),))


def _several_of(
    reference: Reference,
    focus: Sequence[Task],
    shown: Sequence[Task],
    recent: Sequence[Task],
    tasks: Sequence[Task],
    language: Language,
) -> Sequence[Task]:
    """Return the tasks of "them", "both", "all of those"; none if it is not clear."""
    count = reference.count
    if not focus:
        focus = tasks if count and len(tasks) == count else shown
    if count == 2 and len(focus) < 2 <= len(recent):
        return recent[-2:]
    if focus:
        return focus if not count or len(focus) == count else ()
    every = not language.words["every"].isdisjoint(reference.said.lower().split())
    everything = every or (not count and len(tasks) == 2)
    return tasks if everything else ()


def _by_description(
    reference: Reference, tasks: Sequence[Task], memory: Memory, language: Language
) -> Found:
    if reference.kind != "rest" and reference.name and (exact := _titled(reference.said, tasks)):
        return Found(tuple(exact[:1]))
    pool = _pool(reference, tasks, memory)
    counted = _counted(reference, pool, memory, language)
    if pool and not counted:
        return Found(unclear=((reference.said, tuple(pool)),))
    pool = counted
    if reference.name:
        pool = having(reference.name, pool, language)
        if not pool:
            return Found(missing=((reference.said, ()),))
    if reference.minus:
        spared = resolve(reference.minus, tasks, memory, language)
        if spared.unclear or spared.missing:
            return Found(unclear=spared.unclear, missing=spared.missing)
        pool = [task for task in pool if task not in spared.tasks]
    return Found(tuple(pool))


def _pool(reference: Reference, tasks: Sequence[Task], memory: Memory) -> list[Task]:
    """Return the tasks that a set is taken from: of its status, the rest without what was meant."""
    gone = set(memory.focus) if reference.kind == "rest" else set()
    pool = [task for task in tasks if task.id not in gone]
    if reference.status != "all":
        pool = [task for task in pool if task.completed == (reference.status == "completed")]
    return pool


def _counted(
    reference: Reference, pool: list[Task], memory: Memory, language: Language
) -> list[Task]:
    """Return as many tasks as "the other two" says; none if it is not clear which."""
    words = reference.said.lower().split() if reference.kind == "rest" else ()
    counts = (number(word, language) for word in words)
    many = next((many for many in counts if many in _COUNTED), len(pool))
    if many == len(pool):
        return pool
    few = [task for task in pool if task.id in {*memory.shown, *memory.recent}]
    return few if len(few) == many else []


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


def _titled(said: str, tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks whose title was said word for word."""
    wanted = _plain(said)
    return [task for task in tasks if _plain(task.title) == wanted]


def _plain(title: str) -> str:
    return title.casefold().strip(" .!?\"'")


def _by_name(reference: Reference, tasks: Sequence[Task], language: Language, prefer: str) -> Found:
    exact = _titled(reference.said.strip("\"'“”‘’"), tasks)
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
