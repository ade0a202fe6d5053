"""What applies to a service on a day, and the clause that decided it, in words."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from dutybound.register.book import Edition, Line, Register, register
from dutybound.register.entries import Provision, Standing
from dutybound.register.profile import Profile
from dutybound.register.words import Words


class Applies(StrEnum):
    """Whether an entry applies; what is not known is never "does not apply"."""

    YES = "applies"
    NO = "does not apply"
    UNKNOWN = "unknown"


_APPLIES = {True: Applies.YES, False: Applies.NO, None: Applies.UNKNOWN}


class Answer(NamedTuple):
    """Whether a duty or measure applies to a service.

    `idle`: whether it has nothing to act on, such as volunteers' materials where none moderate;
    None where that is not known.
    """

    provision: Provision
    standing: Standing
    applies: Applies
    idle: bool | None
    edition: Edition
    profile: Profile

    @property
    def why(self) -> str:
        """The clause that decided it, in words that complete "because"."""
        return Words(self.edition, self.profile).because(self.provision.applies_when)

    @property
    def missing(self) -> tuple[str, ...]:
        """What would have to be known for an answer: facts, kinds of harm, or `uk_users`."""
        return Words(self.edition, self.profile).missing(self.provision.applies_when)


def measures_for(
    profile: Profile, as_of: date, *, law: Register | None = None
) -> tuple[Answer, ...]:
    """Each measure that a Code recommends on that day, or that was then proposed or laid.

    `Answer.standing` tells them apart. They come in the order of the register.
    """
    edition = (law or register()).on(as_of)
    return _answers(edition, edition.measures, profile)


def duties_for(profile: Profile, as_of: date, *, law: Register | None = None) -> tuple[Answer, ...]:
    """Each duty of the Act, as `measures_for` tells of measures."""
    edition = (law or register()).on(as_of)
    return _answers(edition, edition.duties, profile)


def _answers(edition: Edition, lines: tuple[Line, ...], profile: Profile) -> tuple[Answer, ...]:
    truths = edition.program.run(profile)
    return tuple(
        [
            Answer(
                line.provision,
                line.standing,
                _APPLIES[truths[line.applies]],
                False if line.idle is None else truths[line.idle],
                edition,
                profile,
            )
            for line in lines
        ]
    )
