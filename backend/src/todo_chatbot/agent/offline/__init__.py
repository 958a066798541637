"""The built-in offline assistant: a deterministic model that needs no LLM."""

from todo_chatbot.agent.offline.model import OfflineModel

__all__ = ["OfflineModel"]
