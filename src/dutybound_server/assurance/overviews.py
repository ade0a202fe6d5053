"""How a service stands now, gathered from the records into the one overview reports are made of."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import ExpressionWrapper, F, FloatField, Max, Q, Window
from django.db.models.functions import Lag
from django.utils import timezone

from dutybound.evidence.board_details import (
    HEARD,
    PAPERS,
    QUALITY,
    RESIDUAL,
    REVIEWS,
    STANDINGS,
    TASKS,
)
from dutybound.evidence.figures import Figure, count, share
from dutybound.evidence.overview import (
    Asked,
    Head,
    Measure,
    Overview,
    Paper,
    Residual,
    Review,
    Task,
    Turn,
    Version,
)
from dutybound.evidence.probes import QUERIES
from dutybound.evidence.status import Status
from dutybound.risk.record_basis import STATES, how_sure
from dutybound.risk.record_parts import counted, listed, sentences
from dutybound_server.assurance.heard import heard
from dutybound_server.assurance.measuring.epochs import epoch
from dutybound_server.assurance.models import DocumentVersion, Finding, MeasureTask, ReviewTask
from dutybound_server.assurance.queries import newest_version
from dutybound_server.assurance.residual_queries import residual_of
from dutybound_server.assurance.standing_queries import (
    KEEP_EVERY,
    LONGEST_BETWEEN,
    Now,
    how_measures_stand,
)
from dutybound_server.assurance.watched import Watched, assessment_of
from dutybound_server.casework.quality_queries import agreement_of, overturns
from dutybound_server.journal.queries import Witnessed, newest_head, witnessed
from dutybound_server.people.actors import name_of
from dutybound_server.people.models import Service

NOT_RATED = "not rated"
OWN_QUERIES = (
    Asked(
        HEARD,
        "Reports, complaints and appeals received in the period, by kind and by kind of harm: what "
        "came of each by the moment the figures were computed, how long it took, and how many were "
        "decided in time. Withdrawn ones are in no time; waiting ones past their target are late.",
        ("reports and complaints",),
        None,
    ),
    Asked(
        QUALITY,
        "Second looks and golden items answered, and decisions appealed, since the period began. "
        "What only staff for restricted harms may see is left out.",
        ("decisions", "second looks", "appeals"),
        None,
    ),
    Asked(
        STANDINGS,
        "Each measure that applies or may by the assessment, with the status its probe found last.",
        ("findings", "assessment"),
        None,
    ),
    Asked(
        RESIDUAL,
        "Each kind of harm with the level that was assessed, and whether the records speak against "
        "it.",
        ("assessment", "findings", "decisions"),
        None,
    ),
    Asked(
        TASKS,
        "Tasks of measures that turned: those open, and those closed since the period began.",
        ("tasks of measures",),
        None,
    ),
    Asked(
        REVIEWS,
        "What the assessment is to be looked at again for: open, or closed since the period began.",
        ("review tasks",),
        None,
    ),
    Asked(
        PAPERS,
        "The newest version of each governance document that is held.",
        ("governance documents",),
        None,
    ),
)


def overview_of(service: Service, *, since: datetime, until: datetime, now: datetime) -> Overview:
    """How the service stands at `now`, and what happened from `since` until `until`."""
    standing = how_measures_stand(service, now=now)
    told = heard(service, since=since, until=until, now=now)
    turns = _turns(service, since=since, until=until, now=now)
    measures = tuple(_measure(one, turns.get(one.measure, ())) for one in standing)
    assessment, version = assessment_of(service), newest_version(service)
    return Overview(
        service=service.name,
        provider=assessment.service.provider if assessment else "",
        first_day=timezone.localdate(since),
        # What happens at `until` itself is not in the period any more.
        last_day=timezone.localdate(until - timedelta(microseconds=1)),
        since=since,
        until=until,
        made_at=now,
        head=head_now(),
        measures=measures,
        tasks=tuple(_task(one) for one in _tasks(service, since=since)),
        by_kind=told.by_kind,
        by_harm=told.by_harm,
        quality=quality_of(service, since=since),
        residual=residual_now(service, now=now),
        reviews=tuple(_review(one) for one in _reviews(service, since=since)),
        assessment=Version(version.number, version.digest, version.approved_at)
        if version
        else None,
        papers=papers_of(service),
        queries=(*_asked(measures), *OWN_QUERIES),
    )


def head_now() -> Head:
    """The journal's head that what is computed now stands on."""
    head = newest_head()
    if head is None:
        return Head("", 0, "", "The journal has no signed head yet.")
    return Head(head.origin, head.size, head.root.hex(), in_witnesses_words(witnessed()))


