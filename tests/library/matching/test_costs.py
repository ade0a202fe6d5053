"""No picture costs more memory or time than the limits say, however large it claims to be.

How much memory one of 100 megapixels really takes is measured in journeys/test_costs.py.
"""

import io

import pytest

from dutybound.matching import Gap, Limits, hash_media
from tests.library.matching.photos import photo


@pytest.mark.parametrize(("options", "is_compared"), [({}, True), ({"progressive": True}, False)])
def test_a_jpeg_may_be_larger_only_when_it_can_be_made_smaller_while_decoding(
    options: dict[str, bool], *, is_compared: bool
) -> None:
    file = io.BytesIO()
    photo().resize((1500, 1500)).save(file, "JPEG", **options)

    media = hash_media(file, id="m1", limits=Limits(max_pixels=1_000_000))

    assert media.comparable == bool(media.frames) == is_compared


def test_colours_one_after_another_count_in_full() -> None:
    file = io.BytesIO()
    photo().resize((300, 300)).save(file, "JPEG")
    # A first scan of one colour instead of three: libjpeg would have to keep all of the picture.
    scan = file.getvalue().index(b"\xff\xda\x00\x0c\x03")
    whole = file.getvalue()
    one_by_one = whole[:scan] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + whole[scan + 14 :]

    media = hash_media(io.BytesIO(one_by_one), id="m1", limits=Limits(max_pixels=50_000))

    assert media.gap is Gap.TOO_MANY_PIXELS
    assert hash_media(file, id="m1", limits=Limits(max_pixels=50_000)).comparable


def test_a_file_is_read_by_pieces() -> None:
    class Recorder(io.BytesIO):
        largest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size >= 0
            self.largest = max(self.largest, size)
            return super().read(size)

    file = Recorder(b"\0" * 5_000_000)

    media = hash_media(file, id="m1")

    assert media.size == 5_000_000
    assert file.largest <= 1 << 20
