"""`helm test`: two people sign up, one keeps a list by talking, and neither reaches the other's.

Proves 005/FR-080. Only the standard library, so that the backend's image can run it as it is.
"""

import json
import os
import secrets
import sys
from http.cookies import SimpleCookie
from urllib.error import HTTPError
from urllib.request import Request, urlopen

WEB = os.environ["WEB_URL"]
ORIGIN = os.environ["PUBLIC_URL"]
TIMEOUT_SECONDS = 120


def call(path, body=None, **headers):
    """Return the status, the JSON body and the cookies of one request through web."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Origin": ORIGIN, "Content-Type": "application/json", **headers}
    try:
        with urlopen(Request(WEB + path, data, headers), timeout=TIMEOUT_SECONDS) as answer:
            return answer.status, json.load(answer), answer.headers.get_all("Set-Cookie") or []
    except HTTPError as error:
        text = error.read().decode(errors="replace")
        return error.code, json.loads(text) if text.startswith("{") else text, []


class Person:
    """Somebody who signs up and talks."""

    def __init__(self, name):
        email = f"{name.lower()}-{secrets.token_hex(6)}@helm-test.invalid"
        account = {"name": name, "email": email, "password": secrets.token_urlsafe(24)}
        status, answer, cookies = call("/api/auth/sign-up/email", account)
        expect(status == 200, f"{name} signs up", (status, answer))
        self.id = answer["user"]["id"]
        jar = SimpleCookie()
        for cookie in cookies:
            jar.load(cookie)
        # By hand: with an https origin the cookie is Secure, and here there is only http.
        sent = "; ".join(f"{key}={morsel.value}" for key, morsel in jar.items())
        status, answer, _ = call("/api/auth/token", Cookie=sent)
        expect(status == 200, f"{name} gets a token", (status, answer))
        self.authorization = f"Bearer {answer['token']}"

    def say(self, message, *, to=None, **fields):
        """Return the status and the answer of one turn, on the path of user ``to``."""
        body = {"message": message, **fields}
        path = f"/api/{to or self.id}/chat"
        status, answer, _ = call(path, body, Authorization=self.authorization)
        return status, answer

    def tasks(self):
        """Return the titles on the list."""
        status, answer = self.say("Show me all my tasks")
        expect(status == 200, "the list is shown", (status, answer))
        lists = [one["result"] for one in answer["tool_calls"] if one["name"] == "list_tasks"]
        expect(len(lists) > 0, "list_tasks was used", answer)
        return {task["title"]: task["id"] for task in lists[-1]}


def expect(fact, what, seen):
    """Say what was found, and stop at the first thing that is not so."""
    print(("ok    " if fact else "FAIL  ") + what, flush=True)
    if not fact:
        sys.exit(f"      but: {seen}")


def main():
    """Take the journey."""
    status, config, _ = call("/config.json")
    expect(status == 200 and "assistant" in config, "the page is served", (status, config))

    ada, grace = Person("Ada"), Person("Grace")
    word = secrets.token_hex(4)
    status, answer = ada.say(f"Add a task to water plant {word}")
    expect(status == 200, "a turn is answered", (status, answer))
    made = [one for one in answer["tool_calls"] if one["name"] == "add_task"]
    expect(len(made) == 1 and "error" not in made[0], "one task was added", answer)
    kept = {title: number for title, number in ada.tasks().items() if word in title}
    expect(len(kept) == 1, "the task is on the list", kept)

    expect(not any(word in title for title in grace.tasks()), "nobody else sees it", word)
    expect(grace.say("Hello", to=ada.id)[0] == 403, "another's path is refused", ada.id)
    status, _, _ = call(f"/api/{ada.id}/chat", {"message": "Hello"})
    expect(status == 401, "without a token nothing is answered", status)
    unknown = grace.say("Hello", conversation_id=10**9)
    expect(unknown[0] == 404, "a conversation that is not one's own is not there", unknown)

    number = next(iter(kept.values()))
    ada.say(f"Delete task {number}")
    expect(not any(word in title for title in ada.tasks()), "the task is deleted", number)


main()
