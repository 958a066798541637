"""Which cases of the language tests are measured, and in which order."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from language.cases import Case, load


class NoSuchCases(Exception):
    """There is no file of the corpus with that name."""


def chosen(voices: Sequence[str] = ()) -> list[Case]:
    """Return the cases of some files of the corpus, named without ``.jsonl``, or of all.

    They come mixed, in an order that is always the same: the first hundred are a fair sample, and
    still the first when more are wanted.

    Raises:
        NoSuchCases: a name fits no file.
    """
    cases = list(load())
    known = sorted({case.voice for case in cases})
    for voice in voices:
        if voice not in known:
            raise NoSuchCases(f"There are no cases {voice!r}. Choose from: {', '.join(known)}.")
    wanted = [case for case in cases if not voices or case.voice in voices]
    return sorted(wanted, key=lambda case: hashlib.sha256(case.id.encode()).digest())


def digest(case: Case) -> str:
    """Return what changes with the case: what was measured of an older one does not count."""
    return hashlib.sha256(json.dumps(asdict(case)).encode()).hexdigest()[:12]
