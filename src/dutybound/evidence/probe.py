"""What a probe is: queries that count, and a pure judgement over what they counted."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Generic, TypeVar, cast

import rfc8785
from pydantic import TypeAdapter, ValidationError

from dutybound.evidence.figures import Figure
from dutybound.evidence.status import Status

Answer = TypeVar("Answer")
QUARTER, FOUR_WEEKS = timedelta(days=90), timedelta(days=28)
"""How far back most queries look."""


class BadInputs(ValueError):
    """What was given is not what the probe's queries answer; names the query and the field."""


@dataclass(frozen=True, slots=True)
class Query(Generic[Answer]):
    """What the server counts, as of a moment; named by every figure that comes from it.

    `gives`: a frozen dataclass of counts, seconds, days and plain words that name nobody.
    `says`: what is counted, in a sentence. `records`: the kinds of records it reads.
    `window`: how far back it looks; None for what stands at the moment.
    """

    name: str
    gives: type[Answer]
    says: str
    records: tuple[str, ...]
    window: timedelta | None = None

    def read(self, written: object) -> Answer:
        """The answer as `inputs` wrote it; raises BadInputs."""
        try:
            return TypeAdapter(self.gives).validate_python(written)
        except ValidationError as wrong:
            first = wrong.errors()[0]
            place = ".".join(str(step) for step in first["loc"])
            raise BadInputs(f"{self.name}: {place}: {first['msg']}") from None


class Given:
    """The answers to a probe's queries."""

    def __init__(self, answers: Mapping[str, object]) -> None:
        self._answers = answers

    def __getitem__(self, query: Query[Answer]) -> Answer:
        return cast("Answer", self._answers[query.name])


@dataclass(frozen=True, slots=True)
class Judged:
    """What a probe says: the status, why in a sentence or two, and the figures it rests on."""

    status: Status
    says: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """A check that measures work, computed from records.

    `asks`: what is measured, in a sentence. The next four say when it is which, for people.
    `version` goes up whenever `judge` judges otherwise. `documents`: kinds of governance documents
    that it looks for; a probe that only looks for those is a governance task.
    """

    id: str
    version: int
    measures: tuple[str, ...]
    asks: str
    met: str
    at_risk: str
    not_met: str
    not_enough: str
    reads: tuple[Query[Any], ...]
    judge: Callable[[Given], Judged]
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe saw of one measure. `inputs`: each query's answer as plain JSON."""

    measure: str
    probe: str
    version: int
    status: Status
    says: str
    figures: tuple[Figure, ...]
    inputs: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of the whole finding as RFC 8785 writes it; the journal holds the same."""
        return sha256(rfc8785.dumps(self.as_json())).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return {
            "measure": self.measure,
            "probe": self.probe,
            "version": self.version,
            "status": str(self.status),
            "says": self.says,
            "figures": [_plain(asdict(figure)) for figure in self.figures],
            "inputs": dict(self.inputs),
        }


def find(probe: Probe, measure: str, answers: Mapping[str, object]) -> Finding:
    """What the probe says of the measure, given its queries' answers by name."""
    judged = probe.judge(Given(answers))
    inputs = {query.name: _plain(asdict(cast("Any", answers[query.name]))) for query in probe.reads}
    return Finding(
        measure, probe.id, probe.version, judged.status, judged.says, judged.figures, inputs
    )


def find_again(probe: Probe, measure: str, inputs: Mapping[str, Any]) -> Finding:
    """The finding computed anew from inputs that were written down; raises BadInputs."""
    missing = [query.name for query in probe.reads if query.name not in inputs]
    if missing:
        raise BadInputs(f"{', '.join(missing)}: expected what this query answered, got nothing")
    return find(
        probe, measure, {query.name: query.read(inputs[query.name]) for query in probe.reads}
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """JSON as it comes back from being stored: lists for tuples, words for enums."""
    match value:
        case dict():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case str():
            return str(value)
        case _:
            return value
