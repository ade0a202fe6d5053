"""The children's access assessment: two stages, and the record that each "no" needs."""

from datetime import date
from typing import NamedTuple

from dutybound.register.book import register
from dutybound.register.conditions import AnyOf, Fact, Truth
from dutybound.risk.document import Assessment
from dutybound.risk.known import known

STAGE_ONE = "highly_effective_age_assurance"
LIMBS = ("significant_child_users", "attracts_children")

_NO_WITHOUT_ANSWERS = (
    "Answer whether children can use it, and whether many do or want to. A bare “no” is no record.",
)


class Access(NamedTuple):
    """Whether children can access the service, many of them use it, and so are likely to.

    None is not known; a service that made no such assessment is treated as likely to be accessed.
    `why` completes "because"; `needs`: what is to be written down before a "no" holds.
    """

    possible: Truth
    many: Truth
    likely: Truth
    why: str
    needs: tuple[str, ...]

    @property
    def treated_as_likely(self) -> bool:
        """Whether the children's duties are to be met: anything but a "no" with its record."""
        return self.likely is not False or bool(self.needs)


def access_of(assessment: Assessment, *, as_of: date = date.max) -> Access:
    """The two stages of ss.35 to 37. A "yes" needs no record; a "no" does."""
    program = register().on(as_of).program
    profile = known(assessment, as_of=as_of)
    possible = program.answer(Fact("child_users"), profile)
    many = program.answer(AnyOf(tuple(map(Fact, LIMBS))), profile)
    likely = program.answer(Fact("likely_accessed_by_children"), profile)
    if possible is False:
        return Access(
            possible, many, possible, _because(possible), _record_of_stage_one(assessment)
        )
    if possible and many is False:
        return Access(possible, many, many, _because(possible, many), _record_of_limbs(assessment))
    # A "no" that nothing but itself supports, as a file may state it, is not one.
    needs = _NO_WITHOUT_ANSWERS if likely is False else ()
    return Access(possible, many, likely, _because(possible, many), needs)


def _because(possible: Truth, many: Truth = None) -> str:
    if possible is False:
        return "children are not normally able to use any part of it"
    first = "children can use it" if possible else "it is not known whether children can use it"
    second = {
        True: "many of them do, or it is the kind of service that many want to use",
        False: "few of them do, and it is not the kind of service that many want to use",
        None: "it is not known whether many do, or would want to",
    }[many]
    return f"{first}, and {second}"


def _record_of_stage_one(assessment: Assessment) -> tuple[str, ...]:
    needs = []
    if assessment.facts.get(STAGE_ONE) is not True:
        needs.append(
            "Only age checks that are highly effective, with no way in without them, can keep "
            "children out. Rules and a box to tick cannot."
        )
    if not assessment.reasons.get("child_users", "").strip():
        needs.append("Write down which age check is used, and how you know that it works.")
    return tuple(needs)


def _record_of_limbs(assessment: Assessment) -> tuple[str, ...]:
    asks = {
        "significant_child_users": "Write down how you know that not many children use it.",
        "attracts_children": "Write down why it is not a service that many children want to use.",
    }
    return tuple(ask for limb, ask in asks.items() if not assessment.reasons.get(limb, "").strip())
