"""Runs inside the cluster: people who talk through web. Nothing but the standard library.

`python - people < inside.py` talks until /tmp/stop is there and then tells what it saw; other
commands do one thing. What a person is, is kept in /tmp between commands.
"""

import json
import os
import secrets
import sys
import threading
import time
from http.cookies import SimpleCookie
from urllib.error import HTTPError
from urllib.request import Request, urlopen

WEB = os.environ["WEB_URL"]
ORIGIN = os.environ["PUBLIC_URL"]
STOP = "/tmp/stop"
PEOPLE = 4


def call(path, body=None, **headers):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Origin": ORIGIN, "Content-Type": "application/json", **headers}
    try:
        with urlopen(Request(WEB + path, data, headers), timeout=120) as answer:
            return answer.status, json.load(answer), answer.headers
    except HTTPError as error:
        return error.code, error.read().decode(errors="replace"), error.headers


class Person:
    def __init__(self, account=None):
        new = account is None
        self.account = account or {
            "name": "Ada",
            "email": f"{secrets.token_hex(8)}@live-test.invalid",
            "password": secrets.token_urlsafe(24),
        }
        path = "/api/auth/sign-up/email" if new else "/api/auth/sign-in/email"
        status, answer, headers = call(path, self.account)
        if status != 200:
            raise SystemExit(f"{path}: {status} {answer}")
        self.id = answer["user"]["id"]
        jar = SimpleCookie()
        for cookie in headers.get_all("Set-Cookie") or []:
            jar.load(cookie)
        self.cookie = "; ".join(f"{key}={morsel.value}" for key, morsel in jar.items())
        self.token = call("/api/auth/token", Cookie=self.cookie)[1]["token"]

    def say(self, message, conversation_id=None):
        body = {"message": message}
        if conversation_id is not None:
            body["conversation_id"] = conversation_id
        status, answer, _ = call(f"/api/{self.id}/chat", body, Authorization=f"Bearer {self.token}")
        return status, answer

    def titles(self):
        status, answer = self.say("Show me all my tasks")
        if status != 200:
            raise SystemExit(f"list: {status} {answer}")
        lists = [one["result"] for one in answer["tool_calls"] if one["name"] == "list_tasks"]
        return [task["title"] for task in lists[-1]]


def talk(number, seen):
    """Add one task after the other until told to stop."""
    person = Person()
    said, slowest, failures = [], 0.0, []
    while not os.path.exists(STOP):
        word = f"box{number}x{len(said)}"
        started = time.monotonic()
        try:
            status, answer = person.say(f"Add a task to carry {word}")
            if status != 200:
                failures.append(f"{word}: {status} {answer}"[:300])
        except OSError as error:
            failures.append(f"{word}: {error!r}")
        slowest = max(slowest, time.monotonic() - started)
        said.append(word)
        time.sleep(0.1)
    titles = person.titles()
    counts = {word: sum(title.lower().endswith(word) for title in titles) for word in said}
    seen.append(
        {
            "requests": len(said),
            "failures": failures,
            "lost": [word for word, count in counts.items() if count == 0],
            "doubled": [word for word, count in counts.items() if count > 1],
            "slowest": round(slowest, 2),
        }
    )


def people():
    if os.path.exists(STOP):
        os.remove(STOP)
    seen = []
    threads = [threading.Thread(target=talk, args=(n, seen)) for n in range(PEOPLE)]
    for thread in threads:
        thread.start()
    print("talking", flush=True)
    for thread in threads:
        thread.join()
    return {
        "people": len(seen),
        **{
            key: sum((one[key] for one in seen), type(seen[0][key])())
            for key in ("requests", "failures", "lost", "doubled")
        },
        "slowest": max(one["slowest"] for one in seen),
    }


def sign_up():
    return Person().account


def say(account, message, conversation=None):
    person = Person(json.loads(account))
    status, answer = person.say(message, None if conversation is None else int(conversation))
    return {"status": status, "answer": answer}


commands = {"people": people, "sign_up": sign_up, "say": say}
print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])), flush=True)
