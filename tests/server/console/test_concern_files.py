"""Files that people add to what they tell us: staff see pictures drawn anew, or download them."""

from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from dutybound_server.casework.actions.concerns import add_to_concern
from dutybound_server.casework.hearing import AddedFile
from dutybound_server.casework.models import Concern
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import Cast
from tests.server.console.conftest import SignIn

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'


def with_file(cast: Cast, name: str, content: bytes, *, harm: str = "fraud") -> tuple[Concern, str]:
    """A report with one file, and the address of that file."""
    one = make.concern(cast.ridge, harm=harm, now=timezone.now())
    files = [AddedFile(name, "image/png", BytesIO(content))]
    add_to_concern(concern_id=one.pk, words="", files=files, now=timezone.now())
    return one, f"/console/ridge/reports/{one.reference}/files/{one.attachments.get().pk}/"


def screenshot() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return file.getvalue()


def test_a_picture_is_seen_only_after_asking_and_who_asked_is_kept(
    cast: Cast, sign_in: SignIn
) -> None:
    one, file = with_file(cast, "screen.png", screenshot())
    mo, nell = sign_in(cast.mo), sign_in(cast.nell)
    assert mo.get(f"{file}grey/").status_code == 404

    page = mo.post(f"{file}look/", follow=True).content.decode()

    assert f'src="{file}grey/"' in page
    seen = mo.get(f"{file}grey/")
    assert seen["Content-Type"] == "image/jpeg"
    assert seen["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert nell.get(f"{file}grey/").status_code == 404
    assert mo.get(f"{file}hidden/").status_code == 404
    entry = Entry.objects.get(kind="concern.file_opened")
    assert entry.actor == f"staff:{cast.mo.pk}"
    assert one.events.filter(kind="file_opened", by=cast.mo).count() == 1


@pytest.mark.parametrize("content", [SVG, b"PK\x03\x04 a zip", b"%PDF-1.4", b""])
def test_what_is_no_picture_is_never_drawn_but_can_be_downloaded_as_bytes(
    cast: Cast, sign_in: SignIn, content: bytes
) -> None:
    _, file = with_file(cast, "picture.png", content)
    mo = sign_in(cast.mo)

    page = mo.post(f"{file}look/", follow=True).content.decode()
    assert "It cannot be shown here" in page
    assert "<img" not in page.partition("What they added")[2]
    assert mo.get(f"{file}grey/").status_code == 404

    answer = mo.post(f"{file}download/")
    assert answer.getvalue() == content
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "picture.png" not in answer["Content-Disposition"]


def test_files_of_a_restricted_report_or_another_service_are_not_there(
    cast: Cast, sign_in: SignIn
) -> None:
    _, file = with_file(cast, "screen.png", screenshot(), harm="csea_image_csam")

    for who in (cast.mo, cast.vic):
        assert sign_in(who).post(f"{file}look/").status_code in {403, 404}
        assert sign_in(who).post(f"{file}download/").status_code in {403, 404}
    assert sign_in(cast.ren).post(f"{file}look/").status_code == 302


def test_a_look_that_is_none_shows_the_page_without_a_picture(cast: Cast, sign_in: SignIn) -> None:
    one, _ = with_file(cast, "screen.png", screenshot())
    file = one.attachments.get().pk

    here = f"/console/ridge/reports/{one.reference}/"
    page = sign_in(cast.mo).get(f"{here}?file={file}&look=%3Cb%3E")

    assert page.status_code == 200
    assert "Look<span" in page.content.decode()
