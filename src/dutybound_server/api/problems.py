"""Every refusal of the API is an RFC 9457 problem document that says what was expected, where."""

import errno
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5
# No space, over quota, or a file system that went read-only: waiting or an operator mends it.
DISK_TROUBLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})

KINDS = MappingProxyType(
    {
        400: ("malformed", "The request cannot be read."),
        401: ("unauthorized", "A valid service key is needed."),
        403: ("forbidden", "This key may not do that."),
        404: ("not-found", "There is nothing here."),
        405: ("method-not-allowed", "This address does not take that method."),
        409: ("conflict", "This differs from what is stored."),
        411: ("length-required", "The length of the body is missing."),
        413: ("too-large", "The body is too large."),
        415: ("unsupported-media-type", "The body is of another type than expected."),
        422: ("invalid", "A field is not what it should be."),
        429: ("too-many", "Too much came from you at once."),
        500: ("fault", "Dutybound failed; the fault is logged."),
        503: ("unavailable", "Dutybound cannot store anything at the moment."),
    }
)

_DATE_AND_TIME = "expected a date and time such as 2026-11-22T10:00:00Z"
_WORDS = MappingProxyType(
    {
        "missing": "is required",
        "extra_forbidden": "is not a field of this object",
        "string_type": "expected text",
        "string_too_short": "expected {min_length} or more characters",
        "string_too_long": "expected at most {max_length} characters",
        "string_pattern_mismatch": "expected text of the pattern {pattern}",
        "literal_error": "expected {expected}",
        "enum": "expected {expected}",
        "int_type": "expected a whole number",
        "int_parsing": "expected a whole number",
        "int_from_float": "expected a whole number",
        "float_type": "expected a number",
        "float_parsing": "expected a number",
        "finite_number": "expected a number",
        "greater_than": "expected more than {gt}",
        "greater_than_equal": "expected at least {ge}",
        "less_than": "expected less than {lt}",
        "less_than_equal": "expected at most {le}",
        "bool_type": "expected true or false",
        "bool_parsing": "expected true or false",
        "datetime_type": _DATE_AND_TIME,
        "datetime_parsing": _DATE_AND_TIME,
        "datetime_from_date_parsing": _DATE_AND_TIME,
        "timezone_aware": f"{_DATE_AND_TIME}, with its time zone",
        "list_type": "expected a list",
        "too_short": "expected {min_length} or more of them",
        "too_long": "expected at most {max_length} of them",
        "dict_type": "expected an object",
        "model_type": "expected an object",
        "model_attributes_type": "expected an object",
    }
)
"""What pydantic found wrong, in words that do not tell how we are made."""


class FieldProblem(Schema):
    """One field that is not what it should be."""

    field: str = Field(description="Where it stands, such as `media[0].data`.")
    expected: str = Field(description="What was expected there.")


class ProblemDocument(Schema):
    """RFC 9457: what was wrong with a request."""

    type: str = Field(examples=["urn:dutybound:problem:invalid"])
    title: str
    status: int
    detail: str = ""
    errors: list[FieldProblem] = []


