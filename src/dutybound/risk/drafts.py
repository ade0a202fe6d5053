"""Texts drafted from an assessment: clauses for terms of service, words for users and the board.

A draft says only what the answers support: a measure counts once a control for it is in place.
What is left out is named, so that somebody can finish it. A person checks every draft.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from dutybound.register.applies import Applies
from dutybound.risk.document import Assessment, Control, ControlState, Surface
from dutybound.risk.drafts_clauses import CHILDREN, COMPLAINTS, TERMS, Clause
from dutybound.risk.record import document_date, standing, unfinished
from dutybound.risk.record_basis import UNKNOWN, Basis, named
from dutybound.risk.record_parts import (
    Bullets,
    Definitions,
    Note,
    Paragraph,
    Part,
    Record,
    Section,
    Table,
    counted,
    in_words,
    listed,
    said,
)

DRAFT = Note("Draft", "Check every sentence before you use it. It says only what was answered.")
MOST_LISTED = 8
_CHILDREN_COUNT = "Until it is on record that children are not likely to be here, they count."
_LOW = "Low or negligible"


def terms_clauses(assessment: Assessment, *, as_of: date) -> Record:
    """Clauses that the Codes (ICU G1, PCU G1) recommend terms of service to have."""
    basis = Basis(assessment, as_of)
    drafted = {
        name: Section(name, title, (*_clauses(basis, clauses), *_more(basis, name)))
        for name, title, clauses in TERMS
    }
    if _answers_disagree(basis):
        text = "A control that compares content is in place, and no such software is declared."
        told = (Note("The answers disagree", text),)
        drafted["software"] = Section("software", drafted["software"].title, told)
    if not _duty_holds(basis, "OSA-10-3A"):
        del drafted["intimate-images"]
    return _draft(
        basis, "Clauses for your terms of service", [*drafted.values(), *_children(basis)]
    )


def statement_for_users(assessment: Assessment, *, as_of: date) -> Record:
    """What users may read about the risks that were found, and what is done about them."""
    basis = Basis(assessment, as_of)
    sections = [
        Section("risks", "What we looked at", tuple(_risks_for_users(basis))),
        Section("controls", "What we do", tuple(_controls_for_users(basis))),
        Section("you", "What you can do", tuple(_clauses(basis, COMPLAINTS))),
        Section("next", "What comes next", tuple(_next_for_users(basis))),
    ]
    return _draft(basis, "How we look after your safety", sections)


def board_summary(assessment: Assessment, *, as_of: date) -> Record:
    """One page for those who answer for the service: the risk, what is done, and what is left."""
    basis = Basis(assessment, as_of)
    parts = (
        DRAFT,
        Definitions(_who(basis)),
        _levels_for_board(basis),
        _measures_for_board(basis),
        *_left_for_board(basis),
        Paragraph(
            "This page says what Ofcom's Codes recommend and what stands behind it here. It does "
            "not say that the service meets the law."
        ),
    )
    return Record(
        "Online safety on one page",
        said(assessment.service.name),
        standing(assessment),
        document_date(assessment, as_of=as_of),
        (Section("board", "Summary for the board", parts),),
    )


def _draft(basis: Basis, title: str, sections: Iterable[Section]) -> Record:
    assessment = basis.assessment
    return Record(
        title,
        said(assessment.service.name),
        "Draft, to be checked",
        document_date(assessment, as_of=basis.as_of),
        (Section("draft", "Before you use this", (DRAFT,)), *sections),
    )


# What the answers support


def _clauses(basis: Basis, clauses: Sequence[Clause]) -> list[Part]:
    """The clauses that are supported, and a note that names what keeps others out."""
    told: list[Part] = [Paragraph(c.text) for c in clauses if _is_supported(basis, c)]
    lacking = dict.fromkeys(
        measure
        for clause in clauses
        if _facts_hold(basis, clause) is not False
        for measure in clause.measures
        if not _is_in_place(basis, measure) and _matters(basis, measure)
    )
    if lacking:
        names = listed([_cited(basis, measure) for measure in lacking])
        told.append(Note("Left out", f"Nothing is in place yet for {names}."))
    open_facts = dict.fromkeys(
        fact
        for clause in clauses
        for fact in (*clause.facts, *clause.not_facts)
        if basis.fact(fact) is None
    )
    if open_facts:
        names = "; ".join(basis.label(fact) for fact in open_facts)
        told.append(Note("Left out", f"It is not known whether this holds: {names}."))
    return told


def _is_supported(basis: Basis, clause: Clause) -> bool:
    behind = all(_is_in_place(basis, measure) for measure in clause.measures)
    return behind and _facts_hold(basis, clause) is True


def _facts_hold(basis: Basis, clause: Clause) -> bool | None:
    truths = [basis.fact(fact) for fact in clause.facts]
    truths += [None if (t := basis.fact(fact)) is None else not t for fact in clause.not_facts]
    return False if False in truths else None if None in truths else True


def _is_in_place(basis: Basis, measure: str) -> bool:
    """Whether a control in place stands behind one of `A or B`."""
    return any(
        control.state is ControlState.IN_PLACE
        for one in measure.split(" or ")
        for control in basis.controls_for(one)
    )


def _matters(basis: Basis, measure: str) -> bool:
    """Whether one of `A or B` applies, or may."""
    wanted = measure.split(" or ")
    answers = (*basis.applying, *basis.unknown, *basis.duties)
    return any(answer.provision.id in wanted for answer in answers)


def _cited(basis: Basis, measure: str) -> str:
    """The one of `A or B` that applies, or may, with its title."""
    wanted = measure.split(" or ")
    answers = (*basis.applying, *basis.unknown, *basis.duties)
    found = [a.provision for a in answers if a.provision.id in wanted]
    return listed([p.title if p.is_duty else f"{named(p)} ({p.title})" for p in found])


def _duty_holds(basis: Basis, duty: str) -> bool:
    return any(a.provision.id == duty and a.applies is not Applies.NO for a in basis.duties)


def _more(basis: Basis, section: str) -> list[Part]:
    if section == "taking-down":
        return list(_surfaces(basis))
    if section == "software" and basis.fact("proactive_technology"):
        text = "Name the software. Say when it runs, and how it works."
        return [Note("Not finished", text)]
    return []


def _answers_disagree(basis: Basis) -> bool:
    """Whether software that looks for content is in place and was denied."""
    in_place = _is_in_place(basis, "ICU C9 or ICU C10 or ICU C14")
    return in_place and basis.fact("proactive_technology") is False


def _surfaces(basis: Basis) -> Iterable[Part]:
    """Where content can be taken down only in some parts, which ones those are."""
    if basis.fact("takedown_feasible") is not False:
        return
    surfaces = basis.assessment.service.surfaces
    if _is_in_place(basis, "ICU C2"):
        yield from _parts_list(
            "We take down illegal content quickly in these parts:",
            [surface for surface in surfaces if surface.takedown_feasible],
        )
    yield from _parts_list(
        "We cannot take content down in these parts:",
        [surface for surface in surfaces if surface.takedown_feasible is False],
    )


def _parts_list(lead: str, surfaces: Sequence[Surface]) -> list[Part]:
    names = tuple(surface.name for surface in surfaces)
    return [Paragraph(lead), Bullets(names)] if names else []


def _children(basis: Basis) -> list[Section]:
    if not basis.access.treated_as_likely:
        return []
    told: list[Part] = [] if basis.access.likely else [Note("Not finished", _CHILDREN_COUNT)]
    return [Section("children", "Children", (*told, *_clauses(basis, CHILDREN)))]


# For users


def _risks_for_users(basis: Basis) -> Iterable[Part]:
    rated = [h for h in basis.harms if _level_in_short(basis, h.id) != UNKNOWN]
    if not rated:
        yield Note("Not finished", "No kind of harm has a level yet.")
        return
    yield Paragraph(f"We looked at {counted(len(rated), 'kind')} of harm that may happen here.")
    for level in ("High", "Medium"):
        names = tuple(h.short for h in rated if _level_in_short(basis, h.id) == level)
        if names:
            yield Paragraph(f"We rated the risk of these as {level.lower()}:")
            yield Bullets(names)
    missing = len(basis.harms) - len(rated)
    if missing:
        yield Note("Not finished", f"{counted(missing, 'kind')} of harm still without a level.")


def _controls_for_users(basis: Basis) -> Iterable[Part]:
    titles = tuple(c.title for c in basis.assessment.controls if c.state is ControlState.IN_PLACE)
    if titles:
        yield Paragraph("These are in place:")
        yield Bullets(titles)
    else:
        yield Note("Not finished", "No control is in place yet.")


def _next_for_users(basis: Basis) -> Iterable[Part]:
    tasks = sum(c.state is ControlState.TASK for c in basis.assessment.controls)
    if tasks:
        yield Paragraph(f"We still work on {counted(tasks, 'thing')}.")
    review = basis.assessment.days.next_review
    if review is None:
        yield Note("Not finished", "The day of the next review is not recorded yet.")
    else:
        yield Paragraph(f"We plan to look at all this again by {in_words(review)}.")


# For the board


def _who(basis: Basis) -> tuple[tuple[str, str], ...]:
    people, days = basis.assessment.people, basis.assessment.days
    return (
        ("Person responsible", said(people.responsible)),
        ("Completed", in_words(days.completed)),
        ("Reported to you", in_words(days.reported)),
        ("Next review", in_words(days.next_review)),
    )


def _levels_for_board(basis: Basis) -> Table:
    by_level: dict[str, list[str]] = {"High": [], "Medium": [], UNKNOWN: [], _LOW: []}
    for harm in basis.harms:
        by_level[_level_in_short(basis, harm.id)].append(harm.short)
    rows = tuple(
        (level, str(len(harms)), "" if level == _LOW else _some(harms))
        for level, harms in by_level.items()
    )
    return Table("What is at risk", ("Level", "Kinds of harm", "Which"), rows)


def _level_in_short(basis: Basis, harm: str) -> str:
    """High, Medium, low or negligible; not known for what may yet turn out higher than low."""
    level = basis.level(harm)
    if level in ("Low", "Negligible"):
        return _LOW
    return level.split()[0] if level.startswith(("High", "Medium")) else UNKNOWN


def _measures_for_board(basis: Basis) -> Table:
    in_place = [a for a in basis.applying if _is_in_place(basis, a.provision.id)]
    others = [a for a in basis.applying if a not in in_place]
    with_control = [a for a in others if basis.controls_for(a.provision.id)]
    bare = [named(a.provision) for a in others if not basis.controls_for(a.provision.id)]
    rows = (
        ("Apply", str(len(basis.applying)), ""),
        ("In place", str(len(in_place)), ""),
        ("To do, or done in another way", str(len(with_control)),
         _some([named(a.provision) for a in with_control])),
        ("Nothing recorded", str(len(bare)), _some(bare)),
        ("May apply", str(len(basis.unknown)), _some([named(a.provision) for a in basis.unknown])),
    )  # fmt: skip
    return Table("What the Codes recommend here", ("Measures", "Count", "Which"), rows)


def _left_for_board(basis: Basis) -> Iterable[Part]:
    tasks = sorted(_tasks(basis), key=lambda control: control.due or date.max)
    if tasks:
        rows = tuple(
            (task.title, said(basis.owner(task)), in_words(task.due))
            for task in tasks[:MOST_LISTED]
        )
        yield Table("What is being done", ("Task", "Owner", "Due"), rows)
        if len(tasks) > MOST_LISTED:
            yield Paragraph(f"There are {len(tasks) - MOST_LISTED} more tasks.")
    open_ends = unfinished(basis)
    if open_ends:
        yield Note("Not finished", "This is still open:")
        yield Bullets(open_ends)


def _tasks(basis: Basis) -> list[Control]:
    return [c for c in basis.assessment.controls if c.state is ControlState.TASK]


def _some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - MOST_LISTED
    shown = listed(names[:MOST_LISTED], none="")
    return f"{shown} and {more} more" if more > 0 else shown
