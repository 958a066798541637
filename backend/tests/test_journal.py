"""Calls are written down, under ids of their own, before anything acts on them: streamed or not."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from agents import (
    Agent,
    Model,
    ModelBehaviorError,
    ModelRefusalError,
    RunConfig,
    Runner,
    function_tool,
)
from agents.items import TResponseStreamEvent
from fake_openai import Breaks, Calls, Fails, FakeOpenAI, Refuses, Says, Step, calls
from openai import OpenAIError

from todo_chatbot.agent.guard import DeleteGuard
from todo_chatbot.agent.journal import JournalingModel, PlannedCall
from todo_chatbot.agent.listener import Output
from todo_chatbot.agent.models import choose
from todo_chatbot.agent.offline.model import OfflineModel
from todo_chatbot.errors import DatabaseAway
from todo_chatbot.settings import ModelSettings


class Diary:
    """A journal that remembers what happened in which order."""

    def __init__(self) -> None:
        self.pages: list[str] = []
        self.calls: list[PlannedCall] = []

    async def write_down(self, calls: Sequence[PlannedCall], outputs: dict[str, Output]) -> None:
        assert set(outputs) <= {call.call_id for call in self.calls}
        self.calls.extend(calls)
        self.pages.append(f"wrote down {len(calls)}")


@pytest.fixture(params=["openai", "compatible"])
async def inner(request: pytest.FixtureRequest, fake: FakeOpenAI) -> AsyncIterator[Model]:
    """A model of either provider, behind the fake server."""
    given = {"model_provider": request.param, "openai_base_url": fake.url, "openai_api_key": "k"}
    brain = choose(ModelSettings(**given, model_max_retries=0))
    yield brain.model
    await brain.close()


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    """A model server that says what the test scripted, and all of it."""
    async with FakeOpenAI().running() as running:
        yield running
    assert not running.steps


async def streamed(
    inner: Model, diary: Diary, said: str = "Milk"
) -> tuple[str, list[TResponseStreamEvent]]:
    """Run an agent with one tool; return its answer and the events of its model."""

    @function_tool
    async def add_task(title: str) -> str:
        """Add a task."""
        diary.pages.append(f"added {title}")
        return json.dumps({"task_id": 1, "status": "created", "title": title})

    model = JournalingModel(inner, diary, {}, DeleteGuard([]))
    agent = Agent(name="test", model=model, tools=[add_task])
    run = Runner.run_streamed(agent, said, run_config=RunConfig(tracing_disabled=True))
    events = [
        event.data async for event in run.stream_events() if event.type == "raw_response_event"
    ]
    return str(run.final_output), events


@pytest.mark.requirement("001/FR-011", "001/FR-054")
async def test_calls_that_come_in_pieces_are_written_down_whole_and_first(
    inner: Model, fake: FakeOpenAI
) -> None:
    long = "Milk, 2 litres, the one with the blue cap 🥛"
    both = Calls(
        tuple(("add_task", json.dumps({"title": title})) for title in (long, "Bread")),
        thought="Two things.",
    )
    fake.script(both, calls("add_task", title="Eggs"), Says("I added all three for you."))
    diary = Diary()

    answer, events = await streamed(inner, diary)

    assert answer == "I added all three for you."
    assert diary.pages[0] == "wrote down 2"
    assert sorted(diary.pages[1:3]) == ["added Bread", f"added {long}"]
    assert diary.pages[3:] == ["wrote down 1", "added Eggs"]
    assert [json.loads(call.arguments)["title"] for call in diary.calls] == [long, "Bread", "Eggs"]
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert text == answer


@pytest.mark.requirement("001/FR-054")
async def test_events_of_one_item_carry_one_id_and_other_items_another(
    inner: Model, fake: FakeOpenAI
) -> None:
    fake.script(Calls((("add_task", '{"title": "A"}'), ("add_task", '{"title": "B"}'))))
    fake.script(Says("Added both."))
    diary = Diary()

    _, events = await streamed(inner, diary)

    answers: list[dict[int, set[Any]]] = [{}]
    for event in events:
        if (place := getattr(event, "output_index", None)) is not None:
            ids = answers[-1].setdefault(place, set())
            ids.add(getattr(event, "item_id", None) or event.item.id)
        if event.type == "response.completed":
            for place, item in enumerate(event.response.output):
                answers[-1].setdefault(place, set()).add(item.id)
            answers.append({})
    places = [ids for answer in answers for ids in answer.values()]
    assert all(len(ids) == 1 for ids in places)
    assert len(set.union(*places)) == len(places) == 3
    assert len({call.call_id for call in diary.calls}) == 2


@pytest.mark.requirement("001/FR-053")
@pytest.mark.parametrize("step", [Fails(500), Breaks()])
async def test_a_stream_that_fails_or_breaks_off_is_a_failure_of_the_model(
    inner: Model, fake: FakeOpenAI, step: Step
) -> None:
    fake.script(step)
    diary = Diary()

    with pytest.raises((OpenAIError, ModelBehaviorError)):
        await streamed(inner, diary)

    assert diary.pages == []


@pytest.mark.requirement("001/FR-053")
async def test_a_streamed_refusal_is_known_as_one(inner: Model, fake: FakeOpenAI) -> None:
    fake.script(Refuses("I will not."))

    with pytest.raises(ModelRefusalError):
        await streamed(inner, Diary())


@pytest.mark.requirement("001/FR-011")
async def test_a_call_that_cannot_be_written_down_is_not_made(
    inner: Model, fake: FakeOpenAI
) -> None:
    class Closed(Diary):
        async def write_down(self, *_: Any) -> None:
            raise DatabaseAway

    fake.script(calls("add_task", title="Milk"))
    diary = Closed()

    with pytest.raises(DatabaseAway):
        await streamed(inner, diary)

    assert diary.pages == []


@pytest.mark.requirement("001/FR-011", "001/FR-054")
async def test_the_built_in_assistant_streams_through_the_journal_too() -> None:
    diary = Diary()

    answer, events = await streamed(OfflineModel(), diary, "Add a task to buy milk")

    assert diary.pages == ["wrote down 1", "added Buy milk"]
    assert answer
    assert events[-1].type == "response.completed"
