"""Second looks, golden items and calibration: how we learn how good decisions are.

Which decisions are looked at twice is drawn by a keyed digest of the decision: nobody can foresee
or choose it, the same decision is drawn the same way however often we ask, and who holds the key
can check every draw.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from dutybound.cases.judgement import CHOICES, IN_FAVOUR, LONGEST_WORDS
from dutybound.cases.sampling import BadRate, Reason, checked_rates, reason_for
from dutybound.register.harms import HARMS
from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.actions.events import locked_case
from dutybound_server.casework.actions.queues import queue_for
from dutybound_server.casework.models import (
    Calibration,
    Case,
    ConcernSubject,
    Decision,
    Desk,
    GoldenItem,
    SecondLook,
)
from dutybound_server.casework.quality_queries import (
    judged,
    look_for,
    look_of,
    waiting_golden,
    waiting_looks,
)
from dutybound_server.casework.refusals import QualityRefused
from dutybound_server.casework.subjects import ITEM
from dutybound_server.items.queries import newest_revision
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM, staff_actor
from dutybound_server.people.models import Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

LOOK_BACK = timedelta(days=7)
MOST_AT_ONCE = 200
GOLDEN_ONE_IN = 10
"""So often a golden item comes instead of a decision, while decisions wait."""

# Which decisions


@transaction.atomic
def set_sample_rates(*, service: Service, rates: dict[str, float], by: User, now: datetime) -> Desk:
    """Say which share of decisions is looked at twice; raises QualityRefused."""
    desk = desk_of(service)
    try:
        after = checked_rates({**desk.sample_rates, **rates})
    except BadRate as problem:
        raise QualityRefused("rates", str(problem)) from None
    before, desk.sample_rates = desk.sample_rates, after
    if before != after:
        desk.save(update_fields=["sample_rates"])
        _journal(
            "quality.rates_set", service, f"desk:{service.slug}", by, now,
            {"before": _in_thousandths(before), "after": _in_thousandths(after)},
        )  # fmt: skip
    return desk


def ask_second_looks(*, now: datetime) -> int:
    """Ask for a second look at decisions that were drawn; how many. A duty of the worker."""
    lately = Decision.objects.filter(
        decided_at__gt=now - LOOK_BACK,
        undone_at=None,
        second_looks=None,
        case__subject_kind=ITEM,
        case__item__isnull=False,
    )
    told_as = _kinds_told(lately)
    rates = {desk.service_id: desk.sample_rates for desk in Desk.objects.all()}
    asked = 0
    for decision in lately.select_related("case").order_by("id").iterator():
        reason = reason_for(
            told_as=told_as.get(decision.case_id, ()),
            left_up=decision.enforcement_kind in IN_FAVOUR,
            rates=rates.get(decision.case.service_id, {}),
            draw=_draw(decision),
        )
        if reason is not None and _ask(decision.pk, reason, now=now):
            asked += 1
        if asked == MOST_AT_ONCE:
            break
    return asked


def _kinds_told(decisions: QuerySet[Decision]) -> dict[int, set[str]]:
    """The kinds of concern that the decisions' cases came from, by case."""
    subjects = ConcernSubject.objects.filter(case__in=decisions.values("case")).order_by()
    found: dict[int, set[str]] = {}
    for case, kind in subjects.values_list("case", "concern__kind").distinct():
        found.setdefault(case, set()).add(kind)
    return found


def _draw(decision: Decision) -> float:
    key = f"{decision.pk}:{decision.decided_at.isoformat()}"
    drawn = salted_hmac("casework.second_look", key, algorithm="sha256").digest()
    return int.from_bytes(drawn[:6]) / 2**48


@transaction.atomic
def _ask(decision_id: int, reason: Reason, *, now: datetime) -> bool:
    decision = Decision.objects.select_related("case__service", "case__queue").get(id=decision_id)
    look, is_new = SecondLook.objects.get_or_create(
        decision=decision,
        defaults={
            "service": decision.case.service,
            "case": decision.case,
            "reason": reason,
            "queue": decision.case.queue.slug,
            "asked_at": now,
        },
    )
    if is_new:
        facts = {"look": look.pk, "decision": decision.pk, "reason": reason}
        _journal("look.asked", decision.case.service, f"look:{look.pk}", None, now, facts)
    return is_new


