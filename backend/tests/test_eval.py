"""Models are measured by the corpus of the built-in assistant; this one's server is scripted."""

import io
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread
from bench.language.__main__ import app
from bench.language.corpus import NoSuchCases, chosen, digest
from bench.language.evaluate import evaluate, version
from bench.language.report import markdown, plot, summary
from bench.language.results import Result, Results, Turn, all_measured
from fake_openai import Fails, FakeOpenAI, Says, Sends, Step, calls
from language.cases import Case
from rich.console import Console
from typer.testing import CliRunner

from todo_chatbot.agent.models import choose
from todo_chatbot.settings import ModelSettings

MODEL = "some/model:7b"

Json = dict[str, Any]
Measure = Callable[..., Awaitable[str | None]]


def case(name: str, turns: Sequence[str], expect: Json, tasks: Sequence[Json] = ()) -> Case:
    return Case(name, "some category", "some voice", tasks, turns, expect)


def task(title: str, *, completed: bool = False, **more: str) -> Json:
    return {"title": title, "completed": completed, **more}


GREETINGS = [case(f"hello-{number}", ["Hello"], {"mentions": ["hi"]}) for number in range(6)]


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    """A model server that says what the test scripted, and all of it."""
    async with FakeOpenAI().running() as running:
        yield running
    assert not running.steps


@pytest.fixture
def results(tmp_path: Path) -> Results:
    return Results(tmp_path, MODEL, "version 1")


@pytest.fixture
def measure(fake: FakeOpenAI, results: Results, database_url: str) -> Measure:
    """Takes the scripted model through cases, one after the other."""

    async def run(*wanted: Case, into: Results = results, **settings: Any) -> str | None:
        chosen = {"openai_base_url": fake.url, "model": MODEL, "model_max_retries": 0}
        return await evaluate(
            choose(ModelSettings(**(chosen | settings))),
            wanted,
            into,
            database_url=database_url,
            address=fake.url,
            jobs=1,
            console=Console(file=io.StringIO()),
        )

    return run


def verdicts(results: Results) -> dict[str, str]:
    return {one.case: one.verdict for one in results.read().values()}


@pytest.mark.requirement("004/FR-070")
async def test_a_model_is_judged_by_what_it_did_to_the_tasks(
    measure: Measure, fake: FakeOpenAI, results: Results
) -> None:
    mom, done = task("Call mom"), task("Call mom", completed=True)
    fake.script(calls("add_task", title="milk"), Says("Added."))
    fake.script(Says("Done!"))
    fake.script(calls("delete_task", task_id=1), Says("Gone. Is that fine?"))
    fake.script(Says("Which?"), calls("complete_task", task_id=2), Says("Done: 2."))

    trouble = await measure(
        case("add", ["I need milk"], {"tasks": [task("Milk")]}),
        case("claims", ["I called mom"], {"tasks": [done]}, [mom]),
        case("deletes", ["Is it done?"], {"tasks": [mom], "asks": True}, [mom]),
        case("asks", ["I called", "The second"], {"tasks": [done, done]}, [done, mom]),
    )

    assert trouble is None
    assert verdicts(results) == {"add": "ok", "claims": "fail", "deletes": "wrong", "asks": "ok"}


@pytest.mark.requirement("004/FR-070")
async def test_what_a_turn_costs_is_kept_with_it(
    measure: Measure, fake: FakeOpenAI, results: Results
) -> None:
    fake.script(calls("add_task", title="Milk"), calls("complete_task", task_id=7), Says("Hi."))

    await measure(GREETINGS[0])

    (one,) = results.read().values()
    (turn,) = one.turns
    assert (turn.said, turn.answer) == ("Hello", "Hi.")
    assert (turn.input_tokens, turn.output_tokens) == (30, 9)
    assert turn.calls[0] == 'add_task {"title": "Milk"}'
    assert turn.calls[1].startswith('complete_task {"task_id": 7}: ')


@pytest.mark.requirement("004/FR-071")
async def test_a_measurement_goes_on_where_it_ended(
    measure: Measure, fake: FakeOpenAI, results: Results
) -> None:
    fake.script(Says("Hi."), Says("Hi."))
    await measure(*GREETINGS[:2])
    fake.script(Says("No."))

    await measure(*GREETINGS[:3])

    assert len(fake.asked) == 3
    assert verdicts(results) == {"hello-0": "ok", "hello-1": "ok", "hello-2": "fail"}


