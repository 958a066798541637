"""What each turn asks of the model, and what the model fails at."""

import asyncio
from collections.abc import AsyncIterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from agents import Model, ModelResponse
from agents.items import TResponseStreamEvent


@dataclass
class Spent:
    """What the model was asked during one turn."""

    input_tokens: int = 0
    output_tokens: int = 0
    failure: Exception | None = None
    """Why there was no answer; the person only reads an apology."""


spent: ContextVar[Spent] = ContextVar("spent")
"""Of the turn that this task carries out."""


class MeteredModel(Model):
    """A model whose tokens and failures are counted in ``spent``."""

    def __init__(self, inner: Model) -> None:
        self._inner = inner

    async def get_response(self, *args: Any, **kwargs: Any) -> ModelResponse:  # noqa: ANN401 - handed on as it is
        """Ask the model and count."""
        turn = spent.get()
        try:
            response = await self._inner.get_response(*args, **kwargs)
        except asyncio.CancelledError:
            turn.failure = TimeoutError("The turn took too long.")
            raise
        except Exception as error:
            turn.failure = error
            raise
        turn.input_tokens += response.usage.input_tokens
        turn.output_tokens += response.usage.output_tokens
        return response

    def stream_response(
        self,
        *args: Any,  # noqa: ANN401 - handed on as it is
        **kwargs: Any,  # noqa: ANN401 - handed on as it is
    ) -> AsyncIterator[TResponseStreamEvent]:
        """Stream the model's answer, uncounted: nobody watches these turns."""
        return self._inner.stream_response(*args, **kwargs)
