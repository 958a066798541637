"""What a table of words must be: whatever could never work is refused when the table is loaded.

Each refusal names the file and the line, and says in one sentence what to do.
"""

import difflib
import itertools
import re
import string
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from todo_chatbot.agent.offline.patterns import Pattern
from todo_chatbot.agent.offline.tokens import read

Spellings = Mapping[str, tuple[str, ...]]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SLOTS = _words(
    "title note ref number many everything minus did do past state topic old new when whom person "
    "listing announce announced why rest rest2"
)
"""The slots of patterns; what each takes stands above the first frame of en.toml."""
FLAGS = _words(
    "after again alarm allclear aside ask bare before buy change closed deed doubt down empty "
    "everything final fix focus goods it item just linked list long loose many maybe more need "
    "number open other placed pronoun quoted reminder rest retitle someone spare sure time told two"
)
"""What patterns may say of themselves after ``!``; what each means stands there too."""
ACTS = ("order", "statement", "question", "any")
"""The speech acts in which a frame may be tried."""
MARKS = ("soft", "raw", "small_talk")
"""What may be true of a frame."""

KEYS: Mapping[str, str] = {
    "wrappers": "request wish may suggest embed hedge before_question tags must lead trail "
    "manners chooser thanks_words addthat stillneed pardon objection repair residue "
    "retract sparing untitled not_due refusing naming having another long_ago in_vain next_entry",
    "heads": "question order firm calm careful subjects not_past openers adding courtesy "
    "before_order appending",
    "grammar": "speakers third_persons objects demonstratives it theirs possessives definite "
    "indefinite auxiliaries modals particles infinitive links prepositions "
    "conjunctions causes results turns alternatives negations refusals "
    "relative_pronouns question_words every both only likewise abbreviations "
    "abbreviations_of_number can adverbs partitive stand_in antecedents everything "
    "conditional there then also capitals contrasts",
    "reference": "numbers ordinals before_last task_nouns number_nouns plural_nouns and to one "
    "latest many two other rest all except topic relative filler no_name vague_nouns "
    "vague beside_ordinals couple attributes aspects list_nouns hours",
    "verbs": "base irregular done_verbs amiss shifting sending weak kinds synonyms emphatic "
    "shut going",
    "listing": "words nouns finished whole obliging obliged relatives people commands known "
    "remainder finishing entire included",
    "titles": "none no_note times no_goods of_tasks beside_pronoun linking title_words after_quote",
    "announcing": "words verbs many",
    "cues": "delete done reporting open words wh others hearsay list forgot newest still kept "
    "meaning",
    "descriptions": "patterns",
    "frame": "name act soft raw small_talk patterns",
    # of classes and answers only those that the program asks for by name
    "classes": "vocative person task list mylist anylist done notdone pending completed plainadd "
    "add called obliged need show complete delete reopen article rename note bareno yes "
    "yes_delete no",
    "say": "added added_many completed completed_many deleted deleted_many reopened reopened_many "
    "renamed renamed_unknown described undescribed already_done already_open all_done "
    "none_completed failed_add_task failed_complete_task failed_delete_task "
    "failed_update_task not_found not_on_list which which_task near near_many confirm_delete "
    "confirm_delete_one confirm_complete confirm_reopen confirm_add confirm_rename "
    "confirm_describe ask_title ask_new_title ask_note ask_what kept left_alone "
    "nothing_to_confirm empty empty_pending empty_completed list_all list_pending "
    "list_completed count_all count_pending count_completed count_topic progress "
    "all_clear_yes all_clear_no next found found_none status_done status_open status_open_yes "
    "status_done_no status_none detail redirected undone undo_nothing ask_undo undo_unknown "
    "buy inside noun be and number state no_note back back_done gone closed open_again "
    "as_before did_add did_complete did_delete did_update no_alarm wordless lost too_long "
    "recall_nothing recall tools_down",
}
_TOLD = _words("tasks task list count noun open done are state note what")
"""Places for words in every answer; not in those below."""
_PLACES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_words("noun be state no_note"), _words("")),
    **dict.fromkeys(_words("added completed deleted reopened"), _words("tasks count")),
    **dict.fromkeys(
        _words("added_many completed_many deleted_many reopened_many"), _words("tasks count")
    ),
    **dict.fromkeys(_words("described undescribed"), _words("task note")),
    **dict.fromkeys(_words("list_all list_pending list_completed"), _words("list count noun")),
    **dict.fromkeys(_words("empty empty_pending empty_completed"), _words("")),
    **dict.fromkeys(
        _words("failed_add_task failed_complete_task failed_delete_task failed_update_task"),
        _words("what why"),
    ),
    **dict.fromkeys(_words("did_add did_complete did_delete did_update"), _words("task")),
    **dict.fromkeys(
        _words("back back_done gone closed open_again as_before"), _words("task title id")
    ),
    "renamed": _words("id title old"),
    "renamed_unknown": _words("id title old"),
    "not_found": _words("what"),
    "redirected": _words("task"),
    "undone": _words("what"),
    "tools_down": _words("why"),
    "and": _words("before last"),
    "number": _words("id"),
    "inside": _words("part title"),
    "buy": _words("goods"),
    "confirm_add": _TOLD | {"titles"},
    "confirm_rename": _TOLD | {"title"},
}
"""Places for words in answers that have others, or none."""
_FREE = frozenset(("spellings", "classes", "say"))
"""Sections in which a key may have any name."""
_HEARD = _words("classes wrappers heads reference grammar listing titles announcing cues")
"""Sections of words as people say them."""
_AS_WRITTEN = frozenset(("capitals", "known"))
"""Keys of words as they are written, or may be."""
_TASKS = ("ref", "many", "number", "everything", "did", "do")
_FILLED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "add": (("title", "do"),),
    "mention": (("rest",),),
    "find": (("topic",),),
    "status": (_TASKS,),
    "detail": (_TASKS,),
    "replace": (("old",), ("new",)),
    "correct": (("title", "old"), ("title", "new")),
}
"""Frames that need slots: one of each group."""
_WITHOUT = frozenset(("ask", "it", "focus", "everything"))
"""Flags of patterns that need none: they ask, or know their tasks."""
_FLAGGED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_words("number placed rest"), ("ref",)),
    **dict.fromkeys(_words("told quoted pronoun deed down goods time other buy"), ("title",)),
    **dict.fromkeys(_words("closed after"), ("past",)),
    **dict.fromkeys(_words("focus long"), ("note",)),
    "fix": ("title", "new"),
    "bare": ("do", "note"),
    "loose": ("did",),
    "someone": ("did", "past"),
}
"""Slots that flags speak of."""
_READ: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_words("maybe buy many alarm reminder linked item told"), ("add",)),
    **dict.fromkeys(_words("again before two just sure"), ("undo",)),
    **dict.fromkeys(_words("spare retitle change other fix"), ("correct",)),
    **dict.fromkeys(_words("focus empty"), ("describe",)),
    "ask": ("add", "again"),
    "need": ("add", "status"),
    "more": ("again",),
    "list": ("did_it",),
    "open": ("keep", "list", "status"),
    "allclear": ("progress",),
    "aside": ("condition",),
}
"""Frames in which flags are read; the others are in any."""
_LITERAL = re.compile(r"[^\s()\[\]|]+")
_ENDS = frozenset("?.!")
"""Marks that end a clause and are no part of it."""
_CLOSING = re.compile(r"([?.!])[\])]*$")
_NO_WORD = re.compile(r"\{\w+\}|<\w+>|(?<!\S)%(?!\S)")


