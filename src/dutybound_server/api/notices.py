"""Notices to accounts, for services that show them, and appeals that come through the service."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field, StringConstraints

from dutybound_server.api.access import ServiceKeyBearer, ServiceRequest
from dutybound_server.api.paging import GREATEST_ID, After
from dutybound_server.api.problems import Problem, not_found
from dutybound_server.casework.actions.appeals import LONGEST_GROUNDS, lodge_appeal
from dutybound_server.casework.messages import notice_message, status_url
from dutybound_server.casework.models import Notice
from dutybound_server.casework.notices import standing_of
from dutybound_server.casework.queries import notices_after
from dutybound_server.casework.refusals import AppealRefused
from dutybound_server.people.actors import service_actor
from dutybound_server.people.models import Service
from dutybound_server.people.roles import Scope

MOST_A_PAGE = 200

NoticeId = Annotated[int, Field(ge=1, le=GREATEST_ID)]
router = Router(tags=["Notices"], auth=ServiceKeyBearer(Scope.ENFORCEMENTS))


class NoticeSubject(Schema):
    kind: Literal["item", "account"]
    id: Annotated[str, Field(examples=["post-1"])]


class NoticeOut(Schema):
    """What one account is told of a decision."""

    id: int
    kind: Literal["decided", "undone", "appeal_decided"]
    account: Annotated[str, Field(description="Your own id of the account.", examples=["u42"])]
    subject: NoticeSubject
    case: str
    enforcement_kind: Literal["take_down", "restrict", "label", "restore", "none"]
    words: Annotated[str, Field(description="Plain text; show it as it is.")]
    url: Annotated[
        str, Field(description="Its page, where its reader can appeal. Show it to nobody else.")
    ]
    created_at: datetime
    appeal: Annotated[
        Literal[
            "possible",
            "waiting",
            "answered",
            "taken_back",
            "replaced",
            "final",
            "too_late",
            "nothing_to_appeal",
        ],
        Field(description="Where an appeal against it stands now."),
    ]


class NoticePage(Schema):
    notices: list[NoticeOut]
    next: Annotated[int, Field(description="Send it as `after` to go on, now or later.")]


class AppealIn(Schema):
    model_config = ConfigDict(extra="forbid")

    notice: Annotated[NoticeId, Field(description="The notice's id.", examples=[7])]
    grounds: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_GROUNDS),
        Field(description="The author's own words.", examples=["It was satire."]),
    ]


class AppealOut(Schema):
    notice: int
    lodged_at: datetime
    reference: Annotated[str, Field(examples=["4f2c7h9kmp"])]
    url: Annotated[str, Field(description="Where its author follows it. Show it to nobody else.")]
    expected_by: datetime


@router.get("/notices", response=NoticePage, summary="Ask what accounts are told")
def list_notices(
    request: ServiceRequest,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 100,
) -> dict[str, Any]:
    """Notices written after that one, oldest first. Nothing is ever inserted before it."""
    page = list(notices_after(request.auth.service, after)[:limit])
    return {
        "notices": [_told(notice) for notice in page],
        "next": page[-1].pk if page else after,
    }


@router.get("/notices/{id}", response=NoticeOut, summary="Read one notice")
def get_notice(request: ServiceRequest, id: NoticeId) -> dict[str, Any]:  # noqa: A002 - its name in the address
    return _told(_notice(request.auth.service, id))


@router.post("/appeals", response={201: AppealOut}, summary="Appeal on behalf of an author")
def post_appeal(request: ServiceRequest, appeal: AppealIn) -> Status[dict[str, Any]]:
    """Lodge the appeal an author made on your own pages; a different person decides it."""
    service = request.auth.service
    try:
        lodged = lodge_appeal(
            token=_notice(service, appeal.notice).token,
            grounds=appeal.grounds,
            through=service_actor(service),
            now=timezone.now(),
        )
    except AppealRefused as refused:
        raise Problem(409, str(refused)) from None
    concern = lodged.concern
    answer = {
        "notice": appeal.notice,
        "lodged_at": lodged.lodged_at,
        "reference": concern.reference,
        "url": status_url(concern),
        "expected_by": concern.due_at,
    }
    return Status(201, answer)


def _notice(service: Service, notice_id: int) -> Notice:
    notice = notices_after(service, notice_id - 1).filter(id=notice_id).first()
    if notice is None:
        raise not_found("This service has no notice of that id.")
    return notice


def _told(notice: Notice) -> dict[str, Any]:
    standing = standing_of(notice, now=timezone.now())
    return notice_message(notice) | {"appeal": standing}
