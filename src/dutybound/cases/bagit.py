"""A BagIt bag (RFC 8493) in a zip file: what is in it, its size and its SHA-512, for any tool.

Unpacked, `bagit.py --validate` of the Library of Congress says whether anything was changed.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from hashlib import sha512
from typing import IO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

PIECE = 64 * 1024
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SAFE_STEP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
LABEL = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
FILES_ONLY_READ = 0o600 << 16


class BadBag(ValueError):
    """What was given cannot be put into a bag; what was written of it is no bag."""


def write_bag(
    target: IO[bytes],
    *,
    name: str,
    made_at: datetime,
    info: Mapping[str, str],
    payload: Iterable[tuple[str, IO[bytes]]],
    tags: Iterable[tuple[str, bytes]] = (),
) -> str:
    """Write the bag as a zip; the answer is the SHA-512 of its last manifest, which seals it all.

    Each file is read once, in pieces, and closed. `tags` are files beside the payload. Names have
    only letters, digits and `._-/`, so that no system reads them in another way; raises BadBag.
    """
    with ZipFile(target, "w", ZIP_STORED) as archive:
        bag = _Bag(archive, folder=_checked(name), at=made_at)
        payload_digests: dict[str, str] = {}
        octets = 0
        for path, file in payload:
            _refuse_twice(path, payload_digests, prefix="data/")
            with closing(file):
                digest, size = bag.copy(f"data/{_checked(path)}", file)
            payload_digests[f"data/{path}"] = digest
            octets += size
        about = {
            "Bagging-Date": f"{made_at:%Y-%m-%d}",
            "Payload-Oxum": f"{octets}.{len(payload_digests)}",
            **info,
        }
        ours = [
            ("bagit.txt", DECLARATION),
            ("bag-info.txt", _lines(about)),
            ("manifest-sha512.txt", _manifest(payload_digests)),
        ]
        tag_digests: dict[str, str] = {}
        for path, content in (*ours, *tags):
            _refuse_twice(path, tag_digests)
            tag_digests[path] = bag.put(_checked(path), content)
        return bag.put("tagmanifest-sha512.txt", _manifest(tag_digests))


def safe_name(name: str) -> str:
    """A name for a file in a bag that still tells what it was called."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:60] or "file"


class _Bag:
    """A folder in an archive, with every file of one moment."""

    def __init__(self, archive: ZipFile, *, folder: str, at: datetime) -> None:
        self._archive, self._folder, self._at = archive, folder, at

    def copy(self, path: str, file: IO[bytes]) -> tuple[str, int]:
        digest, size = sha512(), 0
        with self._archive.open(self._entry(path), "w", force_zip64=True) as entry:
            while piece := file.read(PIECE):
                digest.update(piece)
                size += len(piece)
                entry.write(piece)
        return digest.hexdigest(), size

    def put(self, path: str, content: bytes) -> str:
        self._archive.writestr(self._entry(path), content)
        return sha512(content).hexdigest()

    def _entry(self, path: str) -> ZipInfo:
        entry = ZipInfo(f"{self._folder}/{path}", self._at.timetuple()[:6])
        entry.external_attr = FILES_ONLY_READ
        return entry


def _checked(path: str) -> str:
    if not all(SAFE_STEP.fullmatch(step) for step in path.split("/")):
        raise BadBag(f"expected letters, digits and ._-/ in the name of a file, got {path[:100]!r}")
    return path


def _refuse_twice(path: str, there: Mapping[str, str], *, prefix: str = "") -> None:
    if prefix + path in there:
        raise BadBag(f"{path} is there twice")


def _manifest(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode()


def _lines(info: Mapping[str, str]) -> bytes:
    """Labels and values, one a line: white space in a value becomes one blank."""
    for label in info:
        if not LABEL.fullmatch(label):
            raise BadBag(f"expected letters and hyphens in a label, got {label[:100]!r}")
    return "".join(
        f"{label}: {' '.join(value.split())}\n" for label, value in info.items()
    ).encode()
