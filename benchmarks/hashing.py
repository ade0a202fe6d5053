"""Photographs hashed a second, and how near the hashes are to the reference's.

Run: python -m benchmarks.hashing [--rounds N] [--photographs N]. It takes about a minute, on one
thread. The peers are `pdq_from_bytes` of threatexchange and the reference itself, pdqhash.
"""

import io
import os
import warnings
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from statistics import median
from time import process_time

# One thread for everybody, whatever the libraries below would like: set before they are loaded.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
import pdqhash
import skimage.data
from PIL import Image, ImageEnhance, ImageFilter
from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_bytes

from dutybound.matching import FAST_MARGIN, LEAST_QUALITY, hash_media, screen_media
from dutybound.matching.decoding import decode, made_to_fit, opened, views
from dutybound.matching.pdq import Hashed, hash_pixels
from dutybound.matching.screening import fast_frame

MEGAPIXELS = (0.3, 1, 3, 12)
NAMES = (
    "astronaut",
    "chelsea",
    "coffee",
    "rocket",
    "hubble_deep_field",
    "retina",
    "brick",
    "coins",
)
GRAIN = 4
JPEG_QUALITY = 85
JPEG = "image/jpeg"
MAX_PIXELS = 50_000_000

Contestants = dict[str, Callable[[bytes], object]]


def main() -> None:
    asked = arguments()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        originals = [Image.fromarray(getattr(skimage.data, name)()) for name in NAMES]
    originals = [picture.convert("RGB") for picture in originals]
    print_speeds(originals, rounds=asked.rounds)
    print_speed_without_decoding(originals, rounds=asked.rounds)
    print_distances(originals, count=asked.photographs)


def arguments() -> Namespace:
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each is timed")
    parser.add_argument("--photographs", type=int, default=300, help="how many are compared")
    return parser.parse_args()


# What is hashed


def photograph(original: Image.Image, *, megapixels: float, chance: np.random.Generator) -> bytes:
    """A part of a photograph as a JPEG of that size, with the grain that a camera adds."""
    left, top, right, bottom = chance.uniform(0, 0.35, 4)
    width, height = original.size
    box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
    stretch = chance.uniform(0.8, 1.25)
    scale = (megapixels * 1e6 / ((box[2] - box[0]) * (box[3] - box[1]))) ** 0.5
    size = (int((box[2] - box[0]) * scale * stretch), int((box[3] - box[1]) * scale / stretch))
    shown = np.asarray(original.resize(size, Image.Resampling.LANCZOS, box), np.float32)
    grained = shown + chance.normal(0, GRAIN, (*shown.shape[:2], 1)).astype(np.float32)
    return as_jpeg(Image.fromarray(grained.clip(0, 255).astype(np.uint8)), JPEG_QUALITY)


