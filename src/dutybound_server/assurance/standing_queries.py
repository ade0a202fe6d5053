"""How measures stand now, for whoever asks; what nobody looked at lately is stale."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from dutybound.evidence.figures import Figure, Unit
from dutybound.evidence.probe import Probe
from dutybound.evidence.probes import PROBES
from dutybound.evidence.status import Status
from dutybound_server.assurance.models import Finding, Look, MeasureOwner, MeasureTask, Standing
from dutybound_server.assurance.watched import Watched, watched
from dutybound_server.people.actors import name_of
from dutybound_server.people.models import Service

KEEP_EVERY = timedelta(hours=1)
"""A finding that says the same as before is kept again after so long."""
LONGEST_BETWEEN = KEEP_EVERY + timedelta(minutes=15)
"""Where two findings of a measure lie further apart, nobody looked between them."""
STALE_AFTER = timedelta(seconds=45)
"""Without a look for so long, and three times what the last one took, nothing is known."""


@dataclass(frozen=True, slots=True)
class Now:
    """How one measure stands at this moment. `standing` is None before the first look."""

    watched: Watched
    probe: Probe
    status: Status
    says: str
    standing: Standing | None
    figures: tuple[Figure, ...]
    owner: str

    @property
    def measure(self) -> str:
        return self.watched.measure


def how_measures_stand(service: Service, *, now: datetime) -> tuple[Now, ...]:
    """Each measure that applies to the service or may, in the order of the register."""
    standings = {one.measure: one for one in Standing.objects.filter(service=service)}
    owners = owners_of(service)
    stale = stale_since(service, now=now)
    return tuple(
        _now(one, standings.get(one.measure), stale=stale, owner=owners.get(one.measure, ""))
        for one in watched(service, today=timezone.localdate(now))
        if one.measure in PROBES
    )


def stale_since(service: Service, *, now: datetime) -> datetime | None:
    """When the measures were last looked at, if that is too long ago to say anything.

    As little says a look that is still to come: the clock was set back since.
    """
    look = Look.objects.filter(service=service).first()
    if look is None or abs(now - look.at) <= STALE_AFTER + 3 * look.took:
        return None
    return look.at


def not_met_since(service: Service, *, now: datetime) -> Mapping[str, date]:
    """Measures that are not met, and the day since when; none where nobody looked lately."""
    if stale_since(service, now=now) is not None:
        return {}
    rows = Standing.objects.filter(service=service, status=Status.NOT_MET)
    return {row.measure: timezone.localdate(row.since) for row in rows}


def history(service: Service, measure: str) -> QuerySet[Finding]:
    """What was found of it, the oldest first."""
    return Finding.objects.filter(service=service, measure=measure).order_by("at", "id")


def open_measure_tasks(service: Service) -> QuerySet[MeasureTask]:
    tasks = MeasureTask.objects.filter(service=service, closed_at=None)
    return tasks.select_related("owner", "finding").order_by("opened_at", "id")


def owners_of(service: Service) -> Mapping[str, str]:
    """Measure → the name of who looks after it."""
    rows = MeasureOwner.objects.filter(service=service).select_related("user")
    return {row.measure: name_of(row.user) for row in rows}


def figure_in(written: Mapping[str, object]) -> Figure:
    """A figure as a row has it."""
    return Figure(**{**written, "unit": Unit(str(written["unit"]))})  # type: ignore[arg-type]


def _now(one: Watched, standing: Standing | None, *, stale: datetime | None, owner: str) -> Now:
    probe = PROBES[one.measure]
    if standing is None:
        return Now(one, probe, Status.STALE, "Nothing has looked at it yet.", None, (), owner)
    figures = tuple(figure_in(written) for written in standing.figures)
    if stale is None:
        return Now(one, probe, Status(standing.status), standing.says, standing, figures, owner)
    says = (
        f"Nothing has looked since {timezone.localtime(stale):%H:%M on %-d %B}: the worker, which "
        f"looks, does not run. What was found then: {standing.says}"
    )
    return Now(one, probe, Status.STALE, says, standing, figures, owner)