@pytest.mark.requirement("004/FR-071")
def test_half_a_line_of_a_killed_measurement_harms_no_other(results: Results) -> None:
    results.append(result("ok"))
    with results.file.open("a") as file:
        file.write('{"case": "half a li')

    assert verdicts(results) == {"case-1": "ok"}


@pytest.mark.requirement("004/FR-071")
async def test_what_other_instructions_led_to_does_not_count(
    measure: Measure, fake: FakeOpenAI, results: Results
) -> None:
    fake.script(Says("Hi."), Says("No."))
    await measure(GREETINGS[0])
    newer = Results(results.file.parent, MODEL, "version 2")

    await measure(GREETINGS[0], into=newer)

    assert verdicts(newer) == {"hello-0": "fail"}
    digests = {digest(GREETINGS[0])}
    assert all_measured(results.file.parent, digests) == {MODEL: [*newer.read().values()]}
    assert all_measured(results.file.parent, {"another"}) == {MODEL: []}


@pytest.mark.requirement("004/FR-071")
def test_rules_and_instructions_have_versions_of_their_own() -> None:
    assert version("offline") != version("openai") == version("compatible")


@pytest.mark.requirement("004/FR-072")
@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "Set OPENAI_API_KEY"), (403, "Set OPENAI_API_KEY"), (404, "Correct MODEL")],
)
async def test_a_server_that_will_never_answer_is_told_of_at_once(
    measure: Measure, fake: FakeOpenAI, results: Results, status: int, advice: str
) -> None:
    fake.script(Says("Hi."), Fails(status))

    trouble = await measure(*GREETINGS)

    assert trouble is not None
    assert advice in trouble
    assert str(status) in trouble
    assert verdicts(results) == {GREETINGS[0].id: "ok"}


@pytest.mark.requirement("004/FR-072")
async def test_a_server_that_is_not_there_is_told_of_at_once(
    measure: Measure, results: Results
) -> None:
    trouble = await measure(*GREETINGS, openai_base_url="http://127.0.0.1:9/v1")

    assert trouble is not None
    assert "Start the model's server" in trouble
    assert not results.read()


@pytest.mark.requirement("004/FR-072")
@pytest.mark.parametrize(
    ("step", "why"),
    [
        (Fails(429), "429"),
        (Fails(500), "500"),
        (Fails(400), "400"),
        (Sends(b"<html>Bad gateway</html>", "text/html"), "no answer of a model"),
        (Sends(b'{"error": {"message": "quota"}}'), "no answer of a model"),
    ],
)
async def test_a_server_that_stumbles_is_no_failure_of_the_model_and_is_asked_again(
    measure: Measure, fake: FakeOpenAI, results: Results, step: Step, why: str
) -> None:
    fake.script(step, Says("Hi."))
    assert await measure(*GREETINGS[:2]) is None
    assert verdicts(results) == {"hello-0": "unanswered", "hello-1": "ok"}
    assert why in results.read()[digest(GREETINGS[0])].why
    fake.script(Says("Hi."))

    await measure(*GREETINGS[:2])

    assert verdicts(results) == {"hello-0": "ok", "hello-1": "ok"}


@pytest.mark.requirement("004/FR-072")
async def test_a_server_that_keeps_stumbling_ends_the_measurement(
    measure: Measure, fake: FakeOpenAI, results: Results
) -> None:
    fake.script(Fails(500), Says("Hi."), Fails(500), Fails(500), Fails(500))

    trouble = await measure(*GREETINGS)

    assert trouble is not None
    assert "500" in trouble
    assert len(verdicts(results)) == 5


def result(
    verdict: str, category: str = "add", *, seconds: float = 1.0, held_back: bool = False
) -> Result:
    turn = Turn("Said | that", "Hi.", ("list_tasks {}",), 1000, 50, seconds)
    return Result("case-1", "digest", category, held_back, verdict, "why it is so", (turn, turn))


@pytest.mark.requirement("004/FR-073")
def test_results_are_added_up_without_what_was_not_answered() -> None:
    measured = [result("ok", seconds=n) for n in range(1, 19)] + [result("fail"), result("wrong")]

    of = summary([*measured, result("unanswered", seconds=99)])

    assert (of.cases, of.answered, of.passed, of.failed, of.wrong) == (21, 20, 18, 1, 1)
    assert of.share(of.passed) == 0.9
    assert (of.seconds(0.5), of.seconds(0.95)) == (8, 17)


