"""The tables of words: what stands in a class is understood, and a new word needs one line."""

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from todo_chatbot.agent import offline
from todo_chatbot.agent.offline.checks import TableError
from todo_chatbot.agent.offline.known import FLAGS, KEYS, SLOTS
from todo_chatbot.agent.offline.lexicon import Language, build, load
from todo_chatbot.agent.offline.memory import Memory, Turn
from todo_chatbot.agent.offline.outcomes import Scene
from todo_chatbot.agent.offline.patterns import Slot, phrases
from todo_chatbot.agent.offline.plan import PLANNED, plan
from todo_chatbot.agent.offline.speaking import LANGUAGES
from todo_chatbot.agent.offline.step import step
from todo_chatbot.agent.offline.tables import parse_table, read_table
from todo_chatbot.agent.offline.utterance import intents
from todo_chatbot.agent.offline.vocabulary import sets_of_words

EN = load("en")
TABLE = files(offline).joinpath("words", "en.toml").read_text(encoding="utf-8")

CODE = sorted(Path(offline.__file__).parent.glob("*.py"))


def taught(line: str, *, name: str = "complete", act: str = "order") -> Language:
    """Return English with one pattern more, before all others of its frame."""
    frame = f'[[frame]]\nname = "{name}"\nact = "{act}"\npatterns = """\n'
    assert frame in TABLE
    return build(parse_table(TABLE.replace(frame, f"{frame}{line}\n", 1), "en.toml"))


@pytest.mark.requirement("004/FR-050")
@pytest.mark.parametrize(
    ("name", "sentence", "frame"),
    [
        ("delete", "{verb} task 2", "delete"),
        ("complete", "{verb} task 2", "complete"),
        ("reopen", "{verb} task 2", "reopen"),
        ("rename", "{verb} task 2 to buy bread", "rename"),
        ("show", "{verb} what is pending", "list"),
        ("plainadd", "{verb} walk the dog", "add"),
        ("add", "{verb} a task walk the dog", "add"),
    ],
)
def test_every_verb_of_a_class_does_what_the_class_says(
    name: str, sentence: str, frame: str
) -> None:
    said = [sentence.format(verb=" ".join(verb)) for verb in in_class(name)]

    understood = {one: [intent.frame for intent in intents(one, EN, fresh=True)] for one in said}

    assert {one: found for one, found in understood.items() if found != [frame]} == {}


def in_class(name: str) -> list[tuple[str, ...]]:
    """Return the phrases of a class of English."""
    known: dict[str, tuple[tuple[str, ...], ...]] = {}
    for one, entries in (read_table("common")["classes"] | read_table("en")["classes"]).items():
        known[one] = tuple(phrase for entry in entries for phrase in phrases(entry, known))
    return list(known[name])


@pytest.mark.requirement("004/FR-050", "004/FR-021")
@pytest.mark.parametrize(("flag", "asked"), [("", True), (" !everything", False)])
def test_a_pattern_completes_everything_only_if_it_says_so(flag: str, asked: bool) -> None:
    language = taught(f"tschakka{flag}")
    (intent,) = intents("tschakka", language)

    outcome = plan(intent, Scene(Memory(), language, None, ()))

    assert (outcome is not None and outcome.say == "which_task") == asked


@pytest.mark.requirement("004/FR-053")
@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("finish {reff}", "{reff} is no slot: did you mean {ref}?"),
        ("finish {ref} {ref}", "{ref} stands twice"),
        ("finish {ref} !mny", "!mny is no flag: did you mean !many?"),
        ("finish [with {ref}]", "a slot stands alone"),
        ("finish {ref} now)", "a bracket too many, or no space before one: 'now)'"),
        ("finish(up) {ref}", "a bracket too many, or no space before one: 'finish(up)'"),
        ("(finish {ref}", "( is never closed: '(finish {ref}'"),
        ("Finish {ref}", "capital letters never fit: write 'finish {ref}'"),
        ("<xylophone> {ref}", "<xylophone> is no class: add it to [classes]"),
        ("<complet> {ref}", "<complet> is no class: did you mean <complete>? Or add it"),
        (
            "what's with {ref}",
            "\"what's\" never fits, because it is read as 'what is': write that, or "
            'keep it by "what\'s" = "what\'s" in [spellings]',
        ),
        ("is {ref} my colour?", "a clause comes without its closing mark: drop '?'"),
        ("is {ref} my (color|colour)?", "a clause comes without its closing mark: drop '?'"),
        ("is {ref} green [?]", "a clause comes without its closing mark: drop '?'"),
        ("take {ref} on.", "a clause comes without its closing mark: drop '.'"),
        ("take {ref} on!doubt", "a flag needs a space before it: 'on !doubt'"),
        ("take {ref} !doubt now", "a flag is the last word: put !doubt at the end"),
        ("don't finish {ref}", "\"don't\" never fits, because it is read as 'do not'"),
        ("100% {ref}", "'100%' never fits, because it is read as '100 %'"),
    ],
)
def test_a_pattern_that_can_never_work_is_refused_with_its_line(line: str, error: str) -> None:
    with pytest.raises(TableError) as refused:
        taught(line)

    place, _, reason = str(refused.value).partition(", frame complete: ")
    assert reason.startswith(error)
    assert TABLE.splitlines()[int(place.removeprefix("en.toml:")) - 2].startswith('patterns = """')