# Looking


@transaction.atomic
def take_look(*, service: Service, by: User, now: datetime) -> SecondLook | None:
    """Give the person the next content to judge without knowing what was decided; None for none.

    Nobody chooses which. Until it is answered its case is hidden from them everywhere else.
    """
    # Two clicks of one person take turns, so that they get the same one.
    User.objects.select_for_update().get(id=by.pk)
    if (own := look_of(by, service)) is not None:
        return own
    golden_first = secrets.randbelow(GOLDEN_ONE_IN) == 0
    look = _golden_look(service, by=by, now=now) if golden_first else None
    look = look or _sampled_look(service, by=by) or _golden_look(service, by=by, now=now)
    if look is not None:
        _journal("look.taken", service, f"look:{look.pk}", by, now, {"look": look.pk})
    return look


def _sampled_look(service: Service, *, by: User) -> SecondLook | None:
    for look in waiting_looks(by, service)[:MOST_AT_ONCE]:
        if SecondLook.objects.filter(id=look.pk, by=None).update(by=by) == 1:
            look.by = by
            return look
    return None


def _golden_look(service: Service, *, by: User, now: datetime) -> SecondLook | None:
    golden = waiting_golden(by, service).select_related("item").first()
    if golden is None:
        return None
    case = Case.objects.get(service=service, subject_kind=ITEM, subject=golden.item.external_id)
    queue = queue_for(service=service, harm=golden.harm, restricted=case.restricted)
    return SecondLook.objects.create(
        service=service, golden=golden, case=case, reason=Reason.GOLDEN, queue=queue.slug,
        asked_at=now, by=by,
    )  # fmt: skip


@transaction.atomic
def answer_look(
    *,
    service: Service,
    look_id: int,
    by: User,
    enforcement_kind: str,
    harm: str,
    reasons: str,
    now: datetime,
) -> SecondLook:
    """Store what the second person would have decided; a disagreement opens a calibration.

    It changes nothing about the content: who disagrees can raise the case. Raises LookNotFound,
    QualityRefused.
    """
    _check_judgement(enforcement_kind=enforcement_kind, harm=harm, reasons=reasons)
    SecondLook.objects.select_for_update().filter(id=look_id).first()
    look = look_for(by, service, look_id)
    first = look.golden or look.decision
    assert first is not None
    agrees = judged(enforcement_kind) == judged(first.enforcement_kind)
    look.enforcement_kind, look.harm, look.reasons = enforcement_kind, harm, reasons.strip()
    look.answered_at, look.agrees = now, agrees
    look.save(update_fields=["enforcement_kind", "harm", "reasons", "answered_at", "agrees"])
    if not agrees:
        Calibration.objects.get_or_create(look=look, defaults={"opened_at": now})
    facts = {"look": look.pk, "agrees": agrees, "enforcement_kind": enforcement_kind}
    _journal("look.answered", service, f"look:{look.pk}", by, now, facts)
    return look


@transaction.atomic
def free_look(*, service: Service, look_id: int, by: User, now: datetime) -> None:
    """Take an unanswered look from whoever has it, for another person. Raises QualityRefused."""
    if not may(by, service, May.OVERTURN):
        raise QualityRefused("look", "A senior moderator can give it to another person.")
    open_ones = SecondLook.objects.filter(id=look_id, service=service, answered_at=None)
    look = open_ones.exclude(by=None).first()
    if look is None:
        raise QualityRefused("look", "Nobody has this second look, or it is answered.")
    if look.golden_id is not None:
        look.delete()
    else:
        open_ones.update(by=None)
    _journal("look.freed", service, f"look:{look_id}", by, now, {"look": look_id})


# Golden items


