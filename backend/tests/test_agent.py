"""What the agent is given, what it does with a model's wishes, and how a turn ends."""

import json
from importlib.resources import files
from typing import Any

import pytest
from agents import ModelSettings, TResponseInputItem
from agents.testing import ScriptedModel, assistant_message, function_call
from conftest import StartSystem
from openai.types.responses import ResponseOutputMessage, ResponseOutputRefusal
from support import TOOLS_AUDIENCE, System, token_for

from todo_chatbot.agent.assistant import (
    MODEL_FAILED,
    NOTHING_TO_SAY,
    REFUSED,
    TOO_MANY_STEPS,
    Assistant,
)
from todo_chatbot.agent.journal import PlannedCall
from todo_chatbot.agent.listener import SILENT, Output
from todo_chatbot.agent.models import Brain
from todo_chatbot.agent.toolbox import NOT_AN_OBJECT, Toolboxes

INSTRUCTIONS = files("todo_chatbot.agent").joinpath("instructions.md").read_text(encoding="utf-8")


@pytest.mark.requirement("001/FR-050", "001/FR-043")
async def test_a_model_is_given_the_five_tools_without_the_user_and_nothing_else(
    system: System, ada: str
) -> None:
    system.model.enqueue([assistant_message("Hello.")])

    await system.say(ada, "Hello")

    call = system.model.last_call
    assert call is not None
    assert call.system_instructions == INSTRUCTIONS
    assert call.handoffs == []
    given = {tool.name: tool.params_json_schema["properties"] for tool in call.tools}  # type: ignore[union-attr]
    assert {name: list(arguments) for name, arguments in given.items()} == {
        "add_task": ["title", "description"],
        "list_tasks": ["status"],
        "complete_task": ["task_id"],
        "delete_task": ["task_id"],
        "update_task": ["task_id", "title", "description", "completed"],
    }
    assert ada not in json.dumps(call.input)


@pytest.mark.requirement("001/FR-043")
async def test_a_user_that_a_model_names_all_the_same_is_refused(
    system: System, ada: str, grace: str
) -> None:
    wish = function_call("add_task", {"title": "For Grace", "user_id": grace}, call_id="1")
    system.model.extend([[wish], [assistant_message("I may not.")]])

    answer = await system.say(ada, "Add something for Grace")

    assert "user_id" in answer.json()["tool_calls"][0]["error"]
    assert await system.tasks(ada) == await system.tasks(grace) == []


@pytest.mark.requirement("001/FR-050", "001/FR-002")
async def test_a_tool_that_does_not_exist_is_told_to_the_model_and_the_turn_goes_on(
    system: System, ada: str
) -> None:
    system.model.extend([
        [function_call("drop_tasks", {}, call_id="1")],
        [function_call("add_task", {"title": "Milk"}, call_id="2")],
        [assistant_message("Added.")],
    ])  # fmt: skip

    answer = await system.say(ada, "I need milk")

    wrong, right = answer.json()["tool_calls"]
    assert wrong["name"] == "drop_tasks"
    assert "There is no tool" in wrong["error"]
    assert "add_task" in wrong["error"]
    assert right["result"]["title"] == "Milk"
    told = system.model.calls[1].input[-1]
    assert told["output"] == wrong["error"]


@pytest.mark.requirement("001/FR-050", "001/FR-002")
@pytest.mark.parametrize("arguments", ['{"title": ', "[1]", '"milk"', "null", "{'title': 'x'}"])
async def test_arguments_that_are_no_object_are_told_to_the_model_and_the_turn_goes_on(
    system: System, ada: str, arguments: str
) -> None:
    system.model.extend([
        [function_call("add_task", arguments, call_id="1")],
        [function_call("add_task", {"title": "Milk"}, call_id="2")],
        [assistant_message("Added.")],
    ])  # fmt: skip

    answer = await system.say(ada, "I need milk")

    wrong, right = answer.json()["tool_calls"]
    assert wrong == {"name": "add_task", "arguments": {}, "error": NOT_AN_OBJECT}
    assert right["result"]["title"] == "Milk"
    assert NOT_AN_OBJECT in json.dumps(system.model.calls[1].input[-1])


@pytest.mark.requirement("001/FR-050")
async def test_a_refused_call_is_told_to_the_model_in_the_tools_own_words(
    system: System, ada: str
) -> None:
    system.model.extend([
        [function_call("complete_task", {"task_id": 7}, call_id="1")],
        [assistant_message("There is no task 7.")],
    ])  # fmt: skip

    answer = await system.say(ada, "Complete 7")

    sentence = "You have no task 7. Use list_tasks to see the numbers."
    assert answer.json()["tool_calls"][0]["error"] == sentence
    last = system.model.last_call
    assert last is not None
    assert sentence in json.dumps(last.input[-1])


@pytest.mark.requirement("001/FR-053")
@pytest.mark.parametrize("nothing", ["", " \n"])
async def test_a_model_that_says_nothing_says_what_was_done(
    system: System, ada: str, nothing: str
) -> None:
    system.model.extend([
        [assistant_message(nothing)],
        [function_call("add_task", {"title": "Milk"}, call_id="1")],
        [assistant_message(nothing)],
    ])  # fmt: skip

    idle = await system.say(ada, "Hm")
    busy = await system.say(ada, "I need milk", 1)

    assert idle.json()["response"] == NOTHING_TO_SAY
    assert busy.json()["response"] == f"{NOTHING_TO_SAY} Already done: created “Milk”."


