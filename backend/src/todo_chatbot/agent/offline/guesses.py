"""What a clause that no pattern fits may mean: told by its cues, beside a task that it names.

A guess never adds, and what it deletes or opens again it asks first.
"""

from collections.abc import Sequence
from dataclasses import replace

from todo_chatbot.agent.offline.grammar import is_past
from todo_chatbot.agent.offline.intent import Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.listing import list_status
from todo_chatbot.agent.offline.memory import Task
from todo_chatbot.agent.offline.naming import FULL, SURE, mentioned
from todo_chatbot.agent.offline.references import Reference
from todo_chatbot.agent.offline.similarity import content_of, coverage, may_name, similar, stem
from todo_chatbot.agent.offline.tokens import Words


def guess(intent: Intent, words: Words, tasks: Sequence[Task], language: Language) -> Intent | None:
    """Return the likeliest meaning of an unknown clause, or None."""
    folds = [fold for fold in words.folds if fold]
    cues = language.words
    if intent.act == "question":
        return _question(intent, words, tasks, language)
    negated = not language.any_of("negations", "refusals").isdisjoint(folds)
    if negated and cues["cue_delete"].isdisjoint(folds):
        return None
    if set(folds) & (cues["cue_open"] | cues["cue_others"]):
        return None
    if folds[:1] and folds[0] in cues["alternatives"]:
        return None  # "I haven't sorted the bins" - "or washed the cups"
    rest = [fold for fold in folds if fold not in cues["cue_words"] and fold not in cues["filler"]]
    task = _only(rest, tasks, language)
    if task is None:
        return None
    if set(folds) & cues["cue_delete"]:
        return _about(intent, "delete", task, "asked")
    deeds = [fold for fold in folds if is_past(fold, language)]
    if deeds or set(folds) & cues["cue_done"]:
        sure = all(_is_its_deed(deed, task, language) for deed in deeds)
        others = cues["cue_reporting"] | cues["theirs"]  # "Emma handed in her report"
        sure = sure and others.isdisjoint(folds)
        return _about(intent, "complete", task, intent.act if sure else "asked")
    return None


def _is_its_deed(deed: str, task: Task, language: Language) -> bool:
    """Return whether a past form says what the task says, or that it is done."""
    verb = stem(deed, language)
    if deed in language.words["cue_words"] or verb in language.words["done_verbs"]:
        return True
    return any(similar(verb, word, language) >= SURE for word in content_of(task.title, language))


def _only(rest: Sequence[str], tasks: Sequence[Task], language: Language) -> Task | None:
    """Return the one task that the words name and leave nothing over."""
    named = may_name(rest, language)
    scores = [(coverage(rest, task.title, language), task) for task in tasks if named(task.title)]
    fitting = [
        task for (said, had), task in scores if said >= SURE or (said >= 0.6 and had >= FULL)
    ]
    return fitting[0] if len(fitting) == 1 and rest else None


def _about(intent: Intent, frame: str, task: Task, act: str) -> Intent:
    ref = Reference(intent.said, "numbers", numbers=(task.id,))
    return replace(intent, frame=frame, ref=ref, act=act, soft=frame == "complete")


def _question(
    intent: Intent, words: Words, tasks: Sequence[Task], language: Language
) -> Intent | None:
    spoken = mentioned(words.said, tasks, language)
    if 0 < len(spoken) <= 2:
        ref = Reference(intent.said, "numbers", numbers=tuple(task.id for task in spoken))
        # "When is the dentist?" is answered by the task, "is the dentist booked?" by yes or no.
        frame = "detail" if words.folds[0] in language.words["cue_wh"] else "status"
        return replace(intent, frame=frame, ref=ref)
    if set(words.folds) & language.words["cue_list"]:
        return replace(intent, frame="list", status=list_status(words, language))
    return None
