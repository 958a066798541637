"""The answer to a question of ours: yes, no, one of the tasks we named, or the missing words."""

from dataclasses import replace

from todo_chatbot.agent.offline import titles
from todo_chatbot.agent.offline.clause import commands, correct_commands, read_clause
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.memory import Question
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.patterns import phrase_ends
from todo_chatbot.agent.offline.plan import plan
from todo_chatbot.agent.offline.references import MARKS, Reference, parse
from todo_chatbot.agent.offline.resolve import resolve
from todo_chatbot.agent.offline.tokens import Words, read


def reply(said: str, question: Question, scene: Scene) -> Outcome | None | bool:
    """Return what an answer to ``question`` comes to; None: the list is needed; False: it is no answer."""
    language = scene.language
    clause = read_clause(read(said, language.spellings), language)
    spoken = correct_commands(clause.whole, language)
    refused = _after(spoken, "no", scene)
    if refused is not None and refused.folds[:1] in (("just",), ("only",)) and question.candidates:
        return _chosen(question, refused, scene)
    if refused is not None and (
        not len(refused) or (question.kind == "confirm" and not _is_command(refused, scene))
    ):
        return Outcome(Intent("no", said=said), say="kept")
    if question.kind == "confirm":
        return _confirmed(question, spoken, scene)
    if clause.act != "order":
        return False
    if question.kind in ("title", "new_title", "note"):
        return False if _is_command(clause.words, scene) else _filled(question, clause.words, scene)
    return _chosen(question, clause.words, scene)


def _is_command(words: Words, scene: Scene) -> bool:
    folds = words.folds
    nouns = scene.language.words["task_nouns"] | {"list", "all", "everything"}
    return commands(folds, scene.language) and any(f in nouns or f.isdecimal() for f in folds)


def _confirmed(question: Question, said: Words, scene: Scene) -> Outcome | None | bool:
    """Only a yes does it; "yes, but not the car" does the rest."""
    if said.folds[:1] in (("just",), ("only",)) and question.candidates:
        return _chosen(question, said, scene)
    rest = _after(said, "yes_delete" if question.intent.frame == "delete" else "yes", scene)
    if rest is None:
        return False
    if not len(rest):
        return plan(question.intent, scene)
    for end in phrase_ends(scene.language.table("except"), rest.folds, 0):
        if end < len(rest) and question.intent.ref is not None:
            if scene.tasks is None:
                return None
            spared = resolve(
                parse(rest[end:], scene.language), scene.tasks, scene.memory, scene.language
            )
            if not spared.tasks:
                return False
            kept = {task.id for task in spared.tasks}
            numbers = tuple(n for n in question.intent.ref.numbers if n not in kept)
            return plan(
                replace(question.intent, ref=replace(question.intent.ref, numbers=numbers)), scene
            )
    return False


def _after(said: Words, name: str, scene: Scene) -> Words | None:
    """Return what follows the words of yes (or no) and manners; None if none of them were said."""
    found, language = False, scene.language
    while len(said):
        if said.tokens[0].fold in MARKS:
            said = said[1:]
            continue
        if next(phrase_ends(language.table("except"), said.folds, 0), 0) and found:
            break
        for table in (name, "thanks_words", "lead", "trail"):
            end = next(phrase_ends(language.table(table), said.folds, 0), 0)
            if end:
                found = found or table == name
                said = said[end:]
                break
        else:
            break
    return said if found else None


def _filled(question: Question, words: Words, scene: Scene) -> Outcome | None:
    if question.kind == "title":
        found = titles.entries(titles.unlink(words, scene.language), scene.language)
        return plan(replace(question.intent, titles=found, flag="", act="order"), scene)
    if question.kind == "note":
        return plan(
            replace(question.intent, note=titles.note_text(words, scene.language), act="order"),
            scene,
        )
    title = titles.title_of(titles.unlink(words, scene.language), scene.language)
    return plan(replace(question.intent, titles=((title, ""),), act="order"), scene)


def _chooser(words: Words, scene: Scene) -> Words:
    for _ in range(3):
        end = next(phrase_ends(scene.language.table("chooser"), words.folds, 0), 0)
        if not 0 < end < len(words):
            break
        words = words[end:]
    return words


def _chosen(question: Question, words: Words, scene: Scene) -> Outcome | None | bool:
    if scene.tasks is None:
        return None
    if _is_command(words, scene):
        return False
    reference = parse(_chooser(words, scene), scene.language)
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
