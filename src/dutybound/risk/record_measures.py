"""The sections of a written record on measures: what applies, what is done, what is open."""

from collections.abc import Iterable

from dutybound.register.applies import Answer
from dutybound.risk.document import Control, ControlState
from dutybound.risk.record_basis import (
    CODES,
    STATES,
    UNCHECKED_NUMBER,
    Basis,
    cited,
    how_sure,
    named,
)
from dutybound.risk.record_parts import (
    NOT_YET,
    Definitions,
    Note,
    Paragraph,
    Part,
    Section,
    Table,
    counted,
    in_words,
    listed,
    said,
    sentence,
    sentences,
)

_PAGES = {
    "concerns": "Reports",
    "desk": "Reporting form",
    "flaggers": "Trusted flaggers",
    "queue": "Cases",
    "times": "How fast we are",
}
"""Pages of the console that are called otherwise than in an address such as `console:queue`."""

_STAFF = ("A6", "A7", "C7", "C8")
AREAS = (
    ("(a) compliance and risk management", ("governance_accountability",)),
    (
        "(b) design of functions and algorithms",
        ("recommender_systems", "settings_functionalities_support"),
    ),
    ("(c) policies on terms of use", ("terms_of_service",)),
    ("(d) policies on user access", ("user_access", "age_assurance")),
    ("(e) content moderation", ("content_moderation",)),
    ("(f) users' control over what they meet", ("user_controls",)),
    ("(g) user support", ("settings_functionalities_support", "reporting_complaints")),
    ("(h) staff policies and practices", ()),
)
"""The areas of s.10(4) and s.12(8), and the parts of the Codes that serve them. Measures for those
who moderate (A6, A7, C7, C8) serve staff policies too."""


def the_measures(basis: Basis) -> Section:
    """The measures that apply, by Code, with why and what is done about each."""
    parts: list[Part] = [
        Paragraph(
            "These measures of Ofcom's Codes apply to the service, as far as the answers go. The "
            "Codes recommend them. A provider may do something else if it records how that meets "
            "the duty."
        )
    ]
    for code in ("illegal-content", "children"):
        answers = [a for a in basis.applying if a.provision.code == code]
        if answers:
            parts.append(_measures_table(basis, answers, caption=CODES[code]))
        else:
            parts.append(Paragraph(f"{CODES[code]}: no measure is known to apply."))
    bare = sum(not basis.controls_for(a.provision.id) for a in basis.applying)
    if any(named(a.provision).endswith("?") for a in basis.applying):
        parts.append(Paragraph(UNCHECKED_NUMBER))
    if bare:
        parts.append(Note("Not finished", f"Nothing stands yet behind {counted(bare, 'measure')}."))
    return Section("measures", "Measures that apply, and what is done", tuple(parts))


def the_unknown(basis: Basis) -> Section:
    """Measures of which it is not known whether they apply, and what would decide it."""
    if not basis.unknown:
        text = "Of every measure in force it is known whether it applies."
        return Section("unknown", "Measures that may apply", (Paragraph(text),))
    rows = tuple(
        (_name(a), sentence(a.why), _missing(basis, a), how_sure(a.provision.confidence))
        for a in basis.unknown
    )
    columns = ("Measure", "Why it is not known", "What is missing", "Register entry")
    note = Note("Not finished", "What is not known is never taken for no.")
    table = Table("Not known whether they apply", columns, rows)
    return Section("unknown", "Measures that may apply", (note, table))


def the_coming(basis: Basis) -> Section:
    """Measures that are proposed or laid, and would apply or may."""
    rows = tuple(
        (
            _name(a),
            a.standing.value,
            f"{a.applies.value}: {a.why}",
            how_sure(a.provision.confidence),
        )
        for a in basis.coming
    )
    if not rows:
        text = "None that is proposed or before Parliament would apply."
        return Section("coming", "Measures that are not yet in force", (Paragraph(text),))
    columns = ("Measure", "Where it stands", "Would it apply?", "Register entry")
    table = Table("Proposed, or before Parliament", columns, rows)
    return Section("coming", "Measures that are not yet in force", (table,))


def the_controls(basis: Basis) -> Section:
    """Each control in full."""
    inner = tuple(
        Section(
            f"control-{place}",
            control.title or control.id,
            (Definitions(_control(basis, control)),),
        )
        for place, control in enumerate(basis.assessment.controls, 1)
    )
    parts = () if inner else (Paragraph(NOT_YET),)
    return Section("controls", "Controls", parts, inner)


def the_alternatives(basis: Basis) -> Section:
    """What is done instead of a measure, as s.23(4) asks, and what is refused or declined."""
    kinds = (
        (ControlState.ALTERNATIVE, "Something else is done", _alternative),
        (ControlState.REFUSED, "Not taken", _refusal),
        (ControlState.DECLINED, "Declined, which the Code allows", _declined),
    )
    told = [
        (f"{says}: {control.title}", Definitions(rows(control)))
        for state, says, rows in kinds
        for control in _in_state(basis, state)
    ]
    inner = tuple(
        Section(f"instead-{place}", says, (rows,)) for place, (says, rows) in enumerate(told, 1)
    )
    none = Paragraph("No alternative is used, and no measure was refused or declined.")
    title = "Alternatives, and measures not taken (section 23(4))"
    return Section("alternatives", title, () if inner else (none,), inner)


