from itertools import product

import pytest

from dutybound.cases.status import NEXT, WAITING, EventKind, NotAllowed, Status, after, status_of

LIFE = [
    EventKind.OPENED,
    EventKind.CLAIMED,
    EventKind.REVEALED,
    EventKind.DECIDED,
    EventKind.APPEALED,
    EventKind.MATCHED,
    EventKind.DECIDED,
]


def test_a_status_can_be_rebuilt_from_the_history_at_any_point() -> None:
    statuses = [status_of(LIFE[:length]) for length in range(1, len(LIFE) + 1)]

    assert statuses == ["open", "open", "open", "decided", "appealed", "appealed", "decided"]


def test_a_decided_case_that_gets_new_matches_is_open_again() -> None:
    assert after(Status.DECIDED, EventKind.MATCHED) is Status.OPEN


@pytest.mark.parametrize("event", [EventKind.DECIDED, EventKind.CLAIMED, EventKind.HANDED_OVER])
def test_a_decided_case_is_nobodys_to_work_on(event: EventKind) -> None:
    with pytest.raises(NotAllowed, match="a case that is decided cannot be"):
        after(Status.DECIDED, event)


def test_an_appealed_decision_is_answered_and_not_undone() -> None:
    with pytest.raises(NotAllowed):
        after(Status.APPEALED, EventKind.UNDONE)


@pytest.mark.parametrize("event", [EventKind.NOTED, EventKind.REVEALED])
@pytest.mark.parametrize("status", Status)
def test_a_note_or_a_look_changes_no_status(status: Status, event: EventKind) -> None:
    assert after(status, event) is status


def test_every_history_starts_with_opened_and_opens_only_once() -> None:
    with pytest.raises(NotAllowed, match="starts with opened"):
        status_of([EventKind.MATCHED])
    with pytest.raises(NotAllowed, match="starts with opened"):
        status_of([])
    with pytest.raises(NotAllowed):
        status_of([EventKind.OPENED, EventKind.OPENED])


def test_every_event_but_the_first_can_happen_to_a_waiting_case() -> None:
    later = set(EventKind) - {EventKind.OPENED}

    possible = {event for status, event in product(WAITING, later) if (status, event) in NEXT}

    assert possible == later
