"""A random sample that neither the auditor nor the service can steer.

The auditor makes a seed and tells its SHA-256, the commitment, with how many they want. Then the
service fixes the population. Then the auditor tells the seed. Who is in the sample follows from
the seed and the population, so the auditor chose before they knew the population, and the service
before it knew the seed.
"""

import re
from collections.abc import Callable, Sequence
from hashlib import sha256

SEED_BYTES = 32
_HEX = re.compile(r"[0-9a-f]{64}")
_REFERENCE = re.compile(r"[!-~]+")


class BadDraw(ValueError):
    """What was given is no seed, no commitment or no population; the sentence says what it is."""


def new_seed(randomness: Callable[[int], bytes]) -> str:
    """32 random bytes as 64 hex digits."""
    return randomness(SEED_BYTES).hex()


def commitment_of(seed: str) -> str:
    """SHA-256 of the seed's 32 bytes; raises BadDraw."""
    return sha256(_bytes_of(seed, "a seed")).hexdigest()


def checked_commitment(text: str) -> str:
    """The commitment as it is kept; raises BadDraw for what is none."""
    return _bytes_of(text, "a commitment").hex()


def population_digest(references: Sequence[str]) -> str:
    """SHA-256 of the references in order, each ended by a newline; raises BadDraw."""
    for reference in references:
        if not _REFERENCE.fullmatch(reference):
            raise BadDraw(f"expected references without spaces, got {reference[:40]!r}")
    if list(references) != sorted(set(references)):
        raise BadDraw("expected each reference once, in order")
    return sha256("".join(f"{one}\n" for one in references).encode()).hexdigest()


def draw(population: Sequence[str], *, seed: str, wanted: int) -> tuple[str, ...]:
    """The `wanted` references with the smallest SHA-256(seed ‖ population digest ‖ reference).

    The seed and the digest go in as 32 bytes each, the reference as ASCII. The smallest comes
    first; all of them where there are no more. Raises BadDraw.
    """
    if wanted < 1:
        raise BadDraw(f"expected one or more, got {wanted}")
    before = _bytes_of(seed, "a seed") + bytes.fromhex(population_digest(population))
    ranked = sorted(population, key=lambda one: sha256(before + one.encode("ascii")).digest())
    return tuple(ranked[:wanted])


def _bytes_of(text: str, what: str) -> bytes:
    plain = text.strip().lower()
    if not _HEX.fullmatch(plain):
        raise BadDraw(f"expected {what} of 64 hex digits, got {text.strip()[:70]!r}")
    return bytes.fromhex(plain)
