"""The answer to a question of ours: yes, no, one of the tasks we named, or the missing words."""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from todo_chatbot.agent.offline import titles
from todo_chatbot.agent.offline.clause import Clause, read_clause, without_trail
from todo_chatbot.agent.offline.finding import answered
from todo_chatbot.agent.offline.frames import understand
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Memory, Question, Task
from todo_chatbot.agent.offline.naming import titled
from todo_chatbot.agent.offline.orders import asks, commands, correct_commands
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.patterns import phrase_end, table_has
from todo_chatbot.agent.offline.plan import plan
from todo_chatbot.agent.offline.references import MARKS, Reference, parse
from todo_chatbot.agent.offline.resolve import resolve
from todo_chatbot.agent.offline.sentences import sentences
from todo_chatbot.agent.offline.titled import tells
from todo_chatbot.agent.offline.tokens import Words, read
from todo_chatbot.agent.offline.utterance import intents

_ASKED = frozenset(("title", "new_title", "note", "which"))
"""Questions that are asked again after a "what?"."""
_OPENINGS = ("lead",)
_ORDERS = frozenset(("complete", "delete", "reopen", "rename", "describe"))
_MANNERS = ("thanks_words", "lead", "trail")


class Lacks(Enum):
    """Why a message is no answer yet: the list has to be read first, or it says something else."""

    LIST = "list"
    ANSWER = "answer"


Reply = Outcome | Lacks


def reply(said: str, question: Question, scene: Scene) -> Reply:
    """Return what a message comes to as an answer to ``question``."""
    clause = read_clause(_to_the_point(said, question, scene), scene.language)
    spoken = correct_commands(clause.whole, scene.language)
    refused = _after(spoken, "no", scene)
    if refused is not None and (answered := _refusal(refused, spoken, question, scene)):
        return answered
    if question.kind == "confirm":
        return _confirmed(question, spoken, scene)
    if question.kind == "missed" and clause.act == "order":
        return _meant(question, spoken, scene)
    if table_has(scene.language.table("pardon"), clause.bare.folds) and question.kind in _ASKED:
        return _planned(question.intent, scene)
    return _answered(question, clause, refused, scene)


def _only(words: Words, scene: Scene) -> bool:
    return len(words) > 0 and words.folds[0] in scene.language.words["only"]


def _to_the_point(said: str, question: Question, scene: Scene) -> Words:
    """Return the answer in "bed 9. Bed 4 stays": what only says what is left alone is no part."""
    words = read(said, scene.language.spellings)
    first, *rest = sentences(words, scene.language) or [words]
    spoken = [one for part in rest for one in intents(part.said, scene.language)]
    aside = all(one.small_talk or one.frame in ("leave", "none") for one in spoken)
    return first if question.kind == "which" and spoken and aside else words


def _refusal(rest: Words, spoken: Words, question: Question, scene: Scene) -> Reply | None:
    """Return what a message that began with a no comes to, or None if it is no refusal."""
    if _orders_anew(spoken, scene):
        return Lacks.ANSWER
    if question.candidates and _only(rest, scene):
        return _chosen(question, rest, scene)
    if _is_refusal(rest, question, scene):
        return Outcome(Intent("no", said=spoken.said), say="kept")
    return None


def _answered(question: Question, clause: Clause, refused: Words | None, scene: Scene) -> Reply:
    """Return what the words come to that we asked for."""
    titles_there = scene.tasks if scene.tasks is not None else scene.memory.tasks.values()
    exact = question.kind == "which" and titled(clause.words.said, list(titles_there))
    if clause.act != "order" or (_is_command(clause.words, scene) and not exact):
        return Lacks.ANSWER
    if question.kind == "which":
        told = _tells_of_somebody(clause.words, scene)
        return Lacks.ANSWER if told else _chosen(question, clause.words, scene)
    if question.kind == "title" and clause.words.folds[:1] and _adds(clause.words, scene):
        return Lacks.ANSWER  # the whole order once more: "ok, add ..."
    wanted = _without_greeting(clause.words, scene)
    named = titles.after(wanted, "called", scene.language)
    if question.kind in ("title", "new_title") and len(named) < len(wanted):
        return _filled(question, named, scene)  # "it's called ..."
    if refused is not None or not len(wanted) or _tells_more(wanted, scene.language):
        return Lacks.ANSWER
    return _filled(question, wanted, scene)


