"""Accounts that are deleted at the service, and what a legal hold keeps of them all the same."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from dutybound_server.api.access import ServiceKeyBearer, ServiceRequest
from dutybound_server.api.paging import After, Limit
from dutybound_server.api.problems import not_found
from dutybound_server.evidence.queries import holds_in_force
from dutybound_server.intake.actions.accounts import Erased, erase_account
from dutybound_server.people.models import Account
from dutybound_server.people.roles import Scope

router = Router(tags=["Accounts"], auth=ServiceKeyBearer(Scope.ITEMS))


class HoldOut(Schema):
    """Something that must not be deleted, at your service neither. Why is not told here."""

    number: Annotated[int, Field(description="Grows; send the last one as `after`.")]
    kind: Literal["item", "account", "address", "concern"]
    id: Annotated[str, Field(description="By your own id.", examples=["u42"])]
    until: Annotated[datetime | None, Field(description="Null: until somebody ends it.")]


class HoldPage(Schema):
    holds: list[HoldOut]
    next: Annotated[int, Field(description="Send it as `after` to go on.")]


class ErasedOut(Schema):
    """What went, and whether anything stays."""

    erased_items: int
    kept_items: Annotated[int, Field(description="That a hold, a case or an appeal needs.")]
    held: Annotated[
        bool,
        Field(description="A legal hold is on the account: keep what you have of it as well."),
    ]


@router.get("/holds", response=HoldPage, summary="Ask what must not be deleted")
def list_holds(request: ServiceRequest, after: After = 0, limit: Limit = 100) -> dict[str, Any]:
    """Every legal hold that lasts now. Ask before your service deletes an account or an item."""
    holds = holds_in_force(timezone.now()).filter(service=request.auth.service, pk__gt=after)
    page = list(holds.order_by("pk")[:limit])
    return {
        "holds": [
            {"number": one.pk, "kind": one.subject_kind, "id": one.subject, "until": one.until}
            for one in page
        ],
        "next": page[-1].pk if page else after,
    }


@router.delete("/accounts/{id}", response=ErasedOut, summary="Say that an account was deleted")
def delete_account(request: ServiceRequest, id: str) -> Erased:  # noqa: A002 - as in the address
    """Erase its content now, and its address once nothing needs it.

    Say it again later where something was kept: what is still needed then stays until it is not.
    """
    try:
        return erase_account(service=request.auth.service, external_id=id, now=timezone.now())
    except Account.DoesNotExist:
        raise not_found("This service has no account of that id.") from None
