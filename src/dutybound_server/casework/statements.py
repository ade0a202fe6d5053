"""Drafts of what authors read: plain English, to be changed by whoever decides."""

from types import MappingProxyType

from dutybound.cases.judgement import EnforcementKind, Ground
from dutybound.register.harms import HARMS
from dutybound_server.casework.models import Case
from dutybound_server.casework.subjects import ACCOUNT

DID = MappingProxyType(
    {
        EnforcementKind.TAKE_DOWN: "We took down {subject}",
        EnforcementKind.RESTRICT: "We limited who can see {subject}",
        EnforcementKind.LABEL: "We put a warning on {subject}",
    }
)
DID_TO_ACCOUNT = MappingProxyType(
    {
        EnforcementKind.TAKE_DOWN: "We closed {subject}",
        EnforcementKind.RESTRICT: "We limited what {subject} can do",
        EnforcementKind.LABEL: "We put a warning on {subject}",
    }
)
NOTHING_WRONG = (
    "We looked at {subject} and it breaks no rule. Nothing changes, and you need not do anything."
)
BACK = "We looked at {subject} and it breaks no rule. It is shown again."


def draft_statement(
    *,
    case: Case,
    enforcement_kind: str,
    ground: str,
    rule: str,
    harm: str,
    suspends: bool = False,
) -> str:
    """What the author could be told: what, which rule, why, and how we came to look."""
    did = what_we_did(case, enforcement_kind)
    if suspends and case.subject_kind == ACCOUNT and enforcement_kind == EnforcementKind.TAKE_DOWN:
        did = f"We suspended {subject_words(case)}"
    if not did:
        words = NOTHING_WRONG if enforcement_kind == EnforcementKind.NONE else BACK
        return words.format(subject=subject_words(case))
    return "\n\n".join(
        [
            f"{did} because {_because(ground, rule)}.",
            f"The kind of harm we see in it: {HARMS[harm].name.lower()}.",
            _how_we_came_to_look(case),
        ]
    )


def what_we_did(case: Case, enforcement_kind: str) -> str:
    """`We took down your post`; empty where nothing was done against it."""
    words = DID_TO_ACCOUNT if case.subject_kind == ACCOUNT else DID
    did = words.get(EnforcementKind(enforcement_kind), "")
    return did.format(subject=subject_words(case))


def undone_words(case: Case, state: EnforcementKind) -> str:
    """What the author is told when a decision is taken back."""
    subject = subject_words(case)
    now_it_is = {
        EnforcementKind.RESTORE: "We have asked the service to show it as before.",
        EnforcementKind.HOLD: "It stays out of view until we have looked at it again.",
    }.get(state, "What we decided before that applies again.")
    return (
        f"We have undone our decision about {subject}. {now_it_is}\n\n"
        "You do not need to do anything. If we decide anew, we tell you."
    )


def subject_words(case: Case) -> str:
    """`your post`, `your comment`, `your account`, as the service calls it."""
    if case.item is None:
        return "your account"
    kind = case.item.kind.replace("_", " ").strip().lower()
    return f"your {kind}" if kind.replace(" ", "").isalpha() else "your post"


def _because(ground: str, rule: str) -> str:
    if ground == Ground.LAW:
        return f"we think it is against the law ({rule})"
    return f"it breaks our rules ({rule})"


def _how_we_came_to_look(case: Case) -> str:
    if case.item is not None and case.item.matches.filter(dry_run=False, set_aside=False).exists():
        return (
            "Our system noticed that it is like something we already know. "
            "A person then looked at it and decided."
        )
    return "A person looked at it and decided."
