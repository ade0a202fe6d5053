"""The written record of an assessment: the one source of its web page and its PDF.

It holds every field that Ofcom's guidance on records asks for, and says of each that is missing
that it is not recorded yet. It never says that the service meets the law.
"""

from collections import Counter
from datetime import date

from dutybound.register.entries import Confidence
from dutybound.register.profile import LEVELS
from dutybound.risk.defaults import defaults
from dutybound.risk.document import Assessment
from dutybound.risk.fingerprint import digest_of
from dutybound.risk.record_basis import CODES, STATES, UNKNOWN, Basis, how_sure, named
from dutybound.risk.record_measures import (
    the_alternatives,
    the_areas,
    the_coming,
    the_controls,
    the_measures,
    the_unknown,
    where_it_runs,
)
from dutybound.risk.record_parts import (
    NOT_YET,
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
    is_writable,
    listed,
    said,
    sentence,
)
from dutybound.risk.record_risks import the_accepted, the_evidence, the_risks
from dutybound.risk.record_service import (
    service_type,
    the_access,
    the_answers,
    the_risk_profiles,
    the_scope,
    the_service,
    users_in_words,
)

_DETAILS = (
    the_service,
    the_scope,
    the_access,
    the_risk_profiles,
    the_risks,
    the_measures,
    the_unknown,
    the_alternatives,
    the_areas,
    the_accepted,
    the_controls,
    the_evidence,
    the_answers,
    the_coming,
)


def written_record(assessment: Assessment, *, as_of: date) -> Record:
    """The record of an assessment under the law of a day: its first page, then all details."""
    basis = Basis(assessment, as_of)
    sections = (
        the_summary(basis),
        *(section_of(basis) for section_of in _DETAILS),
        the_duties(basis),
        the_law(basis),
    )
    return Record(
        title="Online safety risk assessment",
        about=said(assessment.service.name),
        standing=standing(assessment),
        dated=document_date(assessment, as_of=as_of),
        sections=sections,
    )


def standing(assessment: Assessment) -> str:
    """Whether it was approved, and by whom."""
    approved, by = assessment.days.approved, assessment.people.approved_by.strip()
    if approved is None or not by:
        return "Draft, not approved"
    return f"Approved by {by} on {in_words(approved)}"


def document_date(assessment: Assessment, *, as_of: date) -> date:
    """The last day on which something was done to the document; else the day of the law.

    A slip of the pen such as the year 9026 is no such day: neither PDF nor OSCAL could hold it.
    """
    days = assessment.days
    done = (days.approved, days.updated, days.completed)
    return max((day for day in done if is_writable(day)), default=as_of)


def the_summary(basis: Basis) -> Section:
    """The first page: who, when, at what risk, what is done, and what is left."""
    parts: list[Part] = [
        Definitions(_who_and_when(basis)),
        _levels_in_short(basis),
        _measures_in_short(basis),
    ]
    open_ends = unfinished(basis)
    if open_ends:
        parts += [Note("Not finished", "This is still open:"), Bullets(open_ends)]
    else:
        parts.append(Paragraph("Nothing that this record asks for is missing."))
    parts.append(
        Paragraph(
            "This record says what Ofcom's Codes recommend, what was answered, and what stands "
            "behind it. It does not say that the service meets the law."
        )
    )
    return Section("summary", "Summary", tuple(parts))


def unfinished(basis: Basis) -> tuple[str, ...]:
    """What the record asks for and does not hold yet, one sentence each."""
    empty = [name for name, value in _who_and_when(basis) if value == NOT_YET]
    without_level = [h.short for h in basis.harms if not basis.is_rated(h.id)]
    bare = [a.provision.id for a in basis.applying if not basis.controls_for(a.provision.id)]
    told = (
        (empty, f"Not recorded: {listed([name[0].lower() + name[1:] for name in empty])}."),
        (without_level, f"No level yet for {counted(len(without_level), 'kind')} of harm."),
        (basis.unknown, f"Not known if they apply: {counted(len(basis.unknown), 'measure')}."),
        (bare, f"Nothing stands behind {counted(len(bare), 'measure')} of those that apply."),
        (
            basis.open_questions,
            f"Without a full answer: {counted(len(basis.open_questions), 'question')}.",
        ),
    )
    return tuple(says for found, says in told if found)


