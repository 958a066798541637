"""What people say who never saw the rules: sets kept after their first run, on a list in memory.

The whole way, through endpoint, tools and database, is ``test_language``'s business.
"""

from collections import Counter

import pytest
from language.cases import FOLDER, Case, Verdict, judge, load
from offline.dialogue import Talk

from todo_chatbot.agent.offline.trial import TrialList

PASSED, WRONG = 0.97, 0.01


@pytest.mark.requirement("004/FR-063")
def test_what_fresh_sets_taught_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    counts, report = Counter[str](), list[str]()
    for case in load(FOLDER / "fresh"):
        talk, verdict = talked(case)
        counts[verdict.name] += 1
        if verdict.name != "ok":
            report += [f"{verdict.name} {case.id}: {verdict.why}", *map(repr, case.turns)]
            report.append(f"  -> {talk.answer!r}")
    with capsys.disabled():
        print("\n".join(["", *report, f"fresh sets {dict(counts)}"]))  # noqa: T201 - the report of the run
    assert counts["ok"] >= PASSED * counts.total()
    assert counts["wrong"] <= WRONG * counts.total()


def talked(case: Case) -> tuple[Talk, Verdict]:
    """Have one conversation, and judge it."""
    tasks = TrialList(())
    for number, task in enumerate(case.tasks, 1):
        tasks.call("add_task", {k: task[k] for k in ("title", "description") if task.get(k)})
        if task["completed"]:
            tasks.call("complete_task", {"task_id": number})
    talk = Talk(tasks)
    for said in case.turns:
        talk.say(said)
    return talk, judge(case, talk.rows, talk.answer)
