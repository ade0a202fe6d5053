"""Trusted flaggers: agreed with, heard first where the policy says so, and shown their record."""

from datetime import timedelta
from typing import Any

import pytest

from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.flaggers import (
    FlaggerRefused,
    end_flagger,
    end_flagger_person,
    invite_flagger_person,
    issue_flagger_key,
    revoke_flagger_key,
)
from dutybound_server.casework.actions.flags import DifferentFlag
from dutybound_server.casework.flagger_queries import (
    FlaggerNotFound,
    desk_for,
    flagger_for_staff,
    flagger_key_for,
    record_of,
    report_of,
    rules_over_flaggers_of,
    things_of,
)
from dutybound_server.casework.hearing import ConcernRefused
from dutybound_server.casework.models import Case, Concern, Flagger
from dutybound_server.casework.queries import open_queue
from dutybound_server.journal.models import Entry
from dutybound_server.people.actions import create_service, grant_role
from dutybound_server.people.queries import BadKey, key_for
from dutybound_server.people.roles import Role
from tests import cast as people
from tests import make
from tests.cast import NOW, Cast

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def watch(cast: Cast) -> Flagger:
    return make.flagger(cast.ridge, by=cast.ada, first_in_queue=True, harms=("fraud",))


# What is agreed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("harms", ("gossip",)),
        ("contact", "not an address"),
        ("name", "???"),
        ("respond_within", timedelta(0)),
    ],
)
def test_an_arrangement_that_makes_no_sense_leaves_nothing(
    cast: Cast,
    field: str,
    value: Any,  # noqa: ANN401 - a term of any kind
) -> None:
    with pytest.raises(FlaggerRefused) as refused:
        make.flagger(cast.ridge, by=cast.ada, **{field: value})

    assert refused.value.field == field
    assert not Flagger.objects.exists()


def test_a_name_is_taken_once_also_after_its_end(cast: Cast, watch: Flagger) -> None:
    end_flagger(flagger_id=watch.pk, why="They closed.", by=cast.ada, now=NOW)

    with pytest.raises(FlaggerRefused, match="there was one"):
        make.flagger(cast.ridge, by=cast.ada)


def test_what_is_agreed_stands_in_the_journal(cast: Cast, watch: Flagger) -> None:
    entry = Entry.objects.get(kind="flagger.agreed")

    assert (entry.subject, entry.actor) == ("flagger:fraud-watch", f"staff:{cast.ada.pk}")


# Its people and keys


def test_nobody_who_works_for_a_service_flags_for_somebody_else(cast: Cast, watch: Flagger) -> None:
    with pytest.raises(FlaggerRefused, match="independent"):
        invite_flagger_person(
            flagger_id=watch.pk, email=cast.vic.email, name="Vic", by=cast.ada, now=NOW
        )


def test_a_person_who_becomes_staff_is_no_flagger_any_more(cast: Cast, watch: Flagger) -> None:
    fay = make.flagger_person(watch, by=cast.ada)
    assert desk_for(fay, service="ridge", flagger="fraud-watch") == watch

    grant_role(user=fay, service=cast.harbour, role=Role.MODERATOR, by="system", now=NOW)

    with pytest.raises(FlaggerNotFound):
        desk_for(fay, service="ridge", flagger="fraud-watch")


def test_only_who_administers_all_of_it_may_make_a_person_a_new_way_in(
    cast: Cast, watch: Flagger
) -> None:
    fay = make.flagger_person(watch, by=cast.ada)
    heath = people.person("Heath", at=cast.harbour, role=Role.ADMINISTRATOR)

    assert rules_over_flaggers_of(cast.ada, fay)
    assert not rules_over_flaggers_of(heath, fay)


def test_an_ended_person_finds_nothing_and_comes_back_when_invited_again(
    cast: Cast, watch: Flagger
) -> None:
    fay = make.flagger_person(watch, by=cast.ada)
    end_flagger_person(person_id=watch.people.get().pk, by=cast.ada, now=NOW)
    with pytest.raises(FlaggerNotFound):
        desk_for(fay, service="ridge", flagger="fraud-watch")

    _, is_new = invite_flagger_person(
        flagger_id=watch.pk, email=fay.email, name="Fay", by=cast.ada, now=LATER
    )

    assert not is_new
    assert desk_for(fay, service="ridge", flagger="fraud-watch") == watch