def the_duties(basis: Basis) -> Section:
    """The duties of the Act that apply, or may."""
    rows = tuple(
        (
            a.provision.title,
            a.provision.section,
            a.applies.value.capitalize(),
            sentence(a.why),
            how_sure(a.provision.confidence),
        )
        for a in basis.duties
    )
    columns = ("Duty", "Where", "Does it apply?", "Why", "Register entry")
    brought = tuple(
        (a.provision.title, one.title, one.description, where_it_runs(one.where))
        for a in basis.duties
        if (one := defaults().for_duties.get(a.provision.id)) is not None
    )
    return Section(
        "duties",
        "Duties of the Act",
        (
            Table("Duties in force", columns, rows),
            Table(
                "What the server brings for them, once it is used",
                ("Duty", "What", "How", "Where it runs"),
                brought,
            ),
        ),
    )


def the_law(basis: Basis) -> Section:
    """The register this rests on: its day, its caveat, and the entries that are not verified."""
    book = basis.edition.register
    rested_on = [a.provision for a in (*basis.duties, *basis.applying, *basis.unknown)]
    rows = tuple(
        _unverified_row(f"{named(p)} {p.title}", p.confidence)
        for p in rested_on
        if p.confidence.level != "verified"
    )
    harms = tuple(
        _unverified_row(f"Kind of harm: {h.name}", h.confidence_detail)
        for h in basis.harms
        if h.confidence != "verified"
    )
    sureties = (*(p.confidence for p in rested_on), *(h.confidence_detail for h in basis.harms))
    keys = dict.fromkeys(key for surety in sureties for key in surety.sources)
    parts: tuple[Part, ...] = (
        Definitions(
            (
                ("Law as of", in_words(basis.as_of)),
                ("Register compiled on", in_words(book.compiled)),
                ("Caveat", book.caveat),
                ("Fingerprint (SHA-256)", digest_of(basis.assessment)),
            )
        ),
        Paragraph("These entries are not fully verified. Check them before you rely on them."),
        Table(
            "Entries this rests on that are not verified",
            ("Entry", "How sure", "What was verified", "Sources"),
            (*rows, *harms),
        ),
        Definitions(tuple((key, book.sources[key]) for key in keys)),
        Paragraph("Keep this record for at least three years after another takes its place."),
    )
    return Section("law", "The law this rests on, and how sure it is", parts)


def _who_and_when(basis: Basis) -> tuple[tuple[str, str], ...]:
    service, people, days = basis.assessment.service, basis.assessment.people, basis.assessment.days
    return (
        ("Service", said(service.name)),
        ("Type of service", service_type(basis)),
        ("Provider", said(service.provider)),
        ("Monthly UK users", users_in_words(basis)),
        ("Date completed", in_words(days.completed)),
        ("Date last updated", in_words(days.updated or days.completed)),
        ("Completed by", said(people.completed_by)),
        ("Person responsible", said(people.responsible)),
        ("Approved by", said(people.approved_by)),
        ("Date approved", in_words(days.approved)),
        ("Reported to", said(people.reported_to)),
        ("Date reported", in_words(days.reported)),
        ("Next review", in_words(days.next_review)),
    )


def _levels_in_short(basis: Basis) -> Table:
    by_level: dict[str, list[str]] = {}
    for harm in basis.harms:
        by_level.setdefault(basis.level(harm.id), []).append(harm.short)
    order = [level.capitalize() for level in reversed(LEVELS)]
    between = [level for level in by_level if level not in (*order, UNKNOWN)]
    rows = tuple(
        (level, str(len(by_level.get(level, ()))), listed(by_level.get(level, [])))
        for level in (*order, *between, UNKNOWN)
    )
    return Table("Risk of each kind of harm", ("Level", "Kinds", "Which"), rows)


def _measures_in_short(basis: Basis) -> Table:
    rows = []
    for code in ("illegal-content", "children"):
        answers = [a for a in basis.applying if a.provision.code == code]
        states = Counter(
            STATES[control.state]
            for answer in answers
            for control in basis.controls_for(answer.provision.id)[:1]
        )
        bare = len(answers) - states.total()
        counts = [f"{state}: {states[state]}" for state in STATES.values() if states[state]]
        counts += [f"Nothing recorded: {bare}"] if bare else []
        maybe = sum(a.provision.code == code for a in basis.unknown)
        rows.append((CODES[code], str(len(answers)), listed(counts), str(maybe)))
    columns = ("Code", "Measures that apply", "What is done", "Not known if they apply")
    return Table("Measures of Ofcom's Codes", columns, tuple(rows))


def _unverified_row(name: str, confidence: Confidence) -> tuple[str, str, str, str]:
    return (
        name,
        how_sure(confidence),
        "; ".join(confidence.verified),
        listed(confidence.sources, none="None named"),
    )
