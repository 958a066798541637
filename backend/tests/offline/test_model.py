"""The assistant as a model of the Agents SDK."""

import json
from typing import Any

import pytest
from agents import ModelSettings, ModelTracing
from offline.dialogue import said

from todo_chatbot.agent.offline.model import OfflineModel


async def streamed(text: str) -> list[Any]:
    stream = OfflineModel().stream_response(
        None, [said(text)], ModelSettings(), [], None, [], ModelTracing.DISABLED
    )
    return [event async for event in stream]


@pytest.mark.requirement("004/FR-002")
async def test_an_answer_is_streamed_with_every_event() -> None:
    events = await streamed("hello")

    kinds = [event.type for event in events]
    pieces = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert kinds[:3] == [
        "response.created",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert kinds[-4:] == [
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert "".join(pieces) == events[-1].response.output[0].content[0].text
    assert [event.sequence_number for event in events] == list(range(len(events)))


@pytest.mark.requirement("004/FR-002")
async def test_calls_are_streamed_with_every_event() -> None:
    events = await streamed("add milk; bread")

    assert [event.type for event in events] == [
        "response.created",
        *(
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
        )
        * 2,
        "response.completed",
    ]
    calls = events[-1].response.output
    assert [json.loads(call.arguments) for call in calls] == [{"title": "Milk"}, {"title": "Bread"}]


@pytest.mark.requirement("004/FR-001")
async def test_ids_are_unique() -> None:
    model = OfflineModel()
    found = []
    for _ in range(2):
        response = await model.get_response(
            None, [said("add milk; bread")], ModelSettings(), [], None, [], ModelTracing.DISABLED
        )
        found += [item.call_id for item in response.output] + [item.id for item in response.output]

    assert len(set(found)) == len(found) == 8
