"""The assistant: a model, its instructions, and the tools it may call."""

import asyncio
import json
import logging
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Literal

from agents import (
    Agent,
    AgentsException,
    RunConfig,
    Runner,
    TResponseInputItem,
    set_tracing_disabled,
)
from agents.result import RunResultBase
from mcp.shared.exceptions import MCPError
from openai import OpenAIError

from todo_chatbot.agent.changes import Changes
from todo_chatbot.agent.guard import DeleteGuard
from todo_chatbot.agent.journal import Journal, JournalingModel, PlannedCall
from todo_chatbot.agent.listener import SILENT, Listener, Output
from todo_chatbot.agent.models import Brain
from todo_chatbot.agent.toolbox import CALL_ID, NOT_AN_OBJECT, Toolbox, Toolboxes
from todo_chatbot.errors import TodoError

log = logging.getLogger(__name__)

INSTRUCTIONS = files(__package__).joinpath("instructions.md").read_text(encoding="utf-8")

# Otherwise prompts and answers go to api.openai.com whenever any OPENAI_API_KEY is set.
set_tracing_disabled(True)

FAULT = "I'm sorry, something went wrong on our side. Your message is kept: try again soon."
MODEL_FAILED = "I'm sorry, the language model did not answer. Your message is kept: try again soon."
TOOLS_AWAY = "I'm sorry, I can't reach your tasks right now. Please try again in a moment."
REFUSED = "I'm sorry, the language model refused to answer that. Please say it in other words."
TOO_MANY_STEPS = "That took more steps than I may take at once. Tell me how to go on."
NOTHING_TO_SAY = "I have nothing to say to that. Please say it in other words."

Outcome = Literal["answered", "model_failed", "tools_away", "fault"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the assistant answered.

    ``outputs`` holds what each tool call of the turn gave back, by call id; ``seconds`` how long
    the model and the tools took.
    """

    text: str
    outcome: Outcome
    outputs: Mapping[str, Output]
    model_seconds: float = 0
    input_tokens: int = 0
    output_tokens: int = 0
    error: str | None = field(default=None, repr=False)
    """The kind of failure, for the log."""


class Assistant:
    """Answers one message. Keeps nothing between calls."""

    def __init__(
        self, brain: Brain, toolboxes: Toolboxes, *, max_calls: int, timeout_seconds: float
    ) -> None:
        self._brain = brain
        self._toolboxes = toolboxes
        self._max_calls = max_calls
        self._timeout_seconds = timeout_seconds

    async def reply(
        self,
        items: Sequence[TResponseInputItem],
        unmade: Sequence[PlannedCall],
        *,
        token: str,
        journal: Journal,
        listener: Listener,
        headers: Mapping[str, str],
    ) -> Reply:
        """Answer the conversation ``items``, whose last user message has no answer yet.

        ``unmade`` are calls at its end that were recorded but have no output: they are made
        first, under the ids they have. A model or a tool service that fails becomes a reply that
        says so, and so does a fault of our own.

        Raises:
            TodoError: the journal could not be written.
        """
        guard = DeleteGuard(items)
        toolbox = self._toolboxes.open(token, headers, listener, guard)
        changes = Changes(items, toolbox.outputs)
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._timeout_seconds), toolbox:
                guard.expect((call.call_id, call.name) for call in unmade)
                continued = [*items, *await _make(unmade, toolbox)]
                model = JournalingModel(self._brain.model, journal, toolbox.outputs, guard)
                result = await self._run(continued, model, toolbox, listener, changes)
        except MCPError:
            return Reply(
                changes.told_after(TOOLS_AWAY), "tools_away", toolbox.outputs, error="tools"
            )
        except (OpenAIError, AgentsException, TimeoutError) as error:
            text = changes.told_after(MODEL_FAILED)
            return Reply(text, "model_failed", toolbox.outputs, error=_kind(error))
        except TodoError:
            raise
        except Exception as error:
            # Raised further, it would leave the turn open, to be carried out and to fail again
            # before every later turn of the conversation.
            log.exception("turn failed")
            return Reply(changes.told_after(FAULT), "fault", toolbox.outputs, error=_kind(error))
        usage = result.context_wrapper.usage
        tools_seconds = sum(output.seconds for output in toolbox.outputs.values())
        return Reply(
            str(result.final_output).strip() or changes.told_after(NOTHING_TO_SAY),
            "answered",
            toolbox.outputs,
            model_seconds=max(0.0, time.perf_counter() - started - tools_seconds),
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
        )

    async def _run(
        self,
        items: list[TResponseInputItem],
        model: JournalingModel,
        toolbox: Toolbox,
        listener: Listener,
        changes: Changes,
    ) -> RunResultBase:
        agent = Agent(
            name="Todo assistant",
            instructions=INSTRUCTIONS,
            model=model,
            model_settings=self._brain.settings,
            mcp_servers=[toolbox],
        )
        how: dict[str, Any] = {
            "max_turns": self._max_calls,
            "run_config": RunConfig(
                tracing_disabled=True,
                tool_not_found_behavior="return_error_to_model",
                tool_error_formatter=toolbox.no_such_tool,
            ),
            "error_handlers": {
                "max_turns": lambda _: changes.told_after(TOO_MANY_STEPS),
                "model_refusal": lambda _: changes.told_after(REFUSED),
            },
        }
        if listener is SILENT:
            return await Runner.run(agent, items, **how)
        streamed = Runner.run_streamed(agent, items, **how)
        async for event in streamed.stream_events():
            if (
                event.type == "raw_response_event"
                and event.data.type == "response.output_text.delta"
            ):
                listener.wrote(event.data.delta)
        return streamed


def _kind(error: Exception) -> str:
    """Return what failed and where, for the log: never its message, which may quote people."""
    cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
    place = traceback.extract_tb(cause.__traceback__)[-1]
    return f"{type(cause).__name__} in {place.name}"


async def _make(unmade: Sequence[PlannedCall], toolbox: Toolbox) -> list[TResponseInputItem]:
    """Make recorded calls again; their receipts keep them from taking effect twice."""
    for call in unmade:
        arguments = _arguments(call)
        if arguments is None:
            toolbox.refuse(call.call_id, call.name, NOT_AN_OBJECT)
        else:
            await toolbox.call_tool(call.name, arguments, {CALL_ID: call.call_id})
    return [
        {
            "type": "function_call_output",
            "call_id": call.call_id,
            "output": toolbox.outputs[call.call_id].text,
        }
        for call in unmade
    ]


def _arguments(call: PlannedCall) -> dict[str, Any] | None:
    """Return a call's arguments, or None when the model wrote something else."""
    try:
        arguments = json.loads(call.arguments or "{}")
    except ValueError:
        return None
    return arguments if isinstance(arguments, dict) else None
