"""Statements of reasons for publication: one for every restriction, made from what was decided.

The explanation is left out of a restricted case's statement, and a statement whose words name
somebody is kept back until a person has written others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Prefetch, QuerySet

from dutybound.cases.judgement import AGAINST, IN_FAVOUR, EnforcementKind, Ground
from dutybound.cases.kinds import KINDS, Group, Kind
from dutybound.cases.personal import longest_within
from dutybound.cases.statements import (
    EEA,
    LONGEST_EXPLANATION,
    LONGEST_GROUND,
    Trouble,
    category_of,
    check_statement,
)
from dutybound.register.harms import HARMS
from dutybound_server.casework.models import Case, Concern, ConcernSubject, Decision
from dutybound_server.casework.queries import visible_cases
from dutybound_server.casework.refusals import CaseNotFound
from dutybound_server.casework.routing import is_restricted
from dutybound_server.casework.subjects import ACCOUNT
from dutybound_server.items.models import Media
from dutybound_server.people.models import Service

REMOVED, LABELLED = "DECISION_VISIBILITY_CONTENT_REMOVED", "DECISION_VISIBILITY_CONTENT_LABELLED"
OF_CONTENT: dict[EnforcementKind, dict[str, Any]] = {
    EnforcementKind.TAKE_DOWN: {"decision_visibility": [REMOVED]},
    EnforcementKind.RESTRICT: {
        "decision_visibility": ["DECISION_VISIBILITY_OTHER"],
        "decision_visibility_other": "Shown to fewer people than before.",
    },
    EnforcementKind.LABEL: {"decision_visibility": [LABELLED]},
}
OF_ACCOUNT: dict[EnforcementKind, dict[str, Any]] = {
    EnforcementKind.TAKE_DOWN: {"decision_account": "DECISION_ACCOUNT_TERMINATED"},
    EnforcementKind.RESTRICT: {"decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION"},
    EnforcementKind.LABEL: {"decision_visibility": [LABELLED]},
}
OF_SANCTION: dict[str, str] = {
    "limit": "decision_provision",
    "suspend": "decision_account",
    "close": "decision_account",
}
MEDIA = {"image": "IMAGE", "video": "VIDEO", "audio": "AUDIO"}
WITHOUT_WORDS = "The words are left out, because of the kind of harm."


@dataclass(frozen=True, slots=True)
class Reasons:
    """A decision's statement for publication, and what keeps it back."""

    decision: Decision
    statement: dict[str, Any]
    troubles: Sequence[Trouble]

    @property
    def is_ready(self) -> bool:
        return not self.troubles

    @property
    def taken_back_at(self) -> datetime | None:
        return taken_back_at(self.decision)


def restrictions(service: Service) -> QuerySet[Decision]:
    """Every decision of the service that takes something away, and still stands or did once."""
    here = Decision.objects.filter(case__service=service, enforcement_kind__in=AGAINST)
    reported = ConcernSubject.objects.select_related("concern__flagger").order_by("id")
    return here.select_related(
        "case__item",
        "case__account",
        "case__service",
        "published_words",
        "sanction",
        "appeal__outcome",
    ).prefetch_related(
        "case__item__media", "case__item__matches", Prefetch("case__concerned", reported)
    )


def restrictions_after(service: Service, after: int) -> QuerySet[Decision]:
    """For the service itself: those decided since that number, in that order."""
    return restrictions(service).filter(id__gt=after).order_by("id")


def visible_restrictions(user: User | AnonymousUser, service: Service) -> QuerySet[Decision]:
    """For staff: those in cases that the person may see, the newest first."""
    seen = visible_cases(user, service).values("pk")
    return restrictions(service).filter(case__in=seen).order_by("-id")


def restriction_for(user: User | AnonymousUser, service: Service, decision_id: int) -> Decision:
    """The decision, or CaseNotFound: the same for absent and for what is not to be seen."""
    try:
        return visible_restrictions(user, service).get(id=decision_id)
    except Decision.DoesNotExist:
        raise CaseNotFound from None


def reasons_of(decision: Decision) -> Reasons:
    """The statement of a decision in the shape of the DSA Transparency Database, and checked."""
    statement = {
        "puid": f"{decision.case.reference}-{decision.pk}",
        **_restriction(decision),
        **_ground(decision),
        **category_of(decision.harm),
        **_content(decision.case),
        "territorial_scope": list(EEA),
        "application_date": decision.decided_at.date().isoformat(),
        **_how(decision),
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    }
    return Reasons(decision, statement, check_statement(statement))


