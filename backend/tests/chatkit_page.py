"""ChatKit's protocol as a page speaks it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import httpx2
from agents.items import TResponseOutputItem, TResponseStreamEvent
from agents.testing import ModelStep
from agents.testing.model import _stream_events_for_step
from support import System, bearer

Event = dict[str, Any]
Item = dict[str, Any]


def message(text: str, **more: Any) -> dict[str, Any]:
    """Return what a composer sends."""
    content = [{"type": "input_text", "text": text}]
    return {
        "content": content,
        "attachments": [],
        "quoted_text": "",
        "inference_options": {},
    } | more


class Page:
    """One user's page: it asks for documents and listens to streams."""

    def __init__(self, http: httpx2.AsyncClient, user_id: str) -> None:
        self.http = http
        self.user_id = user_id

    async def post(self, body: Any, **headers: str) -> httpx2.Response:
        """Send any body."""
        # Not ``json=body``: that refuses the half characters that a test sends.
        headers = bearer(self.user_id) | {"content-type": "application/json"} | headers
        return await self.http.post(
            f"/api/{self.user_id}/chat", content=json.dumps(body), headers=headers
        )

    async def ask(self, kind: str, /, **params: Any) -> httpx2.Response:
        """Send a request, whatever is answered."""
        return await self.post({"type": kind, "params": params})

    async def get(self, kind: str, /, **params: Any) -> Any:
        """Return the document that a request is answered with."""
        answer = await self.ask(kind, **params)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        return answer.json()

    async def stream(self, kind: str, /, *, key: str | None = None, **params: Any) -> list[Event]:
        """Return the events that a request is answered with."""
        headers = {"idempotency-key": key} if key else {}
        answer = await self.post({"type": kind, "params": params}, **headers)
        assert answer.status_code == 200, answer.text
        return events_in(answer)

    async def create(self, text: str, key: str | None = None) -> list[Event]:
        """Begin a thread."""
        return await self.stream("threads.create", key=key, input=message(text))

    async def add(self, thread: str, text: str, key: str | None = None) -> list[Event]:
        """Say something in a thread."""
        return await self.stream(
            "threads.add_user_message", key=key, thread_id=thread, input=message(text)
        )

    async def items(self, thread: str, **params: Any) -> list[Item]:
        """Return the items of a thread, oldest first."""
        found = await self.get("items.list", thread_id=thread, order="asc", limit=100, **params)
        items: list[Item] = found["data"]
        return items

    async def press(self, item: Item, kind: str, /, **payload: Any) -> Item:
        """Use a control of a list; return the list that comes back."""
        found = await self.get(
            "threads.sync_custom_action",
            thread_id=item["thread_id"],
            item_id=item["id"],
            action={"type": kind, "payload": payload},
        )
        fresh: Item = found["updated_item"]
        return fresh


async def with_tasks(system: System, user: str, *titles: str) -> Page:
    """Return the page of a user who has these tasks."""
    for title in titles:
        await system.call(user, "add_task", title=title)
    return Page(system.http, user)


def events_in(answer: httpx2.Response) -> list[Event]:
    """Return the events of a stream."""
    assert answer.headers["content-type"].startswith("text/event-stream")
    frames = answer.text.split("\n\n")
    assert frames.pop() == ""
    return [json.loads(frame.removeprefix("data: ")) for frame in frames]


def thread_of(events: Sequence[Event]) -> str:
    """Return the thread that a stream created."""
    thread: str = events[0]["thread"]["id"]
    return thread


def done(events: Sequence[Event], kind: str) -> list[Item]:
    """Return the finished items of a kind."""
    items = [event["item"] for event in events if event["type"] == "thread.item.done"]
    return [item for item in items if item["type"] == kind]


def text_of(item: Item) -> str:
    """Return what a message says."""
    return "".join(part["text"] for part in item["content"])


def rows_of(item: Item) -> list[tuple[str, bool]]:
    """Return the titles of a list and whether they are ticked."""
    return [
        (row["children"][1]["children"][0]["value"], row["children"][0]["defaultChecked"])
        for row in item["widget"]["children"]
    ]


def after_events(items: list[Item], events: Sequence[Event]) -> list[Item]:
    """Return what a page shows after a stream: ChatKit's own rules, nothing of ours."""
    shown = {item["id"]: item for item in items}
    for event in events:
        if event["type"] in {"thread.item.added", "thread.item.done", "thread.item.replaced"}:
            shown[event["item"]["id"]] = event["item"]
        elif event["type"] == "thread.item.removed":
            del shown[event["item_id"]]
    return list(shown.values())


def strings_in(value: Any) -> Iterator[tuple[str, str]]:
    """Yield every string in a document with the name of the field it is in."""
    stack = [("", value)]
    while stack:
        name, one = stack.pop()
        if isinstance(one, str):
            yield name, one
        elif isinstance(one, dict):
            stack += one.items()
        elif isinstance(one, list):
            stack += [(name, part) for part in one]


def last_input(system: System) -> list[Any]:
    """Return what the model was shown last."""
    call = system.model.last_call
    assert call is not None
    items: list[Any] = call.input
    return items


def written(answer: TResponseOutputItem, pieces: Sequence[str]) -> Iterator[TResponseStreamEvent]:
    """Yield the events of a model that writes an answer in the given pieces."""
    for event in _stream_events_for_step(ModelStep(output=[answer]), preserve_raw_usage=False):
        if event.type != "response.output_text.delta":
            yield event
            continue
        for piece in pieces:
            yield event.model_copy(update={"delta": piece})
