"""A measure's history as a picture: how it stood, and its first figure, over time."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from dutybound.evidence.figures import Figure, Unit
from dutybound.evidence.status import STATUS_WORDS, Status
from dutybound_server.assurance.models import Finding
from dutybound_server.assurance.standing_queries import KEEP_EVERY, LONGEST_BETWEEN, figure_in

ROWS = (Status.MET, Status.AT_RISK, Status.NOT_ENOUGH, Status.STALE, Status.NOT_MET)
LEFT, RIGHT, WIDTH = 150, 740, 760
ROW = 26
LINE_TOP, LINE_HEIGHT = len(ROWS) * ROW + 34, 70
NAME_Y = LINE_TOP + 26
SHORTEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at a place of the picture."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the page draws: paths as SVG writes them, and words beside them."""

    rows: tuple[Mark, ...]
    path: str
    ends: tuple[Mark, ...]
    line: str
    line_name: str
    line_words: tuple[Mark, ...]
    height: int
    says: str


def chart_of(findings: Sequence[Finding], *, now: datetime) -> Chart | None:
    """The picture of a measure's findings; None until there are two to draw a line between."""
    if len(findings) < 2:
        return None
    first = min(findings[0].at, now - SHORTEST)
    span = now - first
    place = [LEFT + (RIGHT - LEFT) * ((one.at - first) / span) for one in findings]
    figures = [_first_figure(one) for one in findings]
    line, words = _line(place, figures)
    top = len(ROWS) * ROW + 16
    return Chart(
        rows=tuple(Mark(0, _y(status), STATUS_WORDS[status]) for status in ROWS),
        path=_steps(findings, place),
        ends=(Mark(LEFT, top, _day(first)), Mark(RIGHT, top, "now")),
        line=line,
        line_name=figures[-1].name if line and figures[-1] else "",
        line_words=words,
        height=LINE_TOP + LINE_HEIGHT + 20 if line else top + 8,
        says=_says(findings),
    )


def _y(status: str) -> float:
    return ROW * (ROWS.index(Status(status)) + 0.5)


def _steps(findings: Sequence[Finding], place: Sequence[float]) -> str:
    drawn = f"M{place[0]:.1f} {_y(findings[0].status):.1f}"
    steps = zip(itertools.pairwise(findings), itertools.pairwise(place), strict=True)
    for (before, one), (left, x) in steps:
        if one.at - before.at > LONGEST_BETWEEN:
            # Nobody looked in between, whatever was found before and after.
            unseen = left + (x - left) * (KEEP_EVERY / (one.at - before.at))
            drawn += f"H{unseen:.1f}V{_y(Status.STALE):.1f}"
        drawn += f"H{x:.1f}V{_y(one.status):.1f}"
    return f"{drawn}H{RIGHT}"


def _first_figure(finding: Finding) -> Figure | None:
    return figure_in(finding.figures[0]) if finding.figures else None


def _height(figure: Figure | None) -> float | None:
    if figure is None:
        return None
    return figure.rate if figure.unit is Unit.SHARE else figure.value


def _line(place: Sequence[float], figures: Sequence[Figure | None]) -> tuple[str, tuple[Mark, ...]]:
    """The first figure over time; nothing where fewer than two findings have it."""
    newest = figures[-1]
    points = [
        (x, height, figure)
        for x, figure in zip(place, figures, strict=True)
        if (height := _height(figure)) is not None
        and figure is not None and newest is not None and figure.name == newest.name
    ]  # fmt: skip
    if len(points) < 2:
        return "", ()
    last = points[-1][2]
    most = 1 if last.unit is Unit.SHARE else max(height for _, height, _ in points) or 1
    ys = [LINE_TOP + LINE_HEIGHT * (1 - height / most) for _, height, _ in points]
    drawn = "L".join(f"{x:.1f} {y:.1f}" for (x, _, _), y in zip(points, ys, strict=True))
    return f"M{drawn}H{RIGHT}", (Mark(0, NAME_Y + 20, last.says),)


def _says(findings: Sequence[Finding]) -> str:
    turns = sum(a.status != b.status for a, b in itertools.pairwise(findings))
    newest = STATUS_WORDS[Status(findings[-1].status)]
    since = _day(findings[0].at)
    times = {0: "it has not turned", 1: "it turned once"}.get(turns, f"it turned {turns} times")
    unseen = sum(b.at - a.at > LONGEST_BETWEEN for a, b in itertools.pairwise(findings))
    often = "once" if unseen == 1 else f"{unseen:,} times"
    gaps = f" Nobody looked for over an hour, {often}; that is shown as stale." if unseen else ""
    return f"Since {since} {times}; now it stands at: {newest}.{gaps}"


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-d %B %H:%M}"