class TableError(ValueError):
    """Something in a table of words is wrong; the message says where, and what to do."""


def shape(
    table: Mapping[str, Any], base: Mapping[str, Any] | None
) -> Iterator[tuple[str, str, str]]:
    """Yield (section, key, what is wrong) of a table that stands alone or on top of ``base``."""
    spellings = _spellings(table, base)
    for section, part in table.items():
        if section in ("code", "extends"):
            continue
        if section not in KEYS and section not in _FREE:
            yield section, "", f"[{section}] is no section: {nearest(section, {*KEYS, *_FREE})}"
        elif section == "frame":
            yield from _frames(part, table, base)
        elif isinstance(part, dict):
            for key, wrong in _section(section, part, table, base, spellings):
                yield section, key, wrong
        else:
            yield section, "", f"write [{section}] above it"


def _spellings(table: Mapping[str, Any], base: Mapping[str, Any] | None) -> Spellings:
    own = table.get("spellings", {})
    spelled = {**(base or {}).get("spellings", {}), **(own if isinstance(own, dict) else {})}
    return {word: tuple(str(full).split()) for word, full in spelled.items()}


def _frames(
    frames: Any,  # noqa: ANN401 - whatever TOML has
    table: Mapping[str, Any],
    base: Mapping[str, Any] | None,
) -> Iterator[tuple[str, str, str]]:
    if not isinstance(frames, list):
        yield "frame", "", "write [[frame]] above it"
        return
    for number, frame in enumerate(frames, 1):
        for key, wrong in _frame(frame, table, base):
            yield f"frame {number}", key, wrong


