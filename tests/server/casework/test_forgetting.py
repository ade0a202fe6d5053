"""What people told us is forgotten once nobody can need it, and never while somebody may."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions import forgetting
from dutybound_server.casework.actions.answers import answer_concern
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.forgetting import (
    erase_old_concerns,
    expire_drafts,
    forget_networks,
)
from dutybound_server.casework.hearing import AddedFile
from dutybound_server.casework.models import Case, Concern, Draft, DraftFile
from dutybound_server.evidence.models import LegalHold
from dutybound_server.items.blobs import store_blob
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

DAY = timedelta(days=1)
LATE = NOW + timedelta(days=180 + 30)
"""The time to appeal, and Ridge Forum's thirty days."""


def answered(cast: Cast, **changes: Any) -> Concern:  # noqa: ANN401 - any field
    file = AddedFile("shot.png", "image/png", io.BytesIO(b"a screenshot"))
    concern = make.concern(
        cast.ridge, kind=Kind.DUTIES, email="kim@example.com", files=(file,), **changes
    )
    return answer_concern(
        concern_id=concern.pk, by=cast.grace, outcome="upheld", reasons="x", words="x", now=NOW
    )


def words_of(concern: Concern) -> tuple[str, str, int]:
    concern.refresh_from_db()
    return concern.words, concern.email, concern.attachments.exclude(blob="").count()


def test_words_address_and_files_go_after_the_time_to_appeal_and_the_retention(cast: Cast) -> None:
    concern = answered(cast)
    before = words_of(concern)
    assert erase_old_concerns(now=LATE - timedelta(seconds=1)) == 0
    assert words_of(concern) == before

    assert erase_old_concerns(now=LATE) == 1

    assert words_of(concern) == ("", "", 0)
    assert erase_old_concerns(now=LATE) == 0
    assert Entry.objects.filter(kind="concern.erased").count() == 1
    assert concern.letters.filter(kind="outcome").exists()


def test_a_flood_is_forgotten_as_soon_as_anything_else(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for n in range(5):
        answered(cast)
        Draft.objects.create(token_digest=f"{n}", service=cast.ridge, touched_at=NOW)

    assert erase_old_concerns(now=LATE) == 5
    assert expire_drafts(now=LATE) == 5


@pytest.mark.parametrize("held", ["teller", "complaint", "open"])
def test_nothing_goes_while_it_is_held_complained_about_or_open(cast: Cast, held: str) -> None:
    concern = make.concern(cast.ridge) if held == "open" else answered(cast, account=cast.bram)
    if held == "complaint":
        make.complaint(cast.ridge, about=concern)
    if held == "teller":
        hold(cast)
    before = words_of(concern)

    assert erase_old_concerns(now=LATE + 900 * DAY) == 0

    assert words_of(concern) == before
    assert before[0]


def test_a_hold_on_what_it_is_about_keeps_it_and_once_ended_no_more(cast: Cast) -> None:
    item = make.item(cast.ridge, author=cast.bram, text="zonk")
    concern = make.concern(cast.ridge, about=[item])
    case = concern.subjects.get().case
    assert case is not None
    make.decide(case, by=cast.mo)
    held = hold(cast)

    assert erase_old_concerns(now=LATE) == 0

    held.ended_at = LATE
    held.save()
    assert erase_old_concerns(now=LATE) == 1


def test_a_case_that_waits_again_or_was_decided_anew_keeps_what_people_told(cast: Cast) -> None:
    concern = make.concern(cast.ridge, about=[make.item(cast.ridge, author=cast.bram)])
    case = Case.objects.get()
    decision = make.decide(case, by=cast.mo)
    asked = NOW + 179 * DAY
    lodge_appeal(token=decision.notices.get().token, grounds="A joke.", now=asked)
    before = words_of(concern)

    assert erase_old_concerns(now=LATE) == 0
    make.decide(case, by=cast.nell, now=LATE)
    assert erase_old_concerns(now=LATE + DAY) == 0

    assert words_of(concern) == before
    assert erase_old_concerns(now=LATE + 180 * DAY) == 1


def hold(cast: Cast, *, until: datetime | None = None) -> LegalHold:
    return LegalHold.objects.create(
        service=cast.ridge, subject_kind="account", subject="bram", account=cast.bram,
        kind="staff", why="Police asked.", placed_at=NOW, until=until,
    )  # fmt: skip


def test_the_network_is_forgotten_after_a_day(cast: Cast) -> None:
    concern = make.concern(cast.ridge, network="192.0.2.7")
    assert concern.network_digest

    assert forget_networks(now=NOW + DAY - timedelta(seconds=1)) == 0
    assert forget_networks(now=NOW + DAY) == 1

    concern.refresh_from_db()
    assert concern.network_digest == ""


@pytest.mark.django_db(transaction=True)
def test_a_form_nobody_touches_is_forgotten_with_its_files(cast: Cast) -> None:
    drafts = [
        Draft.objects.create(token_digest=f"{n}", service=cast.ridge, touched_at=NOW + n * DAY)
        for n in range(2)
    ]
    blob = store_blob(io.BytesIO(b"a screenshot"))
    DraftFile.objects.create(
        draft=drafts[0], name="shot.png", content_type="image/png", size=12, sha256="", blob=blob
    )

    assert expire_drafts(now=NOW + timedelta(hours=2)) == 1

    assert list(Draft.objects.all()) == drafts[1:]
    assert not Path(storages["media"].path(blob)).exists()
