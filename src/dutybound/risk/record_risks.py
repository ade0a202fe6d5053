"""The sections of a written record on risk: each kind of harm, and the evidence behind it."""

from collections.abc import Iterable

from dutybound.register.entries import Harm
from dutybound.risk.document import Control, Evidence, EvidenceKind, Risk
from dutybound.risk.factors import factors_of
from dutybound.risk.levels import OFCOMS, Rule
from dutybound.risk.record_basis import STATES, UNKNOWN, Basis, how_sure
from dutybound.risk.record_parts import (
    NOT_YET,
    Definitions,
    Note,
    Paragraph,
    Part,
    Section,
    Table,
    in_words,
    listed,
    said,
    sentences,
)

KINDS_OF_EVIDENCE = {
    EvidenceKind.RISK_PROFILES: "Ofcom's Risk Profiles",
    EvidenceKind.COMPLAINTS: "complaints and reports by users",
    EvidenceKind.USER_DATA: "what is known of users",
    EvidenceKind.INCIDENTS: "a look back at incidents",
    EvidenceKind.OTHER_HELD: "other things the provider holds",
    EvidenceKind.TESTING: "product testing",
    EvidenceKind.MODERATION: "results of moderation",
    EvidenceKind.EXPERTS: "outside experts",
    EvidenceKind.AUDITS: "an audit",
    EvidenceKind.USER_RESEARCH: "research with users",
    EvidenceKind.ENGAGEMENT: "people who are affected",
    EvidenceKind.OUTSIDE: "outside evidence",
}


def the_risks(basis: Basis) -> Section:
    """The levels at a glance, then each kind of harm."""
    illegal = tuple(harm for harm in basis.harms if harm.kind == "illegal")
    children = tuple(harm for harm in basis.harms if harm.kind == "children")
    parts: list[Part] = [_levels(basis, illegal, caption="Illegal content")]
    if children:
        parts.append(_levels(basis, children, caption="Content harmful to children"))
    else:
        text = "Children are not likely to access the service. Kinds for children are left out."
        parts.append(Paragraph(text))
    inner = tuple(_one_kind(basis, harm) for harm in basis.harms)
    return Section("risks", "Risk of each kind of harm", tuple(parts), inner)


def the_evidence(basis: Basis) -> Section:
    """All evidence, with where it is from, its day and its count."""
    rows = tuple(_evidence_row(basis, evidence) for evidence in basis.assessment.evidence)
    if not rows:
        return Section("evidence", "Evidence", (Paragraph(NOT_YET),))
    columns = ("Evidence", "What it says", "Source", "Date", "Count", "Kinds of harm")
    return Section("evidence", "Evidence", (Table("All evidence used", columns, rows),))


def the_accepted(basis: Basis) -> Section:
    """Risks that are left and were accepted, by whom and until when."""
    rows = tuple(
        (
            basis.harm_or_factor(accepted.harm_or_factor),
            accepted.accepted_by,
            accepted.reason,
            in_words(accepted.review_on),
        )
        for accepted in basis.assessment.accepted
    )
    if not rows:
        return Section("accepted", "Risks accepted", (Paragraph("No risk was accepted."),))
    columns = ("Risk", "Accepted by", "Why", "Looked at again on")
    return Section("accepted", "Risks accepted", (Table("Risks accepted", columns, rows),))


def _levels(basis: Basis, harms: tuple[Harm, ...], *, caption: str) -> Table:
    rows = tuple(
        (
            harm.name,
            basis.level(harm.id),
            _or_unknown(basis.risk(harm.id).likelihood),
            _or_unknown(basis.risk(harm.id).impact),
            str(len(basis.controls_on(harm.id))),
            how_sure(harm.confidence_detail),
        )
        for harm in harms
    )
    columns = ("Kind of harm", "Level", "Likelihood", "Impact", "Controls", "Register entry")
    return Table(caption, columns, rows)


def _one_kind(basis: Basis, harm: Harm) -> Section:
    risk = basis.risk(harm.id)
    linked = factors_of(harm.id, as_of=basis.as_of)
    present = [basis.label(factor) for factor in basis.factors if factor in linked]
    rows = [
        ("Level", basis.level(harm.id)),
        ("Likelihood", _or_unknown(risk.likelihood)),
        ("Impact", _or_unknown(risk.impact)),
        ("Reasons", said(risk.reasons)),
        ("Risk factors present", listed(present)),
        ("Evidence", _told(_evidence_line(e) for e in basis.evidence_on(harm.id))),
        ("Controls", _told(_control_line(c) for c in basis.controls_on(harm.id))),
        *_special(risk),
        ("Register entry", how_sure(harm.confidence_detail)),
    ]
    return Section(f"risk-{harm.id}", harm.name, (Definitions(tuple(rows)), *_notes(basis, harm)))


def _special(risk: Risk) -> list[tuple[str, str]]:
    ages = "; ".join(f"{ages}: {level}" for ages, level in risk.by_age.items())
    rows = [
        ("Why it is not possible here", risk.structural),
        ("Why low although seen", risk.argued),
        ("Levels by age", ages),
    ]
    return [(name, text) for name, text in rows if text.strip()]


def _notes(basis: Basis, harm: Harm) -> tuple[Note, ...]:
    risk = basis.risk(harm.id)
    notes = []
    if basis.level(harm.id) == UNKNOWN:
        text = "This kind has no level yet. It counts as unknown, never as low."
        notes.append(Note("Not finished", text))
    elif not basis.is_rated(harm.id):
        text = "A kind that is part of it has no level yet, so this may turn out higher."
        notes.append(Note("Not finished", text))
    if risk.level is not None and not risk.reasons.strip():
        notes.append(Note("Not finished", "The level has no reasons yet."))
    if risk.is_inconclusive:
        text = "The evidence is not conclusive. Ofcom says to take the higher level then."
        notes.append(Note("Doubt", text))
    for objection in basis.objections:
        if objection.harm == harm.id and objection.rule is not Rule.UNRATED:
            whose = "Ofcom's rules ask" if objection.rule in OFCOMS else "Our own rules ask"
            notes.append(Note(f"{whose} for more", objection.says))
    return tuple(notes)


def _told(lines: Iterable[str]) -> str:
    return "\n".join(lines) or "None recorded."


def _evidence_line(evidence: Evidence) -> str:
    return sentences(
        f"{evidence.id}: {evidence.text}",
        "" if evidence.count is None else f"Count: {evidence.count:,}",
        "" if evidence.dated is None else in_words(evidence.dated),
        f"Source: {evidence.source}" if evidence.source else "",
    )


def _control_line(control: Control) -> str:
    works = f"Shown to work: {control.shown_to_work}" if control.shown_to_work else ""
    return sentences(f"{control.title} ({STATES[control.state].lower()})", works)


def _evidence_row(basis: Basis, evidence: Evidence) -> tuple[str, ...]:
    shows = "It shows that the harm happens on the service" if evidence.shows_harm else ""
    return (
        f"{evidence.id}: {KINDS_OF_EVIDENCE[evidence.kind]}",
        sentences(evidence.text, shows),
        said(evidence.source),
        in_words(evidence.dated),
        "" if evidence.count is None else f"{evidence.count:,}",
        listed([basis.harm_or_factor(harm) for harm in evidence.harms], none=""),
    )


def _or_unknown(word: str | None) -> str:
    return word.capitalize() if word else UNKNOWN
