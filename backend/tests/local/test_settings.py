"""What the supervisor says about the model is what ``api`` will do."""

import itertools

import pytest

from todo_chatbot.agent.models import choose
from todo_chatbot.local.settings import assistant
from todo_chatbot.settings import ModelSettings


@pytest.mark.requirement("001/FR-203")
@pytest.mark.parametrize(
    "variables",
    [
        dict(
            zip(
                ("MODEL_PROVIDER", "OPENAI_API_KEY", "OPENAI_BASE_URL", "MODEL"),
                values,
                strict=True,
            )
        )
        for values in itertools.product(
            ("", "auto", "offline"), ("", "some-key"), ("", "http://127.0.0.1:1/v1"), ("", "other")
        )
    ],
)
def test_the_model_that_is_named_is_the_model_that_answers(monkeypatch, variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    chosen = choose(ModelSettings())
    named = assistant(variables)

    assert (named.provider, named.model) == (chosen.provider, chosen.name)
