"""Of all that is counted about complaints, what comes later changes nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dutybound.cases.kinds import Kind
from dutybound_server.assurance.measuring.complaints import COMPLAINTS
from dutybound_server.casework.actions.answers import pause_clock, resume_clock
from dutybound_server.casework.actions.concerns import opt_in, opt_out, withdraw_concern
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.desks import change_desk, desk_of
from dutybound_server.casework.actions.enforcements import acknowledge_enforcement
from dutybound_server.casework.actions.flaggers import Terms, change_flagger, issue_flagger_key
from dutybound_server.casework.actions.letters import mail_letters
from dutybound_server.casework.actions.unfounded import (
    approve_policy,
    check_disregard,
    disregard,
    end_policy,
)
from dutybound_server.casework.models import Case, Concern, Enforcement, Flagger
from dutybound_server.people.actions import deactivate_staff
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.hearings import (
    DAY,
    HOUR,
    answer,
    appealed,
    complained_of,
    complaint,
    decide_appeal,
    refused_report,
)

pytestmark = pytest.mark.django_db

SAME_FOR_EVER = {"form_use", "signposted"}
"""Nothing of the story is about these."""


def case_of(concern: Concern) -> Case:
    case = concern.subjects.get().case
    assert case is not None
    return case


def reports(cast: Cast) -> Callable[[], None]:
    told = make.concern(cast.ridge, about=[make.item(cast.ridge)], now=NOW - 3 * DAY)
    decided = make.decide(case_of(told), by=cast.mo, now=NOW - 2 * DAY)
    open_still = make.concern(cast.ridge, about=[make.item(cast.ridge)], now=NOW - DAY)
    make.concern(cast.ridge, email="kim@example.com", now=NOW - DAY)
    mail_letters(now=NOW - DAY + timedelta(minutes=9))
    make.concern(cast.ridge, email="lea@example.com", now=NOW - HOUR)
    unwilling = make.concern(cast.ridge, email="max@example.com", now=NOW - 9 * DAY)
    opt_out(concern_id=unwilling.pk, now=NOW - 8 * DAY)
    intimate = refused_report(cast)
    complains = complained_of(intimate, at=NOW - HOUR)

    def later() -> None:
        undo_decision(decision_id=decided.pk, by=cast.mo, now=NOW + HOUR)
        make.decide(case_of(open_still), by=cast.nell, now=NOW + HOUR)
        mail_letters(now=NOW + HOUR)
        opt_in(concern_id=unwilling.pk, now=NOW + HOUR)
        opt_out(concern_id=told.pk, now=NOW + HOUR)
        answer(complains, by=cast.ren, at=NOW + HOUR, outcome="overturned")

    return later


def complaints(cast: Cast) -> Callable[[], None]:
    waits = complaint(cast, ago=40 * DAY)
    paused = complaint(cast, ago=8 * DAY, kind=Kind.AGE)
    pause_clock(concern_id=paused.pk, why="A paper is missing.", by=cast.grace, now=NOW - 2 * DAY)
    unpaused = complaint(cast, ago=6 * DAY, kind=Kind.AGE)
    answer(complaint(cast, ago=9 * DAY), by=cast.grace, at=NOW - DAY, outcome="overturned")
    dropped = complaint(cast, ago=DAY, kind=Kind.PROACTIVE_TECHNOLOGY)

    def later() -> None:
        answer(waits, by=cast.grace, at=NOW + HOUR)
        resume_clock(concern_id=paused.pk, by=cast.grace, now=NOW + HOUR)
        pause_clock(concern_id=unpaused.pk, why="They are away.", by=cast.grace, now=NOW + HOUR)
        resume_clock(concern_id=unpaused.pk, by=cast.grace, now=NOW + 2 * DAY)
        withdraw_concern(concern_id=dropped.pk, now=NOW + HOUR)
        complaint(cast, ago=-DAY, kind=Kind.PROACTIVE_TECHNOLOGY)
        deactivate_staff(user=cast.grace, by="system", now=NOW + DAY)

    return later


def appeals(cast: Cast) -> Callable[[], None]:
    right = decide_appeal(appealed(cast, ago=5 * DAY), by=cast.nell, at=NOW - 3 * DAY)
    undone = decide_appeal(appealed(cast, ago=4 * DAY), by=cast.sena, at=NOW - DAY)
    waits = appealed(cast, ago=2 * DAY)
    (told,) = Enforcement.objects.filter(decision=right)

    def later() -> None:
        undo_decision(decision_id=undone.pk, by=cast.sena, now=NOW + HOUR)
        decide_appeal(waits, by=cast.nell, at=NOW + HOUR)
        acknowledge_enforcement(service=cast.ridge, uuid=told.uuid, now=NOW + HOUR)
        appealed(cast, ago=-2 * DAY)

    return later


def exceptions(cast: Cast) -> Callable[[], None]:
    policy = approve_policy(
        service=cast.ridge, words="We set aside what is groundless.",
        attributes=["It is about nothing."], monitoring="A colleague looks.", change="",
        review_by=(NOW + 60 * DAY).date(), by=cast.grace, now=NOW - 50 * DAY,
    )  # fmt: skip
    set_aside = [
        disregard(
            concern_id=make.concern(cast.ridge, now=NOW - 45 * DAY).pk, attribute=0,
            why="It names nothing.", by=cast.mo, now=NOW - 44 * DAY,
        )
        for _ in range(2)
    ]  # fmt: skip
    flagger = make.flagger(cast.ridge, by=cast.ada, now=NOW - 20 * DAY)
    _, token = issue_flagger_key(
        flagger_id=flagger.pk, name="Their system", by=cast.ada, now=NOW - 20 * DAY
    )
    assert token
    make.flagged(flagger, "post-9", by=flagger.keys.get(), now=NOW - 3 * DAY)

    def later() -> None:
        wrongly = set_aside[0]
        check_disregard(disregard_id=wrongly.pk, by=cast.nell, was_right=False, now=NOW + HOUR)
        end_policy(policy=policy, by=cast.grace, now=NOW + HOUR)
        change_flagger(
            flagger_id=flagger.pk, terms=terms_of(flagger), why="Asked.", by=cast.ada,
            now=NOW + HOUR,
        )  # fmt: skip

    return later


def terms_of(flagger: Flagger) -> Terms:
    """The same, but for another kind of organisation."""
    return Terms(
        name=flagger.name, kind="other", respond_within=flagger.respond_within,
        policy=flagger.policy, review_by=(NOW + 300 * DAY).date(),
    )  # fmt: skip


def settings(cast: Cast) -> Callable[[], None]:
    desk = desk_of(cast.ridge)
    change_desk(desk=desk, changes={"is_open": False}, by=cast.ada, now=NOW - 30 * DAY)
    change_desk(desk=desk, changes={"is_open": True}, by=cast.ada, now=NOW - 29 * DAY)

    def later() -> None:
        changes = {
            "is_open": False, "children": False, "languages": ["cy"],
            "targets": {"appeal_item": 10, "appeal_account": 10, "age": 10},
        }  # fmt: skip
        change_desk(desk=desk, changes=changes, by=cast.ada, now=NOW + HOUR)

    return later


def everything(cast: Cast) -> Callable[[], None]:
    """Much happens before the moment, and much more by what comes back."""
    parts = [part(cast) for part in (settings, reports, appeals, exceptions, complaints)]

    def later() -> None:
        for happens in parts:
            happens()

    return later


def test_what_comes_later_changes_no_figure(cast: Cast) -> None:
    later = everything(cast)
    before = {name: read(cast.ridge, NOW) for name, read in COMPLAINTS.items()}

    later()

    assert {name: read(cast.ridge, NOW) for name, read in COMPLAINTS.items()} == before
    after = {name: read(cast.ridge, NOW + 3 * DAY) for name, read in COMPLAINTS.items()}
    assert {name for name in COMPLAINTS if after[name] == before[name]} == SAME_FOR_EVER


def test_a_look_asks_the_database_few_questions_however_much_there_is(cast: Cast) -> None:
    everything(cast)

    with CaptureQueriesContext(connection) as asked:
        for read in COMPLAINTS.values():
            read(cast.ridge, NOW)

    assert len(asked) < 80
