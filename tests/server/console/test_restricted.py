"""Material of restricted harms is nowhere for staff without that role: every page is asked."""

import io
import logging
import tarfile
from itertools import chain
from pathlib import Path
from shutil import copytree

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import URLPattern, reverse
from pytest_django import Settings

from dutybound.cases.authority import SCHEDULE_1, Answer, Authority, Urgency
from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.evidence import begin_authority_report
from dutybound_server.casework.hearing import AddedFile, Subject, Told
from dutybound_server.casework.models import Case, Delivery
from dutybound_server.console.urls import urlpatterns
from dutybound_server.evidence.actions.accesses import Look, open_evidence
from dutybound_server.evidence.actions.authority_reports import answer_report, record_sent
from dutybound_server.evidence.actions.copies import copy_files
from dutybound_server.evidence.models import LegalHold, Snapshot, SnapshotFile
from dutybound_server.intake.submissions import Author
from dutybound_server.items.models import Item, Media
from dutybound_server.journal.actions import seal
from dutybound_server.journal.models import Entry
from dutybound_server.people.roles import Scope
from dutybound_server.project import backups
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

MATERIAL = ("canarywords", "canarytold", "canaryfile", "canarywhy", "canaryanswer")
NAMES = ("canary-item", "canary-picture", "canaryreference")
LOOKS = ("hidden", "grey", "colour")


