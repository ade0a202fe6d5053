"""Pictures of a case: hidden until somebody chooses to look, and every look is in the log."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from dutybound_server.casework.models import Case, Reveal
from dutybound_server.intake.submissions import SubmittedMedia
from dutybound_server.items.blobs import delete_blob
from dutybound_server.items.models import Media
from tests import make
from tests.cast import Cast
from tests.server.console.conftest import SignIn
from tests.server.intake import pictures


def a_case_with_a_picture(cast: Cast, *, harm: str = "iia") -> tuple[Case, Media]:
    item = make.item(cast.ridge, author=cast.bram)
    medium = make.picture(item)
    return make.case(cast.ridge, about=item, harm=harm), medium


def address(case: Case, medium: Media, what: str) -> str:
    return f"/console/ridge/cases/{case.reference}/media/{medium.pk}/{what}/"


def size_of(client: Client, path: str) -> tuple[int, int]:
    return Image.open(BytesIO(client.get(path).content)).size


def test_what_is_not_revealed_is_a_few_blurred_pixels(cast: Cast, sign_in: SignIn) -> None:
    case, medium = a_case_with_a_picture(cast)
    browser = sign_in(cast.mo)

    page = browser.get(f"/console/ridge/cases/{case.reference}/").content.decode()

    assert address(case, medium, "hidden") in page
    assert address(case, medium, "grey") not in page
    assert size_of(browser, address(case, medium, "hidden")) == (24, 12)


def test_the_picture_itself_is_refused_until_the_look_is_logged(
    cast: Cast, sign_in: SignIn
) -> None:
    case, medium = a_case_with_a_picture(cast)
    browser = sign_in(cast.mo)
    before = browser.get(address(case, medium, "grey")).status_code

    answer = browser.post(address(case, medium, "reveal"), follow=True)

    assert before == 404
    assert address(case, medium, "grey") in answer.content.decode()
    assert size_of(browser, address(case, medium, "grey")) == (400, 200)
    assert Reveal.objects.get().by == cast.mo
    assert case.events.filter(kind="revealed", by=cast.mo).exists()


def test_one_persons_look_opens_nothing_for_another(cast: Cast, sign_in: SignIn) -> None:
    case, medium = a_case_with_a_picture(cast)
    sign_in(cast.mo).post(address(case, medium, "reveal"))

    assert sign_in(cast.nell).get(address(case, medium, "grey")).status_code == 404


def test_a_look_lasts_two_minutes(cast: Cast, sign_in: SignIn) -> None:
    case, medium = a_case_with_a_picture(cast)
    Reveal.objects.create(
        case=case, media=medium, by=cast.mo, at=timezone.now() - timedelta(minutes=3)
    )

    assert sign_in(cast.mo).get(address(case, medium, "grey")).status_code == 404


def test_colour_is_a_second_press_and_is_logged_too(cast: Cast, sign_in: SignIn) -> None:
    case, medium = a_case_with_a_picture(cast)
    browser = sign_in(cast.mo)
    browser.post(address(case, medium, "reveal"))

    piece = browser.post(
        address(case, medium, "reveal"), {"look": "colour"}, headers={"HX-Request": "true"}
    ).content.decode()

    assert address(case, medium, "colour") in piece
    assert "You have looked at 2 pictures today." in piece
    picture = Image.open(BytesIO(browser.get(address(case, medium, "colour")).content))
    assert picture.mode == "RGB"


def test_after_twenty_pictures_the_page_suggests_a_break(cast: Cast, sign_in: SignIn) -> None:
    case, medium = a_case_with_a_picture(cast)
    Reveal.objects.bulk_create(
        Reveal(case=case, media=medium, by=cast.mo, at=timezone.now()) for _ in range(20)
    )

    page = sign_in(cast.mo).get(f"/console/ridge/cases/{case.reference}/").content.decode()

    assert "A few minutes away from the screen help" in page


def test_a_restricted_picture_leaves_only_through_the_role(cast: Cast, sign_in: SignIn) -> None:
    case, medium = a_case_with_a_picture(cast, harm="csea_image_csam")

    for what in ("hidden", "grey", "colour"):
        assert sign_in(cast.sena).get(address(case, medium, what)).status_code == 404
    assert sign_in(cast.sena).post(address(case, medium, "reveal")).status_code == 404
    assert sign_in(cast.ren).get(address(case, medium, "hidden")).status_code == 200


def test_a_picture_cannot_be_fetched_through_another_case(cast: Cast, sign_in: SignIn) -> None:
    _, medium = a_case_with_a_picture(cast, harm="csea_image_csam")
    other = make.case(cast.ridge)

    assert sign_in(cast.mo).get(address(other, medium, "hidden")).status_code == 404


def test_a_picture_stays_on_the_one_screen_it_was_asked_for(cast: Cast, sign_in: SignIn) -> None:
    case, medium = a_case_with_a_picture(cast)

    headers = sign_in(cast.mo).get(address(case, medium, "hidden")).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Content-Disposition"] == f'inline; filename="medium-{medium.pk}.jpg"'


def test_a_file_that_is_gone_is_no_error(cast: Cast, sign_in: SignIn) -> None:
    case, medium = a_case_with_a_picture(cast)
    delete_blob(medium.blob)

    assert sign_in(cast.mo).get(address(case, medium, "hidden")).status_code == 404


def test_a_medium_of_hashes_only_says_so(cast: Cast, sign_in: SignIn) -> None:
    item = make.item(cast.ridge)
    make.media(item)
    case = make.case(cast.ridge, about=item)

    page = sign_in(cast.mo).get(f"/console/ridge/cases/{case.reference}/").content.decode()

    assert "Only hashes were sent" in page


def a_bomb() -> bytes:
    return pictures.png(Image.new("1", (10_000, 10_000)))


@pytest.mark.parametrize(
    ("content", "content_type", "reason"),
    [
        (a_bomb(), "image/png", "It has too many pixels to be compared"),
        (b"\xff\xd8\xff and no picture behind it", "image/jpeg", "It could not be decoded"),
        (b"%PDF- a leaflet", "application/pdf", "It is not a picture"),
    ],
    ids=["bomb", "broken", "leaflet"],
)
def test_what_cannot_be_shown_is_said_in_words_and_is_no_broken_picture(
    cast: Cast, sign_in: SignIn, content: bytes, content_type: str, reason: str
) -> None:
    make.bank(cast.ridge, phrases=["zonk"])
    file = SubmittedMedia(id="m1", content_type=content_type, file=BytesIO(content))
    answer = make.taken(cast.ridge, text="zonk", media=(file,))
    case = Case.objects.get(reference=answer.body["case"])

    page = sign_in(cast.mo).get(f"/console/ridge/cases/{case.reference}/").content.decode()

    assert f"This cannot be shown. Medium m1: {reason}" in page
    assert "/media/" not in page
    assert "data-look" not in page


def test_a_picture_that_ends_early_is_shown_as_far_as_it_goes(cast: Cast, sign_in: SignIn) -> None:
    whole = pictures.jpeg(pictures.drawn())
    half = BytesIO(whole[: len(whole) // 2])
    file = SubmittedMedia(id="m1", content_type="image/jpeg", file=half)
    answer = make.taken(cast.ridge, media=(file,))
    case = Case.objects.get(reference=answer.body["case"])

    assert size_of(sign_in(cast.mo), address(case, Media.objects.get(), "hidden")) == (24, 24)
