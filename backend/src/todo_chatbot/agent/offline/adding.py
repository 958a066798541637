"""New tasks."""

import itertools
from dataclasses import replace

from todo_chatbot.agent.offline import titles
from todo_chatbot.agent.offline.amending import amended
from todo_chatbot.agent.offline.intent import LINKED, REMINDING, Intent
from todo_chatbot.agent.offline.lexicon import Language
from todo_chatbot.agent.offline.memory import Question
from todo_chatbot.agent.offline.outcomes import Outcome, Scene
from todo_chatbot.agent.offline.patterns import phrase_end, phrase_ends
from todo_chatbot.agent.offline.pieces import enumerates, pieces
from todo_chatbot.agent.offline.references import number
from todo_chatbot.agent.offline.tokens import Words, read

Titles = tuple[tuple[str, str], ...]
"""Titles with their descriptions."""


def add(intent: Intent, scene: Scene) -> Outcome | None:
    """Return what adds tasks, or the question what they are."""
    if intent.flag == "ask":
        return Outcome(intent, say="ask_title", question=Question("title", intent))
    wanted = intent.titles or _settled(intent, scene.language)
    if wanted and _only_when(intent, scene.language):
        wanted = ()
    if wanted and intent.note:
        wanted = (*wanted[:-1], (wanted[-1][0], intent.note))
    if not wanted:
        return Outcome(intent, say="ask_title", question=Question("title", intent))
    doubtful = intent.doubtful or _is_more(intent, wanted, scene.language)
    if intent.flag == "maybe" and scene.memory.focus and _refers_back(intent, scene.language):
        return Outcome(intent, say="left_alone")  # "I'll call him later" is no new thing to do
    if doubtful or intent.flag in ("maybe", "buy"):
        settled = replace(intent, titles=wanted, act="order", flag="")
        return Outcome(
            intent,
            say="confirm_add",
            words={"titles": wanted},
            question=Question("confirm", settled),
        )
    calls = tuple(("add_task", {"title": t} | ({"description": d} if d else {})) for t, d in wanted)
    rings = intent.flag == "alarm" and _is_timed(intent, scene.language)
    return Outcome(
        intent, calls, say="added", also=(Outcome(intent, say="no_alarm"),) if rings else ()
    )


def _refers_back(intent: Intent, language: Language) -> bool:
    """Return whether what is to be done speaks of what was spoken of before."""
    folds = intent.slots["title"].folds if "title" in intent.slots else ()
    return not language.any_of("objects", "it").isdisjoint(folds)


def _is_more(intent: Intent, wanted: Titles, language: Language) -> bool:
    """Return whether a title has words that speak to us, so that it may be more than a title."""
    if intent.titles or intent.flag in (*LINKED, *REMINDING):
        return False
    table = language.table("residue")
    for title, _ in wanted:
        words = read(title, language.spellings)
        if any(True for at in range(len(words)) for _ in phrase_ends(table, words.folds, at)):
            return intent.said.count('"') < 2
    return False


def _only_when(intent: Intent, language: Language) -> bool:
    """Return whether a reminder says when and not of what: "remind me at 5"."""
    if intent.flag not in REMINDING or "title" not in intent.slots:
        return False
    folds, times = intent.slots["title"].folds, language.words["times"]
    return all(fold in times or fold[0].isdecimal() for fold in folds)


def _is_timed(intent: Intent, language: Language) -> bool:
    """Return whether a day or an hour was said: "at 5", "tomorrow"."""
    folds = read(intent.said, language.spellings).folds
    at = language.words["hours"]
    hours = any(a in at and b[0].isdecimal() for a, b in itertools.pairwise(folds))
    moments = frozenset().union(*language.kinds) - language.words["relatives"]
    return hours or not moments.isdisjoint(folds)


def _settled(intent: Intent, language: Language) -> Titles:
    """Return the titles with what was said to put the last of them right."""
    found = _timed(_titles(intent, language), intent, language)
    if "instead" not in intent.slots or not found:
        return found
    title, note = found[-1]
    return (*found[:-1], (amended(title, intent.slots["instead"], language), note))


def _timed(found: Titles, intent: Intent, language: Language) -> Titles:
    """Return titles with what was said of their time: "call Ann" and "at 5", "when I am home"."""
    if "when" not in intent.slots:
        return found
    when = titles.strip(intent.slots["when"]).said
    if when.lower().split()[0] not in language.words["capitals"]:
        when = when[:1].lower() + when[1:]
    return tuple((f"{title} {when}", note) for title, note in found)


def _announced(intent: Intent, words: Words, language: Language) -> int:
    """Return how many things to do were announced: "two things: ..."; 0 if that was not said."""
    before = read(intent.said[: max(0, intent.said.find(words.said))], language.spellings)
    counts = (number(fold, language) for fold in before.folds)
    return next((count for count in counts if count), 0)


def _names_several(before: str, language: Language) -> bool:
    """Return whether words before titles announce several: "add two tasks: ..."."""
    table, folds = language.table("plural_nouns"), read(before, language.spellings).folds
    return any(phrase_end(table, folds, at) for at in range(len(folds)))


def _titles(intent: Intent, language: Language) -> Titles:
    words = titles.after(intent.slots.get("title") or intent.slots["do"], "obliged", language)
    many, split = intent.flag == "many", True
    if "announced" not in intent.slots and "announce" in intent.slots:
        many = bool(language.words["announce_many"] & set(intent.slots["announce"].folds))
    if intent.flag in (*LINKED, "told"):
        before = intent.said[: max(0, intent.said.find(words.said))].lower()
        many = _names_several(before, language)
        words = titles.after(words, "called", language)
    elif intent.flag in ("need", *REMINDING):
        # "remind me to update the website and delete old posts" is one thing to do.
        split = len(pieces(words, language)) > 2 or enumerates(words, language)
    if "note" in intent.slots:
        return ((titles.title_of(words, language), titles.note_text(intent.slots["note"])),)
    count = _announced(intent, words, language) if many else 0
    found = titles.entries(words, language, many=many, count=count, split=split)
    if intent.flag in ("buy", "buy now"):
        buy = language.say["buy"][0]
        return tuple((buy.format(goods=f"{t[:1].lower()}{t[1:]}"), note) for t, note in found)
    return found