@dataclass(eq=False)
class Problem(Exception):
    """A refusal with its reason; raise it anywhere below an API operation."""

    status: int
    detail: str = ""
    errors: Sequence[FieldProblem] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        kind, title = KINDS.get(self.status) or _unnamed(self.status)
        body: dict[str, Any] = {
            "type": f"urn:dutybound:problem:{kind}",
            "title": title,
            "status": self.status,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = [
                {"field": one.field, "expected": one.expected.removeprefix("expected ")}
                for one in self.errors
            ]
        return body

    def as_line(self, number: int) -> bytes:
        """The document as one line of NDJSON, with the line it is about."""
        return json.dumps({**self.body(), "line": number}, ensure_ascii=False).encode()

    def response(self) -> HttpResponse:
        response = HttpResponse(
            json.dumps(self.body(), ensure_ascii=False),
            status=self.status,
            content_type=MEDIA_TYPE,
        )
        for name, value in self.headers.items():
            response[name] = value
        return response


def wrong_field(name: str, expected: str) -> Problem:
    """The refusal of one field."""
    return Problem(422, f"{name}: {expected}", [FieldProblem(field=name, expected=expected)])


def not_found(what: str) -> Problem:
    """The same answer for what is absent and for what belongs to another service."""
    return Problem(404, what)


def field_path(location: Iterable[str | int]) -> str:
    """`("media", 0, "data")` as `media[0].data`."""
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.removeprefix(".") or "body"


def field_problems(
    errors: Iterable[Mapping[str, Any]], *, skip: int = 0
) -> tuple[FieldProblem, ...]:
    """Pydantic's errors, each as a path and what was expected; `skip` leaves out outer steps."""
    return tuple(
        FieldProblem(field=field_path(error["loc"][skip:]), expected=_expected(error))
        for error in errors
    )


def invalid(errors: Sequence[FieldProblem]) -> Problem:
    """The refusal of several fields at once."""
    detail = "; ".join(f"{error.field}: {error.expected}" for error in errors[:3])
    return Problem(422, detail, errors)


def as_problem(error: Exception) -> Problem | None:
    """The refusal that an error of the machinery stands for; None for a fault of our own."""
    if isinstance(error, Problem):
        return error
    return next(
        (told(error) for kind, told in _TOLD.items() if isinstance(error, kind)),
        None,
    )


def tell_problems(api: NinjaAPI) -> None:
    """Make the API answer every error that has a meaning with its problem document."""

    def tell(_request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ANN401 - any of the kinds
        problem = as_problem(error)
        if problem is None:
            raise error
        return problem.response()

    for kind in REFUSALS:
        api.add_exception_handler(kind, tell)


def problems_only(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: what Django itself refuses under /api/ is a problem document too."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/api/") and "\0" in request.path_info:
            # No name here has one, and PostgreSQL cannot even be asked about it.
            return Problem(404).response()
        response = get_response(request)
        if not request.path_info.startswith("/api/") or response.status_code < HTTPStatus(400):
            return response
        if response.headers.get("Content-Type") == MEDIA_TYPE:
            return response
        detail = f"{request.method} {request.path_info}" if response.status_code == 405 else ""
        problem = Problem(response.status_code, detail).response()
        if "Allow" in response.headers:
            problem["Allow"] = response["Allow"]
        return problem

    return middleware


def _unnamed(status: int) -> tuple[str, str]:
    phrase = HTTPStatus(status).phrase
    return phrase.lower().replace(" ", "-"), f"{phrase}."


def _expected(error: Mapping[str, Any]) -> str:
    if error["type"] == "value_error":
        return str(error["msg"]).removeprefix("Value error, ")
    words = _WORDS.get(error["type"])
    if words is None:
        return str(error["msg"])
    return words.format_map(error.get("ctx", {}))


def _told_http_error(error: Exception) -> Problem:
    assert isinstance(error, HttpError)
    if isinstance(error.__cause__, Problem):
        return error.__cause__
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        return unauthorized("Send the header `Authorization: Bearer <service key>`.")
    detail = str(error)
    if isinstance(error.__cause__, ValueError):
        detail = f"expected JSON: {error.__cause__}"
    return Problem(error.status_code, detail)


def unauthorized(detail: str) -> Problem:
    return Problem(401, detail, headers={"WWW-Authenticate": "Bearer"})


def too_many(seconds: int) -> Problem:
    """Ask again later: nothing of this request was looked at."""
    return Problem(
        429,
        f"Wait {seconds} seconds, then send it again.",
        headers={"Retry-After": str(seconds)},
    )


def _told_validation(error: Exception) -> Problem:
    assert isinstance(error, ValidationError)
    # Ninja puts the source first, and for a body the name of the view's argument after it.
    return invalid(
        [
            problem
            for one in error.errors
            for problem in field_problems([one], skip=2 if one["loc"][0] == "body" else 1)
        ]
    )


def _told_os_error(error: Exception) -> Problem | None:
    assert isinstance(error, OSError)
    return _unavailable(error) if error.errno in DISK_TROUBLE else None


def _unavailable(_: Exception) -> Problem:
    return Problem(
        503,
        "Nothing of this request was stored. Send it again later.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


# The first kind that fits speaks, so the narrow ones stand before the wide ones.
_TOLD: Mapping[type[Exception], Callable[[Exception], Problem | None]] = MappingProxyType(
    {
        ValidationError: _told_validation,
        HttpError: _told_http_error,
        Http404: lambda _: Problem(404),
        RequestDataTooBig: lambda _: Problem(413),
        SuspiciousOperation: lambda error: Problem(400, str(error)),
        MultiPartParserError: lambda error: Problem(400, f"expected multipart parts: {error}"),
        UnreadablePostError: lambda _: Problem(400, "The body ended before its stated length."),
        OperationalError: _unavailable,
        InterfaceError: _unavailable,
        OSError: _told_os_error,
    }
)
REFUSALS: tuple[type[Exception], ...] = (Problem, *_TOLD)
"""Every error that may have a meaning for who calls."""
