"""From what a service sent to what is compared: files to hashes, addresses to files."""

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from time import monotonic
from typing import IO

from django.conf import settings

from dutybound.matching import (
    Content,
    FrameHashes,
    Limits,
    MediaHashes,
    Unreadable,
    hash_media,
    is_what_it_says,
)
from dutybound.matching.apart import Allowance, Decoders, not_compared
from dutybound_server.intake.fetch import CannotFetch, FetchLimits, fetch
from dutybound_server.intake.submissions import (
    BadSubmission,
    GivenHashes,
    Submission,
    SubmittedMedia,
)
from dutybound_server.people.models import Service

# What a file may take beyond the seconds of a film, on a machine that has other work.
_BESIDE_FILM_SECONDS = 40.0
# What the decoding process needs for itself, and for each pixel of the largest picture.
_BASE_BYTES, _PIXEL_BYTES = 1 << 30, 16


@dataclass(frozen=True, slots=True)
class Examined:
    """A medium with its hashes; `file` is what will be kept of it, open and rewound."""

    id: str
    content_type: str
    hashes: MediaHashes
    file: IO[bytes] | None = None
    doubt: str = ""
    """Why nobody can say by comparing that it is fine; empty when one can."""
    note: str = ""
    """What a reader of the answer should know about the comparison."""


def examine(submission: Submission, *, service: Service, files: ExitStack) -> tuple[Examined, ...]:
    """Hash every medium of a submission, fetching what is only an address.

    Raises BadSubmission for a file that is empty or not what it says. It may wait for other
    machines, so it is never called in a transaction.
    """
    until = monotonic() + settings.FILM_SECONDS + _BESIDE_FILM_SECONDS
    return tuple(
        _examine_one(media, place=f"media[{number}]", service=service, files=files, until=until)
        for number, media in enumerate(submission.media)
    )


def content_of(submission: Submission, examined: tuple[Examined, ...]) -> Content:
    """What of a submission is compared with the banks."""
    return Content(
        text=submission.text,
        links=submission.links,
        media=tuple(one.hashes for one in examined),
    )


def _examine_one(
    media: SubmittedMedia, *, place: str, service: Service, files: ExitStack, until: float
) -> Examined:
    if media.hashes is not None:
        hashes = _given(media.id, media.hashes)
        return Examined(media.id, media.content_type, hashes)
    if media.file is not None:
        return _sent(media, media.file, place, until)
    return _fetched(media, service, files, until)


def _given(media_id: str, given: GivenHashes) -> MediaHashes:
    frames = tuple(
        FrameHashes(number, pdq.quality, (pdq.hash,)) for number, pdq in enumerate(given.pdq)
    )
    return MediaHashes(id=media_id, sha256=given.sha256, md5=given.md5, frames=frames)


def _sent(media: SubmittedMedia, file: IO[bytes], place: str, until: float) -> Examined:
    try:
        hashes = _hashes(media, file, until)
    except Unreadable as refused:
        amount = "at least one byte"
        if refused.code == "too_large":
            amount = f"at most {settings.MAX_BODY:,} bytes"
        raise BadSubmission(f"{place}.data", f"expected {amount}") from None
    if not is_what_it_says(declared=media.content_type, found=hashes.content_type):
        expected = f"expected the type of the bytes, which are {_kind(hashes)}"
        raise BadSubmission(f"{place}.content_type", f"{expected}; got {media.content_type}")
    return _with_file(media, file, hashes)


def _fetched(media: SubmittedMedia, service: Service, files: ExitStack, until: float) -> Examined:
    limits = FetchLimits(max_bytes=settings.MAX_BODY)
    try:
        file = files.enter_context(fetch(media.url, hosts=service.media_hosts, limits=limits))
        hashes = _hashes(media, file, until)
    except (CannotFetch, Unreadable) as refused:
        doubt = f"Medium {media.id} could not be fetched: {refused}"
        return Examined(media.id, media.content_type, MediaHashes(id=media.id), doubt=doubt)
    if not is_what_it_says(declared=media.content_type, found=hashes.content_type):
        said = f"Medium {media.id} is called {media.content_type}"
        doubt = f"{said}, and its bytes are {_kind(hashes)}."
        return Examined(media.id, hashes.content_type, hashes, file, doubt=doubt)
    return _with_file(media, file, hashes)


def _hashes(media: SubmittedMedia, file: IO[bytes], until: float) -> MediaHashes:
    """The hashes of a file; only the exact ones once the time of its item is over.

    So no item keeps others from being decoded for longer, however many files it has.
    """
    limits = Limits(
        max_bytes=settings.MAX_BODY,
        max_pixels=settings.MAX_PIXELS,
        max_decoding_seconds=settings.FILM_SECONDS,
    )
    hash_it = decoders().hash_media
    if monotonic() > until:
        hash_it = partial(hash_media, compare=not_compared)
    return hash_it(
        file,  # type: ignore[arg-type]
        id=media.id,
        content_type=media.content_type,
        limits=limits,
    )


@cache
def decoders() -> Decoders:
    """Where files of strangers are decoded: never in the process that holds the keys."""
    memory_bytes = _BASE_BYTES + _PIXEL_BYTES * settings.MAX_PIXELS
    seconds = settings.FILM_SECONDS + _BESIDE_FILM_SECONDS
    return Decoders(allowance=Allowance(memory_bytes=memory_bytes, seconds=seconds))


def _with_file(media: SubmittedMedia, file: IO[bytes], hashes: MediaHashes) -> Examined:
    said = f"Medium {media.id}: {hashes.note}" if hashes.note else ""
    return Examined(
        media.id,
        hashes.content_type or media.content_type,
        hashes,
        file,
        doubt=said if hashes.is_in_doubt else "",
        note="" if hashes.is_in_doubt else said,
    )


def _kind(hashes: MediaHashes) -> str:
    return hashes.content_type or "not a picture, video or sound we know"
