"""Processes killed at the worst moments: nothing is lost, nothing is done twice."""

import asyncio
import random
import uuid
from collections import Counter
from typing import Any

import httpx2
import pytest
from processes import Stack
from servers import Messages, Wish, add_what_was_said, nothing
from support import rows

TASKS = "select title from task where user_id = %s order by id"
MESSAGES = "select role, content from message where user_id = %s order by id"


async def say_and_lose(stack: Stack, user: str, message: str, key: str) -> None:
    """Say something to a process that dies before it answers."""
    with pytest.raises(httpx2.TransportError):
        await stack.say(user, message, key=key)


async def assert_answered_once(stack: Stack, user: str) -> None:
    """Say it again, as a client does that got no answer, and see that all happened once."""
    await stack.api.revive()

    answer = await stack.say(user, "Buy milk", key="k1")

    assert answer.status_code == 200, answer.text
    assert answer.json()["response"] == "Added."
    assert [call["result"]["title"] for call in answer.json()["tool_calls"]] == ["Buy milk"]
    assert (await stack.say(user, "Buy milk", key="k1")).json() == answer.json()
    assert rows(stack.database_url, TASKS, user) == [("Buy milk",)]
    assert rows(stack.database_url, MESSAGES, user) == [
        ("user", "Buy milk"),
        ("assistant", "Added."),
    ]


@pytest.mark.requirement("001/FR-010", "001/FR-012")
async def test_killed_while_the_model_thinks(stack: Stack, ada: str) -> None:
    async def die(_: Messages) -> str | list[Wish]:
        stack.model.think = add_what_was_said
        stack.api.kill()
        return "Nobody hears this."

    stack.model.think = die

    await say_and_lose(stack, ada, "Buy milk", "k1")

    assert rows(stack.database_url, MESSAGES, ada) == [("user", "Buy milk")]
    await assert_answered_once(stack, ada)


@pytest.mark.requirement("001/FR-011", "001/FR-012")
async def test_killed_before_a_tool_call(stack: Stack, ada: str) -> None:
    async def die() -> None:
        stack.proxy.before_call = nothing
        stack.api.kill()
        # The call that was on its way never arrives.
        raise ConnectionError

    stack.proxy.before_call = die

    await say_and_lose(stack, ada, "Buy milk", "k1")

    assert rows(stack.database_url, TASKS, ada) == []
    query = "select name, output from tool_call where user_id = %s"
    assert rows(stack.database_url, query, ada) == [("add_task", None)]
    await assert_answered_once(stack, ada)


@pytest.mark.requirement("001/FR-011", "001/FR-012")
async def test_killed_between_the_effect_of_a_tool_and_its_record(stack: Stack, ada: str) -> None:
    async def die() -> None:
        stack.proxy.after_call = nothing
        stack.api.kill()

    stack.proxy.after_call = die

    await say_and_lose(stack, ada, "Buy milk", "k1")

    assert rows(stack.database_url, TASKS, ada) == [("Buy milk",)]
    query = "select output from tool_call where user_id = %s"
    assert rows(stack.database_url, query, ada) == [(None,)]
    await assert_answered_once(stack, ada)


@pytest.mark.requirement("001/FR-012")
async def test_killed_before_the_answer_is_stored(stack: Stack, ada: str) -> None:
    async def die(messages: Messages) -> str | list[Wish]:
        if messages[-1]["role"] == "tool":
            stack.model.think = add_what_was_said
            stack.api.kill()
        return await add_what_was_said(messages)

    stack.model.think = die

    await say_and_lose(stack, ada, "Buy milk", "k1")

    await assert_answered_once(stack, ada)


