"""The public HTTP interface as a program of a person uses it: sign in, then say something."""

import base64
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any, Self

import httpx2

TRIES = 6
LONGEST_PAUSE_SECONDS = 8
LONGEST_TURN_SECONDS = 300
WORTH_ANOTHER_TRY = {409, 502, 503, 504}


class Refused(Exception):
    """The server says no; the message is its reason, a sentence."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Unreachable(Exception):
    """Nobody answers at the address."""


@dataclass(frozen=True)
class Answer:
    """What the assistant said, and the names of the tools it used, in order."""

    conversation_id: int
    text: str
    tools: list[str]


class Client:
    """One person at one address. The session's cookies are what proves who they are."""

    def __init__(self, url: str, cookies: dict[str, str]) -> None:
        """``cookies`` are those of an earlier session, or none."""
        self._url = url
        self._http = httpx2.Client(
            base_url=url,
            # Better Auth refuses what comes with a cookie and does not say from where.
            headers={"origin": url},
            cookies=cookies,
            timeout=httpx2.Timeout(10, read=LONGEST_TURN_SECONDS),
        )
        self._token = ""
        self._tries = 1
        """One until somebody has answered: then what is lost is a connection, not the server."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def cookies(self) -> dict[str, str]:
        """Return the session's cookies, to be kept for the next time."""
        return {cookie.name: cookie.value or "" for cookie in self._http.cookies.jar}

    def sign_up(self, email: str, password: str) -> None:
        """Make an account and sign in."""
        name = email.partition("@")[0]
        self._sign("sign-up", {"name": name, "email": email, "password": password})

    def sign_in(self, email: str, password: str) -> None:
        """Sign in to an account."""
        self._sign("sign-in", {"email": email, "password": password})

    def renew_token(self) -> None:
        """Get an access token for the session.

        Raises:
            Refused: 401 when there is no session, or no longer.
        """
        self._token = self._send("GET", "/api/auth/token")["token"]

    def say(self, message: str, conversation_id: int | None) -> Answer:
        """Say something and return the answer, however often the connection is lost meanwhile.

        Raises:
            Refused: 404 when the conversation is gone, 401 when the session is.
            Unreachable: no answer in several tries.
        """
        said: dict[str, Any] = {"message": message}
        if conversation_id is not None:
            said["conversation_id"] = conversation_id
        # The same key for every try: whichever of them arrive, the server carries out one turn.
        key = str(uuid.uuid4())
        try:
            answer = self._chat(said, key)
        except Refused as refusal:
            if refusal.status != 401:
                raise
            self.renew_token()
            answer = self._chat(said, key)
        tools = [call["name"] for call in answer["tool_calls"]]
        return Answer(answer["conversation_id"], answer["response"], tools)

    def _chat(self, said: dict[str, Any], key: str) -> Any:  # noqa: ANN401 - JSON
        headers = {"authorization": f"Bearer {self._token}", "idempotency-key": key}
        return self._send("POST", f"/api/{_subject(self._token)}/chat", said, headers)

    def _sign(self, way: str, fields: dict[str, str]) -> None:
        self._http.cookies.clear()
        self._send("POST", f"/api/auth/{way}/email", fields)

    def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 - JSON
        attempt = 1
        while True:
            pause = float(min(LONGEST_PAUSE_SECONDS, 2**attempt / 2))
            try:
                response = self._http.request(method, path, json=body, headers=headers)
            except (httpx2.TransportError, httpx2.InvalidURL) as error:
                if attempt >= self._tries:
                    raise Unreachable(f"Nobody answers at {self._url}. Is it running?") from error
            else:
                self._tries = TRIES
                if response.is_success:
                    return response.json()
                if response.status_code not in WORTH_ANOTHER_TRY or attempt >= TRIES:
                    raise Refused(response.status_code, _reason(response))
                pause = float(response.headers.get("retry-after", pause))
            time.sleep(pause)
            attempt += 1


def _subject(token: str) -> str:
    """Return whose token it is; the server verifies it, this program only needs the address."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return str(claims["sub"])


def _reason(response: httpx2.Response) -> str:
    """Return why, from problem details or from Better Auth's own form."""
    try:
        told = response.json()
    except ValueError:
        told = {}
    reason = told.get("detail") or told.get("message") if isinstance(told, dict) else None
    return str(reason or f"The server answered {response.status_code}.")
