"""Whether a service is regulated: two tests, and the exemptions of Schedule 1."""

from typing import NamedTuple

from dutybound.register.book import register
from dutybound.risk.document import Assessment


class ScopeAnswer(NamedTuple):
    """Whether the service is in scope; None while it is not known, which counts as in scope.

    `part_only`: an exemption covers a part of it, and the rest is in scope.
    """

    in_scope: bool | None
    part_only: bool
    why: str


def scope_of(assessment: Assessment) -> ScopeAnswer:
    """What the answers about scope come to. A "no" counts once somebody wrote down why."""
    scope = assessment.scope
    for answer, says in (
        (scope.user_to_user, "people cannot meet what other people share on it"),
        (scope.uk_links, "it has no links with the UK"),
    ):
        if answer is False:
            return _left_out(says, reason=scope.reason)
    for name, exemption in scope.exemptions.items():
        if exemption.covers == "all":
            says = f"an exemption covers all of it: {_named(name)}"
            return _left_out(says, reason=exemption.reason)
    if scope.user_to_user is None or scope.uk_links is None:
        missing = "people can meet what others share on it"
        if scope.user_to_user:
            missing = "it has links with the UK"
        return ScopeAnswer(
            None,
            part_only=False,
            why=f"It is not known whether {missing}. Until then it counts as in scope.",
        )
    return _in_scope(assessment)


def _left_out(says: str, *, reason: str) -> ScopeAnswer:
    if reason.strip():
        says = f"It is out of scope, because {says}. {reason.strip()}"
        return ScopeAnswer(in_scope=False, part_only=False, why=says)
    says = f"It was said that {says}, but not why. Until then it counts as in scope."
    return ScopeAnswer(None, part_only=False, why=says)


def _in_scope(assessment: Assessment) -> ScopeAnswer:
    says = "It is a user-to-user service with links to the UK."
    exemptions = assessment.scope.exemptions
    parts = [name for name, entry in exemptions.items() if entry.covers == "part"]
    doubts = [name for name, entry in exemptions.items() if entry.covers == "unknown"]
    if doubts:
        says += f" Whether it is exempt is not known ({_names(doubts)}). Doubt counts as in scope."
    if not parts:
        return ScopeAnswer(in_scope=True, part_only=False, why=says)
    reasons = " ".join(exemptions[name].reason.strip() for name in parts).strip()
    says += f" A part of it is exempt ({_names(parts)}); the rest is in scope. {reasons}"
    return ScopeAnswer(in_scope=True, part_only=True, why=says.strip())


def _names(exemptions: list[str]) -> str:
    return ", ".join(map(_named, exemptions))


def _named(exemption: str) -> str:
    known = register().exemptions.get(exemption)
    return known.title.lower() if known else exemption
