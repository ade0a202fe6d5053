"""Once everything that a person told us of is decided, they are told the outcome, exactly once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dutybound.cases.judgement import AGAINST, IN_FAVOUR
from dutybound.cases.kinds import Kind, Outcome
from dutybound.cases.status import Status
from dutybound_server.casework.actions.concern_events import concern_happened, locked_concern
from dutybound_server.casework.actions.events import locked_case
from dutybound_server.casework.actions.letters import facts_of, put_letter
from dutybound_server.casework.actions.outbox import put_out
from dutybound_server.casework.concern_queries import is_restricted
from dutybound_server.casework.letters import changed_words, outcome_words, taken_back_words
from dutybound_server.casework.messages import CONCERN_DECIDED, concern_message
from dutybound_server.casework.models import (
    Case,
    Concern,
    ConcernEvent,
    ConcernSubject,
    Decision,
    Letter,
    Pause,
)
from dutybound_server.casework.queries import last_decision
from dutybound_server.casework.subjects import CONCERN
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import staff_actor

MOST_AT_ONCE = 20
"""Outcomes told while the person who decides waits; the worker tells the rest."""
MOST_LEFT = 200
"""Outcomes that the worker tells in one round, each in a transaction of its own."""
FROM_CASES = frozenset(
    {Outcome.ACTED, Outcome.PARTLY, Outcome.NO_ACTION, Outcome.OVERTURNED, Outcome.UPHELD}
)
"""Outcomes that follow from decisions, and change with them."""
TAKEN_BACK, CHANGED = "taken_back", "changed"


def settle_concerns(*, case: Case, now: datetime) -> int:
    """Tell those whose concern the decision of the locked case answers; the answer is how many.

    Called at the end of deciding, in its transaction. Who was told another outcome before, or
    that it was taken back, is told what holds now. The worker tells those that are many.
    """
    undecided = _of(case).filter(decided_at__isnull=True)[:MOST_AT_ONCE]
    return _settle_all(undecided, now=now) + _tell_all_again(case, now=now)


def take_back_outcomes(*, case: Case, now: datetime) -> None:
    """Tell those who were told the outcome that it was undone; in the undoing's transaction.

    The worker tells those that are many.
    """
    _tell_all_again(case, now=now)


def settle_left(*, now: datetime) -> int:
    """Tell what deciding and undoing left to the worker; the answer is how many were told."""
    return _settle_left(now=now) + _tell_again_left(now=now)


def conclude(
    *,
    concern: Concern,
    outcome: Outcome,
    by: User | None,
    reasons: str,
    words: str,
    now: datetime,
    may_mail: bool = True,
) -> Letter:
    """Decide the locked concern and tell the person, inside a transaction of the caller.

    Its clock ends; that it was late stands on the row, whenever somebody looked.
    """
    end_pause(concern, now=now)
    if now > concern.due_at and concern.breached_at is None:
        concern.breached_at = concern.due_at
    concern.decided_at = concern.told_at = now
    concern.outcome, concern.reasons, concern.decided_by = outcome, reasons, by
    concern.save()
    # The outcome is told once; of one that was reopened, the new one is a change.
    kind = CHANGED if concern.letters.filter(kind="outcome").exists() else "outcome"
    letter = put_letter(concern=concern, kind=kind, words=words, now=now, may_mail=may_mail)
    facts = {"outcome": outcome, "in_time": concern.breached_at is None, **facts_of(letter)}
    if concern.refusal:
        facts["refusal"] = concern.refusal
    concern_happened(concern, "decided", by=by, now=now, words=reasons, facts=facts)
    _tell_service(concern, letter, now=now)
    return letter


def correct(
    *,
    concern: Concern,
    outcome: Outcome,
    by: User | None,
    reasons: str,
    words: str,
    now: datetime,
    may_mail: bool = True,
) -> Letter:
    """Tell another outcome than they were told, for a locked concern; when it was decided stays."""
    concern.outcome = outcome
    concern.save(update_fields=["outcome"])
    letter = put_letter(concern=concern, kind=CHANGED, words=words, now=now, may_mail=may_mail)
    facts = {"outcome": outcome, **facts_of(letter)}
    concern_happened(concern, CHANGED, by=by, now=now, words=reasons, facts=facts)
    _tell_service(concern, letter, now=now)
    return letter


def end_pause(concern: Concern, *, now: datetime) -> timedelta | None:
    """Let the clock of the locked concern run again; the caller saves. None where it ran."""
    if concern.paused_at is None:
        return None
    length = now - concern.paused_at
    concern.paused_at = None
    concern.paused_for += length
    concern.due_at += length
    Pause.objects.filter(concern=concern, ended_at__isnull=True).update(ended_at=now)
    return length


def note_look(
    *, by: User, now: datetime, case: Case | None = None, concern: Concern | None = None
) -> int:
    """Note when staff first opened what people told us: one concern, or all those of a case.

    However many those are, it is one change and one entry of the journal, which says who it was.
    """
    if case is not None:
        service, subject = case.service, f"case:{case.reference}"
        about = Q(pk__in=ConcernSubject.objects.filter(case=case).values("concern"))
    else:
        assert concern is not None, "expected a case or a concern"
        service, subject = concern.service, f"concern:{concern.reference}"
        about = Q(pk=concern.pk)
    unseen = Concern.objects.filter(about, looked_at__isnull=True)
    # Asked outside the transaction, so that a page opened again never waits for a writer.
    if not unseen.exists():
        return 0
    with transaction.atomic():
        looked = unseen.update(looked_at=now)
        # Who comes second at the same moment updates nothing, and nothing is told of it.
        if looked:
            append(
                kind="concern.looked",
                service=service.slug,
                subject=subject,
                actor=staff_actor(by),
                now=now,
                facts={"concerns": looked},
            )
    return looked


# How


def _of(case: Case) -> QuerySet[Concern]:
    told = ConcernSubject.objects.filter(case=case, concern=OuterRef("pk"))
    return Concern.objects.filter(Exists(told), withdrawn_at__isnull=True).order_by("id")


def _settle_left(*, now: datetime) -> int:
    # A report of an intimate image against which nothing was done waits for staff (see `_outcome`),
    # and takes nobody's place here.
    waiting = ConcernSubject.objects.filter(concern=OuterRef("pk")).exclude(
        case__status=Status.DECIDED
    )
    named = ConcernSubject.objects.filter(concern=OuterRef("pk"), case__isnull=False)
    left = Concern.objects.filter(
        Exists(named), ~Exists(waiting), decided_at__isnull=True, withdrawn_at__isnull=True
    ).exclude(appeal__isnull=False, appeal__outcome__isnull=True)
    acted_on = ConcernSubject.objects.filter(
        concern=OuterRef("pk"),
        case__decisions__enforcement_kind__in=AGAINST,
        case__decisions__undone_at__isnull=True,
    )
    left = left.exclude(~Exists(acted_on), kind=Kind.INTIMATE_IMAGE)
    settled = 0
    for concern in left.order_by("id").only("id")[:MOST_LEFT]:
        with transaction.atomic():
            settled += _settle(locked_concern(concern.pk), now=now)
    return settled


def _tell_again_left(*, now: datetime) -> int:
    told = 0
    for pk in Case.objects.filter(told_up_to__isnull=False).values_list("pk", flat=True)[:1]:
        for _ in range(MOST_LEFT // MOST_AT_ONCE):
            with transaction.atomic():
                case = locked_case(pk)
                told += _tell_some_again(case, now=now)
            if case.told_up_to is None:
                break
    return told


def _tell_all_again(case: Case, *, now: datetime) -> int:
    """Begin with the first of those who may have been told something else than stands now."""
    case.told_up_to = 0
    return _tell_some_again(case, now=now)


def _tell_some_again(case: Case, *, now: datetime) -> int:
    """The next few who may have been told something else than stands about the locked case.

    How far that came is stored with what it told: stopped at any moment, nobody is told twice
    and nobody is left out.
    """
    if case.told_up_to is None:
        return 0
    waiting = _told_otherwise(case).filter(pk__gt=case.told_up_to)
    concerns = list(waiting.values_list("pk", flat=True)[:MOST_AT_ONCE])
    told = sum(_tell_again(locked_concern(pk), case, now=now) for pk in concerns)
    case.told_up_to = concerns[-1] if len(concerns) == MOST_AT_ONCE else None
    case.save(update_fields=["told_up_to"])
    return told


def _tell_again(concern: Concern, case: Case, *, now: datetime) -> int:
    if not _is_undone(case):
        return _correct(concern, now=now)
    if concern.outcome not in FROM_CASES or is_taken_back(concern):
        return 0
    letter = put_letter(concern=concern, kind=CHANGED, words=taken_back_words(concern), now=now)
    concern_happened(concern, TAKEN_BACK, by=None, now=now, facts=facts_of(letter))
    return 1


def _is_undone(case: Case) -> bool:
    """Whether nothing stands about it because its last decision was taken back."""
    newest = case.decisions.order_by("-id").first()
    return newest is not None and newest.undone_at is not None


def _told_otherwise(case: Case) -> QuerySet[Concern]:
    """Those who may have been told something else than what now stands about the case."""
    if _is_undone(case):
        return _of(case).filter(decided_at__isnull=False, outcome__in=FROM_CASES)
    decision = last_decision(case)
    acted = decision is not None and decision.enforcement_kind in AGAINST
    same = Outcome.ACTED if acted else Outcome.NO_ACTION
    taken_back = ConcernEvent.objects.filter(concern=OuterRef("pk"), kind=TAKEN_BACK)
    follows = Q(outcome__in=FROM_CASES) | (Q(outcome=Outcome.UNFOUNDED) & Q(Exists(taken_back)))
    told = _of(case).filter(follows, decided_at__isnull=False)
    return told.exclude(Q(outcome=same) & ~Exists(taken_back))


def _settle_all(concerns: QuerySet[Concern], *, now: datetime) -> int:
    return sum(_settle(locked_concern(pk), now=now) for pk in concerns.values_list("pk", flat=True))


def _settle(concern: Concern, *, now: datetime) -> int:
    if not concern.is_open:
        return 0
    decisions = _decisions(concern)
    outcome = _outcome(concern, decisions)
    if outcome is None:
        return 0
    conclude(
        concern=concern,
        outcome=outcome,
        by=decisions[-1].by if decisions else None,
        reasons="",
        words=outcome_words(concern, outcome, decisions),
        now=now,
        # Who appealed is mailed the decision itself, by its notice.
        may_mail=concern.appeal_id is None,
    )
    return 1


def _correct(concern: Concern, *, now: datetime) -> int:
    decisions = _decisions(concern)
    outcome = _outcome(concern, decisions)
    if outcome is None or (outcome == concern.outcome and not is_taken_back(concern)):
        return 0
    words = changed_words(concern, outcome, decisions)
    # Who appealed is mailed the decision itself, by its notice.
    correct(
        concern=concern, outcome=outcome, by=None, reasons="", words=words, now=now,
        may_mail=concern.appeal_id is None,
    )  # fmt: skip
    return 1


def is_taken_back(concern: Concern) -> bool:
    """Whether they were told that the outcome does not stand, and not yet what does."""
    last = concern.events.filter(kind__in=[TAKEN_BACK, CHANGED]).last()
    return last is not None and last.kind == TAKEN_BACK


def _decisions(concern: Concern) -> Sequence[Decision]:
    """What stands about each subject; empty while one of them waits or nobody decided it."""
    if concern.appeal is not None:
        answer = concern.appeal.outcome
        return [answer] if answer is not None and answer.undone_at is None else []
    subjects = list(concern.subjects.select_related("case").order_by("id"))
    # That it named nothing is answered by what it was found to be about.
    named = [one for one in subjects if one.subject_kind != CONCERN] or subjects
    cases = [one.case for one in named if one.case is not None]
    if not cases or any(case.status != Status.DECIDED for case in cases):
        return []
    decisions = [last_decision(case) for case in cases]
    return [] if None in decisions else [one for one in decisions if one is not None]


def _outcome(concern: Concern, decisions: Sequence[Decision]) -> Outcome | None:
    if not decisions:
        return None
    if concern.appeal_id is not None:
        in_favour = decisions[0].enforcement_kind in IN_FAVOUR
        return Outcome.OVERTURNED if in_favour else Outcome.UPHELD
    acted = [one.enforcement_kind in AGAINST for one in decisions]
    if all(acted):
        return Outcome.ACTED
    if concern.kind == Kind.INTIMATE_IMAGE and not any(acted):
        # s.20A: it is refused only on a lawful ground and in writing; see `refuse_intimate`.
        return None
    return Outcome.PARTLY if any(acted) else Outcome.NO_ACTION


def _tell_service(concern: Concern, letter: Letter, *, now: datetime) -> None:
    put_out(
        service=concern.service,
        event=CONCERN_DECIDED,
        message_id=f"msg_letter_{letter.pk}",
        lane=f"concern:{concern.reference}",
        message=concern_message(concern, restricted=is_restricted(concern)),
        now=now,
    )
