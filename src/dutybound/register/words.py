"""A condition's answer in words, and what is missing where there is none."""

from collections.abc import Iterable, Iterator

from dutybound.register.book import Edition
from dutybound.register.conditions import (
    UNRATED,
    All,
    Always,
    AnyOf,
    Condition,
    Fact,
    Named,
    Not,
    RiskCount,
    Truth,
    UsersOver,
)
from dutybound.register.profile import LEVELS, Profile

_NUMBERS = ("no", "one", "two", "three", "four", "five")


class Words:
    """Says why conditions are answered as they are, for one service on one day."""

    def __init__(self, edition: Edition, profile: Profile) -> None:
        self._edition = edition
        self._profile = profile
        self._truths = edition.program.run(profile)

    def because(self, condition: Condition) -> str:
        """What decided the answer, to complete "because"."""
        truth = self._truth(condition)
        if truth is None:
            unknown = self._listed(self._unknowns(condition))
            return f"it is not known {unknown}"
        return self._listed(self._deciders(condition, truth=truth))

    def missing(self, condition: Condition) -> tuple[str, ...]:
        """Ids of the facts and kinds of harm that are not known and may decide the answer."""
        return tuple(dict.fromkeys(self._gaps(condition)))

    def lines(self, condition: Condition, *, indent: str = "") -> Iterator[str]:
        """What the condition asks, whatever is known: a line for each part, inner ones indented."""
        match condition:
            case All(parts):
                yield f"{indent}all of these:"
            case AnyOf(parts):
                yield f"{indent}any of these:"
            case Not(AnyOf(parts)):
                yield f"{indent}none of these:"
            case Not(All(parts)):
                yield f"{indent}not all of these:"
            case Not(part):
                parts = ()
                yield f"{indent}{self._say(part, truth=False)}"
            case _:
                parts = ()
                yield f"{indent}{self._say(condition, truth=True)}"
        for part in parts:
            yield from self.lines(part, indent=f"{indent}  ")

    def _truth(self, condition: Condition) -> Truth:
        place = self._edition.program.add(condition)
        if place >= len(self._truths):
            self._truths = self._edition.program.run(self._profile)
        return self._truths[place]

    def _deciders(self, condition: Condition, *, truth: bool) -> Iterator[str]:
        """The words of each part that alone, or together with the others, settles it."""
        match condition:
            case All(parts) if truth:
                yield from self._each(parts, truth=truth)
            case AnyOf(parts) if not truth:
                yield from self._each(parts, truth=truth)
            case All(parts) | AnyOf(parts):
                decisive = next(part for part in parts if self._truth(part) is truth)
                yield from self._deciders(decisive, truth=truth)
            case Not(part):
                yield from self._deciders(part, truth=not truth)
            case _:
                yield self._say(condition, truth=truth)

    def _each(self, parts: Iterable[Condition], *, truth: bool) -> Iterator[str]:
        for part in parts:
            yield from self._deciders(part, truth=truth)

    def _unknowns(self, condition: Condition) -> Iterator[str]:
        match condition:
            case All(parts) | AnyOf(parts):
                for part in parts:
                    if self._truth(part) is None:
                        yield from self._unknowns(part)
            case Not(part):
                yield from self._unknowns(part)
            case _:
                yield f"whether {self._say(condition, truth=True)}"

    def _gaps(self, condition: Condition) -> Iterator[str]:
        if self._truth(condition) is not None:
            return
        match condition:
            case UsersOver():
                yield "uk_users"
            case RiskCount(level, _, _):
                for harm in self._edition.program.counted(condition):
                    if self._may_reach(harm, level):
                        yield from self._to_rate(harm, level)
            case _:
                inner = self._edition.program.inside(condition)
                if isinstance(condition, Fact) and not inner:
                    yield condition.id
                for part in inner:
                    yield from self._gaps(part)

    def _may_reach(self, harm: str, level: int) -> bool:
        least, most = self._profile.risks.get(harm, UNRATED)
        return least < level <= most

    def _to_rate(self, harm: str, level: int) -> tuple[str, ...]:
        """What to rate so that the level of a kind is known: its sub-kinds while they are open."""
        sub_kinds = (each.id for each in self._edition.harms.values() if each.part_of == harm)
        return tuple(each for each in sub_kinds if self._may_reach(each, level)) or (harm,)

    def _say(self, condition: Condition, *, truth: bool) -> str:
        match condition:
            case Always():
                return "it is for every user-to-user service"
            case Fact(id):
                fact = self._edition.register.facts[id]
                return fact.yes if truth else fact.no
            case Named(id):
                return self._say_named(id, truth=truth)
            case UsersOver(users):
                more = "more" if truth else "no more"
                return f"it has {more} than {users:,} monthly UK users"
            case RiskCount():
                return self._say_risk(condition, truth=truth)
            case _:
                raise TypeError(f"{condition} has parts, and is said by them")

    def _say_risk(self, condition: RiskCount, *, truth: bool) -> str:
        level = LEVELS[condition.level]
        above = level if condition.level == len(LEVELS) - 1 else f"{level} or higher"
        counted = self._edition.program.counted(condition)
        if not counted:
            return "the kinds of harm it counts are not there yet"
        if truth and (met := self._met(condition)):
            return f"the risk of {self._names(met)} is {above}"
        if condition.harms.says:
            kinds = "kind" if condition.least == 1 else "kinds"
            few = f"{'at least' if truth else 'fewer than'} {_NUMBERS[condition.least]} {kinds}"
            if not truth and condition.least == 1:
                few = "no kind"
            be = "is" if condition.least == 1 else "are"
            return f"{few} of {condition.harms.says} {be} at {above} risk"
        if condition.least > 1:
            few = "at least" if truth else "fewer than"
            kinds = f"{few} {_NUMBERS[condition.least]} of {self._names(counted)}"
            return f"{kinds} are at {above} risk"
        no = "the" if truth or len(counted) == 1 else "no"
        end = above if truth or len(counted) > 1 else f"below {level}"
        return f"{no} risk of {self._names(counted, ' or ')} is {end}"

    def _say_named(self, name: str, *, truth: bool) -> str:
        """What the condition is called, and the kinds of harm that make it so where it counts."""
        named = self._edition.register.named[name]
        if not truth:
            return named.no
        behind = named.holds_when
        met = self._met(behind) if isinstance(behind, RiskCount) else ()
        return f"{named.yes} ({self._names(met)})" if met else named.yes

    def _met(self, condition: RiskCount) -> tuple[str, ...]:
        """As many kinds as it takes that are at that level for sure; none if there are too few."""
        risks, level = self._profile.risks, condition.level
        counted = self._edition.program.counted(condition)
        met = tuple(harm for harm in counted if risks.get(harm, UNRATED)[0] >= level)
        return met[: condition.least] if len(met) >= condition.least else ()

    def _names(self, harms: Iterable[str], last: str = " and ") -> str:
        return self._listed((self._edition.harms[harm].short for harm in harms), last)

    @staticmethod
    def _listed(parts: Iterable[str], last: str = " and ") -> str:
        *before, final = dict.fromkeys(parts)
        return f"{', '.join(before)}{last}{final}" if before else final
