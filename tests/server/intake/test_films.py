"""A film in an item is compared; one that harms its decoder, or cannot be read, is held."""

import io
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from dutybound.matching.apart import Decoders
from dutybound_server.intake import examine
from dutybound_server.intake.submissions import SubmittedMedia
from dutybound_server.items.models import Frame, Media
from tests import make
from tests.cast import Cast
from tests.library.matching.films import film, still
from tests.server.intake import pictures

pytestmark = pytest.mark.django_db
MISBEHAVING = Path(__file__).parents[2] / "library/matching/misbehaving.py"


@pytest.fixture(autouse=True)
def media_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def medium(content: bytes, content_type: str = "video/mp4") -> SubmittedMedia:
    return SubmittedMedia("m1", content_type, io.BytesIO(content))


def test_a_film_is_blocked_for_a_picture_that_it_shows_for_a_moment(cast: Cast) -> None:
    known = pictures.pdq_of(pictures.png(still(1)))
    make.bank(cast.ridge, hashes=[("pdq", known)])
    shown = [still(2)] * 12 + [still(1)] + [still(3)] * 12

    answer = make.taken(cast.ridge, media=(medium(film(shown, g="1").getvalue()),))

    assert answer.body["verdict"] == "block"
    assert Frame.objects.count() >= 3


def test_a_film_that_meets_nothing_is_allowed(cast: Cast) -> None:
    answer = make.taken(cast.ridge, media=(medium(film([still(2)] * 12).getvalue()),))

    assert answer.body["verdict"] == "allow"


def test_a_film_that_cannot_be_decoded_is_held(cast: Cast) -> None:
    beginning = film([still(2)] * 12).getvalue()[:500]

    answer = make.taken(cast.ridge, media=(medium(beginning),))

    assert answer.body["verdict"] == "hold"


def test_a_file_that_crashes_its_decoder_is_held_with_its_exact_hashes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoders = Decoders(program=(sys.executable, str(MISBEHAVING)))
    monkeypatch.setattr(examine, "decoders", lambda: decoders)

    answer = make.taken(cast.ridge, media=(medium(b"crash", content_type=""),))

    assert answer.body["verdict"] == "hold"
    assert len(Media.objects.get().sha256) == 64
    decoders.close()
