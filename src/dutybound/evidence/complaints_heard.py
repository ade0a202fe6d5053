"""What became of all that people told us, by kind, and how prompt that is."""

from collections.abc import Iterable
from dataclasses import dataclass

from dutybound.evidence.figures import Figure, count, seconds, share
from dutybound.evidence.judging import few, status_of_share
from dutybound.evidence.probe import QUARTER, Query
from dutybound.evidence.status import Status, worst_of

AIM, FLOOR = 0.95, 0.80
LONGEST_DAYS = 30
"""However late a service sets its target, longer than this is not prompt."""


@dataclass(frozen=True, slots=True)
class HeardOf:
    """What became of one kind, of those received in the window or still waiting.

    `in_time` and `late`: decided before and after the target; after 35 days, or withdrawn after the
    target, it is late too. `waiting_late`: past it and not
    decided. `slow`: waits longer than 30 days, whatever the target is. `target_days`: the longest
    target, in days of the calendar.
    `untold`: decided, and nothing is there to read.
    """

    kind: str
    received: int
    in_time: int
    late: int
    waiting: int
    waiting_late: int
    slow: int
    untold: int
    put_right: int
    oldest_seconds: float | None
    target_days: float
    is_statutory: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    kinds: tuple[HeardOf, ...]


HEARD = Query(
    "heard",
    Heard,
    "Of each kind of report, complaint and appeal that came in the last 90 days or still waits: "
    "how many were decided before and after their target, wait, were told, and how long the "
    "oldest waits.",
    ("reports and complaints", "their history"),
    QUARTER,
)


@dataclass(frozen=True, slots=True)
class Total:
    """Several kinds together."""

    kinds: tuple[HeardOf, ...]

    def sum(self, field: str) -> int:
        return sum(getattr(one, field) for one in self.kinds)

    @property
    def due(self) -> int:
        return self.sum("in_time") + self.sum("late") + self.sum("waiting_late")

    @property
    def answered(self) -> int:
        return self.sum("in_time") + self.sum("late")

    @property
    def oldest_seconds(self) -> float | None:
        waits = [one.oldest_seconds for one in self.kinds if one.oldest_seconds is not None]
        return max(waits, default=None)

    @property
    def target_days(self) -> float:
        return max((one.target_days for one in self.kinds), default=0.0)

    @property
    def breaks_the_act(self) -> int:
        """Those whose target is a limit of the Act, and which came after it or still wait."""
        of_act = [one for one in self.kinds if one.is_statutory]
        return sum(one.late + one.waiting_late for one in of_act)


def total_of(heard: Heard, kinds: Iterable[str]) -> Total:
    wanted = frozenset(kinds)
    return Total(tuple(one for one in heard.kinds if one.kind in wanted))


def promptness(total: Total) -> tuple[Status, str]:
    """How promptly several kinds were answered, and in a sentence."""
    due, waiting_late, slow = total.due, total.sum("waiting_late"), total.sum("slow")
    status = status_of_share(total.sum("in_time"), of=due, aim=AIM, floor=FLOOR)
    if total.breaks_the_act:
        return Status.NOT_MET, f"{total.breaks_the_act} went past a limit that the Act sets."
    if waiting_late:
        says = f"Past their target and not decided: {waiting_late} of {due}."
        return worst_of((status, Status.AT_RISK)), says
    if slow:
        says = f"Waiting longer than {LONGEST_DAYS} days: {slow}."
        return worst_of((status, Status.AT_RISK)), says
    if total.target_days > LONGEST_DAYS:
        says = f"The target is {total.target_days:.0f} days, which is not prompt."
        return worst_of((status, Status.AT_RISK)), says
    if total.sum("untold"):
        says = f"Decided, and the person was not told: {total.sum('untold')}."
        return worst_of((status, Status.AT_RISK)), says
    if status is Status.NOT_ENOUGH:
        return status, f"{few(due)} due in 90 days; too few to tell."
    return status, f"{total.sum('in_time')} of {due} were decided in time."


def figures_of(total: Total) -> tuple[Figure, ...]:
    name = HEARD.name
    return (
        share("Decided in time", total.sum("in_time"), of=total.due, query=name),
        count("Received", total.sum("received"), query=name),
        count("Waiting", total.sum("waiting"), query=name),
        count("Past the target and waiting", total.sum("waiting_late"), query=name),
        count(f"Waiting longer than {LONGEST_DAYS} days", total.sum("slow"), query=name),
        count("Decided and not told", total.sum("untold"), query=name),
        seconds("Oldest that waits", total.oldest_seconds, query=name),
    )
