"""Which language model answers: OpenAI's, any compatible server's, or the built-in assistant."""

from dataclasses import dataclass
from typing import Literal

from agents import Model, ModelSettings, OpenAIChatCompletionsModel, OpenAIResponsesModel
from openai import AsyncOpenAI

from todo_chatbot.agent.offline.model import OfflineModel
from todo_chatbot.settings import ModelSettings as Chosen

OPENAI = "https://api.openai.com/v1"

Provider = Literal["openai", "compatible", "offline"]


@dataclass(frozen=True)
class Brain:
    """A model, how to ask it, and what to call it in front of people."""

    model: Model
    settings: ModelSettings
    provider: Provider
    name: str
    client: AsyncOpenAI | None = None

    async def close(self) -> None:
        """Close the connections to the model."""
        if self.client is not None:
            await self.client.close()


def provider_of(chosen: Chosen) -> Provider:
    """Return the provider that the settings mean; see ``ModelSettings.model_provider``."""
    if chosen.model_provider != "auto":
        return chosen.model_provider
    if chosen.openai_base_url is not None:
        return "compatible"
    return "offline" if chosen.openai_api_key is None else "openai"


def choose(chosen: Chosen) -> Brain:
    """Return the model that the settings ask for."""
    provider = provider_of(chosen)
    if provider == "offline":
        return Brain(OfflineModel(), ModelSettings(), provider, "built-in assistant")
    # Five megabytes that the built-in assistant does not need.
    from todo_chatbot.agent.client import PlainClient

    key = chosen.openai_api_key
    client = PlainClient(
        # A compatible server of one's own often wants no key, the client always wants one.
        api_key=key.get_secret_value() if key else "none",
        # Never None: then the client would read the environment itself, an empty value included.
        base_url=str(chosen.openai_base_url or OPENAI),
        timeout=chosen.model_timeout_seconds,
        max_retries=chosen.model_max_retries,
    )
    model: Model
    if provider == "openai":
        model, settings = OpenAIResponsesModel(chosen.model, client), ModelSettings(store=False)
    else:
        # Chat Completions, because that is what Ollama, vLLM and llama.cpp all speak.
        model, settings = OpenAIChatCompletionsModel(chosen.model, client), ModelSettings()
    return Brain(model, settings, provider, chosen.model, client)
