"""Whatever a file does to its decoder, its exact hashes are there and a person is asked."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import md5, sha256
from pathlib import Path

import pytest

from dutybound.matching import Gap, Limits, MediaHashes, Unreadable, apart, hash_media
from dutybound.matching.apart import Decoders
from tests.library.matching.decoders import HARMFUL, LITTLE, MISBEHAVING, OBLIGING
from tests.library.matching.films import film, still
from tests.library.matching.photos import photo, saved


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    decoders = Decoders(most=1)
    yield decoders
    decoders.close()


@pytest.fixture(scope="module")
def answers() -> dict[str, MediaHashes]:
    """What each misbehaving decoder's file is known by; they run side by side."""
    with ThreadPoolExecutor(len(HARMFUL)) as threads:
        return dict(zip(HARMFUL, threads.map(answer_of_harmed, HARMFUL), strict=True))


def answer_of_harmed(name: str) -> MediaHashes:
    decoders = Decoders(program=HARMFUL[name], allowance=LITTLE, most=1)
    try:
        return decoders.hash_media(of(name), id=name)
    finally:
        decoders.close()


def of(name: str) -> io.BytesIO:
    return io.BytesIO(name.encode())


@pytest.mark.parametrize("name", HARMFUL)
def test_a_file_that_harms_its_decoder_keeps_its_exact_hashes_and_is_a_question(
    answers: dict[str, MediaHashes], name: str
) -> None:
    media = answers[name]

    assert (media.gap, media.comparable, media.frames) == (Gap.UNDECODED, False, ())
    assert media.sha256 == sha256(name.encode()).hexdigest()
    assert media.md5 == md5(name.encode()).hexdigest()
    assert media.size == len(name)
    assert media.note


def test_after_a_crash_the_next_file_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUTYBOUND_TEST_SECRET", "zonk")
    decoders = Decoders(program=MISBEHAVING, most=1)

    gaps = [decoders.hash_media(of(name), id=name).gap for name in ("crash", "look_around")]
    chatted = decoders.hash_media(of("chatter"), id="chatter")
    decoders.close()

    assert gaps == [Gap.UNDECODED, Gap.NONE]
    assert len(chatted.frames) == 1


@pytest.mark.parametrize(
    "file",
    [
        saved(photo(), "JPEG"),
        saved(photo(), "GIF", save_all=True, append_images=[photo(seed=2)]),
        # Too short for the look that is drawn by lot.
        film([still(1), still(2)]),
        io.BytesIO(b"hello"),
        io.BytesIO(b"\xff\xd8\xff"),
    ],
)
def test_a_file_has_the_same_hashes_apart(decoders: Decoders, file: io.BytesIO) -> None:
    limits = Limits(max_pixels=1_000_000)

    apart = decoders.hash_media(file, id="m1", content_type="image/jpeg", limits=limits)

    assert apart == hash_media(file, id="m1", content_type="image/jpeg", limits=limits)


def test_a_smaller_file_after_a_larger_one_is_not_mixed_with_it(decoders: Decoders) -> None:
    larger, smaller = saved(photo(), "BMP"), saved(photo(seed=2), "JPEG")

    decoders.hash_media(larger, id="m1")
    apart = decoders.hash_media(smaller, id="m1")

    assert apart == hash_media(smaller, id="m1")


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"x" * 11, "too_large")])
def test_what_is_unreadable_is_so_apart_and_costs_no_process(
    decoders: Decoders, content: bytes, code: str
) -> None:
    with pytest.raises(Unreadable) as refusal:
        decoders.hash_media(io.BytesIO(content), id="m1", limits=Limits(max_bytes=10))

    assert refusal.value.code == code
    assert decoders.hash_media(saved(photo(), "PNG"), id="m1").comparable


def test_where_no_process_can_be_started_nothing_is_called_clean(tmp_path: Path) -> None:
    decoders = Decoders(program=(str(tmp_path / "absent"),))

    media = decoders.hash_media(saved(photo(), "PNG"), id="m1")

    assert (media.gap, media.frames) == (Gap.UNDECODED, ())
    assert media.sha256


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="NO /dev/full: not tried")
def test_where_there_is_no_memory_for_a_copy_nothing_is_called_clean(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full() -> io.FileIO:
        return io.FileIO("/dev/full", "r+")

    decoders = Decoders(program=OBLIGING)
    assert decoders.hash_media(of("whole"), id="m1").comparable
    decoders.close()
    monkeypatch.setattr(apart, "_shared_memory", full)

    media = decoders.hash_media(of("cut"), id="m1")
    decoders.close()

    assert (media.gap, media.frames) == (Gap.UNDECODED, ())
    assert media.sha256
