"""How long a member of staff stays signed in: not idle for long, and not for ever."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

BEGAN, SEEN = "began_at", "seen_at"
# Each save of a session is a write; once in five minutes is often enough to know who is idle.
SEEN_STEP = 5 * 60


def bounded_sessions(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: end a session at its longest age; keep a used one from going idle."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _bound(request, now=timezone.now().timestamp())
        return get_response(request)

    return middleware


def _bound(request: HttpRequest, *, now: float) -> None:
    session = request.session
    if now - session.setdefault(BEGAN, now) >= settings.SESSION_LONGEST:
        logout(request)
    elif now - session.get(SEEN, 0) >= SEEN_STEP:
        # Saving moves the session's end to SESSION_COOKIE_AGE from now.
        session[SEEN] = now
