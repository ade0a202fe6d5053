"""What a file costs a process of its own: no more memory than the limits say."""

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

from PIL import Image

from dutybound.matching import Gap
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