def test_a_key_of_another_kind_or_of_nobody_is_told_from_one_that_works(
    cast: Cast, watch: Flagger
) -> None:
    key, token = issue_flagger_key(flagger_id=watch.pk, name="Robot", by=cast.ada, now=NOW)
    assert flagger_key_for(token, now=NOW) == key

    for wrong, says in (
        ("zonk", "dbf_"),
        (make.key(cast.ridge), "of a service"),
        (token[:-1] + ("a" if token[-1] != "a" else "b"), "No flagger"),
    ):
        with pytest.raises(BadKey, match=says):
            flagger_key_for(wrong, now=NOW)
    with pytest.raises(BadKey):
        key_for(token, now=NOW)


def test_a_revoked_key_and_one_of_an_ended_flagger_open_nothing(cast: Cast, watch: Flagger) -> None:
    key, token = issue_flagger_key(flagger_id=watch.pk, name="Robot", by=cast.ada, now=NOW)
    _, other = issue_flagger_key(flagger_id=watch.pk, name="Second", by=cast.ada, now=NOW)
    revoke_flagger_key(key_id=key.pk, by=cast.ada, now=NOW)
    with pytest.raises(BadKey, match="revoked"):
        flagger_key_for(token, now=NOW)

    end_flagger(flagger_id=watch.pk, why="They closed.", by=cast.ada, now=NOW)

    with pytest.raises(BadKey, match="ended"):
        flagger_key_for(other, now=NOW)


# Reporting


def test_a_report_without_a_subject_is_refused_and_leaves_nothing(
    cast: Cast, watch: Flagger
) -> None:
    fay = make.flagger_person(watch, by=cast.ada)

    with pytest.raises(ConcernRefused, match="at least one"):
        make.flagged(watch, by=fay)

    assert not Concern.objects.exists()


def test_one_sent_twice_is_one_report_and_another_under_its_id_is_refused(
    cast: Cast, watch: Flagger
) -> None:
    fay = make.flagger_person(watch, by=cast.ada)
    first = make.flagged(watch, "post-1", by=fay, request_id="r1")

    assert make.flagged(watch, "post-1", by=fay, request_id="r1") == first
    with pytest.raises(DifferentFlag):
        make.flagged(watch, "post-2", by=fay, request_id="r1")
    assert Concern.objects.count() == 1


def test_two_flaggers_may_number_their_reports_alike(cast: Cast, watch: Flagger) -> None:
    police = make.flagger(cast.ridge, by=cast.ada, name="Ridge Police", kind="police")
    fay = make.flagger_person(watch, by=cast.ada)
    pol = make.flagger_person(police, by=cast.ada, name="Pol")

    mine = make.flagged(watch, "post-1", by=fay, request_id="1")
    theirs = make.flagged(police, "post-1", by=pol, request_id="1")

    assert mine != theirs
    with pytest.raises(FlaggerNotFound):
        report_of(watch, theirs.reference)


def test_its_report_is_due_when_agreed_and_the_journal_names_it(cast: Cast, watch: Flagger) -> None:
    fay = make.flagger_person(watch, by=cast.ada)

    concern = make.flagged(watch, "post-1", by=fay)

    assert concern.due_at == NOW + timedelta(hours=24)
    assert "we agreed with you" in concern.letters.get().words
    assert Entry.objects.get(kind="concern.received").actor == "flagger:fraud-watch"


def test_what_it_is_not_trusted_for_is_taken_as_anybodys(cast: Cast, watch: Flagger) -> None:
    fay = make.flagger_person(watch, by=cast.ada)

    make.case(cast.ridge, about=make.item(cast.ridge, external_id="fraud", reach=9), harm="fraud")

    concern = make.flagged(watch, "post-1", by=fay, harm="drugs")

    assert concern.due_at == NOW + timedelta(days=3)
    assert "agreed" not in concern.letters.get().words
    waiting = open_queue(cast.mo, cast.ridge, None, NOW)
    assert not waiting.filter(goes_first=True).exists()  # type: ignore[misc]