def _section(
    section: str,
    part: Mapping[str, Any],
    table: Mapping[str, Any],
    base: Mapping[str, Any] | None,
    spellings: Spellings,
) -> Iterator[tuple[str, str]]:
    known = frozenset(KEYS.get(section, "").split())
    answers = known | _names(table) | _names(base or {})
    for key, value in part.items():
        if section not in _FREE and key not in known:
            yield key, f"{key} is nothing that [{section}] knows: {nearest(key, known)}"
        if section == "say" and key not in answers:
            yield key, f"{key} is no answer, nor a frame: {nearest(key, known)}"
        beside = () if base is None else _beside(section, key, value, base)
        texts = _texts_of(section, key, value, base, spellings)
        for wrong in itertools.chain(_shaped(section, key, value), beside, texts):
            yield key, wrong
    if base is None:
        for key in sorted(known - part.keys()):
            yield "", f"[{section}] lacks {key}: add a line for it"


def _shaped(
    section: str,
    key: str,
    value: Any,  # noqa: ANN401 - whatever TOML has
) -> Iterator[str]:
    """Yield what is wrong with how a value is written."""
    if section in ("say", "classes") and not _is_list(value):
        yield f'{key} must be a list of texts: ["..."]'
    elif section == "say":
        yield from filter(None, (_wording(key, wording) for wording in value))
    elif section == "spellings" and not isinstance(value, str):
        yield f"{key} must be a text"
    elif section == "spellings" and (folds := read(key, {key: (key,)}).folds) != (key,):
        yield f"{key!r} is never looked up: it is read as {' '.join(folds)!r}; spell single words"
    elif isinstance(value, dict) and not all(type(one) is int for one in value.values()):
        yield f"{key} must be whole numbers, without quotes: {{ one = 1 }}"
    elif (section, key) == ("verbs", "irregular"):
        yield from _pairs(str(value))


def _pairs(text: str) -> Iterator[str]:
    for pair in text.split():
        if not re.fullmatch(r"[^=]+=[^=]+", pair):
            yield f"{pair!r} is no past form and its verb: write broke=break, without spaces"


def _is_list(value: Any) -> bool:  # noqa: ANN401 - whatever TOML has
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) for v in value)


def _wording(key: str, wording: str) -> str | None:
    """Return what is wrong with a wording of an answer, or None."""
    known = _PLACES.get(key, _TOLD)
    try:
        places = [place for _, place, _, _ in string.Formatter().parse(wording)]
    except ValueError as error:
        return f"{error}: {wording!r}"
    for place in places:
        if place is not None and place not in known:
            hint = nearest(place, known, "{{{}}}") if known else "it has none"
            return f"{{{place}}} is no place of the answer {key}: {hint}"
    return None


def _texts_of(
    section: str,
    key: str,
    value: Any,  # noqa: ANN401 - whatever TOML has
    base: Mapping[str, Any] | None,
    spellings: Spellings,
) -> Iterator[str]:
    """Yield what is wrong with the words of a value."""
    words = (word for text in _texts(value) for word in text.split())
    if section != "say" and (large := next((w for w in words if w != w.lower()), None)):
        yield f"capital letters never fit: write {large.lower()!r}"
    if (section, key) == ("verbs", "synonyms"):
        yield from _synonyms(value, base)
    if section in _HEARD and key not in _AS_WRITTEN:
        yield from filter(None, (never_fits(text, spellings) for text in _texts(value)))


def _beside(
    section: str,
    key: str,
    value: Any,  # noqa: ANN401 - whatever TOML has
    base: Mapping[str, Any],
) -> Iterator[str]:
    """Yield what is wrong with a value of a table on top of another."""
    like = base[section].get(key)
    if like is not None and type(like) is not type(value):
        yield f"{key} must be a {_KINDS[type(like)]} as in English"
    if section == "spellings" and value != key and (needed := _needed(key, base)):
        yield f"{key!r} would be read otherwise, but {needed} needs it: drop that spelling"


