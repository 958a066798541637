"""The built-in offline assistant: a deterministic model that needs no LLM.

A pipeline of small stages, one module each; specs/004-offline-assistant/plan.md shows the way of a
sentence through them. The words are in words/*.toml. Only ``model`` loads the Agents SDK.
"""

from todo_chatbot.agent.offline.explain import explain, rehearse

__all__ = ["explain", "rehearse"]
