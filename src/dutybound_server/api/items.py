"""Items: what a service sends for checking, and the answer it gets."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import ValidationError

from dutybound_server.api.access import ServiceKeyBearer, ServiceRequest
from dutybound_server.api.bodies import (
    SpooledUploads,
    body_pieces,
    check_length,
    decoded,
    spooled_lines,
)
from dutybound_server.api.item_schemas import (
    ANSWER_EXAMPLE,
    EXAMPLE,
    AnswerOut,
    HashesIn,
    ItemIn,
    ItemOut,
    MediaIn,
)
from dutybound_server.api.problems import (
    REFUSALS,
    FieldProblem,
    Problem,
    as_problem,
    field_problems,
    invalid,
    not_found,
    wrong_field,
)
from dutybound_server.intake.actions import Answer, take_item
from dutybound_server.intake.queries import ItemNotFound, item_state
from dutybound_server.intake.submissions import (
    Author,
    BadSubmission,
    DifferentContent,
    GivenHashes,
    GivenPdq,
    Submission,
    SubmittedMedia,
)
from dutybound_server.lib.spooled_json import Aside, BadJson, TooMuchJson, parse, with_texts
from dutybound_server.people.models import Service
from dutybound_server.people.roles import Scope

MEDIA_TYPE_OF_PART = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
JSON, NDJSON, MULTIPART = "application/json", "application/x-ndjson", "multipart/form-data"

router = Router(tags=["Items"], auth=ServiceKeyBearer(Scope.ITEMS))

_ITEM = {"$ref": "#/components/schemas/ItemIn"}
_PARTS = {
    "type": "object",
    "required": ["item"],
    "properties": {"item": _ITEM},
    "additionalProperties": {"type": "string", "format": "binary"},
}
_ANSWER = {
    "schema": {"$ref": "#/components/schemas/AnswerOut"},
    "example": ANSWER_EXAMPLE,
}
_LINES = {"type": "string", "description": "One item a line, as JSON."}


@router.post(
    "/items",
    summary="Send an item and get its verdict",
    response=AnswerOut,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": _ITEM, "example": EXAMPLE}, MULTIPART: {"schema": _PARTS}},
        },
        "responses": {200: {"description": "OK", "content": {JSON: _ANSWER}}},
    },
)
def post_item(request: ServiceRequest) -> HttpResponse:
    """Send one revision of an item: its text, links and media.

    A medium is base64 in `data`, an address in `url`, or `hashes` you computed. In a multipart
    body the part `item` is the JSON, and each further part is the file of the medium whose id it
    is named by. The same delivery again gets the same answer and has no second effect.
    """
    check_length(request)
    with ExitStack() as files:
        if request.content_type == MULTIPART:
            submission = _from_parts(request, files)
        elif request.content_type == JSON:
            submission = _from_json(body_pieces(request), files)
        else:
            raise Problem(415, f"expected {JSON} or {MULTIPART}, got {request.content_type!r}")
        answer = _taken(request.auth.service, submission)
    return HttpResponse(_rendered(answer), content_type=JSON)


@router.post(
    "/items:batch",
    summary="Send many items, one a line",
    response=None,
    openapi_extra={
        "requestBody": {"required": True, "content": {NDJSON: {"schema": _LINES}}},
        "responses": {
            200: {
                "description": "One answer or problem document a line, in the order of the items.",
                "content": {NDJSON: {"schema": {"type": "string"}}},
            }
        },
    },
)
def post_items(request: ServiceRequest) -> StreamingHttpResponse:
    """Send items as NDJSON; each line is taken or refused by itself.

    The answer has one line for each line that is not blank, in the same order: an answer, or a
    problem document with the number of the `line` it is about.
    """
    check_length(request)
    if request.content_type not in {NDJSON, "application/ndjson", "application/jsonl"}:
        raise Problem(415, f"expected {NDJSON}, got {request.content_type!r}")
    return StreamingHttpResponse(_lines_answered(request), content_type=NDJSON)


@router.get("/items/{path:item_id}", summary="Read an item and its answer", response=ItemOut)
def get_item(
    request: ServiceRequest, item_id: str, revision: int | None = None
) -> Mapping[str, Any]:
    """The newest revision, or the one asked for; with the case it has now, if any."""
    try:
        return item_state(request.auth.service, item_id, revision=revision)
    except ItemNotFound as absent:
        raise not_found(str(absent)) from None


def _lines_answered(request: ServiceRequest) -> Iterator[bytes]:
    service = request.auth.service
    with ExitStack() as files:
        for number, pieces in spooled_lines(request, files=files):
            yield _line_answered(service, pieces, number) + b"\n"


def _line_answered(service: Service, pieces: Iterator[bytes], number: int) -> bytes:
    try:
        with ExitStack() as files:
            return _rendered(_taken(service, _from_json(pieces, files)))
    except REFUSALS as error:
        problem = as_problem(error)
        if problem is None:
            raise
        return problem.as_line(number)


def _from_json(pieces: Iterator[bytes], files: ExitStack) -> Submission:
    sent, asides = _parsed(pieces, files)
    item = _checked(sent, asides)
    media = [
        _medium(media, f"media[{number}]", asides, {}, files)
        for number, media in enumerate(item.media)
    ]
    return _submission(item, media)


def _from_parts(request: ServiceRequest, files: ExitStack) -> Submission:
    request.upload_handlers = [SpooledUploads(request, files)]
    _refuse_repeated(request)
    parts = {name: part for name, part in request.FILES.items() if isinstance(part, UploadedFile)}
    described = parts.pop("item", None)
    text = described.read() if described else request.POST.get("item", "").encode()
    if not text:
        raise wrong_field("item", "is required: the part that holds the JSON of the item")
    sent, asides = _parsed(iter([text]), files)
    item = _checked(sent, asides)
    _refuse_strays(request, item, parts)
    media = [
        _medium(media, f"media[{number}]", asides, parts, files)
        for number, media in enumerate(item.media)
    ]
    return _submission(item, media)


def _parsed(pieces: Iterator[bytes], files: ExitStack) -> tuple[Any, dict[str, Aside]]:
    try:
        return parse(pieces, files=files)
    except BadJson as error:
        raise Problem(400, f"expected JSON: {error}") from None
    except TooMuchJson as error:
        raise Problem(413, str(error)) from None


def _checked(sent: Any, asides: Mapping[str, Aside]) -> ItemIn:  # noqa: ANN401 - any JSON value
    try:
        return ItemIn.model_validate(_without_tokens(sent, asides) if asides else sent)
    except TooMuchJson as error:
        raise Problem(413, str(error)) from None
    except ValidationError as error:
        raise invalid(field_problems(error.errors(include_url=False))) from None


def _without_tokens(sent: Any, asides: Mapping[str, Aside]) -> Any:  # noqa: ANN401 - any JSON value
    """Every long string back in its place, but for the data of media, which is read by pieces."""
    if not isinstance(sent, dict) or not isinstance(sent.get("media"), list):
        return with_texts(sent, asides)
    rest = {name: value for name, value in sent.items() if name != "media"}
    media = []
    for one in sent["media"]:
        if isinstance(one, dict) and "data" in one:
            restored = with_texts({**one, "data": None}, asides)
            media.append({**restored, "data": one["data"]})
        else:
            media.append(with_texts(one, asides))
    return {**with_texts(rest, asides), "media": media}


def _refuse_repeated(request: ServiceRequest) -> None:
    """Of two parts of one name only one would be compared, and nobody would miss the other."""
    names = [
        name
        for parts in (request.FILES, request.POST)
        for name, values in parts.lists()
        for _ in values
    ]
    for name in set(names):
        if names.count(name) > 1:
            raise wrong_field(name, "expected one part of this name")


def _refuse_strays(
    request: ServiceRequest, item: ItemIn, parts: Mapping[str, "UploadedFile[bytes]"]
) -> None:
    known = {media.id for media in item.media}
    for name in [*parts, *request.POST]:
        if name not in known and name != "item":
            raise wrong_field(name, "expected parts named `item` or by the id of a medium")


def _medium(
    media: MediaIn,
    place: str,
    asides: Mapping[str, Aside],
    parts: Mapping[str, "UploadedFile[bytes]"],
    files: ExitStack,
) -> SubmittedMedia:
    part = parts.get(media.id)
    given = [media.data is not None, media.url is not None, media.hashes is not None, bool(part)]
    if sum(given) != 1:
        raise wrong_field(
            place, "expected exactly one of `data`, `url`, `hashes`, or a part named by its id"
        )
    content_type = media.content_type or (_type_of(part) if part else "")
    file: IO[bytes] | None = part.file if part else None
    if media.data is not None:
        base64 = asides.get(media.data, media.data)
        file = decoded(base64, field=f"{place}.data", files=files)
    return SubmittedMedia(media.id, content_type, file, media.url or "", _hashes(media.hashes))


def _type_of(part: "UploadedFile[bytes]") -> str:
    """What the part says it is; nothing where it says what no media type is."""
    said = part.content_type or ""
    return said if MEDIA_TYPE_OF_PART.fullmatch(said) else ""


def _hashes(given: HashesIn | None) -> GivenHashes | None:
    if given is None:
        return None
    pdq = tuple(GivenPdq(bytes.fromhex(one.hash), one.quality) for one in given.pdq)
    return GivenHashes(given.sha256, given.md5, pdq)


def _submission(item: ItemIn, media: list[SubmittedMedia]) -> Submission:
    author = item.author
    return Submission(
        id=item.id,
        kind=item.kind,
        revision=item.revision,
        author=Author(author.id, author.email) if author else None,
        visibility=item.visibility,
        created_at=item.created_at,
        text=item.text,
        links=tuple(item.links),
        media=tuple(media),
        context=item.context,
        reach=item.reach,
    )


def _taken(service: Service, submission: Submission) -> Answer:
    try:
        return take_item(service=service, submission=submission, now=timezone.now())
    except BadSubmission as bad:
        raise wrong_field(bad.field, bad.expected) from None
    except DifferentContent as different:
        expected = "expected a new number: this one was received with other content"
        errors = [FieldProblem(field="revision", expected=expected)]
        raise Problem(409, str(different), errors) from None


def _rendered(answer: Answer) -> bytes:
    """The stored answer, its names in the order of the contract on every database."""
    body = AnswerOut.model_validate(answer.body)
    return body.model_dump_json(exclude_unset=True).encode()
