"""What people are told and when: by their page, by e-mail, and not once they have opted out."""

from datetime import timedelta

import pytest
from django.test import override_settings

from dutybound.cases.kinds import Kind
from dutybound.evidence.complaints_letters import ACKNOWLEDGED, EXPLAINED
from dutybound.evidence.complaints_opting_out import OPTED_OUT
from dutybound_server.casework.actions.concerns import opt_in, opt_out
from dutybound_server.casework.actions.letters import mail_letters
from dutybound_server.casework.models import Letter
from dutybound_server.casework.retries import RETRY_FOR
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.hearings import DAY, HOUR, answer, answered, complaint

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
NO_ANSWER = "tests.server.casework.test_mail.OutOfOrder"


def test_who_left_no_address_has_it_at_once_on_their_page(cast: Cast) -> None:
    make.concern(cast.ridge, now=NOW - MINUTE)

    seen = answered(cast.ridge, ACKNOWLEDGED.name)

    assert (seen.received, seen.in_time, seen.late, seen.waiting_late) == (1, 1, 0, 0)
    assert seen.median_seconds == 0


def test_an_e_mail_that_nobody_sends_waits_and_is_late_when_it_goes(cast: Cast) -> None:
    make.concern(cast.ridge, email="kim@example.com", now=NOW - 20 * MINUTE)
    assert answered(cast.ridge, ACKNOWLEDGED.name, at=NOW - 16 * MINUTE).waiting_late == 0
    assert answered(cast.ridge, ACKNOWLEDGED.name).waiting_late == 1

    mail_letters(now=NOW)

    seen = answered(cast.ridge, ACKNOWLEDGED.name)
    assert (seen.in_time, seen.late, seen.waiting_late) == (0, 1, 0)
    assert seen.median_seconds == (20 * MINUTE).total_seconds()
    assert answered(cast.ridge, ACKNOWLEDGED.name, at=NOW - MINUTE).waiting_late == 1


def test_an_e_mail_that_could_not_be_sent_counts_as_late(cast: Cast) -> None:
    make.concern(cast.ridge, email="kim@example.com", now=NOW - RETRY_FOR - DAY)
    with override_settings(EMAIL_BACKEND=NO_ANSWER):
        mail_letters(now=NOW - DAY)
    assert Letter.objects.get().mail_failed_at == NOW - DAY

    seen = answered(cast.ridge, ACKNOWLEDGED.name)

    assert (seen.received, seen.in_time, seen.late, seen.waiting_late) == (1, 0, 1, 0)
    assert answered(cast.ridge, ACKNOWLEDGED.name, at=NOW - 2 * DAY).waiting_late == 1


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("version", ["adult", "child"])
@pytest.mark.parametrize("kind", [Kind.ILLEGAL_CONTENT, Kind.INTIMATE_IMAGE, Kind.DUTIES])
def test_every_acknowledgement_says_what_can_come_of_it_and_that_they_hear(
    cast: Cast, kind: Kind, version: str, language: str
) -> None:
    about = [make.item(cast.ridge)] if kind is Kind.INTIMATE_IMAGE else []
    make.concern(
        cast.ridge, kind=kind, version=version, language=language, about=about, now=NOW - DAY
    )

    seen = answered(cast.ridge, EXPLAINED.name)

    assert (seen.read, seen.say_outcomes, seen.say_told) == (1, 1, 1)


def test_a_flagger_is_told_it_too_and_a_letter_that_says_less_is_counted_so(cast: Cast) -> None:
    flagger = make.flagger(cast.ridge, by=cast.ada, now=NOW - DAY)
    person = make.flagger_person(flagger, by=cast.ada, now=NOW - DAY)
    make.flagged(flagger, "post-1", by=person, now=NOW - HOUR)
    assert answered(cast.ridge, EXPLAINED.name).say_outcomes == 1

    Letter.objects.update(words="Thank you.")

    seen = answered(cast.ridge, EXPLAINED.name)
    assert (seen.read, seen.say_outcomes, seen.say_told) == (1, 0, 0)


def test_a_letter_mailed_after_opting_out_is_seen_and_one_before_or_after_opting_in_is_not(
    cast: Cast,
) -> None:
    told = make.concern(cast.ridge, email="kim@example.com", now=NOW - 5 * DAY)
    mail_letters(now=NOW - 5 * DAY)
    opt_out(concern_id=told.pk, now=NOW - 4 * DAY)
    opt_in(concern_id=told.pk, now=NOW - 2 * DAY)
    assert answered(cast.ridge, OPTED_OUT.name).opted_out == 1
    assert answered(cast.ridge, OPTED_OUT.name).written_after == 0

    # What the worker never does: an e-mail goes while the wish stands.
    Letter.objects.update(mailed_at=NOW - 3 * DAY)
    assert answered(cast.ridge, OPTED_OUT.name).written_after == 1

    Letter.objects.update(mailed_at=NOW - DAY)
    assert answered(cast.ridge, OPTED_OUT.name).written_after == 0


def test_what_those_told_who_opted_out_is_counted_apart(cast: Cast) -> None:
    theirs = complaint(cast, ago=50 * DAY, email="kim@example.com")
    opt_out(concern_id=theirs.pk, now=NOW - 49 * DAY)
    answer(complaint(cast, ago=50 * DAY), by=cast.grace, at=NOW - 49 * DAY)

    seen = answered(cast.ridge, OPTED_OUT.name)

    assert (seen.due, seen.in_time) == (1, 0)
