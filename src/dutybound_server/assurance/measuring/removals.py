"""One removal and its times, and all of them counted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from dutybound.cases.judgement import EnforcementKind
from dutybound.cases.priority import DECIDE_WITHIN, severity_of
from dutybound.cases.status import EventKind
from dutybound.cases.times import FEWEST_FOR_90TH, FEWEST_FOR_95TH
from dutybound.evidence.takedown import INTIMATE_WITHIN, OfHarm, Removals
from dutybound_server.assurance.measuring.moderation import ranked, reported_for_children
from dutybound_server.casework.intimate import INTIMATE
from dutybound_server.casework.models import CaseEvent, Decision, Enforcement
from dutybound_server.casework.subjects import ITEM
from dutybound_server.items.models import Item

KEPT_AT_FIRST = ("hold", "block")
"""Verdicts by which the service keeps an item from view as it comes in."""
NOTICES = (EventKind.OPENED, EventKind.MATCHED, EventKind.RAISED)


@dataclass(frozen=True, slots=True)
class Removal:
    """A decision against content. Moments are seconds since 1970; `done` is None until told."""

    harm: str
    kind: str
    notice: float
    told: float
    done: float | None
    hidden: bool
    intimate: bool
    for_children: bool = False
    """Somebody had reported it as harmful to children."""

    @property
    def until_told(self) -> float:
        return 0.0 if self.hidden else max(self.told - self.notice, 0.0)

    @property
    def seconds(self) -> float | None:
        """How long it was up, as far as is known."""
        if self.hidden:
            return 0.0
        return None if self.done is None else max(self.done - self.notice, 0.0)

    @property
    def within(self) -> float:
        return DECIDE_WITHIN[severity_of(self.harm)].total_seconds()


# Counted


def tallied(
    removals: Sequence[Removal],
    *,
    as_of: datetime,
    undelivered: int = 0,
    intimate_open: int = 0,
    left_up: int = 0,
) -> Removals:
    """All of it in figures."""
    now = as_of.timestamp()
    said = sum(one.done is not None for one in removals)
    times, in_time, overdue = list[float](), 0, 0
    for one in removals:
        took, within = one.seconds, one.within
        if took is not None:
            times.append(took)
            in_time += took <= within
        else:
            overdue += now - one.notice > within
    times.sort()
    intimate = [one for one in removals if one.intimate]
    return Removals(
        removed=len(removals),
        hidden=sum(one.hidden for one in removals),
        said=said,
        in_time=in_time,
        late=len(times) - in_time,
        pending=len(removals) - len(times) - overdue,
        overdue=overdue,
        told_in_time=sum(one.until_told <= one.within for one in removals),
        undelivered=undelivered,
        median_seconds=ranked(times, 0.5),
        p90_seconds=ranked(times, 0.9) if len(times) >= FEWEST_FOR_90TH else None,
        p95_seconds=ranked(times, 0.95) if len(times) >= FEWEST_FOR_95TH else None,
        told_median_seconds=ranked((one.until_told for one in removals), 0.5),
        intimate=len(intimate),
        intimate_late=sum(_is_too_late(one, now=now, said=said) for one in intimate),
        intimate_open=intimate_open,
        left_up=left_up,
        by_harm=tuple(_by_harm(removals)),
    )


def _is_too_late(one: Removal, *, now: float, said: int) -> bool:
    """Whether an intimate image was up for longer than the Act allows.

    Of a service that never says that it did anything, only when it was told is known.
    """
    took = one.seconds if said else one.until_told
    return (now - one.notice if took is None else took) > INTIMATE_WITHIN.total_seconds()


def _by_harm(removals: Iterable[Removal]) -> Iterator[OfHarm]:
    found: dict[str, list[float | None]] = defaultdict(list)
    for one in removals:
        found[one.harm].append(one.seconds)
    for harm in sorted(found):
        known = [took for took in found[harm] if took is not None]
        yield OfHarm(harm, len(found[harm]), len(known), ranked(known, 0.5))


# Walked through


def walked_through(
    decisions: QuerySet[Decision], *, as_of: datetime, intimate: Collection[int]
) -> Iterator[Removal]:
    """The removals of cases with more of a history, one by one."""
    rows = list(
        decisions.annotate(children=reported_for_children(as_of, case="case"))
        .select_related("case")
        .order_by("id")
    )
    if not rows:
        return
    cases = {row.case_id for row in rows}
    history = _History(cases, as_of)
    for row in rows:
        own = history.told_by(row)
        if own is not None:
            notice = history.notice_of(row)
            is_intimate = row.harm == INTIMATE or row.case_id in intimate
            before = history.hidden_before(own)
            chain = [*before, own]
            done = [one.acknowledged_at for one in chain if _is_by(one.acknowledged_at, as_of)]
            yield Removal(
                row.harm,
                row.enforcement_kind,
                notice.timestamp(),
                chain[0].created_at.timestamp(),
                min(at.timestamp() for at in done if at) if done else None,
                history.was_kept(own, notice),
                is_intimate,
                row.children,
            )


def _is_by(moment: datetime | None, as_of: datetime) -> bool:
    return moment is not None and moment <= as_of


class _History:
    """What happened to some cases by a moment, in order."""

    def __init__(self, cases: Collection[int], as_of: datetime) -> None:
        self.notices: dict[int, list[datetime]] = defaultdict(list)
        self.decisions: dict[int, list[Decision]] = defaultdict(list)
        self.told: dict[int, list[Enforcement]] = defaultdict(list)
        events = CaseEvent.objects.filter(case__in=cases, kind__in=NOTICES, at__lte=as_of)
        for case_id, at in events.order_by("at").values_list("case_id", "at"):
            self.notices[case_id].append(at)
        for decision in Decision.objects.filter(case__in=cases, decided_at__lte=as_of):
            self.decisions[decision.case_id].append(decision)
        for one in Enforcement.objects.filter(case__in=cases, created_at__lte=as_of).order_by("id"):
            self.told[one.case_id].append(one)
        about = Item.objects.filter(
            service__cases__in=cases,
            service__cases__subject_kind=ITEM,
            external_id=F("service__cases__subject"),
            verdict__in=KEPT_AT_FIRST,
        )
        self.kept = {
            (case_id, revision): received_at
            for case_id, revision, received_at in about.values_list(
                "service__cases", "revision", "received_at"
            )
        }
        """(case, revision of what it is about) → when it came, of those kept from view then."""

    def told_by(self, decision: Decision) -> Enforcement | None:
        own = (one for one in self.told[decision.case_id] if one.decision_id == decision.pk)
        return next((one for one in own if one.undoes_id is None), None)

    def notice_of(self, decision: Decision) -> datetime:
        """The first notice that this decision answers: what came since the decision before it.

        One that was undone answered nothing. Where nothing came, it is the first of all.
        """
        before = [
            one.decided_at
            for one in self.decisions[decision.case_id]
            if one.pk < decision.pk
            and (one.undone_at is None or one.undone_at > decision.decided_at)
        ]
        notices = [at for at in self.notices[decision.case_id] if at <= decision.decided_at]
        since = [at for at in notices if not before or at > max(before)]
        return min(since or notices, default=decision.case.opened_at)

    def hidden_before(self, own: Enforcement) -> list[Enforcement]:
        """What already kept it from view when it was decided, and was not taken back before."""
        kept: list[Enforcement] = []
        for one in self.told[own.case_id]:
            if one.pk >= own.pk:
                break
            if one.kind == EnforcementKind.HOLD and one.revision == own.revision:
                kept.append(one)
            else:
                kept = []
        return kept

    def was_kept(self, own: Enforcement, notice: datetime) -> bool:
        """Whether nobody ever saw it: kept at receipt, and never shown in between."""
        shown = any(
            one.kind not in (EnforcementKind.HOLD, EnforcementKind.TAKE_DOWN)
            for one in self.told[own.case_id]
            if one.pk < own.pk and one.revision == own.revision
        )
        came = self.kept.get((own.case_id, own.revision or 0))
        return came is not None and came <= notice and not shown
