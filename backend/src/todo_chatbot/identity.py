"""Who is calling: checks the tokens that ``auth`` signs, mints those that ``tools`` accept."""

import re
import time
import uuid
from dataclasses import dataclass
from typing import Any

import jwt

from todo_chatbot.errors import NotSignedIn

ALGORITHM = "HS256"
MAX_TOKEN_CHARACTERS = 4096
MAX_LIFETIME_SECONDS = 3600
LEEWAY_SECONDS = 10

_SHAPE = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_SUBJECT = re.compile(r"[\w-]{1,64}", re.ASCII)

UserId = str


@dataclass(frozen=True, slots=True)
class Caller:
    """The user that a verified token was issued to."""

    user_id: UserId


class TokenVerifier:
    """Accepts the access tokens of one issuer for one audience, and nothing else.

    Better Auth signs further tokens with the same secret (e-mail verification, cached sessions):
    that is why issuer, audience and subject are required, not only checked when present.
    """

    def __init__(self, secret: str, *, issuer: str, audience: str) -> None:
        self._key = secret.encode()
        self._issuer = issuer
        self._audience = audience
        self._jwt = jwt.PyJWT({"enforce_minimum_key_length": True})

    def verify(self, token: str) -> Caller:
        """Return the caller whom a token was issued to.

        Raises:
            NotSignedIn: for every other string; the message never says what was wrong with it.
        """
        # Shape and size first: a parser should not meet a megabyte or nested JSON from a stranger.
        if len(token) > MAX_TOKEN_CHARACTERS or not _SHAPE.fullmatch(token):
            raise NotSignedIn("Sign in again.")
        try:
            claims = self._claims(token)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise NotSignedIn("Sign in again.") from error
        return Caller(claims["sub"])

    def _claims(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if "crit" in header or "b64" in header or str(header.get("typ", "JWT")).upper() != "JWT":
            raise jwt.InvalidTokenError("header")
        claims: dict[str, Any] = self._jwt.decode(
            token,
            self._key,
            algorithms=[ALGORITHM],
            issuer=self._issuer,
            audience=self._audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "sub", "iss", "aud"], "strict_aud": True},
        )
        issued, expires = claims["iat"], claims["exp"]
        if isinstance(issued, bool) or isinstance(expires, bool):
            raise jwt.InvalidTokenError("a boolean is not a time")
        if not 0 < expires - issued <= MAX_LIFETIME_SECONDS:
            raise jwt.InvalidTokenError("lifetime")
        if not _SUBJECT.fullmatch(claims["sub"]):
            raise jwt.InvalidTokenError("subject")
        return claims


class TokenMinter:
    """Signs the tokens with which ``api`` calls ``tools`` on behalf of one user.

    A token of its own, because a server must not pass on tokens it received
    (MCP 2026-07-28, authorization), and a turn may outlive the browser's token.
    """

    def __init__(self, secret: str, *, issuer: str, audience: str, lifetime_seconds: int) -> None:
        self._key = secret.encode()
        self._issuer = issuer
        self._audience = audience
        self._lifetime_seconds = min(lifetime_seconds, MAX_LIFETIME_SECONDS)

    def mint(self, user_id: UserId) -> str:
        """Return a fresh token that names ``user_id`` and nothing else about them."""
        now = int(time.time())
        claims = {
            "sub": user_id,
            "iss": self._issuer,
            "aud": self._audience,
            "iat": now,
            "exp": now + self._lifetime_seconds,
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode(claims, self._key, ALGORITHM)