def the_areas(basis: Basis) -> Section:
    """Whether measures and alternatives exist in each area of s.10(4) and s.12(8)."""
    rows = tuple(_area_row(basis, name, parts) for name, parts in AREAS)
    columns = ("Area", "Measures with a control", "Nothing behind them yet", "Alternatives")
    table = Table("Areas of sections 10(4) and 12(8)", columns, rows)
    ours = Paragraph(
        "Which measure serves which area is our reading; no source that we saw says it."
    )
    return Section("areas", "Areas covered (section 23(5))", (table, ours))


def _measures_table(basis: Basis, answers: list[Answer], *, caption: str) -> Table:
    rows = tuple(
        (
            _name(answer),
            sentence(answer.why),
            _done(basis, answer),
            _since(basis, answer),
            how_sure(answer.provision.confidence),
        )
        for answer in answers
    )
    columns = ("Measure", "Why it applies", "What is done", "In effect since", "Register entry")
    return Table(f"{caption}: measures that apply", columns, rows)


def _name(answer: Answer) -> str:
    return f"{named(answer.provision)} {answer.provision.title}"


def _done(basis: Basis, answer: Answer) -> str:
    lines = [_in_short(basis, control) for control in basis.controls_for(answer.provision.id)]
    if answer.idle and not lines:
        return "Nothing to act on here."
    return "\n".join(lines) or "Nothing recorded yet."


def _in_short(basis: Basis, control: Control) -> str:
    due = f"Due {in_words(control.due)}" if control.due else ""
    named = basis.owner(control)
    owner = f"Owner: {named}" if named else ""
    is_task = control.state is ControlState.TASK
    head = f"{STATES[control.state]}: {control.title}"
    return sentences(head, *((owner, due or "No date yet") if is_task else ()))


def _since(basis: Basis, answer: Answer) -> str:
    controls = basis.controls_for(answer.provision.id)
    in_effect = (ControlState.IN_PLACE, ControlState.ALTERNATIVE)
    days = [c.since for c in controls if c.since and c.state in in_effect]
    if days:
        return in_words(min(days))
    return NOT_YET if any(c.state in in_effect for c in controls) else ""


def _missing(basis: Basis, answer: Answer) -> str:
    return listed([_what_is_missing(basis, name) for name in answer.missing])


def _what_is_missing(basis: Basis, name: str) -> str:
    if name == "uk_users":
        return "how many people in the UK use it"
    harm = basis.edition.harms.get(name)
    return f"the level of {harm.short}" if harm else f"whether {_fact_words(basis, name)}"


def _fact_words(basis: Basis, fact: str) -> str:
    return basis.edition.register.facts[fact].yes


def _control(basis: Basis, control: Control) -> tuple[tuple[str, str], ...]:
    rows = (
        ("State", STATES[control.state]),
        ("What it is", control.description),
        ("Measures", _measures(control, none="")),
        ("Kinds of harm", listed([basis.harm_or_factor(h) for h in control.harms], none="")),
        ("Risk factors", listed([basis.label(f) for f in control.factors], none="")),
        ("Where it runs", where_it_runs(control.where)),
        ("Owner", said(basis.owner(control))),
        ("Due", in_words(control.due) if control.state is ControlState.TASK else ""),
        ("In effect since", in_words(control.since) if control.since else ""),
        ("Shown to work", said(control.shown_to_work)),
    )
    return tuple((name, text) for name, text in rows if text.strip())


def where_it_runs(where: str) -> str:
    """A page of the console by its name; else what somebody wrote."""
    if not where.startswith("console:"):
        return where
    page = where.removeprefix("console:")
    return f"Dutybound's console, page “{_PAGES.get(page, page.capitalize())}”"


def _measures(control: Control, *, none: str = "None") -> str:
    return listed([cited(measure) for measure in control.measures], none=none)


def _alternative(control: Control) -> tuple[tuple[str, str], ...]:
    kept = control.alternative
    return (
        ("Measures not taken", _measures(control)),
        ("What is done instead", said(kept.done_instead if kept else "")),
        ("How it meets the duty", said(kept.how_it_complies if kept else "")),
        (
            "Expression and privacy",
            said(kept.expression_and_privacy if kept else ""),
        ),
        ("In effect since", in_words(control.since)),
    )


def _refusal(control: Control) -> tuple[tuple[str, str], ...]:
    kept = control.refusal
    return (
        ("Measures not taken", _measures(control)),
        ("Why", said(kept.reason if kept else "")),
        ("How severe the harm is", said(kept.severity if kept else "")),
        ("Who is affected", said(kept.who_is_affected if kept else "")),
        (
            "Expression and privacy",
            said(kept.expression_and_privacy if kept else ""),
        ),
    )


def _declined(control: Control) -> tuple[tuple[str, str], ...]:
    return (("Measures", _measures(control)), ("Why", said(control.description)))


def _in_state(basis: Basis, state: ControlState) -> Iterable[Control]:
    return (control for control in basis.assessment.controls if control.state is state)


def _area_row(basis: Basis, name: str, parts: tuple[str, ...]) -> tuple[str, str, str, str]:
    here = {a.provision.id: a.provision for a in basis.applying if _is_in_area(a, parts)}
    with_control = [named(p) for measure, p in here.items() if basis.controls_for(measure)]
    bare = [named(p) for measure, p in here.items() if not basis.controls_for(measure)]
    alternatives = [
        control.title
        for control in _in_state(basis, ControlState.ALTERNATIVE)
        if not here.keys().isdisjoint(control.measures)
    ]
    return name, listed(with_control), listed(bare), listed(alternatives)


def _is_in_area(answer: Answer, parts: tuple[str, ...]) -> bool:
    if not parts:
        return answer.provision.id.split()[-1] in _STAFF
    return answer.provision.part in parts