@pytest.fixture(autouse=True)
def everything(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    """An item reported as CSEA, decided, opened, held and reported to the NCA."""
    settings.MEDIA_ROOT = str(tmp_path)
    make.endpoint(cast.ridge)
    author = Author("bram", "bram@example.com")
    item = make.taken(cast.ridge, "canary-item", text="canarywords", author=author, now=NOW).item
    make.picture(item, external_id="canary-picture")
    told = Told(
        kind=Kind.ILLEGAL_CONTENT, words="canarytold", channel="page", harm="csea",
        subjects=(Subject("item", "canary-item"),),
        files=(AddedFile("canaryfile.png", "image/png", io.BytesIO(b"canaryfile")),),
    )  # fmt: skip
    take_concern(service=cast.ridge, told=told, now=NOW)
    copy_files(now=NOW)
    snapshot = Snapshot.objects.get()
    make.decide(Case.objects.get(), by=cast.ren)
    open_evidence(snapshot=snapshot, by=cast.ren, why="canarywhy", what=Look.READ, now=NOW)
    report = begin_authority_report(
        snapshot=snapshot, authority=Authority.NCA, urgency=Urgency.AT_ONCE, earlier="",
        by=cast.ren, now=NOW,
    )  # fmt: skip
    answers = {one.id: Answer(held=True, words="canaryanswer") for one in SCHEDULE_1}
    answer_report(report_id=report.pk, answers=answers, by=cast.ren, now=NOW)
    record_sent(
        report_id=report.pk, reference="canaryreference", through="portal", by=cast.ren, now=NOW
    )
    seal(now=NOW)


def addresses(page: URLPattern) -> list[str]:
    """The page about each of the things that are restricted."""
    case = Case.objects.get()
    known = {
        "service": "ridge",
        "reference": case.reference,
        "media_id": Media.objects.get().pk,
        "item_id": Item.objects.get().pk,
        "account_id": case.account_id or 1,
        "snapshot_id": Snapshot.objects.get().pk,
        "file_id": SnapshotFile.objects.get().pk,
        "hold_id": LegalHold.objects.all()[0].pk,
        "report_id": Snapshot.objects.get().authority_reports.get().pk,
        "decision_id": case.decisions.get().pk,
        "number": Entry.objects.filter(kind="evidence.sealed").get().number or 0,
    }
    named = page.pattern.converters
    looks = LOOKS if "look" in named else ("",)
    return [
        reverse(
            f"console:{page.name}",
            kwargs={name: known.get(name, look if name == "look" else "1") for name in named},
        )
        for look in looks
    ]


def outsiders(cast: Cast) -> tuple[User, ...]:
    return (cast.mo, cast.sena, cast.grace, cast.ada, cast.ode, cast.vic)


def assert_nothing_in(text: str, where: str, *, words: tuple[str, ...]) -> None:
    assert [word for word in words if word in text] == [], where


def test_no_page_tells_others_of_it_by_any_address(cast: Cast) -> None:
    pages = [page for page in urlpatterns if page.name != "home"]
    for person in outsiders(cast):
        client = Client()
        client.force_login(person)
        for address in chain.from_iterable(map(addresses, pages)):
            answer = client.get(address)
            assert answer.status_code < 500, address
            text = answer.getvalue().decode(errors="replace")
            assert_nothing_in(text, f"{address} for {person}", words=MATERIAL + NAMES)


def test_no_form_about_it_does_anything_for_others(cast: Cast) -> None:
    forms = [page for page in urlpatterns if str(page.name).startswith("evidence_")]
    everything_asked = {
        "why": "I wonder.", "authority": "police", "urgency": "1", "reference": "x",
        "recipient": "", "until": "2099-01-01",
    }  # fmt: skip
    for person in outsiders(cast):
        client = Client()
        client.force_login(person)
        for address in chain.from_iterable(map(addresses, forms)):
            answer = client.post(address, everything_asked)
            assert answer.status_code in {403, 404, 405, 422}, address
            text = answer.getvalue().decode(errors="replace")
            assert_nothing_in(text, f"{address} for {person}", words=MATERIAL + NAMES)


def test_staff_with_that_role_see_it(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ren)
    snapshot = Snapshot.objects.get()
    address = reverse("console:evidence_open", args=["ridge", snapshot.pk])

    page = client.post(address, {"why": "A new report."}).content.decode()

    assert "canarywords" in page
    assert "canarytold" in page


def test_neither_the_api_nor_a_message_holds_its_material(cast: Cast, client: Client) -> None:
    bearer = {"Authorization": f"Bearer {make.key(cast.ridge, scopes=tuple(Scope))}"}
    for path in ("items/canary-item", "enforcements", "notices"):
        answer = client.get(f"/api/v1/{path}", headers=bearer)
        assert answer.status_code == 200, path
        assert_nothing_in(answer.content.decode(), path, words=MATERIAL)
    deliveries = Delivery.objects.all()
    assert deliveries
    for delivery in deliveries:
        assert_nothing_in(delivery.payload, delivery.event, words=MATERIAL)


def test_neither_the_journal_nor_a_log_nor_a_name_of_a_file_holds_it(
    cast: Cast, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    for entry in Entry.objects.all():
        assert_nothing_in(bytes(entry.body).decode(), entry.kind, words=MATERIAL + NAMES)
    with caplog.at_level(logging.INFO):
        client = Client()
        client.force_login(cast.ren)
        snapshot = Snapshot.objects.get()
        address = reverse("console:evidence_open", args=["ridge", snapshot.pk])
        client.post(address, {"why": "A new report."})
    assert_nothing_in(caplog.text, "log", words=MATERIAL + NAMES)
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stored
    for path in stored:
        assert_nothing_in(path.as_posix(), "name of a file", words=MATERIAL + NAMES)
        assert_nothing_in(path.read_bytes().decode("latin-1"), "file", words=MATERIAL)


def test_nothing_of_its_material_is_stored_in_the_clear_in_any_table(cast: Cast) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {quote(table)}")
            for row in cursor.fetchall():
                cells = (bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)
                text = " ".join(
                    cell.decode("latin-1") if isinstance(cell, bytes) else str(cell)
                    for cell in cells
                )
                assert_nothing_in(text, table, words=MATERIAL)


def test_a_backup_names_nothing_of_it_and_holds_no_file_of_it_in_the_clear(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.mktemp("data")
    copytree(tmp_path, data / "media")

    backups.make(
        data / "backup.tar", data=data, database=None, with_keys=False, now=NOW,
        progress=lambda _: None,
    )  # fmt: skip

    with tarfile.open(data / "backup.tar") as archive:
        names = archive.getnames()
    assert sum(name.startswith("media/") for name in names) >= 3
    whole = (data / "backup.tar").read_bytes()
    assert [word for word in (*MATERIAL, *NAMES) if word.encode() in whole] == []