@pytest.mark.requirement("004/FR-073")
def test_the_report_shows_categories_all_models_and_each_wrong_change() -> None:
    measured = {
        "weak": [result("ok"), result("wrong", "delete"), result("unanswered")],
        "strong": [result("ok"), result("fail", held_back=True)],
        "absent": [],
    }

    lines = markdown("weak", measured, corpus=9).splitlines()

    assert "Measured by `make eval` on 3 of 9 cases." in lines
    costs = "1.00 | 1000 / 50 | 1.00 / 1.00 |"
    assert f"| add | 2 | 100.0% | 0.0% | 0.0% | 1 | {costs}" in lines
    assert f"| delete | 1 | 0.0% | 0.0% | 100.0% | 0 | {costs}" in lines
    assert f"| **all** | 3 | 50.0% | 0.0% | 50.0% | 1 | {costs}" in lines
    assert f"| strong | 2 | 50.0% | 50.0% | 0.0% | 0 | {costs}" in lines
    assert "- `case-1` `` Said | that `` → `` Said | that ``: `` why it is so ``" in lines
    bars = plot(measured).splitlines()
    assert bars[0] == f"strong  {'█' * 20}{'░' * 20}   50.0% passed, 0.0% wrong of 2"
    assert bars[2] == f"weak    {'█' * 20}{'▓' * 20}   50.0% passed, 50.0% wrong of 2"


@pytest.mark.requirement("004/FR-073")
def test_the_report_counts_what_is_held_back_and_does_not_show_it() -> None:
    text = markdown("one", {"one": [result("ok"), result("wrong", held_back=True)]}, corpus=2)

    assert "| held back | 1 | 0.0% | 0.0% | 100.0% |" in text
    assert "Said" not in text


@pytest.mark.requirement("004/FR-074")
def test_the_corpus_comes_in_one_order_of_which_a_part_is_a_beginning() -> None:
    everything, some = chosen(), chosen(["slang", "dev"])

    assert len(everything) > len(some) > 100
    assert [one for one in everything if one in some] == some
    assert len({digest(one) for one in everything}) == len(everything)
    assert len({one.voice for one in everything[:30]}) > 5
    with pytest.raises(NoSuchCases, match=r"'slangg'.*slang"):
        chosen(["slangg"])


def make_eval(folder: Path, **environment: str) -> tuple[int, str]:
    """Run the command of ``make eval``; return its status and what it told."""
    unset = {"OPENAI_BASE_URL": "", "OPENAI_API_KEY": ""}
    run = CliRunner().invoke(app, ["--folder", str(folder)], env=unset | environment)
    return run.exit_code, run.stderr


@pytest.mark.requirement("004/FR-073", "004/FR-074")
def test_the_command_measures_the_built_in_assistant(tmp_path: Path, server_url: str) -> None:
    status, told = make_eval(tmp_path, TEST_DATABASE_URL=server_url, LIMIT="3", CASES="dev")

    assert status == 0, told
    lines = (tmp_path / "built-in-assistant.jsonl").read_text().splitlines()
    assert [json.loads(line)["case"] for line in lines] == [one.id for one in chosen(["dev"])[:3]]
    assert "on 3 of" in (tmp_path / "built-in-assistant.md").read_text()
    assert "of 3\n" in told


@pytest.mark.requirement("004/FR-072")
async def test_the_command_tells_once_why_it_cannot_measure(
    tmp_path: Path, server_url: str, fake: FakeOpenAI
) -> None:
    fake.script(Fails(401))
    environment = {"TEST_DATABASE_URL": server_url, "OPENAI_BASE_URL": fake.url, "JOBS": "1"}

    status, told = await to_thread.run_sync(lambda: make_eval(tmp_path, **environment))

    assert status == 1
    assert told.count("Set OPENAI_API_KEY") == 1
    assert not {"jsonl", "md"} & {name.rpartition(".")[2] for name in os.listdir(tmp_path)}


@pytest.mark.requirement("004/FR-072")
def test_a_model_without_an_address_is_not_mistaken_for_the_built_in_assistant(
    tmp_path: Path,
) -> None:
    status, told = make_eval(tmp_path, MODEL="some-model")

    assert status == 1
    assert "some-model" in told
    assert "OPENAI_BASE_URL" in told


@pytest.mark.requirement("004/FR-074")
def test_cases_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    status, told = make_eval(tmp_path, CASES="dev slangg")

    assert status == 1
    assert "'slangg'" in told