@transaction.atomic
def agree_golden(
    *, case: Case, enforcement_kind: str, harm: str, why: str, by: User, now: datetime
) -> GoldenItem:
    """Keep a case's item as one whose right answer is agreed; raises QualityRefused."""
    _check_judgement(enforcement_kind=enforcement_kind, harm=harm, reasons=why, field="why")
    # Two who make it golden at once take turns.
    case = locked_case(case.pk)
    item = newest_revision(case.service, case.subject) if case.subject_kind == ITEM else None
    if item is None or item.erased_at is not None:
        raise QualityRefused("item", "Only an item whose content is still kept can be golden.")
    if GoldenItem.objects.filter(service=case.service, item=item, retired_at=None).exists():
        raise QualityRefused("item", "This item is golden already.")
    golden = GoldenItem.objects.create(
        service=case.service,
        item=item,
        enforcement_kind=enforcement_kind,
        harm=harm,
        why=why.strip(),
        agreed_by=by,
        agreed_at=now,
    )
    facts = {"golden": golden.pk, "enforcement_kind": enforcement_kind, "harm": harm}
    _journal("golden.agreed", case.service, f"golden:{golden.pk}", by, now, facts)
    return golden


@transaction.atomic
def retire_golden(*, service: Service, golden_id: int, by: User, now: datetime) -> None:
    """Ask nobody about the item any more; what was answered stays counted."""
    live = GoldenItem.objects.filter(id=golden_id, service=service, retired_at=None)
    if live.update(retired_at=now) == 1:
        facts = {"golden": golden_id}
        _journal("golden.retired", service, f"golden:{golden_id}", by, now, facts)


# Calibration


@transaction.atomic
def close_calibration(
    *,
    service: Service,
    calibration_id: int,
    by: User,
    learned: str,
    first_was_right: bool | None,
    now: datetime,
) -> Calibration:
    """Write down what was learned from a disagreement, once both were heard.

    Somebody else than the two closes it. Raises QualityRefused.
    """
    if not learned.strip():
        raise QualityRefused("learned", "Say in a sentence what is learned from it.")
    if len(learned) > LONGEST_WORDS:
        raise QualityRefused("learned", f"Keep it to {LONGEST_WORDS:,} characters.")
    found = Calibration.objects.select_related("look__decision").filter(
        id=calibration_id, look__service=service, closed_at=None
    )
    calibration = found.first()
    if calibration is None:
        raise QualityRefused("calibration", "It is closed already, or there is none.")
    look = calibration.look
    if by.pk in {look.by_id, look.decision.by_id if look.decision else None}:
        raise QualityRefused("calibration", "Somebody else than the two who disagree closes it.")
    closed = found.update(
        closed_at=now, closed_by=by, learned=learned.strip(), first_was_right=first_was_right
    )
    if closed != 1:
        raise QualityRefused("calibration", "Somebody else has just closed it.")
    calibration.refresh_from_db()
    facts = {"look": look.pk, "first_was_right": first_was_right}
    _journal("calibration.closed", service, f"look:{look.pk}", by, now, facts)
    return calibration


# How


def _check_judgement(
    *, enforcement_kind: str, harm: str, reasons: str, field: str = "reasons"
) -> None:
    if enforcement_kind not in CHOICES:
        raise QualityRefused("enforcement_kind", "Choose what you would have decided.")
    if harm not in HARMS:
        raise QualityRefused("harm", "Choose a kind of harm of the register.")
    if not reasons.strip():
        raise QualityRefused(field, "Say in a sentence why.")
    if len(reasons) > LONGEST_WORDS:
        raise QualityRefused(field, f"Keep it to {LONGEST_WORDS:,} characters.")


def _in_thousandths(rates: dict[str, float]) -> dict[str, int]:
    """The journal writes shares as whole numbers, which every reader writes alike."""
    return {name: round(rate * 1000) for name, rate in sorted(rates.items())}


def _journal(
    kind: str, service: Service, subject: str, by: User | None, now: datetime,
    facts: Mapping[str, object],
) -> None:  # fmt: skip
    append(
        kind=kind,
        service=service.slug,
        subject=subject,
        actor=staff_actor(by) if by else SYSTEM,
        now=now,
        facts=facts,
    )
