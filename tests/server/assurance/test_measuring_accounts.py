"""Accounts told of for terrorism: how soon they are closed."""

from datetime import timedelta

import pytest

from dutybound_server.assurance.measuring.accounts import accounts
from dutybound_server.casework.actions.cases import open_account_case
from dutybound_server.casework.actions.enforcements import acknowledge_enforcement
from dutybound_server.casework.models import Case, Enforcement
from dutybound_server.people.models import Account
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told_of(cast: Cast, account: Account, *, harm: str = "terrorism") -> Case:
    return open_account_case(account=account, harm=harm, why="Its name.", by=cast.mo, now=NOW)


def test_without_such_an_account_there_is_nothing(cast: Cast) -> None:
    told_of(cast, cast.bram, harm="fraud")
    make.case(cast.ridge, harm="terrorism")

    assert accounts(cast.ridge, NOW + DAY).opened == 0


def test_one_that_waits_is_late_after_four_hours(cast: Cast) -> None:
    told_of(cast, cast.bram)

    assert accounts(cast.ridge, NOW + 3 * HOUR).waiting_late == 0
    seen = accounts(cast.ridge, NOW + 5 * HOUR)
    assert (seen.opened, seen.waiting, seen.waiting_late) == (1, 1, 1)
    assert seen.overdue_seconds == 3600.0


def test_one_is_closed_once_the_service_says_so(cast: Cast) -> None:
    make.decide(told_of(cast, cast.bram), by=cast.mo, now=NOW + HOUR)

    seen = accounts(cast.ridge, NOW + 30 * HOUR)
    assert (seen.decided, seen.closed, seen.told_in_time) == (1, 1, 1)
    assert (seen.done_in_time, seen.done_late, seen.undone_late) == (0, 0, 1)

    told = Enforcement.objects.get()
    acknowledge_enforcement(service=cast.ridge, uuid=told.uuid, now=NOW + 2 * HOUR)

    seen = accounts(cast.ridge, NOW + 30 * HOUR)
    assert (seen.done_in_time, seen.undone_late, seen.median_seconds) == (1, 0, 7200.0)


def test_one_that_only_gets_a_warning_is_not_closed(cast: Cast) -> None:
    make.decide(told_of(cast, cast.bram), by=cast.mo, now=NOW + HOUR, enforcement_kind="label")

    seen = accounts(cast.ridge, NOW + DAY)

    assert (seen.decided, seen.closed) == (1, 0)
