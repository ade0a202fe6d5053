"""How the body of a request is read: bounded, by pieces, and never as a whole."""

import binascii
from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from dutybound_server.api.problems import Problem, wrong_field
from dutybound_server.lib.spooled_json import Aside

PIECE = 64 * 1024
NOT_BASE64 = "expected base64 of the standard alphabet with its padding, without line breaks"


def check_length(request: HttpRequest) -> None:
    """Refuse a body that is too large before any of it is read."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length and "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise Problem(411, "Send the body with a Content-Length.")
    if length.isdecimal() and int(length) > settings.MAX_BODY:
        mebibytes = settings.MAX_BODY // 1024 // 1024
        raise Problem(413, f"expected at most {mebibytes} MiB")


def body_pieces(request: HttpRequest) -> Iterator[bytes]:
    """The body as it arrives."""
    while piece := request.read(PIECE):
        yield piece


def spooled_lines(
    request: HttpRequest, *, files: ExitStack
) -> Iterator[tuple[int, Iterator[bytes]]]:
    """The lines of a body that are not blank, numbered, each by pieces, once all has arrived.

    Who sends a long body reads no answer before it is sent. Answering while it still arrives
    would fill the way back, and then both sides would wait for each other.
    """
    body = spooled(files)
    for piece in body_pieces(request):
        body.write(piece)
    body.seek(0)
    return _lines(body)


def _lines(body: IO[bytes]) -> Iterator[tuple[int, Iterator[bytes]]]:
    number = 0
    while first := body.readline(PIECE):
        number += 1
        rest = _rest_of_line(body, first)
        if first.strip():
            yield number, rest
        for _ in rest:
            # What a refused line left unread is no line of its own.
            pass


def _rest_of_line(body: IO[bytes], piece: bytes) -> Iterator[bytes]:
    yield piece
    while piece and not piece.endswith(b"\n"):
        piece = body.readline(PIECE)
        yield piece


class SpooledUploads(FileUploadHandler):
    """Uploads go to temporary files without a name: a kill leaves no plain picture behind."""

    def __init__(self, request: HttpRequest, files: ExitStack) -> None:
        super().__init__(request)
        self._files = files

    def new_file(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - Django's signature
        super().new_file(*arguments, **named)
        self._file: IO[bytes] = spooled(self._files)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self._file.seek(0)
        return UploadedFile(
            file=self._file,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )


def decoded(base64: str | Aside, *, field: str, files: ExitStack) -> IO[bytes]:
    """What a base64 string holds, in a spooled file; raises a Problem that names the field."""
    file = spooled(files)
    try:
        for quads in _whole_quads(_unescaped(_base64_pieces(base64))):
            file.write(binascii.a2b_base64(quads, strict_mode=True))
    except binascii.Error:
        raise wrong_field(field, NOT_BASE64) from None
    file.seek(0)
    return file


def spooled(files: ExitStack) -> IO[bytes]:
    """A temporary file without a name, closed with `files`."""
    return files.enter_context(SpooledTemporaryFile(1024 * 1024))


def _base64_pieces(base64: str | Aside) -> Iterator[bytes]:
    if isinstance(base64, str):
        yield base64.encode()
        return
    base64.content.seek(0)
    while piece := base64.content.read(PIECE):
        yield piece


def _unescaped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """PHP writes `/` as `\\/` in JSON; no other escape has a place in base64."""
    backslash = b""
    for piece in pieces:
        text = backslash + piece
        backslash = text[-1:] if text.endswith(b"\\") else b""
        yield text.removesuffix(b"\\").replace(b"\\/", b"/")
    yield backslash


def _whole_quads(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same text in pieces that can be decoded one by one; padding only in the last."""
    rest = b""
    for piece in pieces:
        # Four characters stay behind, since only the end may be padded.
        text = rest + piece
        whole = max(len(text) - 4, 0) // 4 * 4
        if b"=" in text[:whole]:
            raise binascii.Error("padding before the end")
        yield text[:whole]
        rest = text[whole:]
    yield rest
