"""An item comes in once, gets one answer, and leaves everything behind that follows from it."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from dutybound_server.banks.actions import change_bank
from dutybound_server.banks.models import Signal
from dutybound_server.casework.models import Case, Match
from dutybound_server.intake.policy import PRIVATE_REASON
from dutybound_server.intake.submissions import (
    Author,
    BadSubmission,
    DifferentContent,
    GivenHashes,
    GivenPdq,
    SubmittedMedia,
)
from dutybound_server.items.blobs import open_blob
from dutybound_server.items.models import Frame, Item, Media
from dutybound_server.journal.models import Entry
from dutybound_server.people.actions import change_service
from dutybound_server.people.models import Account
from tests import make
from tests.cast import NOW, Cast
from tests.server.intake import pictures

pytestmark = pytest.mark.django_db

KNOWN = pictures.jpeg(pictures.drawn())
PDQ = pictures.pdq_of(KNOWN)


@pytest.fixture(autouse=True)
def media_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def picture(content: bytes, content_type: str = "image/jpeg") -> SubmittedMedia:
    return SubmittedMedia("m1", content_type, io.BytesIO(content))


# What the answer says


def test_an_item_that_meets_nothing_is_allowed(cast: Cast) -> None:
    make.bank(cast.ridge, phrases=["zonk"])

    answer = make.taken(cast.ridge, text="a walk along the ridge")

    assert answer.body == {
        "item": "post-1",
        "revision": 1,
        "verdict": "allow",
        "case": None,
        "matches": [],
        "reasons": [],
        "policy": {"banks": "2", "rules": "1"},
    }
    assert Case.objects.count() == 0


def test_a_known_phrase_blocks_and_opens_a_case(cast: Cast) -> None:
    make.bank(cast.ridge, phrases=["zonk"])

    answer = make.taken(cast.ridge, text="you ZONK", author=Author("bram", "bram@example.com"))

    case = Case.objects.get()
    assert answer.body["verdict"] == "block"
    assert answer.body["case"] == case.reference
    assert case.account == cast.bram
    [match] = answer.body["matches"]
    assert match == {
        "media": None, "bank": "known", "signal": "zonk", "kind": "phrase", "distance": 0,
        "threshold": 0, "variant": "", "harm": "harassment", "source": "tests", "record": "",
        "tags": [], "effect": "block", "dry_run": False,
    }  # fmt: skip
    assert "has a phrase of bank known" in answer.body["reasons"][0]


@pytest.mark.parametrize(
    ("content", "variant"),
    [
        (KNOWN, "original"),
        (pictures.jpeg(pictures.drawn(), quality=40), "original"),
        (pictures.jpeg(pictures.mirrored(pictures.drawn())), "mirrored"),
    ],
)
def test_a_known_picture_blocks_however_it_was_edited(
    cast: Cast, content: bytes, variant: str
) -> None:
    make.bank(cast.ridge, hashes=[("pdq", PDQ)], harm="iia")

    answer = make.taken(cast.ridge, media=(picture(content),))

    assert answer.body["verdict"] == "block"
    [match] = answer.body["matches"]
    assert (match["media"], match["variant"], match["harm"]) == ("m1", variant, "iia")


def test_an_unrelated_picture_is_allowed(cast: Cast) -> None:
    make.bank(cast.ridge, hashes=[("pdq", PDQ)])

    answer = make.taken(cast.ridge, media=(picture(pictures.jpeg(pictures.drawn(2))),))

    assert answer.body["verdict"] == "allow"


def test_hashes_in_place_of_a_file_are_compared_alike(cast: Cast) -> None:
    make.bank(cast.ridge, hashes=[("pdq", PDQ), ("md5", "ab" * 16)])
    given = GivenHashes(md5="ab" * 16, pdq=(GivenPdq(bytes.fromhex(PDQ), 100),))

    answer = make.taken(cast.ridge, media=(SubmittedMedia("m1", hashes=given),))

    assert {match["kind"] for match in answer.body["matches"]} == {"pdq", "md5"}
    assert Media.objects.get().blob == ""


def test_a_bank_of_another_service_plays_no_part(cast: Cast) -> None:
    make.bank(cast.harbour, phrases=["zonk"])

    assert make.taken(cast.ridge, text="zonk").body["verdict"] == "allow"


def test_known_good_content_is_set_aside_with_a_reason(cast: Cast) -> None:
    make.bank(cast.ridge, "known", hashes=[("pdq", PDQ)])
    make.bank(cast.ridge, "logos", hashes=[("pdq", PDQ)], effect="never")

    answer = make.taken(cast.ridge, media=(picture(KNOWN),))

    assert answer.body["verdict"] == "allow"
    assert answer.body["matches"] == []
    assert "set aside" in answer.body["reasons"][0]
    assert Match.objects.get().set_aside


# What is kept


def test_the_item_and_its_picture_are_kept_encrypted(cast: Cast, media_folder: Path) -> None:
    make.taken(
        cast.ridge,
        text="a view",
        links=("https://ridge.example/",),
        media=(picture(KNOWN),),
        context={"board": "walks"},
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
        reach=40,
    )

    item = Item.objects.get()
    assert (item.text, json.loads(item.links)) == ("a view", ["https://ridge.example/"])
    assert (item.context, item.reach) == ({"board": "walks"}, 40)
    media = Media.objects.get()
    with open_blob(media.blob) as file:
        assert file.read() == KNOWN
    assert (media.size, media.content_type) == (len(KNOWN), "image/jpeg")
    assert len(Frame.objects.get().hashes) == 8 * 32
    assert KNOWN[:200] not in (media_folder / media.blob).read_bytes()


def test_a_private_item_is_not_screened_and_nothing_of_it_is_kept(
    cast: Cast, media_folder: Path
) -> None:
    make.bank(cast.ridge, phrases=["zonk"])

    answer = make.taken(
        cast.ridge,
        visibility="private",
        text="zonk",
        media=(picture(KNOWN),),
        context={"to": "cleo"},
        author=Author("dora"),
    )

    assert answer.body["verdict"] == "allow"
    assert answer.body["reasons"] == [PRIVATE_REASON]
    item = Item.objects.get()
    assert (item.text, item.links, item.context, item.account) == ("", "[]", {}, None)
    assert item.erased_at is not None
    assert Media.objects.count() == 0
    assert list(media_folder.rglob("*")) == []
    assert not Account.objects.filter(external_id="dora").exists()


def test_a_private_item_is_screened_where_the_service_says_why(cast: Cast) -> None:
    make.bank(cast.ridge, phrases=["zonk"])
    change_service(
        service=cast.ridge,
        changes={"screens_private": True, "screens_private_reason": "A court ordered it."},
        by="system",
        now=NOW,
    )
    cast.ridge.refresh_from_db()

    answer = make.taken(cast.ridge, visibility="private", text="zonk")

    assert answer.body["verdict"] == "block"


# The same delivery twice


def test_the_same_delivery_gets_the_same_answer_and_nothing_twice(
    cast: Cast, media_folder: Path
) -> None:
    bank = make.bank(cast.ridge, phrases=["zonk"])
    first = make.taken(cast.ridge, text="zonk", media=(picture(KNOWN),))
    change_bank(bank=bank, changes={"enabled": False}, why="x", by="system", now=NOW)

    again = make.taken(cast.ridge, text="zonk", media=(picture(KNOWN),))

    assert (first.is_new, again.is_new) == (True, False)
    assert again.body == first.body
    counts = [model.objects.count() for model in (Item, Media, Case, Match)]
    assert counts == [1, 1, 1, 1]
    assert len([path for path in media_folder.rglob("*") if path.is_file()]) == 1


def test_the_same_revision_with_other_content_is_refused(cast: Cast) -> None:
    make.taken(cast.ridge, text="one")

    with pytest.raises(DifferentContent, match="post-1 revision 1 was received"):
        make.taken(cast.ridge, text="two")

    assert make.taken(cast.ridge, text="two", revision=2).is_new
    assert make.taken(cast.harbour, text="two").is_new


# Where a check has no answer


def test_a_damaged_picture_is_held_for_a_person(cast: Cast) -> None:
    answer = make.taken(cast.ridge, media=(picture(KNOWN[: len(KNOWN) // 2]),))

    assert answer.body["verdict"] == "hold"
    assert "ends early or is damaged" in answer.body["reasons"][0]
    assert answer.body["case"] == Case.objects.get().reference
    assert "damaged" in Media.objects.get().note


def test_a_picture_with_too_little_detail_is_an_answer(cast: Cast) -> None:
    plain = pictures.png(Image.new("RGB", (64, 64), "teal"))

    answer = make.taken(cast.ridge, media=(picture(plain, "image/png"),))

    assert answer.body["verdict"] == "allow"
    assert answer.body["reasons"] == ["Medium m1: It is too plain to compare by likeness."]


def test_media_that_cannot_be_fetched_are_held(cast: Cast) -> None:
    media = SubmittedMedia("m1", url="https://elsewhere.example/cat.jpg")

    answer = make.taken(cast.ridge, media=(media,))

    assert answer.body["verdict"] == "hold"
    assert "not one of the media hosts" in answer.body["reasons"][0]
    assert make.taken(cast.ridge, media=(media,)).body == answer.body


def test_a_bank_that_cannot_be_loaded_holds_everything(cast: Cast) -> None:
    make.bank(cast.ridge, hashes=[("pdq", PDQ)])
    Signal.objects.update(value="not hex")

    answer = make.taken(cast.ridge, text="fine")

    assert answer.body["verdict"] == "hold"
    assert answer.body["policy"]["banks"] == "unknown"
    assert Case.objects.count() == 1


# What is refused


@pytest.mark.parametrize(
    ("content", "content_type", "field"),
    [
        (pictures.png(pictures.drawn()), "image/jpeg", "media[0].content_type"),
        (b"hello there", "image/png", "media[0].content_type"),
        (b"", "image/jpeg", "media[0].data"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_leaves_nothing(
    cast: Cast, media_folder: Path, content: bytes, content_type: str, field: str
) -> None:
    with pytest.raises(BadSubmission) as refusal:
        make.taken(cast.ridge, media=(picture(content, content_type),))

    assert refusal.value.field == field
    assert Item.objects.count() == 0
    assert list(media_folder.rglob("*")) == []


# The flood guard


def test_a_signal_that_meets_too_many_items_is_set_to_flag_only(cast: Cast) -> None:
    make.bank(cast.ridge, phrases=["the"], flood_share=0.5)
    for number in range(18):
        make.taken(cast.ridge, f"fine-{number}", text="fine")

    verdicts = [
        make.taken(cast.ridge, f"post-{number}", text="the ridge").body["verdict"]
        for number in range(22)
    ]

    # The 20th is the first that is at least 20 and more than half of all.
    assert verdicts == ["block"] * 19 + ["allow"] * 3
    assert Signal.objects.get().quarantined_at == NOW
    assert Case.objects.count() == 19
    assert Match.objects.count() == 22
    assert list(Entry.objects.filter(kind="signal.quarantined").values_list("actor")) == [
        ("system",)
    ]


def test_one_account_cannot_switch_a_signal_off_by_posting_it_again(cast: Cast) -> None:
    make.bank(cast.ridge, phrases=["the"], flood_share=0.5)

    verdicts = {
        make.taken(cast.ridge, f"post-{number}", author=Author("bram"), text="the ridge").body[
            "verdict"
        ]
        for number in range(30)
    }

    assert verdicts == {"block"}
    assert Signal.objects.get().quarantined_at is None


# What goes wrong on the way


def test_a_failure_after_the_file_is_written_leaves_no_row(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, media_folder: Path
) -> None:
    class PowerCut(Exception):
        pass

    def cut(*_: object, **__: object) -> None:
        raise PowerCut

    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", cut)
    with pytest.raises(PowerCut):
        make.taken(cast.ridge, media=(picture(KNOWN),))

    assert Item.objects.count() == 0
    assert len([path for path in media_folder.rglob("*") if path.is_file()]) == 1