@pytest.mark.requirement("004/FR-053")
@pytest.mark.parametrize(
    ("name", "act", "line", "error"),
    [
        ("status", "question", "how about it", "a pattern of status needs one of {ref}, {many}"),
        ("complete", "statement", "hurray", "a pattern of complete needs one of {ref}, {many}"),
        ("add", "order", "a task", "a pattern of add needs one of {title}, {do}: add it"),
        ("add", "order", "note {do} !told", "!told speaks of {title}: add that slot"),
        ("describe", "order", "stick {note} !quoted", "!quoted speaks of {title}: add that slot"),
        ("complete", "order", "zap {ref} !loose", "!loose speaks of {did}: add that slot"),
        (
            "rename",
            "order",
            "dub {ref} {title} !buy",
            "!buy does nothing in rename, only in add: d",
        ),
        (
            "rename",
            "order",
            "dub {ref} !again",
            "!again does nothing in rename, only in undo: drop",
        ),
    ],
)
def test_a_pattern_has_the_slots_that_its_frame_fills(
    name: str, act: str, line: str, error: str
) -> None:
    with pytest.raises(TableError, match=rf"^en\.toml:\d+, frame {name}: ") as refused:
        taught(line, name=name, act=act)

    assert error in str(refused.value)


@pytest.mark.requirement("004/FR-053")
@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('[[frame]]\nname = "thanks"\nact = "oder"', "de.toml:5: act must be one of order, "),
        ('[[frame]]\nname = "thanks"\nakt = "any"', "de.toml:5: akt is nothing that a frame has"),
        ('[[frame]]\nname = "thanks"\nact = "any"', "de.toml:3: patterns must be a text"),
        ('[[frame]]\nact = "any"\npatterns = "x"', "de.toml:3: a frame needs a name"),
        (
            '[[frame]]\nname = "deleet"\nact = "any"\npatterns = "x"',
            "de.toml:4: frame deleet does and says nothing: did you mean delete? Or",
        ),
        (
            '[[frame]]\nname = "thanks"\nact = "any"\nsoft = 1\npatterns = "x"',
            "de.toml:6: soft must be true or false",
        ),
        ("[clases]", "de.toml:3: [clases] is no section: did you mean classes?"),
        (
            '[titles]\nnon = "x"',
            "de.toml:4: non is nothing that [titles] knows: did you mean none?",
        ),
        ('[reference]\nand = "und"', "de.toml:4: and must be a list as in English"),
        ('[say]\naded = ["x"]', "de.toml:4: aded is no answer, nor a frame: did you mean added?"),
        ('[classes]\nweg = ["Weg"]', "de.toml:4: capital letters never fit: write 'weg'"),
        ('[classes]\nweg = ["(weg"]', "de.toml:4, weg: ( is never closed: '(weg'"),
        (
            '[classes]\nweg = ["um"]',
            "de.toml:4: 'um' never fits, because it is left out: drop it, or keep it by um = ",
        ),
        ("[classes", "de.toml:3: "),
        ("[classes]\nweg = [", "de.toml:4: "),
        (
            '[grammar]\nprepositions = "von im"',
            "de.toml:4: 'im' never fits, because it is read as 'i am'",
        ),
        (
            '[verbs]\nbase = """\nputzen\nEssen kochen\n"""',
            "de.toml:5: capital letters never fit: write 'essen'",
        ),
        ('[say]\nhelp = "Hilfe."', 'de.toml:4: help must be a list of texts: ["..."]'),
        ("[say]\nhelp = []", 'de.toml:4: help must be a list of texts: ["..."]'),
        ('[say]\nhelp = ["{x}"]', "de.toml:4: {x} is no place of the answer help: there are {are}"),
        ('[say]\nadded = ["{}"]', "de.toml:4: {} is no place of the answer added: there are {co"),
        ('[say]\nwhich = ["{tsk}?"]', "de.toml:4: {tsk} is no place of the answer which: did you"),
        ('[say]\nbe = ["{task}"]', "de.toml:4: {task} is no place of the answer be: it has none"),
        ('[say]\nhelp = ["{"]', "de.toml:4: Single '{' encountered in format string: '{'"),
        ('[classes]\nweg = "weg"', 'de.toml:4: weg must be a list of texts: ["..."]'),
        ('[spellings]\n"zum x" = "zu"', "de.toml:4: 'zum x' is never looked up: it is read as"),
        ('[spellings]\n"a;b" = "ab"', "de.toml:4: 'a;b' is never looked up: it is read as 'a ; b'"),
        ('[frame]\nname = "thanks"', "de.toml:3: write [[frame]] above it"),
        ("spellings = 3", "de.toml:1: write [spellings] above it"),
        ('[reference]\nnumbers = { eins = "1" }', "de.toml:4: numbers must be whole numbers, with"),
        ('[verbs]\nsynonyms = ["haus", "heim"]', "de.toml:4: synonyms must be groups: [["),
        ("[spellings]\num = 1", "de.toml:4: um must be a text"),
        (
            '[verbs]\nirregular = "brach = brechen"',
            "de.toml:4: 'brach' is no past form and its verb: write broke=break, without spaces",
        ),
        ('[spellings]\nis = "ist"', "de.toml:4: 'is' would be read otherwise, but en.toml:"),
        (
            '[verbs]\nsynonyms = [["mutti", "liebe mutter"]]',
            "de.toml:4: 'liebe mutter' never fits: synonyms are single words",
        ),
        (
            '[verbs]\nsynonyms = [["haus", "heim"], ["heim", "bleibe"]]',
            "de.toml:4: 'heim' stands in two groups of synonyms",
        ),
        (
            '[verbs]\nsynonyms = [["boss", "chef"]]',
            "de.toml:4: 'boss' stands in two groups of synonyms",
        ),
    ],
)
def test_a_table_that_can_never_work_is_refused_with_its_line(text: str, error: str) -> None:
    with pytest.raises(TableError) as refused:
        build(parse_table(f'code = "de"\nextends = "en"\n{text}\n', "de.toml"))

    assert str(refused.value).startswith(error)


