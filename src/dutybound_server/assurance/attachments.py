"""What can be attached to an answer: each by an id that leads to final rows or to what was kept."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from dutybound.evidence.document_kinds import DOCUMENT_KINDS
from dutybound.evidence.notice import FROM_OVERVIEW, files_from_overview
from dutybound.evidence.oscal_results import with_findings
from dutybound.evidence.overview import Overview
from dutybound.evidence.tables import as_json
from dutybound.risk.oscal import NothingApplies, as_oscal
from dutybound.risk.pdf import as_pdf
from dutybound.risk.record import written_record
from dutybound.risk.record_parts import in_words
from dutybound_server.assurance.models import DocumentVersion, Publication
from dutybound_server.assurance.publication_kinds import BOARD, FIGURES
from dutybound_server.assurance.queries import document_of, law_day, version_of, versions_of
from dutybound_server.casework.models import UnfoundedPolicy
from dutybound_server.casework.reasons import reasons_of, restrictions
from dutybound_server.items.blobs import open_blob
from dutybound_server.journal.entries import as_it_stands
from dutybound_server.journal.models import Checkpoint, Entry
from dutybound_server.journal.queries import journal_key, newest_checkpoint, proof_of
from dutybound_server.people.models import Service

JOURNAL, STATEMENTS, OSCAL = "journal", "statements", "oscal"
PROOF = (
    (JOURNAL, "The journal's signed head, its key, and entries of the period with their proofs"),
    (STATEMENTS, "Statements of reasons that can be published, of the period"),
    (OSCAL, "The assessment and the findings in OSCAL 1.2.1, for other people's programs"),
)
PROVED = ("assessment.approved", "measures.found", "publication.made", "publication.withdrawn")
MOST_PROVED = 100
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
Choices = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class NothingLikeIt(Exception):
    """There is no attachment of that id, or what it leads to is gone."""


def choices_for(service: Service) -> Choices:
    """What can be attached, in groups: ids with their titles."""
    groups = (
        ("From the records of the period", tuple(FROM_OVERVIEW.items())),
        ("Assessments", tuple(_assessments(service))),
        ("Documents held", tuple(_documents(service))),
        ("Policies", tuple(_policies(service))),
        ("Given before", tuple(_given(service))),
        ("Proof", PROOF),
    )
    return tuple((name, group) for name, group in groups if group)


def _assessments(service: Service) -> Iterator[tuple[str, str]]:
    for one in versions_of(service):
        day = in_words(one.approved_at.date())
        yield f"assessment:{one.number}", f"Assessment, version {one.number}, approved on {day}"


def _documents(service: Service) -> Iterator[tuple[str, str]]:
    found = DocumentVersion.objects.filter(document__service=service).select_related("document")
    for one in found.order_by("document_id", "-number"):
        title, kind = one.document.title, DOCUMENT_KINDS[one.document.kind].name
        named = title if title == kind else f"{title} ({kind})"
        yield f"document:{one.pk}", f"{named}, version {one.number}"


def _policies(service: Service) -> Iterator[tuple[str, str]]:
    for one in UnfoundedPolicy.objects.filter(service=service).order_by("-number"):
        yield f"policy:{one.number}", f"Policy on unfounded complaints, version {one.number}"


def _given(service: Service) -> Iterator[tuple[str, str]]:
    found = Publication.objects.filter(service=service, kind__in=(BOARD, FIGURES))
    for one in found.defer("content").order_by("-number"):
        day = in_words(one.made_at.date())
        yield f"publication:{one.number}", f"{one.title}, made on {day}"


def kept_files(
    service: Service, wanted: Collection[str], since: datetime, until: datetime
) -> Mapping[str, str]:
    """The text of files that no row will have later as it is now, by path."""
    kept: dict[str, str] = {}
    head = newest_checkpoint() if JOURNAL in wanted else None
    if head is not None:
        kept["journal/checkpoint"] = head.note
        kept["journal/key"] = f"{journal_key(head)}\n"
        kept |= _proofs(service, since, until, head=head)
    if STATEMENTS in wanted:
        kept["statements/statements.json"] = as_json(_statements(service, since, until)).decode()
    return kept


def attached_files(
    service: Service, id_: str, *, overview: Overview, kept: Mapping[str, str]
) -> Mapping[str, bytes]:
    """The files behind an id, by path; raises NothingLikeIt."""
    if id_ in FROM_OVERVIEW:
        return files_from_overview(id_, overview)
    if id_ == OSCAL:
        return oscal_files(service, overview)
    if id_ in (JOURNAL, STATEMENTS):
        return {path: kept[path].encode() for path in kept if path.startswith(f"{id_}/")}
    kind, _, number = id_.partition(":")
    if kind not in _FROM_ROWS or not number.isdecimal():
        raise NothingLikeIt(f"There is nothing to attach called {id_}.")
    return _FROM_ROWS[kind](service, int(number))


def assessment_files(service: Service, number: int) -> Mapping[str, bytes]:
    """An approved assessment as its record and as the document that others can read in."""
    version = version_of(service, number)
    document = document_of(version)
    as_of = law_day(document, today=version.approved_at.date())
    return {
        "assessment-record.pdf": as_pdf(written_record(document, as_of=as_of)),
        "assessment.json": as_json(version.document),
    }


def oscal_files(service: Service, overview: Overview) -> Mapping[str, bytes]:
    """The assessment in force and the overview's findings as OSCAL; nothing where none applies."""
    if overview.assessment is None:
        return {}
    version = version_of(service, overview.assessment.number)
    document = document_of(version)
    try:
        documents = as_oscal(document, as_of=law_day(document, today=version.approved_at.date()))
    except NothingApplies:
        return {}
    found = with_findings(documents, overview)
    return {f"oscal/{name}": as_json(one) for name, one in found.items()}


