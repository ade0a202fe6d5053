"""Small films of photographs, made on the spot; and what of them is compared."""

import io
from collections.abc import Sequence
from functools import cache

import av
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream
from PIL import Image

from tests.library.matching.photos import photo

SIZE = (192, 144)
RATE = 10


def film(
    pictures: Sequence[Image.Image],
    *,
    codec: str = "mpeg4",
    container: str = "mp4",
    pixels: str = "yuv420p",
    **options: str,
) -> io.BytesIO:
    """A film that shows each picture for a tenth of a second, in the pictures' own size."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as made:
        stream = video_track(made, codec, size=pictures[0].size, options=options)
        stream.pix_fmt = pixels
        for picture in pictures:
            made.mux(stream.encode(frame_of(picture)))
        made.mux(stream.encode())
    file.seek(0)
    return file


def video_track(
    made: OutputContainer,
    codec: str,
    *,
    size: tuple[int, int],
    options: dict[str, str],
    rate: int = RATE,
) -> VideoStream:
    stream = made.add_stream(codec, rate=rate, options={"g": "5", "b": "4M", **options})
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = size
    return stream


def frame_of(picture: Image.Image) -> av.VideoFrame:
    shown = np.ascontiguousarray(np.asarray(picture.convert("RGB")))
    return av.VideoFrame.from_ndarray(shown, format="rgb24")


@cache
def still(seed: int = 1, *, size: tuple[int, int] = SIZE) -> Image.Image:
    return photo(seed=seed).resize(size)


def of_seconds(*seeds: int) -> list[Image.Image]:
    """Each photograph for one second."""
    return [still(seed) for seed in seeds for _ in range(RATE)]
