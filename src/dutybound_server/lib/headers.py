"""What every answer tells the browser to refuse."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

_CONTENT_SECURITY = (
    "default-src 'self'",
    # The picture of a new authenticator app is a data: address made by the server.
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join(_CONTENT_SECURITY)
_PERMISSIONS = (
    "camera=()",
    "geolocation=()",
    "microphone=()",
    "payment=()",
    "usb=()",
    "publickey-credentials-create=(self)",
    "publickey-credentials-get=(self)",
)
PERMISSIONS_POLICY = ", ".join(_PERMISSIONS)


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: no foreign or inline script, no frames, nothing kept by a cache unasked."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    return middleware
