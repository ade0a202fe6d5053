"""Governance documents as people bring them."""

import io
import zipfile
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User

from dutybound_server.assurance.actions.documents import Paper, add_document
from dutybound_server.assurance.models import Document
from dutybound_server.people.models import Service
from tests.cast import NOW

WORDS = b"Grace answers to the committee for safety, complaints and reports."


def paper(
    content: bytes = WORDS,
    *,
    name: str = "appointment.txt",
    dated: date | None = None,
    expires_on: date | None = None,
) -> Paper:
    """A file that bears that day, and holds for 200 days from then."""
    dated = dated or NOW.date()
    return Paper(name, io.BytesIO(content), dated, expires_on or dated + timedelta(days=200))


def document(
    service: Service,
    kind: str = "accountable_person",
    *,
    owner: User | None,
    by: User,
    now: datetime = NOW,
    dated: date | None = None,
    expires_on: date | None = None,
) -> Document:
    """A document that is held since then."""
    brought = paper(dated=dated or now.date(), expires_on=expires_on)
    (made,) = add_document(
        service=service,
        kinds=[kind],
        title="The letter",
        paper=brought,
        owner=owner,
        by=by,
        now=now,
    )
    return made


def packed(part: str, content: str) -> bytes:
    """A zip file with one part, as office programs write them."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(part, content)
    return file.getvalue()
