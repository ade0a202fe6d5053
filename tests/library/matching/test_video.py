"""A film is compared by what it shows, whatever it is packed in, and says so when it is not."""

import io
import math
import struct
import wave
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import count, cycle, pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dutybound.matching import (
    ORIENTATIONS,
    Bank,
    Content,
    Effect,
    FrameHashes,
    Gap,
    Limits,
    Matcher,
    MediaHashes,
    Signal,
    SignalKind,
    hash_media,
    video,
)
from dutybound.matching.film import FORMATS
from tests.library.matching.films import RATE, SIZE, film, frame_of, of_seconds, still, video_track
from tests.library.matching.photos import bits_apart, photo, photograph, reference_hash, saved


@pytest.fixture(autouse=True)
def quiet() -> None:
    av.logging.set_level(None)


def hashed(file: io.BytesIO, limits: Limits | None = None) -> MediaHashes:
    return hash_media(file, id="m1", limits=limits or Limits())


def bits_from(picture: Image.Image, media: MediaHashes) -> list[int]:
    """How far each frame of a film is from a picture."""
    expected, _ = reference_hash(picture)
    return [bits_apart(frame.hashes[0], expected) for frame in media.frames]


@pytest.mark.parametrize(
    ("codec", "container", "pixels", "found"),
    [
        ("mpeg4", "mp4", "yuv420p", "video/mp4"),
        ("libx264", "mp4", "yuv420p", "video/mp4"),
        ("libx264", "mov", "yuv444p10le", "video/quicktime"),
        ("libx264", "mp4", "yuvj420p", "video/mp4"),
        ("libx264rgb", "mp4", "rgb24", "video/mp4"),
        ("libvpx-vp9", "webm", "yuv420p", "video/webm"),
        ("libvpx", "ogg", "yuv420p", "audio/ogg"),
        ("mjpeg", "avi", "yuvj420p", "video/x-msvideo"),
        ("mpeg2video", "mpeg", "yuv420p", "video/mpeg"),
        ("mpeg2video", "mpeg2video", "yuv420p", "video/mpeg"),
        ("flv", "flv", "yuv420p", "video/x-flv"),
        ("prores_ks", "mov", "yuv422p10le", "video/quicktime"),
    ],
)
def test_each_second_of_a_film_is_near_the_photograph_it_shows(
    codec: str, container: str, pixels: str, found: str
) -> None:
    file = film(of_seconds(1, 2), codec=codec, container=container, pixels=pixels)

    media = hashed(file)

    assert (media.content_type, media.gap, media.comparable) == (found, Gap.NONE, True)
    assert min(bits_from(still(1), media)[:1]) <= 10
    assert min(bits_from(still(2), media)[1:]) <= 10
    assert {frame.number for frame in media.frames} == {0, 1}
    _, quality = reference_hash(still(1))
    assert abs(media.frames[0].quality - quality) <= 5


def test_a_film_meets_a_bank_of_pictures_even_when_it_is_mirrored() -> None:
    known, _ = reference_hash(still(1))
    matcher = Matcher()
    matcher.put_bank(1, Bank("known", "test", "fraud", Effect.BLOCK))
    matcher.add(1, [Signal(7, SignalKind.PDQ, known.hex())])
    mirrored = [each.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for each in of_seconds(2, 1)]

    [match] = matcher.match(Content(media=(hashed(film(mirrored)),)))

    assert (match.signal, match.variant) == (7, "mirrored")


@pytest.mark.parametrize("container", ["mp4", "webm"])
def test_a_picture_does_not_hide_between_the_seconds(container: str) -> None:
    pictures = of_seconds(2, 3)
    pictures[14] = still(1)
    codec = {"mp4": "libx264", "webm": "libvpx-vp9"}[container]

    media = hashed(film(pictures, codec=codec, container=container))

    assert media.comparable
    assert min(bits_from(still(1), media)) <= 16
    assert len(media.frames) <= 5


