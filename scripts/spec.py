"""Which tests prove which requirement, and how they ended: ``make spec``."""

import re
import sys
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / ".results"

REQUIRED = re.compile(r"^- \*\*(FR-\d{3})\*\*", re.MULTILINE)
MARKED = re.compile(r"\brequirement\(([^)]*)\)")
TITLED = re.compile(r"\[(\d{3}/FR-\d{3})\]")
NAMED = re.compile(r"\b\d{3}/FR-\d{3}\b")

TESTS = {
    "backend/tests": (".py",),
    "deploy": (".py", ".sh"),
    "auth/test": (".ts",),
    "web/src": (".ts", ".tsx"),
    "web/e2e": (".ts",),
}
"""Where tests are, by the endings of their files."""


def required() -> list[str]:
    """Return the full name of each requirement, such as ``001/FR-001``."""
    return [
        f"{spec.parent.name[:3]}/{name}"
        for spec in sorted(ROOT.glob("specs/*/spec.md"))
        for name in REQUIRED.findall(spec.read_text(encoding="utf-8"))
    ]


def proved() -> dict[str, set[str]]:
    """Return the files whose tests name each requirement."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in _test_files():
        for name in _names(file.read_text(encoding="utf-8"), marked=file.suffix == ".py"):
            found[name].add(file.relative_to(ROOT).as_posix())
    return found


@dataclass(frozen=True)
class Result:
    """How one test ended: ``passed``, ``failed`` or ``skipped``."""

    title: str
    outcome: str


def results() -> dict[str, list[Result]]:
    """Return how the tests of each requirement last ended, from the JUnit files."""
    found: dict[str, list[Result]] = defaultdict(list)
    for report in sorted(RESULTS.glob("*.xml")):
        for case in ET.parse(report).iter("testcase"):
            title = case.get("name", "")
            names = {
                one.get("value", "")
                for one in case.iter("property")
                if one.get("name") == "requirement"
            }
            for name in names | set(TITLED.findall(title)):
                found[name].append(Result(title, _outcome(case)))
    return found


def _test_files() -> Iterator[Path]:
    for folder, endings in TESTS.items():
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in endings and "node_modules" not in file.parts:
                yield file


def _names(text: str, *, marked: bool) -> Iterable[str]:
    if not marked:
        return TITLED.findall(text)
    return [name for inside in MARKED.findall(text) for name in NAMED.findall(inside)]


def _outcome(case: ET.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "passed" if case.find("skipped") is None else "skipped"


def _ended(ended: list[Result]) -> str:
    counts = {
        outcome: sum(one.outcome == outcome for one in ended)
        for outcome in ("passed", "failed", "skipped")
    }
    colours = {"passed": "green", "failed": "red", "skipped": "yellow"}
    told = [f"[{colours[name]}]{count} {name}[/]" for name, count in counts.items() if count]
    return ", ".join(told) or "[dim]not run[/]"


def main() -> int:
    """Print the table; 1 when a requirement has no test or its last result is a failure."""
    ended, files = results(), proved()
    table = Table("requirement", "tests", "last result")
    for name in required():
        where = "\n".join(sorted(files.get(name, ()))) or "[red]none[/]"
        table.add_row(name, where, _ended(ended.get(name, [])))
    Console().print(table)
    missing = set(required()) - files.keys()
    failed = [name for name, ones in ended.items() if any(one.outcome == "failed" for one in ones)]
    return 1 if missing or failed else 0


if __name__ == "__main__":
    sys.exit(main())