def _tells_of_somebody(words: Words, scene: Scene) -> bool:
    """Return whether words choose nothing but tell: "I emailed him too"."""
    subjects = scene.language.any_of("speakers", "third_persons")
    return not subjects.isdisjoint(_without_opening(words, scene).folds[:1])


def _adds(words: Words, scene: Scene) -> bool:
    return words.folds[0] in scene.language.words["adding"]


def _is_refusal(rest: Words, question: Question, scene: Scene) -> bool:
    """Return whether a message that began with a no is one: "no, show my tasks" is an order."""
    said_more = len(rest) and (_is_command(rest, scene) or asks(rest.folds, scene.language))
    return not len(rest) or (question.kind == "confirm" and not said_more)


def _meant(question: Question, said: Words, scene: Scene) -> Reply:
    """Return what was meant instead of what was not found: "oh, I meant task 2", "2"."""
    if question.intent.soft and scene.memory.changes:
        return Lacks.ANSWER  # what was no statement about a task may object to the last change
    words = _without_opening(said, scene)
    opened = 0 < len(words) < len(said) and not commands(said.folds, scene.language)
    if not opened and parse(words, scene.language).kind != "numbers":
        return Lacks.ANSWER
    return _chosen(question, words, scene)


def _orders_anew(spoken: Words, scene: Scene) -> bool:
    """Return whether an order follows a no: "no, just delete the dentist"."""
    rest = _after(spoken, "no", scene, manners=_OPENINGS)
    if rest is None or not len(rest):
        return False
    meant = understand(read_clause(rest, scene.language), scene.language)
    if meant is None or meant.soft or meant.ref is None or meant.act != "order":
        return False
    whole = meant.ref.kind == "all" and not meant.ref.name and meant.ref.status == "all"
    return meant.frame in _ORDERS and not whole and meant.ref.kind not in ("it", "them")


def _is_command(words: Words, scene: Scene) -> bool:
    nouns = scene.language.any_of("task_nouns", "every", "everything", "list_nouns")
    says_task = any(fold in nouns or fold.isdecimal() for fold in words.folds)
    bare = table_has(scene.language.table("order_heads"), words.folds)
    return bare or (says_task and commands(words.folds, scene.language))


def _planned(intent: Intent, scene: Scene) -> Reply:
    return plan(intent, scene) or Lacks.LIST


def _confirmed(question: Question, said: Words, scene: Scene) -> Reply:
    """Only a yes does it; "yes, but not the car" does the rest, "just the second" does that."""
    chooses = _only(said, scene) or parse(said, scene.language).minus is not None
    if question.candidates and chooses:
        return _chosen(question, said, scene)
    rest = _after(said, "yes_delete" if question.intent.frame == "delete" else "yes", scene)
    if rest is None:
        return Lacks.ANSWER
    if not len(rest):
        return _planned(question.intent, scene)
    return _spared(question, rest, scene)


def _spared(question: Question, rest: Words, scene: Scene) -> Reply:
    end = phrase_end(scene.language.table("except"), rest.folds)
    ref = question.intent.ref
    if not 0 < end < len(rest) or ref is None:
        return Lacks.ANSWER
    if scene.tasks is None:
        return Lacks.LIST
    spared = resolve(parse(rest[end:], scene.language), scene.tasks, scene.memory, scene.language)
    if not spared.tasks:
        return Lacks.ANSWER
    kept = {task.id for task in spared.tasks}
    numbers = tuple(number for number in ref.numbers if number not in kept)
    return _planned(replace(question.intent, ref=replace(ref, numbers=numbers)), scene)