def taken_back_at(decision: Decision) -> datetime | None:
    """When the decision was undone, or an appeal against it was right; None while it stands."""
    if decision.undone_at is not None:
        return decision.undone_at
    appeal = getattr(decision, "appeal", None)
    answer = appeal.outcome if appeal else None
    if answer is None or answer.undone_at is not None:
        return None
    return answer.decided_at if answer.enforcement_kind in IN_FAVOUR else None


def words_for_publication(decision: Decision) -> str:
    """What explains the decision: words written for it, else what the author was told."""
    if _is_restricted(decision):
        return WITHOUT_WORDS
    written = getattr(decision, "published_words", None)
    return written.words if written else decision.statement


def _is_restricted(decision: Decision) -> bool:
    return decision.case.restricted or is_restricted(decision.harm)


def _restriction(decision: Decision) -> dict[str, Any]:
    kind = EnforcementKind(decision.enforcement_kind)
    of = OF_ACCOUNT if decision.case.subject_kind == ACCOUNT else OF_CONTENT
    return {**of[kind], **_sanction(decision)}


def _sanction(decision: Decision) -> dict[str, Any]:
    """What the decision brought for the account beside."""
    sanction = getattr(decision, "sanction", None)
    if sanction is None or sanction.kind not in OF_SANCTION:
        return {}
    if sanction.kind == "limit":
        fields = {"decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION"}
        end = "end_date_service_restriction"
    else:
        ended = "TERMINATED" if sanction.kind == "close" else "SUSPENDED"
        fields = {"decision_account": f"DECISION_ACCOUNT_{ended}"}
        end = "end_date_account_restriction"
    if sanction.ends_at is not None:
        fields[end] = sanction.ends_at.date().isoformat()
    return fields


def _ground(decision: Decision) -> dict[str, Any]:
    rule = longest_within(decision.rule, LONGEST_GROUND)
    words = longest_within(words_for_publication(decision), LONGEST_EXPLANATION)
    if decision.ground == Ground.LAW:
        return {
            "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
            "illegal_content_legal_ground": rule,
            "illegal_content_explanation": words,
        }
    return {
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": rule,
        "incompatible_content_explanation": words,
    }


def _content(case: Case) -> dict[str, Any]:
    item = case.item
    if item is None:
        what = "Account" if case.subject_kind == ACCOUNT else "A page of the service"
        since = case.account.first_seen_at if case.account else case.opened_at
        return {
            "content_type": ["CONTENT_TYPE_OTHER"],
            "content_type_other": what,
            "content_date": since.date().isoformat(),
        }
    kinds = _kinds_of(item.media.all())
    if item.text or not kinds:
        kinds = ["CONTENT_TYPE_TEXT", *kinds]
    fields: dict[str, Any] = {"content_type": kinds}
    if "CONTENT_TYPE_OTHER" in kinds:
        fields["content_type_other"] = "A file of another kind"
    return {**fields, "content_date": item.created_at.date().isoformat()}


def _kinds_of(media: Iterable[Media]) -> list[str]:
    found = {MEDIA.get(one.content_type.partition("/")[0], "OTHER") for one in media}
    return [f"CONTENT_TYPE_{kind}" for kind in sorted(found)]


def _how(decision: Decision) -> dict[str, Any]:
    """How it came to be looked at, and the facts, which are ours and hold nobody's words."""
    case = decision.case
    matched = case.item is not None and any(
        not (one.dry_run or one.set_aside) and one.found_at <= decision.decided_at
        for one in case.item.matches.all()
    )
    told = [
        one.concern
        for one in case.concerned.all()
        if one.added_at <= decision.decided_at and _is_report(one.concern)
    ]
    return {
        **_source(told),
        "automated_detection": "Yes" if matched else "No",
        "decision_facts": _facts(decision, matched=matched, told=told),
    }


def _is_report(concern: Concern) -> bool:
    return KINDS[Kind(concern.kind)].group is Group.REPORT


def _source(told: Sequence[Concern]) -> dict[str, str]:
    # A report under the Online Safety Act need not have all that Article 16 of the DSA asks for,
    # and whom a service trusts here need not have the status that Article 22 gives. Who it was is
    # told to nobody: it may be a victim's own helper (Article 17(3)(b)).
    kind = "SOURCE_TYPE_OTHER_NOTIFICATION" if told else "SOURCE_VOLUNTARY"
    return {"source_type": kind}


def _facts(decision: Decision, *, matched: bool, told: Sequence[Concern]) -> str:
    sentences = []
    if told:
        sentences.append("It was reported to us.")
    if matched:
        sentences.append("Our system found that it is like something already known.")
    sentences.append(f"A person looked at it and saw in it: {HARMS[decision.harm].name.lower()}.")
    taken_back = taken_back_at(decision)
    if taken_back is not None:
        sentences.append(f"The decision was taken back on {taken_back:%Y-%m-%d}.")
    return " ".join(sentences)