# Its place in the queue


def queue(cast: Cast) -> list[str]:
    return [case.subject for case in open_queue(cast.mo, cast.ridge, None, LATER)]


def test_what_it_reports_goes_before_its_severity_and_no_graver_one(
    cast: Cast, watch: Flagger
) -> None:
    fay = make.flagger_person(watch, by=cast.ada)
    for harm in ("hate", "fraud", "proceeds_of_crime"):
        make.case(cast.ridge, about=make.item(cast.ridge, external_id=harm, reach=100), harm=harm)
    flagged = make.item(cast.ridge, external_id="flagged")
    make.flagged(watch, flagged.external_id, by=fay, now=LATER)

    assert queue(cast) == ["hate", "flagged", "fraud", "proceeds_of_crime"]


def test_without_such_a_policy_or_after_its_end_it_waits_its_turn(
    cast: Cast, watch: Flagger
) -> None:
    fay = make.flagger_person(watch, by=cast.ada)
    make.case(cast.ridge, about=make.item(cast.ridge, external_id="fraud", reach=9), harm="fraud")
    make.flagged(watch, "flagged", by=fay, now=LATER)
    assert queue(cast) == ["flagged", "fraud"]

    end_flagger(flagger_id=watch.pk, why="They closed.", by=cast.ada, now=LATER)

    assert queue(cast) == ["fraud", "flagged"]


# Its record


def test_its_record_counts_what_stands_and_an_undo_changes_it(cast: Cast, watch: Flagger) -> None:
    fay = make.flagger_person(watch, by=cast.ada)
    make.flagged(watch, "right", "wrong", "waiting", by=fay)
    right = make.decide(Case.objects.get(subject="right"), by=cast.mo, now=LATER)
    wrong = Case.objects.get(subject="wrong")
    make.decide(wrong, by=cast.mo, enforcement_kind="none", ground="none", rule="", now=LATER)

    accuracy = record_of(watch, now=LATER).accuracy
    assert (accuracy.reported, accuracy.decided, accuracy.right) == (3, 2, 1)

    undo_decision(decision_id=right.pk, by=cast.mo, now=LATER)

    accuracy = record_of(watch, now=LATER).accuracy
    assert (accuracy.reported, accuracy.decided, accuracy.right) == (3, 1, 0)


def test_what_became_of_each_thing_is_told(cast: Cast, watch: Flagger) -> None:
    fay = make.flagger_person(watch, by=cast.ada)
    concern = make.flagged(watch, "a", "b", by=fay)
    make.decide(Case.objects.get(subject="a"), by=cast.mo, now=LATER)

    things = things_of([concern])[concern.pk]

    assert [(one.id, one.state) for one in things] == [("a", "take_down"), ("b", "waiting")]


def test_staff_of_another_service_find_no_flagger(cast: Cast, watch: Flagger) -> None:
    create_service(slug="third", name="Third", by="system", now=NOW)

    with pytest.raises(FlaggerNotFound):
        flagger_for_staff(cast.vic, cast.ridge, watch.slug)


def test_a_report_is_answered_in_time_or_late_and_its_flagger_is_told_once(
    cast: Cast, watch: Flagger
) -> None:
    fay = make.flagger_person(watch, by=cast.ada)
    in_time, late = (make.flagged(watch, one, by=fay) for one in ("soon", "late"))
    make.flagged(watch, "never", by=fay)
    make.decide(Case.objects.get(subject="soon"), by=cast.mo, now=LATER)
    much_later = NOW + timedelta(hours=30)
    make.decide(Case.objects.get(subject="late"), by=cast.mo, now=much_later)

    record = record_of(watch, now=much_later)

    assert (record.reports, record.answered, record.answered_in_time) == (3, 2, 1)
    assert (record.late_and_waiting, record.usual_time) == (1, timedelta(hours=16))
    for concern in (in_time, late):
        assert concern.letters.filter(kind="outcome").count() == 1