def in_witnesses_words(seen: Witnessed) -> str:
    """Who else signed the journal, and since when nobody did, in a sentence."""
    if not seen.asked:
        return "Nobody else signs the journal: no witness is asked."
    since = f" since {seen.since:%-d %B %Y, %H:%M} UTC" if seen.since else ""
    if not seen.size:
        return f"Unwitnessed{since}: no witness has signed the journal yet."
    if seen.unwitnessed:
        entries = counted(seen.unwitnessed, "entry", "entries")
        return f"Unwitnessed{since}: {entries} after the {seen.size:,} that others saw."
    return f"Witnessed by {listed(sorted(seen.seen_by))}."


def residual_now(service: Service, *, now: datetime) -> tuple[Residual, ...]:
    """What is left of each kind of harm."""
    return tuple(
        Residual(
            harm=one.harm.id,
            name=one.harm.name,
            level=one.level or NOT_RATED,
            left=one.left or NOT_RATED,
            says=sentences(*one.because, "It was accepted" if one.is_accepted else ""),
            contradicts=one.is_contradicted,
        )
        for one in residual_of(service, now)
    )


def quality_of(service: Service, *, since: datetime) -> tuple[Figure, ...]:
    """How good decisions are, without what only staff for restricted harms may see."""
    whole, appealed = agreement_of(service, since).whole, overturns(service, since).whole
    figures = [count("Contents that two people judged", whole.kappa.units, query=QUALITY)]
    if whole.golden:
        told, of = whole.golden.count, whole.golden.of
        figures.append(share("Golden items judged as agreed", told, of=of, query=QUALITY))
    figures += [
        share("Of decisions against content: appealed", appealed.appealed, of=appealed.decided,
              query=QUALITY),
        share("Of answered appeals: overturned", appealed.overturned, of=appealed.answered,
              query=QUALITY),
    ]  # fmt: skip
    return tuple(figures)


def papers_of(service: Service) -> tuple[Paper, ...]:
    """The newest version of each governance document that is held."""
    versions = DocumentVersion.objects.filter(
        document__service=service, document__retired_at=None
    ).select_related("document__owner")
    newest = {one.document_id: one for one in versions.order_by("document_id", "number")}
    return tuple(
        Paper(
            kind=one.document.kind,
            title=one.document.title,
            version=one.number,
            name=one.name,
            sha256=one.sha256,
            dated=one.dated.isoformat(),
            expires_on=one.expires_on.isoformat(),
            owner=name_of(one.document.owner) if one.document.owner else "",
        )
        for one in newest.values()
    )


def _measure(one: Now, turns: tuple[Turn, ...]) -> Measure:
    provision, taken = one.watched.answer.provision, one.watched.is_taken
    finding = one.standing.finding if one.standing and taken else None
    return Measure(
        id=provision.id,
        title=provision.title,
        code=provision.code,
        applies=not one.watched.is_unsure,
        register_says=how_sure(provision.confidence),
        status=one.status if taken else None,
        says=one.says if taken else "",
        instead="" if taken else _instead(one.watched),
        figures=one.figures if taken else (),
        since=one.standing.since if one.standing and taken else None,
        owner=one.owner,
        probe=f"{one.probe.id}, version {one.probe.version}" if taken else "",
        digest=finding.digest if finding else "",
        checkpoint=(finding.checkpoint_size or 0) if finding else 0,
        turns=turns if taken else (),
    )