def _assessment(service: Service, number: int) -> Mapping[str, bytes]:
    files = assessment_files(service, number)
    return {f"assessments/{number}/{name}": file for name, file in files.items()}


def _document(service: Service, number: int) -> Mapping[str, bytes]:
    found = DocumentVersion.objects.filter(pk=number, document__service=service).first()
    if found is None:
        raise NothingLikeIt(f"There is no document {number}.")
    name = _UNSAFE.sub("-", found.name).strip(".-") or "file"
    with open_blob(found.blob) as file:
        return {f"documents/{number}-{name}": file.read()}


def _policy(service: Service, number: int) -> Mapping[str, bytes]:
    policy = UnfoundedPolicy.objects.filter(service=service, number=number).first()
    if policy is None:
        raise NothingLikeIt(f"There is no policy {number}.")
    content = {
        "number": policy.number,
        "words": policy.words,
        "attributes": policy.attributes,
        "monitoring": policy.monitoring,
        "change": policy.change,
        "approved_at": policy.approved_at.isoformat(),
        "review_by": policy.review_by.isoformat(),
    }
    return {f"policies/unfounded-complaints-{number}.json": as_json(content)}


def _publication(service: Service, number: int) -> Mapping[str, bytes]:
    given = Publication.objects.filter(service=service, number=number, kind__in=(BOARD, FIGURES))
    found = given.first()
    if found is None:
        raise NothingLikeIt(f"There is no publication {number}.")
    return {f"publications/{number}/content.json": as_json(found.content)}


def _proofs(
    service: Service, since: datetime, until: datetime, *, head: Checkpoint
) -> dict[str, str]:
    """The newest entries about assessments, findings and publications, each with its proof.

    They name nobody. Where an entry cannot be proved, the file says why.
    """
    entries = Entry.objects.filter(
        service=service.slug, kind__in=PROVED, at__gte=since, at__lt=until, number__lt=head.size
    )
    files = {}
    for entry in entries.order_by("-number")[:MOST_PROVED]:
        path, proof = f"journal/entries/{entry.number}", proof_of(entry, head=head)
        files[f"{path}.json"] = as_it_stands(entry).decode(errors="replace")
        files[f"{path}.tlog-proof"] = proof.file or f"This entry cannot be proved: {proof.fault}\n"
    return files


def _statements(service: Service, since: datetime, until: datetime) -> object:
    decisions = restrictions(service).filter(
        case__restricted=False, decided_at__gte=since, decided_at__lt=until
    )
    found = (reasons_of(one) for one in decisions.order_by("id"))
    return [one.statement for one in found if one.is_ready and not one.taken_back_at]


_FROM_ROWS: Mapping[str, Callable[[Service, int], Mapping[str, bytes]]] = MappingProxyType(
    {
        "assessment": _assessment,
        "document": _document,
        "policy": _policy,
        "publication": _publication,
    }
)
