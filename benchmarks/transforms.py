"""How far a picture may be edited and still be found, and how often others are: for HMA and us.

Run: python -m benchmarks.transforms. It needs the peers (`make peers`), about a minute and a half,
and no chance: each run does the same edits to the same photographs. `--sheet PATH` draws the edits.
"""

import argparse
import io
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageOps
from threatexchange.signal_type.pdq.signal import PdqSignal

from benchmarks.edits import Edit, edits
from benchmarks.photographs import BRIDGE, at_most, photographs, tiles
from dutybound.matching import (
    LEAST_QUALITY,
    Bank,
    Content,
    Effect,
    Matcher,
    MediaHashes,
    Signal,
    SignalKind,
    hash_media,
)
from tests.library.matching.photos import VECTORS

SEED = 20261125
SIDE = 512
THRESHOLD = 31
THRESHOLDS = (THRESHOLD, 48, 64, 72, 80, 88, 96)
TILE_SIDES = (64, 96, 128, 192, 256)
TEXTURES = {"brick", "grass", "gravel", "ihc"}
ON_SHEET = (
    "JPEG, quality 10", "to 100 pixels", "stretched, 150:100", "left to right", "90°",
    "light and dark swapped", "20 levels", "by 8 px", "a line at the foot", "large, head and foot",
    "faint, all over", "one, 20 % wide", "2 %, white", "10 %, black",
    "black, above and below, 15 % each", "a phone, black around", "a post in an app",
    "2 % of its width and height", "15 % of its width and height", "3°, corners black",
    "15°, corners black", "mirrored, then seen on a phone", "side by side",
    "in a corner of another",
)  # fmt: skip

Bits = NDArray[np.float32]
"""Hashes as rows of 256 numbers, each 1 or -1."""


def main() -> None:
    """Print both tables."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.transforms", description=__doc__)
    asked.add_argument("--pictures", type=int, default=22)
    asked.add_argument("--tiles", type=int, default=500, help="at most so many of a photograph")
    asked.add_argument("--threshold", type=int, default=THRESHOLD)
    asked.add_argument("--sheet", type=Path, help="draw the edits there, as PNG, and nothing else")
    options = asked.parse_args()
    if options.sheet:
        draw_sheet(options.sheet)
        return
    print_recall(dict(islice(pictures(), options.pictures)), threshold=options.threshold)
    print_false_matches(most=options.tiles)


# What is found


def pictures() -> Iterator[tuple[str, Image.Image]]:
    """Photographs whole, then halves of them: different pictures of different things."""
    whole = {name: each for name, each in photographs().items() if name not in TEXTURES}
    if not BRIDGE.exists():
        print(f"(without the bridge, since {VECTORS} is not here)")
    for part, shares in {"": (0, 1), " left": (0, 0.5), " right": (0.5, 1)}.items():
        for name, each in whole.items():
            left, right = (round(each.width * share) for share in shares)
            yield name + part, at_most(SIDE, each.crop((left, 0, right, each.height)))


@dataclass(frozen=True, slots=True)
class Known:
    """The same pictures, known to both at one threshold."""

    hma: dict[str, str]
    ours: Matcher
    threshold: int

    def is_found_by_hma(self, name: str, file: bytes) -> bool:
        """Whether one PDQ of the file is near the one of the picture."""
        pdq = PdqSignal.hash_from_bytes(file)
        return bool(pdq) and PdqSignal.compare_hash(pdq, self.hma[name], self.threshold).match

    def is_found_by_us(self, name: str, file: bytes) -> bool:
        """Whether the file matches the picture, by a bank with default settings otherwise."""
        matches = self.ours.match(Content(media=(hashed(file),)))
        return any(match.source_record == name for match in matches)


def known(named: dict[str, Image.Image], *, threshold: int = THRESHOLD) -> Known:
    """Banks of these pictures."""
    files = {name: as_file(picture) for name, picture in named.items()}
    ours, signals = Matcher(), []
    for number, (name, file) in enumerate(files.items()):
        frame = hashed(file).frames[0]
        assert frame.quality >= LEAST_QUALITY
        signals.append(Signal(number, SignalKind.PDQ, frame.hashes[0].hex(), name))
    bank = Bank("known", "photographs", "iia", Effect.BLOCK, threshold=threshold)
    ours.put_bank(0, bank)
    ours.add(0, signals)
    hma = {name: PdqSignal.hash_from_bytes(file) for name, file in files.items()}
    return Known(hma, ours, threshold)


def as_file(picture: Image.Image) -> bytes:
    """The picture as it is first posted."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=95)
    return file.getvalue()