def _synonyms(groups: Sequence[Sequence[str]], base: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield what is wrong with words that mean the same."""
    seen = {word for group in (base["verbs"]["synonyms"] if base else ()) for word in group}
    if not all(isinstance(group, list) for group in groups):
        yield 'synonyms must be groups: [["mom", "mother"], ["dad", "father"]]'
        return
    for word in itertools.chain.from_iterable(groups):
        if " " in word:
            yield f"{word!r} never fits: synonyms are single words"
        if word in seen:
            yield f"{word!r} stands in two groups of synonyms: only one would count, drop the other"
        seen.add(word)


def _needed(word: str, base: Mapping[str, Any]) -> str:
    """Return the place of a pattern of descriptions, which all tables share, with a word."""
    if word in base["spellings"]:
        return ""
    file, first = base["places"]["descriptions", "patterns"]
    for number, line in enumerate(base["descriptions"]["patterns"].splitlines(), first):
        if not line.strip().startswith("#") and word in _LITERAL.findall(_NO_WORD.sub(" ", line)):
            return f"{file}:{number}"
    return ""


_KINDS: Mapping[object, str] = {str: "text", list: "list", dict: "table of numbers"}


def _frame(
    frame: Mapping[str, Any], table: Mapping[str, Any], base: Mapping[str, Any] | None
) -> Iterator[tuple[str, str]]:
    name = frame.get("name", "")
    # What the plans are made of needs languages, so it is looked up when one is read.
    from todo_chatbot.agent.offline.plan import PLANNED

    said = {*table.get("say", ()), *(base or {}).get("say", ())}
    for key in frame:
        if key not in KEYS["frame"].split():
            yield key, f"{key} is nothing that a frame has: {nearest(key, KEYS['frame'].split())}"
        if key in MARKS and not isinstance(frame[key], bool):
            yield key, f"{key} must be true or false"
    if frame.get("act") not in ACTS:
        yield "act", f"act must be one of {', '.join(ACTS)}"
    if not isinstance(frame.get("patterns"), str):
        yield "patterns", "patterns must be a text in three quotes, a pattern a line"
    if name not in PLANNED and name not in said:
        near = nearest(name, PLANNED)
        yield (
            "name",
            f"frame {name} does and says nothing: {near} Or add an answer {name} to [say].",
        )


def _names(table: Mapping[str, Any]) -> set[str]:
    frames = table.get("frame", ())
    return {one.get("name", "") for one in frames if isinstance(one, dict)}


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever TOML has
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value:
            yield from _texts(one)


def of_pattern(pattern: Pattern, frame: str, act: str, spellings: Spellings) -> str | None:
    """Return what is wrong with a pattern of a frame, or None."""
    slots = pattern.slots
    for slot in slots:
        if slot not in SLOTS:
            return f"{{{slot}}} is no slot: {nearest(slot, SLOTS, '{{{}}}')}"
        if slots.count(slot) > 1:
            return f"{{{slot}}} stands twice: one slot can be filled once"
    if " " in pattern.flag:
        return f"a flag is the last word: put !{pattern.flag.split()[0]} at the end"
    if pattern.flag and pattern.flag not in FLAGS:
        return f"!{pattern.flag} is no flag: {nearest(pattern.flag, FLAGS, '!{}')}"
    if closing := _CLOSING.search(pattern.source.partition(" !")[0]):
        return f"a clause comes without its closing mark: drop {closing[1]!r}"
    return _lacking(pattern.flag, slots, frame, act) or never_fits(pattern.source, spellings)


def _lacking(flag: str, slots: Collection[str], frame: str, act: str) -> str | None:
    spoken = _FLAGGED.get(flag, ())
    if spoken and not any(slot in slots for slot in spoken):
        return f"!{flag} speaks of {{{'} or {'.join(spoken)}}}: add that slot"
    if flag in _READ and frame not in _READ[flag]:
        return f"!{flag} does nothing in {frame}, only in {' or '.join(_READ[flag])}: drop it"
    groups = _FILLED.get(frame, ())
    if frame == "complete" and act == "statement":
        groups = (_TASKS,)  # as a question it is one of status
    for group in () if flag in _WITHOUT else groups:
        if not any(slot in slots for slot in group):
            return f"a pattern of {frame} needs one of {{{'}, {'.join(group)}}}: add it"
    return None


def never_fits(source: str, spellings: Spellings) -> str | None:
    """Return what is wrong if a word of a pattern can never be one of a sentence, or None."""
    words = source.partition(" !")[0]
    if words != words.lower():
        return f"capital letters never fit: write {words.lower()!r}"
    for word in _LITERAL.findall(_NO_WORD.sub(" ", words)):
        if not (word.isalpha() and word not in spellings) and (
            wrong := _misread(word, read(word, spellings).folds)
        ):
            return wrong
    return None


def _misread(word: str, folds: Sequence[str]) -> str | None:
    """Return what is wrong with a word of a pattern that is read as ``folds``."""
    if folds == (word,) or word == "'s":
        return None
    if flagged := re.fullmatch(r"(.+)!\w+", word):
        return f"a flag needs a space before it: '{flagged[1]} {word[len(flagged[1]) :]}'"
    if len(folds) > 1 and folds[-1] in _ENDS:
        return f"a clause comes without its closing mark: drop {folds[-1]!r}"
    instead = f"read as {' '.join(folds)!r}: write that" if folds else "left out: drop it"
    quoted = word if word.isalpha() and word.isascii() else f'"{word}"'
    keep = f'keep it by {quoted} = "{word}" in [spellings]'
    return f"{word!r} never fits, because it is {instead}, or {keep}"


def nearest(word: str, known: Collection[str], written: str = "{}") -> str:
    """Return which known name was meant, or which there are."""
    near = difflib.get_close_matches(word, known, 1)
    if near:
        return f"did you mean {written.format(near[0])}?"
    return f"there are {', '.join(map(written.format, sorted(known)))}."
