"""The answer to a question of ours: yes, no, one of the tasks we named, or the missing words."""

from dataclasses import replace

from todo_chatbot.agent.offline import titles
from todo_chatbot.agent.offline.clause import commands, read_clause, table_has
from todo_chatbot.agent.offline.frames import Intent
from todo_chatbot.agent.offline.memory import Question
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.plan import plan
from todo_chatbot.agent.offline.references import Reference, parse
from todo_chatbot.agent.offline.resolve import resolve
from todo_chatbot.agent.offline.tokens import Words, read


def reply(said: str, question: Question, scene: Scene) -> Outcome | None | bool:
    """Return what an answer to ``question`` comes to; None: the list is needed; False: it is no answer."""
    language = scene.language
    clause = read_clause(read(said, language.spellings), language)
    folds = clause.words.folds
    whole = tuple(f for f in clause.whole.folds if f not in ",.!;:")
    if table_has(language.table("no"), folds) or table_has(language.table("no"), whole):
        return Outcome(Intent("no", said=said), say="kept")
    if question.kind == "confirm":
        return _confirmed(question, folds, whole, scene)
    if clause.act != "order":
        return False
    if question.kind in ("title", "new_title", "note"):
        return False if _is_command(clause.words, scene) else _filled(question, clause.words, scene)
    return _chosen(question, clause.words, scene)


def _is_command(words: Words, scene: Scene) -> bool:
    folds = words.folds
    nouns = scene.language.words["task_nouns"] | {"list", "all", "everything"}
    return commands(folds, scene.language) and any(f in nouns or f.isdecimal() for f in folds)


def _confirmed(question: Question, folds: tuple[str, ...], whole: tuple[str, ...], scene: Scene) -> Outcome | None | bool:
    yes = scene.language.table("yes")
    if table_has(yes, folds) or table_has(yes, whole):
        return plan(question.intent, scene)
    return False


def _filled(question: Question, words: Words, scene: Scene) -> Outcome | None:
    if question.kind == "title":
        found = titles.entries(titles.unlink(words, scene.language), scene.language)
        return plan(replace(question.intent, titles=found, flag="", act="order"), scene)
    if question.kind == "note":
        return plan(replace(question.intent, note=titles.note_text(words, scene.language), act="order"), scene)
    title = titles.title_of(titles.unlink(words, scene.language), scene.language)
    return plan(replace(question.intent, titles=((title, ""),), act="order"), scene)


def _chosen(question: Question, words: Words, scene: Scene) -> Outcome | None | bool:
    if scene.tasks is None:
        return None
    if _is_command(words, scene):
        return False
    reference = parse(words, scene.language)
    candidates = [t for t in scene.tasks if t.id in question.candidates]
    pool = candidates or list(scene.tasks)
    if reference.kind in ("them", "all") and not reference.name and candidates:
        chosen = tuple(candidates)
    else:
        memory = replace(scene.memory, shown=tuple(t.id for t in pool), focus=())
        chosen = resolve(reference, pool, memory, scene.language).tasks
        if not chosen and reference.kind == "numbers":
            chosen = resolve(reference, scene.tasks, memory, scene.language).tasks
    if not chosen:
        return False
    numbers = tuple(task.id for task in chosen)
    ref = Reference(words.said, "numbers", numbers=numbers)
    flag = "settled" if candidates else ""
    return plan(replace(question.intent, ref=ref, act="order", soft=False, flag=flag), scene)