@pytest.mark.requirement("004/FR-053")
def test_a_table_that_extends_nothing_there_is_refused() -> None:
    with pytest.raises(TableError, match=r"^de\.toml:2: there is no words/eng\.toml$"):
        parse_table('code = "de"\nextends = "eng"\n', "de.toml")


@pytest.mark.requirement("004/FR-053")
@pytest.mark.parametrize(
    ("there", "instead", "error"),
    [
        ("\ncompleted = [", "\ncompletd = [", ": [classes] lacks completed: add a line for it"),
        (
            "\nreopened = [",
            "\nreopend = [",
            ": reopend is no answer, nor a frame: did you mean reopened?",
        ),
        (
            '"delete", "withdraw"',
            '"don\'t know"',
            ": \"don't\" never fits, because it is read as 'do not': write",
        ),
        ("\nbye = [", "\nbey = [", ": frame bye does and says nothing: "),
    ],
)
def test_english_that_lacks_what_is_asked_for_is_refused(
    there: str, instead: str, error: str
) -> None:
    with pytest.raises(TableError) as refused:
        parse_table(TABLE.replace(there, instead, 1), "en.toml")

    assert error in str(refused.value)


@pytest.mark.requirement("004/FR-050")
@pytest.mark.parametrize(("flag", "count"), [("", 2), (" !reminder", 1)])
def test_a_reminder_of_any_words_is_one_thing_to_do(flag: str, count: int) -> None:
    language = taught(f"mind you {{title}}{flag}", name="add")
    (intent,) = intents("mind you water the ferns and call Ann", language)

    outcome = plan(intent, Scene(Memory(), language, None, ()))

    assert outcome is not None
    assert len(outcome.calls) == count


@pytest.mark.requirement("004/FR-050")
@pytest.mark.parametrize(("mark", "answers"), [("", 2), ("small_talk = true", 1)])
def test_small_talk_is_left_out_beside_an_order(mark: str, answers: int) -> None:
    frame = f'[[frame]]\nname = "about"\nact = "any"\n{mark}\npatterns = """\nblimey\n"""\n\n'
    first = TABLE.index("[[frame]]")
    english = build(parse_table(f"{TABLE[:first]}{frame}{TABLE[first:]}", "en.toml"))

    done = step(Turn("blimey! add milk"), Memory(), english)

    assert done.calls == (("add_task", {"title": "Milk"}),)
    assert len(done.outcomes) == answers


