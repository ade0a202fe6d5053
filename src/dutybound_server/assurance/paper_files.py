"""Files of governance documents: which kinds are taken, told from what is in them."""

import html
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import IO

from dutybound.evidence.reading import grade_of
from dutybound.matching.filetypes import HEAD_BYTES, type_of
from dutybound_server.lib.refusals import FieldRefused

LARGEST = 20 * 1024 * 1024
PIECE = 64 * 1024
PLAIN, MARKDOWN = "text/plain", "text/markdown"
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": PLAIN,
    "md": MARKDOWN,
}
"""What is taken, by the ending of its name."""
COUNTED: Mapping[str, Callable[[str], float | None]] = {
    "words": lambda text: len(text.split()),
    "grade": grade_of,
}
"""What is counted in the text of each document, by the name under which its version keeps it."""
_PARTS = {"docx": "word/document.xml", "odt": "content.xml"}
"""The part of each kind of zip file that holds its words."""
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""How writers of documents pack them; other ways ask for memory that the file alone decides."""
_UNREADABLE = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError)
_END_OF_PARAGRAPH = re.compile(r"</(?:w:p|text:p|text:h)>")
_TAG = re.compile(r"<[^<>]*>")


class PaperRefused(FieldRefused):
    """A document, or a file of one, that cannot be taken; `field` is what to change."""


def content_type_of(file: IO[bytes], *, name: str) -> str:
    """What the file is, by its name and its bytes together; raises PaperRefused."""
    ending = name.rpartition(".")[2].lower()
    if ending not in TYPES:
        kinds = ", ".join(sorted(TYPES))
        raise PaperRefused("file", f"A document is a file of one of these kinds: {kinds}.")
    file.seek(0)
    found = type_of(file.read(HEAD_BYTES))
    is_it = _is_text(file) and not found if ending in {"txt", "md"} else _is(ending, file, found)
    if not is_it:
        raise PaperRefused("file", f"The file is called .{ending} and is something else inside.")
    return TYPES[ending]


def measured(file: IO[bytes]) -> tuple[int, str]:
    """Size and SHA-256; raises PaperRefused for a file that is empty or too large."""
    file.seek(0)
    size, digest = 0, sha256()
    while piece := file.read(PIECE):
        size += len(piece)
        digest.update(piece)
        if size > LARGEST:
            raise PaperRefused("file", f"A file may have up to {LARGEST // 1024 // 1024} MB.")
    if size == 0:
        raise PaperRefused("file", "The file is empty.")
    return size, digest.hexdigest()


def figures_in(file: IO[bytes], *, content_type: str) -> dict[str, float]:
    """What is counted in a document when it comes; nothing where its text cannot be read."""
    text = text_of(file, content_type=content_type)
    if text is None:
        return {}
    counted = {name: count(text) for name, count in COUNTED.items()}
    return {name: value for name, value in counted.items() if value is not None}


def text_of(file: IO[bytes], *, content_type: str) -> str | None:
    """The words of a document; None of a PDF, and of a file that does not open."""
    file.seek(0)
    if content_type in {PLAIN, MARKDOWN}:
        return file.read(LARGEST).decode()
    part = next((_PARTS[name] for name in _PARTS if TYPES[name] == content_type), None)
    if part is None:
        return None
    try:
        with zipfile.ZipFile(file) as packed:
            if packed.getinfo(part).compress_type not in _PACKED:
                return None
            with packed.open(part) as words:
                # A small file can unpack to gigabytes.
                xml = words.read(LARGEST).decode()
    except (*_UNREADABLE, KeyError, RuntimeError, UnicodeDecodeError):
        return None
    return html.unescape(_TAG.sub("", _END_OF_PARAGRAPH.sub("\n", xml)))


def _is(ending: str, file: IO[bytes], found: str) -> bool:
    if ending == "pdf":
        return found == TYPES["pdf"]
    return found == "application/zip" and _PARTS[ending] in _names_in(file)


def _names_in(file: IO[bytes]) -> frozenset[str]:
    """Names of the files in a zip; nothing in it is unpacked."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            return frozenset(packed.namelist())
    except _UNREADABLE:
        return frozenset()


def _is_text(file: IO[bytes]) -> bool:
    file.seek(0)
    try:
        return "\0" not in file.read(LARGEST + 1).decode()
    except UnicodeDecodeError:
        return False
