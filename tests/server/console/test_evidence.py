"""Evidence at the screens: opened with a reason, exported encrypted, reported, held, kept."""

import io
import json
from pathlib import Path
from zipfile import ZipFile

import pyrage
import pytest
from django.test import Client
from django.urls import reverse
from pyrage import x25519
from pytest_django import Settings

from dutybound.cases.authority import SCHEDULE_1
from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.hearing import Subject, Told
from dutybound_server.casework.models import Case
from dutybound_server.evidence.actions.copies import copy_files
from dutybound_server.evidence.actions.holds import HoldKind, place_legal_hold
from dutybound_server.evidence.models import (
    Access,
    AuthorityReport,
    LegalHold,
    Preservation,
    Snapshot,
)
from tests import make
from tests.cast import NOW, Cast
from tests.server.console.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def snapshot(cast: Cast) -> Snapshot:
    return reported(cast)


def reported(cast: Cast, *, harm: str = "") -> Snapshot:
    item = make.item(cast.ridge, author=cast.bram, text="zonk <b>\u202eabc")
    make.picture(item)
    subject = Subject("item", item.external_id)
    told = Told(
        kind=Kind.ILLEGAL_CONTENT, words="This is cruel.", channel="page", subjects=(subject,),
        harm=harm,
    )  # fmt: skip
    take_concern(service=cast.ridge, told=told, now=NOW)
    copy_files(now=NOW)
    return Snapshot.objects.get(item=item)


def at(name: str, *numbers: int) -> str:
    return reverse(f"console:evidence{name}", args=["ridge", *numbers])


def test_the_page_of_a_snapshot_shows_everything_but_its_content(
    cast: Cast, sign_in: SignIn, snapshot: Snapshot
) -> None:
    page = sign_in(cast.mo).get(at("_snapshot", snapshot.pk)).content.decode()

    assert snapshot.digest in page
    assert "zonk" not in page
    assert not Access.objects.exists()


def test_it_is_opened_only_with_a_reason_and_then_by_name(
    cast: Cast, sign_in: SignIn, snapshot: Snapshot
) -> None:
    screen = sign_in(cast.mo)

    refused = screen.post(at("_open", snapshot.pk), {"why": " "})
    assert refused.status_code == 422
    assert b"zonk" not in refused.content

    opened = screen.post(at("_open", snapshot.pk), {"why": "An appeal."})
    assert "zonk &lt;b&gt;" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    access = Access.objects.get()
    assert (access.by, access.why, access.what) == (cast.mo, "An appeal.", "read")
    assert "An appeal." in screen.get(at("_snapshot", snapshot.pk)).content.decode()


def test_a_file_is_never_handed_out_as_what_it_claims_to_be(
    cast: Cast, sign_in: SignIn, snapshot: Snapshot
) -> None:
    file = snapshot.files.get()
    address = at("_file", snapshot.pk, file.pk)
    screen = sign_in(cast.mo)
    assert screen.post(address).status_code == 422

    answer = screen.post(address, {"why": "An appeal."})

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert len(answer.getvalue()) == file.size
    assert Access.objects.get().what == "file"


def test_only_those_who_keep_evidence_export_it(
    cast: Cast, sign_in: SignIn, snapshot: Snapshot
) -> None:
    said = {"why": "The police asked."}
    assert sign_in(cast.mo).post(at("_export", snapshot.pk), said).status_code == 403

    answer = sign_in(cast.sena).post(at("_export", snapshot.pk), said)

    names = ZipFile(io.BytesIO(answer.getvalue())).namelist()
    assert f"evidence-{snapshot.uuid}/data/snapshot.json" in names
    assert Access.objects.get().what == "export"


def test_what_is_restricted_leaves_only_encrypted(cast: Cast, sign_in: SignIn) -> None:
    snapshot = reported(cast, harm="csea")
    screen = sign_in(cast.ren)
    identity = x25519.Identity.generate()
    address = at("_export", snapshot.pk)

    for key in ("", "age1nonsense", str(identity)):
        refused = screen.post(address, {"why": "For the NCA.", "recipient": key})
        assert refused.status_code == 422
        assert b"age1" in refused.content
    assert not Access.objects.exists()

    key = str(identity.to_public())
    answer = screen.post(address, {"why": "For the NCA.", "recipient": key})

    sealed = answer.getvalue()
    assert b"zonk" not in sealed
    assert b"zonk" in pyrage.decrypt(sealed, [identity])