def as_jpeg(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


# How fast


def decoded(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def our_pdq(content: bytes) -> Hashed:
    """What the peer does, and no more: no other hashes, no bars."""
    with opened(io.BytesIO(content), JPEG) as image:
        made_to_fit(image, max_pixels=MAX_PIXELS)
        decode(image)
        return next(views(image, full_size=image.size)).hashed()


CONTESTANTS: Contestants = {
    "decoding alone": decoded,
    "threatexchange": pdq_from_bytes,
    "pdqhash, 8 ways": lambda content: pdqhash.compute_dihedral(np.asarray(decoded(content))),
    "our PDQ, 8 ways": our_pdq,
    "hash_media": lambda content: hash_media(io.BytesIO(content), id="m1"),
    "the fast way alone": lambda content: fast_frame(
        io.BytesIO(content), JPEG, max_pixels=MAX_PIXELS
    ),
    "screen_media": lambda content: screen_media(io.BytesIO(content), id="m1"),
}


def print_speeds(originals: list[Image.Image], *, rounds: int) -> None:
    chance = np.random.default_rng(1)
    for megapixels in MEGAPIXELS:
        chosen = islice(cycle(originals), 2 if megapixels > 1 else 6)
        pictures = [photograph(each, megapixels=megapixels, chance=chance) for each in chosen]
        weight = sum(map(len, pictures)) / len(pictures) / megapixels / 1e6
        print(
            f"\n{megapixels} megapixels, {weight:.2f} bytes a pixel, JPEG, one thread, decoding too"
        )
        print(f"{'':<20}{'ms':>8}{'images/s':>10}{'× threatexchange':>18}{'of it decoding':>16}")
        seconds = timed(CONTESTANTS, pictures, rounds=rounds)
        for name, took in seconds.items():
            ratio = seconds["threatexchange"] / took
            decodes_all = took >= seconds["decoding alone"] and name != "screen_media"
            share = f"{seconds['decoding alone'] / took:.0%}" if decodes_all else ""
            print(f"{name:<20}{took * 1000:>8.2f}{1 / took:>10.1f}{ratio:>18.1f}{share:>16}")


def timed(contestants: Contestants, pictures: list[bytes], *, rounds: int) -> dict[str, float]:
    """Seconds of processor time a picture: each contestant in turn, the median of the rounds.

    All of them only compute, on one thread, so that is how long they take on an idle machine.
    """
    took: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, contestant in contestants.items():
            began = process_time()
            for content in pictures:
                contestant(content)
            if number:  # the first round only warms caches
                took[name].append((process_time() - began) / len(pictures))
    return {name: median(each) for name, each in took.items()}


def print_speed_without_decoding(originals: list[Image.Image], *, rounds: int) -> None:
    pixels = np.asarray(decoded(photograph(originals[0], megapixels=1, chance=generator())))
    ways: Contestants = {
        "pdqhash": lambda _: pdqhash.compute(pixels),
        "hash_pixels": lambda _: hash_pixels(pixels),
    }
    theirs, ours = timed(ways, [b""] * 5, rounds=rounds).values()
    print(
        f"\nonce decoded, 1 megapixel: pdqhash {theirs * 1000:.2f} ms, "
        f"ours {ours * 1000:.2f} ms in 8 orientations, {theirs / ours:.0f} times as fast"
    )


def generator() -> np.random.Generator:
    return np.random.default_rng(2)


# How near


EDITS: tuple[Callable[[Image.Image, float], Image.Image], ...] = (
    lambda picture, _: picture,
    lambda picture, much: picture.filter(ImageFilter.GaussianBlur(4 * much)),
    lambda picture, much: picture.filter(ImageFilter.UnsharpMask(3, int(200 * much))),
    lambda picture, much: ImageEnhance.Contrast(picture).enhance(0.4 + 2 * much),
    lambda picture, much: ImageEnhance.Color(picture).enhance(4 * much),
    lambda picture, much: ImageEnhance.Brightness(picture).enhance(0.4 + 1.5 * much),
    lambda picture, much: picture.rotate(40 * much - 20),
)


def edited(originals: list[Image.Image]) -> Iterator[bytes]:
    """Photographs as people change them, each a little otherwise, without end."""
    chance = generator()
    for original, edit in zip(cycle(originals), cycle(EDITS), strict=False):
        size = float(np.exp(chance.uniform(np.log(0.1), np.log(1.5))))
        picture = decoded(photograph(original, megapixels=size, chance=chance))
        yield as_jpeg(edit(picture, chance.uniform()), int(chance.integers(20, 96)))


def print_distances(originals: list[Image.Image], *, count: int) -> None:
    to_reference: Counter[int] = Counter()
    fast: list[list[int]] = []
    others = 0
    for content in islice(edited(originals), count):
        bits, quality = pdqhash.compute(np.asarray(decoded(content)))
        if quality < LEAST_QUALITY:
            continue
        exact = our_pdq(content)
        to_reference[bits_apart(exact.hashes[0], np.packbits(bits).tobytes())] += 1
        media = screen_media(io.BytesIO(content), id="m1")
        if media.is_fast:
            fast.append(list(map(bits_apart, media.frames[0].hashes, exact.hashes)))
        else:
            others += 1
    upright = [each[0] for each in fast]
    print(
        f"\nof {to_reference.total()} edited photographs with a quality of {LEAST_QUALITY} or more"
    )
    print_counts("bits from our exact hash to the reference's", to_reference)
    print_counts("bits from the fast hash to the exact one", Counter(upright))
    middle, late = np.percentile(upright, [50, 99])
    print(
        f"fast: median {middle:.0f}, 99 % within {late:.0f}, "
        f"farthest of all 8 {max(map(max, fast))}, margin {FAST_MARGIN}"
    )
    print(f"hashed exactly at once, since fast was not sure to do: {others}")


def print_counts(what: str, counts: Counter[int]) -> None:
    print(f"{what}: " + ", ".join(f"{bits}: {times} ×" for bits, times in sorted(counts.items())))


def bits_apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


if __name__ == "__main__":
    main()
