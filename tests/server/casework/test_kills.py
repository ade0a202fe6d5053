"""A worker killed at any moment, fifty times: nothing is lost, and nothing happens twice."""

import os
import random
import signal
from collections import defaultdict
from datetime import timedelta
from threading import Event
from typing import NoReturn

import pytest
from django.db import connections
from django.utils import timezone

from dutybound.cases.status import EventKind, status_of
from dutybound_server.banks.models import Signal
from dutybound_server.casework.actions.cases import record_matches
from dutybound_server.casework.actions.deliveries import deliver_due
from dutybound_server.casework.models import Case, Delivery, Enforcement
from dutybound_server.items.models import Item
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import Cast
from tests.server.casework.receiver import Sent, receiving

KILLS = 50
ITEMS = 40


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_fifty_times_loses_nothing_and_repeats_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A short lease, so that the next worker need not wait for what a dead one held.
    monkeypatch.setattr(
        "dutybound_server.casework.actions.deliveries.LEASE", timedelta(milliseconds=50)
    )
    chance = random.Random(50)
    items = [make.item(cast.ridge, author=cast.bram) for _ in range(ITEMS)]
    known = make.signal(cast.ridge)
    sent: list[Sent] = []
    with receiving() as receiver:
        receiver.secret = make.endpoint(cast.ridge, url=receiver.url).secret
        receiver.hook = sent.append
        for _ in range(KILLS):
            start_and_kill(cast, items, known, after_seconds=chance.uniform(0.02, 0.2))
        do_all(cast, items, known)
        while Delivery.objects.filter(next_attempt_at__isnull=False).exists():
            deliver_due(now=timezone.now() + timedelta(minutes=1))

    check_cases(items)
    ids = defaultdict(set)
    for _, body in sent:
        if body["type"] == "enforcement.created":
            ids[body["data"]["subject"]["id"]].add(body["data"]["id"])
    assert set(ids) == {item.external_id for item in items}
    assert all(len(told) == 1 for told in ids.values())


def start_and_kill(cast: Cast, items: list[Item], known: Signal, *, after_seconds: float) -> None:
    # Neither process may use a connection that the other one knows of.
    connections.close_all()
    child = os.fork()
    if child == 0:
        work_until_killed(cast, items, known)
    Event().wait(after_seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def work_until_killed(cast: Cast, items: list[Item], known: Signal) -> NoReturn:
    try:
        do_all(cast, items, known)
        signal.pause()
    finally:
        # Whatever went wrong, a child must never go on as a second test run.
        os._exit(1)


def do_all(cast: Cast, items: list[Item], known: Signal) -> None:
    for item in items:
        case = Case.objects.filter(subject=item.external_id).first()
        if case is None:
            case = open_by_match(item, known)
        if case.status == "open":
            make.decide(case, by=cast.mo, now=timezone.now())
        deliver_due(now=timezone.now())


def open_by_match(item: Item, known: Signal) -> Case:
    case = record_matches(
        item=item,
        kept=[make.meeting(known)],
        set_aside=[],
        media={},
        retroactive=False,
        now=timezone.now(),
    )
    assert case is not None
    return case


def check_cases(items: list[Item]) -> None:
    assert Case.objects.count() == Enforcement.objects.count() == len(items)
    for case in Case.objects.prefetch_related("events"):
        assert status_of(EventKind(event.kind) for event in case.events.all()) == "decided"
        entries = Entry.objects.filter(subject=f"case:{case.reference}").order_by("id")
        kinds = list(entries.values_list("kind", flat=True))
        assert kinds == [
            "case.opened",
            "case.claimed",
            "case.decided",
            "consequence.brought",
            "notice.created",
        ]
