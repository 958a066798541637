"""What to tell people when a model's server fails, and whether going on makes sense."""

from dataclasses import dataclass

from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
)

LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there was no answer, and what to do; ``lasting``: the next message would fare alike."""

    sentence: str
    lasting: bool


def explain(error: Exception, model: str, address: str) -> Trouble:
    """Return what a failure of ``model`` at ``address`` means."""
    match error:
        case APITimeoutError() | TimeoutError():
            return Trouble(
                f"{model} takes too long to answer."
                " Raise MODEL_TIMEOUT_SECONDS, or ask less at once with JOBS=1.",
                lasting=False,
            )
        case APIConnectionError():
            return Trouble(
                f"Nobody answers at {address}. Start the model's server, or correct"
                " OPENAI_BASE_URL.",
                lasting=True,
            )
        case AuthenticationError() | PermissionDeniedError():
            return Trouble(
                f"{address} refuses the key ({error.status_code}). Set OPENAI_API_KEY to one"
                f" that may use {model}.",
                lasting=True,
            )
        case NotFoundError():
            return Trouble(
                f"{address} knows no model {model!r}, or is not the right address (404)."
                " Correct MODEL or OPENAI_BASE_URL, which mostly ends in /v1.",
                lasting=True,
            )
        case RateLimitError():
            return Trouble(
                f"{address} allows no more for now, or the account is empty (429)."
                " Wait, or ask less at once with JOBS=1.",
                lasting=False,
            )
        case APIStatusError():
            return Trouble(
                f"{address} fails with {error.status_code}: {error.message[:LONGEST_QUOTE]}."
                " Read its log; a model that cannot call tools cannot do this work.",
                lasting=False,
            )
    return Trouble(
        f"{address} sends what is no answer of a model ({type(error).__name__})."
        " Does OPENAI_BASE_URL end in /v1, and does the server call tools?",
        lasting=False,
    )
