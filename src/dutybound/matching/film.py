"""An open film, frame by frame, with everything in it that is not its own kept shut.

FFmpeg knows a hundred formats and as many protocols. Here it gets one open file, the one demuxer
that fits the file's first bytes, and the decoders of `_CODECS`; no name it finds in a file leads
anywhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from time import thread_time
from types import MappingProxyType
from typing import Any, BinaryIO, NoReturn

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.stream import VideoStream

from dutybound.matching.luma import Plane, Shades
from dutybound.matching.pictures import NOT_DECODED, Limits

FORMATS = MappingProxyType(
    {
        "video/mp4": "mp4",
        "video/quicktime": "mp4",
        "audio/mp4": "mp4",  # may hold pictures all the same, as may Ogg
        "video/webm": "matroska",
        "video/x-msvideo": "avi",
        "video/mpeg": "mpeg",
        "video/x-flv": "flv",
        "audio/ogg": "ogg",
    }
)
"""The one demuxer that opens a file of each type."""

CANNOT_DECODE = (av.FFmpegError, *NOT_DECODED)
"""What FFmpeg and its binding raise for bytes that are not a film after all."""

_CODECS = (
    "h264", "hevc", "libdav1d", "vp8", "vp9", "mpeg4", "msmpeg4", "msmpeg4v1", "msmpeg4v2",
    "h263", "flv", "vp6", "vp6f", "mpeg1video", "mpeg2video", "theora", "mjpeg", "png", "prores",
    "ffv1", "wmv1", "wmv2", "wmv3", "vc1",
)  # fmt: skip
_MPEG_PROGRAM, _MPEG_VIDEO = "mpeg", "mpegvideo"
_PROGRAM_BEGINS = b"\x00\x00\x01\xba"
_BUFFER_BYTES = 1 << 17
_MOST_STREAMS = 64
_MOST_FAULTS = 200
# In others a track may begin anywhere, so that having seen none means little. (In Ogg too, but what
# players then play is the sound that Ogg usually is.)
_TELL_THEIR_TRACKS = {"mp4", "matroska", "avi", "ogg"}
# So much of the time goes to the film from its beginning; what is left, to looks at the rest.
_SHARE_IN_FULL = 0.75
_ENDS_EARLY_SECONDS = 1.0
_SUPPOSED_RATE = 25
_DEGREES = 90
_LUMA_FIRST = re.compile(r"(?:yuv[aj]?4\d\dp|gray|nv(?:12|16|21|24|42))(?:(9|10|12|14|16)le)?")
_RGB_TO_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_JPEG_RANGE = 2
_BITS = 8


@dataclass(slots=True)
class Frame:
    """A decoded picture of a film, valid until the next one is asked for.

    `number` counts those of its track; `seconds` are since the track's first.
    """

    track: int
    number: int
    seconds: float
    decoded: VideoFrame

    def plane(self) -> Plane:
        """The brightness of its points as decoded."""
        bits = _bits_of_luma(self.decoded.format.name)
        if bits is None:
            luma = (self.decoded.to_ndarray(format="rgb24") @ _RGB_TO_LUMA).round()
            height, width = luma.shape
            return Plane.of(luma.astype(np.uint8).ravel(), height, width, stride=width)
        # `planes` would make three of them, which takes longer than all else here.
        plane = VideoPlane(self.decoded, 0)
        # What a line takes is told as negative where the last line lies first.
        lines, whole = memoryview(plane), (plane.height, plane.width, abs(plane.line_size))
        if bits == _BITS:
            return Plane.of(np.frombuffer(lines, np.uint8), *whole)
        height, width, line_bytes = whole
        points = np.frombuffer(lines, np.uint16)
        return Plane.of(points, height, width, line_bytes // 2, bits - _BITS)

    def upright(self) -> Shades:
        """The luma from 0 to 255, turned as players show it."""
        shown = self.plane().shown(is_full_range=_is_full_range(self.decoded))
        return np.ascontiguousarray(np.rot90(shown, self.decoded.rotation // _DEGREES))


class Film:
    """An open film, read once from its beginning; afterwards it knows what was amiss."""

    def __init__(self, file: BinaryIO, *, found: str, limits: Limits) -> None:
        self._container = _opened(file, found=found, max_pixels=limits.max_pixels)
        self._budget = _Budget(limits.max_decoding_seconds, begun=thread_time())
        self._ends: dict[int, int] = {}
        self._faults = 0
        self.is_cut_short = False
        pictures = self._container.streams.video
        is_sound = bool(self._container.streams.audio) and FORMATS[found] in _TELL_THEIR_TRACKS
        self.has_no_pictures = not pictures and is_sound
        self._tracks = {
            stream.index: _Track(stream)
            for stream in pictures
            if _can_decode(stream, max_pixels=limits.max_pixels)
        }
        self._is_closed_to_us = len(self._tracks) < len(pictures)
        sizes = [track.pixels for track in self._tracks.values()]
        self.has_too_many_pixels = any(size > limits.max_pixels for size in sizes)

    def close(self) -> None:
        self._container.close()

    @property
    def is_damaged(self) -> bool:
        return self._faults > 0 or self._is_closed_to_us or self._ends_early()

    @property
    def rate(self) -> float:
        """Frames a second of the first track, as the file states it, or a usual one."""
        rates = (track.stream.average_rate for track in self._tracks.values())
        return float(next(rates, None) or _SUPPOSED_RATE)

    def frames(self) -> Iterator[Frame]:
        """Every frame of every track until the time for it is spent."""
        if self.has_too_many_pixels or not self._tracks:
            return
        for packet in self._packets():
            # An empty packet would tell the decoder that the film is over; players pass it over.
            if packet.size and packet.stream_index in self._tracks:
                yield from self._frames_in(packet, self._tracks[packet.stream_index])
            if self._budget.is_spent(share=_SHARE_IN_FULL):
                self.is_cut_short = True
                return
        for track in self._tracks.values():
            yield from self._frames_in(None, track)

    def looks_at_the_rest(self) -> Iterator[Frame]:
        """Key frames of the first track behind what was read, ever closer together."""
        track = next(iter(self._tracks.values()))
        begin, end = track.seconds, track.stated_seconds(self._container)
        seen: set[int | None] = set()
        for share, gap in _evenly():
            if self._budget.is_spent() or (end - begin) * gap < 1:
                return
            try:
                yield from self._look(track, at=begin + share * (end - begin), seen=seen)
            except CANNOT_DECODE:
                self._faults += 1
                if self._faults > _MOST_FAULTS:
                    return

    def _look(self, track: "_Track", *, at: float, seen: set[int | None]) -> Iterator[Frame]:
        stream = track.stream
        offset = int((at + track.began) / track.unit_seconds)
        self._container.seek(min(offset, 2**62), stream=stream)
        for packet in self._container.demux(stream):
            if packet.pts in seen:
                return
            seen.add(packet.pts)
            frames = [*stream.codec_context.decode(packet), *stream.codec_context.decode(None)]
            yield from (track.frame(frame) for frame in frames)
            return

    def _packets(self) -> "Iterator[Packet[Any]]":
        """What is in the file, in its order; a fault in it is passed over, as players do."""
        while self._faults <= _MOST_FAULTS:
            try:
                for packet in self._container.demux():
                    self._note_end(packet)
                    yield packet
                return
            except CANNOT_DECODE:
                self._faults += 1

    def _frames_in(self, packet: "Packet[Any] | None", track: "_Track") -> Iterator[Frame]:
        """The frames a packet completes; without one, those the decoder still holds."""
        try:
            for frame in track.stream.codec_context.decode(packet):
                self._faults += frame.is_corrupt
                yield track.frame(frame)
        except CANNOT_DECODE:
            self._faults += 1

    def _note_end(self, packet: "Packet[Any]") -> None:
        if packet.pts is not None:
            end, index = packet.pts + (packet.duration or 0), packet.stream_index
            if end > self._ends.get(index, -1):
                self._ends[index] = end

    def _ends_early(self) -> bool:
        """Whether the file says it is longer than it is."""
        streams = self._container.streams
        ends = {index: end * _unit_seconds(streams[index]) for index, end in self._ends.items()}
        for track in self._tracks.values():
            index, is_stated = track.stream.index, track.stream.duration is not None
            last = ends.get(index, 0.0) if is_stated else max(ends.values(), default=0.0)
            stated = track.stated_seconds(self._container) + track.began
            if not track.is_attached and stated > last + _ENDS_EARLY_SECONDS:
                return True
        return False


class _Track:
    """One stream of pictures, and how far in it we are."""

    def __init__(self, stream: VideoStream) -> None:
        self.stream = stream
        self.pixels = stream.codec_context.width * stream.codec_context.height
        self.is_attached = Disposition.attached_pic in stream.disposition
        self.unit_seconds = _unit_seconds(stream)
        self.began = 0.0
        self.seconds = 0.0
        self._count = 0

    def frame(self, decoded: VideoFrame) -> Frame:
        pts, number = decoded.pts, self._count
        time = number / _SUPPOSED_RATE if pts is None else pts * self.unit_seconds
        if number == 0:
            self.began = time
        self.seconds = max(0.0, time - self.began)
        self._count += 1
        return Frame(self.stream.index, number, self.seconds, decoded)

    def stated_seconds(self, container: InputContainer) -> float:
        if self.stream.duration is not None:
            return self.stream.duration * self.unit_seconds
        return (container.duration or 0) / av.time_base


def _unit_seconds(stream: Stream) -> float:
    """How long one unit of a stream's time stamps is."""
    return float(stream.time_base or Fraction(1, _SUPPOSED_RATE))


