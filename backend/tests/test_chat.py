"""The endpoint as its callers see it."""

import pytest
from agents.testing import assistant_message, function_call
from support import System


@pytest.mark.requirement("001/FR-001", "001/FR-002")
async def test_asking_for_a_task_creates_it_and_tells_which_tool_was_called(
    system: System, ada: str
) -> None:
    system.model.enqueue([function_call("add_task", {"title": "Buy milk"}, call_id="1")])
    system.model.enqueue([assistant_message("Added Buy milk.")])

    answer = await system.say(ada, "I need milk")

    assert answer.status_code == 200
    assert answer.json() == {
        "conversation_id": 1,
        "response": "Added Buy milk.",
        "tool_calls": [
            {
                "name": "add_task",
                "arguments": {"title": "Buy milk"},
                "result": {"task_id": 1, "status": "created", "title": "Buy milk"},
            }
        ],
    }
    assert [task["title"] for task in await system.tasks(ada)] == ["Buy milk"]
