"""The folder of a witness: its name, and two keys that are made once."""

import re
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from dutybound.ledger.notes import Signer
from dutybound.ledger.signature_types import LONGEST_NAME, Secret, SignatureType

NAME, ED25519, ML_DSA = "name", "witness.key", "witness-mldsa.key"


class BadFolder(ValueError):
    """The folder is not one of a witness, or cannot become one."""


def make(folder: Path, *, name: str) -> None:
    """A folder with new keys, all of it or nothing; raises BadFolder."""
    if not name or "+" in name or re.search(r"\s", name) or len(name.encode()) > LONGEST_NAME:
        raise BadFolder(f"a witness has a name such as witness.example.org, not {name!r}")
    if folder.exists() and any(folder.iterdir()):
        raise BadFolder(f"{folder} is not empty; name a new folder")
    draft = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}")
    draft.mkdir(parents=True, mode=0o700)
    for file, content in (
        (NAME, f"{name}\n".encode()),
        (ED25519, _pem(Ed25519PrivateKey.generate())),
        (ML_DSA, _pem(MLDSA44PrivateKey.generate())),
    ):
        (draft / file).touch(mode=0o600)
        (draft / file).write_bytes(content)
    if folder.exists():
        folder.rmdir()
    draft.rename(folder)


def signers_in(folder: Path) -> tuple[Signer, Signer]:
    """Who signs, with Ed25519 and with ML-DSA-44; raises BadFolder."""
    try:
        name = (folder / NAME).read_text().strip()
        ed25519, ml_dsa = (_secret(folder / file) for file in (ED25519, ML_DSA))
    except (OSError, ValueError) as problem:
        raise BadFolder(f"{folder} has no witness in it (dutybound witness init): {problem}") from (
            None
        )
    if not isinstance(ed25519, Ed25519PrivateKey) or not isinstance(ml_dsa, MLDSA44PrivateKey):
        raise BadFolder(f"the keys in {folder} are not those that a witness has")
    return (
        Signer(name, ed25519, SignatureType.ED25519_COSIGNATURE),
        Signer(name, ml_dsa, SignatureType.ML_DSA_44),
    )


def _secret(file: Path) -> object:
    return serialization.load_pem_private_key(file.read_bytes(), password=None)


def _pem(key: Secret) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