@pytest.mark.parametrize("step", [1, 5])
def test_any_photograph_after_any_other_is_a_change(step: int) -> None:
    names = ["camera", "moon", "page", "coins", "brick", "grass", "gravel", "text", "chelsea"]
    order = [names[place * step % len(names)] for place in range(len(names))]
    shown = [photograph(f"{each}.png").resize(SIZE) for each in order]

    media = hashed(film(shown))

    # Two of them have a plain border, and so a second hash of what is within.
    assert [min(bits_from(each, media)) <= 16 for each in shown] == [True] * len(names)


def test_a_picture_does_not_hide_from_a_look_at_the_first_of_each_second() -> None:
    """The others differ from it so evenly that no part of the picture looks changed."""
    known = still(1, size=(128, 128))
    rows, columns = np.indices((128, 128)) // 8
    pattern = np.where((rows + columns) % 2, 38, -38)[..., np.newaxis]
    grey = np.asarray(known.convert("RGB"), dtype=np.int16) * 7 // 10 + 38
    shown = Image.fromarray(grey.astype(np.uint8))
    first = Image.fromarray((grey + pattern).clip(0, 255).astype(np.uint8))
    frames = [shown if number % RATE else first for number in range(4 * RATE)]
    places = cycle([0.3, 0.7])

    taken: list[FrameHashes] = []
    video.take_film(
        film(frames), taken, found="video/mp4", limits=Limits(), chance=lambda: next(places)
    )

    assert min(bits_from(shown, MediaHashes("m1", frames=tuple(taken)))) <= 10


