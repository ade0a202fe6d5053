"""Reports of trusted flaggers by their own systems, what came of them, and their record."""

from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from ninja.security import HttpBearer
from pydantic import ConfigDict, Field, StringConstraints

from dutybound.cases.flagging import LEAST_DECIDED
from dutybound.cases.kinds import Kind
from dutybound_server.api.access import refused
from dutybound_server.api.bodies import check_length, decoded
from dutybound_server.api.concern_schemas import NAME
from dutybound_server.api.paging import After, Limit
from dutybound_server.api.problems import Problem, not_found, too_many, wrong_field
from dutybound_server.casework.actions.flags import (
    LONGEST_REQUEST_ID,
    DifferentFlag,
    Flag,
    take_flag,
)
from dutybound_server.casework.flagger_queries import (
    FlaggerNotFound,
    Thing,
    flagger_key_for,
    record_of,
    report_of,
    reports_of,
    things_of,
)
from dutybound_server.casework.hearing import (
    LONGEST_SUBJECT,
    LONGEST_WORDS,
    MOST_FILES,
    MOST_SUBJECTS,
    AddedFile,
    ConcernRefused,
    Subject,
)
from dutybound_server.casework.messages import status_url
from dutybound_server.casework.models import Concern, FlaggerKey
from dutybound_server.lib.floods import Floods
from dutybound_server.people.queries import BadKey


class FlaggerRequest(HttpRequest):
    """A request whose key was checked."""

    auth: FlaggerKey


CALLS = Floods(600)
"""With one flagger's key in a minute: people report by hand, or a system once it is sure."""


class FlaggerKeyBearer(HttpBearer):
    """Takes `Authorization: Bearer <flagger key>`; sets `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> FlaggerKey:
        try:
            key = flagger_key_for(token, now=timezone.now())
        except BadKey as bad:
            raise refused(request, bad) from None
        if wait := CALLS.seconds_to_wait(key.prefix):
            raise too_many(wait)
        return key


router = Router(tags=["Trusted flaggers"], auth=FlaggerKeyBearer())
State = Literal["waiting", "no_action", "take_down", "restrict", "label"]


class FlagSubject(Schema):
    """One thing on the service: its own id of an item or account, or an address."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["item", "account", "address"]
    id: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_SUBJECT),
    ]


class FlagFile(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NAME)]
    content_type: Annotated[str, StringConstraints(max_length=100, pattern=NAME)] = (
        "application/octet-stream"
    )
    data: Annotated[str, Field(description="Base64. It is kept encrypted and never opened.")]


class FlagIn(Schema):
    model_config = ConfigDict(extra="forbid")

    request_id: Annotated[
        str,
        StringConstraints(min_length=1, max_length=LONGEST_REQUEST_ID, pattern=NAME),
        Field(description="Your own id of the report: sent again, it is the same report."),
    ]
    kind: Literal["illegal_content", "harmful_to_children"] = "illegal_content"
    harm: Annotated[
        str,
        StringConstraints(max_length=40),
        Field(description="A kind of harm of the register.", examples=["fraud"]),
    ] = ""
    words: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_WORDS),
        Field(description="What is wrong, and how you know."),
    ]
    subjects: Annotated[list[FlagSubject], Field(min_length=1, max_length=MOST_SUBJECTS)]
    files: Annotated[list[FlagFile], Field(max_length=MOST_FILES)] = []


class FlagThing(Schema):
    kind: Literal["item", "account", "address", "concern"]
    id: str
    state: Annotated[State, Field(description="How it stands now; an appeal may change it.")]


class FlagOut(Schema):
    """A report, and what came of it."""

    number: Annotated[int, Field(description="Grows; send the last one as `after`.")]
    reference: str
    kind: str
    harm: str
    received_at: datetime
    due_at: Annotated[datetime, Field(description="When it should be decided, as agreed.")]
    decided_at: datetime | None
    outcome: Annotated[
        str, Field(description="acted, partly, no_action or not_ours; empty until decided.")
    ]
    subjects: list[FlagThing]
    url: Annotated[str, Field(description="Its status page. Whoever has the address can read it.")]


class FlagPage(Schema):
    flags: list[FlagOut]
    next: Annotated[int, Field(description="Send it as `after` to go on, now or later.")]