def _after(
    said: Words, name: str, scene: Scene, manners: tuple[str, ...] = _MANNERS
) -> Words | None:
    """Return what follows the words of yes (or no) and manners; None if none of them were said."""
    found, language = False, scene.language
    while len(said):
        if said.tokens[0].fold in MARKS:
            said = said[1:]
            continue
        said_so = phrase_end(language.table(name), said.folds)
        # "No wait, just the done ones" chooses; "no, only testing" is one more no.
        chooses = _only(said, scene) and not said_so
        if found and (chooses or phrase_end(language.table("except"), said.folds)):
            break
        for table in (name, *manners):
            if table == "thanks_words" and not found:
                continue  # "list please" is no yes
            end = phrase_end(language.table(table), said.folds)
            if end:
                found = found or table == name
                said = said[end:]
                break
        else:
            break
    return said if found else None


def _tells_more(words: Words, language: Language) -> bool:
    """Return whether words are no title or note but a sentence: "it's fine as it is"."""
    begins = words.folds[0] in language.words["subjects"]
    return begins and tells(words.folds, language)


def _without_greeting(words: Words, scene: Scene) -> Words:
    """Return the words after a greeting: "Good morning! Walk the dog" is to walk the dog."""
    first = next(iter(sentences(words, scene.language)), words)
    meant = understand(read_clause(first, scene.language), scene.language)
    if meant is None or not meant.small_talk:
        return words
    return titles.strip(words[len(first) :])


def _filled(question: Question, words: Words, scene: Scene) -> Reply:
    """Return what becomes of the words that we asked for."""
    intent, language = question.intent, scene.language
    if question.kind == "note":
        told = replace(intent, note=titles.note_text(words), act="order")
    elif question.kind == "title":
        found = titles.entries(titles.after(words, "called", language), language)
        told = replace(intent, titles=found, flag="", act="order")
    else:
        title = titles.title_of(titles.after(words, "called", language), language)
        told = replace(intent, titles=((title, ""),), act="order")
    return _planned(told, scene)


def _chosen(question: Question, words: Words, scene: Scene) -> Reply:
    """Return what becomes of the tasks that were chosen from those we named, or by number."""
    if scene.tasks is None:
        return Lacks.LIST
    candidates = [task for task in scene.tasks if task.id in question.candidates]
    pool = candidates or list(scene.tasks)
    reference = parse(_without_opening(words, scene), scene.language)
    memory = replace(scene.memory, shown=tuple(task.id for task in pool), focus=())
    if candidates and _takes_all(reference):
        chosen = tuple(candidates)
    elif words.folds[:1] and words.folds[0] in scene.language.words["negations"]:
        chosen = _the_other(words[1:], candidates, memory, scene)
    else:
        chosen = resolve(reference, pool, memory, scene.language).tasks
    if not chosen and reference.kind == "numbers":
        chosen = resolve(reference, scene.tasks, memory, scene.language).tasks
    if not chosen:
        return Lacks.ANSWER
    ref = Reference(words.said, "numbers", numbers=tuple(task.id for task in chosen))
    whole = candidates and _takes_all(reference)
    flag = "settled" if whole or (candidates and not reference.described) else ""
    return _planned(answered(question.intent, ref, flag), scene)


def _the_other(
    words: Words, candidates: Sequence[Task], memory: Memory, scene: Scene
) -> tuple[Task, ...]:
    """Return the one that is left of those we named: "not the hall, the other one"."""
    end = words.folds.index(",") if "," in words.folds else len(words)
    spared = resolve(parse(words[:end], scene.language), candidates, memory, scene.language).tasks
    left = tuple(task for task in candidates if task not in spared)
    return left if spared and len(left) == 1 else ()


def _takes_all(reference: Reference) -> bool:
    """Return whether all that we named is meant, and no part of it: "only the completed ones"."""
    whole = reference.status == "all" and not reference.name and reference.minus is None
    return whole and reference.kind in ("them", "all")


def _without_opening(words: Words, scene: Scene) -> Words:
    """Return the words after "I meant", "just" and the like."""
    table, words = scene.language.table("chooser"), without_trail(words, scene.language)
    while 0 < (end := phrase_end(table, words.folds)) < len(words):
        words = titles.strip(words[end:])
    return words
