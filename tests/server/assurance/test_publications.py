"""What is given to others is kept, journalled, and made again from its content."""

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from dutybound.evidence.notice import Answered, Notice
from dutybound.evidence.overview import Head, digest_of
from dutybound.evidence.status import Status
from dutybound.ledger.notes import key_in
from dutybound.ledger.proofs import verify_proof
from dutybound.risk.oscal_parts import token
from dutybound_server.assurance.actions.looks import look_at
from dutybound_server.assurance.actions.publications import PublicationRefused, publish, withdraw
from dutybound_server.assurance.attachments import NothingLikeIt, attached_files, choices_for
from dutybound_server.assurance.models import Document, DocumentVersion, Publication
from dutybound_server.assurance.publication_contents import (
    Gathered,
    Period,
    gather_annual,
    gather_answer,
    gather_board,
    gather_figures,
    gather_notice,
)
from dutybound_server.assurance.publication_files import (
    answer_in,
    board_in,
    bytes_of,
    differing,
    downloads_of,
    files_again,
)
from dutybound_server.assurance.publication_kinds import ANNUAL, ANSWER, FIGURES, NOTICE
from dutybound_server.assurance.publication_queries import (
    PublicationNotFound,
    answered_numbers,
    answers_to,
    figures_for_everyone,
    publication_for,
    waiting_notices,
)
from dutybound_server.items.blobs import store_blob
from dutybound_server.journal.actions import seal
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved

pytestmark = pytest.mark.django_db

PERIOD = Period(NOW - timedelta(days=90), NOW + timedelta(days=1))
NO_HEAD = Head("", 0, "", "Nobody.")
ASKED = Notice("Ofcom", "IN-7", date(2026, 11, 2), date(2026, 11, 30), ("How soon?", "Who?"))


def published(cast: Cast, gathered: Gathered, *, for_everyone: bool = False) -> Publication:
    return publish(
        service=cast.ridge, kind=gathered.kind, title="A title", content=gathered.content,
        head=gathered.head, by=cast.grace, now=NOW, for_everyone=for_everyone,
    )  # fmt: skip


def a_document(cast: Cast, content: bytes = b"Grace answers.") -> DocumentVersion:
    document = Document.objects.create(
        service=cast.ridge, kind="accountable_person", title="Who answers", owner=cast.grace,
        created_at=NOW,
    )  # fmt: skip
    return DocumentVersion.objects.create(
        document=document, number=1, name="../who answers.txt", content_type="text/plain",
        size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        blob=store_blob(io.BytesIO(content)), dated=NOW.date(), added_at=NOW,
        expires_on=NOW.date() + timedelta(days=365), added_by=cast.grace,
    )  # fmt: skip


def board(cast: Cast) -> Gathered:
    return gather_board(cast.ridge, PERIOD, asks=("Fund it.",), now=NOW)


