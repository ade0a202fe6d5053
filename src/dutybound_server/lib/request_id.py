"""Each request has an id: the caller's if it is sane, else our own; the answer carries it."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from dutybound_server.lib.logs import current_request
from dutybound_server.lib.metrics import REQUEST_SECONDS

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
# A caller may invent methods, and each would be counted by itself for as long as we run.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = frozenset({"healthz", "readyz", "metrics"})

_log = logging.getLogger("dutybound.requests")


def request_id(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: name the request, time it, and say in one line how it went."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        named = given if SANE.fullmatch(given) else secrets.token_hex(8)
        token = current_request.set(named)
        began = time.perf_counter()
        try:
            response = get_response(request)
            response[HEADER] = named
            _tell(request, response, seconds=time.perf_counter() - began)
            return response
        finally:
            current_request.reset(token)

    return middleware


def _tell(request: HttpRequest, response: HttpResponseBase, *, seconds: float) -> None:
    # The route, not the path: a path may be secret (a notice, a password link), a route is not.
    match = request.resolver_match
    if match is None and response.status_code < 400:
        # A stylesheet or a script, which WhiteNoise answers before any page is looked for.
        return
    route = f"/{match.route}" if match else "(no page)"
    method = request.method if request.method in METHODS else "other"
    REQUEST_SECONDS.labels(method, route, str(response.status_code)).observe(seconds)
    if match and match.url_name in QUIET:
        return
    _log.info(
        "%s %s %d",
        request.method,
        route,
        response.status_code,
        extra={"milliseconds": round(seconds * 1000, 1)},
    )
