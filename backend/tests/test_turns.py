"""A turn: what is remembered, what the model is shown, and who may carry it out."""

import asyncio
import uuid
from typing import Any

import pytest
from agents import ModelBehaviorError
from agents.testing import ModelCall, ModelStep, assistant_message, function_call
from conftest import StartSystem
from openai import APITimeoutError
from support import System, rows

from todo_chatbot.agent.assistant import MODEL_FAILED
from todo_chatbot.agent.journal import PlannedCall
from todo_chatbot.chat.turn import Limits
from todo_chatbot.conversations.store import Call, TurnLost, TurnStore


class Gate:
    """A model's answer that waits until the test opens it."""

    def __init__(self, text: str) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()
        self._text = text

    def step(self) -> ModelStep:
        return ModelStep.respond(self._respond)

    async def _respond(self, _: ModelCall) -> list[Any]:
        self.reached.set()
        await self.opened.wait()
        return [assistant_message(self._text)]


def shown(call: ModelCall) -> list[str]:
    """Return what the model was shown, one word per item."""
    return [
        item.get("content") or f"{item['type']} {item.get('name', '')}".strip()
        for item in call.input
    ]


async def small_talk(system: System, user: str, *messages: str) -> int:
    """Have a conversation of one-line turns; returns its number."""
    conversation: int | None = None
    for message in messages:
        system.model.enqueue([assistant_message(f"re {message}")])
        answer = await system.say(user, message, conversation)
        conversation = answer.json()["conversation_id"]
    assert conversation is not None
    return conversation


@pytest.mark.requirement("001/FR-010", "001/FR-017")
async def test_the_message_is_stored_before_the_model_is_asked(
    system: System, database_url: str, ada: str
) -> None:
    stored: list[Any] = []
    in_use: list[int] = []

    def look(_: ModelCall) -> list[Any]:
        stored.extend(rows(database_url, "select content from message where user_id = %s", ada))
        in_use.append(system.database.in_use())
        return [assistant_message("Hello.")]

    system.model.enqueue(ModelStep.respond(look))

    await system.say(ada, "Good morning")

    assert stored == [("Good morning",)]
    assert in_use == [0]


@pytest.mark.requirement("001/FR-010")
@pytest.mark.parametrize("error", [APITimeoutError(request=None), ModelBehaviorError("nonsense")])  # type: ignore[arg-type]
async def test_a_model_that_fails_leaves_the_message_and_a_sentence(
    system: System, database_url: str, ada: str, error: Exception
) -> None:
    system.model.enqueue(error)

    answer = await system.say(ada, "Good morning")

    assert answer.status_code == 200
    assert answer.json()["response"] == MODEL_FAILED
    query = "select role, content from message where user_id = %s order by id"
    assert rows(database_url, query, ada) == [("user", "Good morning"), ("assistant", MODEL_FAILED)]


@pytest.mark.requirement("001/FR-010")
async def test_after_a_failure_the_conversation_goes_on(system: System, ada: str) -> None:
    system.model.enqueue(ModelBehaviorError("nonsense"))
    await system.say(ada, "Good morning")
    system.model.enqueue([assistant_message("Hello.")])

    answer = await system.say(ada, "Again", 1)

    assert answer.json()["response"] == "Hello."


@pytest.mark.requirement("001/FR-011")
async def test_a_call_is_recorded_before_it_is_made_and_carries_its_id(
    system: System, database_url: str, ada: str
) -> None:
    at_the_call: list[Any] = []
    query = "select call_id, name, arguments, output from tool_call where user_id = %s"
    system.model.enqueue([function_call("add_task", {"title": "Milk"}, call_id="1")])

    def look(_: ModelCall) -> list[Any]:
        at_the_call.extend(rows(database_url, query, ada))
        return [assistant_message("Added.")]

    system.model.enqueue(ModelStep.respond(look))

    await system.say(ada, "I need milk")

    (recorded,) = at_the_call
    assert recorded[1:3] == ("add_task", '{"title":"Milk"}')
    assert rows(database_url, "select call_id from receipt where user_id = %s", ada) == [
        (recorded[0],)
    ]
    # The output waits for the next write, here the answer's.
    assert recorded[3] is None
    ((*_, output),) = rows(database_url, query, ada)
    assert '"status": "created"' in output


