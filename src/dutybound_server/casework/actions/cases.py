"""How a case comes to be and who works on it: open, join, claim, hand over, note, reveal."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from dutybound.cases.claims import claimed_until, is_claimed
from dutybound.cases.priority import severity_of
from dutybound.cases.status import WAITING, EventKind, Status, after
from dutybound.matching import Effect
from dutybound.matching import Match as Meeting
from dutybound_server.banks.models import Signal
from dutybound_server.casework.actions.events import happened, let_go, locked_case, opened
from dutybound_server.casework.actions.reported_matches import act_on_reported, says_nothing_new
from dutybound_server.casework.actions.standing import raise_standing, standing
from dutybound_server.casework.models import Case, CaseEvent, Match, Reveal
from dutybound_server.casework.queries import answers_to_another
from dutybound_server.casework.refusals import AlreadyClaimed, CaseNotFound, DecisionRefused
from dutybound_server.casework.routing import is_restricted
from dutybound_server.casework.subjects import ACCOUNT, ITEM, text_digest
from dutybound_server.items.models import Item, Media
from dutybound_server.items.queries import newest_revision, newest_revision_id
from dutybound_server.people.actions import see_account
from dutybound_server.people.models import Account, Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

MOST_RAISED = 50
_Place = tuple[int | None, int]
"""Where on an item a match is: the medium, None for its words and links, and the signal."""

# Opening and joining


@transaction.atomic
def record_matches(
    *,
    item: Item,
    kept: Sequence[Meeting],
    set_aside: Sequence[Meeting],
    media: Mapping[str, Media],
    retroactive: bool,
    now: datetime,
) -> Case | None:
    """Store how an item met signals, and open its case or join it to the one there is.

    Every match is kept for whoever asks later. These open nothing: one in dry run, one that a
    negative bank set aside, and one of a signal that the flood guard quarantined, whose queue
    it would flood; the last joins a case that is there. The answer is the item's case, if any.
    """
    known = {(one.media_id, one.signal_id): one for one in Match.objects.filter(item=item)}
    acting = {place for place, one in known.items() if not (one.dry_run or one.set_aside)}
    kept = _unmet(kept, media, stored=acting)
    rows = [_row(item, meeting, media, retroactive=retroactive, now=now) for meeting in kept]
    for meeting in _unmet(set_aside, media, stored=known):
        row = _row(item, meeting, media, retroactive=retroactive, now=now)
        row.set_aside = True
        rows.append(row)
    _store(rows, known)

    telling = [one for one in kept if not one.dry_run and one.effect != Effect.NEVER]
    case = Case.objects.filter(**_subject_of(item)).first()
    if not telling or (case is None and _all_quarantined(telling)):
        return case
    if case is not None and says_nothing_new(case, item, telling):
        return case
    case = _open_or_join(
        item=item,
        harms={meeting.harm for meeting in telling},
        joins_as=EventKind.MATCHED,
        facts={
            "banks": sorted({meeting.bank for meeting in telling}),
            "matches": len(telling),
            "retroactive": retroactive,
        },
        now=now,
    )
    act_on_reported(case=case, item=item, meetings=telling, now=now)
    return case


@transaction.atomic
def open_case(*, item: Item, harm: str, why: str, now: datetime, by: User | None = None) -> Case:
    """Ask people to look at an item for another reason than a match; joins the case it has."""
    return _open_or_join(
        item=item, harms={harm}, joins_as=EventKind.RAISED, by=by, note=why, facts={}, now=now
    )


@transaction.atomic
def open_account_case(*, account: Account, harm: str, why: str, by: User, now: datetime) -> Case:
    """Ask people to look at an account as a whole; joins the case it has."""
    case, is_new = Case.objects.get_or_create(
        service=account.service,
        subject_kind=ACCOUNT,
        subject=account.external_id,
        defaults={
            "account": account,
            **standing(service=account.service, harms={harm}, reach=1, now=now),
        },
    )
    facts = {"harms": [harm]}
    if is_new:
        opened(case, by=by, now=now, note=why, facts=facts)
        return case
    case = locked_case(case.id)
    raise_standing(case, harms={harm}, reach=1)
    happened(case, EventKind.RAISED, by=by, now=now, note=why, facts=facts)
    return case


@transaction.atomic
def open_told_case(
    *,
    service: Service,
    subject_kind: str,
    subject: str,
    harm: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> Case:
    """Ask people to look at what somebody told us of, whether we know it as an item or not.

    Joins the case of the same subject. Once many have told us of the same thing, one more leaves
    no event of its own in the case's history: it stands in the concern's.
    """
    if subject_kind == ITEM:
        item = newest_revision(service, subject)
        if item is not None:
            return _open_or_join(
                item=item, harms={harm}, joins_as=EventKind.RAISED, facts=facts, now=now
            )
    account = None
    if subject_kind == ACCOUNT:
        account = see_account(service=service, external_id=subject, email="", now=now)
    case, is_new = Case.objects.get_or_create(
        service=service,
        subject_kind=subject_kind,
        subject=subject,
        defaults={
            "account": account,
            **standing(service=service, harms={harm}, reach=1, now=now),
        },
    )
    facts = {"harms": [harm], **facts}
    if is_new:
        opened(case, by=None, now=now, note="", facts=facts)
        return case
    case = locked_case(case.id)
    raise_standing(case, harms={harm}, reach=1)
    if _is_full(case):
        case.save()
    else:
        happened(case, EventKind.RAISED, by=None, now=now, facts=facts)
    return case


def full_case(*, service: Service, subject_kind: str, subject: str, harm: str) -> Case | None:
    """The waiting case that one more voice of the same changes nothing about, not locked.

    It was raised so often that its history takes no more, what it is about is as it was when it
    was sealed for somebody who told us, and the harm is none that would raise or hide it. None
    where any of this is not so.
    """
    waiting = Case.objects.filter(
        service=service, subject_kind=subject_kind, subject=subject, status__in=WAITING
    )
    case = waiting.only("status", "severity", "restricted", "due_at", "item").first()
    if case is None or not _is_full(case):
        return None
    if severity_of(harm) > case.severity or (is_restricted(harm) and not case.restricted):
        return None
    newest = newest_revision_id(service, subject) if subject_kind == ITEM else None
    is_sealed = case.concerned.filter(item=case.item_id).exists()
    return case if newest == case.item_id and is_sealed else None


# Working on it


@transaction.atomic
def claim_case(*, case_id: int, by: User, now: datetime) -> Case:
    """Keep a waiting case to oneself for a while.

    Raises AlreadyClaimed; NotAllowed for a case that rests; DecisionRefused for an appeal
    against one's own decision, which a different person decides. Claiming again what is one's
    own only makes it last longer.
    """
    case = locked_case(case_id)
    hold_claim(case, by=by, now=now)
    return case


def hold_claim(case: Case, *, by: User, now: datetime) -> None:
    """Make the locked case that person's; raises AlreadyClaimed, DecisionRefused, NotAllowed."""
    refuse_if_claimed_by_another(case, by=by, now=now)
    if answers_to_another(case, by):
        raise DecisionRefused(
            "case", "You made the decision that is appealed. A different person decides now."
        )
    is_renewal = is_claimed(until=case.claimed_until, now=now)
    # Asked before anything changes: a decided case cannot be claimed.
    after(Status(case.status), EventKind.CLAIMED)
    case.claimed_by = by
    case.claimed_until = claimed_until(now)
    if is_renewal:
        case.save(update_fields=["claimed_until"])
    else:
        happened(case, EventKind.CLAIMED, by=by, now=now)


