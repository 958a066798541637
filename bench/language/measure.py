"""Takes a model through the cases and writes down what came of each."""

import asyncio
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from language.cases import Case, Verdict, judge
from todo_chatbot.agent.assistant import TOOLS_AWAY

from bench.language.corpus import digest
from bench.language.results import UNANSWERED, Result, Results, Turn
from bench.language.system import Reply, System, SystemBroken
from bench.language.trouble import explain

PATIENCE = 3
"""So many cases in a row without an answer, and the model's server is taken to be down."""


class Measurement:
    """One run over cases. ``trouble`` is why it ended early, if it did."""

    def __init__(self, system: System, results: Results, address: str) -> None:
        self.trouble: str | None = None
        self._system = system
        self._results = results
        self._address = address
        self._unanswered = 0

    async def run(self, cases: Sequence[Case], jobs: int, told: Callable[[Result], None]) -> None:
        """Measure ``cases``, ``jobs`` at a time; ``told`` learns each result once it is written."""
        waiting = iter(cases)
        async with asyncio.TaskGroup() as group:
            for _ in range(jobs):
                group.create_task(self._work(waiting, told))

    async def _work(self, waiting: Iterable[Case], told: Callable[[Result], None]) -> None:
        for case in waiting:
            try:
                result = await self._measure(case)
            except SystemBroken as broken:
                self.trouble = f"A fault of this system, not of the model: {broken}"
                return
            if result is not None:
                self._results.append(result)
                told(result)
            if self.trouble:
                return

    async def _measure(self, case: Case) -> Result | None:
        """Return the result of a case, or None when no model was there to give one."""
        user_id = f"eval-{uuid.uuid4()}"
        await self._prepare(user_id, case)
        turns: list[Turn] = []
        conversation_id = None
        for said in case.turns:
            reply = await self._system.say(user_id, said, conversation_id)
            conversation_id = reply.conversation_id
            turns.append(_turn(said, reply))
            if reply.spent.failure is not None:
                return self._no_answer(case, turns, reply.spent.failure)
            if reply.text.startswith(TOOLS_AWAY):
                raise SystemBroken("The tools did not answer.")
        self._unanswered = 0
        after = await self._system.tasks(user_id)
        found = judge(case, after, turns[-1].answer)
        return _result(case, found, turns)

    async def _prepare(self, user_id: str, case: Case) -> None:
        for number, task in enumerate(case.tasks, 1):
            fields = {name: task[name] for name in ("title", "description") if task.get(name)}
            await self._system.call(user_id, "add_task", **fields)
            if task["completed"]:
                await self._system.call(user_id, "complete_task", task_id=number)

    def _no_answer(self, case: Case, turns: list[Turn], failure: Exception) -> Result | None:
        why = explain(failure, self._results.model, self._address)
        self._unanswered += 1
        if why.lasting or self._unanswered >= PATIENCE:
            self.trouble = self.trouble or why.sentence
        if why.lasting:
            return None
        return _result(case, Verdict(UNANSWERED, why.sentence), turns)


def _result(case: Case, verdict: Verdict, turns: list[Turn]) -> Result:
    return Result(
        case=case.id,
        digest=digest(case),
        category=case.category,
        held_back=case.held_back,
        verdict=verdict.name,
        why=verdict.why,
        turns=tuple(turns),
    )


def _turn(said: str, reply: Reply) -> Turn:
    return Turn(
        said=said,
        answer=reply.text,
        calls=tuple(_call(call) for call in reply.calls),
        input_tokens=reply.spent.input_tokens,
        output_tokens=reply.spent.output_tokens,
        seconds=round(reply.seconds, 3),
    )


def _call(call: dict[str, Any]) -> str:
    written = f"{call['name']} {json.dumps(call['arguments'], ensure_ascii=False)}"
    return f"{written}: {call['error']}" if "error" in call else written
