"""Decoders for tests: those that misbehave, and none at all."""

import json
import sys
from pathlib import Path
from typing import BinaryIO

from dutybound.matching import MediaHashes, hash_media
from dutybound.matching.apart import Allowance

MISBEHAVING = (sys.executable, str(Path(__file__).with_name("misbehaving.py")))


def answering(program: str) -> tuple[str, ...]:
    """A decoder that is none of ours, and so starts at once."""
    return (sys.executable, "-S", "-c", program)


def an_answer(pdq: str) -> str:
    told = {"gap": "", "frames": [[0, 100, [pdq]]], "is_fast": False}
    return f"for _ in open(0): print({json.dumps(told)!r}, flush=True)"


OBLIGING = answering(an_answer("0" * 64))
"""It compares whatever it is asked to, without a look."""
HARMFUL = {
    "crash": answering("import os; input(); os.kill(os.getpid(), 11)"),
    "lie": answering(an_answer("zz")),
    "babble": answering("while True: print('x' * 65536, end='')"),
    "hang": MISBEHAVING,
    "eat": MISBEHAVING,
}
"""What decodes a file of that name, and does no better."""
LITTLE = Allowance(memory_bytes=400 << 20, seconds=0.25)


class DecodedHere:
    """In place of Decoders, for tests of what is done with hashes: they start no process."""

    def hash_media(self, file: BinaryIO, *, id: str) -> MediaHashes:  # noqa: A002 - theirs
        return hash_media(file, id=id)