def test_what_became_restricted_since_it_was_sealed_leaves_only_encrypted(
    cast: Cast, sign_in: SignIn, snapshot: Snapshot
) -> None:
    make.decide(Case.objects.get(), by=cast.ren, harm="csea")

    answer = sign_in(cast.ren).post(at("_export", snapshot.pk), {"why": "For the NCA."})

    assert answer.status_code == 422
    assert not Access.objects.exists()


def test_what_somebody_told_of_something_restricted_besides_is_left_out(
    cast: Cast, sign_in: SignIn
) -> None:
    plain, other = (make.item(cast.ridge, author=cast.bram, text="zonk") for _ in range(2))
    make.concern(cast.ridge, about=(plain, other), words="canary: both of them")
    for kind in HoldKind:
        place_legal_hold(
            service=cast.ridge, subject_kind="account", subject="bram", kind=kind, why="x",
            reference=f"ref-{kind}", by=cast.ren, until=None, now=NOW,
        )  # fmt: skip
    make.concern(cast.ridge, about=(other,), harm="csea")
    copy_files(now=NOW)
    snapshot = Snapshot.objects.get(item=plain)
    said = {"why": "The police asked."}

    page = sign_in(cast.sena).post(at("_open", snapshot.pk), said)
    bag = sign_in(cast.sena).post(at("_export", snapshot.pk), said)

    assert "canary" not in page.content.decode()
    whole, data = ZipFile(io.BytesIO(bag.getvalue())), f"evidence-{snapshot.uuid}/data"
    assert json.loads(whole.read(f"{data}/told.json")) == []
    assert json.loads(whole.read(f"{data}/custody.json"))["holds"] == []


def test_a_bag_that_is_not_whole_yet_is_not_handed_out(
    cast: Cast, sign_in: SignIn, snapshot: Snapshot
) -> None:
    snapshot.files.update(blob="")

    answer = sign_in(cast.sena).post(at("_export", snapshot.pk), {"why": "The police asked."})

    assert answer.status_code == 422
    assert "being copied" in answer.content.decode()


def test_a_report_to_the_nca_goes_from_snapshot_to_reference(
    cast: Cast, sign_in: SignIn, snapshot: Snapshot
) -> None:
    screen = sign_in(cast.ren)
    begun = screen.post(at("_begin", snapshot.pk), {"authority": "nca", "urgency": "1"})
    report = AuthorityReport.objects.get()
    assert begun["Location"] == at("_report", report.pk)
    page = screen.get(at("_report", report.pk)).content.decode()
    assert "call 999" in page
    assert "bram@example.com" in page
    assert "1 file in the bag" in page
    assert "1 report by people" in page

    assert screen.post(at("_sent", report.pk), {"reference": "NCA-7"}).status_code == 422
    answers = {item.id: "No." for item in SCHEDULE_1} | {"billing_not_held": "on"}
    screen.post(at("_report", report.pk), answers)
    assert "Not held: No." in screen.get(at("_report", report.pk)).content.decode()
    screen.post(at("_sent", report.pk), {"reference": "NCA-7"})

    report.refresh_from_db()
    assert (report.reference, report.sent_through) == ("NCA-7", "portal")
    assert "NCA-7" in screen.get(at("_reports")).content.decode()
    assert sign_in(cast.sena).get(at("_report", report.pk)).status_code == 404
    assert b"NCA-7" not in sign_in(cast.sena).get(at("_reports")).content


def test_a_report_twice_is_refused_on_the_page(
    cast: Cast, sign_in: SignIn, snapshot: Snapshot
) -> None:
    screen = sign_in(cast.ren)
    screen.post(at("_begin", snapshot.pk), {"authority": "ncmec", "urgency": "2"})

    again = screen.post(at("_begin", snapshot.pk), {"authority": "nca", "urgency": "2"})

    assert again.status_code == 422
    assert "begun already" in again.content.decode()


