"""What is compared with the banks: the words, links and hashes of one item."""

from dataclasses import dataclass
from enum import StrEnum


class Gap(StrEnum):
    """Why some of a file was not compared by likeness."""

    NONE = ""
    TOO_PLAIN = "too_plain"
    NOT_A_PICTURE = "not_a_picture"
    DAMAGED = "damaged"
    UNDECODED = "undecoded"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class FrameHashes:
    """PDQ of one picture: 8 hashes in the order of ORIENTATIONS, or only the first.

    A picture within plain bars has a second one, of what is inside them, with the same number.
    """

    number: int
    quality: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class MediaHashes:
    """The hashes of one file.

    `comparable` is False when some of what the file shows was not compared by likeness: then the
    exact hashes still work, no match does not mean clean, `gap` says why to a program, and `note`
    to people. In too plain a picture, and in what is no picture, PDQ has nothing to compare; any
    other gap could be one that somebody made on purpose.

    `content_type` is what the bytes are, whatever the file was called; empty when unknown.

    `is_fast` says that the frames are only near what is to be stored, banked or exchanged, and
    that `needs_exact_hash` must be asked before anything rests on them.
    """

    id: str
    sha256: str = ""
    md5: str = ""
    frames: tuple[FrameHashes, ...] = ()
    note: str = ""
    comparable: bool = True
    content_type: str = ""
    size: int = 0
    gap: Gap = Gap.NONE
    is_fast: bool = False

    @property
    def is_in_doubt(self) -> bool:
        """Whether some of it was not compared that could hide something; a person should look.

        A picture too plain, and what is no picture, have nothing to compare: that is an answer.
        """
        return not self.comparable and self.gap not in {Gap.TOO_PLAIN, Gap.NOT_A_PICTURE}


@dataclass(frozen=True, slots=True)
class Content:
    """All of one item that can be compared."""

    text: str = ""
    links: tuple[str, ...] = ()
    media: tuple[MediaHashes, ...] = ()
