"""Models of any provider, as a server on the other end of a real connection meets them."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from conftest import StartSystem
from fake_openai import (
    Calls,
    Fails,
    FakeOpenAI,
    Hangs,
    Refuses,
    Says,
    Sends,
    calls,
)
from support import System

from todo_chatbot.agent.assistant import MODEL_FAILED, NOTHING_TO_SAY, REFUSED, TOO_MANY_STEPS
from todo_chatbot.agent.models import Brain, choose, provider_of
from todo_chatbot.settings import ApiSettings, ModelSettings, read

PROVIDERS = ["openai", "compatible"]


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    """A model server that says what the test scripted, and all of it."""
    async with FakeOpenAI().running() as running:
        yield running
    assert not running.steps


def brain(fake: FakeOpenAI, provider: str, **settings: Any) -> Brain:
    """Return the model that an operator of ``fake`` gets."""
    chosen = {"model_provider": provider, "openai_base_url": fake.url, "model": "some-model"}
    return choose(ModelSettings(**(chosen | {"openai_api_key": "sk-test"} | settings)))


@pytest.fixture(params=PROVIDERS)
async def thinking(
    request: pytest.FixtureRequest, start_system: StartSystem, fake: FakeOpenAI
) -> AsyncIterator[System]:
    """The system with a model of either provider, which is given a second to answer."""
    settings = {"model_timeout_seconds": 1, "model_max_retries": 2}
    async with start_system(brain(fake, request.param, **settings)) as running:
        yield running


@pytest.mark.requirement("001/FR-051")
@pytest.mark.parametrize(
    ("given", "means"),
    [
        ({}, "offline"),
        ({"openai_api_key": "k"}, "openai"),
        ({"openai_base_url": "http://ollama:11434/v1"}, "compatible"),
        ({"openai_base_url": "http://ollama:11434/v1", "openai_api_key": "k"}, "compatible"),
        ({"model_provider": "offline", "openai_api_key": "k"}, "offline"),
        ({"model_provider": "openai", "openai_api_key": "k"}, "openai"),
        (
            {
                "model_provider": "openai",
                "openai_api_key": "k",
                "openai_base_url": "http://proxy/v1",
            },
            "openai",
        ),
        ({"model_provider": "compatible", "openai_base_url": "http://vllm/v1"}, "compatible"),
    ],
)
def test_the_provider_follows_from_what_is_given(given: dict[str, Any], means: str) -> None:
    settings = ModelSettings(**given)

    assert provider_of(settings) == means
    assert choose(settings).provider == means


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment of a process that lacks nothing."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/todo")
    monkeypatch.setenv("BETTER_AUTH_SECRET", "x" * 32)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "MODEL_PROVIDER"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.requirement("001/FR-051", "001/FR-063")
@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"MODEL_PROVIDER": "openai"}, "OPENAI_API_KEY"),
        ({"MODEL_PROVIDER": "openai", "OPENAI_API_KEY": ""}, "OPENAI_API_KEY"),
        ({"MODEL_PROVIDER": "compatible"}, "OPENAI_BASE_URL"),
        ({"MODEL_PROVIDER": "compatible", "OPENAI_API_KEY": "k"}, "OPENAI_BASE_URL"),
        ({"MODEL_PROVIDER": "claude"}, "MODEL_PROVIDER"),
        ({"OPENAI_BASE_URL": "localhost:11434"}, "OPENAI_BASE_URL"),
        ({"MODEL_TIMEOUT_SECONDS": "soon"}, "MODEL_TIMEOUT_SECONDS"),
        ({"MODEL_MAX_CALLS": "0"}, "MODEL_MAX_CALLS"),
    ],
)
def test_settings_without_a_model_stop_the_process_and_name_the_variable(
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    named: str,
) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)

    with pytest.raises(SystemExit) as ended:
        read(ApiSettings)

    assert ended.value.code == 78
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{named}: ")


@pytest.mark.requirement("001/FR-052")
def test_an_address_that_is_set_but_empty_does_not_become_the_models_address(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("OPENAI_API_KEY", "k")
    environment.setenv("OPENAI_BASE_URL", "")

    chosen = choose(ModelSettings())

    assert chosen.provider == "openai"
    assert str(chosen.model._client.base_url) == "https://api.openai.com/v1/"  # type: ignore[attr-defined]


@pytest.mark.requirement("001/FR-051", "001/FR-043")
async def test_a_turn_with_a_tool_goes_through_either_api(
    thinking: System, fake: FakeOpenAI, ada: str
) -> None:
    fake.script(calls("add_task", title="Buy milk"), Says("Added Buy milk."))

    answer = await thinking.say(ada, "I need milk")

    assert answer.json()["response"] == "Added Buy milk."
    assert [task["title"] for task in await thinking.tasks(ada)] == ["Buy milk"]
    for asked in fake.asked:
        assert asked.headers["authorization"] == "Bearer sk-test"
        assert asked.body["model"] == "some-model"
        assert "user_id" not in json.dumps(asked.body["tools"])
        assert ada not in json.dumps(asked.body)


@pytest.mark.requirement("001/FR-051")
async def test_openai_is_asked_by_responses_and_keeps_nothing(
    start_system: StartSystem, fake: FakeOpenAI, ada: str
) -> None:
    thought = Calls((("list_tasks", "{}"),), thought="They want to see the list.")
    fake.script(thought, Says("It is empty."), Says("Still empty."))

    async with start_system(brain(fake, "openai")) as system:
        await system.say(ada, "Show my tasks")
        await system.say(ada, "And now?", 1)

    assert [asked.path for asked in fake.asked] == ["/v1/responses"] * 3
    for asked in fake.asked:
        assert asked.body["store"] is False
        assert not any("id" in item for item in asked.body["input"])
        assert not any(item.get("type") == "reasoning" for item in asked.body["input"])
        assert "previous_response_id" not in asked.body
    shown = [item.get("type", item.get("role")) for item in fake.asked[-1].body["input"]]
    assert shown == ["user", "function_call", "function_call_output", "assistant", "user"]


@pytest.mark.requirement("001/FR-051")
async def test_a_compatible_server_is_asked_by_chat_completions_without_extras(
    start_system: StartSystem, fake: FakeOpenAI, ada: str
) -> None:
    fake.script(calls("add_task", title="Buy milk"), Says("Added."), Says("You are welcome."))

    async with start_system(brain(fake, "compatible", openai_api_key=None)) as system:
        await system.say(ada, "I need milk")
        await system.say(ada, "Thanks", 1)

    assert [asked.path for asked in fake.asked] == ["/v1/chat/completions"] * 3
    for asked in fake.asked:
        assert set(asked.body) <= {"model", "messages", "tools", "stream"}
    roles = [message["role"] for message in fake.asked[-1].body["messages"]]
    assert roles == ["system", "user", "assistant", "tool", "assistant", "user"]


@pytest.mark.requirement("001/FR-051")
async def test_a_conversation_goes_on_with_another_provider(
    start_system: StartSystem, fake: FakeOpenAI, ada: str
) -> None:
    fake.script(calls("add_task", title="Milk"), Says("Added."), Says("You asked for milk."))

    async with start_system(brain(fake, "openai")) as system:
        await system.say(ada, "I need milk")
    async with start_system(brain(fake, "compatible")) as system:
        answer = await system.say(ada, "What did I ask for?", 1)

    assert answer.json()["response"] == "You asked for milk."
    *_, call, output, _, _ = fake.asked[-1].body["messages"]
    assert call["tool_calls"][0]["id"] == output["tool_call_id"]


@pytest.mark.requirement("001/FR-054")
async def test_calls_that_a_model_names_alike_are_different_calls(
    thinking: System, fake: FakeOpenAI, ada: str
) -> None:
    both = Calls((("add_task", '{"title": "Milk"}'), ("add_task", '{"title": "Bread"}')))
    fake.script(both, calls("add_task", title="Eggs"), Says("Added three."))
    fake.script(calls("add_task", title="Jam"), Says("Added one."))

    await thinking.say(ada, "Milk, bread, eggs")
    await thinking.say(ada, "Jam", 1)

    titles = [task["title"] for task in await thinking.tasks(ada)]
    assert sorted(titles) == ["Bread", "Eggs", "Jam", "Milk"]
    assert titles[2:] == ["Eggs", "Jam"]


@pytest.mark.requirement("001/FR-053")
@pytest.mark.parametrize("status", [500, 503, 429, 408, 409])
async def test_a_model_that_stumbles_is_asked_again(
    thinking: System, fake: FakeOpenAI, ada: str, status: int
) -> None:
    fake.script(Fails(status), Fails(status), Says("Here I am."))

    answer = await thinking.say(ada, "Hello")

    assert answer.json()["response"] == "Here I am."


@pytest.mark.requirement("001/FR-053")
@pytest.mark.parametrize("status", [500, 429])
async def test_a_model_that_keeps_failing_gives_a_sentence(
    thinking: System, fake: FakeOpenAI, ada: str, status: int
) -> None:
    fake.script(*[Fails(status)] * 3)

    answer = await thinking.say(ada, "Hello")

    assert answer.status_code == 200
    assert answer.json()["response"] == MODEL_FAILED


@pytest.mark.requirement("001/FR-053")
@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_what_asking_again_cannot_mend_is_not_asked_again(
    thinking: System, fake: FakeOpenAI, ada: str, status: int
) -> None:
    fake.script(Fails(status))

    answer = await thinking.say(ada, "Hello")

    assert answer.json()["response"] == MODEL_FAILED
    assert len(fake.asked) == 1


@pytest.mark.requirement("001/FR-053")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"<html>Bad gateway</html>",
        b'{"choices": []}',
        b'{"choices": null}',
        b'{"choices": [{"message": null}]}',
        b'{"output": null}',
        b'{"output": [{"type": "surprise"}]}',
        b'{"output": [{"type": "function_call", "name": null, "arguments": null}]}',
        b'{"error": {"message": "quota"}}',
    ],
)
async def test_an_answer_that_is_none_gives_a_sentence(
    thinking: System, fake: FakeOpenAI, ada: str, body: bytes
) -> None:
    fake.script(Sends(body))

    answer = await thinking.say(ada, "Hello")

    assert answer.status_code == 200
    assert answer.json()["response"] in (MODEL_FAILED, NOTHING_TO_SAY)


@pytest.mark.requirement("001/FR-053")
async def test_a_model_that_never_answers_gives_a_sentence_that_tells_what_was_done(
    start_system: StartSystem, fake: FakeOpenAI, ada: str
) -> None:
    fake.script(calls("add_task", title="Buy milk"), Hangs())
    settings = {"model_timeout_seconds": 0.5, "model_max_retries": 0}

    async with start_system(brain(fake, "compatible", **settings)) as system:
        answer = await system.say(ada, "I need milk")

    assert answer.status_code == 200
    assert answer.json()["response"].startswith(MODEL_FAILED)
    assert "created “Buy milk”" in answer.json()["response"]
    assert answer.json()["tool_calls"][0]["result"]["title"] == "Buy milk"


@pytest.mark.requirement("001/FR-053")
async def test_a_model_that_nobody_serves_gives_a_sentence(
    start_system: StartSystem, ada: str
) -> None:
    nowhere = FakeOpenAI(url="http://127.0.0.1:9/v1")

    async with start_system(brain(nowhere, "openai", model_max_retries=0)) as system:
        answer = await system.say(ada, "Hello")

    assert answer.json()["response"] == MODEL_FAILED


@pytest.mark.requirement("001/FR-053")
async def test_a_model_that_refuses_gives_a_sentence(
    thinking: System, fake: FakeOpenAI, ada: str
) -> None:
    fake.script(Refuses("I cannot help with that."))

    answer = await thinking.say(ada, "Something bad")

    assert answer.json()["response"] == REFUSED


@pytest.mark.requirement("001/FR-053")
async def test_a_model_that_does_not_come_to_an_end_is_ended_with_what_was_done(
    start_system: StartSystem, fake: FakeOpenAI, ada: str
) -> None:
    fake.script(*[calls("add_task", title="Again")] * 3)

    async with start_system(brain(fake, "openai"), model_max_calls=3) as system:
        answer = await system.say(ada, "Loop")

    assert answer.status_code == 200
    assert answer.json()["response"].startswith(TOO_MANY_STEPS)
    assert answer.json()["response"].count("created “Again”") == 3
    assert len(answer.json()["tool_calls"]) == 3
