"""A file is what its first bytes say, and may be declared as nothing else."""

import pytest

from dutybound.matching import is_what_it_says
from dutybound.matching.filetypes import type_of


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFX\0\0\0\0WEBPVP8 ", ""),
        (b"RIFF\0\0\0\0WAVE", "audio/wav"),
        (b"\0\0\0\x20ftypavif", "image/avif"),
        (b"\0\0\0\x18ftypheix", "image/heic"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"\0\0\0\x1cftypmiaf\0\0\0\0miafmif1avif", "image/heic"),
        (b"\0\0\0\x14ftypmiaf\0\0\0\0avif", "image/avif"),
        (b"\0\0\0\x14ftypisom\0\0\0\0mp42avif", "video/mp4"),
        (b"\0\0\0\x18free", "video/quicktime"),
        (b"\x03\0\0\0mdat", "video/quicktime"),
        (b"\0\0\1\1moov", "video/quicktime"),
        (b"for free, for all", ""),
        ((b"G" + bytes(187)) * 3, "video/mp2t"),
        ((b"\0\0\0\1G" + bytes(187)) * 3, "video/mp2t"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
        (b"\0\0\1\0\1\0", "image/x-icon"),
        (b"\xff\x0a\xfa", "image/jxl"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "image/svg+xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a --><!DOCTYPE svg>\n<SVG>", "image/svg+xml"),
        (b"<html><svg></svg></html>", ""),
        (b"%PDF-1.7", "application/pdf"),
        (b"MZ\x90", "application/x-msdownload"),
        (b"", ""),
        (b"hello", ""),
    ],
)
def test_a_type_is_told_by_the_first_bytes(head: bytes, media_type: str) -> None:
    assert type_of(head) == media_type


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ("", "image/png"),
        ("application/octet-stream", "image/png"),
        ("image/png", "image/png"),
        ("IMAGE/JPG; q=1", "image/jpeg"),
        ("video/quicktime", "video/mp4"),
        ("audio/webm", "video/webm"),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/zip",
        ),
        ("text/plain", ""),
        ("image/svg+xml", ""),
        ("image/svg+xml", "image/svg+xml"),
        ("text/xml", "image/svg+xml"),
    ],
)
def test_what_fits_may_pass(declared: str, found: str) -> None:
    assert is_what_it_says(declared=declared, found=found)


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ("image/png", "image/jpeg"),
        ("image/png", ""),
        ("text/plain", "image/png"),
        ("image/jpeg", "application/x-msdownload"),
        ("video/mp4", "image/gif"),
    ],
)
def test_what_is_something_else_may_not(declared: str, found: str) -> None:
    assert not is_what_it_says(declared=declared, found=found)
