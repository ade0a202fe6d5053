"""Keys as text: `db_<prefix>_<secret>`; only a digest of the whole is stored.

A service's key begins with `db`, a trusted flagger's with `dbf`, so that one in the wrong place
is known for what it is.
"""

import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256

PREFIX_BYTES = 5
SECRET_BYTES = 32
SERVICE_MARK, FLAGGER_MARK = "db", "dbf"
SHAPE = re.compile(r"(?P<mark>dbf?)_(?P<prefix>[0-9a-f]{10})_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key as its owner holds it. The prefix finds the row, the digest proves the rest."""

    prefix: str
    token: str = field(repr=False)

    @property
    def digest(self) -> str:
        # 256 random bits need no salt and no slow hash: there is nothing to guess.
        return sha256(self.token.encode()).hexdigest()


def new_key_text(mark: str = SERVICE_MARK) -> KeyText:
    prefix = secrets.token_hex(PREFIX_BYTES)
    return KeyText(prefix, f"{mark}_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}")


def key_text(token: str, mark: str = SERVICE_MARK) -> KeyText | None:
    """The parts of a key of that mark, or None if the text is not shaped like one."""
    shape = SHAPE.fullmatch(token)
    return KeyText(shape["prefix"], token) if shape and shape["mark"] == mark else None
