"""What a worker does with a batch: hash, compare, and write what there is to tell as lines."""

import json
import os
import stat
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import BinaryIO

from dutybound.cli.scanning.subjects import File, Subject, Unread
from dutybound.matching import (
    FAST_MARGIN,
    LEAST_QUALITY,
    Content,
    FrameHashes,
    Gap,
    Match,
    Matcher,
    MediaHashes,
    Unreadable,
    Verdict,
    judge,
    needs_exact_hash,
)
from dutybound.matching.apart import Decoders

TOO_PLAIN = f"Its quality is under {LEAST_QUALITY}: it is too plain to compare by likeness."
LOST = "It could not be compared: the process that read it died, twice."
NOT_A_FILE = "it is no file with content"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a batch: lines for what matched or was not compared, and how many of each."""

    seen: int = 0
    matched: int = 0
    uncompared: int = 0
    lines: tuple[str, ...] = ()

    def __add__(self, other: "Told") -> "Told":
        """Both, one after the other."""
        return Told(
            self.seen + other.seen,
            self.matched + other.matched,
            self.uncompared + other.uncompared,
            self.lines + other.lines,
        )


def compare(subjects: Sequence[Subject], matcher: Matcher) -> Told:
    """Hash what is not hashed yet, and compare all of it with the banks in one search."""
    return _compared([_read(subject, decoders().hash_media) for subject in subjects], matcher)


def compare_fast(subjects: Sequence[Subject], matcher: Matcher) -> Told:
    """The same answers: what a fast hash shows to be near nothing needs no exact one."""
    screened = [_read(subject, decoders().screen_media) for subject in subjects]
    return _compared(
        [
            _read(subject, decoders().hash_media) if _may_match(each, matcher) else each
            for subject, each in zip(subjects, screened, strict=True)
        ],
        matcher,
    )


def _may_match(read: MediaHashes | Unread, matcher: Matcher) -> bool:
    if isinstance(read, Unread) or not read.is_fast:
        return False
    return needs_exact_hash(read, matcher.match(Content(media=(read,)), margin=FAST_MARGIN))


def _compared(read: Sequence[MediaHashes | Unread], matcher: Matcher) -> Told:
    verdicts = _verdicts([each for each in read if isinstance(each, MediaHashes)], matcher)
    return _told(
        [_as_unread(each) if isinstance(each, Unread) else next(verdicts) for each in read]
    )


def lost(subject: Subject) -> Told:
    """What is told of a subject whose reader died over it."""
    name = subject.path if isinstance(subject, File) else subject.id
    return _told([_as_unread(Unread(name, LOST))])


@dataclass(frozen=True, slots=True)
class _Answer:
    """What there is to say about one subject; without a verdict it was not compared at all."""

    id: str
    verdict: Verdict | None
    note: str
    is_in_doubt: bool = False


def _as_unread(subject: Unread) -> _Answer:
    return _Answer(subject.id, None, subject.note, is_in_doubt=True)


def _told(answers: Sequence[_Answer]) -> Told:
    """The lines worth writing: whoever scans millions wants none for each that is clean."""
    return Told(
        seen=len(answers),
        matched=sum(each.verdict is not None and bool(each.verdict.kept) for each in answers),
        uncompared=sum(each.is_in_doubt for each in answers),
        lines=tuple(
            _as_json(each)
            for each in answers
            if each.note or (each.verdict is not None and each.verdict.reasons)
        ),
    )


def _as_json(answer: _Answer) -> str:
    """The same line that `match --json` gives."""
    verdict = answer.verdict or Verdict("")
    return json.dumps(
        {
            "file": answer.id,
            "verdict": verdict.outcome or None,
            "matches": [asdict(match) for match in verdict.kept],
            "set_aside": [asdict(match) for match in verdict.set_aside],
            "reasons": verdict.reasons,
            "note": answer.note,
        }
    )


def _read(subject: Subject, hash_file: Callable[..., MediaHashes]) -> MediaHashes | Unread:
    if isinstance(subject, Unread):
        return subject
    if isinstance(subject, File):
        return _hashed(subject, hash_file)
    frame = FrameHashes(0, subject.quality, (subject.pdq,))
    if subject.quality >= LEAST_QUALITY:
        return MediaHashes(subject.id, frames=(frame,))
    return MediaHashes(
        subject.id, frames=(frame,), note=TOO_PLAIN, comparable=False, gap=Gap.TOO_PLAIN
    )


def _hashed(file: File, hash_file: Callable[..., MediaHashes]) -> MediaHashes | Unread:
    try:
        with _opened(file) as content:
            return hash_file(content, id=file.path)
    except Unreadable as reason:
        return Unread(file.path, reason.sentence)
    except OSError as error:
        return Unread(file.path, f"It could not be read: {error.strerror or error}.")


@cache
def decoders() -> Decoders:
    """Where this worker's files are decoded: one that hangs or crashes must not stop a scan."""
    return Decoders(most=1)


def _opened(file: File) -> BinaryIO:
    """The file, if it still is one: it may have become a link or a pipe since it was listed."""
    follow = 0 if file.was_named else os.O_NOFOLLOW
    # Opening a pipe without this would wait until somebody writes to it.
    descriptor = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK | follow)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(NOT_A_FILE)
    return open(descriptor, "rb")  # noqa: PTH123 - a descriptor, not a path


def _verdicts(hashed: Sequence[MediaHashes], matcher: Matcher) -> Iterator[_Answer]:
    # Searched under their places, since a list may name the same file or id twice.
    placed = tuple(replace(each, id=str(place)) for place, each in enumerate(hashed))
    met: dict[str | None, list[Match]] = defaultdict(list)
    for match in matcher.match(Content(media=placed)):
        met[match.media].append(match)
    for place, each in enumerate(hashed):
        matches = [replace(match, media=each.id) for match in met[str(place)]]
        yield _Answer(each.id, judge(matches), each.note, each.is_in_doubt)
