"""The endpoint attacked with what its own description makes one think of."""

import asyncio
from typing import Any

import pytest
import schemathesis
from contracts import contracts
from hypothesis import HealthCheck, given, settings
from processes import Stack
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from servers import Messages, Wish
from support import bearer

EXAMPLES = 60
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


async def say_hello(_: Messages) -> str | list[Wish]:
    return "Hello."


@pytest.mark.requirement("001/FR-001", "001/FR-004", "001/FR-005")
@pytest.mark.parametrize("mode", GenerationMode)
async def test_whatever_is_sent_the_answer_is_one_of_the_contract(
    stack: Stack, ada: str, mode: GenerationMode
) -> None:
    stack.model.think = say_hello

    statuses = await asyncio.to_thread(attack, stack.api.url, ada, mode)

    assert statuses & {404, 422}
    assert (200 in statuses) == (mode is GenerationMode.POSITIVE)


def attack(address: str, user: str, mode: GenerationMode) -> set[int]:
    """Send what hypothesis finds; return the statuses that came back."""
    schema: Any = schemathesis.openapi.from_file(contracts()["chat.openapi.json"])
    schema.config.update(base_url=address)
    operation = schema["/api/{user_id}/chat"]["POST"]
    statuses = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        case.path_parameters = {"user_id": user}
        answer = case.call(headers=bearer(user))
        case.validate_response(answer, checks=list(CHECKS))
        statuses.add(answer.status_code)

    send()
    return statuses
