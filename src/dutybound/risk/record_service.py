"""The sections of a written record on the service: what it is, whom it reaches, what it has."""

from dutybound.register.conditions import Truth
from dutybound.register.entries import Question
from dutybound.risk.document import EvidenceKind, Surface
from dutybound.risk.factors import kinds_linked
from dutybound.risk.record_basis import CONFIDENCE, UNKNOWN, Basis
from dutybound.risk.record_parts import (
    NOT_YET,
    Bullets,
    Definitions,
    Note,
    Paragraph,
    Part,
    Section,
    Table,
    capitalised,
    in_words,
    listed,
    said,
    sentences,
)
from dutybound.risk.scope import scope_of

_COVERS = {
    "all": "covers all of the service",
    "part": "covers a part of the service",
    "none": "does not cover it",
    "unknown": "it is not known whether this covers it",
}


def the_service(basis: Basis) -> Section:
    """What the service is, who runs it, and where posts are shown."""
    service = basis.assessment.service
    rows = (
        ("Name", said(service.name)),
        ("Type of service", service_type(basis)),
        ("Provider", said(service.provider)),
        ("Address", said(service.address)),
        ("What it is", said(service.description)),
        ("Monthly UK users", users_in_words(basis)),
        ("How they were counted", said(service.users.counted)),
    )
    parts: list[Part] = [Definitions(rows)]
    if service.surfaces:
        rows_of_surfaces = tuple(_surface_row(basis, surface) for surface in service.surfaces)
        columns = ("Part of the service", "Can posts be taken down?", "If not, why, and until when")
        parts.append(Table("Where posts are shown", columns, rows_of_surfaces))
    return Section("service", "The service", tuple(parts))


def service_type(basis: Basis) -> str:
    """The types of service it is, as Ofcom's Risk Profiles name them."""
    facts = _question(basis, "service_type").facts
    types = [basis.label(fact) for fact in facts if basis.fact(fact)]
    if not types and any(basis.fact(fact) is None for fact in facts):
        return NOT_YET
    return listed(types, none="None of the types that the Risk Profiles name")


def users_in_words(basis: Basis) -> str:
    """Monthly UK users, from the least to the most they can be."""
    users = basis.assessment.service.users
    if users.most is None:
        return f"{users.least:,} or more; the most is not known" if users.least else NOT_YET
    if users.least == users.most:
        return f"{users.most:,}"
    return f"From {users.least:,} to {users.most:,}"


def the_scope(basis: Basis) -> Section:
    """Whether this is a regulated user-to-user service, and why."""
    scope = basis.assessment.scope
    rows = (
        ("Users meet each other's posts", yes_or_no(scope.user_to_user)),
        ("Links with the UK", yes_or_no(scope.uk_links)),
        ("Why", said(scope.reason)),
    )
    parts: list[Part] = [Paragraph(scope_of(basis.assessment).why), Definitions(rows)]
    if scope.exemptions:
        columns = ("Exemption in Schedule 1", "What was answered", "Why", "Register entry")
        exempt = tuple(_exemption_row(basis, name) for name in scope.exemptions)
        parts.append(Table("Exemptions that were looked at", columns, exempt))
    return Section("scope", "Whether the Act covers it", tuple(parts))


def _exemption_row(basis: Basis, name: str) -> tuple[str, str, str, str]:
    answer = basis.assessment.scope.exemptions[name]
    known = basis.edition.register.exemptions.get(name)
    title = known.title if known else name
    sure = CONFIDENCE[known.confidence] if known else UNKNOWN
    return title, _COVERS[answer.covers], said(answer.reason), sure


def the_access(basis: Basis) -> Section:
    """The children's access assessment: its two stages, each with its answer and why."""
    stages = (
        ("child_users", "Stage 1: can children use the service, or a part of it?"),
        ("highly_effective_age_assurance", "Are ages checked in a way that is highly effective?"),
        ("significant_child_users", "Stage 2: does a significant number of children use it?"),
        ("attracts_children", "Stage 2: is it likely to attract a significant number of them?"),
    )
    rows = tuple(
        (ask, yes_or_no(basis.fact(fact)), said(basis.assessment.reasons.get(fact, "")))
        for fact, ask in stages
    )
    notes = tuple(Note("Not finished", need) for need in basis.access.needs)
    table = Table("The two stages (sections 35 to 37)", ("Question", "Answer", "Why"), rows)
    parts: tuple[Part, ...] = (Paragraph(_outcome(basis)), table, *notes)
    return Section("childrens-access", "Children's access assessment", parts)


