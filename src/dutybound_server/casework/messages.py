"""What services are told: the same objects by webhook and by pull."""

from typing import Any

from django.conf import settings

from dutybound.cases.judgement import Ground
from dutybound_server.casework.models import Concern, Enforcement, Notice, SanctionTold
from dutybound_server.casework.subjects import CONCERN

ENFORCEMENT_CREATED = "enforcement.created"
NOTICE_CREATED = "notice.created"
SANCTION_CREATED = "sanction.created"
SANCTION_LIFTED = "sanction.lifted"
CONCERN_DECIDED = "concern.decided"
CONCERN_AT_RISK = "concern.at_risk"
CONCERN_BREACHED = "concern.breached"


def enforcement_message(enforcement: Enforcement) -> dict[str, Any]:
    """What to do with an item or account. `id` is the same however often it is told."""
    case, decision = enforcement.case, enforcement.decision
    return {
        "id": str(enforcement.uuid),
        "number": enforcement.pk,
        "kind": enforcement.kind,
        "subject": {
            "kind": enforcement.subject_kind,
            "id": enforcement.subject,
            "revision": enforcement.revision,
        },
        "case": case.reference,
        "ground": decision.ground if decision else Ground.NONE,
        "rule": decision.rule if decision else "",
        "harm": decision.harm if decision else case.harm,
        "undoes": str(enforcement.undoes.uuid) if enforcement.undoes else None,
        "created_at": enforcement.created_at.isoformat(),
    }


def sanction_message(told: SanctionTold) -> dict[str, Any]:
    """What an account may not do, or may again. `id` is the sanction's, `number` this message's."""
    sanction = told.sanction
    return {
        "id": sanction.pk,
        "number": told.pk,
        "event": told.event,
        "why": told.why,
        "kind": sanction.kind,
        "account": sanction.account.external_id,
        "case": sanction.decision.case.reference,
        "starts_at": sanction.starts_at.isoformat(),
        "ends_at": sanction.ends_at.isoformat() if sanction.ends_at else None,
        "at": told.at.isoformat(),
    }


def notice_message(notice: Notice) -> dict[str, Any]:
    """What an account is told, and where its holder reads it and can appeal."""
    case = notice.decision.case
    return {
        "id": notice.pk,
        "kind": notice.kind,
        "account": notice.account.external_id,
        "subject": {"kind": case.subject_kind, "id": case.subject},
        "case": case.reference,
        "enforcement_kind": notice.decision.enforcement_kind,
        "words": notice.words,
        "url": notice_url(notice),
        "created_at": notice.created_at.isoformat(),
    }


def notice_url(notice: Notice) -> str:
    """The notice's public page; whoever has the address may read it and appeal."""
    return f"{settings.ORIGIN}/notice/{notice.token}/"


def concern_message(concern: Concern, *, restricted: bool) -> dict[str, Any]:
    """Where a report, complaint or appeal stands; never the person's words.

    Of a restricted one neither harm nor subjects are told. The status page's address goes only
    to a service that passed the concern on itself, and then for the person alone.
    """
    subjects = [] if restricted else concern.subjects.exclude(subject_kind=CONCERN).order_by("id")
    through_service = concern.channel == "api"
    return {
        "id": concern.pk,
        "reference": concern.reference,
        "kind": concern.kind,
        "harm": "" if restricted else concern.harm,
        "channel": concern.channel,
        "account": concern.account.external_id if concern.account else None,
        "request_id": concern.request_id if through_service else "",
        "subjects": [{"kind": one.subject_kind, "id": one.subject} for one in subjects],
        "state": state_of(concern),
        "received_at": concern.received_at.isoformat(),
        "expected_by": concern.due_at.isoformat(),
        "decided_at": concern.decided_at.isoformat() if concern.decided_at else None,
        "outcome": concern.outcome or None,
        "url": status_url(concern) if through_service else None,
    }


def state_of(concern: Concern) -> str:
    """waiting, decided or withdrawn."""
    if concern.decided_at is not None:
        return "decided"
    return "waiting" if concern.withdrawn_at is None else "withdrawn"


def status_url(concern: Concern) -> str:
    """The person's own page; whoever has the address may read it and act for them."""
    return f"{settings.ORIGIN}/told/{concern.token}/"
