"""The five tools as any MCP client meets them: what they do, what they refuse, and how."""

import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import httpx2
import pytest
from mcp.shared.exceptions import MCPError
from support import SECRET, TOOLS_HOST, System, call_tool, text_of

from todo_chatbot.app.tools import create_tools
from todo_chatbot.settings import ToolsSettings

INTERNAL = re.compile(
    r"pydantic|https?:|traceback|psycopg|sqlalchemy|input_value|type=|select |insert |\bat 0x", re.I
)


def assert_actionable(sentence: str) -> None:
    """A refusal is a sentence of a size to read, and holds nothing internal."""
    assert not INTERNAL.search(sentence), sentence
    assert sentence.endswith("."), sentence
    assert 10 < len(sentence) < 300, sentence


async def refusal(system: System, user_id: str, tool: str, /, **arguments: Any) -> str:
    """Return why a call was refused."""
    result = await system.call(user_id, tool, **arguments)
    assert result.is_error, result
    assert result.structured_content is None
    sentence = text_of(result)
    assert_actionable(sentence)
    return sentence


@pytest.mark.requirement("001/FR-041")
async def test_each_tool_returns_what_the_contract_says(system: System, ada: str) -> None:
    added = await system.call(ada, "add_task", title="Buy milk", description="2 litres")
    completed = await system.call(ada, "complete_task", task_id=1)
    updated = await system.call(ada, "update_task", task_id=1, title="Buy oat milk")
    listed = await system.call(ada, "list_tasks")
    deleted = await system.call(ada, "delete_task", task_id=1)

    def changed(status: str, title: str) -> dict[str, Any]:
        return {"task_id": 1, "status": status, "title": title}

    assert added.structured_content == changed("created", "Buy milk")
    assert completed.structured_content == changed("completed", "Buy milk")
    assert updated.structured_content == changed("updated", "Buy oat milk")
    assert deleted.structured_content == changed("deleted", "Buy oat milk")
    for result in (added, completed, updated, deleted):
        assert not result.is_error
        assert json.loads(text_of(result)) == result.structured_content
    (task,) = json.loads(text_of(listed))
    assert listed.structured_content == {"result": [task]}
    assert list(task) == ["id", "title", "description", "completed", "created_at", "updated_at"]
    assert (task["id"], task["title"], task["description"]) == (1, "Buy oat milk", "2 litres")
    assert task["completed"] is True
    assert datetime.fromisoformat(task["created_at"]) < datetime.fromisoformat(task["updated_at"])


@pytest.mark.requirement("001/FR-041")
async def test_the_list_is_in_order_of_numbers_and_narrowed_by_status(
    system: System, ada: str
) -> None:
    for number in range(1, 13):
        await system.call(ada, "add_task", title=f"Task {number}")
    for number in (11, 2, 5):
        await system.call(ada, "complete_task", task_id=number)
    await system.call(ada, "update_task", task_id=1, title="Changed last")
    await system.call(ada, "delete_task", task_id=7)

    async def numbers(**arguments: Any) -> list[int]:
        result = await system.call(ada, "list_tasks", **arguments)
        assert result.structured_content is not None
        return [task["id"] for task in result.structured_content["result"]]

    assert await numbers() == [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12]
    assert await numbers(status="all") == await numbers()
    assert await numbers(status="completed") == [2, 5, 11]
    assert await numbers(status="pending") == [1, 3, 4, 6, 8, 9, 10, 12]


@pytest.mark.requirement("001/FR-041")
async def test_an_update_changes_what_it_names_and_nothing_else(system: System, ada: str) -> None:
    await system.call(ada, "add_task", title="Pay rent", description="by transfer")
    await system.call(ada, "complete_task", task_id=1)

    async def after(**changes: Any) -> tuple[str, str, bool]:
        assert not (await system.call(ada, "update_task", task_id=1, **changes)).is_error
        (task,) = await system.tasks(ada)
        return task["title"], task["description"], task["completed"]

    assert await after(title="Pay the rent") == ("Pay the rent", "by transfer", True)
    assert await after(description="in cash") == ("Pay the rent", "in cash", True)
    assert await after(completed=False) == ("Pay the rent", "in cash", False)
    assert await after(completed=True, title="Rent") == ("Rent", "in cash", True)
    assert await after(description="", title=None) == ("Rent", "", True)


