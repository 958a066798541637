"""What a table of words may hold: its sections, keys, slots, flags, and places for words."""

from collections.abc import Mapping


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
TOLD = _words("tasks task list count noun open done are state note what")
"""Places for words in every answer; not in those below."""
PLACES: Mapping[str, frozenset[str]] = {
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
    "confirm_add": TOLD | {"titles"},
    "confirm_rename": TOLD | {"title"},
}
"""Places for words in answers that have others, or none."""
FREE = frozenset(("spellings", "classes", "say"))
"""Sections in which a key may have any name."""
HEARD = _words("classes wrappers heads reference grammar listing titles announcing cues")
"""Sections of words as people say them."""
AS_WRITTEN = frozenset(("capitals", "known"))
"""Keys of words as they are written, or may be."""
TASKS = ("ref", "many", "number", "everything", "did", "do")
FILLED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "add": (("title", "do"),),
    "mention": (("rest",),),
    "find": (("topic",),),
    "status": (TASKS,),
    "detail": (TASKS,),
    "replace": (("old",), ("new",)),
    "correct": (("title", "old"), ("title", "new")),
}
"""Frames that need slots: one of each group."""
SLOTLESS = frozenset(("ask", "it", "focus", "everything"))
"""Flags of patterns that need none: they ask, or know their tasks."""
FLAGGED: Mapping[str, tuple[str, ...]] = {
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
READ_IN: Mapping[str, tuple[str, ...]] = {
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
