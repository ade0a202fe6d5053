"""One medium on a case's page: whether it can be shown, and how much of it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.conf import settings
from django.http import HttpResponse

from dutybound_server.console.pictures import CannotShow, Look, drawn
from dutybound_server.items.blobs import open_blob
from dutybound_server.items.models import Media
from dutybound_server.lib.sealed import CannotOpen


@dataclass(frozen=True, slots=True)
class Figure:
    """What the page says and shows of one medium."""

    id: int
    name: str
    note: str
    why_not: str
    look: Look

    @property
    def can_show(self) -> bool:
        return not self.why_not


def figures(media: Iterable[Media], *, shown: int | None, look: Look) -> list[Figure]:
    """Every medium hidden, but for the one somebody chose to look at."""
    return [figure(one, look=look if one.pk == shown else Look.HIDDEN) for one in media]


def figure(medium: Media, *, look: Look) -> Figure:
    return Figure(
        id=medium.pk,
        name=medium.external_id,
        note=medium.note,
        why_not=_why_not(medium),
        look=look,
    )


def _why_not(medium: Media) -> str:
    if medium.deleted_at:
        return f"The file was deleted on schedule on {medium.deleted_at:%d %B %Y}."
    if not medium.blob:
        return "Only hashes were sent; the file stayed with the service."
    if not medium.frames.exists():
        # What could not be decoded when it came in is not tried again for each who looks.
        return f"This cannot be shown. {medium.note}".strip()
    return ""


def picture(medium: Media, *, look: Look) -> HttpResponse:
    """The medium re-drawn, or why it is not."""
    try:
        with open_blob(medium.blob) as file:
            body = drawn(cast("BinaryIO", file), look=look, max_pixels=settings.MAX_PIXELS)
    except (CannotShow, CannotOpen, FileNotFoundError) as problem:
        return HttpResponse(f"Not shown: {problem}.", status=404, content_type="text/plain")
    return as_shown(body, name=f"medium-{medium.pk}")


def as_shown(body: bytes, *, name: str) -> HttpResponse:
    """A picture that we drew, with headers that keep it on this one screen."""
    return HttpResponse(
        body,
        content_type="image/jpeg",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'inline; filename="{name}.jpg"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
