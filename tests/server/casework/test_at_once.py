"""Two people, or two workers, at one moment: one gets it, and nothing happens twice."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from threading import Barrier, Event
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from dutybound.cases.sanctions import ForAccount, SanctionKind
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.cases import claim_case
from dutybound_server.casework.actions.decisions import (
    decide_identical,
    undo_batch,
    undo_decision,
)
from dutybound_server.casework.actions.deliveries import deliver_due
from dutybound_server.casework.actions.notices import mail_due
from dutybound_server.casework.actions.quality import (
    agree_golden,
    ask_second_looks,
    set_sample_rates,
    take_look,
)
from dutybound_server.casework.actions.sanctions import end_sanctions
from dutybound_server.casework.models import (
    Appeal,
    Case,
    CaseEvent,
    Decision,
    Enforcement,
    Notice,
    SanctionTold,
    SecondLook,
)
from dutybound_server.casework.queries import enforcements_after
from dutybound_server.casework.refusals import AlreadyClaimed, AppealRefused, DecisionRefused
from tests import make
from tests.cast import NOW, Cast
from tests.server.casework.receiver import receiving

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Future[Any]]:
    """Do all of them at the same moment, each with a connection of its own."""
    start = Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work answers
        start.wait(10)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        futures = [pool.submit(one, work) for work in works]
        wait(futures, timeout=60)
    return futures


def refusals(futures: Sequence[Future[Any]]) -> list[type[BaseException]]:
    return [type(error) for future in futures if (error := future.exception(0)) is not None]


def test_two_matches_of_one_item_at_once_make_one_case(cast: Cast) -> None:
    revisions = [
        make.item(cast.ridge, external_id="post-1", revision=number) for number in range(1, 5)
    ]

    done = at_once(*[lambda item=item: make.case(cast.ridge, about=item) for item in revisions])

    assert refusals(done) == []
    case = Case.objects.get()
    kinds = CaseEvent.objects.filter(case=case).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["opened", "matched", "matched", "matched"]
    assert cast.ridge.queues.count() == 3
    assert case.item == revisions[-1]


def test_of_two_moderators_who_claim_at_once_one_gets_it_and_one_is_told(cast: Cast) -> None:
    case = make.case(cast.ridge)

    done = at_once(
        lambda: claim_case(case_id=case.id, by=cast.mo, now=NOW),
        lambda: claim_case(case_id=case.id, by=cast.nell, now=NOW),
    )

    assert refusals(done) == [AlreadyClaimed]
    case.refresh_from_db()
    (refused,) = [future.exception(0) for future in done if future.exception(0)]
    assert isinstance(refused, AlreadyClaimed)
    assert refused.by == case.claimed_by


def test_of_two_who_decide_at_once_one_decides(cast: Cast) -> None:
    case = make.case(cast.ridge, author=cast.bram)

    done = at_once(lambda: make.decide(case, by=cast.mo), lambda: make.decide(case, by=cast.nell))

    assert refusals(done) == [DecisionRefused]
    assert Decision.objects.count() == Enforcement.objects.count() == Notice.objects.count() == 1


def test_two_bulk_decisions_that_overlap_wait_for_each_other(cast: Cast) -> None:
    ids = ids_of_identical_cases(cast)

    done = at_once(
        lambda: decide_all(ids, by=cast.sena), lambda: decide_all(ids[::-1], by=cast.sena)
    )

    assert refusals(done) == [DecisionRefused]
    assert Decision.objects.count() == len(ids)


def test_a_bulk_and_its_parts_can_be_undone_at_once_and_each_only_once(cast: Cast) -> None:
    decisions = decide_all(ids_of_identical_cases(cast), by=cast.sena)
    batch = decisions[0].batch
    assert batch is not None

    done = at_once(
        lambda: undo_batch(batch=batch, by=cast.sena, now=NOW),
        *[partial(undo_decision, decision_id=one.id, by=cast.sena, now=NOW) for one in decisions],
    )

    assert set(refusals(done)) <= {DecisionRefused}
    assert Enforcement.objects.filter(undoes__isnull=False).count() == len(decisions)


def ids_of_identical_cases(cast: Cast) -> list[int]:
    items = [make.item(cast.ridge, text="the same words") for _ in range(4)]
    return [make.case(cast.ridge, about=item).id for item in items]


def decide_all(case_ids: list[int], *, by: User) -> list[Decision]:
    return decide_identical(
        case_ids=case_ids,
        by=by,
        now=NOW,
        enforcement_kind="take_down",
        ground="terms",
        rule="Be kind",
        harm="harassment",
        reasons="All the same.",
        statement="We took down your post.",
    )


def test_two_appeals_at_once_are_one_appeal(cast: Cast) -> None:
    token = make.decide(make.case(cast.ridge, author=cast.bram), by=cast.mo).notices.get().token

    def appeal() -> Appeal:
        return lodge_appeal(token=token, grounds="It was satire.", now=NOW)

    assert refusals(at_once(appeal, appeal)) == [AppealRefused]
    assert Appeal.objects.count() == 1


def test_two_workers_never_send_the_same_message_at_once(cast: Cast) -> None:
    with receiving() as receiver:
        receiver.secret = make.endpoint(cast.ridge, url=receiver.url).secret
        for _ in range(10):
            make.decide(make.case(cast.ridge), by=cast.mo, now=timezone.now())

        done = at_once(*[lambda: deliver_due(now=timezone.now())] * 3)

        assert sum(future.result(0) for future in done) == 10
        assert len(receiver.ids()) == len(set(receiver.ids())) == 10


def test_two_workers_never_mail_the_same_notice(cast: Cast, mailoutbox: list[Any]) -> None:
    for _ in range(5):
        make.decide(make.case(cast.ridge, author=cast.bram), by=cast.mo)

    done = at_once(*[lambda: mail_due(now=NOW)] * 3)

    assert sum(future.result(0) for future in done) == 5
    assert len(mailoutbox) == 5


def test_a_service_that_pulls_while_decisions_are_made_misses_none(cast: Cast) -> None:
    cases = [make.case(cast.ridge) for _ in range(24)]
    pulled: list[int] = []
    working, decided = {0, 1, 2}, Event()

    def pull() -> None:
        is_last = False
        while not is_last:
            # A loop that never rests would starve the threads that decide.
            decided.wait(1)
            decided.clear()
            # Asked before the look, so that the last look comes after all that was decided.
            is_last = not working
            after = pulled[-1] if pulled else 0
            pulled.extend(enforcements_after(cast.ridge, after).values_list("id", flat=True))

    def decide(part: int) -> Callable[[], Any]:
        def work() -> None:
            try:
                for case in cases[part::3]:
                    make.decide(case, by=cast.mo)
                    decided.set()
            finally:
                working.discard(part)
                decided.set()

        return work

    done = at_once(pull, decide(0), decide(1), decide(2))

    assert refusals(done) == []
    assert pulled == list(Enforcement.objects.order_by("id").values_list("id", flat=True))


def test_the_last_second_look_goes_to_one_of_two_who_ask_at_once(cast: Cast) -> None:
    set_sample_rates(service=cast.ridge, rates={"match": 1.0}, by=cast.sena, now=NOW)
    make.decided_case(cast.ridge, by=cast.mo)
    ask_second_looks(now=NOW)

    done = at_once(
        *[
            partial(take_look, service=cast.ridge, by=person, now=NOW)
            for person in (cast.nell, cast.sena, cast.ren)
        ]
    )

    taken = [look for future in done if (look := future.result()) is not None]
    assert taken == [SecondLook.objects.get()]


def test_one_who_asks_twice_at_once_gets_one_golden_item(cast: Cast) -> None:
    for _ in range(2):
        case = make.decided_case(cast.ridge, by=cast.mo)
        agree_golden(
            case=case, enforcement_kind="take_down", harm="harassment", why="Agreed.",
            by=cast.sena, now=NOW,
        )  # fmt: skip

    done = at_once(*[partial(take_look, service=cast.ridge, by=cast.nell, now=NOW)] * 3)

    assert {future.result() for future in done} == {SecondLook.objects.get()}


def test_a_sanction_whose_time_is_over_is_lifted_once_by_two_workers_and_an_undo(
    cast: Cast,
) -> None:
    case = make.case(cast.ridge, author=cast.bram)
    a_week = ForAccount(sanction=SanctionKind.SUSPEND, days=7)
    decision = make.decide(case, by=cast.mo, for_account=a_week)
    over = NOW + timedelta(days=7)

    works = at_once(
        partial(end_sanctions, now=over),
        partial(end_sanctions, now=over),
        partial(undo_decision, decision_id=decision.pk, by=cast.mo, now=over),
    )

    assert [work.exception() for work in works] == [None, None, None]
    assert SanctionTold.objects.filter(event="sanction.lifted").count() == 1
