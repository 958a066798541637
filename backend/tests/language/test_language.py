"""What people say, through the real endpoint, Runner, MCP server and PostgreSQL.

A case that fails is printed with what the assistant made of each sentence. Of the held-back third
only the counts are printed; ``SHOW_HELD_BACK=1`` prints them too, and spends them.
"""

import asyncio
import json
import os
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from agents import ModelSettings
from conftest import StartSystem
from language.cases import Case, Verdict, judge, load
from support import TOOLS_AUDIENCE, TOOLS_HOST, System, token_for

from todo_chatbot.agent.models import Brain
from todo_chatbot.agent.offline import explain
from todo_chatbot.agent.offline.model import OfflineModel
from todo_chatbot.agent.toolbox import CALL_ID, Toolbox, Toolboxes

AT_ONCE = 4
SEEN, WRONG = 0.97, 0.01
REACHED, WRONG_REACHED = 0.88, 0.035
"""What the held-back third may not fall behind; the aim is 0.90 and 0.01 (specs/004, FR-061)."""


@pytest.fixture
async def offline(start_system: StartSystem) -> AsyncIterator[System]:
    """The system with the built-in assistant."""
    brain = Brain(OfflineModel(), ModelSettings(), "offline", "built-in assistant")
    async with start_system(brain) as running:
        yield running


@pytest.mark.requirement("004/FR-060", "004/FR-061", "004/FR-062")
async def test_the_assistant_understands_what_people_say(
    offline: System, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = list(load())
    toolboxes = Toolboxes(f"http://{TOOLS_HOST}/mcp", transport=offline.tools._transport)
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(case: Case) -> tuple[Verdict, list[str]]:
        async with gate:
            return await talk(case, offline, toolboxes)

    results = await asyncio.gather(*map(one, cases))

    seen, held_back = Counter[str](), Counter[str]()
    with capsys.disabled():
        for case, (verdict, lines) in zip(cases, results, strict=True):
            (held_back if case.held_back else seen)[verdict.name] += 1
            if verdict.name != "ok" and (not case.held_back or os.environ.get("SHOW_HELD_BACK")):
                print("\n".join([f"\n{verdict.name} {case.id}: {verdict.why}", *lines]))  # noqa: T201 - the report of the run
        print(f"\nseen {dict(seen)}, held back {dict(held_back)}")  # noqa: T201 - the report of the run
    assert seen["ok"] >= SEEN * seen.total()
    assert held_back["ok"] >= REACHED * held_back.total()
    assert seen["wrong"] <= WRONG * seen.total()
    assert held_back["wrong"] <= WRONG_REACHED * held_back.total()


async def talk(case: Case, system: System, toolboxes: Toolboxes) -> tuple[Verdict, list[str]]:
    """Have one conversation as a user of its own; returns the verdict and what was said."""
    user = f"case-{uuid.uuid4()}"
    answers: list[str] = []
    conversation: int | None = None
    async with toolboxes.open(token_for(user, TOOLS_AUDIENCE), {}) as toolbox:
        await set_up(case, toolbox)
        for said in case.turns:
            reply = (await system.say(user, said, conversation)).json()
            conversation = reply["conversation_id"]
            answers.append(reply["response"])
        after = (await call(toolbox, "list_tasks"))["result"]
    verdict = judge(case, after, answers[-1])
    return verdict, [] if verdict.name == "ok" else list(told(case, answers))


def told(case: Case, answers: list[str]) -> Iterator[str]:
    """Yield what was said, what the assistant made of each sentence alone, and its answers."""
    for said, answer in zip(case.turns, answers, strict=True):
        yield f"  {said!r}"
        yield from (f"    {line}" for line in explain(said).splitlines())
        yield f"  -> {answer!r}"


async def set_up(case: Case, toolbox: Toolbox) -> None:
    """Make the tasks of the case, numbered in its order."""
    for number, task in enumerate(case.tasks, 1):
        wanted = {name: task[name] for name in ("title", "description") if task.get(name)}
        await call(toolbox, "add_task", **wanted)
        if task["completed"]:
            await call(toolbox, "complete_task", task_id=number)


async def call(toolbox: Toolbox, tool: str, **arguments: Any) -> Any:
    """Call a tool, which must succeed, and return what it gave."""
    call_id = uuid.uuid4().hex
    await toolbox.call_tool(tool, arguments, {CALL_ID: call_id})
    output = toolbox.outputs[call_id]
    assert not output.failed
    return json.loads(output.text)
