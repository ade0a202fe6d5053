"""An overview of Ridge Forum, as reports are made from it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dutybound.evidence.figures import count, seconds, share
from dutybound.evidence.overview import (
    Asked,
    Head,
    Heard,
    Measure,
    Overview,
    Paper,
    Residual,
    Review,
    Spread,
    Task,
    Turn,
    Version,
)
from dutybound.evidence.status import Status

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SINCE = NOW - timedelta(days=90)
ROOT = "5f" * 32
HEAD = Head("ridge.example/journal", 4_210, ROOT, "Nobody else has signed it since 1 June 2026.")
FIGURES = (
    share("Acknowledged in time", 12, of=14, query="acknowledged"),
    seconds("Until it was there, median", 42.0, query="acknowledged"),
    count("Waiting", 1, query="acknowledged"),
)


def measure(name: str, status: Status | None = Status.MET, **changes: Any) -> Measure:  # noqa: ANN401 - any field
    told: dict[str, Any] = {
        "id": name,
        "title": "Acknowledge what people tell",
        "code": "illegal-content",
        "applies": True,
        "register_says": "verified",
        "status": status,
        "says": "12 of 14 were acknowledged in time." if status else "",
        "instead": "" if status else "Declined: they are few.",
        "figures": FIGURES if status else (),
        "since": NOW - timedelta(days=20) if status else None,
        "owner": "Grace Hill",
        "probe": "acknowledgements, version 1" if status else "",
        "digest": "ab" * 32 if status else "",
        "checkpoint": 4_000 if status else 0,
    }
    return Measure(**(told | changes))


def turns(*found: tuple[int, Status]) -> tuple[Turn, ...]:
    """Turns so many days before now."""
    return tuple(Turn(NOW - timedelta(days=days), status, "cd" * 32) for days, status in found)


def heard(kind: str = "illegal_content", **changes: Any) -> Heard:  # noqa: ANN401 - any field
    told: dict[str, Any] = {
        "id": kind, "name": "Content that may be illegal", "where": "s.20(2)",
        "received": 60, "acted": 30, "not_acted": 20, "waiting": 8, "withdrawn": 2,
        "in_time": 45, "late": 6, "first_look": Spread(55, 1_800.0, 7_200.0, 9_000.0),
        "decision": Spread(50, 14_400.0, 90_000.0, 200_000.0), "told": Spread(50, 15_000.0),
        "target_seconds": 86_400.0,
    }  # fmt: skip
    return Heard(**(told | changes))


RIDGE = Overview(
    service="Ridge Forum",
    provider="Ridge Walkers",
    first_day=SINCE.date(),
    last_day=NOW.date(),
    since=SINCE,
    until=NOW,
    made_at=NOW,
    head=HEAD,
    measures=(
        measure("ICU A2", Status.NOT_MET, owner="", says="Nothing is held of: who answers.",
                turns=turns((90, Status.MET), (40, Status.AT_RISK), (20, Status.NOT_MET))),
        measure("ICU D4", Status.AT_RISK,
                turns=turns((90, Status.NOT_ENOUGH), (20, Status.AT_RISK))),
        measure("ICU C9", Status.MET, turns=turns((90, Status.MET))),
        measure("ICU C2", Status.NOT_ENOUGH, applies=False, turns=turns((90, Status.NOT_ENOUGH))),
        measure("ICU D13", None),
        measure("ICU-UNVERIFIED-D14", Status.STALE, turns=turns((2, Status.STALE))),
    ),
    tasks=(Task("ICU A2", "Nothing is held of: who answers.", NOW - timedelta(days=20), ""),),
    by_kind=(
        heard(),
        heard("appeal_item", name="Appeal about something taken down", where="s.21(4)(d)",
              received=7, acted=3, not_acted=4, waiting=0, withdrawn=0, in_time=7, late=0,
              decision=Spread(7, 300_000.0), told=None),
    ),
    by_harm=(heard("fraud", name="Fraud", where="illegal"),),
    quality=(share("Golden items judged as agreed", 18, of=20, query="quality"),),
    residual=(
        Residual("fraud", "Fraud", "low", "medium", "6 of 50 decisions were against it.",
                 contradicts=True),
        Residual("hate", "Hate", "medium", "medium", "As it was assessed.", contradicts=False),
    ),
    reviews=(Review("A year has passed.", NOW - timedelta(days=3), None, ""),),
    assessment=Version(3, "ef" * 32, NOW - timedelta(days=200)),
    papers=(
        Paper("accountable_person", "Who answers", 2, "who.pdf", "12" * 32, "2026-01-02",
              "2027-01-02", "Grace Hill"),
    ),
    queries=(
        Asked("acknowledged", "How long until each acknowledgement.", ("reports",), 90),
        Asked("standings", "How each measure stands.", ("findings",), None),
    ),
)  # fmt: skip


def many(measures: int) -> Overview:
    """As large a service has it: so many measures that fail, each with much to say."""
    said = "Of 4,120 reports 380 were decided late, and 40 wait past their target. " * 4
    failing = tuple(
        measure(f"ICU C{number}", Status.NOT_MET, owner="", says=f"{number}: {said}",
                title="A title " * 12,
                turns=turns((90, Status.MET), (30, Status.NOT_MET)))
        for number in range(measures)
    )  # fmt: skip
    left = tuple(
        Residual(f"harm{number}", "A kind of harm", "high", "high", said, contradicts=True)
        for number in range(12)
    )
    return replace(RIDGE, measures=failing, residual=left)
