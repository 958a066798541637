"""OpenAI's client, minus what it computes again for every message of a history.

Before sending, the client walks each message through every member of a union of types, to rename
fields and to encode files. Ours need neither, and the walk was a third of the CPU of a turn; what
is given as ``extra_body`` goes out as it is.
"""

from functools import cached_property
from typing import Any

from openai import AsyncOpenAI
from openai.resources.chat import AsyncChat, AsyncCompletions
from openai.resources.responses import AsyncResponses


class PlainClient(AsyncOpenAI):
    """A client that sends messages and tools as they are given."""

    @cached_property
    def chat(self) -> AsyncChat:
        """Chat Completions."""
        return _Chat(self)

    @cached_property
    def responses(self) -> AsyncResponses:
        """Responses."""
        return _Responses(self)


class _Chat(AsyncChat):
    @cached_property
    def completions(self) -> AsyncCompletions:
        return _Completions(self._client)


class _Completions(AsyncCompletions):
    async def create(self, **given: Any) -> Any:  # noqa: ANN401 - as declared
        # ``messages`` must be given as well.
        return await super().create(**_as_they_are(given, "messages", "tools"), messages=[])


class _Responses(AsyncResponses):
    async def create(self, **given: Any) -> Any:  # noqa: ANN401 - as declared
        return await super().create(**_as_they_are(given, "input", "tools"))


def _as_they_are(given: dict[str, Any], *names: str) -> dict[str, Any]:
    plain = {name: given.pop(name) for name in names if name in given}
    return {**given, "extra_body": plain | (given.get("extra_body") or {})}
