"""The bytes that a document is, and their digest: the same here, in OSCAL and in the journal."""

from hashlib import sha256

import rfc8785

from dutybound.risk.document import Assessment


def content_of(assessment: Assessment) -> bytes:
    """The document as canonical JSON (RFC 8785): the same bytes for the same document."""
    return rfc8785.dumps(assessment.as_json())


def digest_of(assessment: Assessment) -> str:
    """The SHA-256 of its canonical JSON, in hex."""
    return sha256(content_of(assessment)).hexdigest()