def inside(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_only_who_answers_for_the_service_publishes(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        publish(
            service=cast.ridge, kind=NOTICE, title="A title", content={}, head=NO_HEAD, by=cast.ode,
            now=NOW,
        )  # fmt: skip

    assert not Publication.objects.exists()
    assert not Entry.objects.filter(kind__startswith="publication").exists()


def test_only_the_accountable_person_shows_figures_to_everyone(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        publish(
            service=cast.ridge, kind=FIGURES, title="A title", content={}, head=NO_HEAD,
            by=cast.sena, now=NOW, for_everyone=True,
        )  # fmt: skip


def test_nothing_but_figures_is_shown_to_everyone(cast: Cast) -> None:
    with pytest.raises(PublicationRefused, match="Only figures"):
        published(cast, gather_notice(cast.ridge, ASKED), for_everyone=True)


def test_what_is_published_is_journalled_by_its_digest_without_its_words(cast: Cast) -> None:
    approved(cast)
    seal(now=NOW)

    made = published(cast, board(cast))

    entry = json.loads(bytes(Entry.objects.get(kind="publication.made").body))
    assert entry["facts"] == {
        "kind": "board", "digest": made.digest, "checkpoint": made.checkpoint_size,
        "for_everyone": False,
    }  # fmt: skip
    made.refresh_from_db()
    assert digest_of(made.content) == made.digest
    assert made.checkpoint_size == board_in(made.content).overview.head.size > 0


def test_publications_of_a_service_are_numbered_from_one(cast: Cast) -> None:
    gathered = gather_notice(cast.ridge, ASKED)

    assert [published(cast, gathered).number for _ in range(2)] == [1, 2]


def test_a_board_report_is_made_again_byte_by_byte_a_year_later(cast: Cast) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=NOW)
    made = published(cast, board(cast))
    first = bytes_of(made, "board-report.pdf", files_again(made))
    make.concern(cast.ridge, now=NOW)
    look_at(service=cast.ridge, now=NOW + timedelta(days=365))

    kept = publication_for(cast.ridge, made.number)

    again = files_again(kept)
    assert bytes_of(kept, "board-report.pdf", again) == first
    assert differing(kept, again) == ()
    assert hashlib.sha256(first).hexdigest() == kept.content["files"]["board-report.pdf"]


def test_a_file_that_comes_out_otherwise_is_named(cast: Cast) -> None:
    made = published(cast, board(cast))
    made.content["files"]["board-report.pdf"] = "00" * 32

    assert differing(made, files_again(made)) == ("board-report.pdf",)


def test_the_next_report_compares_itself_with_the_last_that_stands(cast: Cast) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=NOW)
    first = published(cast, board(cast))
    second = published(cast, board(cast))
    withdraw(publication=second, why="A figure was wrong.", by=cast.grace, now=NOW)

    before = board_in(board(cast).content).before

    assert before is not None
    assert before.statuses["ICU A2"] == "not_met"
    assert before.made_at == board_in(first.content).overview.made_at


def test_the_annual_pack_holds_the_assessment_and_its_content_with_the_right_digest(
    cast: Cast,
) -> None:
    version = approved(cast)
    a_document(cast)
    look_at(service=cast.ridge, now=NOW)

    made = published(cast, gather_annual(cast.ridge, asks=(), now=NOW))

    (name, _) = downloads_of(made)
    files = inside(bytes_of(made, name, files_again(made)))
    assert {"board-report.pdf", "assessment-record.pdf", "SHA256SUMS"} <= set(files)
    results = json.loads(files["oscal/assessment-results.json"])["assessment-results"]
    states = {
        one["target"]["target-id"]: one["target"]["status"]["state"]
        for one in results["results"][0]["findings"]
    }
    measures = board_in(made.content).overview.measures
    met = {f"{token(one.id)}_smt" for one in measures if one.status is Status.MET}
    assert {target for target, state in states.items() if state == "satisfied"} == met
    assert states["icu-a2_smt"] in {"satisfied", "not-satisfied"}
    assert json.loads(files["assessment.json"]) == version.document
    assert digest_of(json.loads(files["content.json"])) == made.digest
    assert b"who answers.txt" in files["documents.csv"]
    assert made.kind == ANNUAL


def test_a_notice_waits_until_it_is_answered(cast: Cast) -> None:
    notice = published(cast, gather_notice(cast.ridge, ASKED))
    assert waiting_notices(cast.ridge) == (notice,)

    answer = published(cast, answered(cast, notice))

    assert waiting_notices(cast.ridge) == ()
    assert answered_numbers(cast.ridge) == {notice.number: answer.number}
    assert list(answers_to(notice)) == [answer]


def test_a_withdrawn_answer_leaves_the_notice_waiting(cast: Cast) -> None:
    notice = published(cast, gather_notice(cast.ridge, ASKED))
    answer = published(cast, answered(cast, notice))

    withdraw(publication=answer, why="A page was missing.", by=cast.grace, now=NOW)

    assert waiting_notices(cast.ridge) == (notice,)


def answered(cast: Cast, notice: Publication, *attached: str) -> Gathered:
    answers = (Answered("How soon?", "Within a day.", attached), Answered("Who?", "Grace.", ()))
    return gather_answer(cast.ridge, PERIOD, notice=notice, asked=ASKED, answers=answers, now=NOW)


def test_an_answer_holds_all_that_can_be_attached_with_its_digests(cast: Cast) -> None:
    approved(cast)
    document = a_document(cast)
    make.concern(cast.ridge, now=NOW)
    seal(now=NOW)
    published(cast, board(cast))
    notice = published(cast, gather_notice(cast.ridge, ASKED))
    choices = [id_ for _, group in choices_for(cast.ridge) for id_, _ in group]

    made = published(cast, answered(cast, notice, *choices))

    kept = publication_for(cast.ridge, made.number)
    files = inside(bytes_of(kept, "answer-to-notice.zip", files_again(kept)))
    told = {
        path: sha for one in answer_in(kept.content).attachments for path, sha in one.files.items()
    }
    assert {path: hashlib.sha256(files[path]).hexdigest() for path in told} == told
    assert files[f"documents/{document.pk}-who-answers.txt"] == b"Grace answers."
    assert files["journal/key"] == (files["journal/key"].split(b"\n")[0] + b"\n")
    proofs = [path for path in files if path.endswith(".tlog-proof")]
    assert proofs
    key = key_in(files["journal/key"].decode().strip())
    for path in proofs:
        entry = files[path.replace(".tlog-proof", ".json")]
        verify_proof(files[path].decode(), entry, key=key)
    assert b"Within a day." in files["index.html"]
    assert kept.kind == ANSWER


def test_what_belongs_to_another_service_cannot_be_attached(cast: Cast) -> None:
    document = a_document(cast)
    overview = board_in(board(cast).content).overview

    for id_ in (f"document:{document.pk}", "policy:1", "publication:1", "nothing", "document:x"):
        with pytest.raises(NothingLikeIt):
            attached_files(cast.harbour, id_, overview=overview, kept={})


def test_figures_are_for_everyone_only_where_that_was_said(cast: Cast) -> None:
    hidden = published(cast, gather_figures(cast.ridge, PERIOD, now=NOW))
    shown = published(cast, gather_figures(cast.ridge, PERIOD, now=NOW), for_everyone=True)

    assert list(figures_for_everyone(cast.ridge)) == [shown]
    assert hidden.for_everyone is False


def test_what_is_withdrawn_stays_and_its_reason_is_personal_in_the_journal(cast: Cast) -> None:
    made = published(cast, gather_notice(cast.ridge, ASKED))

    withdraw(publication=made, why=" Sent to us by mistake. ", by=cast.grace, now=NOW)

    kept = publication_for(cast.ridge, made.number)
    assert kept.withdrawn_why == "Sent to us by mistake."
    entry = bytes(Entry.objects.get(kind="publication.withdrawn").body)
    assert b"mistake" not in entry
    assert kept.content == made.content


@pytest.mark.parametrize("why", ["", "  "])
def test_nothing_is_withdrawn_without_a_reason_nor_twice(cast: Cast, why: str) -> None:
    made = published(cast, gather_notice(cast.ridge, ASKED))
    with pytest.raises(PublicationRefused, match="Say why"):
        withdraw(publication=made, why=why, by=cast.grace, now=NOW)
    withdraw(publication=made, why="A mistake.", by=cast.grace, now=NOW)

    with pytest.raises(PublicationRefused, match="already"):
        withdraw(publication=made, why="Again.", by=cast.grace, now=NOW)


def test_an_auditor_withdraws_nothing(cast: Cast) -> None:
    made = published(cast, gather_notice(cast.ridge, ASKED))

    with pytest.raises(PermissionDenied):
        withdraw(publication=made, why="A mistake.", by=cast.ode, now=NOW)


def test_another_services_publication_is_not_found(cast: Cast) -> None:
    made = published(cast, gather_notice(cast.ridge, ASKED))

    with pytest.raises(PublicationNotFound):
        publication_for(cast.harbour, made.number)
