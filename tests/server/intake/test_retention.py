"""Content goes when the service said it would, unless somebody still needs it."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from dutybound_server.intake.actions import erase_old_items, take_item
from dutybound_server.intake.submissions import Author, Submission, SubmittedMedia
from dutybound_server.items.actions import end_hold, hold_item, sweep_blobs
from dutybound_server.items.blobs import store_blob
from dutybound_server.items.models import Item, Media
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast
from tests.server.intake import pictures

pytestmark = pytest.mark.django_db

PAST = NOW - timedelta(days=31)
PICTURE = pictures.jpeg(pictures.drawn())


@pytest.fixture(autouse=True)
def media_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def stored_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def old_item(cast: Cast, external_id: str = "old", text: str = "a view") -> Item:
    media = (SubmittedMedia("m1", "image/jpeg", io.BytesIO(PICTURE)),)
    submission = Submission(
        id=external_id, text=text, media=media, context={"board": "x"}, author=Author("bram")
    )
    return take_item(service=cast.ridge, submission=submission, now=PAST).item


def test_old_content_is_erased_and_its_hashes_stay(
    cast: Cast,
    media_folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    old_item(cast)
    make.taken(cast.ridge, "new", text="a newer view")

    with django_capture_on_commit_callbacks(execute=True):
        assert erase_old_items(now=NOW) == 1

    item = Item.objects.get(external_id="old")
    assert (item.text, item.links, item.context, item.erased_at) == ("", "[]", {}, NOW)
    media = Media.objects.get()
    assert (media.blob, media.deleted_at) == ("", NOW)
    assert media.sha256
    assert media.frames.count() == 1
    assert stored_files(media_folder) == []
    assert Item.objects.get(external_id="new").text == "a newer view"
    assert Entry.objects.filter(kind="items.erased").count() == 1
    assert erase_old_items(now=NOW) == 0


def test_content_of_an_open_case_is_held(cast: Cast) -> None:
    make.bank(cast.ridge, phrases=["zonk"])
    old_item(cast, text="zonk")

    assert erase_old_items(now=NOW) == 0


def test_content_is_held_while_its_author_may_appeal(cast: Cast) -> None:
    make.case(cast.ridge, about=old_item(cast))
    case = Item.objects.get().cases.get()
    make.decide(case, by=cast.mo, now=NOW)

    assert erase_old_items(now=NOW + timedelta(days=179)) == 0
    assert erase_old_items(now=NOW + timedelta(days=181)) == 1


def test_content_is_kept_while_a_person_holds_it_in_every_revision(cast: Cast) -> None:
    item = old_item(cast)
    until = NOW + timedelta(days=1)
    hold_item(item=item, until=until, why="The police asked.", by=cast.mo, now=PAST)
    make.taken(cast.ridge, "old", text="an edited view", revision=2, now=PAST)

    assert erase_old_items(now=NOW) == 0
    assert erase_old_items(now=until) == 2


def test_content_goes_on_schedule_once_its_hold_is_ended(cast: Cast) -> None:
    item = old_item(cast)
    hold_item(item=item, until=NOW + timedelta(days=9), why="For now.", by=cast.mo, now=PAST)

    assert end_hold(item=item, why="They have it.", by=cast.mo, now=NOW) is True

    assert erase_old_items(now=NOW) == 1
    assert end_hold(item=item, why="They have it.", by=cast.mo, now=NOW) is False


def test_files_without_a_row_are_swept_after_an_hour(cast: Cast, media_folder: Path) -> None:
    kept = old_item(cast).media.get().blob
    orphan = store_blob(io.BytesIO(b"cut off before its row"))
    half = media_folder / "abc" / "half.part"
    half.parent.mkdir()
    half.write_bytes(b"x")
    for path in stored_files(media_folder):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))

    assert sweep_blobs(now=NOW + timedelta(minutes=59)) == 0
    assert (media_folder / orphan).exists()
    assert sweep_blobs(now=NOW + timedelta(minutes=61)) == 2
    assert stored_files(media_folder) == [media_folder / kept]
