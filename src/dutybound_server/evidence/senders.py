"""Ways to send a report to an authority. None comes with us: no public API exists to send through.

An installation that was given one adds it in a package of its own, as an entry point of the group
`dutybound.senders` that names a `Sender`. Without one, a person fills in the portal's form from a
prepared page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import IO

from dutybound.cases.authority import Answer, Authority, Urgency


class NotSent(Exception):
    """The authority did not take it; the sentence says why, and it is tried again."""


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file of the evidence; `open` gives its bytes."""

    name: str
    content_type: str
    size: int
    sha512: str
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report with every item answered. `key` stays the same when it is tried again."""

    key: str
    authority: Authority
    urgency: Urgency
    service: str
    answers: Mapping[str, Answer]
    files: tuple[PreparedFile, ...]


Sender = Callable[[Prepared], str]
"""Sends a report and answers the reference it got; raises NotSent."""


@cache
def senders() -> Mapping[str, Sender]:
    """The senders of this installation, by name."""
    return MappingProxyType(
        {one.name: one.load() for one in entry_points(group="dutybound.senders")}
    )