def hashed(file: bytes) -> MediaHashes:
    return hash_media(io.BytesIO(file), id="a picture")


def print_recall(named: dict[str, Image.Image], *, threshold: int) -> None:
    """What is found of each edit."""
    banks, names = known(named, threshold=threshold), list(named)
    print(f"Found of {len(named)} pictures, at a threshold of {threshold} of 256 bits\n")
    print(f"| edit | {'how':44} | trials |   HMA | Dutybound |\n|---|---|---|---|---|")
    for family, members in groupby(edits(), key=lambda edit: edit.family):
        for edit in members:
            files = edited(edit, named)
            hma = sum(map(banks.is_found_by_hma, names, files))
            ours = sum(map(banks.is_found_by_us, names, files))
            shares = f"{hma / len(names):5.0%} | {ours / len(names):9.0%}"
            print(f"| {family} | {edit.name:44} | {len(names)} | {shares} |", flush=True)


def edited(edit: Edit, named: dict[str, Image.Image]) -> list[bytes]:
    """Each picture edited, beside the next one where the edit joins two."""
    chance = np.random.default_rng(SEED)
    each = list(named.values())
    others = [*each[1:], each[0]]
    return [edit.file(one, other, chance) for one, other in zip(each, others, strict=True)]


# What is found by mistake


@dataclass(frozen=True, slots=True)
class Unrelated:
    """Pieces of photographs, and which photograph each is of."""

    of: NDArray[np.int64]
    hma: Bits
    upright: Bits
    looked_for: list[Bits]
    """For each piece, all hashes that our matcher looks for."""


def unrelated(*, most: int) -> Unrelated:
    """Pieces of every photograph that both sides would compare."""
    of, hma, upright, looked_for = [], [], [], []
    for number, picture in enumerate(photographs().values()):
        found = list(tiles(picture, sides=TILE_SIDES))
        chance = np.random.default_rng(SEED)
        for place in chance.permutation(len(found))[:most]:
            file = as_file(found[place])
            theirs, frames = PdqSignal.hash_from_bytes(file), hashed(file).frames
            compared = [each for each in frames if each.quality >= LEAST_QUALITY]
            if theirs and compared:
                of.append(number)
                hma.append(bytes.fromhex(theirs))
                upright.append(compared[0].hashes[0])
                looked_for.append(bits(h for frame in compared for h in frame.hashes))
    return Unrelated(np.array(of), bits(hma), bits(upright), looked_for)


def bits(hashes: Iterable[bytes]) -> Bits:
    rows = np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(-1, 32)
    return np.unpackbits(rows, axis=1).astype(np.float32) * 2 - 1


def distances(some: Bits, others: Bits) -> NDArray[np.float32]:
    """How many of 256 bits differ, each with each."""
    return np.asarray((256 - some @ others.T) / 2, dtype=np.float32)


def print_false_matches(*, most: int) -> None:
    """How many in a million pairs of pieces of different photographs match."""
    pieces = unrelated(most=most)
    theirs, ours, pairs = count_pairs(pieces)
    each = np.array([len(hashes) for hashes in pieces.looked_for])
    print(
        f"\nFalse matches: {len(pieces.of):,} pieces of {pieces.of.max() + 1} photographs, "
        f"{pairs:,} pairs of pieces of different ones.\nHMA looks for 1 hash of a picture, "
        f"Dutybound for {each.mean():.2f} on average and {each.max()} at most: the factor "
        f"that is explained.\n"
    )
    print("| threshold | HMA, in a million | Dutybound, in a million | factor |\n|---|---|---|---|")
    for threshold, one, other in zip(THRESHOLDS, theirs, ours, strict=True):
        told = f"{rate(one, pairs)} | {rate(other, pairs)} | {factor(one, other)}"
        print(f"| {threshold} | {told} |")
    print(
        "\nRanges would hold the truth in 95 of 100 cases if pairs were independent; they share "
        "pictures, so the true ranges are wider."
    )
    print_published()


