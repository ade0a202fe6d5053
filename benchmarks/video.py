"""What hashing adds to decoding a film, and a process apart to a picture.

Run: `python -m benchmarks.video`. The peer is FFmpeg alone, through the same binding, with the same
decoder in one thread: no way to look at a film can be quicker than that. The films are photographs
of scikit-image under a moving camera, with grain. Films are measured in seconds of computing, a
process apart in seconds of waiting. Options: --seconds of film, --rounds.
"""

import argparse
import io
import statistics
import warnings
from collections.abc import Callable
from fractions import Fraction
from itertools import count, cycle, islice
from time import perf_counter, thread_time

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image
from skimage import data

from dutybound.matching import FrameHashes, Limits, hash_media, video
from dutybound.matching.apart import Decoders
from dutybound.matching.pdq import hash_pixels

PHOTOGRAPHS = ("astronaut", "chelsea", "coffee", "rocket")
SIZES = ((640, 360), (1280, 720), (1920, 1080))
RATE = 25
A_SCENE_SECONDS = 4
A_SCENE_MOVES = 1.1
"""How much larger a photograph is than the film: the camera crosses the rest in one scene."""
LONG_SECONDS = 4 * 3600


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=12, help="of each film")
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    av.logging.set_level(None)
    print(f"{chosen.seconds} s of film at {RATE} frames a second, H.264, one thread\n")
    print("film        decode only    with hashes   ratio   film s/s   hashes   of them in PDQ")
    for size in SIZES:
        measure_film(size, seconds=chosen.seconds, rounds=chosen.rounds)
    measure_long(size=SIZES[0], rounds=1)
    measure_apart(rounds=chosen.rounds * 5)


def measure_film(size: tuple[int, int], *, seconds: int, rounds: int) -> None:
    file = made(size, seconds=seconds)
    taken: list[FrameHashes] = []
    alone, hashed = medians(lambda: decode_only(file), lambda: take(file, taken), rounds=rounds)
    upright = np.zeros(size[::-1], dtype=np.uint8)
    [one_pdq] = medians(lambda: hash_pixels(upright), rounds=rounds)
    print(
        f"{size[1]:>4}p {alone:15.3f} s {hashed:12.3f} s {hashed / alone:6.2f}x"
        f" {seconds / hashed:9.0f} {len(taken):8} {len(taken) * one_pdq / alone:13.2f}x"
    )


def measure_long(*, size: tuple[int, int], rounds: int) -> None:
    """A film of four hours in the time a server gives it."""
    file = repeated(made(size, seconds=60), times=LONG_SECONDS // 60)
    taken: list[FrameHashes] = []
    gaps = []
    limits = Limits(max_decoding_seconds=20)
    [spent] = medians(lambda: gaps.append(take(file, taken, limits)), rounds=rounds)
    megabytes = file.getbuffer().nbytes >> 20
    print(
        f"\n4 hours at {size[1]}p, {megabytes} MB, 20 s allowed: {spent:.1f} s, {len(taken)} frames"
        f" up to second {taken[-1].number:,}, gap {gaps[0]}"
    )


def measure_apart(*, rounds: int) -> None:
    picture = io.BytesIO()
    Image.fromarray(getattr(data, PHOTOGRAPHS[0])()).resize((1000, 1000)).save(
        picture, "JPEG", quality=90
    )
    decoders = Decoders(most=1)
    [start] = medians(lambda: decoders.hash_media(picture, id="m"), rounds=1, clock=perf_counter)
    here, apart = medians(
        lambda: hash_media(picture, id="m"),
        lambda: decoders.hash_media(picture, id="m"),
        rounds=rounds,
        clock=perf_counter,
    )
    decoders.close()
    print(
        f"\nJPEG of 1 megapixel: {here * 1000:.1f} ms here, {apart * 1000:.1f} ms apart"
        f" ({(apart - here) * 1000:+.1f} ms, {apart / here:.2f}x); the first, with the start,"
        f" {start * 1000:.0f} ms"
    )


def medians(
    *works: Callable[[], object], rounds: int, clock: Callable[[], float] = thread_time
) -> list[float]:
    """The median seconds of each, taken in turns: A B A B."""
    spent: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for seconds, work in zip(spent, works, strict=True):
            start = clock()
            work()
            seconds.append(clock() - start)
    return [statistics.median(each) for each in spent]


def decode_only(file: io.BytesIO) -> None:
    file.seek(0)
    with av.open(file, mode="r", format="mp4", buffer_size=1 << 17) as film:
        [track] = film.streams.video
        track.codec_context.thread_count = 1
        for packet in film.demux(track):
            for _ in packet.decode():
                pass


def take(file: io.BytesIO, taken: list[FrameHashes], limits: Limits = Limits()) -> str:  # noqa: B008
    taken.clear()
    return video.take_film(file, taken, found="video/mp4", limits=limits)


def made(size: tuple[int, int], *, seconds: int) -> io.BytesIO:
    """A film of scenes: a photograph for each, crossed by a camera, with grain."""
    file, across = io.BytesIO(), np.array(size)
    random = np.random.default_rng(1)
    grain = [random.normal(0, 3, (size[1], size[0], 3)).astype(np.int16) for _ in range(4)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        larger = tuple((across * A_SCENE_MOVES).astype(int).tolist())
        scenes = [
            np.asarray(Image.fromarray(getattr(data, name)()).convert("RGB").resize(larger))
            for name in PHOTOGRAPHS
        ]
    with av.open(file, "w", format="mp4") as film:
        track = film.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "23"})
        assert isinstance(track, VideoStream)
        track.width, track.height = size
        for number, noise in islice(zip(count(), cycle(grain)), seconds * RATE):
            scene, moment = divmod(number, A_SCENE_SECONDS * RATE)
            left, top = ((np.array(larger) - across) * moment // (A_SCENE_SECONDS * RATE)).tolist()
            shown = scenes[scene % len(scenes)][top : top + size[1], left : left + size[0]]
            picture = (shown + noise).clip(0, 255).astype(np.uint8)
            film.mux(track.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        film.mux(track.encode())
    return file


def repeated(file: io.BytesIO, *, times: int) -> io.BytesIO:
    """The same film again and again, without encoding it again."""
    whole = io.BytesIO()
    file.seek(0)
    with av.open(file, mode="r") as once, av.open(whole, "w", format="mp4") as film:
        [track] = once.streams.video
        copy = film.add_stream_from_template(track)
        packets = [(bytes(each), each) for each in once.demux(track) if each.size]
        assert track.time_base is not None
        length = int(Fraction(len(packets), RATE) / track.time_base)
        for time in range(times):
            for content, each in packets:
                packet = av.Packet(content)
                assert each.pts is not None and each.dts is not None  # noqa: PT018
                packet.pts, packet.dts = each.pts + time * length, each.dts + time * length
                packet.time_base, packet.is_keyframe = track.time_base, each.is_keyframe
                packet.duration = each.duration
                packet.stream = copy
                film.mux(packet)
    return whole


if __name__ == "__main__":
    main()
