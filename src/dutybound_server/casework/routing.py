"""Which queue a case waits in, by its kind of harm."""

from collections.abc import Iterable
from dataclasses import dataclass

from dutybound.register.harms import HARMS
from dutybound_server.casework.models import Queue


@dataclass(frozen=True, slots=True)
class DefaultQueue:
    slug: str
    name: str
    harms: tuple[str, ...]
    restricted: bool = False


DEFAULT_QUEUES = (
    DefaultQueue(
        "restricted",
        "Restricted",
        tuple(harm.id for harm in HARMS.values() if harm.restricted),
        restricted=True,
    ),
    DefaultQueue(
        "urgent",
        "Urgent",
        ("iia", "terrorism", "suicide_self_harm", "suicide", "self_harm", "human_trafficking"),
    ),
    DefaultQueue("general", "General", ()),
)


def first_fit(queues: Iterable[Queue], *, harm: str, restricted: bool) -> Queue:
    """The queue that takes a case of that harm; the last one takes what no other names."""
    fitting = [queue for queue in queues if queue.restricted == restricted]
    # A case may be restricted by another harm than its gravest; it stays among the restricted.
    return next((queue for queue in fitting if harm in queue.harms), fitting[-1])


def is_restricted(harm: str) -> bool:
    return HARMS[harm].restricted
