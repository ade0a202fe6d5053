"""Service keys as text: `db_<prefix>_<secret>`; only a digest of the whole is stored."""

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

PREFIX_BYTES = 5
SECRET_BYTES = 32
SHAPE = re.compile(r"db_(?P<prefix>[0-9a-f]{10})_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key as its owner holds it. The prefix finds the row, the digest proves the rest."""

    prefix: str
    token: str

    @property
    def digest(self) -> str:
        # 256 random bits need no salt and no slow hash: there is nothing to guess.
        return sha256(self.token.encode()).hexdigest()


def new_key_text() -> KeyText:
    prefix = secrets.token_hex(PREFIX_BYTES)
    return KeyText(prefix, f"db_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}")


def key_text(token: str) -> KeyText | None:
    """The parts of a key, or None if the text is not shaped like one."""
    shape = SHAPE.fullmatch(token)
    return KeyText(shape["prefix"], token) if shape else None