@dataclass(slots=True)
class _Budget:
    """Seconds of computing by this thread: of its own work, not of the time of day."""

    seconds: float
    begun: float

    def is_spent(self, *, share: float = 1.0) -> bool:
        return thread_time() - self.begun >= self.seconds * share


def _opened(file: BinaryIO, *, found: str, max_pixels: int) -> InputContainer:
    file.seek(0)
    name = FORMATS[found]
    if name == _MPEG_PROGRAM and file.read(4) != _PROGRAM_BEGINS:
        name = _MPEG_VIDEO
    file.seek(0)
    return av.open(
        file,
        mode="r",
        format=name,
        buffer_size=_BUFFER_BYTES,
        metadata_errors="replace",
        io_open=_open_nothing,
        options={"threads": "1", "max_pixels": str(max_pixels)},
        container_options={
            "codec_whitelist": ",".join(_CODECS),
            "protocol_whitelist": "none",
            "max_streams": str(_MOST_STREAMS),
            # What an edit list leaves out is in the file all the same, and some players show it.
            **({"ignore_editlist": "1"} if name == "mp4" else {}),
        },
    )


def _open_nothing(name: str, *_: object) -> NoReturn:
    raise PermissionError(f"a film may not open {name[:80]!r}")


def _can_decode(stream: VideoStream, *, max_pixels: int) -> bool:
    """Whether its decoder is one of ours; if so, it runs in this thread, on no larger picture."""
    context = stream.codec_context
    if context is None or context.name not in _CODECS:
        return False
    context.thread_count = 1
    context.options = {"max_pixels": str(max_pixels)}
    return True


@cache
def _bits_of_luma(format_name: str) -> int | None:
    """How many bits a point of the first plane has; None where that plane is not the luma."""
    known = _LUMA_FIRST.fullmatch(format_name)
    return None if known is None else int(known[1] or 8)


def _is_full_range(frame: VideoFrame) -> bool:
    name = frame.format.name
    has_luma = _bits_of_luma(name) is not None
    return not has_luma or frame.color_range == _JPEG_RANGE or name.startswith("yuvj")


def _evenly() -> Iterator[tuple[float, float]]:
    """Places between 0 and 1, evenly spread whenever one stops, and how far apart they are."""
    parts = 2
    while True:
        yield from ((place / parts, 1 / parts) for place in range(1, parts, 2))
        parts *= 2