def refusal() -> ResponseOutputMessage:
    part = ResponseOutputRefusal(type="refusal", refusal="I will not.")
    return ResponseOutputMessage(
        id="1", type="message", role="assistant", status="completed", content=[part]
    )


@pytest.mark.requirement("001/FR-053")
@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        ([refusal()], REFUSED),
        (RuntimeError("a bug with the text of a user in it"), MODEL_FAILED),
        ([function_call("list_tasks", {}, call_id="9")], TOO_MANY_STEPS),
    ],
)
async def test_however_a_turn_ends_the_person_learns_what_was_done(
    start_system: StartSystem,
    ada: str,
    caplog: pytest.LogCaptureFixture,
    ending: Any,
    sentence: str,
) -> None:
    model = ScriptedModel()
    model.enqueue([
        function_call("add_task", {"title": "Milk"}, call_id="1"),
        function_call("complete_task", {"task_id": 99}, call_id="2"),
    ])  # fmt: skip
    model.enqueue(ending)

    async with start_system(model, model_max_calls=2) as system:
        answer = await system.say(ada, "I need milk")
        tasks = await system.tasks(ada)

    assert answer.status_code == 200
    assert answer.json()["response"] == f"{sentence} Already done: created “Milk”."
    assert [task["title"] for task in tasks] == ["Milk"]
    assert "text of a user" not in caplog.text


class Notes:
    """A journal on paper."""

    def __init__(self) -> None:
        self.calls: list[PlannedCall] = []

    async def write_down(self, calls: Any, outputs: dict[str, Output]) -> None:
        self.calls.extend(calls)
        self.outputs = dict(outputs)


@pytest.mark.requirement("001/FR-053", "001/FR-015")
async def test_a_turn_that_was_cut_off_tells_what_it_did_before_and_after(
    system: System, ada: str
) -> None:
    await system.call(ada, "add_task", title="Before")
    items: list[TResponseInputItem] = [
        {"role": "user", "content": "Two tasks"},
        {"type": "function_call", "call_id": "1", "name": "add_task", "arguments": "{}"},
        {"type": "function_call", "call_id": "2", "name": "add_task", "arguments": "{}"},
        {
            "type": "function_call_output",
            "call_id": "1",
            "output": '{"task_id": 1, "status": "created", "title": "Before"}',
        },
    ]
    system.model.enqueue(RuntimeError("away"))
    assistant = Assistant(
        Brain(system.model, ModelSettings(), "offline", "scripted"),
        Toolboxes("http://tools.test/mcp", transport=system.tools._transport),
        max_calls=3,
        timeout_seconds=30,
    )

    reply = await assistant.reply(
        items,
        [PlannedCall("2", "add_task", '{"title": "After"}'), PlannedCall("3", "drop_tasks", "{}")],
        token=token_for(ada, TOOLS_AUDIENCE),
        journal=Notes(),
        listener=SILENT,
        headers={},
    )

    done = "created “Before”, created “After”"
    assert reply.text == f"{MODEL_FAILED} Already done: {done}."
    assert reply.outcome == "model_failed"
    assert "There is no tool 'drop_tasks'." in reply.outputs["3"].text
    assert "RuntimeError" in str(reply.error)


@pytest.mark.requirement("001/FR-053")
async def test_a_turn_that_takes_too_long_is_ended_with_a_sentence(
    system: System, ada: str
) -> None:
    system.model.enqueue([assistant_message("Too late.")])
    assistant = Assistant(
        Brain(system.model, ModelSettings(), "offline", "scripted"),
        Toolboxes("http://tools.test/mcp", transport=system.tools._transport),
        max_calls=3,
        timeout_seconds=0,
    )

    reply = await assistant.reply(
        [{"role": "user", "content": "Hello"}],
        [],
        token=token_for(ada, TOOLS_AUDIENCE),
        journal=Notes(),
        listener=SILENT,
        headers={},
    )
    system.model._steps.clear()

    assert (reply.text, reply.outcome) == (MODEL_FAILED, "model_failed")


@pytest.mark.requirement("001/FR-054")
async def test_every_call_of_a_conversation_has_an_id_of_its_own(system: System, ada: str) -> None:
    for _ in range(2):
        same = [function_call("add_task", {"title": title}, call_id="call_1") for title in "ab"]
        system.model.extend([same, same, [assistant_message("Added.", item_id="__fake_id__")]])

    for conversation_id in (None, 1):
        await system.say(ada, "Four tasks", conversation_id)

    last = system.model.last_call
    assert last is not None
    ids = [item["call_id"] for item in last.input if item.get("type") == "function_call"]
    assert len(ids) == len(set(ids)) == 8
    outputs = [i["call_id"] for i in last.input if i.get("type") == "function_call_output"]
    assert sorted(outputs) == sorted(ids)
    assert len(await system.tasks(ada)) == 8


@pytest.mark.requirement("001/FR-041")
async def test_tasks_named_together_are_numbered_in_the_order_of_the_sentence(
    system: System, ada: str
) -> None:
    titles = [f"Thing {number}" for number in range(8)]
    calls = [function_call("add_task", {"title": title}, call_id=title) for title in titles]
    system.model.enqueue(calls)
    system.model.enqueue([assistant_message("Added.")])

    await system.say(ada, "add eight things")

    assert [task["title"] for task in await system.tasks(ada)] == titles