@pytest.mark.parametrize("size", [(192, 300), (360, 144)])
def test_a_picture_between_bars_is_found_within_them(size: tuple[int, int]) -> None:
    between_bars = Image.new("RGB", size)
    between_bars.paste(still(1), ((size[0] - SIZE[0]) // 2, (size[1] - SIZE[1]) // 2))

    media = hashed(film([between_bars] * 30))

    assert min(bits_from(still(1), media)) <= 16
    assert len(media.frames) <= 6


def test_what_happens_at_one_side_of_a_picture_is_a_change() -> None:
    white, black_left = (Image.new("L", (126, 126), 255) for _ in range(2))
    black_left.paste(still(2, size=(62, 126)), (64, 0))

    media = hashed(film([white, *[black_left] * 9]))

    assert max(frame.quality for frame in media.frames) > 0


def test_a_picture_does_not_hide_in_a_second_track() -> None:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as made:
        tracks = [
            video_track(made, "mpeg4", size=still(1).size, options={"g": "1"}) for _ in range(2)
        ]
        for seed, track in zip((2, 1), tracks, strict=True):
            for _ in range(5):
                made.mux(track.encode(frame_of(still(seed))))
        for track in tracks:
            made.mux(track.encode())

    media = hashed(file)

    assert media.comparable
    assert min(bits_from(still(1), media)) <= 10


def test_an_empty_packet_does_not_end_the_comparison() -> None:
    whole = bytearray(film(of_seconds(2, 1), g="1").getvalue())
    table = whole.index(b"stsz") + 16
    fifth, sixth = struct.unpack_from(">2I", whole, table + 16)
    struct.pack_into(">2I", whole, table + 16, 0, fifth + sixth)

    media = hashed(io.BytesIO(bytes(whole)))

    assert min(bits_from(still(1), media)) <= 10


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_film_is_compared_as_players_turn_it(degrees: int) -> None:
    turned = still(1).rotate(-degrees, expand=True)
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as made:
        track = video_track(made, "mpeg4", size=turned.size, options={})
        track.set_display_rotation(degrees)
        made.mux(track.encode(frame_of(turned)))
        made.mux(track.encode())

    media = hashed(file)

    assert bits_from(still(1), media)[0] <= 10


@pytest.mark.parametrize("size", [(33, 17), (64, 2), (4, 4), (130, 97)])
def test_odd_sizes_are_compared(size: tuple[int, int]) -> None:
    picture = photo().resize(size)
    file = film([picture] * 3, codec="ffv1", container="matroska", pixels="bgr0")

    media = hashed(file)

    assert len(media.frames) == 1
    assert bits_from(picture, media)[0] <= 4


def test_frames_that_do_not_change_are_kept_once() -> None:
    file = film([still(1)] * 40, codec="ffv1", container="matroska", pixels="bgr0")

    media = hashed(file)

    assert [frame.number for frame in media.frames] == [0]


def test_every_frame_can_be_had() -> None:
    taken: list[FrameHashes] = []
    file = film([still(seed) for seed in range(1, 9)])

    gap = video.take_film(file, taken, found="video/mp4", limits=Limits(), seconds_apart=0)

    assert gap is Gap.NONE
    assert len(taken) == 8
    assert all(len(frame.hashes) == len(ORIENTATIONS) for frame in taken)


def test_a_film_longer_than_the_time_for_it_is_looked_at_up_to_its_end_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = film(of_seconds(*[1, 2, 3, 4, 5] * 8), g="10")
    monkeypatch.setattr("dutybound.matching.film.thread_time", count().__next__)

    media = hashed(file, Limits(max_decoding_seconds=100))

    numbers = [frame.number for frame in media.frames]
    assert (media.comparable, media.gap) == (False, Gap.TOO_LONG)
    assert numbers == sorted(numbers)
    assert numbers[:8] == list(range(8))
    assert max(later - earlier for earlier, later in pairwise([*numbers, 40])) <= 4


@pytest.mark.parametrize("seconds", [0xFFFFFFFF, 3])
def test_time_stamps_that_lie_cost_nothing_and_hide_nothing(seconds: int) -> None:
    whole = bytearray(film(of_seconds(2, 1, 3)).getvalue())
    # The table of durations: a number of frames, and how long each is shown.
    struct.pack_into(">I", whole, whole.index(b"stts") + 16, 0 if seconds == 3 else 0x3FFFFFFF)

    media = hashed(io.BytesIO(bytes(whole)))

    assert min(bits_from(still(1), media)) <= 10
    assert all(0 <= frame.number < 2**31 for frame in media.frames)


def test_a_frame_rate_that_changes_is_compared_by_the_second() -> None:
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as made:
        track = video_track(made, "mpeg4", size=still(1).size, options={}, rate=1000)
        for seconds, seed in ((0, 1), (0.04, 1), (0.5, 1), (7.25, 2), (7.3, 2), (9, 3)):
            frame = frame_of(still(seed))
            frame.pts, frame.time_base = int(seconds * 1000), Fraction(1, 1000)
            made.mux(track.encode(frame))
        made.mux(track.encode())

    media = hashed(file)

    assert {frame.number for frame in media.frames} == {0, 7, 9}


@cache
def seven_seconds(container: str) -> bytes:
    codec = "flv" if container == "flv" else "mpeg4"
    return film(of_seconds(1, 2, 3, 1, 2, 3, 1), codec=codec, container=container).getvalue()


@pytest.mark.parametrize("share", [0.05, 0.5, 0.8])
@pytest.mark.parametrize("container", ["mp4", "matroska", "avi", "flv"])
def test_a_film_that_ends_early_is_never_called_clean(container: str, share: float) -> None:
    whole = seven_seconds(container)

    media = hashed(io.BytesIO(whole[: int(len(whole) * share)]))

    assert len(media.sha256) == 64
    assert not media.comparable
    assert media.gap in (Gap.DAMAGED, Gap.UNDECODED)


def test_what_can_be_decoded_of_a_damaged_film_is_compared() -> None:
    whole = bytearray(film(of_seconds(2, 3, 1), g="1").getvalue())
    whole[2000:2600] = bytes(600)

    media = hashed(io.BytesIO(bytes(whole)))

    assert media.gap is Gap.DAMAGED
    assert min(bits_from(still(1), media)) <= 10


def sound(*, container: str, codec: str) -> io.BytesIO:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as made:
        track = made.add_stream(codec, rate=48_000)
        assert isinstance(track, AudioStream)
        frame = av.AudioFrame(format="fltp", layout="stereo", samples=1024)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate = 48_000
        made.mux(track.encode(frame))
        made.mux(track.encode())
    return file


def quiet_wave() -> io.BytesIO:
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(bytes(1600))
    return file


@pytest.mark.parametrize(
    ("file", "gap"),
    [
        (sound(container="mp4", codec="aac"), Gap.NOT_A_PICTURE),
        (sound(container="matroska", codec="aac"), Gap.NOT_A_PICTURE),
        (quiet_wave(), Gap.NOT_A_PICTURE),
        (io.BytesIO(b"\0\0\0\x18ftypmp42" + bytes(50)), Gap.UNDECODED),
        (io.BytesIO(b"\x1a\x45\xdf\xa3" + bytes(50)), Gap.UNDECODED),
        (io.BytesIO(b"FLV\x01" + bytes(50)), Gap.UNDECODED),
        (film([still()] * 3, codec="qtrle", container="mov", pixels="rgb24"), Gap.UNDECODED),
        (film([Image.new("RGB", (64, 64))] * 3), Gap.TOO_PLAIN),
    ],
)
def test_what_shows_nothing_we_can_compare_tells_why(file: io.BytesIO, gap: Gap) -> None:
    media = hashed(file)

    assert (media.gap, media.comparable) == (gap, False)
    assert media.sha256
    assert media.note


def test_a_film_of_a_kind_we_cannot_tell_is_a_question_and_not_an_answer() -> None:
    stream = io.BytesIO(b"\x47" + bytes(187))

    media = hash_media(stream, id="m1", content_type="video/mp2t")

    assert media.gap is Gap.UNDECODED


def test_a_picture_too_large_is_never_decoded() -> None:
    files = [film([still()] * 3, codec=codec) for codec in ("mpeg4", "libx264")]

    gaps = {hashed(file, Limits(max_pixels=math.prod(still().size) - 1)).gap for file in files}

    assert gaps == {Gap.UNDECODED, Gap.TOO_MANY_PIXELS}


@pytest.mark.parametrize("found", sorted(FORMATS))
@pytest.mark.parametrize(
    "lines",
    [
        ("#EXTM3U", "#EXT-X-TARGETDURATION:9", "#EXTINF:9,", "{known}", "#EXT-X-ENDLIST"),
        ("ffconcat version 1.0", "file '{known}'"),
    ],
)
def test_a_playlist_leads_nowhere(tmp_path: Path, found: str, lines: Sequence[str]) -> None:
    known = tmp_path / "known.mp4"
    known.write_bytes(seven_seconds("mp4"))
    playlist = "\n".join(lines).format(known=known).encode()
    taken: list[FrameHashes] = []

    gap = video.take_film(io.BytesIO(playlist), taken, found=found, limits=Limits())

    assert (gap in (Gap.UNDECODED, Gap.NOT_A_PICTURE), taken) == (True, [])


def test_a_still_picture_in_a_film_is_hashed_as_the_picture_is() -> None:
    picture = hashed(saved(still(1), "PNG")).frames[0]

    [frame] = hashed(film([still(1)], codec="png", container="mov", pixels="rgb24")).frames

    assert (frame.hashes, frame.quality) == (picture.hashes, picture.quality)


def test_a_track_that_may_begin_later_is_not_ruled_out_by_hearing_sound_first() -> None:
    media = hashed(sound(container="flv", codec="libmp3lame"))

    assert (media.content_type, media.gap) == ("video/x-flv", Gap.UNDECODED)


SMALL = [still(seed, size=(64, 48)) for seed in (1, 2)] * 3
FORMS = [
    film(SMALL, codec=codec, container=container).getvalue()
    for codec, container in (("mpeg4", "mp4"), ("libx264", "matroska"), ("mpeg4", "avi"))
]


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    whole=st.sampled_from(FORMS),
    faults=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=9),
)
def test_no_damage_makes_comparing_fail(whole: bytes, faults: list[tuple[float, int]]) -> None:
    damaged = bytearray(whole)
    for place, value in faults:
        damaged[12 + int(place * (len(whole) - 12))] = value

    media = hashed(io.BytesIO(bytes(damaged)), Limits(max_pixels=100_000))

    assert media.sha256
    assert media.comparable == (media.gap is Gap.NONE)
