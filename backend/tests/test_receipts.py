"""A tool call that arrives more than once takes effect once."""

import asyncio
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError
from support import System, call_tool

MUTATIONS: list[tuple[str, dict[str, Any]]] = [
    ("add_task", {"title": "Twice?"}),
    ("complete_task", {"task_id": 1}),
    ("delete_task", {"task_id": 1}),
    ("update_task", {"task_id": 1, "title": "New title"}),
]


@pytest.mark.requirement("001/FR-045")
@pytest.mark.parametrize(("tool", "arguments"), MUTATIONS)
async def test_a_repeated_call_returns_the_first_result_and_changes_nothing(
    system: System, ada: str, tool: str, arguments: dict[str, Any]
) -> None:
    await system.call(ada, "add_task", title="Task 1")

    first = await system.call(ada, tool, "call-1", **arguments)
    after_first = await system.tasks(ada)
    again = [await system.call(ada, tool, "call-1", **arguments) for _ in range(2)]

    assert not first.is_error
    assert [result.structured_content for result in again] == [first.structured_content] * 2
    assert await system.tasks(ada) == after_first


@pytest.mark.requirement("001/FR-045")
@pytest.mark.parametrize(("tool", "arguments"), MUTATIONS)
async def test_calls_with_one_id_that_arrive_at_once_take_effect_once(
    system: System, ada: str, tool: str, arguments: dict[str, Any]
) -> None:
    await system.call(ada, "add_task", title="Task 1")

    results = await asyncio.gather(
        *[system.call(ada, tool, "call-1", **arguments) for _ in range(8)]
    )

    assert not any(result.is_error for result in results)
    assert len({str(result.structured_content) for result in results}) == 1
    titles = [task["title"] for task in await system.tasks(ada)]
    assert (
        titles
        == {
            "add_task": ["Task 1", "Twice?"],
            "complete_task": ["Task 1"],
            "delete_task": [],
            "update_task": ["New title"],
        }[tool]
    )


@pytest.mark.requirement("001/FR-045")
async def test_a_repeat_after_other_changes_still_returns_the_first_result(
    system: System, ada: str
) -> None:
    first = await system.call(ada, "add_task", "call-1", title="Old")
    await system.call(ada, "update_task", "call-2", task_id=1, title="New")
    await system.call(ada, "delete_task", "call-3", task_id=1)

    again = await system.call(ada, "add_task", "call-1", title="Old")

    assert again.structured_content == first.structured_content
    assert await system.tasks(ada) == []


@pytest.mark.requirement("001/FR-045")
async def test_two_users_may_use_the_same_call_id(system: System, ada: str, grace: str) -> None:
    hers = await system.call(ada, "add_task", "call-1", title="Ada's")
    theirs = await system.call(grace, "add_task", "call-1", title="Grace's")

    assert hers.structured_content == {"task_id": 1, "status": "created", "title": "Ada's"}
    assert theirs.structured_content == {"task_id": 1, "status": "created", "title": "Grace's"}


@pytest.mark.requirement("001/FR-045")
async def test_a_refused_call_leaves_no_receipt(system: System, ada: str) -> None:
    refused = await system.call(ada, "complete_task", "call-1", task_id=1)
    await system.call(ada, "add_task", title="Now there is one")

    result = await system.call(ada, "complete_task", "call-1", task_id=1)

    assert refused.is_error
    assert not result.is_error


@pytest.mark.requirement("001/FR-045")
async def test_long_call_ids_that_begin_alike_are_different_calls(system: System, ada: str) -> None:
    long = "x" * 199

    for last in "ab":
        await system.call(ada, "add_task", long + last, title=last)

    assert [task["title"] for task in await system.tasks(ada)] == ["a", "b"]


@pytest.mark.requirement("001/FR-045")
@pytest.mark.parametrize(
    "call_id", ["", "x" * 201, "nul\x00", "two words", "ключ", 5, True, ["call-1"], {"id": 1}]
)
async def test_a_call_id_that_no_receipt_can_be_kept_by_is_refused(
    system: System, ada: str, call_id: object
) -> None:
    with pytest.raises(MCPError) as refused:
        await call_tool(system.tools, ada, "add_task", {"title": "Once?"}, call_id)

    assert refused.value.error.code == -32602
    assert "call-id" in refused.value.error.message
    assert await system.tasks(ada) == []
