"""Which language model answers: OpenAI's, any compatible server's, or the built-in assistant."""

from dataclasses import dataclass
from typing import Literal

from agents import Model, ModelSettings, OpenAIChatCompletionsModel, OpenAIResponsesModel
from openai import AsyncOpenAI

from todo_chatbot.agent.offline import OfflineModel
from todo_chatbot.settings import ModelSettings as Chosen

Provider = Literal["openai", "compatible", "offline"]


@dataclass(frozen=True)
class Brain:
    """A model, how to ask it, and what to call it in front of people."""

    model: Model
    settings: ModelSettings
    provider: Provider
    name: str


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
    key = chosen.openai_api_key.get_secret_value() if chosen.openai_api_key else None
    client = AsyncOpenAI(
        # A compatible server of one's own often wants no key, the client always wants one.
        api_key=key or "none",
        base_url=str(chosen.openai_base_url) if chosen.openai_base_url else None,
        timeout=chosen.model_timeout_seconds,
        max_retries=chosen.model_max_retries,
    )
    if provider == "openai":
        settings = ModelSettings(store=False)
        return Brain(OpenAIResponsesModel(chosen.model, client), settings, provider, chosen.model)
    # Chat Completions, because that is what Ollama, vLLM and llama.cpp all speak.
    model = OpenAIChatCompletionsModel(chosen.model, client)
    return Brain(model, ModelSettings(), provider, chosen.model)
