"""No picture costs more memory or time than the limits say, however large it claims to be."""

import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from dutybound.matching import Gap, Limits, hash_media
from tests.library.matching.photos import photo

HASH_AND_TELL_MEGABYTES = """
import resource, sys
from dutybound.matching import hash_media
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
for path in sys.argv[1:]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open(path, "rb") as file:
        media = hash_media(file, id="m1")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(used // 1024, len(media.frames), media.gap)
"""


def megabytes_frames_and_gap(*paths: Path) -> list[tuple[int, int, str]]:
    """What each file in turn adds to the most memory that one process has ever had."""
    ran = subprocess.run(
        [sys.executable, "-c", HASH_AND_TELL_MEGABYTES, *map(str, paths)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    told = [line.split(" ", 2) for line in ran.stdout.splitlines()]
    return [(int(used), int(frames), gap) for used, frames, gap in told]


def chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def png_of_nothing(*, width: int, height: int) -> bytes:
    """A PNG of one bit a pixel that is some kilobytes long and unpacks to all it claims."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj()
    row = bytes(1 + (width + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def test_of_100_megapixels_a_bomb_is_not_unpacked_and_a_photograph_takes_little_memory(
    tmp_path: Path,
) -> None:
    bomb, large = tmp_path / "bomb.png", tmp_path / "large.jpg"
    bomb.write_bytes(png_of_nothing(width=10_000, height=10_000))
    photo().convert("L").resize((10_000, 10_000), Image.Resampling.NEAREST).save(large)

    told = megabytes_frames_and_gap(bomb, large)

    (used, *refused), (used_for_large, *compared) = told
    assert refused == [0, Gap.TOO_MANY_PIXELS]
    assert used < 20
    assert compared == [1, Gap.NONE]
    assert used_for_large < 150


@pytest.mark.parametrize(("options", "is_compared"), [({}, True), ({"progressive": True}, False)])
def test_a_jpeg_may_be_larger_only_when_it_can_be_made_smaller_while_decoding(
    options: dict[str, bool], *, is_compared: bool
) -> None:
    file = io.BytesIO()
    photo().resize((3000, 3000)).save(file, "JPEG", **options)

    media = hash_media(file, id="m1", limits=Limits(max_pixels=4_000_000))

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
