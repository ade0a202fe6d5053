"""What is given to somebody outside: a zip with a manifest that names each file's SHA-256.

A case goes to an independent body that way, and an audit to its auditor. What is signed is one
short text about the manifest (`statement_of`); whoever has the signer's public key can tell that
nothing was changed, added or left out.
"""

import io
import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any

FORMAT = "dutybound case bundle 1"
AUDIT_FORMAT = "dutybound audit bundle 1"
MANIFEST, NOTE, KEY = "manifest.json", "signature.note", "key.txt"
MOST_FILES = MappingProxyType({FORMAT: 100, AUDIT_FORMAT: 60_000})
MOST_BYTES = MappingProxyType({FORMAT: 64 * 2**20, AUDIT_FORMAT: 512 * 2**20})
_NEVER = (1980, 1, 1, 0, 0, 0)
"""The time of every file: the same content gives the same bundle."""


class BadBundle(ValueError):
    """This is no bundle; the sentence says what was expected."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as it was read; `findings` say where its files are not what the manifest says."""

    manifest: Mapping[str, Any]
    digest: str
    """SHA-256 of the manifest."""
    statement: str
    note: str
    key: str
    """The key that came along, which proves nothing by itself; empty where none did."""
    files: Mapping[str, bytes]
    findings: tuple[str, ...]


def manifest_of(
    about: Mapping[str, Any], files: Mapping[str, bytes], *, layout: str = FORMAT
) -> bytes:
    """What the bundle is about, and each file by name, size and SHA-256."""
    listed = [
        {"name": name, "bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    ]
    return as_json({"format": layout, **about, "files": listed})


def statement_of(manifest: bytes, *, layout: str = FORMAT) -> str:
    """The text that the service signs for a manifest."""
    return f"{layout}\n{sha256(manifest).hexdigest()}\n"


def packed(files: Mapping[str, bytes], *, manifest: bytes, note: str, key: str) -> bytes:
    """The zip with all of it."""
    whole = {MANIFEST: manifest, NOTE: note.encode(), KEY: f"{key}\n".encode(), **files}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in whole.items():
            archive.writestr(zipfile.ZipInfo(name, _NEVER), one, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def opened(content: bytes, *, layout: str = FORMAT) -> Bundle:
    """Read a bundle and compare each file with its manifest; raises BadBundle.

    The signature is not looked at here: see `statement` and `note`.
    """
    files = dict(_files_in(content, layout))
    for name in (MANIFEST, NOTE):
        if name not in files:
            raise BadBundle(f"expected a file {name} in the bundle")
    manifest = files.pop(MANIFEST)
    try:
        note, key = files.pop(NOTE).decode(), files.pop(KEY, b"").decode().strip()
    except UnicodeDecodeError:
        raise BadBundle(f"expected text in {NOTE} and {KEY}") from None
    read = _read(manifest, layout)
    return Bundle(
        manifest=MappingProxyType(read),
        digest=sha256(manifest).hexdigest(),
        statement=statement_of(manifest, layout=layout),
        note=note,
        key=key,
        files=MappingProxyType(files),
        findings=tuple(_findings(read["files"], files)),
    )


def as_json(value: object) -> bytes:
    """JSON as the bundle's files are written: for people too."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def as_text(value: object, *, indent: str = "") -> str:
    """The same for reading: one line a value, a list's entries numbered."""
    if isinstance(value, Mapping):
        entries = [(str(name).replace("_", " "), one) for name, one in value.items()]
    elif isinstance(value, list):
        entries = [(f"{number}", one) for number, one in enumerate(value, 1)]
    else:
        return f"{value}\n"
    lines = []
    for name, one in entries:
        if isinstance(one, Mapping | list):
            inner = as_text(one, indent=indent + "  ") if one else f"{indent}  none\n"
            lines.append(f"{indent}{name}:\n{inner}")
        else:
            said = str("none" if one in {None, ""} else one).replace("\n", f"\n{indent}  ")
            lines.append(f"{indent}{name}: {said}\n")
    return "".join(lines)


NO_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What Python's zipfile raises for bytes that are none, or are damaged."""


def _files_in(content: bytes, layout: str) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _unpacked(archive, layout)
    except BadBundle:
        raise
    except NO_ZIP as problem:
        raise BadBundle(f"expected a zip that can be read: {problem}") from None


def _unpacked(archive: zipfile.ZipFile, layout: str) -> Iterator[tuple[str, bytes]]:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_FILES[layout] or len(names) != len(entries):
        raise BadBundle(f"expected at most {MOST_FILES[layout]:,} files, each once")
    left = MOST_BYTES[layout]
    for entry in entries:
        with archive.open(entry) as file:
            # Whatever the zip says of its size, no more than that is unpacked.
            one = file.read(left + 1)
        left -= len(one)
        if left < 0:
            raise BadBundle(f"expected at most {MOST_BYTES[layout]:,} bytes when unpacked")
        yield entry.filename, one


def _read(manifest: bytes, layout: str) -> dict[str, Any]:
    try:
        read = json.loads(manifest)
        listed = [(str(one["name"]), str(one["sha256"])) for one in read["files"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadBundle(f"expected JSON with a list of files in {MANIFEST}") from None
    if read.get("format") != layout or len({name for name, _ in listed}) != len(listed):
        raise BadBundle(f"expected the format {layout!r} and each file once in {MANIFEST}")
    return dict(read)


def _findings(listed: list[dict[str, Any]], files: Mapping[str, bytes]) -> Iterator[str]:
    named = {str(one["name"]): str(one["sha256"]) for one in listed}
    for name, digest in named.items():
        if name not in files:
            yield f"{name} is named in the manifest and missing."
        elif sha256(files[name]).hexdigest() != digest:
            yield f"{name} was changed: its SHA-256 is not the one in the manifest."
    for name in files.keys() - named.keys():
        yield f"{name} is not named in the manifest."
