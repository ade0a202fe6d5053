"""What staff do about a report of an intimate image beside deciding its cases."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from dutybound.cases.judgement import EnforcementKind
from dutybound.cases.kinds import Kind, Outcome, RefusalGround
from dutybound.cases.status import EventKind, Status
from dutybound.matching import Effect
from dutybound_server.banks.actions import take_turn
from dutybound_server.casework.actions.cases import refuse_if_claimed_by_another
from dutybound_server.casework.actions.concern_events import (
    concern_happened,
    locked_cases,
    locked_concern,
)
from dutybound_server.casework.actions.decisions import decide_case
from dutybound_server.casework.actions.enforcements import freeze, unfreeze
from dutybound_server.casework.actions.events import happened
from dutybound_server.casework.actions.letters import write_letter
from dutybound_server.casework.actions.reported_hashes import hold_again, let_go
from dutybound_server.casework.actions.settling import conclude
from dutybound_server.casework.hearing import LONGEST_WORDS, ConcernRefused
from dutybound_server.casework.intimate import pictures_among
from dutybound_server.casework.intimate_letters import looking_again, not_found, refusal
from dutybound_server.casework.models import Case, Concern, Match
from dutybound_server.casework.subjects import CONCERN


@transaction.atomic
def refuse_intimate(
    *, concern_id: int, ground: str, words: str, by: User, now: datetime
) -> Concern:
    """Refuse a report of an intimate image on one of the two lawful grounds, in writing.

    Its hashes leave the bank, and what was kept from view because of it alone comes back. On the
    ground that it is no intimate image, cases that nothing else is behind are decided with it; on
    the other, they stay open: the image may be illegal, whoever told us. Raises ConcernRefused,
    AlreadyClaimed.
    """
    words = words.strip()
    if ground not in set(RefusalGround):
        raise ConcernRefused("ground", "The Act allows two grounds: choose one of them.")
    if not words or len(words) > LONGEST_WORDS:
        raise ConcernRefused("words", "Write to the person why, in their words.")
    take_turn()
    cases = locked_cases(concern_id)
    concern = _open_report(concern_id)
    for case in cases:
        refuse_if_claimed_by_another(case, by=by, now=now)
    if concern.events.filter(kind="decided", by=by, facts__has_key="refusal").exists():
        raise ConcernRefused("ground", "You refused it, and that was wrong. Ask a colleague now.")
    concern.refusal = ground
    conclude(
        concern=concern,
        outcome=Outcome.REFUSED,
        by=by,
        reasons=words,
        words=refusal(concern, ground=RefusalGround(ground), words=words),
        now=now,
    )
    let_go(concern=concern, now=now)
    for case in cases:
        _give_back(case, concern, RefusalGround(ground), by=by, now=now)
    return concern


@transaction.atomic
def keep_watching(*, concern_id: int, by: User, now: datetime) -> Concern:
    """Answer a report whose picture is nowhere on the service; it is looked for from now on.

    Other pictures that only looked alike may have been found and left up. Raises ConcernRefused.
    """
    cases = locked_cases(concern_id)
    concern = _open_report(concern_id)
    if concern.subjects.filter(added_at=concern.received_at).exclude(subject_kind=CONCERN).exists():
        raise ConcernRefused("concern", "This report names something: decide about that.")
    if any(case.subject_kind != CONCERN and case.status != Status.DECIDED for case in cases):
        raise ConcernRefused("concern", "Something was found: decide its case first.")
    if not concern.hashes.filter(signal__isnull=False).exists():
        raise ConcernRefused("concern", "There is no picture in this report to look for.")
    conclude(
        concern=concern,
        outcome=Outcome.NOT_OURS,
        by=by,
        reasons="The picture is not on the service. It is looked for in what comes in.",
        words=not_found(concern),
        now=now,
    )
    for case in cases:
        _rest(case, by=by, now=now)
    return concern


@transaction.atomic
def let_through(*, concern_id: int, by: User, now: datetime) -> Concern:
    """Let a report that waited behind others be acted on: its picture is looked for at once."""
    concern = _open_report(concern_id)
    concern.queued = False
    concern.save(update_fields=["queued"])
    concern_happened(concern, "let_through", by=by, now=now)
    return concern


@transaction.atomic
def say_which_picture(
    *, concern_id: int, pictures: Collection[int], by: User, now: datetime
) -> Concern:
    """Say which pictures of the reported items are meant; the others are held for it no more.

    What was kept from view because of the others alone comes back. Raises ConcernRefused.
    """
    take_turn()
    cases = locked_cases(concern_id)
    concern = locked_concern(concern_id)
    if concern.kind != Kind.INTIMATE_IMAGE or concern.withdrawn_at or concern.refusal:
        raise ConcernRefused("concern", "This report was refused or taken back, or is another.")
    among = pictures_among(concern)
    chosen = [one for one in among if one.media.pk in pictures]
    if not chosen:
        raise ConcernRefused("pictures", "Choose at least one of its pictures.")
    meant = frozenset[str]().union(*(one.values for one in chosen))
    others = frozenset[str]().union(*(one.values for one in among)) - meant
    from_item = concern.hashes.filter(came_from="item")
    from_item.filter(value__in=meant).update(meant=True)
    from_item.filter(value__in=others).update(meant=False)
    facts = {"pictures": len(chosen), "of": len(among)}
    concern_happened(concern, "meant", by=by, now=now, facts=facts)
    hold_again(concern=concern, values=meant, now=now)
    let_go(concern=concern, values=others, now=now)
    named = {one.media.item_id for one in among}
    for case in cases:
        is_found = case.status == Status.OPEN and case.item_id not in {None, *named}
        if is_found and not _is_held_by_more(case):
            unfreeze(case=case, now=now)
    return concern


@transaction.atomic
def reopen_refused(*, complaint: Concern, by: User, now: datetime) -> Concern | None:
    """Take the refusal back that the locked expedited complaint was right about.

    The report is open again with the clock it had, its pictures are looked for again, and its
    items are kept from view. None where it is about no refused report.
    """
    about = complaint.about
    if complaint.kind != Kind.EXPEDITED or about is None:
        return None
    cases = locked_cases(about.pk)
    concern = locked_concern(about.pk)
    if concern.outcome != Outcome.REFUSED:
        return None
    concern.decided_at = concern.decided_by = None
    concern.outcome = concern.refusal = ""
    concern.save()
    concern.hashes.filter(signal__removed_at__isnull=False).update(signal=None)
    facts = {"complaint": complaint.reference}
    concern_happened(concern, "reopened", by=by, now=now, facts=facts)
    for case in cases:
        happened(case, EventKind.RAISED, by=by, now=now, facts=facts)
        case.due_at = min(case.due_at, concern.due_at)
        case.save(update_fields=["due_at"])
        if case.subject_kind != CONCERN:
            freeze(case=case, now=now)
    write_letter(concern=concern, kind="changed", words=looking_again(concern), now=now)
    return concern


# How


def _open_report(concern_id: int) -> Concern:
    concern = locked_concern(concern_id)
    if concern.kind != Kind.INTIMATE_IMAGE:
        raise ConcernRefused("concern", "This is no report of an intimate image.")
    if not concern.is_open:
        raise ConcernRefused("concern", "This report is answered or was taken back.")
    return concern


def _give_back(
    case: Case, concern: Concern, ground: RefusalGround, *, by: User, now: datetime
) -> None:
    if case.status != Status.OPEN:
        return
    if case.subject_kind == CONCERN:
        _rest(case, by=by, now=now)
    elif ground is RefusalGround.NOT_INTIMATE and not _has_more_behind(case, concern):
        _leave_up(case, concern, by=by, now=now)
    elif not _is_held_by_more(case):
        unfreeze(case=case, now=now)


def _has_more_behind(case: Case, concern: Concern) -> bool:
    """Whether anything else than the refused report asks for a look at it."""
    others = case.concerned.exclude(concern=concern).filter(
        concern__decided_at__isnull=True, concern__withdrawn_at__isnull=True
    )
    return others.exists() or _live_matches(case).exists() or _is_doubted(case)


def _is_held_by_more(case: Case) -> bool:
    holding = _live_matches(case).filter(effect__in=[Effect.HOLD, Effect.BLOCK])
    return holding.exists() or _is_doubted(case)


def _live_matches(case: Case) -> QuerySet[Match]:
    return Match.objects.filter(
        item=case.item_id, dry_run=False, set_aside=False, signal__removed_at__isnull=True
    )


def _is_doubted(case: Case) -> bool:
    """Whether a check or a colleague had something of their own to say about it."""
    return (
        case.events.filter(kind__in=[EventKind.OPENED, EventKind.RAISED]).exclude(note="").exists()
    )


def _leave_up(case: Case, concern: Concern, *, by: User, now: datetime) -> None:
    decide_case(
        case_id=case.pk,
        by=by,
        enforcement_kind=EnforcementKind.NONE,
        ground="none",
        rule="",
        harm=case.harm,
        reasons=f"It is no intimate image; report {concern.reference} was refused.",
        statement="",
        now=now,
    )


def _rest(case: Case, *, by: User, now: datetime) -> None:
    """Let the case that stood for a report rest: the report itself was answered."""
    if case.subject_kind == CONCERN and case.status == Status.OPEN:
        happened(case, EventKind.DECIDED, by=by, now=now, facts={"concern_answered": True})