@pytest.mark.requirement("001/FR-012")
async def test_tools_killed_after_the_effect_and_before_the_answer(stack: Stack, ada: str) -> None:
    async def die() -> None:
        stack.proxy.after_call = nothing
        stack.tools.kill()
        stack.tools.start()
        await stack.tools.ready()
        raise ConnectionError

    stack.proxy.after_call = die

    answer = await stack.say(ada, "Buy milk", key="k1")

    assert answer.json()["tool_calls"][0]["result"]["title"] == "Buy milk"
    assert rows(stack.database_url, TASKS, ada) == [("Buy milk",)]


@pytest.mark.requirement("001/FR-012", "001/FR-015")
async def test_a_process_that_slept_through_its_turn_does_not_write(stack: Stack, ada: str) -> None:
    async def fall_asleep(messages: Messages) -> str | list[Wish]:
        stack.model.think = add_what_was_said
        stack.api.pause()
        return "Written by a sleeper."

    stack.model.think = fall_asleep
    await stack.other_api.revive()
    asking = asyncio.create_task(stack.say(ada, "Buy milk", key="k1"))
    while stack.model.think is fall_asleep:
        await asyncio.sleep(0.01)

    taken_over = await stack.other_api.say(ada, "Buy milk", key="k1")
    stack.api.resume()
    late = await asking

    assert taken_over.status_code == 200
    assert late.json() == taken_over.json()
    await assert_answered_once(stack, ada)


@pytest.mark.requirement("001/FR-012", "001/FR-032")
async def test_processes_killed_at_random_lose_nothing_and_double_nothing(stack: Stack) -> None:
    stack.model.think = add_carefully
    await stack.other_api.revive()
    choice = random.Random(7)
    stop = asyncio.Event()
    asked: dict[str, list[str]] = {}
    refused: list[str] = []

    async def talk(user: str) -> None:
        conversation: int | None = None
        while not stop.is_set():
            message = f"Task {uuid.uuid4()}"
            answer = await insist(stack, user, message, conversation, choice)
            conversation = answer["conversation_id"]
            # While the tools are away for long, the honest answer is that it did not work.
            added = answer["response"] == "Added."
            (asked.setdefault(user, []) if added else refused).append(message)

    users = [f"user-{uuid.uuid4()}" for _ in range(3)]
    talks = [asyncio.create_task(talk(user)) for user in users]
    for victim in (stack.api, stack.tools, stack.other_api, stack.tools):
        await asyncio.sleep(choice.uniform(0.2, 1.0))
        victim.kill()
        victim.start()
        await victim.ready()
    stop.set()
    await asyncio.gather(*talks)

    for user in users:
        assert asked[user]
        titles = [title for (title,) in rows(stack.database_url, TASKS, user)]
        assert len(titles) == len(set(titles))
        assert [title for title in titles if title not in refused] == asked[user]
        said = Counter(content for _, content in rows(stack.database_url, MESSAGES, user))
        assert all(said[message] == 1 for message in asked[user])
        assert said["Added."] == len(asked[user])


async def add_carefully(messages: Messages) -> str | list[Wish]:
    """Add what was said; when it is not known whether that worked, look before trying again."""
    wanted = next(one["content"] for one in reversed(messages) if one["role"] == "user")
    last = messages[-1]
    if last["role"] == "user":
        return [("add_task", {"title": wanted})]
    if '"status"' in last["content"] or wanted in last["content"]:
        return "Added."
    if last["content"].startswith("{"):
        return [("add_task", {"title": wanted})]
    return [("list_tasks", {})]


async def insist(
    stack: Stack, user: str, message: str, conversation: int | None, choice: random.Random
) -> dict[str, Any]:
    """Say something, with one key, to whichever replica, until it is answered."""
    key = uuid.uuid4().hex
    while True:
        try:
            answer = await choice.choice((stack.api, stack.other_api)).say(
                user, message, conversation, key
            )
        except httpx2.TransportError:
            await asyncio.sleep(0.1)
            continue
        if answer.status_code == 200:
            found: dict[str, Any] = answer.json()
            return found
        assert answer.status_code in (409, 503), answer.text
        await asyncio.sleep(0.2)
