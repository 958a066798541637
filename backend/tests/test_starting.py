"""How the servers start and end."""

import gc
import json
import subprocess
import sys

import httpx2
import pytest
from processes import Stack, environment
from servers import Messages, Wish, add_what_was_said

START = """
import gc, json, sys
import uvicorn
from todo_chatbot.cli import app

searches = []
gc.callbacks.append(lambda _, info: searches.append(info["generation"]))
uvicorn.run = lambda *_, **__: print(
    json.dumps([searches.count(2), gc.get_threshold()[0], gc.get_freeze_count() > 0])
)
app([sys.argv[1]])
"""


@pytest.mark.requirement("005/FR-005")
@pytest.mark.parametrize("command", ["api", "tools"])
def test_nothing_that_is_loaded_is_searched_for_garbage(command: str) -> None:
    given = environment(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    argv = (sys.executable, "-c", START, command)

    done = subprocess.run(argv, env=given, capture_output=True, text=True, check=True)

    searches, threshold, set_aside = json.loads(done.stdout)
    assert searches == 0
    assert threshold == gc.get_threshold()[0]
    assert set_aside


@pytest.mark.requirement("005/FR-006")
async def test_a_turn_that_has_begun_is_answered_after_the_stop_signal(
    stack: Stack, ada: str
) -> None:
    async def leave(messages: Messages) -> str | list[Wish]:
        if messages[-1]["role"] == "user":
            stack.api.leave()
        return await add_what_was_said(messages)

    stack.model.think = leave

    answer = await stack.say(ada, "Buy milk")
    await stack.api.left()

    assert answer.status_code == 200
    assert answer.json()["response"] == "Added."
    with pytest.raises(httpx2.ConnectError):
        await stack.say(ada, "Buy bread")