@pytest.mark.requirement("001/FR-041")
async def test_completing_what_is_completed_is_no_failure(system: System, ada: str) -> None:
    await system.call(ada, "add_task", title="Run")

    first = await system.call(ada, "complete_task", task_id=1)
    second = await system.call(ada, "complete_task", task_id=1)

    assert first.structured_content == second.structured_content


@pytest.mark.requirement("001/FR-042")
@pytest.mark.parametrize(
    "title",
    [
        "x",
        "x" * 200,
        "🧹" * 200,
        "دودھ خریدنا ہے",
        "לקנות חלב",
        "买牛奶",
        "e\N{COMBINING ACUTE ACCENT}té",
        "👩‍👩‍👧 dinner",
        "'; drop table task; --",
        '{"json": ["\\n"]}',
        "two\nlines",
        "\N{ZERO WIDTH SPACE}",
    ],
)
async def test_a_title_is_kept_word_for_word(system: System, ada: str, title: str) -> None:
    added = await system.call(ada, "add_task", title=title)

    assert added.structured_content == {"task_id": 1, "status": "created", "title": title}
    assert [task["title"] for task in await system.tasks(ada)] == [title]


@pytest.mark.requirement("001/FR-042")
async def test_blanks_around_a_title_and_a_description_are_cut_off(
    system: System, ada: str
) -> None:
    blanks = " \t\n\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}"

    title, description = "t" * 200, "d" * 1000
    await system.call(
        ada, "add_task", title=blanks + title + blanks, description=blanks + description + blanks
    )

    (task,) = await system.tasks(ada)
    assert (task["title"], task["description"]) == (title, description)


WRONG = [
    ("add_task", {}, "title"),
    ("add_task", {"title": ""}, "title"),
    ("add_task", {"title": " \n "}, "title"),
    ("add_task", {"title": "x" * 201}, "200"),
    ("add_task", {"title": "🧹" * 201}, "200"),
    ("add_task", {"title": None}, "title"),
    ("add_task", {"title": 5}, "title"),
    ("add_task", {"title": ["milk"]}, "title"),
    ("add_task", {"title": "nul\x00"}, "title"),
    ("add_task", {"title": "x", "description": "d" * 1001}, "1000"),
    ("add_task", {"title": "x", "description": False}, "description"),
    ("add_task", {"title": "x", "description": "nul\x00"}, "description"),
    ("add_task", {"title": "x", "priority": "high"}, "priority"),
    ("list_tasks", {"status": "done"}, "pending"),
    ("list_tasks", {"status": ""}, "pending"),
    ("list_tasks", {"status": None}, "status"),
    ("list_tasks", {"status": "pending", "limit": 5}, "limit"),
    ("list_tasks", {"user_id": 5}, "user_id"),
    *[
        (tool, {"task_id": wrong}, "task_id")
        for tool in ("complete_task", "delete_task")
        for wrong in (True, False, "3", "", 3.5, 0, -1, 2**63, 10**400, None, [1], {"id": 1})
    ],
    ("complete_task", {}, "task_id"),
    ("delete_task", {"id": 1}, "task_id"),
    ("update_task", {"task_id": 1}, "title"),
    ("update_task", {"task_id": 1, "title": None, "completed": None}, "title"),
    ("update_task", {"task_id": 1, "title": "  "}, "title"),
    ("update_task", {"task_id": 1, "completed": "yes"}, "completed"),
    ("update_task", {"task_id": 1, "completed": 1}, "completed"),
    ("update_task", {"task_id": "1", "completed": True}, "task_id"),
]


@pytest.mark.requirement("001/FR-042")
@pytest.mark.parametrize(("tool", "arguments", "names"), WRONG)
async def test_wrong_arguments_are_refused_by_name_and_change_nothing(
    system: System, ada: str, tool: str, arguments: dict[str, Any], names: str
) -> None:
    await system.call(ada, "add_task", title="Keep me")
    before = await system.tasks(ada)

    sentence = await refusal(system, ada, tool, **arguments)

    assert names in sentence
    assert await system.tasks(ada) == before