def _instead(one: Watched) -> str:
    """Why a measure is not taken, as the assessment says."""
    if one.control is None:
        return ""
    refusal = one.control.refusal.reason if one.control.refusal else ""
    done = one.control.alternative.done_instead if one.control.alternative else ""
    said = refusal or done or one.control.description
    return sentences(STATES[one.control.state], one.control.title, said)


def _turns(
    service: Service, *, since: datetime, until: datetime, now: datetime
) -> Mapping[str, tuple[Turn, ...]]:
    """How each measure stood when the period began, and each turn since, from kept findings.

    Where those lie too far apart nobody looked, so that it was stale in between.
    """
    kept = Finding.objects.filter(service=service)
    over = Window(Lag("status"), partition_by="measure", order_by=["at", "id"])
    ago = Window(Lag("at"), partition_by="measure", order_by=["at", "id"])
    within = kept.filter(at__gte=since, at__lt=until).annotate(before=over, before_at=ago)
    within = within.annotate(
        apart=ExpressionWrapper(epoch("at") - epoch("before_at"), output_field=FloatField())
    )
    last = dict(within.order_by().values_list("measure").annotate(Max("at")))
    firsts = {
        measure: kept.filter(measure=measure, at__lt=since).order_by("at", "id").last()
        for measure in last
    }
    found = {
        measure: [_began(first, since=since)] if first else [] for measure, first in firsts.items()
    }
    turned = ~Q(before=F("status")) | Q(before=None)
    unlooked = Q(apart__gt=LONGEST_BETWEEN.total_seconds())
    for one in within.filter(turned | unlooked).order_by("at", "id"):
        turns, first = found[one.measure], firsts[one.measure]
        seen = one.before_at or (first.at if first else one.at)
        if one.at - seen > LONGEST_BETWEEN and seen + KEEP_EVERY > since:
            turns.append(Turn(seen + KEEP_EVERY, Status.STALE, ""))
        if not turns or turns[-1].status != one.status:
            turns.append(_turn(one, at=one.at))
    for measure, at in last.items():
        if min(until, now) - at > LONGEST_BETWEEN:
            found[measure].append(Turn(at + KEEP_EVERY, Status.STALE, ""))
    return {measure: tuple(turns) for measure, turns in found.items()}


def _began(one: Finding, *, since: datetime) -> Turn:
    """How a measure stood as a period began, by the last finding before."""
    if since - one.at > LONGEST_BETWEEN:
        return Turn(since, Status.STALE, "")
    return _turn(one, at=since)


def _turn(one: Finding, *, at: datetime) -> Turn:
    return Turn(at, Status(one.status), one.digest)


def _tasks(service: Service, *, since: datetime) -> Iterable[MeasureTask]:
    """Those open, and those closed in the period."""
    tasks = MeasureTask.objects.filter(Q(closed_at=None) | Q(closed_at__gte=since), service=service)
    return tasks.select_related("owner").order_by("opened_at", "id")


def _task(one: MeasureTask) -> Task:
    owner = name_of(one.owner) if one.owner else ""
    return Task(one.measure, one.says, one.opened_at, owner, one.closed_at, one.note)


def _reviews(service: Service, *, since: datetime) -> Iterable[ReviewTask]:
    """Those open, and those opened or closed in the period."""
    reviews = ReviewTask.objects.filter(service=service).order_by("opened_at", "id")
    return (one for one in reviews if one.closed_at is None or one.closed_at >= since)


def _review(one: ReviewTask) -> Review:
    return Review(one.says, one.opened_at, one.closed_at, one.note)


def _asked(measures: Iterable[Measure]) -> tuple[Asked, ...]:
    """The queries that the measures' figures name."""
    names = sorted({figure.query for one in measures for figure in one.figures})
    return tuple(
        Asked(name, query.says, query.records, query.window.days if query.window else None)
        for name in names
        if (query := QUERIES.get(name)) is not None
    )
