"""Statements of reasons, for services that publish them or send them on."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from dutybound_server.api.access import ServiceKeyBearer, ServiceRequest
from dutybound_server.api.paging import After
from dutybound_server.casework.reasons import Reasons, reasons_of, restrictions_after
from dutybound_server.people.roles import Scope

MOST_A_PAGE = 100
"""As many as the DSA Transparency Database takes at once."""

router = Router(tags=["Statements of reasons"], auth=ServiceKeyBearer(Scope.ENFORCEMENTS))


class StatementTrouble(Schema):
    field: str
    says: str


class StatementOut(Schema):
    """One restriction: its statement, or what keeps it back."""

    number: Annotated[int, Field(description="Grows; send the last one as `after`.")]
    case: str
    decided_at: datetime
    taken_back_at: Annotated[
        datetime | None,
        Field(description="Undone, or an appeal was right: correct what you sent."),
    ]
    statement: Annotated[
        dict[str, Any] | None,
        Field(description="In the shape of the DSA Transparency Database; null if kept back."),
    ]
    kept_back: Annotated[
        list[StatementTrouble],
        Field(description="Why: mend it in the console, under Statements."),
    ]


class StatementPage(Schema):
    statements: list[StatementOut]
    next: Annotated[int, Field(description="Send it as `after` to go on, now or later.")]


@router.get("/statements", response=StatementPage, summary="Ask for statements of reasons")
def list_statements(
    request: ServiceRequest,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = MOST_A_PAGE,
) -> dict[str, Any]:
    """One for each decision that took something away, oldest first; checked, and naming nobody.

    One that was kept back comes again, whole, when its words are mended: ask for its number less
    one. One that was taken back says so; it stays, since what was published must be corrected.
    """
    page = list(restrictions_after(request.auth.service, after)[:limit])
    return {
        "statements": [_told(reasons_of(decision)) for decision in page],
        "next": page[-1].pk if page else after,
    }


def _told(reasons: Reasons) -> dict[str, Any]:
    decision = reasons.decision
    return {
        "number": decision.pk,
        "case": decision.case.reference,
        "decided_at": decision.decided_at,
        "taken_back_at": reasons.taken_back_at,
        "statement": reasons.statement if reasons.is_ready else None,
        # What was found is not repeated: it is what must not leave.
        "kept_back": [
            {"field": one.field, "says": one.says.partition(":")[0]} for one in reasons.troubles
        ],
    }
