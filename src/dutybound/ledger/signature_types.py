"""What a line of signature can be: the type bytes that C2SP assigned, and what each one signs.

c2sp.org/signed-note lists the types, c2sp.org/tlog-cosignature tells of those that carry a time.
"""

import re
import struct
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

TIME = struct.Struct(">Q")
LATEST = 2**63 - 1
LONGEST_NAME = 255
_HEAD = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")

Secret = Ed25519PrivateKey | MLDSA44PrivateKey
Message = Callable[[str, str, int], bytes]
"""(text of the note, signer's name, seconds since 1970) → the bytes that are signed"""


class SignatureType(IntEnum):
    """The byte that a verifier key begins with."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    ML_DSA_44 = 0x06


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one type of signature is made and verified."""

    words: str
    public_bytes: int
    signature_bytes: int
    has_time: bool
    """Whether eight bytes of time stand before the signature, and are signed with it."""
    message: Message
    verify: Callable[[bytes, bytes, bytes], None]
    """(public key, signature, message); raises InvalidSignature."""


def _whole_text(text: str, _name: str, _at: int) -> bytes:
    return text.encode()


def _text_and_time(text: str, _name: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _tree_and_time(text: str, name: str, at: int) -> bytes:
    """The `cosigned_message` of a whole tree; raises ValueError if the text is no checkpoint."""
    head = _HEAD.match(text)
    if not head:
        raise ValueError("an ML-DSA-44 signature is over a checkpoint, and this is none")
    names = (name.encode(), head[1].encode())
    if any(len(one) > LONGEST_NAME for one in names):
        raise ValueError(f"a name of more than {LONGEST_NAME} bytes cannot be signed with ML-DSA")
    signer, origin = (bytes([len(one)]) + one for one in names)
    return b"".join(
        (b"subtree/v1\n\0", signer, TIME.pack(at), origin, TIME.pack(0), TIME.pack(int(head[2])))
    ) + b64decode(head[3])


def _verify_ed25519(public: bytes, signature: bytes, message: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(public).verify(signature, message)


def _verify_ml_dsa_44(public: bytes, signature: bytes, message: bytes) -> None:
    MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)


SCHEMES = MappingProxyType(
    {
        SignatureType.ED25519: Scheme(
            "Ed25519", 32, 64, has_time=False, message=_whole_text, verify=_verify_ed25519
        ),
        SignatureType.ED25519_COSIGNATURE: Scheme(
            "Ed25519 with a time", 32, 64,
            has_time=True, message=_text_and_time, verify=_verify_ed25519,
        ),
        SignatureType.ML_DSA_44: Scheme(
            "ML-DSA-44 with a time", 1312, 2420,
            has_time=True, message=_tree_and_time, verify=_verify_ml_dsa_44,
        ),
    }
)  # fmt: skip
