"""A report, complaint or appeal is received: kept, looked into and acknowledged, or not at all."""

import json
from typing import Any

import pytest
from django.db import connection

from dutybound.cases.kinds import Kind
from dutybound.cases.status import Status
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.settling import settle_left
from dutybound_server.casework.hearing import ConcernRefused, Subject, Told
from dutybound_server.casework.models import Case, Concern, Letter
from dutybound_server.evidence.models import Snapshot
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast


def told(**changes: object) -> Told:
    facts = {"kind": Kind.ILLEGAL_CONTENT, "words": "This is cruel.", "channel": "page", **changes}
    return Told(**facts)  # type: ignore[arg-type]


def test_a_report_without_a_word_is_refused_and_leaves_nothing(cast: Cast) -> None:
    with pytest.raises(ConcernRefused) as refused:
        take_concern(service=cast.ridge, told=told(words=" "), now=NOW)

    assert refused.value.field == "words"
    assert not Concern.objects.exists()


def test_a_report_of_an_item_opens_its_case_seals_it_and_is_acknowledged(cast: Cast) -> None:
    item = make.item(cast.ridge, author=cast.bram, text="zonk")

    received = take_concern(
        service=cast.ridge, told=told(subjects=(Subject("item", item.external_id),)), now=NOW
    )

    case = Case.objects.get(subject=item.external_id)
    assert case.status == Status.OPEN
    assert received.concern.subjects.get().case == case
    assert "zonk" in Snapshot.objects.get(concern=received.concern.reference).content
    assert Letter.objects.get(concern=received.concern).kind == "acknowledged"
    # One entry tells of the receipt and of its acknowledgement.
    entry = Entry.objects.get(subject=f"concern:{received.concern.reference}")
    assert json.loads(bytes(entry.body))["facts"]["letter"] == "acknowledged"
    assert received.concern.acknowledged_at == NOW


def test_one_hundred_reports_of_one_item_are_one_case_with_a_short_history(cast: Cast) -> None:
    item = make.item(cast.ridge, author=cast.bram, text="zonk")

    for _ in range(100):
        take_concern(
            service=cast.ridge, told=told(subjects=(Subject("item", item.external_id),)), now=NOW
        )

    case = Case.objects.get(subject=item.external_id)
    assert Concern.objects.count() == 100
    assert case.events.count() == 51
    assert Snapshot.objects.count() == 1


def test_a_report_that_names_nothing_has_a_case_of_its_own(cast: Cast) -> None:
    received = take_concern(service=cast.ridge, told=told(), now=NOW)

    assert received.concern.subjects.get().subject == received.concern.reference


def test_one_sent_twice_is_taken_once_and_gets_the_same_receipt(cast: Cast) -> None:
    first = take_concern(service=cast.ridge, told=told(channel="api", request_id="r1"), now=NOW)

    again = take_concern(service=cast.ridge, told=told(channel="api", request_id="r1"), now=NOW)

    assert (again.concern, again.token, again.is_new) == (first.concern, first.token, False)


def test_a_full_case_still_takes_what_is_new_about_its_subject(cast: Cast) -> None:
    item = make.item(cast.ridge, author=cast.bram, text="zonk")
    for _ in range(52):
        make.concern(cast.ridge, about=[item])
    sealed, events = Snapshot.objects.count(), Case.objects.get().events.count()

    graver = make.concern(cast.ridge, about=[item], harm="terrorism")
    changed = make.item(cast.ridge, external_id=item.external_id, revision=2, text="zonk 2")
    make.concern(cast.ridge, about=[changed])

    case = Case.objects.get()
    assert (case.harm, case.severity, case.item) == ("terrorism", 5, changed)
    assert case.due_at == graver.due_at
    assert Snapshot.objects.count() == sealed + 1
    assert case.events.count() == events


def test_who_tells_of_it_at_the_moment_it_is_decided_is_told_what_was_decided(cast: Cast) -> None:
    item = make.item(cast.ridge, text="zonk")
    for _ in range(52):
        make.concern(cast.ridge, about=[item])
    case = Case.objects.get()

    def decide_before_it_is_stored(execute: Any, sql: str, *rest: Any) -> Any:  # noqa: ANN401 - Django's
        if sql.startswith('INSERT INTO "casework_concern"') and not case.decisions.exists():
            make.decide(case, by=cast.mo)
        return execute(sql, *rest)

    with connection.execute_wrapper(decide_before_it_is_stored):
        received = make.concern(cast.ridge, about=[item])
    assert not received.letters.filter(kind="outcome").exists()
    settle_left(now=NOW)

    assert received.letters.filter(kind="outcome").count() == 1
    assert not Concern.objects.filter(told_at__isnull=True).exists()


def test_a_child_brings_a_case_forward_and_who_comes_after_does_not_push_it_back(
    cast: Cast,
) -> None:
    item = make.item(cast.ridge, text="zonk")
    child = make.concern(cast.ridge, about=[item], version="child")

    make.concern(cast.ridge, about=[item])

    assert Case.objects.get().due_at == child.due_at < make.concern(cast.ridge).due_at
