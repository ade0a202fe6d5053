"""A folder of files in one: each with its digest, and how anybody checks them. Always the same."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType

from dutybound.evidence.tables import as_json

MANIFEST, SUMS, HOW = "manifest.json", "SHA256SUMS", "HOW-TO-VERIFY.txt"
_OLDEST = 1980
"""ZIP knows no year before."""

_HOW = """\
How to check these files
========================

1. That the files are the ones that were packed. In this folder:

       sha256sum --check SHA256SUMS

   (on a Mac: shasum -a 256 --check SHA256SUMS)

2. That the pack is the one that was journalled. {content} is what it was made from. The SHA-256 of
   that file's JSON as RFC 8785 writes it is the digest that the journal's entry
   `publication.made` holds; a line of Python prints it:

       python3 -c "import hashlib, json, rfc8785; print(hashlib.sha256(
           rfc8785.dumps(json.load(open('{content}')))).hexdigest())"

   Its part "files" has the digest of each file of the pack but itself and those of step 1.

3. That the journal was not changed since. Ask for its files, or take them from its address, and
   run, with `pip install dutybound` on any machine:

       dutybound verify-journal FOLDER

   {head}
"""


def pack(files: Mapping[str, bytes], *, dated: datetime, content: str, head: str) -> bytes:
    """The files as one ZIP file, the same bytes for the same arguments on every machine.

    Nothing is compressed: how well that is done differs between machines. `content` names the file
    that the pack was made from; `head` says which head of the journal it stands on.
    """
    sums = digests_of(files)
    listed = {name: {"sha256": digest, "size": len(files[name])} for name, digest in sums.items()}
    everything = {
        **files,
        MANIFEST: as_json({"made_at": dated.isoformat(), "files": listed}),
        SUMS: "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode(),
        HOW: _HOW.format(content=content, head=head).encode(),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(everything):
            archive.writestr(_entry(name, dated=dated), everything[name])
    return file.getvalue()


def digests_of(files: Mapping[str, bytes]) -> Mapping[str, str]:
    """The SHA-256 of each file, by name, in the order of the names."""
    return MappingProxyType({name: sha256(files[name]).hexdigest() for name in sorted(files)})


def _entry(name: str, *, dated: datetime) -> zipfile.ZipInfo:
    if name.startswith("/") or ".." in name.split("/") or "\\" in name:
        raise ValueError(f"expected a name within the pack, got {name!r}")
    day = (max(dated.year, _OLDEST), dated.month, dated.day, dated.hour, dated.minute, 0)
    entry = zipfile.ZipInfo(name, date_time=day)
    entry.create_system = 3  # Unix, wherever it is made
    entry.external_attr = 0o644 << 16
    return entry