def refuse_if_claimed_by_another(case: Case, *, by: User, now: datetime) -> None:
    holder, until = case.claimed_by, case.claimed_until
    if holder is not None and until is not None and holder.pk != by.pk and now < until:
        raise AlreadyClaimed(by=holder, until=until)


@transaction.atomic
def release_case(*, case_id: int, by: User, now: datetime) -> Case:
    """Give a claim up before it ends; what one does not hold stays as it is."""
    case = locked_case(case_id)
    if case.claimed_by_id == by.pk and is_claimed(until=case.claimed_until, now=now):
        let_go(case)
        happened(case, EventKind.RELEASED, by=by, now=now)
    return case


@transaction.atomic
def hand_over_case(*, case_id: int, by: User, note: str, now: datetime) -> Case:
    """Put a case back for a colleague with a word on what is known; raises AlreadyClaimed."""
    case = locked_case(case_id)
    refuse_if_claimed_by_another(case, by=by, now=now)
    let_go(case)
    happened(case, EventKind.HANDED_OVER, by=by, now=now, note=note)
    return case


@transaction.atomic
def note_case(*, case_id: int, by: User, note: str, now: datetime) -> CaseEvent:
    """Leave a word for colleagues; anyone who sees the case may, whoever holds it."""
    return happened(locked_case(case_id), EventKind.NOTED, by=by, now=now, note=note)


