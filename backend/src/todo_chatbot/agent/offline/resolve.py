"""Finds the tasks that a reference means in the list that the tools gave."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Memory, Task
from todo_chatbot.agent.offline.naming import SURE, Found, by_name, having, titled
from todo_chatbot.agent.offline.references import Reference, number
from todo_chatbot.agent.offline.similarity import coverage, may_name

_COUNTED = (2, 3, 4)


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
            whole = by_name(reference, tasks, language, prefer) if named else Found()
            if whole.tasks and min(_shares(reference, whole.tasks[0], language)) >= SURE:
                return whole
            return _joined(
                resolve(part, tasks, memory, language, prefer) for part in reference.parts
            )
    return by_name(reference, tasks, language, prefer)


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
    every = not language.words["every"].isdisjoint(reference.said.lower().split())
    if focus and not (every and len(focus) == 1 < len(tasks)):
        return focus if not count or len(focus) == count else ()
    everything = every or (not count and len(tasks) == 2)
    return tasks if everything else ()


def _by_description(
    reference: Reference, tasks: Sequence[Task], memory: Memory, language: Language
) -> Found:
    if reference.kind != "rest" and reference.name and (exact := titled(reference.said, tasks)):
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
