"""Reports of intimate images (s.20A): what is declared, what they look like, and their banks."""

from collections.abc import Iterator
from dataclasses import dataclass

from dutybound.matching import SignalKind
from dutybound.matching.pdq import LEAST_QUALITY
from dutybound_server.casework.hearing import GivenHash, Problem, Told
from dutybound_server.casework.models import Concern
from dutybound_server.items.models import Item, Media

REPORTED, UPHELD = "intimate-reported", "intimate-upheld"
"""Banks of a service: pictures somebody reported, and those a person found to be intimate."""
RESERVED = frozenset({REPORTED, UPHELD})
INTIMATE = "iia"
"""The kind of harm, in the register."""

SUBJECT, AGENT = "subject", "agent"
"""Who may report: the person in the picture, or somebody who acts for them."""
MOST_FRAMES = 60
"""Of a film, so many of its pictures are looked for elsewhere."""
PDQ_BYTES = 32
EXACT = 100
"""The quality of a hash that is of the very file."""


def declaration_problems(told: Told) -> Iterator[Problem]:
    """What s.20A asks of the person and the report leaves out.

    `answers` has `role` (subject or agent), `is_intimate` and `no_consent` (true).
    """
    if told.answers.get("role") not in {SUBJECT, AGENT}:
        yield "role", "Say if this is you, or if you act for the person it shows."
    if told.answers.get("is_intimate") is not True:
        yield "is_intimate", "Say that the picture or video is intimate."
    if told.answers.get("no_consent") is not True:
        yield "no_consent", "Say that the person it shows did not agree to it being shared."
    if not (told.subjects or told.hashes):
        yield "subjects", "Tell us where it is, or add the picture to look for."


def hashes_of(item: Item) -> Iterator[GivenHash]:
    """What each file of the item looks like, and what each is exactly."""
    for media in item.media.order_by("id").prefetch_related("frames"):
        yield from hashes_of_media(media)


def hashes_of_media(media: Media) -> Iterator[GivenHash]:
    """PDQ of the picture, or of pictures all along the film, and the SHA-256 of the file.

    A picture too plain for PDQ, and a film that none can be taken of, is found by the latter alone.
    """
    frames = [frame for frame in media.frames.order_by("number") if frame.quality >= LEAST_QUALITY]
    step = -(-len(frames) // MOST_FRAMES) or 1
    for frame in frames[::step]:
        value = bytes(frame.hashes)[:PDQ_BYTES].hex()
        yield GivenHash(value, frame.quality, came_from="item")
    if media.sha256:
        yield GivenHash(media.sha256, EXACT, came_from="item", kind=SignalKind.SHA256)


@dataclass(frozen=True, slots=True)
class Picture:
    """One of several pictures of a reported item, and what it looks like."""

    media: Media
    values: frozenset[str]


def pictures_among(concern: Concern) -> list[Picture]:
    """Pictures of reported items that have several, of which a person can say which is meant."""
    reported = concern.hashes.filter(came_from="item").values_list("value", flat=True)
    known, found = set(reported), list[Picture]()
    for subject in (
        concern.subjects.filter(item__isnull=False).select_related("item").order_by("id")
    ):
        several = list(subject.item.media.order_by("id")) if subject.item else []
        for media in several if len(several) > 1 else []:
            values = known & {one.value for one in hashes_of_media(media)}
            if values and all(values != one.values for one in found):
                found.append(Picture(media, frozenset(values)))
    return found
