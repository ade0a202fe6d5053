"""The assessments of a service: what is in force, what is worked on, what asks for a look."""

from datetime import date

from django.db.models import QuerySet

from dutybound.risk.document import Assessment
from dutybound_server.assurance.models import Change, Draft, ReviewTask, Version
from dutybound_server.assurance.refusals import NoDraft, VersionNotFound
from dutybound_server.people.models import Service

ALL = "all"
"""The part that an import replaces."""


def open_draft(service: Service) -> Draft | None:
    """The draft people work on, if there is one."""
    return Draft.objects.filter(service=service, became__isnull=True).first()


def mark_of(draft: Draft | None) -> str:
    """What tells a draft as somebody saw it from the same one later; "" where there is none."""
    return "" if draft is None else f"{draft.pk}.{draft.revision}"


def draft_of(service: Service) -> Draft:
    """The draft people work on; raises NoDraft."""
    draft = open_draft(service)
    if draft is None:
        raise NoDraft("Nobody has started an assessment, or it was approved meanwhile.")
    return draft


def versions_of(service: Service) -> QuerySet[Version]:
    """The approved versions, the newest first; it is in force and supersedes the others."""
    return Version.objects.filter(service=service).select_related("approved_by").order_by("-number")


def newest_version(service: Service) -> Version | None:
    return versions_of(service).first()


def version_of(service: Service, number: int) -> Version:
    """One approved version; raises VersionNotFound."""
    version = versions_of(service).filter(number=number).first()
    if version is None:
        raise VersionNotFound(f"There is no approved version {number}.")
    return version


def document_of(row: Draft | Version) -> Assessment:
    return Assessment.model_validate(row.document)


def law_day(document: Assessment, *, today: date) -> date:
    """The day whose law a document is read under: an approved one keeps its own."""
    return document.law_as_of if document.days.approved and document.law_as_of else today


def open_tasks(service: Service) -> QuerySet[ReviewTask]:
    """What asks for a look at the assessment, the oldest first."""
    tasks = ReviewTask.objects.filter(service=service, closed_at__isnull=True)
    return tasks.select_related("version").order_by("opened_at", "id")


def answered_parts(draft: Draft) -> frozenset[str]:
    """The parts that somebody saved, "I don't know" among them."""
    saved = Change.objects.filter(draft=draft, revision__isnull=False)
    return frozenset(saved.values_list("part", flat=True))


def saved_controls(service: Service) -> frozenset[str]:
    """Ids of the controls that somebody saved, in this draft or in one before it."""
    saved = Change.objects.filter(
        draft__service=service, part__startswith="control/", revision__isnull=False
    )
    return frozenset(part.removeprefix("control/") for part in saved.values_list("part", flat=True))


def last_change(draft: Draft, part: str) -> Change | None:
    """Who saved that part last, or imported all; None if it came with the draft."""
    return draft.changes.filter(part__in=[part, ALL], revision__isnull=False).last()
