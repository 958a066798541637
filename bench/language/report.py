"""Results as Markdown: a table of one model by category, and all models beside each other."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.language.results import UNANSWERED, Result, Turn

BAR = 40
"""Characters that stand for all cases."""

COLUMNS = (
    "cases",
    "passed",
    "failed",
    "wrong changes",
    "no answer",
    "calls",
    "tokens in / out",
    "seconds p50 / p95",
)

LEGEND = (
    "Passed, failed and wrong changes are shares of the cases that were answered. *Failed*: not"
    " understood, or badly worded. *Wrong changes*: the tasks were changed as nobody asked, which"
    " weighs ten times as much. *No answer*: the model's server failed; the next run asks again."
    " *Held back*: the third of the cases that the built-in assistant is never mended by."
    " Calls of tools, tokens and seconds are per turn; tokens are a mean, as the server counts."
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What results come to. Shares are of the answered cases, costs are means over their turns."""

    cases: int
    answered: int
    passed: int
    wrong: int
    turns: tuple[Turn, ...]

    @property
    def failed(self) -> int:
        """Cases that were answered, not passed, and changed nothing wrongly."""
        return self.answered - self.passed - self.wrong

    def share(self, count: int) -> float:
        """Return ``count`` as a share of the answered cases."""
        return count / self.answered if self.answered else 0.0

    def per_turn(self, amount: int) -> float:
        """Return the mean of an amount over all turns."""
        return amount / len(self.turns) if self.turns else 0.0

    def seconds(self, share: float) -> float:
        """Return within how many seconds a share of the turns was answered."""
        ordered = sorted(turn.seconds for turn in self.turns)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def summary(results: Sequence[Result]) -> Summary:
    """Add results up."""
    answered = [one for one in results if one.verdict != UNANSWERED]
    return Summary(
        cases=len(results),
        answered=len(answered),
        passed=sum(one.verdict == "ok" for one in answered),
        wrong=sum(one.verdict == "wrong" for one in answered),
        turns=tuple(turn for one in answered for turn in one.turns),
    )


def markdown(model: str, measured: Mapping[str, Sequence[Result]], corpus: int) -> str:
    """Return the report on ``model``; ``corpus`` is how many cases there are."""
    results = measured[model]
    categories = sorted({one.category for one in results})
    rows = [
        _row(name, summary([one for one in results if one.category == name])) for name in categories
    ]
    rows += [
        _row("**all**", summary(results)),
        _row("held back", summary([one for one in results if one.held_back])),
    ]
    parts = [
        f"# {model}",
        f"Measured by `make eval` on {len(results)} of {corpus} cases.",
        _table("category", rows),
        LEGEND,
        "## All models",
        _table("model", [_row(name, summary(ones)) for name, ones in _ranked(measured)]),
        f"```text\n{plot(measured)}\n```",
        *_wrong_changes(results),
    ]
    return "\n\n".join(parts) + "\n"


def _table(first: str, rows: Sequence[str]) -> str:
    heads = " | ".join((first, *COLUMNS))
    return "\n".join([f"| {heads} |", "|---|" + "--:|" * len(COLUMNS), *rows])


def _row(name: str, of: Summary) -> str:
    tokens_in = sum(turn.input_tokens for turn in of.turns)
    tokens_out = sum(turn.output_tokens for turn in of.turns)
    cells = (
        str(of.cases),
        f"{of.share(of.passed):.1%}",
        f"{of.share(of.failed):.1%}",
        f"{of.share(of.wrong):.1%}",
        str(of.cases - of.answered),
        f"{of.per_turn(sum(len(turn.calls) for turn in of.turns)):.2f}",
        f"{of.per_turn(tokens_in):.0f} / {of.per_turn(tokens_out):.0f}",
        f"{of.seconds(0.5):.2f} / {of.seconds(0.95):.2f}",
    )
    return f"| {name} | {' | '.join(cells)} |"


def _ranked(measured: Mapping[str, Sequence[Result]]) -> list[tuple[str, Sequence[Result]]]:
    """Return the models, best first; a wrong change weighs ten times as much as a failure."""

    def merit(results: Sequence[Result]) -> float:
        of = summary(results)
        return of.share(of.passed) - 9 * of.share(of.wrong)

    return sorted(measured.items(), key=lambda item: merit(item[1]), reverse=True)


def plot(measured: Mapping[str, Sequence[Result]]) -> str:
    """Return a bar per model, best first: passed, failed, changed wrongly."""
    width = max(map(len, measured))
    bars = [_bar(name.ljust(width), summary(ones)) for name, ones in _ranked(measured)]
    return "\n".join([*bars, "", "█ passed  ░ failed  ▓ wrong changes"])


def _bar(name: str, of: Summary) -> str:
    # Rounded up: a single wrong change must be seen.
    wrong = math.ceil(BAR * of.share(of.wrong))
    passed = min(BAR - wrong, round(BAR * of.share(of.passed)))
    failed = BAR - wrong - passed if of.answered else 0
    drawn = "█" * passed + "░" * failed + "▓" * wrong
    shares = f"{of.share(of.passed):6.1%} passed, {of.share(of.wrong):.1%} wrong"
    return f"{name}  {drawn:<{BAR}}  {shares} of {of.answered}"


def _wrong_changes(results: Sequence[Result]) -> list[str]:
    """Tell each wrong change; not the held-back ones, for who reads them would learn from them."""
    wrong = [one for one in results if one.verdict == "wrong" and not one.held_back]
    if not wrong:
        return []
    wrong.sort(key=lambda one: one.case)
    lines = [f"- `{one.case}` {_said(one)}: {_code(one.why)}" for one in wrong]
    return ["## Wrong changes in cases that are not held back", "\n".join(lines)]


def _said(result: Result) -> str:
    return " → ".join(_code(turn.said) for turn in result.turns)


def _code(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return f"`` {' '.join(text.split())} ``"
