"""The way from the agent to the tools, on good and on bad networks."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest
from agents.testing import ScriptedModel, assistant_message, function_call
from conftest import StartSystem
from support import TOOLS_AUDIENCE, System, token_for

from todo_chatbot.agent import transport
from todo_chatbot.agent.assistant import FAULT, TOOLS_AWAY
from todo_chatbot.agent.toolbox import UNREACHABLE, Toolboxes

Fault = Callable[[httpx2.Request, httpx2.AsyncBaseTransport], Any]


class Network(httpx2.AsyncBaseTransport):
    """Passes requests on; each fault in ``faults`` happens to one of them."""

    def __init__(self, good: httpx2.AsyncBaseTransport) -> None:
        self.good = good
        self.faults: list[Fault] = []
        self.requests: list[dict[str, Any]] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(json.loads(await request.aread()))
        if self.faults:
            answer: httpx2.Response = await self.faults.pop(0)(request, self.good)
            return answer
        return await self.good.handle_async_request(request)


async def refused(request: httpx2.Request, _: httpx2.AsyncBaseTransport) -> httpx2.Response:
    """Nobody listens."""
    raise httpx2.ConnectError("refused", request=request)


async def slow(request: httpx2.Request, _: httpx2.AsyncBaseTransport) -> httpx2.Response:
    """The answer takes too long."""
    raise httpx2.ReadTimeout("slow", request=request)


async def fault_of_ours(_request: httpx2.Request, _: httpx2.AsyncBaseTransport) -> None:
    """What no code expects, as with any bug."""
    raise RuntimeError("MARK")


async def answer_lost(request: httpx2.Request, good: httpx2.AsyncBaseTransport) -> httpx2.Response:
    """The tools do what they are asked and die before they say so."""
    await good.handle_async_request(request)
    raise httpx2.ReadError("reset", request=request)


async def answer_broken(
    request: httpx2.Request, good: httpx2.AsyncBaseTransport
) -> httpx2.Response:
    """The tools do what they are asked and die in the middle of the answer."""
    whole = await good.handle_async_request(request)
    return httpx2.Response(200, headers=whole.headers, stream=_Half(), request=request)


class _Half(httpx2.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"jsonrpc": "2.0", '
        raise httpx2.RemoteProtocolError("peer closed connection")


def answering(status: int, body: bytes, kind: str = "application/json") -> Fault:
    """Something else than the tools answers."""

    async def answer(request: httpx2.Request, _: httpx2.AsyncBaseTransport) -> httpx2.Response:
        return httpx2.Response(
            status, headers={"content-type": kind}, content=body, request=request
        )

    return answer


STRANGE = [
    answering(401, b'{"error": "invalid_token"}'),
    answering(403, b"forbidden", "text/plain"),
    answering(404, b"not found", "text/plain"),
    answering(405, b""),
    answering(413, b"too large", "text/plain"),
    answering(421, b"Invalid Host header", "text/plain"),
    answering(500, b"<html>", "text/html"),
    answering(502, b"<html>Bad gateway</html>", "text/html"),
    answering(503, b""),
    answering(307, b""),
    answering(200, b""),
    answering(200, b"garbage"),
    answering(200, b"<html>Welcome</html>", "text/html"),
    answering(200, b"data: {}\n\n", "text/event-stream"),
    answering(200, b'{"jsonrpc": "2.0", "id": 1, "result": {}}'),
    answering(200, b'{"jsonrpc": "2.0", "id": 1, "result": {"content": 5}}'),
    answering(200, b'{"jsonrpc": "2.0", "id": 1, "error": {"code": -32603, "message": "x"}}'),
    answering(202, b""),
]


@pytest.fixture
async def shaky(
    start_system: StartSystem, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[System, Network]]:
    """The system, and the network before its tools; no pause between two tries."""
    monkeypatch.setattr(transport, "PAUSES_SECONDS", (0, 0, 0))
    networks: list[Network] = []

    def network(good: httpx2.AsyncBaseTransport) -> httpx2.AsyncBaseTransport:
        networks.append(Network(good))
        return networks[0]

    async with start_system(model, network=network) as system:
        yield system, networks[0]


async def know_the_tools(system: System, user_id: str) -> None:
    """Have a turn, so that the tools are listed."""
    system.model.enqueue([assistant_message("Hello.")])
    await system.say(user_id, "Hello")


@pytest.mark.requirement("001/FR-050")
async def test_two_first_turns_at_once_list_no_tool_twice(
    shaky: tuple[System, Network], ada: str, grace: str
) -> None:
    _, network = shaky
    toolboxes = Toolboxes("http://tools.test/mcp", transport=network)

    async def names(user_id: str) -> list[str]:
        async with toolboxes.open(token_for(user_id, TOOLS_AUDIENCE), {}) as toolbox:
            return [tool.name for tool in await toolbox.list_tools()]

    first = await asyncio.gather(names(ada), names(grace))
    later = await names(ada)

    assert [len(found) for found in (*first, later)] == [5, 5, 5]
    assert [one["method"] for one in network.requests] == ["tools/list"] * 2


@pytest.mark.requirement("001/FR-053", "001/FR-045")
@pytest.mark.parametrize("fault", [refused, answer_lost, answer_broken])
async def test_a_lost_connection_is_tried_again_and_the_call_takes_effect_once(
    shaky: tuple[System, Network], ada: str, fault: Fault
) -> None:
    system, network = shaky
    await know_the_tools(system, ada)
    network.faults = [fault, fault]
    system.model.enqueue([function_call("add_task", {"title": "Milk"}, call_id="1")])
    system.model.enqueue([assistant_message("Added.")])

    answer = await system.say(ada, "I need milk", 1)

    (call,) = answer.json()["tool_calls"]
    assert call["result"] == {"task_id": 1, "status": "created", "title": "Milk"}
    assert [task["title"] for task in await system.tasks(ada)] == ["Milk"]


@pytest.mark.requirement("001/FR-053")
async def test_tools_that_are_away_in_the_middle_of_a_turn_are_told_to_the_model(
    shaky: tuple[System, Network], ada: str
) -> None:
    system, network = shaky
    await know_the_tools(system, ada)
    network.faults = [refused] * 4
    system.model.enqueue([function_call("add_task", {"title": "Milk"}, call_id="1")])
    system.model.enqueue([assistant_message("Your list is away.")])

    answer = await system.say(ada, "I need milk", 1)

    assert answer.status_code == 200
    assert answer.json()["response"] == "Your list is away."
    assert answer.json()["tool_calls"] == [
        {"name": "add_task", "arguments": {"title": "Milk"}, "error": UNREACHABLE}
    ]
    last = system.model.last_call
    assert last is not None
    assert UNREACHABLE in json.dumps(last.input[-1])


@pytest.mark.requirement("001/FR-053")
@pytest.mark.parametrize("faults", [[refused] * 4, [answer_broken] * 4, [slow]])
async def test_tools_that_are_away_at_the_start_give_the_person_a_sentence(
    shaky: tuple[System, Network], ada: str, faults: list[Fault]
) -> None:
    system, network = shaky
    network.faults = list(faults)

    answer = await system.say(ada, "I need milk")
    await know_the_tools(system, ada)

    assert answer.status_code == 200
    assert answer.json()["response"] == TOOLS_AWAY
    assert not network.faults


@pytest.mark.requirement("001/FR-053")
async def test_a_bug_ends_its_turn_and_the_conversation_goes_on(
    shaky: tuple[System, Network], ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    system, network = shaky
    network.faults = [fault_of_ours]
    system.model.enqueue([assistant_message("I am back.")])

    broken = await system.say(ada, "I need milk")
    after = await system.say(ada, "Are you there?", 1)

    assert broken.status_code == 200
    assert broken.json()["response"] == FAULT
    assert after.json()["response"] == "I am back."
    assert any(one.message == "turn failed" and one.exc_info for one in caplog.records)


@pytest.mark.requirement("001/FR-053")
async def test_a_call_that_took_too_long_is_not_made_again(
    shaky: tuple[System, Network], ada: str
) -> None:
    system, network = shaky
    await know_the_tools(system, ada)
    network.faults = [slow]
    system.model.enqueue([function_call("add_task", {"title": "Milk"}, call_id="1")])
    system.model.enqueue([assistant_message("I do not know.")])

    answer = await system.say(ada, "I need milk", 1)

    assert answer.json()["tool_calls"][0]["error"] == UNREACHABLE
    assert [one["method"] for one in network.requests] == ["tools/list", "tools/call"]


@pytest.mark.requirement("001/FR-053")
@pytest.mark.parametrize("fault", STRANGE)
async def test_whatever_answers_in_place_of_the_tools_ends_in_a_sentence(
    shaky: tuple[System, Network], ada: str, fault: Fault
) -> None:
    system, network = shaky
    network.faults = [fault]

    at_start = await system.say(ada, "Hello")
    await know_the_tools(system, ada)
    network.faults = [fault]
    system.model.enqueue([function_call("add_task", {"title": "Milk"}, call_id="1")])
    system.model.enqueue([assistant_message("That did not work.")])
    in_the_middle = await system.say(ada, "I need milk", 1)

    assert (at_start.status_code, at_start.json()["response"]) == (200, TOOLS_AWAY)
    assert in_the_middle.json()["response"] == "That did not work."
    assert in_the_middle.json()["tool_calls"][0]["error"] == UNREACHABLE
