"""What a file is, told from its first bytes and not from its name."""

import re

HEAD_BYTES = 1024

# (offset, bytes, media type); the first that fits is it.
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypavis", "image/avif"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftyphev", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypmsf1", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"\xff\x4f\xff\x51", "image/jp2"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\x00\x00\x01\xba", "video/mpeg"),
    (0, b"\x00\x00\x01\xb3", "video/mpeg"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"MZ", "application/x-msdownload"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"BM", "image/bmp"),
    # Browsers show these too, so they must not pass for what is no picture.
    (0, b"\x00\x00\x01\x00", "image/x-icon"),
    (0, b"\x00\x00\x02\x00", "image/x-icon"),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (0, b"\xff\x0a", "image/jxl"),
)
# A film need not begin with a box that names its brand. The length of its first box is before the
# box's name; no text begins with such bytes.
_QUICKTIME = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f].{3}(?:moov|mdat|free|skip|wide|pnot|styp|uuid)", re.DOTALL
)
# Packets of 188 bytes that each begin with 0x47; recorders put four bytes before each.
_TRANSPORT_STREAM = re.compile(rb"(?:G.{187}){3}|(?:.{4}G.{187}){3}", re.DOTALL)
# What was taken is never given back (`(?>`, `*+`), or a hostile head would be tried in every way.
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>)*+<svg[\s>/]",
    re.DOTALL | re.IGNORECASE,
)
# Of a container of this kind, what it can be shown as stands in its list of brands.
_BRANDS_OF_PICTURES = {
    b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"heix": "image/heic",
    b"mif1": "image/heic", b"msf1": "image/heic",
}  # fmt: skip
_BRAND_BYTES = 4
_IN_RIFF = {"image/webp", "video/x-msvideo", "audio/wav"}
_ALSO_CALLED = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/apng": "image/png",
    "image/x-png": "image/png",
    "image/heif": "image/heic",
    "image/x-ms-bmp": "image/bmp",
    "image/vnd.microsoft.icon": "image/x-icon",
    "image/jpx": "image/jp2",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/mp3": "audio/mpeg",
    "audio/x-flac": "audio/flac",
    "video/avi": "video/x-msvideo",
    "video/x-ms-wmv": "video/x-ms-asf",
    "audio/x-ms-wma": "video/x-ms-asf",
    "video/vnd.dlna.mpeg-tts": "video/mp2t",
    # One container each; the bytes at the front do not tell which of these is inside.
    "video/quicktime": "video/mp4",
    "video/x-m4v": "video/mp4",
    "video/3gpp": "video/mp4",
    "audio/mp4": "video/mp4",
    "audio/x-m4a": "video/mp4",
    "video/x-matroska": "video/webm",
    "audio/webm": "video/webm",
    "video/ogg": "audio/ogg",
    "application/ogg": "audio/ogg",
}
_KNOWN = {*(media_type for _, _, media_type in _MAGIC), "video/mp2t"}
_MP4, _SVG_TYPE = "video/mp4", "image/svg+xml"
_BY_PATTERN = (
    (_QUICKTIME, "video/quicktime"),
    (_TRANSPORT_STREAM, "video/mp2t"),
    (_SVG, _SVG_TYPE),
)
_SAYS_NOTHING = {"", "application/octet-stream", "binary/octet-stream"}
_MAY_BE_SVG = {"text/plain", "text/xml", "application/xml"}
_ARE_ZIP_FILES = ("application/vnd.", "application/epub", "application/java", "application/x-zip")


def type_of(head: bytes) -> str:
    """The media type the first bytes of a file tell, or empty."""
    for offset, magic, media_type in _MAGIC:
        if head.startswith(magic, offset) and (
            media_type not in _IN_RIFF or head.startswith(b"RIFF")
        ):
            return _picture_of_brands(head) or media_type if media_type == _MP4 else media_type
    return next((media_type for pattern, media_type in _BY_PATTERN if pattern.match(head)), "")


def _picture_of_brands(head: bytes) -> str:
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = (head[at : at + _BRAND_BYTES] for at in range(8, end, _BRAND_BYTES))
    return next(
        (_BRANDS_OF_PICTURES[brand] for brand in brands if brand in _BRANDS_OF_PICTURES), ""
    )


def is_what_it_says(*, declared: str, found: str) -> bool:
    """Whether a file found to be of one type may have been sent as another.

    What was declared as a type we can tell by its bytes must be that type. What we cannot tell
    may be anything that we could not have told.
    """
    said = declared.split(";", 1)[0].strip().lower()
    if said in _SAYS_NOTHING:
        return True
    if found == _SVG_TYPE and said in _MAY_BE_SVG:
        return True
    if found == "application/zip" and said.startswith(_ARE_ZIP_FILES):
        return True
    said, told = _ALSO_CALLED.get(said, said), _ALSO_CALLED.get(found, found)
    return said == told or (not found and said not in _KNOWN)
