"""What is compared with the banks: the words, links and hashes of one item."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrameHashes:
    """PDQ of one picture: 8 hashes in the order of ORIENTATIONS, or only the first."""

    number: int
    quality: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class MediaHashes:
    """The hashes of one file.

    `comparable` is False when some of what the file shows could not be compared by likeness:
    then the exact hashes still work, no match does not mean clean, and `note` says why.
    `content_type` is what the bytes are, whatever the file was called; empty when unknown.
    """

    id: str
    sha256: str = ""
    md5: str = ""
    frames: tuple[FrameHashes, ...] = ()
    note: str = ""
    comparable: bool = True
    content_type: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """All of one item that can be compared."""

    text: str = ""
    links: tuple[str, ...] = ()
    media: tuple[MediaHashes, ...] = ()
