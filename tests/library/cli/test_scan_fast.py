"""`dutybound scan --fast`: quicker, and no other answer."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image, ImageEnhance, ImageFilter

from dutybound.cli.main import main
from dutybound.cli.scanning.subjects import File
from dutybound.cli.scanning.work import compare_fast, decoders
from dutybound.matching import Bank, Effect, Matcher, Signal, SignalKind, hash_media, screen_media
from dutybound.matching.bankfiles import write_bank
from tests.library.matching.photos import bits_apart, photo

WIDE = photo().resize((1100, 720))
EDITS = {
    "itself": WIDE,
    "blurred": WIDE.filter(ImageFilter.GaussianBlur(4)),
    "brighter": ImageEnhance.Brightness(WIDE).enhance(1.4),
    "cut": WIDE.crop((40, 30, 1060, 700)),
    "cut by more": WIDE.crop((120, 90, 1000, 640)),
    "mirrored": WIDE.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "on its side": WIDE.transpose(Image.Transpose.ROTATE_90),
    "wider": WIDE.resize((1300, 600)),
    "another": photo(seed=2).resize((800, 600)),
    "a third": photo(seed=3).resize((600, 800)),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Edited photographs as JPEG, of good quality and of bad; one that is no JPEG; one broken."""
    folder = tmp_path_factory.mktemp("pictures")
    for name, picture in EDITS.items():
        picture.save(folder / f"{name}, 90.jpg", quality=90)
        picture.save(folder / f"{name}, 15.jpg", quality=15)
    photo().save(folder / "small.png")
    (folder / "broken.jpg").write_bytes((folder / "itself, 90.jpg").read_bytes()[:4000])
    return folder


@pytest.fixture(scope="module", autouse=True)
def _no_decoder_is_left() -> Iterator[None]:
    yield
    decoders().close()


def hash_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hash_media(file, id="m1").frames[0].hashes[0]


def fast_hash_of(path: Path) -> bytes:
    with path.open("rb") as file:
        media = screen_media(file, id="m1")
        assert decoders().screen_media(file, id="m1") == media
    assert media.is_fast
    return media.frames[0].hashes[0]


def with_bits_turned(known: bytes, places: list[int]) -> bytes:
    turned = sum(1 << place for place in places)
    return (int.from_bytes(known, "big") ^ turned).to_bytes(32, "big")


def matcher_with(*hashes: bytes) -> Matcher:
    matcher = Matcher()
    matcher.put_bank(1, Bank("demo", source="a test", harm="iia", effect=Effect.BLOCK))
    signals = [Signal(n, SignalKind.PDQ, each.hex()) for n, each in enumerate(hashes, start=1)]
    matcher.add(1, signals)
    return matcher


def test_what_only_the_exact_hash_meets_is_told_and_what_only_the_fast_one_meets_is_not(
    folder: Path,
) -> None:
    path = folder / "cut by more, 15.jpg"
    exact, fast = hash_of(path), fast_hash_of(path)
    apart = int.from_bytes(exact, "big") ^ int.from_bytes(fast, "big")
    differing = [place for place in range(256) if apart >> place & 1]
    same = [place for place in range(256) if not apart >> place & 1]
    near = with_bits_turned(exact, same[:31])
    far = with_bits_turned(exact, [*differing, *same][:32])
    assert bits_apart(fast, near) > 31 >= bits_apart(fast, far)

    told = compare_fast([File(str(path), was_named=False)], matcher_with(near, far))

    (line,) = map(json.loads, told.lines)
    assert [(match["signal"], match["distance"]) for match in line["matches"]] == [(1, 31)]


def test_edited_photographs_get_the_same_answers_with_it_and_without(folder: Path) -> None:
    bank = folder.with_suffix(".jsonl")
    known = Signal(1, SignalKind.PDQ, hash_of(folder / "itself, 90.jpg").hex())
    with bank.open("wb") as file:
        demo = Bank("demo", source="a test", harm="iia", effect=Effect.BLOCK)
        write_bank(file, bank=demo, signals=[known])

    exact, fast = scanned(folder, bank), scanned(folder, bank, "--fast")

    assert fast.stdout == exact.stdout
    assert 12 <= len(fast.stdout.splitlines()) < len(list(folder.iterdir())) - 4
    assert fast.exit_code == exact.exit_code == 1
    assert " a second" in fast.stderr


def scanned(folder: Path, bank: Path, *options: str) -> Result:
    arguments = ["scan", str(folder), "--bank", str(bank), "--jobs", "1", *options]
    return CliRunner().invoke(main, arguments)