def count_pairs(pieces: Unrelated) -> tuple[list[int], list[int], int]:
    """Pairs within each threshold for HMA and for us, and how many pairs there are."""
    theirs, ours, pairs = [0] * len(THRESHOLDS), [0] * len(THRESHOLDS), 0
    for place, looked_for in enumerate(pieces.looked_for):
        # Each pair once: nearness is mutual, so a second count would prove nothing more.
        is_other = pieces.of < pieces.of[place]
        one = distances(pieces.hma[place : place + 1], pieces.hma)[0, is_other]
        nearest = distances(looked_for, pieces.upright).min(axis=0)[is_other]
        pairs += int(is_other.sum())
        for at, threshold in enumerate(THRESHOLDS):
            theirs[at] += int((one <= threshold).sum())
            ours[at] += int((nearest <= threshold).sum())
    return theirs, ours, pairs


def rate(count: int, pairs: int) -> str:
    """In a million, with the range of a Poisson count; with none, the rule of three."""
    million = pairs / 1e6
    if not count:
        return f"0 (under {3 / million:.2f})"
    # Byar's approximation to the exact limits.
    low = count * (1 - 1 / (9 * count) - 1.96 / (3 * count**0.5)) ** 3
    high = (count + 1) * (1 - 1 / (9 * (count + 1)) + 1.96 / (3 * (count + 1) ** 0.5)) ** 3
    return f"{count / million:.2f} ({low / million:.2f} to {high / million:.2f})"


def factor(one: int, other: int) -> str:
    """How many times as many, with its range; both counts are of the same pairs."""
    if not one:
        return "-"
    spread = float(np.exp(1.96 * (1 / one + 1 / other) ** 0.5))
    times = other / one
    return f"{times:.1f} ({times / spread:.1f} to {times * spread:.1f})"


def print_published() -> None:
    """Real hashes that somebody else chose, with the pairs among them that they say there are."""
    if not (VECTORS / "needles.txt").exists():
        print(f"(without needles and haystack, since {VECTORS} is not here)")
        return
    needles, haystack = (
        bits(map(bytes.fromhex, (VECTORS / name).read_text().split()))
        for name in ("needles.txt", "haystack.txt")
    )
    apart = distances(needles, haystack)
    near = int((apart <= THRESHOLD).sum())
    told = f"{apart.size:,} pairs, {near} of them within {THRESHOLD} bits (250 are known)"
    print(f"\nNeedles and haystack: {told}")


# What it looks like


def draw_sheet(path: Path) -> None:
    """Some edits of one photograph, and whether they are found."""
    named = dict(islice(pictures(), 22))
    banks, cat, other = known(named), named["chelsea"], named["coffee"]
    columns, width, height = 6, 150, 160
    chosen = {edit.name: edit for edit in edits() if edit.name in ON_SHEET}
    rows = -(-len(ON_SHEET) // columns)
    sheet = Image.new("RGB", (columns * width, rows * height), "white")
    for place, name in enumerate(ON_SHEET):
        file = chosen[name].file(cat, other, np.random.default_rng(SEED))
        left, top = place % columns * width, place // columns * height
        small = ImageOps.contain(Image.open(io.BytesIO(file)), (width - 10, 106))
        sheet.paste(small, (left + (width - small.width) // 2, top + (112 - small.height) // 2))
        told = [banks.is_found_by_hma("chelsea", file), banks.is_found_by_us("chelsea", file)]
        label(ImageDraw.Draw(sheet), left + 5, top + 113, f"{chosen[name].family}: {name}", told)
    sheet.quantize(160).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size:,} bytes")


def label(draw: ImageDraw.ImageDraw, left: int, top: int, text: str, told: Sequence[bool]) -> None:
    font = ImageFont.load_default(11)
    draw.text((left, top), "\n".join(textwrap.wrap(text, 25)[:2]), "black", font)
    hma, ours = ("yes" if is_found else "no" for is_found in told)
    draw.text(
        (left, top + 29),
        f"HMA: {hma} · Dutybound: {ours}",
        "darkgreen" if told[1] else "darkred",
        font,
    )


if __name__ == "__main__":
    main()
