"""Conditions of the law: parsed once, and answered with yes, no or unknown.

Kleene's three-valued logic: what is not known stays unknown until it can no longer change the
answer. A level or a number of users is known as a span, from the least to the most it can be.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import RLock
from typing import Any

from dutybound.register.profile import LEVELS, Profile

Truth = bool | None

Written = bool | Mapping[str, Any]
"""A condition as YAML has it: `true`, or one operator and its operand."""


UNRATED = (0, len(LEVELS) - 1)
"""The span of a kind of harm without a level: it may be any."""


@dataclass(frozen=True, slots=True)
class Always:
    """True of every service."""


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


@dataclass(frozen=True, slots=True)
class Fact:
    """A yes-or-no fact of the profile."""

    id: str


@dataclass(frozen=True, slots=True)
class Named:
    """A condition of the vocabulary, by its name."""

    id: str


@dataclass(frozen=True, slots=True)
class UsersOver:
    """Strictly more monthly UK users than this."""

    users: int


@dataclass(frozen=True, slots=True)
class RiskCount:
    """At least so many of these kinds of harm at this level or a higher one."""

    level: int
    least: int
    harms: "HarmSet"


@dataclass(frozen=True, slots=True)
class HarmSet:
    """Kinds of harm that are counted together; `says` is what they are called, if anything."""

    says: str
    ids: tuple[str, ...]


Condition = Always | All | AnyOf | Not | Fact | Named | UsersOver | RiskCount


def parse(written: Written, *, sets: Mapping[str, HarmSet]) -> Condition:
    """A condition from its YAML, whose shape the schema has checked. Raises KeyError for a set."""
    if isinstance(written, bool):
        return Always()
    ((operator, operand),) = written.items()
    match operator:
        case "all":
            return All(tuple(parse(part, sets=sets) for part in operand))
        case "any":
            return AnyOf(tuple(parse(part, sets=sets) for part in operand))
        case "not":
            return Not(parse(operand, sets=sets))
        case "fact":
            return Fact(operand)
        case "ref":
            return Named(operand)
        case "users_over":
            return UsersOver(operand)
        case _:
            named = operand["harms"]
            harms = sets[named] if isinstance(named, str) else HarmSet("", tuple(named))
            return RiskCount(LEVELS.index(operand["level"]), operand.get("least", 1), harms)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside this one."""
    match condition:
        case All(parts) | AnyOf(parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and all inside it."""
    yield condition
    for part in parts_of(condition):
        yield from walk(part)


Step = Callable[[Profile, list[Truth]], Truth]


class Program:
    """Many conditions, each distinct one of which is worked out once for a profile."""

    def __init__(
        self,
        *,
        named: Mapping[str, Condition],
        derived: Mapping[str, Condition],
        harms: Iterable[str],
    ) -> None:
        """`harms`: the kinds that exist on the day; others are left out of every count."""
        self._named = named
        self._derived = derived
        self._harms = frozenset(harms)
        self._places: dict[Condition, int] = {}
        self._steps: list[Step] = []
        self._adding = RLock()

    def add(self, condition: Condition) -> int:
        """Where `run` will give this condition's answer. Threads may add at once."""
        place = self._places.get(condition)
        if place is not None:
            return place
        with self._adding:
            if condition not in self._places:
                step = self._step(condition)
                self._steps.append(step)
                self._places[condition] = len(self._steps) - 1
            return self._places[condition]

    def run(self, profile: Profile) -> list[Truth]:
        """The answer to every condition that was added."""
        seen: list[Truth] = []
        append = seen.append
        for step in self._steps:
            append(step(profile, seen))
        return seen

    def answer(self, condition: Condition, profile: Profile) -> Truth:
        """The answer to one condition."""
        place = self.add(condition)
        return self.run(profile)[place]

    def inside(self, condition: Condition) -> tuple[Condition, ...]:
        """What decides this condition: its parts, or what stands behind its name."""
        match condition:
            case Named(id):
                return (self._named[id],)
            case Fact(id) if id in self._derived:
                return (self._derived[id],)
            case _:
                return parts_of(condition)

    def counted(self, condition: RiskCount) -> tuple[str, ...]:
        """Its kinds of harm that exist on the day."""
        return tuple(harm for harm in condition.harms.ids if harm in self._harms)

    def _step(self, condition: Condition) -> Step:
        match condition:
            case Always():
                return lambda _profile, _seen: True
            case All(parts):
                return _all_step(tuple(self.add(part) for part in parts))
            case AnyOf(parts):
                return _any_step(tuple(self.add(part) for part in parts))
            case Not(part):
                return _not_step(self.add(part))
            case Fact(id):
                behind = self._derived.get(id)
                return _fact_step(id, None if behind is None else self.add(behind))
            case Named(id):
                place = self.add(self._named[id])
                return lambda _profile, seen: seen[place]
            case UsersOver(users):
                return _users_step(users)
            case RiskCount(level, least, _):
                return _risk_step(level, least, self.counted(condition))


def _all_step(places: tuple[int, ...]) -> Step:
    def step(_profile: Profile, seen: list[Truth]) -> Truth:
        truth: Truth = True
        for place in places:
            part = seen[place]
            if part is False:
                return False
            if part is None:
                truth = None
        return truth

    return step


def _any_step(places: tuple[int, ...]) -> Step:
    def step(_profile: Profile, seen: list[Truth]) -> Truth:
        truth: Truth = False
        for place in places:
            part = seen[place]
            if part:
                return True
            if part is None:
                truth = None
        return truth

    return step


def _not_step(place: int) -> Step:
    def step(_profile: Profile, seen: list[Truth]) -> Truth:
        part = seen[place]
        return None if part is None else not part

    return step


def _fact_step(fact: str, derived: int | None) -> Step:
    if derived is None:
        return lambda profile, _seen: profile.facts.get(fact)

    def step(profile: Profile, seen: list[Truth]) -> Truth:
        stated = profile.facts.get(fact)
        return seen[derived] if stated is None else stated

    return step


def _users_step(users: int) -> Step:
    def step(profile: Profile, _seen: list[Truth]) -> Truth:
        least, most = profile.uk_users
        if least > users:
            return True
        return None if most is None or most > users else False

    return step


def _risk_step(level: int, least: int, harms: tuple[str, ...]) -> Step:
    def step(profile: Profile, _seen: list[Truth]) -> Truth:
        risks = profile.risks
        sure = possible = 0
        for harm in harms:
            low, high = risks.get(harm, UNRATED)
            sure += low >= level
            possible += high >= level
        if sure >= least:
            return True
        return None if possible >= least else False

    return step
