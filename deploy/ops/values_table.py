"""`python -m ops.values_table`: makes the table of values in the chart's README."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from ops.shell import ROOT

CHART = ROOT / "deploy/charts/todo-chatbot"
BEGIN, END = "<!-- values -->", "<!-- end of values -->"

_COMMENT = re.compile(r"^ *# (?:-- )?(.*)$")
_KEY = re.compile(r"^( *)([A-Za-z]+):")


def readme() -> str:
    """Return what README.md has to be.

    Raises:
        ValueError: a value has no comment.
    """
    text = (CHART / "README.md").read_text()
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return "\n".join([before + BEGIN, *_table(), END + after])


def _table() -> Iterator[str]:
    source = (CHART / "values.yaml").read_text()
    values = yaml.safe_load(source)
    yield "| value | default | meaning |"
    yield "|---|---|---|"
    for path, meaning in _documented(source.splitlines()):
        yield f"| `{'.'.join(path)}` | `{json.dumps(_at(values, path))}` | {meaning} |"


def _documented(lines: list[str]) -> Iterator[tuple[list[str], str]]:
    """Give each value that has a comment, with the comment in one line."""
    path: list[tuple[int, str]] = []
    comment: list[str] = []
    inside = -1
    for line in lines:
        if found := _COMMENT.match(line):
            comment = [found[1]] if "# -- " in line else [*comment, found[1]]
            continue
        key = _KEY.match(line)
        if key is None:
            comment = []
            continue
        depth = len(key[1])
        if 0 <= inside < depth:
            continue
        inside = -1
        path = [(at, name) for at, name in path if at < depth] + [(depth, key[2])]
        if comment:
            yield [name for _, name in path], " ".join(comment)
            comment, inside = [], depth
        elif not line.endswith(":"):
            raise ValueError(f"values.yaml: {key[2]} has no comment")


def _at(values: dict[str, Any], path: list[str]) -> object:
    found: Any = values
    for name in path:
        found = found[name]
    return found


if __name__ == "__main__":
    (CHART / "README.md").write_text(readme())
