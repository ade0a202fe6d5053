"""What services are told: the same objects by webhook and by pull."""

from typing import Any

from django.conf import settings

from dutybound.cases.judgement import Ground
from dutybound_server.casework.models import Enforcement, Notice

ENFORCEMENT_CREATED = "enforcement.created"
NOTICE_CREATED = "notice.created"


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
