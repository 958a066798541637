"""Other languages than English, and what every table of words owes."""

import string
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from offline.dialogue import answered, called, changes, listed, rows, said, wanted

from todo_chatbot.agent.offline.assistant import decide
from todo_chatbot.agent.offline.lexicon import load
from todo_chatbot.agent.offline.plan import PLANNED
from todo_chatbot.agent.offline.speaking import LANGUAGES
from todo_chatbot.agent.offline.tables import read_table

BACKEND = Path(__file__).parents[2]
WORDS = sorted((BACKEND / "src/todo_chatbot/agent/offline/words").glob("*.toml"))

SPANISH = ("Comprar leche", "Llamar a mamá", "Pagar el alquiler", "*Lavar el coche")
URDU = ("دودھ خریدنا", "امی کو فون کرنا", "کرایہ دینا", "*گاڑی دھونا")
ROMAN = ("Doodh lana", "Ammi ko call karna", "Kiraya dena", "*Gaari dhona")


@pytest.mark.requirement("004/FR-052")
@pytest.mark.parametrize(
    ("text", "titles", "call"),
    [
        ("añade comprar pan", SPANISH, ("add_task", {"title": "Comprar pan"})),
        ("Recuérdame regar las plantas", SPANISH, ("add_task", {"title": "Regar las plantas"})),
        ("agrega pan a mi lista, por favor", SPANISH, ("add_task", {"title": "Pan"})),
        ("marca la tarea 3 como hecha", SPANISH, ("complete_task", {"task_id": 3})),
        ("completa llamar a mamá", SPANISH, ("complete_task", {"task_id": 2})),
        ("ya he hecho la leche", SPANISH, ("complete_task", {"task_id": 1})),
        ("borra la leche", SPANISH, ("delete_task", {"task_id": 1})),
        ("borra la tarea del alquiler", SPANISH, ("delete_task", {"task_id": 3})),
        ("elimina la última", SPANISH, ("delete_task", {"task_id": 4})),
        ("reabre lavar el coche", SPANISH, ("update_task", {"task_id": 4, "completed": False})),
        (
            "cambia la tarea 3 a pagar la luz",
            SPANISH,
            ("update_task", {"task_id": 3, "title": "Pagar la luz"}),
        ),
        ("روٹی لانا شامل کرو", URDU, ("add_task", {"title": "روٹی لانا"})),
        ("امی کو فون کرنا شامل کر دو", (), ("add_task", {"title": "امی کو فون کرنا"})),
        ("مجھے بل جمع کرنا یاد دلانا", URDU, ("add_task", {"title": "بل جمع کرنا"})),
        ("کام ۳ مکمل کرو", URDU, ("complete_task", {"task_id": 3})),
        ("دودھ والا کام مکمل کر دیں", URDU, ("complete_task", {"task_id": 1})),
        ("کرایہ دینا ہو گیا۔", URDU, ("complete_task", {"task_id": 3})),
        ("پہلا کام حذف کر دو", URDU, ("delete_task", {"task_id": 1})),
        (
            "کام 1 کا نام بدل کر چائے لانا رکھ دو",
            URDU,
            ("update_task", {"task_id": 1, "title": "چائے لانا"}),
        ),
        ("roti lana add karo", ROMAN, ("add_task", {"title": "Roti lana"})),
        ("meri list mein roti lana add kardo", ROMAN, ("add_task", {"title": "Roti lana"})),
        ("task 3 complete karo", ROMAN, ("complete_task", {"task_id": 3})),
        ("doodh wala kaam khatam karo", ROMAN, ("complete_task", {"task_id": 1})),
        ("kiraya ho gaya hai", ROMAN, ("complete_task", {"task_id": 3})),
        ("doodh hata do", ROMAN, ("delete_task", {"task_id": 1})),
        (
            "Call mom wala kaam delete karo",
            ("Buy milk", "Call mom"),
            ("delete_task", {"task_id": 2}),
        ),
        (
            "task 1 ka naam badal kar chai lana rakh do",
            ROMAN,
            ("update_task", {"task_id": 1, "title": "Chai lana"}),
        ),
    ],
)
def test_the_five_actions_are_understood_in_simple_forms(
    text: str, titles: tuple[str, ...], call: object
) -> None:
    assert changes(wanted(text, *titles)) == [call]


@pytest.mark.requirement("004/FR-050", "004/FR-052")
@pytest.mark.parametrize(
    ("text", "titles", "calls"),
    [
        (
            "borra la leche y completa llamar a mamá",
            SPANISH,
            [("delete_task", {"task_id": 1}), ("complete_task", {"task_id": 2})],
        ),
        (
            "completa la leche, pero borra el alquiler",
            SPANISH,
            [("complete_task", {"task_id": 1}), ("delete_task", {"task_id": 3})],
        ),
        (
            "añade pan y luego borra la tarea 3",
            SPANISH,
            [("add_task", {"title": "Pan"}), ("delete_task", {"task_id": 3})],
        ),
        ("borra 1 o 2", SPANISH, []),
    ],
)
def test_the_small_words_of_a_language_join_its_orders(
    text: str, titles: tuple[str, ...], calls: list[tuple[str, dict[str, object]]]
) -> None:
    assert changes(wanted(text, *titles)) == calls


