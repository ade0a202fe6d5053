"""A case goes to an independent body, and what that body found comes back into the case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import transaction

from dutybound.cases.judgement import LONGEST_WORDS
from dutybound.cases.status import EventKind, Status
from dutybound_server.casework.actions.events import happened, locked_case
from dutybound_server.casework.models import Case, Decision, OutsideReview
from dutybound_server.casework.outside import bundle_of
from dutybound_server.casework.refusals import ReviewRefused
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import staff_actor

LONGEST_BODY = 200
OUTCOMES = ("agrees", "disagrees", "partly", "declined")
REOPENS = frozenset({"disagrees", "partly"})


@dataclass(frozen=True, slots=True)
class Exported:
    """The row that remembers it, and the file to hand over."""

    review: OutsideReview
    content: bytes


@transaction.atomic
def export_case(
    *, case_id: int, body: str, leave_out: Iterable[str], by: User, now: datetime
) -> Exported:
    """Make the signed bundle of a decided case for a body outside; raises ReviewRefused."""
    body = body.strip()
    if not body or len(body) > LONGEST_BODY:
        raise ReviewRefused("body", f"Name the body, in at most {LONGEST_BODY} characters.")
    case = locked_case(case_id)
    if not case.decisions.exists():
        raise ReviewRefused("case", "Nothing was decided yet that a body outside could review.")
    content, manifest = bundle_of(case, body=body, leave_out=leave_out, now=now)
    review = OutsideReview.objects.create(
        case=case, body=body, exported_at=now, exported_by=by, digest=sha256(manifest).hexdigest()
    )
    facts = {"review": review.pk, "manifest": review.digest}
    _journal("review.exported", case, by, now, facts, {"body": body})
    happened(case, EventKind.NOTED, by=by, now=now, note=f"Given to {body} for review.")
    return Exported(review, content)


@transaction.atomic
def take_outcome(
    *, review_id: int, outcome: str, words: str, by: User, now: datetime
) -> OutsideReview:
    """Bind what the body found to the case; where it disagrees, the case is open again.

    Raises ReviewRefused. The decision that follows is bound to the review when it is taken.
    """
    words = words.strip()
    if outcome not in OUTCOMES:
        raise ReviewRefused("outcome", "Choose what the body found.")
    if not words or len(words) > LONGEST_WORDS:
        raise ReviewRefused(
            "words", f"Write down what the body says, in at most {LONGEST_WORDS:,} characters."
        )
    case = locked_case(OutsideReview.objects.get(id=review_id).case_id)
    review = OutsideReview.objects.get(id=review_id)
    if review.outcome:
        raise ReviewRefused("outcome", "The outcome of this review is written down already.")
    review.outcome, review.words, review.outcome_at = outcome, words, now
    review.save(update_fields=["outcome", "words", "outcome_at"])
    facts = {"review": review.pk, "outcome": outcome}
    _journal("review.outcome", case, by, now, facts, {"words": words})
    kind = EventKind.NOTED
    if outcome in REOPENS and case.status == Status.DECIDED:
        kind = EventKind.RAISED
    happened(case, kind, by=by, now=now, note=_note(review))
    return review


def bind_decision(*, decision: Decision) -> None:
    """The decision answers the reviews of its case that asked for another; caller's transaction."""
    asked = OutsideReview.objects.filter(case=decision.case, outcome__in=REOPENS, decided=None)
    asked.update(decided=decision)


def unbind_decision(*, decision: Decision) -> None:
    """An undone decision answers no review any more; caller's transaction."""
    OutsideReview.objects.filter(decided=decision).update(decided=None)


def _note(review: OutsideReview) -> str:
    return {
        "agrees": f"{review.body} agrees with us.",
        "disagrees": f"{review.body} disagrees with us.",
        "partly": f"{review.body} agrees with us in part.",
        "declined": f"{review.body} does not review this case.",
    }[review.outcome]


def _journal(
    kind: str,
    case: Case,
    by: User,
    now: datetime,
    facts: dict[str, object],
    personal: dict[str, str],
) -> None:
    append(
        kind=kind,
        service=case.service.slug,
        subject=f"case:{case.reference}",
        actor=staff_actor(by),
        now=now,
        facts=facts,
        personal=personal,
    )
