"""What the assistant says of what it knows."""

import re
import subprocess
import sys

import pytest
from offline.dialogue import A, called, changes, listed, rows, said, wanted

from todo_chatbot.agent.offline import explain, rehearse
from todo_chatbot.agent.offline.assistant import decide


@pytest.mark.requirement("004/FR-005")
def test_a_refused_call_is_told_as_what_it_is() -> None:
    refusal = called("complete_task", {"task_id": 1}, "The database is away.", "one")

    answer = decide([said("complete task 1"), *listed(rows(*A)), *refusal]).text

    assert answer == "I couldn't complete task 1: The database is away."


@pytest.mark.requirement("004/FR-005")
def test_what_several_calls_are_refused_for_is_told_once() -> None:
    refusals = [
        item
        for number in (1, 2, 3)
        for item in called("complete_task", {"task_id": number}, "Not now.", f"call-{number}")
    ]

    answer = decide([said("complete 1, 2 and 3"), *listed(rows(*A)), *refusals]).text

    assert answer == "I couldn't complete task 1, task 2 and task 3: Not now."


@pytest.mark.requirement("004/FR-024")
def test_what_is_not_there_is_told_once() -> None:
    answer = wanted("delete tasks 7, 8 and 9", *A).text

    assert answer.startswith("I couldn't find task 7, task 8 and task 9 on your list.")


@pytest.mark.requirement("004/FR-024")
def test_what_is_not_there_is_told() -> None:
    assert "couldn't find" in wanted("complete the laundry", *A).text
    assert "no task" in wanted("what's on my list?").text.lower() or wanted("list").calls


@pytest.mark.requirement("004/FR-030")
def test_answers_name_the_task_and_show_a_list_as_a_list() -> None:
    shown = decide([said("what's pending and what's next?"), *listed(rows(*A))]).text
    lost = decide([said("blorb florb"), *listed(rows(*A))]).text

    assert "- #1 Buy groceries\n- #2 Call mom\n- #3 Pay electricity bill" in shown
    assert "add buy milk" in lost


@pytest.mark.requirement("004/FR-031")
@pytest.mark.parametrize(
    ("question", "mentions"),
    [
        ("how many tasks do I have left?", "3"),
        ("did I wash the car?", "Yes"),
        ("is the electricity bill paid?", "Not yet"),
        ("do I have anything about groceries?", "Buy groceries"),
        ("what's next?", "Buy groceries"),
        ("what's task 2?", "Call mom"),
        ("task 2", "Call mom"),
        ("show me 2", "Call mom"),
        ("what can you do?", "add"),
    ],
)
def test_questions_about_the_list_are_answered_from_it(question: str, mentions: str) -> None:
    step = wanted(question, *A)

    assert mentions in step.text
    assert changes(step) == []


@pytest.mark.requirement("004/FR-032")
@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("who are you?", "assistant"),
        ("are you a robot?", "assistant"),
        ("tell me a joke", "only look after your tasks"),
        ("you are stupid", "orry"),
        ("thank you so much!", "welcome"),
        ("remind me at 5pm", "What should the task be?"),
        ("sort my tasks by priority", "without dates"),
        ("set an alarm for 7", "without dates"),
        ("show me what is overdue", "without dates"),
        ("can you set reminders?", "without dates"),
        ("😀", "help"),
        ("...", "help"),
        ("asdfgh", "add buy milk"),
        ("cancel", "left everything"),
        ("rename", "Which task"),
        ("add a note", "Which task"),
    ],
)
def test_what_it_cannot_do_is_said_and_changes_nothing(text: str, mentions: str) -> None:
    step = wanted(text, *A)

    assert mentions in step.text
    assert changes(step) == []


@pytest.mark.requirement("004/FR-032")
@pytest.mark.parametrize(
    ("text", "title", "honest"),
    [
        ("remind me to call mom at 5", "Call mom at 5", True),
        ("remind me at 5 to call mom", "Call mom at 5", True),
        ("remind me to water the plants tomorrow", "Water the plants tomorrow", True),
        ("remind me to buy 3 apples", "Buy 3 apples", False),
        ("add call mom at 5", "Call mom at 5", False),
    ],
)
def test_a_reminder_at_a_time_is_kept_without_promising_to_ring(
    text: str, title: str, honest: bool
) -> None:
    output = {"task_id": 1, "status": "created", "title": title}
    step = decide([said(text)])
    told = decide([said(text), *called("add_task", {"title": title}, output, "add")]).text

    assert changes(step) == [("add_task", {"title": title})]
    assert ("ring" in told or "alarm" in told) == honest


@pytest.mark.requirement("004/FR-040")
def test_explain_shows_each_stage() -> None:
    text = explain("please delete all but the first two")

    assert "sentence   'please delete all but the first two' is told" in text
    assert "frame      delete" in text
    assert "reference  all, but not 'the first two'" in text
    assert "first call list_tasks" in text


@pytest.mark.requirement("004/FR-040")
def test_explain_goes_on_with_a_list_and_a_conversation() -> None:
    text = rehearse(
        ["delete the milk", "undo", "is the car washed?"], ["Buy milk", "*Wash the car"]
    )

    first, undone, asked = text.removeprefix("> ").split("\n> ")
    assert re.search(r"^pattern    en\.toml:\d+: <delete> {ref}$", first, re.MULTILINE)
    assert "tasks      #1 Buy milk\ncall       delete_task {'task_id': 1}\nanswer " in first
    assert undone.endswith("answer     Undone: Buy milk is back as #3.")
    assert asked.endswith("tasks      #2 Wash the car\nanswer     Yes, #2 Wash the car is done.")


@pytest.mark.requirement("004/FR-040")
def test_explain_names_the_patterns_that_came_nearest() -> None:
    text = rehearse(["yoyo delete milk frob"])

    assert re.search(r"^near       en\.toml:\d+: delete \{ref\} \[please\]", text, re.MULTILINE)


@pytest.mark.requirement("004/FR-040")
def test_explain_does_not_wait_for_what_only_models_need() -> None:
    program = (
        "import sys; from todo_chatbot.agent.offline import rehearse; rehearse(['hi']); "
        "sys.exit('agents' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