@transaction.atomic
def reveal_media(*, case_id: int, media_id: int, by: User, now: datetime) -> Reveal:
    """Record that a person chose to look at a medium of the case; raises CaseNotFound.

    The door that sends the medium's bytes to the person calls this first, each time.
    """
    case = locked_case(case_id)
    media = Media.objects.filter(
        id=media_id, item__service=case.service_id, item__external_id=case.subject
    ).first()
    is_hidden = case.restricted and not may(by, case.service, May.SEE_RESTRICTED)
    if media is None or case.subject_kind != ITEM or is_hidden:
        raise CaseNotFound
    happened(case, EventKind.REVEALED, by=by, now=now, facts={"media": media.pk})
    return Reveal.objects.create(media=media, case=case, by=by, at=now)


# How


def _subject_of(item: Item) -> dict[str, Any]:
    return {"service": item.service, "subject_kind": ITEM, "subject": item.external_id}


def _open_or_join(
    *,
    item: Item,
    harms: Iterable[str],
    joins_as: EventKind,
    facts: Mapping[str, Any],
    now: datetime,
    by: User | None = None,
    note: str = "",
) -> Case:
    facts = {"harms": sorted(harms), "revision": item.revision, **facts}
    # Two who come at once both try to make it: the constraint gives it to one, and the other
    # waits for that transaction, finds the case, and joins it.
    case, is_new = Case.objects.get_or_create(
        **_subject_of(item),
        defaults={
            "item": item,
            "account": item.account,
            "text_digest": text_digest(item.text),
            **standing(service=item.service, harms=harms, reach=item.reach, now=now),
        },
    )
    if is_new:
        opened(case, by=by, now=now, note=note, facts=facts)
        return case

    case = locked_case(case.id)
    if case.item is None or item.revision >= case.item.revision:
        case.item = item
        case.account = item.account or case.account
        case.text_digest = text_digest(item.text)
    raise_standing(case, harms=harms, reach=item.reach)
    if joins_as is EventKind.RAISED and by is None and _is_full(case):
        case.save()
    else:
        happened(case, joins_as, by=by, now=now, note=note, facts=facts)
    return case


def _is_full(case: Case) -> bool:
    """Whether a case that waits has been raised so often that once more says nothing new."""
    if case.status not in WAITING:
        return False
    return case.events.filter(kind=EventKind.RAISED).count() >= MOST_RAISED


def _unmet(
    meetings: Iterable[Meeting], media: Mapping[str, Media], *, stored: Container[_Place]
) -> list[Meeting]:
    """Those not stored yet, each signal once a medium, at its least distance."""
    nearest: dict[_Place, Meeting] = {}
    for meeting in sorted(meetings, key=lambda meeting: meeting.distance):
        where = media[meeting.media].pk if meeting.media is not None else None
        nearest.setdefault((where, meeting.signal), meeting)
    return [meeting for place, meeting in nearest.items() if place not in stored]


def _store(rows: Iterable[Match], known: Mapping[_Place, Match]) -> None:
    """Keep the matches; one that was dormant, in dry run or set aside, becomes what it is now."""
    fresh, changed = [], []
    for row in rows:
        if (earlier := known.get((row.media_id, row.signal_id))) is None:
            fresh.append(row)
        else:
            row.pk = earlier.pk
            changed.append(row)
    # A match that another process stored a moment ago is the same match.
    Match.objects.bulk_create(fresh, ignore_conflicts=True)
    Match.objects.bulk_update(changed, ["distance", "threshold", "effect", "dry_run", "set_aside"])


def _row(
    item: Item,
    meeting: Meeting,
    media: Mapping[str, Media],
    *,
    retroactive: bool,
    now: datetime,
) -> Match:
    return Match(
        item=item,
        media=media[meeting.media] if meeting.media is not None else None,
        signal_id=meeting.signal,
        distance=meeting.distance,
        threshold=meeting.threshold,
        variant=meeting.variant,
        harm=meeting.harm,
        effect=meeting.effect,
        dry_run=meeting.dry_run,
        retroactive=retroactive,
        found_at=now,
    )


def _all_quarantined(meetings: Iterable[Meeting]) -> bool:
    signals = {meeting.signal for meeting in meetings}
    return not Signal.objects.filter(id__in=signals, quarantined_at__isnull=True).exists()