@pytest.mark.requirement("004/FR-052")
@pytest.mark.parametrize(
    ("text", "titles", "answer"),
    [
        ("¿Qué tengo pendiente?", SPANISH, "Tienes 3 tareas por hacer"),
        ("muestra mis tareas", SPANISH, "Estas son tus tareas"),
        ("¿cuántas tareas tengo?", SPANISH, "Tienes 4 tareas"),
        ("کیا باقی ہے؟", URDU, "آپ کے 3 کام باقی ہیں"),
        ("فہرست دکھاؤ", URDU, "آپ کے کام یہ ہیں"),
        ("meri list dikhao", ROMAN, "آپ کے کام یہ ہیں"),
        ("kya baqi hai", ROMAN, "آپ کے 3 کام باقی ہیں"),
        ("¿la leche está hecha?", SPANISH, "Todavía no: #1 Comprar leche"),
        ("¿lavar el coche está hecha?", SPANISH, "Sí, #4 Lavar el coche"),
        ("¿el perro está hecho?", SPANISH, "No encuentro el perro"),
        ("دودھ ہو گیا؟", URDU, "ابھی نہیں: #1"),
        ("گاڑی دھونا ہو گیا؟", URDU, "جی، #4"),
        ("show my tasks", SPANISH, "Here are your tasks"),
        ("no", SPANISH, "Okay"),
        ("no borres la leche", SPANISH, "De acuerdo, lo dejo todo"),
        ("borra todas las tareas completadas", SPANISH, "¿Borro #4 Lavar el coche?"),
    ],
)
def test_the_answer_is_in_the_language_of_the_question(
    text: str, titles: tuple[str, ...], answer: str
) -> None:
    step = wanted(text, *titles)
    if step.calls:
        ((name, arguments),) = step.calls
        status = arguments["status"]
        tasks = [one for one in rows(*titles) if status == "all" or not one["completed"]]
        step = decide([said(text), *called(name, dict(arguments), {"result": tasks}, "list")])

    assert step.text.startswith(answer)


@pytest.mark.requirement("004/FR-052")
@pytest.mark.parametrize(
    ("order", "titles", "reply", "answer"),
    [
        ("borra todas las tareas", SPANISH, "sí", "He borrado 4 tareas"),
        ("سب حذف کرو", URDU, "ہاں", "4 کام حذف کر دیے"),
        ("sab delete karo", ROMAN, "ji", "4 کام حذف کر دیے"),
        ("borra todas las tareas", SPANISH, "no", "De acuerdo"),
        ("sab delete karo", ROMAN, "nahi", "ٹھیک ہے"),
        ("borra todas las tareas", SPANISH, "sí, por favor", "He borrado 4 tareas"),
        ("borra todas las tareas", SPANISH, "no, gracias", "De acuerdo"),
        ("borra todas las tareas", SPANISH, "mejor no", "De acuerdo"),
    ],
)
def test_a_set_is_asked_about_and_answered_in_the_same_language(
    order: str, titles: tuple[str, ...], reply: str, answer: str
) -> None:
    asked = wanted(order, *titles)
    assert changes(asked) == []
    items = [said(order), *listed(rows(*titles)), answered(asked.text), said(reply)]

    step = decide(items)
    if step.calls:
        items += listed(rows(*titles), "again")
        step = decide(items)
    for name, arguments in step.calls:
        title = titles[arguments["task_id"] - 1]
        output = {"task_id": arguments["task_id"], "status": "deleted", "title": title}
        items += called(name, dict(arguments), output, f"call-{arguments['task_id']}")

    assert decide(items).text.startswith(answer)


@pytest.mark.requirement("004/FR-050", "004/FR-052")
@pytest.mark.parametrize("code", LANGUAGES)
def test_an_answer_has_the_places_that_english_has(code: str) -> None:
    english = load("en").say

    for key, wordings in read_table(code)["say"].items():
        known = set().union(*map(_places, english[key])) | {"are"}
        for wording in wordings:
            assert _places(wording) <= known, (code, key)


MAY_BE_ENGLISH = {
    "count": ("count_topic",),
    "find": ("found_none",),
    "next": ("next",),
    "progress": ("progress", "all_clear_yes", "all_clear_no"),
    "recall": ("recall", "recall_nothing", "did_add", "did_complete", "did_delete", "did_update"),
    "reopen": ("already_open", "none_completed", "confirm_reopen"),
    "describe": ("described", "undescribed", "confirm_describe", "ask_note"),
    "status": ("status_open_yes", "status_done_no"),
    "how_are_you": ("how_are_you",),
    "about": ("about",),
    "upset": ("upset",),
    "no_dates": ("no_dates",),
    "replace": ("inside",),
    "!alarm": ("no_alarm",),
    "!buy": ("buy",),
}
"""Answers that only a frame, slot or flag of this name leads to, which a language may not have."""


@pytest.mark.requirement("004/FR-052")
@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_an_answer_is_english_only_where_nothing_leads_to_it(code: str) -> None:
    table = read_table(code)
    patterns = "".join(frame["patterns"] for frame in table["frame"])
    frames = {frame["name"] for frame in table["frame"]} - {"count"}
    leads = frames | {"count"} if "{topic}" in patterns else frames
    leads |= {flag for flag in ("!alarm", "!buy") if flag in patterns}
    unreached = {key for name, keys in MAY_BE_ENGLISH.items() if name not in leads for key in keys}
    # A reply of English alone is said where its frame is.
    unreached |= {frame.name for frame in load("en").frames} - PLANNED - frames
    lacking = load("en").say.keys() - table["say"].keys() - unreached

    assert not lacking, f"{code}.toml lacks in [say]: {', '.join(sorted(lacking))}"


def _places(wording: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(wording) if name}


@pytest.mark.requirement("004/FR-050")
def test_the_tables_are_part_of_the_package(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=BACKEND, check=True, capture_output=True)

    (wheel,) = tmp_path.glob("*.whl")
    inside = zipfile.ZipFile(wheel).namelist()
    assert {path.stem for path in WORDS} == {"common", *LANGUAGES}
    for path in WORDS:
        assert f"todo_chatbot/agent/offline/words/{path.name}" in inside
