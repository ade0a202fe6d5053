"""How fast people are heard: what waits past its target is late, not left out."""

from datetime import timedelta

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.hearing import Told
from dutybound_server.casework.models import Case, Concern
from dutybound_server.casework.work_figures import figures_by_kind
from dutybound_server.people.models import Service
from tests import make
from tests.cast import NOW, Cast

HOUR = timedelta(hours=1)


def told(service: Service, *, decided_after: timedelta | None) -> Concern:
    """A report of fraud, three days to decide it, and how long that took."""
    report = Told(kind=Kind.ILLEGAL_CONTENT, words="A trick.", channel="page", harm="fraud")
    concern = take_concern(service=service, told=report, now=NOW).concern
    if decided_after is not None:
        concern.decided_at = concern.told_at = NOW + decided_after
        concern.outcome = "acted"
        concern.save()
    return concern


def test_without_a_concern_there_is_no_figure(cast: Cast) -> None:
    assert figures_by_kind(cast.ridge, now=NOW) == ()


def test_what_is_late_counts_against_the_share_although_nobody_decided_it(cast: Cast) -> None:
    told(cast.ridge, decided_after=HOUR)
    told(cast.ridge, decided_after=100 * HOUR)
    told(cast.ridge, decided_after=None)

    (figures,) = figures_by_kind(cast.ridge, now=NOW + 80 * HOUR)
    (later,) = figures_by_kind(cast.ridge, now=NOW + 60 * HOUR)

    assert figures.in_time is not None
    assert later.in_time is not None
    assert (figures.in_time.count, figures.in_time.of, figures.breached) == (1, 3, 2)
    assert (later.in_time.count, later.in_time.of, later.waiting) == (1, 2, 1)


def test_what_was_taken_back_waits_again_and_is_not_in_time(cast: Cast) -> None:
    make.concern(cast.ridge, about=[make.item(cast.ridge, text="zonk")], harm="fraud")
    decision = make.decide(Case.objects.get(), by=cast.mo, now=NOW + HOUR)
    undo_decision(decision_id=decision.pk, by=cast.mo, now=NOW + 2 * HOUR)

    (figures,) = figures_by_kind(cast.ridge, now=NOW + 80 * HOUR)

    assert figures.in_time is not None
    assert (figures.waiting, figures.in_time.count, figures.in_time.of) == (1, 0, 1)


def test_a_pause_keeps_it_from_being_late_and_another_service_sees_nothing(cast: Cast) -> None:
    concern = told(cast.ridge, decided_after=None)
    concern.paused_at = NOW + HOUR
    concern.save()

    (figures,) = figures_by_kind(cast.ridge, now=NOW + 80 * HOUR)

    assert (figures.breached, figures.in_time) == (0, None)
    assert figures_by_kind(cast.harbour, now=NOW) == ()
