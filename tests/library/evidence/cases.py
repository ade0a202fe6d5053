"""Of each probe: answers by which it must come out not met, not enough, met and at risk.

Each area keeps its own in `cases_AREA.py`, as a mapping `CASES` of probe id to `Cases`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from dutybound.evidence.probe import Query

Answers = Mapping[str | Query[Any], object]
"""Query, or its name → what it answered."""


@dataclass(frozen=True, slots=True)
class Cases:
    """What a probe is given, and how it must come out. `not_met` and `met` none may leave out.

    `not_enough` is None only where the probe always knows; `why_never_short` says why it does.
    `others`: further answers that must come out as a status says.
    """

    not_met: Answers
    not_enough: Answers | None
    met: Answers
    at_risk: Answers | None = None
    why_never_short: str = ""
    others: tuple[tuple[str, Answers], ...] = ()


def every_case() -> dict[str, Cases]:
    """Probe id → its cases, from the files of all areas."""
    found: dict[str, Cases] = {}
    for file in sorted(Path(__file__).parent.glob("cases_*.py")):
        area: Mapping[str, Cases] = import_module(f"tests.library.evidence.{file.stem}").CASES
        assert not found.keys() & area.keys(), f"{file.stem}: a probe has its cases elsewhere too"
        found |= area
    return found


def by_name(answers: Answers) -> dict[str, object]:
    """The answers by the names of their queries."""
    return {
        query.name if isinstance(query, Query) else query: answer
        for query, answer in answers.items()
    }