@pytest.mark.requirement("001/FR-042")
async def test_a_refusal_stays_short_however_much_is_wrong(system: System, ada: str) -> None:
    many = {f"unknown_{number}": number for number in range(500)}

    assert "unknown_0" in await refusal(system, ada, "add_task", **many)


@pytest.mark.requirement("001/FR-042")
async def test_a_tool_that_does_not_exist_is_refused_with_the_names_of_those_that_do(
    system: System, ada: str
) -> None:
    with pytest.raises(MCPError) as refused:
        await system.call(ada, "drop_tasks")

    assert refused.value.error.code == -32602
    assert_actionable(refused.value.error.message)
    assert "list_tasks" in refused.value.error.message


@pytest.mark.requirement("001/FR-043")
async def test_the_signed_in_users_own_id_is_accepted_as_an_argument(
    system: System, ada: str
) -> None:
    added = await system.call(ada, "add_task", user_id=ada, title="Mine")
    listed = await system.call(ada, "list_tasks", user_id=None)

    assert not added.is_error
    assert listed.structured_content is not None
    assert len(listed.structured_content["result"]) == 1


@pytest.mark.requirement("001/FR-043")
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("add_task", {"title": "Theirs"}),
        ("list_tasks", {}),
        ("complete_task", {"task_id": 1}),
        ("delete_task", {"task_id": 1}),
        ("update_task", {"task_id": 1, "title": "Theirs"}),
    ],
)
async def test_another_users_id_is_refused_by_every_tool(
    system: System, ada: str, grace: str, tool: str, arguments: dict[str, Any]
) -> None:
    for user_id in (ada, grace):
        await system.call(user_id, "add_task", title=f"Task of {user_id}")
    before = await system.tasks(ada), await system.tasks(grace)

    for other in (grace, "", f"{ada} ", ada.upper()):
        sentence = await refusal(system, ada, tool, user_id=other, **arguments)
        assert "user_id" in sentence
        assert grace not in sentence

    assert (await system.tasks(ada), await system.tasks(grace)) == before


@pytest.mark.requirement("001/FR-044")
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("complete_task", {}), ("delete_task", {}), ("update_task", {"title": "Stolen"})],
)
async def test_another_users_task_and_no_task_are_the_same_refusal(
    system: System, ada: str, grace: str, tool: str, arguments: dict[str, Any]
) -> None:
    for number in (1, 2):
        await system.call(grace, "add_task", title=f"Secret {number}")
    before = await system.tasks(grace)

    somebody_elses = await refusal(system, ada, tool, task_id=2, **arguments)
    nobodys = await refusal(system, ada, tool, task_id=99, **arguments)

    assert somebody_elses.replace("2", "99") == nobodys
    assert "list_tasks" in nobodys
    assert await system.tasks(grace) == before
    assert await system.tasks(ada) == []


@pytest.fixture
async def broken_tools(new_database: Callable[[], str]) -> AsyncIterator[httpx2.AsyncClient]:
    """The tools on a database that has no tables."""
    settings = ToolsSettings(
        database_url=new_database(), better_auth_secret=SECRET, tools_allowed_hosts=[TOOLS_HOST]
    )
    tools = create_tools(settings)
    async with (
        tools.router.lifespan_context(tools),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(tools)) as http,
    ):
        yield http


@pytest.mark.requirement("001/FR-042")
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("add_task", {"title": "Milk"}),
        ("list_tasks", {}),
        ("complete_task", {"task_id": 1}),
        ("delete_task", {"task_id": 1}),
        ("update_task", {"task_id": 1, "title": "Oat milk"}),
    ],
)
async def test_a_fault_on_our_side_leaks_nothing(
    broken_tools: httpx2.AsyncClient, ada: str, tool: str, arguments: dict[str, Any]
) -> None:
    result = await call_tool(broken_tools, ada, tool, arguments, "call-1")

    assert result.is_error
    assert_actionable(text_of(result))
    assert text_of(result) == "This did not work because of a fault on our side."
