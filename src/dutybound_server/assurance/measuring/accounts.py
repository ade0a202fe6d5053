"""Accounts that were told of for terrorism, and what became of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dutybound.cases.judgement import EnforcementKind
from dutybound.cases.priority import DECIDE_WITHIN, severity_of
from dutybound.cases.status import Status
from dutybound.evidence.accounts import ACCOUNTS, YEAR, AccountsSeen
from dutybound_server.assurance.measuring.cases_then import CaseThen, as_told
from dutybound_server.assurance.measuring.moderation import ranked
from dutybound_server.casework.models import Case, Decision
from dutybound_server.casework.subjects import ACCOUNT
from dutybound_server.people.models import Service

TERRORISM = "terrorism"
WITHIN = DECIDE_WITHIN[severity_of(TERRORISM)]
NOT_DONE_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Closing:
    """It was decided to close an account; `done` is None until the service said so."""

    until_told: timedelta
    until_done: timedelta | None
    told_ago: timedelta


def accounts(service: Service, as_of: datetime) -> AccountsSeen:
    """Cases about accounts as a whole in the last year, as their histories tell them."""
    rows = Case.objects.filter(
        service=service,
        subject_kind=ACCOUNT,
        opened_at__gt=as_of - YEAR,
        opened_at__lte=as_of,
    )
    cases = {one.pk: one for one in as_told(rows, as_of) if one.harm == TERRORISM}
    waiting = [one for one in cases.values() if one.status is Status.OPEN]
    late = [as_of - one.due_at for one in waiting if one.due_at < as_of]
    closings = [*_closings(cases, as_of)]
    done = [one.until_done for one in closings if one.until_done is not None]
    in_time = sum(took <= WITHIN for took in done)
    return AccountsSeen(
        opened=len(cases),
        waiting=len(waiting),
        waiting_late=len(late),
        overdue_seconds=max(late).total_seconds() if late else None,
        decided=len(cases) - len(waiting),
        closed=len(closings),
        told_in_time=sum(one.until_told <= WITHIN for one in closings),
        done_in_time=in_time,
        done_late=len(done) - in_time,
        undone_late=sum(
            one.until_done is None and one.told_ago > NOT_DONE_AFTER for one in closings
        ),
        median_seconds=ranked((took.total_seconds() for took in done), 0.5),
    )


def _closings(cases: Mapping[int, CaseThen], as_of: datetime) -> Iterator[_Closing]:
    """The decision that stands about each account, where it is to be closed."""
    decisions = Decision.objects.filter(case__in=cases, decided_at__lte=as_of)
    standing = decisions.exclude(undone_at__lte=as_of).order_by("id")
    last = {one.case_id: one for one in standing.prefetch_related("enforcements")}
    for case_id, decision in last.items():
        if decision.enforcement_kind != EnforcementKind.TAKE_DOWN:
            continue
        told = next(one for one in decision.enforcements.all() if one.undoes_id is None)
        done, opened_at = told.acknowledged_at, cases[case_id].opened_at
        yield _Closing(
            until_told=told.created_at - opened_at,
            until_done=done - opened_at if done is not None and done <= as_of else None,
            told_ago=as_of - told.created_at,
        )


ACCOUNT_READERS: Mapping[str, Callable[[Service, datetime], object]] = {ACCOUNTS.name: accounts}
