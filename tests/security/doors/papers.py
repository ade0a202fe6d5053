"""What a service holds in writing, who was trained, and what it published."""

import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dutybound.evidence.notice import Notice
from dutybound.evidence.overview import digest_of
from dutybound_server.assurance.actions.documents import Paper, add_document
from dutybound_server.assurance.actions.publications import publish
from dutybound_server.assurance.actions.training import record_training
from dutybound_server.assurance.models import Publication
from dutybound_server.assurance.publication_contents import Period, gather_figures, gather_notice
from dutybound_server.assurance.publication_kinds import FIGURES, NOTICE

if TYPE_CHECKING:
    from tests.security.doors.world import Things


def documents(things: "Things", *, now: datetime) -> None:
    service, crew = things.service, things.crew
    today = now.date()
    paper = Paper("terms.txt", io.BytesIO(b"Be kind."), today, today + timedelta(days=30))
    held, *_ = add_document(
        service=service, kinds=("terms",), title="Terms", paper=paper, owner=crew.senior,
        by=crew.accountable, now=now,
    )  # fmt: skip
    training = record_training(
        service=service, user=crew.moderator, subject="moderation", on=today,
        expires_on=today + timedelta(days=30), told="", by=crew.senior, now=now,
    )  # fmt: skip
    things.usual.update(document_id=held.pk, training_id=training.pk)
    things.special["console:add_document"] = {"kind": "terms"}
    things.special["console:download_document"] = {"document_id": held.pk, "number": 1}


def publications(things: "Things", *, now: datetime) -> None:
    """A notice that waits for its answer, and figures for everyone."""
    service, by = things.service, things.crew.accountable
    asked = Notice("Ofcom", "OFC-2", now.date(), now.date() + timedelta(days=9), ("How many?",))
    period = Period(now - timedelta(days=30), now)
    gathered = gather_notice(service, asked)
    # Each service counts its own, so numbers start far apart: what one has the other has not.
    notice = Publication.objects.create(
        service=service, number=100 * service.pk, kind=NOTICE, title="Notice OFC-2",
        content=gathered.content, digest=digest_of(gathered.content), made_at=now, made_by=by,
    )  # fmt: skip
    made = gather_figures(service, period, now=now)
    shown = publish(
        service=service, kind=FIGURES, title="Figures", content=made.content, head=made.head,
        for_everyone=True, by=by, now=now,
    )  # fmt: skip
    for page in ("publication", "publication_answer", "publication_withdraw"):
        things.special[f"console:{page}"] = {"number": notice.number}
    things.special["console:publication_make"] = {"kind": "board"}
    figures = {"number": shown.number, "name": "figures.csv"}
    for page in ("console:publication_file", "public:figures_of", "public:figures_file"):
        things.special[page] = figures