@pytest.mark.requirement("004/FR-053")
def test_a_frame_of_any_name_may_say_the_answer_of_its_name() -> None:
    frame = '[[frame]]\nname = "joke"\nact = "any"\npatterns = """\nerzähl einen witz\n"""\n'
    answer = '[say]\njoke = ["Nein."]\n'
    german = build(parse_table(f'code = "de"\nextends = "en"\n{frame}{answer}', "de.toml"))
    (intent,) = intents("Erzähl einen Witz", german)

    outcome = plan(intent, Scene(Memory(), german, None, ()))

    assert outcome is not None
    assert german.say[outcome.say] == ["Nein."]


@pytest.mark.requirement("004/FR-050")
def test_answers_and_classes_that_are_checked_are_those_of_the_program() -> None:
    code = "".join(
        one.read_text(encoding="utf-8") for one in Path(offline.__file__).parents[1].rglob("*.py")
    )
    checked = {section: set(KEYS[section].split()) for section in ("classes", "say")}
    classes = read_table("en")["classes"].keys()
    chat = {frame.name for frame in EN.frames} - PLANNED

    assert checked["say"] == EN.say.keys() - chat
    # What is no class there: a set of [reference], and an answer.
    named = {name for name in classes if f'"{name}"' in code} - {"except", "deleted"}
    assert checked["classes"] == named


@pytest.mark.requirement("004/FR-050")
def test_slots_and_flags_are_explained_used_and_read() -> None:
    told = TABLE[TABLE.index("frames\n# The first pattern") : TABLE.index("\n[[frame]]")]
    explained = re.findall(r"^#   ((?:[{!]\w+}? ?)+)", told, re.MULTILINE)
    sources = [*EN.descriptions, *(one for frame in EN.frames for one in frame.patterns)]
    slots = {e.name for one in sources for e in one.elements if isinstance(e, Slot)}
    flags = {one.flag for one in sources} - {""}
    code = "".join(one.read_text(encoding="utf-8") for one in CODE if one.stem != "known")

    assert sorted(" ".join(explained).split()) == sorted(
        [*(f"{{{slot}}}" for slot in SLOTS), *(f"!{flag}" for flag in FLAGS)]
    )
    assert (slots, flags) == (SLOTS, FLAGS)
    assert {flag for flag in flags if f'"{flag}"' not in code} == set()


@pytest.mark.requirement("004/FR-050")
def test_every_class_is_used() -> None:
    tables = [path.read_text(encoding="utf-8") for path in CODE[0].parent.glob("words/*.toml")]
    code = [path.read_text(encoding="utf-8") for path in CODE[0].parents[1].rglob("*.py")]
    everywhere = "".join((*tables, *code))
    names = {name for one in ("common", *LANGUAGES) for name in read_table(one)["classes"]}

    unused = {n for n in names if f"<{n}>" not in everywhere and f'"{n}"' not in everywhere}
    assert unused == set()


@pytest.mark.requirement("004/FR-050")
def test_every_set_of_words_is_read() -> None:
    sections = {name: part for name, part in read_table("en").items() if isinstance(part, dict)}
    texts = {
        name: {key: value for key, value in part.items() if isinstance(value, str)}
        for name, part in sections.items()
    }
    sets = sets_of_words(texts).keys() - {"irregular", "commands", "known"}
    # The "words" of an answer are others: what its wording has places for.
    code = "".join(one.read_text(encoding="utf-8") for one in CODE if one.stem != "answer")
    read = re.findall(r'(?:(?:words|known|cues)\[|any_of\()\s*((?:"\w+",?\s*)+)[\])]', code)
    named = {name for names in read for name in re.findall(r"\w+", names)}

    assert sets - named == set()
    assert named - EN.words.keys() == set()


@pytest.mark.requirement("004/FR-050")
@pytest.mark.parametrize("code", ["common", *LANGUAGES])
def test_no_word_stands_twice(code: str) -> None:
    doubled = {
        (section, key, word)
        for section, part in read_table(code).items()
        if isinstance(part, dict) and section not in ("say", "spellings", "descriptions")
        for key, value in part.items()
        if isinstance(value, str | list)
        for word, times in Counter(
            map(str, value.split() if isinstance(value, str) else value)
        ).items()
        if times > 1
    }

    assert doubled == set()