@pytest.mark.requirement("001/FR-018")
async def test_the_model_is_shown_what_was_said_and_done(system: System, ada: str) -> None:
    system.model.enqueue([function_call("add_task", {"title": "Milk"}, call_id="1")])
    system.model.enqueue([assistant_message("Added.")])
    await system.say(ada, "I need milk")
    system.model.enqueue([assistant_message("Milk.")])

    await system.say(ada, "What did I need?", 1)

    assert shown(system.model.calls[-1]) == [
        "I need milk", "function_call add_task", "function_call_output", "Added.",
        "What did I need?",
    ]  # fmt: skip


@pytest.mark.requirement("001/FR-018")
async def test_each_call_shown_has_its_output_whatever_became_of_it(
    system: System, ada: str
) -> None:
    system.model.enqueue([function_call("no_such_tool", {}, call_id="1")])
    system.model.enqueue([assistant_message("I can't.")])
    await system.say(ada, "Dance")
    system.model.enqueue([assistant_message("Fine.")])

    await system.say(ada, "Never mind", 1)

    assert shown(system.model.calls[-1]) == [
        "Dance", "function_call no_such_tool", "function_call_output", "I can't.", "Never mind",
    ]  # fmt: skip


@pytest.mark.requirement("001/FR-018")
async def test_the_model_is_shown_the_newest_whole_turns_of_a_long_conversation(
    start_system: StartSystem, model: Any, ada: str
) -> None:
    async with start_system(model, history_messages=5) as system:
        conversation = await small_talk(system, ada, "one", "two", "three", "four")
        model.enqueue([assistant_message("end")])

        await system.say(ada, "five", conversation)

    # Of the five newest messages the oldest is an answer, and no turn is shown by half.
    assert shown(model.calls[-1]) == ["three", "re three", "four", "re four", "five"]


@pytest.mark.requirement("001/FR-018")
async def test_the_model_is_shown_as_many_of_the_newest_messages_as_fit(
    start_system: StartSystem, model: Any, ada: str
) -> None:
    async with start_system(model, history_characters=1000) as system:
        conversation = await small_talk(system, ada, "o" * 450, "t" * 480, "x" * 40)
        model.enqueue([assistant_message("end")])

        await system.say(ada, "five", conversation)

    assert shown(model.calls[-1])[0] == "x" * 40


@pytest.mark.requirement("001/FR-018")
async def test_outputs_of_tools_count_towards_the_size(
    start_system: StartSystem, model: Any, ada: str
) -> None:
    async with start_system(model, history_characters=1000) as system:
        model.enqueue([
            function_call("add_task", {"title": "t" * 200, "description": "d"}, call_id=str(n))
            for n in range(6)
        ])  # fmt: skip
        model.enqueue([assistant_message("Added.")])
        conversation = (await system.say(ada, "a lot")).json()["conversation_id"]
        model.enqueue([assistant_message("end")])

        await system.say(ada, "and now", conversation)

    assert shown(model.calls[-1]) == ["and now"]


@pytest.mark.requirement("001/FR-013")
async def test_the_same_key_gives_the_same_answer_and_no_second_turn(
    system: System, ada: str
) -> None:
    system.model.enqueue([function_call("add_task", {"title": "Milk"}, call_id="1")])
    system.model.enqueue([assistant_message("Added.")])

    first = await system.say(ada, "I need milk", key="k1")
    second = await system.say(ada, "I need milk", key="k1")
    third = await system.say(ada, "I need milk", first.json()["conversation_id"], key="k1")

    assert first.status_code == 200
    assert first.json() == second.json() == third.json()
    assert len(await system.tasks(ada)) == 1


