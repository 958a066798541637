"""An answer below a task list says what the list does not say."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from agents.testing import ModelCall, ModelStep, assistant_message, function_call
from chatkit_page import done, text_of, with_tasks, written
from support import System


@pytest.mark.requirement("003/FR-139")
async def test_an_answer_beside_a_list_does_not_repeat_its_rows(system: System, ada: str) -> None:
    page = await with_tasks(system, ada, "Buy milk", "Call mom")
    system.model.enqueue([function_call("list_tasks", {}, call_id="1")])
    rows_and_more = "Two tasks, Ada:\n- #1 Buy milk\n2. Call mom (open)\n\n3 is lucky. Milk first."
    system.model.enqueue([assistant_message(rows_and_more)])

    events = await page.create("show")

    expected = "Two tasks, Ada:\n\n3 is lucky. Milk first."
    assert done(events, "assistant_message")[0]["content"][0]["text"] == expected
    (again,) = [one for one in await page.items("thr_1") if one["type"] == "assistant_message"]
    assert again["content"][0]["text"] == expected


@pytest.mark.requirement("003/FR-139")
async def test_an_answer_below_a_list_announces_nothing(system: System, ada: str) -> None:
    page = await with_tasks(system, ada, "Buy milk")
    system.model.enqueue([function_call("list_tasks", {}, call_id="1")])
    system.model.enqueue([assistant_message("Here are your tasks:\n1. Buy milk")])

    events = await page.create("show")

    (answer,) = done(events, "assistant_message")
    assert answer["content"][0]["text"] == "Here are your tasks."


@pytest.mark.requirement("003/FR-139", "003/FR-110")
async def test_rows_are_not_told_while_an_answer_grows_either(system: System, ada: str) -> None:
    page = await with_tasks(system, ada, "Buy milk", "Call mom")
    system.model.enqueue([function_call("list_tasks", {}, call_id="1")])
    said = "Two, Ada\n\n- #1 Buy milk\n2. Call mom (open)\n\n3 is lucky.\n*Milk* first.\n2"
    answer = assistant_message(said)

    async def write(_: ModelCall) -> AsyncIterator[Any]:
        for event in written(answer, [said[at : at + 3] for at in range(0, len(said), 3)]):
            yield event

    system.model.enqueue(ModelStep.stream(write, output=[answer]))

    events = await page.create("show")

    told = "".join(event.get("update", {}).get("delta", "") for event in events)
    assert told == "Two, Ada\n\n\n3 is lucky.\n*Milk* first.\n"
    assert text_of(done(events, "assistant_message")[0]) == f"{told}2"
