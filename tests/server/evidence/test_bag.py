"""Evidence leaves as a bag: the bagit tool takes it, openssl its stamp, and age its key."""

import io
import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pyrage
import pytest
from pyrage import x25519
from pytest_django import Settings

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.evidence_bag import NotReady, write_snapshot_bag
from dutybound_server.casework.hearing import AddedFile, Subject, Told
from dutybound_server.evidence.actions.accesses import AccessRefused, Look, open_evidence
from dutybound_server.evidence.actions.copies import copy_files
from dutybound_server.evidence.actions.stamps import stamp_due
from dutybound_server.evidence.encryption import BadRecipient, encrypt_to, recipient_in
from dutybound_server.evidence.models import Access, Snapshot
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast
from tests.server.evidence.stamper import run, stamper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def snapshot(cast: Cast) -> Snapshot:
    """Of a picture that was reported, with a screenshot."""
    item = make.item(cast.ridge, author=cast.bram, text="zonk")
    make.picture(item, external_id="holiday photo.jpg")
    screenshot = AddedFile("what I saw.png", "image/png", io.BytesIO(b"a screenshot"))
    told = Told(
        kind=Kind.ILLEGAL_CONTENT, words="This is cruel.", channel="page",
        subjects=(Subject("item", item.external_id),), files=(screenshot,),
        email="reporter@example.com",
    )  # fmt: skip
    take_concern(service=cast.ridge, told=told, now=NOW)
    return Snapshot.objects.get()


def unpacked(content: bytes, folder: Path) -> Path:
    ZipFile(io.BytesIO(content)).extractall(folder)
    (bag,) = folder.iterdir()
    return bag


def validate(bag: Path) -> None:
    tool = [sys.executable, "-W", "ignore", "-m", "bagit", "--validate", str(bag)]
    subprocess.run(tool, capture_output=True, check=True)


def test_a_bag_is_not_made_while_a_file_of_it_is_missing_yet(snapshot: Snapshot) -> None:
    with pytest.raises(NotReady, match="being copied"):
        write_snapshot_bag(snapshot, io.BytesIO(), made_at=NOW)


def test_the_bag_is_valid_and_its_stamp_verifies_once_decrypted(
    cast: Cast, snapshot: Snapshot, settings: Settings, tmp_path: Path
) -> None:
    copy_files(now=NOW)
    (tmp_path / "tsa").mkdir()
    with stamper(tmp_path / "tsa") as server:
        settings.TIMESTAMP_URL = server.url
        stamp_due(now=NOW)
    snapshot.refresh_from_db()
    open_evidence(snapshot=snapshot, by=cast.ren, why="For the NCA.", what=Look.EXPORT, now=NOW)
    identity = x25519.Identity.generate()
    plain, sealed = io.BytesIO(), io.BytesIO()

    write_snapshot_bag(snapshot, plain, made_at=NOW)
    encrypt_to(recipient_in(str(identity.to_public())), source=plain, target=sealed)

    assert b"zonk" not in sealed.getvalue()
    bag = unpacked(pyrage.decrypt(sealed.getvalue(), [identity]), tmp_path / "bag")
    validate(bag)
    stamp, data = bag / "stamps/snapshot.json.tsr", bag / "data/snapshot.json"
    verify = ("ts", "-verify", "-data", str(data), "-in", str(stamp), "-CAfile", "ca.pem")
    assert "Verification: OK" in run(tmp_path / "tsa", *verify)


def test_the_bag_holds_all_that_is_known_and_not_who_told_us(
    cast: Cast, snapshot: Snapshot, tmp_path: Path
) -> None:
    copy_files(now=NOW)
    case = snapshot.item.cases.get() if snapshot.item else None
    assert case is not None
    make.decide(case, by=cast.mo)
    open_evidence(snapshot=snapshot, by=cast.ren, why="For the police.", what=Look.EXPORT, now=NOW)
    file = io.BytesIO()

    write_snapshot_bag(snapshot, file, made_at=NOW)

    data = unpacked(file.getvalue(), tmp_path / "bag") / "data"
    assert json.loads((data / "snapshot.json").read_text())["item"]["text"] == "zonk"
    (copy,) = json.loads((data / "files.json").read_text())
    assert (data / copy["path"]).stat().st_size == copy["size"]
    (told,) = json.loads((data / "told.json").read_text())
    assert told["words"] == "This is cruel."
    screenshot = data / "told" / told["reference"] / "001-what-I-saw.png"
    assert screenshot.read_bytes() == b"a screenshot"
    assert json.loads((data / "case.json").read_text())["decisions"][0]["by"] == "Mo"
    assert json.loads((data / "custody.json").read_text())["opened"][0]["why"] == "For the police."
    assert json.loads((data / "journal-entry.json").read_text())["kind"] == "evidence.sealed"
    everything = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert b"reporter@example.com" not in everything


@pytest.mark.parametrize("why", ["", "  ", "a\0b", "x" * 2001])
def test_nobody_opens_evidence_without_a_reason(cast: Cast, snapshot: Snapshot, why: str) -> None:
    with pytest.raises(AccessRefused):
        open_evidence(snapshot=snapshot, by=cast.ren, why=why, what=Look.READ, now=NOW)

    assert not Access.objects.exists()
    assert not Entry.objects.filter(kind="evidence.opened").exists()


@pytest.mark.parametrize("text", ["", "age1", "ssh-ed25519 AAAA", "a@example.com"])
def test_what_is_no_key_of_age_is_refused(text: str) -> None:
    with pytest.raises(BadRecipient, match="age1"):
        recipient_in(text)


def test_a_secret_key_is_refused_and_never_repeated() -> None:
    secret = str(x25519.Identity.generate())

    with pytest.raises(BadRecipient, match="secret key") as refused:
        recipient_in(secret)

    assert secret not in str(refused.value)
