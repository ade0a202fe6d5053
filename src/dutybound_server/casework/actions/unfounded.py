"""Disregarding what is manifestly unfounded: only under a recorded policy that is in force.

ICU D13 and PCU D14 are optional. They ask for a written policy with the attributes it relies on,
for watching that nothing is taken for unfounded wrongly, for a review at least yearly, and for a
record of changes.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from dutybound.cases.kinds import KINDS, Group, Kind, Outcome
from dutybound.cases.status import WAITING, EventKind, Status
from dutybound_server.casework.actions.concern_events import (
    concern_happened,
    locked_cases,
    locked_concern,
)
from dutybound_server.casework.actions.concerns import refuse_if_over
from dutybound_server.casework.actions.events import happened
from dutybound_server.casework.actions.letters import write_letter
from dutybound_server.casework.actions.settling import CHANGED, TAKEN_BACK, conclude
from dutybound_server.casework.concern_queries import is_restricted, policy_in_force
from dutybound_server.casework.hearing import ConcernNotFound, ConcernRefused
from dutybound_server.casework.letters import taken_back_words, unfounded_words
from dutybound_server.casework.models import (
    Case,
    CaseEvent,
    Concern,
    ConcernSubject,
    Disregard,
    Match,
    UnfoundedPolicy,
)
from dutybound_server.journal.actions import append
from dutybound_server.lib.refusals import FieldRefused
from dutybound_server.people.actors import staff_actor
from dutybound_server.people.models import Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

REVIEW_WITHIN = timedelta(days=365)
NEVER = frozenset({Kind.INTIMATE_IMAGE, Kind.EXPEDITED})
"""The Act names the only grounds for refusing these."""
MOST_ATTRIBUTES = 20
LONGEST_ATTRIBUTE = 300
LONGEST_WORDS = 10_000


class PolicyRefused(FieldRefused):
    """The policy cannot be approved, or not ended, as it is; `field` is what to change."""


@transaction.atomic
def approve_policy(
    *,
    service: Service,
    words: str,
    attributes: Sequence[str],
    monitoring: str,
    change: str,
    review_by: date,
    by: User,
    now: datetime,
) -> UnfoundedPolicy:
    """Put a version of the policy in force; it takes the place of the one before.

    The accountable person approves it. Raises PolicyRefused.
    """
    # One at a time: the number of a version is given once.
    Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    earlier = service.unfounded_policies.order_by("-number").first()
    attributes = [one.strip() for one in attributes if one.strip()]
    _refuse_policy(words, attributes, monitoring)
    if earlier is not None and not change.strip():
        raise PolicyRefused("change", "Say what changed since the version before, and why.")
    if not now.date() < review_by <= (now + REVIEW_WITHIN).date():
        raise PolicyRefused("review_by", "Choose a day within a year from today.")
    if not may(by, service, May.APPROVE):
        raise PolicyRefused("words", "The accountable person approves this policy.")
    service.unfounded_policies.filter(ended_at__isnull=True).update(ended_at=now)
    policy = UnfoundedPolicy.objects.create(
        service=service,
        number=earlier.number + 1 if earlier else 1,
        words=words.strip(),
        attributes=attributes,
        monitoring=monitoring.strip(),
        change=change.strip(),
        approved_by=by,
        approved_at=now,
        review_by=review_by,
    )
    _journal(policy, "policy.approved", by=by, now=now)
    return policy


@transaction.atomic
def end_policy(*, policy: UnfoundedPolicy, by: User, now: datetime) -> None:
    """Disregard nothing any more; raises PolicyRefused."""
    if not may(by, policy.service, May.APPROVE):
        raise PolicyRefused("words", "The accountable person ends this policy.")
    in_force = UnfoundedPolicy.objects.filter(pk=policy.pk, ended_at__isnull=True)
    if in_force.update(ended_at=now) == 1:
        _journal(policy, "policy.ended", by=by, now=now)


@transaction.atomic
def disregard(*, concern_id: int, attribute: int, why: str, by: User, now: datetime) -> Disregard:
    """Answer a concern as manifestly unfounded, by an attribute of the policy in force.

    A case that stands on nothing else rests with it. Raises ConcernRefused: without a policy in
    force, for appeals, for what the Act lets nobody refuse so, and for restricted harms.
    """
    cases = locked_cases(concern_id)
    concern = locked_concern(concern_id)
    refuse_if_over(concern)
    policy = policy_in_force(concern.service, now=now)
    if policy is None:
        raise ConcernRefused("attribute", "No policy on unfounded complaints is in force.")
    _refuse_disregard(concern, policy, attribute, why)
    made = Disregard.objects.create(
        concern=concern, policy=policy, attribute=attribute, why=why.strip(), by=by, at=now
    )
    conclude(
        concern=concern,
        outcome=Outcome.UNFOUNDED,
        by=by,
        reasons=why.strip(),
        words=unfounded_words(concern, policy.attributes[attribute]),
        now=now,
    )
    facts = {"disregarded": concern.reference, "policy": policy.number}
    for case in cases:
        if case.status == Status.OPEN and _stands_on_nothing_else(case, concern):
            happened(case, EventKind.DECIDED, by=by, now=now, facts=facts)
    return made


@transaction.atomic
def check_disregard(*, disregard_id: int, by: User, was_right: bool, now: datetime) -> Disregard:
    """Look again whether something was rightly disregarded; a wrong one is taken up anew.

    Another person looks than disregarded it. Raises ConcernNotFound, ConcernRefused.
    """
    found = Disregard.objects.filter(pk=disregard_id).first()
    if found is None:
        raise ConcernNotFound
    cases = locked_cases(found.concern_id)
    concern = locked_concern(found.concern_id)
    found.refresh_from_db()
    if found.checked_at is not None:
        raise ConcernRefused("was_right", "This was looked at again already.")
    if found.by_id == by.pk:
        raise ConcernRefused("was_right", "You disregarded this. Ask a colleague to look again.")
    found.checked_by, found.checked_at, found.was_right = by, now, was_right
    found.save(update_fields=["checked_by", "checked_at", "was_right"])
    concern_happened(concern, "checked", by=by, now=now, facts={"was_right": was_right})
    if not was_right:
        concern_happened(concern, TAKEN_BACK, by=by, now=now)
        write_letter(concern=concern, kind=CHANGED, words=taken_back_words(concern), now=now)
        for case in cases:
            if case.status not in WAITING:
                facts = {"concern": concern.reference, "wrongly_disregarded": True}
                happened(case, EventKind.RAISED, by=by, now=now, facts=facts)
    return found


def _refuse_policy(words: str, attributes: Sequence[str], monitoring: str) -> None:
    for field, text in (("words", words), ("monitoring", monitoring)):
        if not text.strip() or len(text) > LONGEST_WORDS:
            raise PolicyRefused(field, f"Write 1 to {LONGEST_WORDS:,} characters.")
    if not attributes or len(attributes) > MOST_ATTRIBUTES:
        raise PolicyRefused("attributes", f"Name 1 to {MOST_ATTRIBUTES} attributes, one a line.")
    if any(len(one) > LONGEST_ATTRIBUTE for one in attributes):
        raise PolicyRefused("attributes", f"Keep each to {LONGEST_ATTRIBUTE} characters.")


def _refuse_disregard(concern: Concern, policy: UnfoundedPolicy, attribute: int, why: str) -> None:
    kind = KINDS[Kind(concern.kind)]
    if kind.kind in NEVER:
        raise ConcernRefused("attribute", "The Act names the only grounds for refusing this kind.")
    if kind.group is Group.APPEAL:
        raise ConcernRefused("attribute", "An appeal is always answered: decide its case.")
    if is_restricted(concern):
        raise ConcernRefused("attribute", "What may be about a child's abuse is always looked at.")
    if not 0 <= attribute < len(policy.attributes):
        raise ConcernRefused("attribute", "Choose an attribute of the policy.")
    if not why.strip() or len(why) > LONGEST_WORDS:
        raise ConcernRefused("why", "Say in a sentence how the attribute fits.")


def _stands_on_nothing_else(case: Case, concern: Concern) -> bool:
    others = ConcernSubject.objects.filter(case=case).exclude(concern=concern)
    matches = Match.objects.filter(item=case.item_id, dry_run=False, set_aside=False)
    raised = CaseEvent.objects.filter(case=case, kind__in=(EventKind.OPENED, EventKind.RAISED))
    otherwise = raised.exclude(facts__has_key="concern")
    return not (others.exists() or matches.exists() or otherwise.exists())


def _journal(policy: UnfoundedPolicy, kind: str, *, by: User, now: datetime) -> None:
    append(
        kind=kind,
        service=policy.service.slug,
        subject=f"unfounded_policy:{policy.number}",
        actor=staff_actor(by),
        now=now,
        facts={
            "number": policy.number,
            "attributes": policy.attributes,
            "review_by": policy.review_by.isoformat(),
            "change": policy.change,
        },
    )
