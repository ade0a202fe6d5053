"""A flood waits behind others and is never refused, nor can it push anything back."""

from collections.abc import Sequence
from datetime import timedelta

from dutybound_server.casework.actions.cases import open_case
from dutybound_server.casework.limits import MOST_FROM_A_NETWORK, MOST_FROM_A_PERSON, WINDOW
from dutybound_server.casework.models import Case, Letter
from dutybound_server.casework.queries import open_queue
from tests import make
from tests.cast import NOW, Cast


def subjects(cast: Cast) -> Sequence[str]:
    waiting = open_queue(cast.mo, cast.ridge, None, NOW + timedelta(minutes=30))
    return [case.subject for case in waiting]


def test_more_from_one_network_than_a_crowd_sends_is_queued_for_an_hour(cast: Cast) -> None:
    flood = [
        make.concern(cast.ridge, network=f"192.0.2.{n}") for n in range(MOST_FROM_A_NETWORK + 1)
    ]
    elsewhere = make.concern(cast.ridge, network="198.51.100.1")
    unknown = make.concern(cast.ridge)
    later = make.concern(cast.ridge, network="192.0.2.1", now=NOW + WINDOW)

    assert [one.queued for one in flood] == [False] * MOST_FROM_A_NETWORK + [True]
    assert not any(one.queued for one in (elsewhere, unknown, later))


def test_so_is_more_than_one_person_sends(cast: Cast) -> None:
    flood = [make.concern(cast.ridge, account=cast.bram) for _ in range(MOST_FROM_A_PERSON + 1)]

    assert flood[-1].queued
    assert not make.concern(cast.ridge, account=cast.cleo).queued


def test_nobody_floods_the_mail_of_another_by_writing_down_their_address(cast: Cast) -> None:
    item = make.item(cast.ridge, text="zonk")
    for _ in range(MOST_FROM_A_PERSON + 5):
        make.concern(cast.ridge, about=[item], email="kim@example.com")
    make.decide(Case.objects.get(), by=cast.mo)

    mailed = Letter.objects.filter(mail_due_at__isnull=False)
    assert mailed.count() == MOST_FROM_A_PERSON
    assert Letter.objects.filter(kind="outcome").count() == MOST_FROM_A_PERSON + 5
    later = make.concern(cast.ridge, email="kim@example.com", now=NOW + WINDOW)
    assert later.letters.get().mail_due_at is not None


def test_what_is_queued_waits_behind_what_is_as_grave(cast: Cast) -> None:
    first, second, graver = (make.item(cast.ridge, text=f"zonk {n}") for n in range(3))
    make.concern(cast.ridge, about=[first], queued=True)
    make.concern(cast.ridge, about=[graver], harm="hate", queued=True)
    make.concern(cast.ridge, about=[second], now=NOW + timedelta(minutes=20))

    assert subjects(cast) == [one.external_id for one in (graver, second, first)]

    # One other voice is enough: now the time it has waited counts.
    make.concern(cast.ridge, about=[first], now=NOW + timedelta(minutes=20))
    assert subjects(cast)[0] == first.external_id


def test_reporting_something_often_pushes_it_back_for_nobody(cast: Cast) -> None:
    item = make.item(cast.ridge, text="zonk")
    open_case(item=item, harm="other_illegal", why="A rule asks.", now=NOW)
    make.concern(cast.ridge, about=[item], queued=True)
    met = make.item(cast.ridge, text="zonk too")
    make.case(cast.ridge, about=met)
    make.concern(cast.ridge, about=[met], queued=True)

    waiting = open_queue(cast.mo, cast.ridge, None, NOW)

    assert {vars(case)["is_queued"] for case in waiting} == {False}


def test_a_queued_case_that_is_late_and_grave_goes_first_again(cast: Cast) -> None:
    plain = make.concern(cast.ridge)
    grave = make.concern(cast.ridge, harm="hate", queued=True)

    case = Case.objects.get(subject=grave.reference)
    early = open_queue(cast.mo, cast.ridge, None, case.due_at - timedelta(seconds=1))
    late = open_queue(cast.mo, cast.ridge, None, case.due_at)

    assert [one.subject for one in early] == [plain.reference, grave.reference]
    assert [one.subject for one in late] == [grave.reference, plain.reference]
