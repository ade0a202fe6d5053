"""What staff do about a concern: answer it, say what it is about, let its clock stand still."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from dutybound.cases.kinds import KINDS, Group, Kind, Outcome
from dutybound.cases.status import EventKind, Status
from dutybound_server.casework.actions.cases import refuse_if_claimed_by_another
from dutybound_server.casework.actions.concern_events import concern_happened, locked_concern
from dutybound_server.casework.actions.concerns import (
    UNKNOWN_HARM,
    add_subject,
    refuse_if_over,
)
from dutybound_server.casework.actions.events import happened, locked_case
from dutybound_server.casework.actions.intimate import reopen_refused
from dutybound_server.casework.actions.settling import (
    conclude,
    correct,
    end_pause,
    is_taken_back,
)
from dutybound_server.casework.hearing import (
    LONGEST_WORDS,
    ConcernRefused,
    Subject,
    subject_problems,
)
from dutybound_server.casework.models import Case, Concern, ConcernSubject, Pause
from dutybound_server.casework.subjects import CONCERN

ANSWERS = (Outcome.OVERTURNED, Outcome.UPHELD, Outcome.ACTED, Outcome.NOT_OURS)
"""What a complaint can be answered with; what a case decides is told by itself."""
LONGEST_WHY = 500


@transaction.atomic
def answer_concern(
    *, concern_id: int, by: User, outcome: str, reasons: str, words: str, now: datetime
) -> Concern:
    """Answer a complaint, with reasons for colleagues and words for the person.

    Reports and appeals are answered by deciding their cases. A complaint about how an intimate
    image report was handled is answered by somebody else than who handled it. One that was wrongly
    disregarded is answered once more. Raises ConcernRefused.
    """
    concern = locked_concern(concern_id)
    is_again = is_taken_back(concern)
    if not is_again:
        refuse_if_over(concern)
    if KINDS[Kind(concern.kind)].group is not Group.COMPLAINT:
        raise ConcernRefused("outcome", "Decide the case of this one; its outcome follows.")
    if concern.about is not None and concern.about.decided_by_id == by.pk:
        raise ConcernRefused("outcome", "You decided what this complains about. Ask a colleague.")
    if outcome not in ANSWERS:
        raise ConcernRefused("outcome", "Choose what you found from the list.")
    _refuse_empty("reasons", reasons, "Say in a sentence why, for colleagues and auditors.")
    _refuse_empty("words", words, "Write what the person is told.")
    (correct if is_again else conclude)(
        concern=concern,
        outcome=Outcome(outcome),
        by=by,
        reasons=reasons.strip(),
        words=words.strip(),
        now=now,
    )
    if outcome == Outcome.OVERTURNED:
        reopen_refused(complaint=concern, by=by, now=now)
    return concern


@transaction.atomic
def point_to(*, concern_id: int, subject: Subject, by: User, now: datetime) -> ConcernSubject:
    """Say what a report is about that named nothing, or one thing more.

    The case that stood for it while it named nothing rests. Raises ConcernRefused, AlreadyClaimed.
    """
    for field, sentence in subject_problems((subject,)):
        raise ConcernRefused(field, sentence)
    placeholder = _locked_placeholder(concern_id)
    concern = locked_concern(concern_id)
    refuse_if_over(concern)
    if KINDS[Kind(concern.kind)].group is not Group.REPORT:
        raise ConcernRefused("subject", "Only a report is about something to be looked into.")
    if concern.subjects.filter(subject_kind=subject.kind, subject=subject.id.strip()).exists():
        raise ConcernRefused("subject", "It is about that already.")
    if placeholder is not None:
        refuse_if_claimed_by_another(placeholder, by=by, now=now)
    pointed = add_subject(
        concern=concern,
        subject_kind=subject.kind,
        subject=subject.id.strip(),
        harm=concern.harm or UNKNOWN_HARM,
        now=now,
    )
    assert pointed.case is not None
    facts = {"case": pointed.case.reference}
    concern_happened(concern, "pointed", by=by, now=now, facts=facts)
    if placeholder is not None and placeholder.status == Status.OPEN:
        happened(placeholder, EventKind.DECIDED, by=by, now=now, facts={"pointed_to": facts})
    return pointed


@transaction.atomic
def pause_clock(*, concern_id: int, why: str, by: User, now: datetime) -> Pause:
    """Let the clock stand still for a reason that is kept; raises ConcernRefused.

    A limit of the Act does not stand still, and a late answer does not become one in time.
    """
    concern = locked_concern(concern_id)
    refuse_if_over(concern)
    why = why.strip()
    if KINDS[Kind(concern.kind)].is_statutory:
        raise ConcernRefused("why", "The Act sets this limit; nothing stops its clock.")
    if concern.paused_at is not None:
        raise ConcernRefused("why", "The clock stands still already.")
    if now >= concern.due_at:
        raise ConcernRefused("why", "It is late already; a pause cannot mend that.")
    if not why or len(why) > LONGEST_WHY:
        raise ConcernRefused("why", f"Say why, in 1 to {LONGEST_WHY} characters.")
    concern.paused_at = now
    concern.save(update_fields=["paused_at"])
    concern_happened(concern, "paused", by=by, now=now, words=why)
    return Pause.objects.create(concern=concern, why=why, by=by, at=now)


@transaction.atomic
def resume_clock(*, concern_id: int, by: User, now: datetime) -> Concern:
    """Let the clock run again; it ends as much later as it stood still. Raises ConcernRefused."""
    concern = locked_concern(concern_id)
    length = end_pause(concern, now=now)
    if length is None:
        raise ConcernRefused("why", "The clock runs; there is nothing to resume.")
    concern.save(update_fields=["paused_at", "paused_for", "due_at"])
    facts = {"seconds": int(length.total_seconds()), "due_at": concern.due_at.isoformat()}
    concern_happened(concern, "resumed", by=by, now=now, facts=facts)
    return concern


def _locked_placeholder(concern_id: int) -> Case | None:
    # Cases are locked before concerns everywhere, so that two who do both never lock up.
    subject = ConcernSubject.objects.filter(concern=concern_id, subject_kind=CONCERN).first()
    return locked_case(subject.case_id) if subject and subject.case_id else None


def _refuse_empty(field: str, text: str, sentence: str) -> None:
    if not text.strip():
        raise ConcernRefused(field, sentence)
    if len(text) > LONGEST_WORDS:
        raise ConcernRefused(field, f"Keep it to {LONGEST_WORDS:,} characters.")
