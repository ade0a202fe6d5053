"""Who else helps, by kind of harm and nation: a list, with the day each was last checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LOOK_AGAIN_AFTER = timedelta(days=365)
EMERGENCY = "emergency"
MOST = 4
"""More than a person in distress can choose from would help nobody."""


@dataclass(frozen=True, slots=True)
class Signpost:
    """Somebody who helps, and how to reach them; a language that is missing reads as English."""

    id: str
    names: Mapping[str, str]
    does: Mapping[str, str]
    phone: str
    web: str
    nations: tuple[str, ...]
    for_children: bool
    source: str
    sure: str
    """seen or recalled: how well it was compared with its source."""
    last_checked: date | None
    """None: nobody has yet."""

    def name_in(self, language: str) -> str:
        return self.names.get(language, self.names["en"])

    def does_in(self, language: str) -> str:
        return self.does.get(language, self.does["en"])


def emergency() -> Signpost:
    """Whom to call first when somebody is in danger."""
    return _helpers()[EMERGENCY]


def signposts_for(harm: str, *, nation: str, for_child: bool) -> tuple[Signpost, ...]:
    """Who helps with that kind of harm there, the closest first; who helps children, for a child.

    A kind that the list does not know is answered as one that nobody knows.
    """
    helpers, by_harm = _helpers(), _by_harm()
    usual = [helpers[one] for one in by_harm[""]]
    listed = [helpers[one] for one in by_harm.get(harm, by_harm[""])]
    here = [one for one in listed if nation in one.nations]
    if for_child:
        # A child is sent to nobody who is there for adults only.
        here = [one for one in [*here, *usual] if one.for_children]
    return tuple({one.id: one for one in here or usual}.values())[:MOST]


def overdue(*, today: date) -> tuple[Signpost, ...]:
    """Those that nobody has checked for a year, or ever."""
    return tuple(one for one in _helpers().values() if _is_overdue(one, today=today))


def harms_listed() -> frozenset[str]:
    """The kinds of harm that have somebody of their own."""
    return frozenset(_by_harm())


def all_signposts() -> tuple[Signpost, ...]:
    return tuple(_helpers().values())


def _is_overdue(one: Signpost, *, today: date) -> bool:
    return one.last_checked is None or today - one.last_checked > LOOK_AGAIN_AFTER


@cache
def _list() -> dict[str, Any]:
    text = (files("dutybound.cases") / "data" / "signposts.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


@cache
def _helpers() -> Mapping[str, Signpost]:
    return {name: _signpost(name, entry) for name, entry in _list()["helpers"].items()}


@cache
def _by_harm() -> Mapping[str, tuple[str, ...]]:
    return {harm: tuple(names) for harm, names in _list()["harms"].items()}


def _signpost(name: str, entry: Mapping[str, Any]) -> Signpost:
    return Signpost(
        id=name,
        names=entry["name"],
        does=entry["does"],
        phone=str(entry.get("phone", "")),
        web=entry.get("web", ""),
        nations=tuple(entry["nations"]),
        for_children=entry.get("for_children", False),
        source=entry["source"],
        sure=entry["sure"],
        last_checked=entry["last_checked"],
    )
