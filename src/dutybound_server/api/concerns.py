"""Reports and complaints that people make on a service's own pages, and links to the form."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Annotated, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from ninja import Header, Query, Router, Status

from dutybound.cases.kinds import Kind
from dutybound_server.api.access import ServiceKeyBearer, ServiceRequest
from dutybound_server.api.bodies import SpooledUploads, check_length
from dutybound_server.api.concern_schemas import (
    LONGEST_ID,
    ComplaintIn,
    ConcernOut,
    ConcernPage,
    LinkIn,
    LinkOut,
    ReceiptOut,
    ReportIn,
    ToldIn,
)
from dutybound_server.api.paging import After
from dutybound_server.api.problems import Problem, not_found, wrong_field
from dutybound_server.casework.actions.concerns import add_to_concern, take_concern
from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.concern_queries import (
    is_restricted,
    named_at_first,
    told_to_service,
    unrestricted,
)
from dutybound_server.casework.hearing import (
    MOST_FILES,
    AddedFile,
    ConcernRefused,
    GivenHash,
    Subject,
    Told,
)
from dutybound_server.casework.item_tokens import link_for
from dutybound_server.casework.messages import concern_message, status_url
from dutybound_server.casework.models import Concern
from dutybound_server.people.actions import see_account
from dutybound_server.people.models import Account, Service
from dutybound_server.people.roles import Scope

MOST_A_PAGE = 200
MULTIPART = "multipart/form-data"
LISTED_AFTER = timedelta(minutes=5)
"""Longer than storing one can take, so that none appears before a number that was seen."""

RequestId = Annotated[str, Header(alias="Idempotency-Key", max_length=LONGEST_ID)]
router = Router(tags=["Reports and complaints"], auth=ServiceKeyBearer(Scope.CONCERNS))


@router.post("/reports", response={200: ReceiptOut, 201: ReceiptOut}, summary="Pass on a report")
def post_report(
    request: ServiceRequest, report: ReportIn, idempotency_key: RequestId = ""
) -> Status[dict[str, Any]]:
    """Pass on what a person told you about content; it is acknowledged and clocked at once.

    The same `request_id`, or header `Idempotency-Key`, again gets the same receipt.
    """
    service = request.auth.service
    told = Told(
        kind=Kind(report.kind),
        harm=report.harm,
        subjects=tuple(Subject(one.kind, one.id) for one in report.subjects),
        hashes=tuple(GivenHash(one.value, one.quality) for one in report.hashes),
        **_said(service, report, idempotency_key),
    )
    return _received(service, told)


@router.post(
    "/complaints", response={200: ReceiptOut, 201: ReceiptOut}, summary="Pass on a complaint"
)
def post_complaint(
    request: ServiceRequest, complaint: ComplaintIn, idempotency_key: RequestId = ""
) -> Status[dict[str, Any]]:
    """Pass on what a person says of how you act. Appeals are passed on by their notice."""
    service = request.auth.service
    about = None
    if complaint.about:
        about = told_to_service(service).filter(reference=complaint.about).first()
        if about is None:
            raise wrong_field("about", "expected the reference of an earlier report or complaint")
    told = Told(
        kind=Kind(complaint.kind), about=about, **_said(service, complaint, idempotency_key)
    )
    return _received(service, told)


@router.post(
    "/concerns/{reference}/files",
    response={201: ConcernOut},
    summary="Add files to a report or complaint",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                MULTIPART: {
                    "schema": {
                        "type": "object",
                        "additionalProperties": {"type": "string", "format": "binary"},
                    }
                }
            },
        }
    },
)
def post_concern_files(request: ServiceRequest, reference: str) -> Status[dict[str, Any]]:
    """Add screenshots or other files, each a part of a multipart body, until it is decided.

    A file has up to 20 MB. Files are kept as they are and never opened as what they claim to be.
    """
    check_length(request)
    if request.content_type != MULTIPART:
        raise Problem(415, f"expected {MULTIPART}, got {request.content_type!r}")
    concern = _concern(request.auth.service, reference)
    with ExitStack() as files:
        request.upload_handlers = [SpooledUploads(request, files)]
        parts = [part for _, several in request.FILES.lists() for part in several]
        try:
            add_to_concern(concern_id=concern.pk, files=_added(parts), now=timezone.now())
        except ConcernRefused as refused:
            raise _problem(refused) from None
    return Status(201, _message(_concern(request.auth.service, reference)))


@router.get("/concerns", response=ConcernPage, summary="Ask where reports and complaints stand")
def list_concerns(
    request: ServiceRequest,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 100,
) -> dict[str, Any]:
    """Those received after that one, oldest first; each appears five minutes after it came.

    Of restricted kinds of harm only what you passed on yourself is listed.
    """
    listed = told_to_service(request.auth.service).filter(
        id__gt=after, received_at__lte=timezone.now() - LISTED_AFTER
    )
    page = list(listed.order_by("id")[:limit])
    open_to_all = set(unrestricted(listed).values_list("pk", flat=True))
    return {
        "concerns": [
            concern_message(concern, restricted=concern.pk not in open_to_all) for concern in page
        ],
        "next": page[-1].pk if page else after,
    }


@router.get("/concerns/{reference}", response=ConcernOut, summary="Read one")
def get_concern(request: ServiceRequest, reference: str) -> dict[str, Any]:
    return _message(_concern(request.auth.service, reference))


@router.post("/report-links", response={201: LinkOut}, summary="Make a link to the report page")
def post_report_link(request: ServiceRequest, link: LinkIn) -> Status[dict[str, Any]]:
    """Make the link to put beside one item or account.

    Making links yourself is faster: sign a JWT with the secret of your reporting form (HS256).
    """
    now, lasts = timezone.now(), timedelta(days=link.days)
    if link.subject.kind == "address":
        raise wrong_field("subject.kind", "expected item or account")
    url = link_for(
        desk_of(request.auth.service),
        subject=Subject(link.subject.kind, link.subject.id),
        title=link.title,
        reporter=link.reporter,
        author=link.author,
        lasts=lasts,
        now=now,
    )
    return Status(201, {"url": url, "expires_at": (now + lasts).replace(microsecond=0)})


def _said(service: Service, told: ToldIn, key: str) -> dict[str, Any]:
    return {
        "words": told.words,
        "channel": "api",
        "answers": getattr(told, "answers", {}),
        "account": _account(service, told.account),
        "email": told.email,
        "wants_messages": told.wants_messages,
        "language": told.language,
        "version": told.version,
        "network": told.ip,
        "request_id": told.request_id or key,
    }


def _account(service: Service, external_id: str) -> Account | None:
    if not external_id:
        return None
    return see_account(service=service, external_id=external_id, email="", now=timezone.now())


def _received(service: Service, told: Told) -> Status[dict[str, Any]]:
    try:
        received = take_concern(service=service, told=told, now=timezone.now())
    except ConcernRefused as refused:
        raise _problem(refused) from None
    concern = received.concern
    if not received.is_new and not _is_same(concern, told):
        raise Problem(409, f"request_id: {told.request_id!r} was used for something else")
    receipt = {
        "reference": concern.reference,
        "url": status_url(concern),
        "received_at": concern.received_at,
        "expected_by": concern.due_at,
    }
    return Status(201 if received.is_new else 200, receipt)


def _is_same(concern: Concern, told: Told) -> bool:
    named = {(one.kind, one.id.strip()) for one in told.subjects}
    said = (told.kind, told.words.strip())
    return (concern.kind, concern.words) == said and named_at_first(concern) == named


def _problem(refused: ConcernRefused) -> Problem:
    if refused.field == "concern":
        return Problem(409, refused.sentence)
    return wrong_field(refused.field, refused.sentence)


def _concern(service: Service, reference: str) -> Concern:
    concern = told_to_service(service).filter(reference=reference).first()
    if concern is None:
        raise not_found("This service has no report or complaint of that reference.")
    return concern


def _message(concern: Concern) -> dict[str, Any]:
    return concern_message(concern, restricted=is_restricted(concern))


def _added(parts: list[Any]) -> list[AddedFile]:
    files = [part for part in parts if isinstance(part, UploadedFile)]
    if not files or len(files) > MOST_FILES:
        raise wrong_field("files", f"expected 1 to {MOST_FILES} files as parts of the body")
    return [
        AddedFile(one.name or "file", one.content_type or "", one.file)
        for one in files
        if one.file is not None
    ]
