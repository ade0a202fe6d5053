"""What records say of governance, as of a moment: what happens after it is not seen."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from dutybound.evidence.documents import Documents
from dutybound.evidence.governance_records import Accountable, DutiesTrained, PoliceChannels
from dutybound_server.assurance.actions.documents import (
    add_version,
    own_document,
    retire_document,
)
from dutybound_server.assurance.actions.looks import look_at
from dutybound_server.assurance.actions.training import record_training, withdraw_training
from dutybound_server.assurance.measuring import governance
from dutybound_server.assurance.measuring.complaints_exceptions import fraud_channel
from dutybound_server.assurance.measuring.documents import documents
from dutybound_server.assurance.measuring.readers import READERS
from dutybound_server.assurance.models import Audit, Finding, Publication, Standing, Training
from dutybound_server.casework.actions.flaggers import end_flagger, end_flagger_person
from dutybound_server.casework.models import FlaggerPerson
from dutybound_server.people.actions import (
    deactivate_staff,
    grant_role,
    reactivate_staff,
    revoke_role,
)
from dutybound_server.people.models import Service
from dutybound_server.people.roles import Role
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved
from tests.server.assurance.papers import document, paper

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOW + 60 * DAY
Reader = Callable[[Service, datetime], object]


def trained(
    cast: Cast, user: User, *, on: datetime = NOW, days: int = 300, by: User | None = None
) -> Training:
    return record_training(
        service=cast.ridge, user=user, subject="duties", on=on.date(),
        expires_on=on.date() + days * DAY, told="", by=by or cast.ada, now=on,
    )  # fmt: skip


def board_report(cast: Cast, *, number: int = 1, made_at: datetime = NOW) -> Publication:
    return Publication.objects.create(
        service=cast.ridge, number=number, kind="board", title="Board report", content={},
        digest="0" * 64, made_at=made_at, made_by=cast.grace,
    )  # fmt: skip


def audit(cast: Cast, *, drawn_at: datetime | None) -> Audit:
    return Audit.objects.create(
        service=cast.ridge, reference="A1", auditor=cast.ode, purpose="A look",
        period_from=NOW - 90 * DAY, period_until=NOW, starts_at=NOW, ends_at=LATER,
        opened_by=cast.grace, opened_at=NOW, drawn_at=drawn_at,
    )  # fmt: skip


# The accountable person


def test_the_accountable_person_is_whoever_has_the_role_now(cast: Cast) -> None:
    assert governance.accountable_people(cast.ridge, NOW) == Accountable(1)
    revoke_role(user=cast.grace, service=cast.ridge, role=Role.ACCOUNTABLE, by="system", now=LATER)

    assert governance.accountable_people(cast.ridge, LATER) == Accountable(0)
    assert governance.accountable_people(cast.ridge, NOW) == Accountable(1)
    assert governance.accountable_people(cast.harbour, NOW) == Accountable(0)


def test_who_is_shut_out_answers_for_nothing_until_they_are_let_in(cast: Cast) -> None:
    deactivate_staff(user=cast.grace, by="system", now=NOW + DAY)
    reactivate_staff(user=cast.grace, by="system", now=NOW + 3 * DAY)

    counted = [
        governance.accountable_people(cast.ridge, NOW + days * DAY).people for days in (0, 2, 4)
    ]

    assert counted == [1, 0, 1]


def test_a_look_turns_when_the_accountable_person_leaves(cast: Cast) -> None:
    approved(cast)
    document(cast.ridge, owner=cast.ada, by=cast.ada)
    look_at(service=cast.ridge, now=NOW)
    before = Standing.objects.get(service=cast.ridge, measure="ICU A2")
    revoke_role(user=cast.grace, service=cast.ridge, role=Role.ACCOUNTABLE, by="system", now=NOW)

    look_at(service=cast.ridge, now=NOW + timedelta(seconds=15))

    after = Standing.objects.get(service=cast.ridge, measure="ICU A2")
    assert (before.status, after.status) == ("met", "not_met")
    assert "Nobody who works here" in after.says
    assert Finding.objects.filter(measure="ICU A2").count() == 2


# Documents


def held(cast: Cast, as_of: datetime) -> Documents:
    return documents(cast.ridge, as_of)


def test_a_document_is_held_with_its_days_its_owner_and_who_added_it(cast: Cast) -> None:
    document(cast.ridge, owner=cast.grace, by=cast.ada)

    (one,) = held(cast, NOW + 10 * DAY).held

    assert (one.kind, one.version) == ("accountable_person", 1)
    assert (one.days_left, one.days_old) == (190, 10)
    assert (one.has_owner, one.by_another) == (True, True)


def test_what_its_owner_added_was_added_by_nobody_else(cast: Cast) -> None:
    document(cast.ridge, owner=cast.ada, by=cast.ada)

    assert held(cast, NOW).held[0].by_another is False


def test_a_document_of_somebody_who_left_has_no_owner(cast: Cast) -> None:
    document(cast.ridge, owner=cast.sena, by=cast.ada)
    revoke_role(user=cast.sena, service=cast.ridge, role=Role.SENIOR, by="system", now=LATER)

    assert held(cast, NOW).held[0].has_owner
    assert not held(cast, LATER).held[0].has_owner
    assert not held(cast, LATER).held[0].by_another


def test_a_retired_document_is_not_held(cast: Cast) -> None:
    one = document(cast.ridge, owner=cast.grace, by=cast.ada)
    retire_document(document=one, why="Old.", by=cast.ada, now=LATER)

    assert held(cast, LATER) == Documents(())
    assert len(held(cast, NOW).held) == 1


def test_another_service_s_documents_are_not_held_here(cast: Cast) -> None:
    document(cast.harbour, owner=None, by=cast.vic)

    assert held(cast, NOW) == Documents(())


# What else is counted


def test_a_withdrawn_or_old_board_report_does_not_count(cast: Cast) -> None:
    board_report(cast, made_at=NOW - 400 * DAY)
    assert governance.board_reports(cast.ridge, NOW).made == 0
    report = board_report(cast, number=2, made_at=NOW - 5 * DAY)
    assert governance.board_reports(cast.ridge, NOW).days_since_last == 5
    report.withdrawn_at = NOW
    report.save()

    assert governance.board_reports(cast.ridge, NOW).made == 0
    assert governance.board_reports(cast.ridge, NOW - DAY).made == 1


def test_an_audit_counts_once_its_sample_is_drawn(cast: Cast) -> None:
    audit(cast, drawn_at=NOW + DAY)

    assert governance.audits_done(cast.ridge, NOW).done == 0
    assert governance.audits_done(cast.ridge, NOW + DAY).done == 1
    assert governance.audits_done(cast.ridge, NOW + 400 * DAY).done == 0


def test_everybody_but_auditors_is_trained_in_the_duties(cast: Cast) -> None:
    for user in (cast.ada, cast.grace, cast.mo, cast.nell, cast.sena):
        trained(cast, user, days=20 if user == cast.mo else 300)

    assert governance.duties_trained(cast.ridge, NOW) == DutiesTrained(
        people=6, trained=5, joined_lately=1, expiring=1
    )
    assert governance.duties_trained(cast.ridge, NOW + 40 * DAY) == DutiesTrained(
        people=6, trained=4, joined_lately=0, expiring=0
    )


def test_a_withdrawn_training_and_one_in_moderation_do_not_count(cast: Cast) -> None:
    made = trained(cast, cast.mo)
    record_training(
        service=cast.ridge, user=cast.nell, subject="moderation", on=NOW.date(),
        expires_on=NOW.date() + 300 * DAY, told="", by=cast.ada, now=NOW,
    )  # fmt: skip
    withdraw_training(training=made, why="Ill.", by=cast.ada, now=NOW + DAY)

    assert governance.duties_trained(cast.ridge, NOW).trained == 1
    assert governance.duties_trained(cast.ridge, NOW + DAY).trained == 0


def test_a_channel_of_the_police_counts_while_somebody_can_use_it(cast: Cast) -> None:
    make.flagger(cast.ridge, by=cast.ada)
    police = make.flagger(cast.ridge, by=cast.ada, name="Police", kind="police")
    assert governance.police_channels(cast.ridge, NOW) == PoliceChannels(1, 0, 0)
    make.flagger_person(police, by=cast.ada, name="Pol")

    assert governance.police_channels(cast.ridge, NOW) == PoliceChannels(1, 1, 0)
    assert governance.police_channels(cast.ridge, NOW + 181 * DAY) == PoliceChannels(1, 1, 1)

    person = FlaggerPerson.objects.get(flagger=police)
    end_flagger_person(person_id=person.pk, by=cast.ada, now=LATER)
    assert governance.police_channels(cast.ridge, LATER) == PoliceChannels(1, 0, 0)


def test_a_channel_whose_people_are_shut_out_is_open_to_nobody_from_then_on(cast: Cast) -> None:
    for kind in ("police", "fraud"):
        flagger = make.flagger(cast.ridge, by=cast.ada, name=kind.title(), kind=kind)
        make.flagger_person(flagger, by=cast.ada, name="Flo")
    for person in FlaggerPerson.objects.all():
        deactivate_staff(user=person.user, by="system", now=NOW + DAY)

    assert governance.police_channels(cast.ridge, NOW).open == 1
    assert governance.police_channels(cast.ridge, NOW + DAY).open == 0
    assert fraud_channel(cast.ridge, NOW).unreachable == 0
    assert fraud_channel(cast.ridge, NOW + DAY).unreachable == 1


def test_the_newest_approval_counts(cast: Cast) -> None:
    assert governance.assessment_approved(cast.ridge, NOW).days_since is None
    approved(cast)

    assert governance.assessment_approved(cast.ridge, NOW + 3 * DAY).days_since == 3


# As of a moment


def more_happens(cast: Cast) -> None:
    """All that could move what these queries count, after the moment."""
    at = NOW + 2 * DAY
    one = cast.ridge.documents.get()
    add_version(document=one, paper=paper(dated=at.date()), by=cast.sena, now=at)
    own_document(document=one, owner=cast.nell, by=cast.ada, now=at)
    document(cast.ridge, "terms", owner=cast.grace, by=cast.ada, now=at)
    grant_role(user=cast.mo, service=cast.ridge, role=Role.ACCOUNTABLE, by="system", now=at)
    trained(cast, cast.nell, on=at)
    withdraw_training(training=Training.objects.earliest("id"), why="Ill.", by=cast.ada, now=at)
    board_report(cast, number=2, made_at=at)
    police = cast.ridge.flaggers.get()
    end_flagger(flagger_id=police.pk, why="Over.", by=cast.ada, now=at)
    approved(cast, now=at)
    audit(cast, drawn_at=at)
    retire_document(document=one, why="Old.", by=cast.ada, now=at)
    revoke_role(user=cast.grace, service=cast.ridge, role=Role.ACCOUNTABLE, by="system", now=at)


def test_what_happens_later_does_not_change_what_was(cast: Cast) -> None:
    document(cast.ridge, owner=cast.grace, by=cast.ada)
    trained(cast, cast.mo)
    board_report(cast)
    police = make.flagger(cast.ridge, by=cast.ada, name="Police", kind="police")
    make.flagger_person(police, by=cast.ada, name="Pol")
    names = ["documents", *governance.GOVERNANCE]
    before = {name: READERS[name](cast.ridge, NOW + DAY) for name in names}

    more_happens(cast)

    assert {name: READERS[name](cast.ridge, NOW + DAY) for name in names} == before