class RecordOut(Schema):
    """Your arrangement with the service, and how your reports of the last year went."""

    flagger: str
    service: str
    harms: Annotated[list[str], Field(description="What you are trusted for; none means all.")]
    respond_within_hours: float
    first_in_queue: bool
    policy: str
    review_by: Annotated[str, Field(examples=["2027-05-01"])]
    since: datetime
    reports: int
    answered: int
    answered_in_time: int
    late_and_waiting: int
    usual_hours: Annotated[float | None, Field(description="The median, from report to answer.")]
    things_reported: int
    things_decided: int
    things_acted_on: Annotated[
        int, Field(description="Of those decided: something was done, and it still stands.")
    ]
    share: Annotated[float | None, Field(description="things_acted_on of things_decided.")]
    share_from: Annotated[float | None, Field(description="95 % interval, by Wilson.")]
    share_to: float | None
    says_little: Annotated[bool, Field(description=f"Fewer than {LEAST_DECIDED} are decided.")]


@router.post("/flags", response={200: FlagOut, 201: FlagOut}, summary="Report as a trusted flagger")
def post_flag(request: FlaggerRequest, flag: FlagIn) -> Status[dict[str, Any]]:
    """Report one or more things. 201 when it is new, 200 when this `request_id` was sent before."""
    check_length(request)
    key = request.auth
    with ExitStack() as files:
        given = Flag(
            kind=Kind(flag.kind),
            words=flag.words,
            harm=flag.harm,
            subjects=tuple(Subject(one.kind, one.id) for one in flag.subjects),
            request_id=flag.request_id,
            files=tuple(
                AddedFile(
                    one.name,
                    one.content_type,
                    decoded(one.data, field=f"files[{place}].data", files=files),
                )
                for place, one in enumerate(flag.files)
            ),
        )
        try:
            received = take_flag(flagger=key.flagger, by=key, flag=given, now=timezone.now())
        except DifferentFlag as different:
            raise Problem(409, str(different)) from None
        except ConcernRefused as refused:
            raise wrong_field(refused.field, refused.sentence) from None
    concern = report_of(key.flagger, received.concern.reference)
    return Status(201 if received.is_new else 200, _told([concern])[0])


@router.get("/flags", response=FlagPage, summary="Ask what came of your reports")
def list_flags(request: FlaggerRequest, after: After = 0, limit: Limit = 100) -> dict[str, Any]:
    """Your reports after that number, oldest first."""
    page = list(reports_of(request.auth.flagger).filter(id__gt=after).order_by("id")[:limit])
    return {"flags": _told(page), "next": page[-1].pk if page else after}


@router.get("/flags/{reference}", response=FlagOut, summary="Ask what came of one report")
def get_flag(request: FlaggerRequest, reference: str) -> dict[str, Any]:
    try:
        concern = report_of(request.auth.flagger, reference)
    except FlaggerNotFound:
        raise not_found("You have no report of that reference.") from None
    return _told([concern])[0]


@router.get("/flagger", response=RecordOut, summary="Read your arrangement and your record")
def get_flagger(request: FlaggerRequest) -> dict[str, Any]:
    """What is agreed with you, and how your reports of the last year went."""
    flagger, now = request.auth.flagger, timezone.now()
    record = record_of(flagger, now=now)
    accuracy = record.accuracy
    share = accuracy.share
    return {
        "flagger": flagger.name,
        "service": flagger.service.name,
        "harms": flagger.harms,
        "respond_within_hours": _hours(flagger.respond_within),
        "first_in_queue": flagger.first_in_queue,
        "policy": flagger.policy,
        "review_by": flagger.review_by.isoformat(),
        "since": record.since,
        "reports": record.reports,
        "answered": record.answered,
        "answered_in_time": record.answered_in_time,
        "late_and_waiting": record.late_and_waiting,
        "usual_hours": _hours(record.usual_time) if record.usual_time is not None else None,
        "things_reported": accuracy.reported,
        "things_decided": accuracy.decided,
        "things_acted_on": accuracy.right,
        "share": share and share.rate,
        "share_from": share and share.low,
        "share_to": share and share.high,
        "says_little": accuracy.says_little,
    }


def _hours(length: timedelta) -> float:
    return round(length.total_seconds() / 3600, 2)


def _told(concerns: list[Concern]) -> list[dict[str, Any]]:
    things = things_of(concerns)
    return [_one(concern, things.get(concern.pk, [])) for concern in concerns]


def _one(concern: Concern, things: list[Thing]) -> dict[str, Any]:
    return {
        "number": concern.pk,
        "reference": concern.reference,
        "kind": concern.kind,
        "harm": concern.harm,
        "received_at": concern.received_at,
        "due_at": concern.due_at,
        "decided_at": concern.decided_at,
        "outcome": concern.outcome,
        "subjects": [{"kind": one.kind, "id": one.id, "state": one.state} for one in things],
        "url": status_url(concern),
    }
