"""Enforcements and sanctions, for services that prefer to ask, and their word that it is done."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from dutybound_server.api.access import ServiceKeyBearer, ServiceRequest
from dutybound_server.api.paging import After, Limit
from dutybound_server.api.problems import not_found
from dutybound_server.casework.actions.enforcements import acknowledge_enforcement
from dutybound_server.casework.messages import enforcement_message, sanction_message
from dutybound_server.casework.models import Enforcement
from dutybound_server.casework.queries import enforcements_after, sanctions_after
from dutybound_server.people.roles import Scope

router = Router(tags=["Enforcements"], auth=ServiceKeyBearer(Scope.ENFORCEMENTS))


class SubjectOut(Schema):
    """The item or account it is about, by your own id."""

    kind: Literal["item", "account", "address", "concern"]
    id: Annotated[str, Field(examples=["post-1"])]
    revision: Annotated[int | None, Field(description="Of the item, that was looked at.")]


class EnforcementOut(Schema):
    """What to do with an item or account; doing the newest about a subject is enough."""

    id: Annotated[UUID, Field(description="The same however often it is told: do it once.")]
    number: Annotated[int, Field(description="Grows; send the last one as `after`.")]
    kind: Annotated[
        Literal["take_down", "restrict", "label", "restore", "hold"],
        Field(description="`hold` keeps it from view until it is decided again."),
    ]
    subject: SubjectOut
    case: str
    ground: Literal["law", "terms", "none"]
    rule: Annotated[str, Field(examples=["Be kind"])]
    harm: Annotated[str, Field(description="A kind of harm of the register.", examples=["iia"])]
    undoes: Annotated[UUID | None, Field(description="The enforcement this takes back.")]
    created_at: datetime
    acknowledged_at: datetime | None


class SanctionOut(Schema):
    """That an account is sanctioned, or no more; the strictest that lasts is what it may not do."""

    id: Annotated[int, Field(description="The sanction's, however often something is told of it.")]
    number: Annotated[int, Field(description="Grows; send the last one as `after`.")]
    event: Literal["sanction.created", "sanction.lifted"]
    why: Annotated[
        Literal["decided", "brought_back", "ended", "taken_back"],
        Field(description="`ended` by its date; `taken_back` by an undo, an appeal or anew."),
    ]
    kind: Literal["warn", "limit", "suspend", "close"]
    account: Annotated[str, Field(description="Your own id of the account.", examples=["u42"])]
    case: str
    starts_at: datetime
    ends_at: Annotated[datetime | None, Field(description="Null: until `sanction.lifted`.")]
    at: datetime


class SanctionPage(Schema):
    sanctions: list[SanctionOut]
    next: Annotated[int, Field(description="Send it as `after` to go on, now or later.")]


class EnforcementPage(Schema):
    enforcements: list[EnforcementOut]
    next: Annotated[int, Field(description="Send it as `after` to go on, now or later.")]


@router.get("/enforcements", response=EnforcementPage, summary="Ask what to do")
def list_enforcements(
    request: ServiceRequest,
    after: After = 0,
    limit: Limit = 100,
) -> dict[str, Any]:
    """What was decided after that number, oldest first. Nothing is ever inserted before it."""
    page = list(enforcements_after(request.auth.service, after)[:limit])
    return {
        "enforcements": [_told(enforcement) for enforcement in page],
        "next": page[-1].pk if page else after,
    }


@router.post(
    "/enforcements/{uuid}/acknowledge", response=EnforcementOut, summary="Say that it is done"
)
def acknowledge(request: ServiceRequest, uuid: UUID) -> dict[str, Any]:
    """Say it as often as you like; the first time counts."""
    try:
        enforcement = acknowledge_enforcement(
            service=request.auth.service, uuid=uuid, now=timezone.now()
        )
    except Enforcement.DoesNotExist:
        raise not_found("This service has no enforcement of that id.") from None
    return _told(enforcement)


@router.get("/sanctions", response=SanctionPage, summary="Ask what happens to accounts")
def list_sanctions(
    request: ServiceRequest,
    after: After = 0,
    limit: Limit = 100,
) -> dict[str, Any]:
    """What was told of sanctions after that number, oldest first; nothing is inserted before it."""
    page = list(sanctions_after(request.auth.service, after)[:limit])
    return {
        "sanctions": [sanction_message(told) for told in page],
        "next": page[-1].pk if page else after,
    }


def _told(enforcement: Enforcement) -> dict[str, Any]:
    return enforcement_message(enforcement) | {"acknowledged_at": enforcement.acknowledged_at}
