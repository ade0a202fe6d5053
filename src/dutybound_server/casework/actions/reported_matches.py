"""What meets a reported intimate image is kept from view at once and joins the report."""

from collections.abc import Sequence
from datetime import datetime

from dutybound.cases.judgement import IN_FAVOUR, EnforcementKind
from dutybound.cases.status import EventKind, Status
from dutybound.matching import Effect
from dutybound.matching import Match as Meeting
from dutybound_server.casework.actions.concern_events import concern_happened
from dutybound_server.casework.actions.enforcements import freeze
from dutybound_server.casework.actions.events import happened, locked_case
from dutybound_server.casework.concern_queries import waiting_for_an_answer
from dutybound_server.casework.intimate import RESERVED
from dutybound_server.casework.models import Case, Concern, ConcernSubject
from dutybound_server.casework.queries import last_decision
from dutybound_server.casework.subjects import CONCERN, ITEM
from dutybound_server.evidence.actions.snapshots import seal_snapshot
from dutybound_server.items.models import Item


def says_nothing_new(case: Case, item: Item, meetings: Sequence[Meeting]) -> bool:
    """Whether the item was taken down as it is, and only what was learned from that meets it."""
    if case.status != Status.DECIDED or any(one.bank not in RESERVED for one in meetings):
        return False
    decision = last_decision(case)
    return (
        decision is not None
        and decision.enforcement_kind == EnforcementKind.TAKE_DOWN
        and case.item_id == item.pk
    )


def act_on_reported(*, case: Case, item: Item, meetings: Sequence[Meeting], now: datetime) -> None:
    """Freeze the item of the locked case if a reported image acts on it, and tell the reports.

    A signal that the flood guard lets flag only freezes nothing. What a person looked at as it is
    and left up stays in view while it is looked at again.
    """
    signals = {
        one.signal
        for one in meetings
        if one.bank in RESERVED and one.effect in {Effect.HOLD, Effect.BLOCK}
    }
    if not signals:
        return
    if not _was_left_up(case, item):
        freeze(case=case, now=now)
    for concern in _open_concerns(signals):
        _join(concern, case, item, now=now)


def _was_left_up(case: Case, item: Item) -> bool:
    decision = last_decision(case)
    if decision is None or decision.enforcement_kind not in IN_FAVOUR:
        return False
    return decision.decided_at >= item.received_at


def _open_concerns(signals: set[int]) -> list[Concern]:
    """Those that wait for an answer, also again."""
    found = waiting_for_an_answer(Concern.objects.filter(hashes__signal__in=signals))
    return list(found.select_related("service").order_by("id").distinct())


def _join(concern: Concern, case: Case, item: Item, *, now: datetime) -> None:
    _, is_new = ConcernSubject.objects.get_or_create(
        concern=concern,
        subject_kind=ITEM,
        subject=item.external_id,
        defaults={"item": item, "case": case, "added_at": now},
    )
    if not is_new:
        return
    seal_snapshot(
        service=concern.service,
        subject_kind=ITEM,
        subject=item.external_id,
        item=item,
        concern=concern.reference,
        why="It looks like an intimate image that was reported.",
        restricted=case.restricted,
        now=now,
    )
    concern_happened(concern, "found", by=None, now=now, facts={"case": case.reference})
    # The limit of the Act runs from the report, wherever else the picture is found.
    if concern.due_at < case.due_at:
        case.due_at = concern.due_at
        case.save(update_fields=["due_at"])
    _rest_placeholder(concern, case, now=now)


def _rest_placeholder(concern: Concern, found: Case, *, now: datetime) -> None:
    """The case that stood for a report that named nothing is not needed any more."""
    placeholder = Case.objects.filter(
        concerned__concern=concern, subject_kind=CONCERN, status=Status.OPEN
    ).first()
    if placeholder is not None:
        facts = {"pointed_to": found.reference}
        happened(locked_case(placeholder.pk), EventKind.DECIDED, by=None, now=now, facts=facts)