@pytest.mark.requirement("001/FR-013")
async def test_the_same_key_at_the_same_time_is_one_turn(system: System, ada: str) -> None:
    system.model.enqueue([function_call("add_task", {"title": "Milk"}, call_id="1")])
    system.model.enqueue([assistant_message("Added.")])

    answers = await asyncio.gather(*(system.say(ada, "I need milk", key="k1") for _ in range(5)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(await system.tasks(ada)) == 1


@pytest.mark.requirement("001/FR-013")
async def test_a_key_with_another_message_or_conversation_is_refused(
    system: System, ada: str
) -> None:
    await small_talk(system, ada, "another conversation")
    system.model.enqueue([assistant_message("Hello.")])
    assert (await system.say(ada, "hi", key="k1")).json()["conversation_id"] == 2

    for message, conversation in (("bye", None), ("bye", 2), ("hi", 1)):
        answer = await system.say(ada, message, conversation, key="k1")

        assert answer.status_code == 422
        assert "Idempotency-Key" in answer.json()["detail"]


@pytest.mark.requirement("001/FR-013")
async def test_keys_of_two_users_have_nothing_to_do_with_each_other(
    system: System, ada: str, grace: str
) -> None:
    system.model.enqueue([assistant_message("Hello, Ada.")])
    system.model.enqueue([assistant_message("Hello, Grace.")])

    await system.say(ada, "hi", key="k1")
    answer = await system.say(grace, "hello", key="k1")

    assert answer.json()["response"] == "Hello, Grace."


@pytest.mark.requirement("001/FR-014")
async def test_a_second_turn_of_a_conversation_waits_for_the_first(
    system: System, ada: str
) -> None:
    conversation = await small_talk(system, ada, "start")
    gate = Gate("first")
    system.model.enqueue(gate.step())
    system.model.enqueue([assistant_message("second")])

    first = asyncio.create_task(system.say(ada, "one", conversation))
    await gate.reached.wait()
    second = asyncio.create_task(system.say(ada, "two", conversation))
    done, _ = await asyncio.wait({second}, timeout=0.3)
    assert not done
    gate.opened.set()

    assert (await first).json()["response"] == "first"
    assert (await second).json()["response"] == "second"
    assert shown(system.model.calls[-1])[-2:] == ["first", "two"]


@pytest.mark.requirement("001/FR-014")
async def test_a_second_turn_that_waited_too_long_is_told_when_to_come_back(
    start_system: StartSystem, model: Any, ada: str
) -> None:
    gate = Gate("first")
    async with start_system(model, turn_wait_seconds=0) as system:
        conversation = await small_talk(system, ada, "start")
        model.enqueue(gate.step())
        first = asyncio.create_task(system.say(ada, "one", conversation))
        await gate.reached.wait()

        second = await system.say(ada, "two", conversation)
        gate.opened.set()

        assert (await first).status_code == 200
    assert second.status_code == 409
    assert int(second.headers["retry-after"]) > 0


@pytest.mark.requirement("001/FR-014")
async def test_two_conversations_go_on_side_by_side(system: System, ada: str) -> None:
    conversation = await small_talk(system, ada, "start")
    gate = Gate("late")
    system.model.enqueue(gate.step())
    system.model.enqueue([assistant_message("soon")])

    late = asyncio.create_task(system.say(ada, "one", conversation))
    await gate.reached.wait()
    soon = await system.say(ada, "two")
    gate.opened.set()

    assert soon.json() == {"conversation_id": 2, "response": "soon", "tool_calls": []}
    assert (await late).json()["conversation_id"] == 1


@pytest.mark.requirement("001/FR-016")
async def test_a_client_that_goes_away_does_not_end_its_turn(
    start_system: StartSystem, model: Any, database_url: str, ada: str
) -> None:
    gate = Gate("said to nobody")
    async with start_system(model) as system:
        model.enqueue(gate.step())
        asking = asyncio.create_task(system.say(ada, "one", key="k1"))
        await gate.reached.wait()
        asking.cancel()
        await asyncio.wait({asking})
        gate.opened.set()
        # The end of the system waits for the turn, as the end of a process does.

    query = "select content from message where user_id = %s and role = 'assistant'"
    assert rows(database_url, query, ada) == [("said to nobody",)]


@pytest.mark.requirement("001/FR-015")
async def test_a_turn_that_was_cut_off_is_continued_before_the_next(
    start_system: StartSystem, model: Any, database_url: str, ada: str
) -> None:
    async with start_system(model) as system:
        await abandon(system, ada, "I need milk", [call("add_task", '{"title": "Milk"}')])
        model.enqueue([assistant_message("Added milk.")])
        model.enqueue([assistant_message("Hello.")])

        answer = await system.say(ada, "Anybody there?", 1)

        assert answer.json() == {"conversation_id": 1, "response": "Hello.", "tool_calls": []}
        assert [task["title"] for task in await system.tasks(ada)] == ["Milk"]
    query = "select content from message where user_id = %s order by id"
    said = [content for (content,) in rows(database_url, query, ada)]
    assert sorted(said) == ["Added milk.", "Anybody there?", "Hello.", "I need milk"]
    assert said.index("Added milk.") < said.index("Anybody there?")


@pytest.mark.requirement("001/FR-015")
@pytest.mark.parametrize(
    "unmade",
    [("add_task", '{"title": '), ("add_task", ""), ("add_task", "[1]"), ("no_such_tool", "{}")],
)
async def test_a_call_that_makes_no_sense_does_not_block_its_conversation(
    system: System, ada: str, unmade: tuple[str, str]
) -> None:
    await abandon(system, ada, "I need milk", [call(*unmade)])
    system.model.enqueue([assistant_message("That did not work.")])
    system.model.enqueue([assistant_message("Hello.")])

    answer = await system.say(ada, "Anybody there?", 1)

    assert answer.status_code == 200
    assert answer.json()["response"] == "Hello."


@pytest.mark.requirement("001/FR-012", "001/FR-015")
async def test_a_call_that_had_taken_effect_is_not_made_twice_when_its_turn_goes_on(
    system: System, ada: str
) -> None:
    planned = call("add_task", '{"title": "Milk"}')
    await abandon(system, ada, "I need milk", [planned], key="k1")
    await system.call(ada, "add_task", _call_id=planned.call_id, title="Milk")
    system.model.enqueue([assistant_message("Added milk.")])

    answer = await system.say(ada, "I need milk", key="k1")

    assert answer.json()["tool_calls"] == [
        {
            "name": "add_task",
            "arguments": {"title": "Milk"},
            "result": {"task_id": 1, "status": "created", "title": "Milk"},
        }
    ]
    assert len(await system.tasks(ada)) == 1


@pytest.mark.requirement("001/FR-014", "001/FR-015")
async def test_a_turn_that_shows_signs_of_life_is_not_taken_over(
    start_system: StartSystem, model: Any, ada: str
) -> None:
    gate = Gate("first")
    async with start_system(model, turn_lease_seconds=1, turn_wait_seconds=2.5) as system:
        conversation = await small_talk(system, ada, "start")
        model.enqueue(gate.step())
        first = asyncio.create_task(system.say(ada, "one", conversation))
        await gate.reached.wait()

        second = await system.say(ada, "two", conversation)
        gate.opened.set()

        assert second.status_code == 409
        assert (await first).json()["response"] == "first"


@pytest.mark.requirement("001/FR-012")
async def test_who_lost_a_turn_cannot_write_any_more(system: System, ada: str) -> None:
    turn_id = await abandon(system, ada, "I need milk", [])

    async def try_to_write(holder: str) -> None:
        async def write(session: Any) -> None:
            store = TurnStore(session, ada, holder=holder, lease_seconds=15)
            await store.write_down(turn_id, [Call(0, "c1", "add_task", "{}")], [])

        await system.database.run(ada, write)

    async def try_to_close(holder: str) -> None:
        async def close(session: Any) -> None:
            store = TurnStore(session, ada, holder=holder, lease_seconds=15)
            await store.close(turn_id, "Done.", [], failed=False)

        await system.database.run(ada, close)

    with pytest.raises(TurnLost):
        await try_to_write("somebody else")
    with pytest.raises(TurnLost):
        await try_to_close("somebody else")
    await try_to_write("died")
    await try_to_close("died")


@pytest.mark.requirement("001/FR-012", "001/FR-014")
async def test_a_request_whose_turn_was_taken_over_gives_the_answer_of_who_took_it(
    system: System, database_url: str, ada: str
) -> None:
    gate = Gate("never stored")
    system.model.enqueue(gate.step())
    system.model.enqueue([assistant_message("stored")])
    slow = asyncio.create_task(system.say(ada, "one", key="k1"))
    await gate.reached.wait()
    rows(
        database_url,
        "update turn set held_until = now() - interval '1 s' where user_id = %s returning id",
        ada,
    )

    quick = await system.say(ada, "one", key="k1")
    gate.opened.set()

    assert quick.json()["response"] == "stored"
    assert (await slow).json() == quick.json()
    query = "select content from message where user_id = %s and role = 'assistant'"
    assert rows(database_url, query, ada) == [("stored",)]


def call(name: str, arguments: str) -> PlannedCall:
    return PlannedCall(f"call_{uuid.uuid4().hex}", name, arguments)


async def abandon(
    system: System, user: str, message: str, calls: list[PlannedCall], key: str | None = None
) -> int:
    """Leave a turn as a process leaves it that died long ago; returns its number."""
    limits = Limits(history_messages=1, history_characters=1, lease_seconds=-1, wait_seconds=0)

    async def begin(session: Any) -> int:
        store = TurnStore(session, user, holder="died", lease_seconds=limits.lease_seconds)
        turn = await store.begin(None, message, key, limits.history_messages)
        recorded = [
            Call(place, one.call_id, one.name, one.arguments) for place, one in enumerate(calls)
        ]
        await store.write_down(turn.id, recorded, [])
        return turn.id

    found: int = await system.database.run(user, begin)
    return found