def test_a_report_begun_by_mistake_is_withdrawn(
    cast: Cast, sign_in: SignIn, snapshot: Snapshot
) -> None:
    screen = sign_in(cast.sena)
    screen.post(at("_begin", snapshot.pk), {"authority": "police", "urgency": "3"})
    report = AuthorityReport.objects.get()

    screen.post(at("_withdraw", report.pk), {"why": ""})
    report.refresh_from_db()
    assert report.withdrawn_at is None
    page = screen.post(at("_withdraw", report.pk), {"why": "Wrong one."}, follow=True)
    assert "Withdrawn" in page.content.decode()
    assert screen.post(at("_send", report.pk), {"sender": "x"}).status_code == 302


def test_a_hold_is_placed_and_ended(cast: Cast, sign_in: SignIn) -> None:
    screen = sign_in(cast.grace)
    assert screen.post(at("_holds"), {"subject_kind": "item"}).status_code == 422
    wrong = {"subject_kind": "item", "subject": "p1", "why": "A letter.", "until": "2001-01-01"}
    assert "still to come" in screen.post(at("_holds"), wrong).content.decode()

    screen.post(at("_holds"), {**wrong, "until": ""})

    hold = LegalHold.objects.get()
    assert hold.until is None
    screen.post(at("_end_hold", hold.pk), {"why": ""})
    hold.refresh_from_db()
    assert hold.ended_at is None
    assert (
        "goes on schedule"
        in screen.post(
            at("_end_hold", hold.pk), {"why": "They have it."}, follow=True
        ).content.decode()
    )
    assert sign_in(cast.mo).get(at("_holds")).status_code == 403


def test_a_preservation_notice_is_taken_extended_and_ended(cast: Cast, sign_in: SignIn) -> None:
    screen = sign_in(cast.grace)
    said = {
        "reference": "DPN-1", "received_at": "2026-11-20", "name": "A. Child",
        "date_of_birth": "2011-04-02", "emails": "BRAM@example.com\n\n", "until": "2099-01-01",
    }  # fmt: skip
    assert screen.post(at("_notices"), {**said, "emails": ""}).status_code == 422

    page = screen.post(at("_notices"), said, follow=True).content.decode()

    notice = Preservation.objects.get()
    assert "bram" in page
    late = {"until": "2099-02-01", "why": "A second letter."}
    refused = screen.post(at("_extend", notice.pk), {**late, "until": "2098-01-01"})
    assert "Choose a day after" in refused.content.decode()
    screen.post(at("_extend", notice.pk), late)
    assert screen.post(at("_end_notice", notice.pk), {"why": ""}).status_code == 422
    ended = screen.post(at("_end_notice", notice.pk), {"why": "It is over."}, follow=True)
    assert "It is over." in ended.content.decode()
    assert not LegalHold.objects.filter(ended_at__isnull=True).exists()


@pytest.mark.parametrize("name", ["", "_holds", "_notices", "_reports"])
def test_each_list_says_what_will_stand_there(cast: Cast, sign_in: SignIn, name: str) -> None:
    assert sign_in(cast.sena).get(at(name)).status_code == 200


def test_a_search_finds_by_subject_and_by_report(
    cast: Cast, sign_in: SignIn, snapshot: Snapshot
) -> None:
    screen: Client = sign_in(cast.mo)

    for asked, is_found in ((snapshot.subject, True), (snapshot.concern, True), ("\0x", False)):
        page = screen.get(at(""), {"q": asked}).content.decode()
        assert (at("_snapshot", snapshot.pk) in page) is is_found


def test_a_case_leads_to_what_was_sealed_of_it_for_those_who_keep_evidence(
    cast: Cast, sign_in: SignIn, snapshot: Snapshot
) -> None:
    case = Case.objects.get(subject=snapshot.subject)
    page = reverse("console:case", args=["ridge", case.reference])
    link = at("_snapshot", snapshot.pk)

    assert link in sign_in(cast.sena).get(page).content.decode()
    assert link not in sign_in(cast.mo).get(page).content.decode()


def test_what_was_sealed_under_a_restricted_harm_stays_with_who_may_see_it(
    cast: Cast, sign_in: SignIn
) -> None:
    snapshot = reported(cast, harm="csea_image_csam")
    case = Case.objects.get(subject=snapshot.subject)
    page = reverse("console:case", args=["ridge", case.reference])

    assert sign_in(cast.sena).get(page).status_code == 404
    assert at("_snapshot", snapshot.pk) in sign_in(cast.ren).get(page).content.decode()
