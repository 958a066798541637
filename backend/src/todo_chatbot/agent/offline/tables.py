"""The tables of words as they are written: read, checked, and laid one upon another."""

import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from todo_chatbot.agent.offline.checks import TableError, shape

Place = tuple[str, int]
"""A file of words/ and a line in it."""

_ITS_OWN = frozenset(("spellings", "say"))
"""Sections in which a table that extends another replaces words instead of adding them."""
_HEADER = re.compile(r"\[(\[?)(\w+)\]")
_AT_LINE = re.compile(r"at line (\d+)")
_KEY = re.compile(r'(?:"([^"]+)"|([\w-]+))\s*=')


def load_table(name: str) -> dict[str, Any]:
    """Return the table of ``words/<name>.toml``, with all of the one that it extends."""
    return parse_table(_text(name), f"{name}.toml")


def read_table(name: str) -> dict[str, Any]:
    """Return ``words/<name>.toml`` as it is written."""
    return tomllib.loads(_text(name))


def _text(name: str) -> str:
    file = resources.files(__package__).joinpath("words", f"{name}.toml")
    return file.read_text(encoding="utf-8")


def parse_table(text: str, file: str) -> dict[str, Any]:
    """Return the table that ``text`` is, with all of the one that it extends.

    Under "places" stands where each value begins, by its section and key.
    """
    try:
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        last = len(text.splitlines())
        raise TableError(f"{file}:{at[1] if at else last}: {error}") from None
    places = _places(text, file)
    base = _base(own["extends"], places["", "extends"]) if "extends" in own else None
    for section, key, wrong in shape(own, base):
        where = places.get((section, key)) or places.get((section, "")) or (file, 1)
        raise TableError(f"{where[0]}:{where[1]}: {wrong}")
    return own | {"places": places} if base is None else _extended(base, own, places)


def _base(name: str, place: Place) -> dict[str, Any]:
    """Return the table that one extends, which says so at ``place``."""
    try:
        return load_table(name)
    except FileNotFoundError:
        raise TableError(f"{place[0]}:{place[1]}: there is no words/{name}.toml") from None


def _places(text: str, file: str) -> dict[tuple[str, str], Place]:
    """Return where each value of a table begins; frames are counted: "frame 1"."""
    found: dict[tuple[str, str], Place] = {}
    section, frames, inside = "", 0, False
    for number, line in enumerate(text.splitlines(), 1):
        opens = line.count('"""') == 1
        if not inside and (header := _HEADER.match(line)):
            frames += bool(header[1])
            section = f"frame {frames}" if header[1] else header[2]
            found[section, ""] = (file, number)
        elif not inside and (key := _KEY.match(line)):
            found[section, key[1] or key[2]] = (file, number + opens)
        inside ^= opens
    return found


def _extended(
    base: Mapping[str, Any], own: Mapping[str, Any], places: Mapping[tuple[str, str], Place]
) -> dict[str, Any]:
    """Return a table on top of another: frames, spellings and answers are its own, words more."""
    whole = {**base, **own, "places": {**base["places"], **places}}
    for name, part in own.items():
        if isinstance(part, dict):
            more = (
                part if name in _ITS_OWN else {k: _more(base[name].get(k), part[k]) for k in part}
            )
            whole[name] = {**base[name], **more}
    return whole


def _more(there: Any, new: Any) -> Any:  # noqa: ANN401 - whatever TOML has
    if isinstance(there, list):
        return [*new, *there]
    if isinstance(there, dict):
        return {**there, **new}
    return f"{there}\n{new}" if isinstance(there, str) else new
