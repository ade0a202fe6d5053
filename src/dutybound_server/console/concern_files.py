"""Files that people added to what they told us: drawn anew, or handed out unopened."""

from typing import BinaryIO, cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dutybound_server.casework.actions.reading import open_attachment
from dutybound_server.casework.concern_queries import attachment_of, opened_lately
from dutybound_server.casework.hearing import ConcernNotFound
from dutybound_server.casework.models import Attachment
from dutybound_server.console.concerns import concern_or_404
from dutybound_server.console.figures import as_shown
from dutybound_server.console.pictures import CannotShow, Look, drawn
from dutybound_server.items.blobs import open_blob
from dutybound_server.lib.sealed import CannotOpen
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May

SHOWN = (Look.GREY, Look.COLOUR)
CANNOT_OPEN = (CannotShow, CannotOpen, FileNotFoundError)


@never_cache
@require_POST
@staff_may(May.LOOK)
def look(request: StaffRequest, reference: str, file_id: int) -> HttpResponse:
    """Log that a person looks, then show the picture on the page."""
    added = _file(request, reference, file_id)
    asked = Look.COLOUR if request.POST.get("look") == Look.COLOUR else Look.GREY
    open_attachment(attachment=added, how=asked, by=request.user, now=timezone.now())
    address = reverse("console:concern", args=[request.service.slug, reference])
    try:
        _drawn(added, look=Look.HIDDEN)
    except CANNOT_OPEN as problem:
        messages.error(request, f"It cannot be shown here: {problem}. You can download it.")
        return redirect(address)
    return redirect(f"{address}?file={file_id}&look={asked}#file-{file_id}")


@never_cache
@require_GET
@staff_may(May.LOOK)
def picture(request: StaffRequest, reference: str, file_id: int, look: str) -> HttpResponse:
    """The picture itself, where the person has just asked to see it."""
    added = _file(request, reference, file_id)
    if look not in SHOWN or not opened_lately(added, by=request.user, now=timezone.now()):
        raise Http404("Press Look on the report's page first.")
    try:
        return as_shown(_drawn(added, look=Look(look)), name=f"file-{added.pk}")
    except CANNOT_OPEN as problem:
        raise Http404(f"Not shown: {problem}.") from None


@never_cache
@require_POST
@staff_may(May.LOOK)
def download(request: StaffRequest, reference: str, file_id: int) -> HttpResponseBase:
    """Hand it out, never as what it claims to be; who took it is in the journal."""
    added = _file(request, reference, file_id)
    try:
        content = open_blob(added.blob)
    except (CannotOpen, FileNotFoundError):
        raise Http404("The file cannot be read.") from None
    open_attachment(attachment=added, how="download", by=request.user, now=timezone.now())
    return FileResponse(
        content,
        as_attachment=True,
        filename=f"{reference}-{added.pk}.bin",
        content_type="application/octet-stream",
    )


def _file(request: StaffRequest, reference: str, file_id: int) -> Attachment:
    try:
        return attachment_of(concern_or_404(request, reference), file_id)
    except ConcernNotFound:
        raise Http404("There is no such file.") from None


def _drawn(added: Attachment, *, look: Look) -> bytes:
    with open_blob(added.blob) as file:
        return drawn(cast("BinaryIO", file), look=look, max_pixels=settings.MAX_PIXELS)
