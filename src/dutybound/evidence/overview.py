"""How a service stands at a moment, told once: what reports, packs and figures are made from.

An overview is plain values without code. Written down, it gives the same report again for ever; no
part of a report asks the register, the clock or a database.
"""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, TypeVar

import rfc8785
from pydantic import TypeAdapter, ValidationError

from dutybound.evidence.figures import Figure
from dutybound.evidence.status import Status


class BadContent(ValueError):
    """What was given is not the content of a publication; names the field."""


@dataclass(frozen=True, slots=True)
class Head:
    """The journal's newest head when the figures were computed. `size` is 0 before the first.

    `witnesses`: who else signed it, in a sentence, or that nobody did.
    """

    origin: str
    size: int
    root: str
    witnesses: str

    @property
    def says(self) -> str:
        """The head in a few words."""
        if not self.size:
            return "a moment before the journal's first checkpoint"
        return f"checkpoint {self.size:,} of the journal (root {self.root[:16]}…)"


@dataclass(frozen=True, slots=True)
class Turn:
    """When a measure turned to a status, and by which finding."""

    at: datetime
    status: Status
    digest: str


@dataclass(frozen=True, slots=True)
class Measure:
    """How one measure stands. `instead` says why it is not taken; then it has no status.

    `turns`: each turn of the period, the first being how it stood when the period began.
    `checkpoint`: the size of the journal's head at the finding, 0 before the first.
    """

    id: str
    title: str
    code: str
    applies: bool
    register_says: str
    """How sure the register is of the entry."""
    status: Status | None
    says: str
    instead: str
    figures: tuple[Figure, ...]
    since: datetime | None
    owner: str
    probe: str
    digest: str
    checkpoint: int
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a measure that turned; `closed_at` is None while it is open."""

    measure: str
    says: str
    opened_at: datetime
    owner: str
    closed_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long some things took, in seconds; high percentiles only of enough of them."""

    count: int
    median: float
    p90: float | None = None
    p95: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What people told of one kind, or of one kind of harm, in the period, and what came of it.

    `acted`, `not_acted`, `waiting` and `withdrawn` make up `received`. `late`: decided after the
    target, or waiting past it; `in_time`: decided before it.
    """

    id: str
    name: str
    where: str
    received: int
    acted: int
    not_acted: int
    waiting: int
    withdrawn: int
    in_time: int
    late: int
    first_look: Spread | None
    decision: Spread | None
    told: Spread | None
    target_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Residual:
    """A kind of harm: the level that was assessed, the one that is left, and why."""

    harm: str
    name: str
    level: str
    left: str
    says: str
    contradicts: bool
    """Whether the records speak against the level, so that it must be looked at again."""


@dataclass(frozen=True, slots=True)
class Review:
    """Something the assessment was to be looked at for; `closed_at` is None while it is open."""

    says: str
    opened_at: datetime
    closed_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class Version:
    """An approved assessment: its number, and the digest the journal has of it."""

    number: int
    digest: str
    approved_at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """A governance document as it is held: its newest version, and the digest of the file."""

    kind: str
    title: str
    version: int
    name: str
    sha256: str
    dated: str
    expires_on: str
    owner: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that figures name: what it counts, from which records, over how many days."""

    name: str
    says: str
    records: tuple[str, ...]
    days: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """How a service stands at `made_at`, and what happened from `since` until `until`.

    `first_day` and `last_day` are the period as people say it, where the service is.
    """

    service: str
    provider: str
    first_day: date
    last_day: date
    since: datetime
    until: datetime
    made_at: datetime
    head: Head
    measures: tuple[Measure, ...]
    tasks: tuple[Task, ...]
    by_kind: tuple[Heard, ...]
    by_harm: tuple[Heard, ...]
    quality: tuple[Figure, ...]
    residual: tuple[Residual, ...]
    reviews: tuple[Review, ...]
    assessment: Version | None
    papers: tuple[Paper, ...]
    queries: tuple[Asked, ...]


Content = TypeVar("Content")


def written(content: object) -> dict[str, Any]:
    """Content as JSON has it."""
    as_json: dict[str, Any] = TypeAdapter(type(content)).dump_python(content, mode="json")
    return as_json


def read(kind: type[Content], content: object) -> Content:
    """Content as `written` wrote it; raises BadContent."""
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise BadContent(f"{place}: {first['msg']}") from None


def digest_of(content: object) -> str:
    """SHA-256 of JSON as RFC 8785 writes it; the journal holds the same."""
    return sha256(rfc8785.dumps(content)).hexdigest()  # type: ignore[arg-type]
