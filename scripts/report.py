"""Reads the JUnit reports that pytest, Node, Vitest and Playwright write."""

from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree


@dataclass
class Outcome:
    """What came of one suite."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)
    """A test and why it was left out, for each."""
    seconds: float = 0


def read_report(path: Path) -> Outcome:
    """Return the outcome that the report at ``path`` tells; a missing one tells nothing."""
    outcome = Outcome()
    try:
        cases = ElementTree.parse(path).iter("testcase")
    except (OSError, ElementTree.ParseError):
        return outcome
    for case in cases:
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        elif skipped is None or skipped.get("type") == "pytest.xfail":
            outcome.passed += 1
        else:
            reason = skipped.get("message") or "no reason given"
            outcome.skipped.append(f"{case.get('name')}: {reason}")
    return outcome
