"""What the built-in assistant costs by itself: CPU per sentence, and per turn."""

import gc
import itertools
import statistics
import time
from collections.abc import Iterable, Sequence

from language.cases import load as cases
from offline.dialogue import Row, answered, called, listed, rows, said
from rich.console import Console
from rich.table import Table
from todo_chatbot.agent.offline.assistant import decide
from todo_chatbot.agent.offline.lexicon import load
from todo_chatbot.agent.offline.utterance import intents

SENTENCES = ("add a task to buy pears", "complete task 3", "delete the plum errand", "undo that")
EARLIER = (0, 12, 200)
TASKS = (10, 10_000)
REPEATS = 7
LONGEST = 4000
STORY = (
    "We went down to the harbour in the morning, because the weather was fine. My brother had"
    " brought sandwiches, which nobody ate, and a kite that would not fly. I think he was sad. "
)
LONG = {
    "prose": STORY,
    "one sentence": "the cat and the dog went to the sea ",
    "orders": "complete task 3. ",
    "orders in one sentence": "add buy milk, ",
    "a list": "- buy milk today\n",
    "words": "lorem ipsum dolor sit amet ",
    "letters": "a ",
    "marks": ",",
}
"""What messages of 4000 characters are made of."""


def main() -> None:
    """Measure reading by all sentences of the corpus, and turns by their shape."""
    english = load("en")
    gc.freeze()  # as the server does after its start
    spent = []
    for sentence in sorted({turn for case in cases() for turn in case.turns}):
        started = time.process_time()
        intents.__wrapped__(sentence, english)
        spent.append(1000 * (time.process_time() - started))
    cuts = statistics.quantiles(spent, n=100)
    Console().print(
        f"reading {len(spent)} sentences: {cuts[49]:.2f} ms half of them, {cuts[94]:.2f} ms 95 %,"
        f" {max(spent):.2f} ms the longest"
    )
    for name, unit in LONG.items():
        text = ("add:\n" if name == "a list" else "") + unit * LONGEST
        Console().print(f"4000 characters, {name}: {_reading(text[:LONGEST]):.1f} ms")
    shapes = list(itertools.product(EARLIER, TASKS))
    table = Table("ms per turn, after turns / with tasks", *(f"{a} / {b}" for a, b in shapes))
    for sentence in SENTENCES:
        table.add_row(sentence, *(f"{_turn(sentence, *shape):.1f}" for shape in shapes))
    Console().print(table)


def _reading(text: str) -> float:
    """Return the CPU time of reading a text, the quickest of several."""
    spent = []
    for nth in range(REPEATS):
        started = time.process_time()
        intents.__wrapped__(text[:-1] + str(nth), load("en"))
        spent.append(1000 * (time.process_time() - started))
    return min(spent)


def _turn(sentence: str, earlier: int, tasks: int) -> float:
    """Return the CPU time of all model calls of a turn, the quickest of several."""
    there = rows(*(f"Call {number}" for number in range(2, tasks)), "Plum errand")
    past = [item for number in range(earlier) for item in _added(tasks + number)]
    return min(_once([*past, said(sentence)], there) for _ in range(REPEATS))


def _once(items: Sequence[Row], tasks: Sequence[Row]) -> float:
    intents.cache_clear()
    spent, items = 0.0, list(items)
    while True:
        started = time.process_time()
        step = decide(items)
        spent += time.process_time() - started
        if not step.calls:
            return 1000 * spent
        for name, arguments in step.calls:
            items += _made(name, dict(arguments), tasks, f"call-{len(items)}")


def _made(name: str, arguments: Row, tasks: Sequence[Row], call_id: str) -> Iterable[Row]:
    if name == "list_tasks":
        return listed(tasks, call_id)
    task_id = arguments.get("task_id", 0)
    output = {"task_id": task_id, "status": "done", "title": arguments.get("title", "Call")}
    return called(name, arguments, output, call_id)


def _added(number: int) -> Iterable[Row]:
    title = f"Buy {number} pears"
    output = {"task_id": number, "status": "created", "title": title}
    yield said(f"add buy {number} pears")
    yield from called("add_task", {"title": title}, output, f"add-{number}")
    yield answered(f"Added #{number} {title}.")


if __name__ == "__main__":
    main()
