"""Signals out of what a person hands in: a picture, which is hashed here and not kept."""

from typing import BinaryIO

from django.conf import settings

from dutybound.matching import LEAST_QUALITY, Limits, SignalKind, Unreadable, hash_media
from dutybound_server.banks.actions import NewSignal


class CannotUse(Exception):
    """No signal can be made of it; the sentence says why and what to do."""


def signals_of_picture(picture: BinaryIO, *, look_alikes: bool) -> list[NewSignal]:
    """The hash of the very file, or of each picture in it that can be told from others."""
    try:
        limits = Limits(max_bytes=settings.MAX_BODY, max_pixels=settings.MAX_PIXELS)
        hashes = hash_media(picture, id="picture", limits=limits)
    except Unreadable as problem:
        raise CannotUse(problem.sentence) from None
    if not look_alikes:
        return [NewSignal(SignalKind.SHA256, hashes.sha256)]
    detailed = [frame for frame in hashes.frames if frame.quality >= LEAST_QUALITY]
    if not detailed:
        raise CannotUse(
            f"{hashes.note or 'It is too plain to compare'}. "
            "You can add it as the very file instead."
        )
    return [NewSignal(SignalKind.PDQ, frame.hashes[0].hex()) for frame in detailed]
