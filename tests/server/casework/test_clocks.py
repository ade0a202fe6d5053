"""Clocks run in the server: each mark is raised once, and nothing hides that one was missed."""

from datetime import timedelta

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.answers import pause_clock, resume_clock
from dutybound_server.casework.actions.clocks import watch_clocks
from dutybound_server.casework.actions.concerns import withdraw_concern
from dutybound_server.casework.models import Concern, Delivery
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

HOUR = timedelta(hours=1)


def intimate(cast: Cast) -> Concern:
    """With 48 hours from receipt, by the Act."""
    item = make.item(cast.ridge, text="zonk")
    return make.concern(cast.ridge, kind=Kind.INTIMATE_IMAGE, about=[item])


def stages(concern: Concern) -> list[int]:
    return [event.facts["stage"] for event in concern.events.filter(kind="stage")]


def test_a_clock_is_raised_at_each_mark_once_and_a_breach_stays_on_the_row(cast: Cast) -> None:
    make.endpoint(cast.ridge)
    concern = intimate(cast)

    raised = [watch_clocks(now=NOW + n * HOUR) for n in (23, 24, 25, 36, 44, 47, 48, 60)]

    assert raised == [0, 1, 0, 1, 1, 0, 1, 0]
    assert stages(concern) == [50, 75, 90, 100]
    concern.refresh_from_db()
    assert concern.breached_at == concern.due_at == NOW + 48 * HOUR
    events = list(Delivery.objects.order_by("id").values_list("event", flat=True))
    assert events[-4:] == ["concern.at_risk"] * 3 + ["concern.breached"]
    assert Entry.objects.filter(kind="concern.stage").count() == 4


def test_after_an_outage_only_the_last_mark_is_raised_and_the_breach_has_its_true_time(
    cast: Cast,
) -> None:
    concern = intimate(cast)

    watch_clocks(now=NOW + timedelta(days=30))

    concern.refresh_from_db()
    assert stages(concern) == [100]
    assert concern.breached_at == NOW + 48 * HOUR


def test_what_stands_still_or_is_taken_back_is_not_raised(cast: Cast) -> None:
    paused = make.concern(cast.ridge, harm="iia")
    pause_clock(concern_id=paused.pk, why="We asked them.", by=cast.mo, now=NOW)
    gone = make.concern(cast.ridge)
    withdraw_concern(concern_id=gone.pk, now=NOW)

    assert watch_clocks(now=NOW + timedelta(days=30)) == 0

    # Four hours, of which none is used: half of them later it is raised.
    resume_clock(concern_id=paused.pk, by=cast.mo, now=NOW + timedelta(days=30))
    assert watch_clocks(now=NOW + timedelta(days=30, hours=1)) == 0
    assert watch_clocks(now=NOW + timedelta(days=30, hours=2)) == 1
    assert stages(paused) == [50]
