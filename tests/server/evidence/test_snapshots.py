"""What was reported stays as it was, with copies of its files, whatever is deleted elsewhere."""

import json
from datetime import datetime, timedelta
from hashlib import sha512
from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from dutybound_server.casework.actions.evidence import erase_old_snapshots
from dutybound_server.evidence.actions.copies import copy_files
from dutybound_server.evidence.actions.holds import HoldKind, place_legal_hold
from dutybound_server.evidence.actions.snapshots import erase_snapshots, seal_snapshot
from dutybound_server.evidence.models import Snapshot, SnapshotFile
from dutybound_server.intake.actions import erase_old_items
from dutybound_server.items.blobs import delete_blob, open_blob
from dutybound_server.items.models import Item
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)
PAST = NOW - timedelta(days=31)


@pytest.fixture(autouse=True)
def media_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def sealed(cast: Cast, item: Item, *, restricted: bool = False, days: int = 0) -> Snapshot:
    return seal_snapshot(
        service=cast.ridge, subject_kind="item", subject=item.external_id, item=item,
        concern="c1", why="Reported", restricted=restricted, now=PAST + timedelta(days=days),
    )  # fmt: skip


def pictured(cast: Cast) -> Item:
    item = make.item(cast.ridge, author=cast.bram, text="zonk", received_at=PAST)
    make.picture(item)
    return item


def test_the_original_is_not_deleted_before_its_copy_is_made(cast: Cast) -> None:
    item = pictured(cast)
    snapshot = sealed(cast, item)

    assert erase_old_items(now=NOW) == 0
    assert copy_files(now=NOW) == 1
    assert erase_old_items(now=NOW) == 1

    file = snapshot.files.get()
    with open_blob(file.blob) as copy:
        content = copy.read()
    assert (file.size, file.sha512) == (len(content), sha512(content).hexdigest())
    assert copy_files(now=NOW) == 0


def test_a_snapshot_outlives_what_it_was_taken_of(cast: Cast) -> None:
    item = pictured(cast)
    snapshot = sealed(cast, item)
    copy_files(now=NOW)
    erase_old_items(now=NOW)

    snapshot.refresh_from_db()
    content = json.loads(snapshot.content)
    assert content["item"]["text"] == "zonk"
    assert content["account"]["id"] == "bram"
    assert content["item"]["media"][0]["sha256"] == item.media.get().sha256
    assert snapshot.digest == sha512(snapshot.content.encode()).hexdigest()


def test_a_file_that_cannot_be_opened_is_said_to_be_missing(cast: Cast) -> None:
    item = pictured(cast)
    snapshot = sealed(cast, item)
    delete_blob(item.media.get().blob)

    assert copy_files(now=NOW) == 1

    assert "cannot be opened" in snapshot.files.get().problem
    assert Entry.objects.filter(kind="evidence.file_lost").count() == 1
    assert copy_files(now=NOW) == 0


def test_the_same_content_again_keeps_one_snapshot_for_longer(cast: Cast) -> None:
    item = pictured(cast)
    first = sealed(cast, item)

    again = sealed(cast, item, days=10)

    assert again.pk == first.pk
    assert again.keep_until == PAST + timedelta(days=10) + YEAR
    assert SnapshotFile.objects.count() == 1


def test_a_restricted_report_of_the_same_content_hides_the_snapshot_there_is(cast: Cast) -> None:
    item = pictured(cast)
    sealed(cast, item)

    assert sealed(cast, item, restricted=True).restricted
    assert sealed(cast, item, restricted=False).restricted


def test_content_and_files_go_a_year_later_and_the_digest_stays(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    snapshot = sealed(cast, pictured(cast))
    copy_files(now=NOW)
    blob = snapshot.files.get().blob

    assert erase(cast, snapshot, at=PAST + YEAR - timedelta(days=1)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(cast, snapshot, at=PAST + YEAR) == 1

    snapshot.refresh_from_db()
    assert (snapshot.content, len(snapshot.digest)) == ("{}", 128)
    with pytest.raises(FileNotFoundError):
        open_blob(blob)
    assert erase(cast, snapshot, at=PAST + YEAR) == 0


def test_a_snapshot_stays_while_its_author_is_held(cast: Cast) -> None:
    snapshot = sealed(cast, pictured(cast))
    place_legal_hold(
        service=cast.ridge, subject_kind="account", subject="bram", kind=HoldKind.STAFF,
        why="A letter.", reference="", by=cast.sena, until=None, now=NOW,
    )  # fmt: skip

    assert erase(cast, snapshot, at=PAST + 2 * YEAR) == 0


def erase(cast: Cast, snapshot: Snapshot, *, at: datetime) -> int:
    return erase_snapshots(service=cast.ridge, snapshots=[snapshot.pk], now=at)


def test_a_snapshot_stays_past_its_time_while_its_case_waits(cast: Cast) -> None:
    item = pictured(cast)
    snapshot = sealed(cast, item)
    later = PAST + 2 * YEAR
    case = make.case(cast.ridge, about=item)

    assert erase_old_snapshots(now=later) == 0
    make.decide(case, by=cast.mo, now=NOW)

    assert erase_old_snapshots(now=later) == 1
    snapshot.refresh_from_db()
    assert snapshot.erased_at == later
