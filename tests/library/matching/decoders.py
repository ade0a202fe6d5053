"""Decoders for tests: those that misbehave, and none at all."""

import sys
from pathlib import Path
from typing import BinaryIO

from dutybound.matching import MediaHashes, hash_media
from dutybound.matching.apart import Allowance

MISBEHAVING = (sys.executable, str(Path(__file__).with_name("misbehaving.py")))
_CLEAN = '{"gap": "", "frames": [[0, 100, ["' + "0" * 64 + '"]]]}'
OBLIGING = (sys.executable, "-S", "-c", f"for _ in open(0): print({_CLEAN!r}, flush=True)")
"""It compares whatever it is asked to, at once and without a look."""
LITTLE = Allowance(memory_bytes=400 << 20, seconds=0.25)


class DecodedHere:
    """In place of Decoders, for tests of what is done with hashes: they start no process."""

    def hash_media(self, file: BinaryIO, *, id: str) -> MediaHashes:  # noqa: A002 - theirs
        return hash_media(file, id=id)