def _outcome(basis: Basis) -> str:
    access = basis.access
    if access.likely:
        return "Children are likely to access the service. The children's duties apply."
    if access.treated_as_likely:
        return (
            "It is not on record that children are not likely to access the service. Until it is, "
            "it is treated as likely to be accessed by children."
        )
    return (
        "Children are not likely to access the service. This must be looked at again at least "
        "once a year."
    )


def the_answers(basis: Basis) -> Section:
    """Every answer of the profile, and what was not answered."""
    asked = [
        question
        for question in basis.edition.register.questions
        if any(fact in basis.assessment.facts for fact in question.facts)
    ]
    parts: list[Part] = [
        Table(group, ("Question", "Answer", "Why"), _answers_of(basis, asked, group))
        for group in dict.fromkeys(question.group for question in asked)
    ]
    if basis.open_questions:
        parts.append(Note("Not finished", "These may matter here and have no full answer:"))
        parts.append(Bullets(tuple(question.ask for question in basis.open_questions)))
    return Section("answers", "What the service has", tuple(parts))


def the_risk_profiles(basis: Basis) -> Section:
    """Whether Ofcom's Risk Profiles were consulted, the factors found, and what they leave out."""
    consulted = [
        f"{evidence.text} ({in_words(evidence.dated)})"
        for evidence in basis.assessment.evidence
        if evidence.kind is EvidenceKind.RISK_PROFILES
    ]
    rows = (("Risk Profiles consulted", "; ".join(consulted) or NOT_YET),)
    parts: list[Part] = [Definitions(rows)]
    if basis.factors:
        columns = ("Risk factor found", "Kinds of harm linked with it, and how sure that is")
        parts.append(
            Table(
                "Risk factors found", columns, tuple(_factor_row(basis, f) for f in basis.factors)
            )
        )
    else:
        parts.append(Paragraph("No risk factor was found."))
    if basis.open_factors:
        parts.append(Note("Not finished", "It is not known whether these are there:"))
        parts.append(Bullets(tuple(basis.label(factor) for factor in basis.open_factors)))
    extra = basis.assessment.characteristics
    parts.append(Paragraph("What the Risk Profiles do not cover, and was considered as well:"))
    parts.append(Bullets(extra) if extra else Paragraph(NOT_YET))
    return Section("risk-profiles", "Risk Profiles, and risk factors found", tuple(parts))


def yes_or_no(truth: Truth) -> str:
    """An answer in a word or two."""
    return {True: "Yes", False: "No", None: UNKNOWN}[truth]


def _surface_row(basis: Basis, surface: Surface) -> tuple[str, str, str]:
    claim = surface.claim
    if claim is None:
        return surface.name, yes_or_no(surface.takedown_feasible), ""
    expired = claim.expires_on <= basis.as_of
    told = sentences(
        claim.reason,
        f"Instead: {claim.instead}" if claim.instead else "",
        f"Decided by {claim.owner} on {in_words(claim.decided_on)}",
        f"{'This expired on' if expired else 'Holds until'} {in_words(claim.expires_on)}",
    )
    return surface.name, UNKNOWN if expired else yes_or_no(surface.takedown_feasible), told


def _question(basis: Basis, wanted: str) -> Question:
    return next(q for q in basis.edition.register.questions if q.id == wanted)


def _answers_of(
    basis: Basis, asked: list[Question], group: str
) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (question.ask, _answer(basis, question), _reasons(basis, question))
        for question in asked
        if question.group == group
    )


def _answer(basis: Basis, question: Question) -> str:
    answers = {fact: basis.fact(fact) for fact in question.facts}
    if question.kind == "yes_no":
        return yes_or_no(next(iter(answers.values())))
    there = [basis.label(fact) for fact, truth in answers.items() if truth]
    not_known = [basis.label(fact) for fact, truth in answers.items() if truth is None]
    told = [*there, *(f"not known: {label}" for label in not_known)]
    return "; ".join(told) or "None of them"


def _reasons(basis: Basis, question: Question) -> str:
    reasons = (basis.assessment.reasons.get(fact, "").strip() for fact in question.facts)
    return " ".join(filter(None, reasons))


def _factor_row(basis: Basis, factor: str) -> tuple[str, str]:
    sure_of = {link.harm: link.confidence for link in kinds_linked(factor, as_of=basis.as_of)}
    told = []
    for confidence, says in CONFIDENCE.items():
        kinds = [harm.short for harm in basis.harms if sure_of.get(harm.id) == confidence]
        if kinds:
            told.append(f"{capitalised(says)}: {listed(kinds)}")
    return basis.label(factor), "\n".join(told) or "None seen"
