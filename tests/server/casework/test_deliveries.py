"""Messages reach a real receiver, signed, in order, and as often as it takes."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.deliveries import LEASE, deliver_due, resend_delivery
from dutybound_server.casework.actions.endpoints import (
    BadEndpoint,
    create_endpoint,
    disable_endpoint,
    enable_endpoint,
    rotate_secret,
)
from dutybound_server.casework.models import Delivery, Endpoint
from dutybound_server.casework.refusals import ResendRefused
from dutybound_server.casework.retries import LONGEST_WAIT, RETRY_FOR, wait_before
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast
from tests.server.casework.receiver import Receiver, receiving

MINUTE = timedelta(minutes=1)
# The receiver's library compares the time stamp with its own clock.
now = timezone.now


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def connect(cast: Cast, receiver: Receiver) -> Endpoint:
    endpoint = make.endpoint(cast.ridge, url=receiver.url)
    receiver.secret = endpoint.secret
    return endpoint


def wait_for(event: threading.Event) -> None:
    event.wait(10)


def journal_kinds() -> list[str]:
    told = Entry.objects.filter(subject__startswith="delivery:").order_by("id")
    return list(told.values_list("kind", flat=True))


def test_a_decision_reaches_the_service_signed_and_only_once(
    cast: Cast, receiver: Receiver
) -> None:
    connect(cast, receiver)
    enforcement = make.decide(make.case(cast.ridge), by=cast.mo, now=now()).enforcements.get()

    assert deliver_due(now=now()) == 1
    assert deliver_due(now=now()) == 0

    message_id, body = receiver.met[0]
    assert message_id == f"msg_enforcement_{enforcement.uuid.hex}"
    assert body["type"] == "enforcement.created"
    assert body["data"]["kind"] == "take_down"
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.last_answer) == (1, "HTTP 200")
    assert delivery.delivered_at is not None
    assert journal_kinds() == ["delivery.delivered"]


def test_a_message_is_retried_under_the_same_id_until_it_is_taken(
    cast: Cast, receiver: Receiver
) -> None:
    connect(cast, receiver)
    receiver.answers = [500, 302]
    make.decide(make.case(cast.ridge), by=cast.mo, now=now())

    assert deliver_due(now=now()) == 1
    assert Delivery.objects.get().last_answer == "HTTP 500"
    assert deliver_due(now=now()) == 0
    assert deliver_due(now=now() + MINUTE) == 1
    assert deliver_due(now=now() + 2 * MINUTE) == 1

    assert len(receiver.met) == 3
    assert len(set(receiver.ids())) == 1
    assert Delivery.objects.get().delivered_at is not None


def test_a_message_nobody_takes_is_dead_after_three_days_and_can_be_sent_again(
    cast: Cast, receiver: Receiver
) -> None:
    connect(cast, receiver)
    receiver.answers = [503]
    make.decide(make.case(cast.ridge), by=cast.mo, now=now())
    Delivery.objects.update(give_up_at=now())
    assert deliver_due(now=now()) == 1

    dead = Delivery.objects.get()
    assert dead.dead_at is not None
    assert deliver_due(now=now() + RETRY_FOR) == 0
    resend_delivery(delivery_id=dead.id, by=cast.sena, now=now())
    assert deliver_due(now=now()) == 1

    assert len(set(receiver.ids())) == 1
    assert journal_kinds() == ["delivery.died", "delivery.resent", "delivery.delivered"]


def test_a_receiver_that_is_not_there_is_tried_again(cast: Cast) -> None:
    with receiving() as gone:
        make.endpoint(cast.ridge, url=gone.url)
    make.decide(make.case(cast.ridge), by=cast.mo, now=now())

    assert deliver_due(now=now()) == 1

    delivery = Delivery.objects.get()
    assert delivery.last_answer.startswith("no connection")
    assert delivery.next_attempt_at is not None


def test_a_receiver_that_does_not_answer_in_time_is_tried_again(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dutybound_server.casework.webhooks.TIMEOUT_SECONDS", 0.2)
    connect(cast, receiver)
    enough = threading.Event()
    receiver.hook = lambda _: wait_for(enough)
    make.decide(make.case(cast.ridge), by=cast.mo, now=now())

    assert deliver_due(now=now()) == 1
    enough.set()

    assert Delivery.objects.get().last_answer == "no answer within 0.2 seconds"


def test_a_kill_between_sending_and_marking_sends_the_same_id_again(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(cast, receiver)
    make.decide(make.case(cast.ridge), by=cast.mo, now=now())

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("dutybound_server.casework.actions.deliveries._mark", killed)
        with pytest.raises(Killed):
            deliver_due(now=now())
    assert deliver_due(now=now()) == 0
    assert deliver_due(now=now() + LEASE) == 1

    assert len(receiver.met) == 2
    assert len(set(receiver.ids())) == 1


def test_what_is_about_one_subject_arrives_in_order(cast: Cast, receiver: Receiver) -> None:
    connect(cast, receiver)
    receiver.answers = [500]
    first = make.case(cast.ridge, about=make.item(cast.ridge, verdict="allow"))
    decision = make.decide(first, by=cast.mo, now=now())
    undo_decision(decision_id=decision.id, by=cast.mo, now=now())
    assert deliver_due(now=now()) == 1
    make.decide(make.case(cast.ridge), by=cast.mo, now=now())

    # The first about the one item failed, so the second about it waits; the other does not.
    assert deliver_due(now=now()) == 1
    assert deliver_due(now=now() + MINUTE) == 2

    told = [(body["data"]["subject"]["id"], body["data"]["kind"]) for _, body in receiver.met]
    about_first = [kind for subject, kind in told if subject == first.subject]
    assert about_first == ["take_down", "take_down", "restore"]
    assert len(told) == 4


def test_a_dead_message_holds_nothing_up_and_is_not_sent_after_a_later_one(
    cast: Cast, receiver: Receiver
) -> None:
    connect(cast, receiver)
    decision = make.decide(make.case(cast.ridge), by=cast.mo, now=now())
    Delivery.objects.update(next_attempt_at=None, dead_at=now())
    dead = Delivery.objects.get()
    undo_decision(decision_id=decision.id, by=cast.mo, now=now())

    assert deliver_due(now=now()) == 1

    with pytest.raises(ResendRefused, match="later message"):
        resend_delivery(delivery_id=dead.id, by=cast.sena, now=now())


def test_what_is_on_its_way_is_not_sent_again(cast: Cast, receiver: Receiver) -> None:
    connect(cast, receiver)
    make.decide(make.case(cast.ridge), by=cast.mo, now=now())

    with pytest.raises(ResendRefused, match="still on its way"):
        resend_delivery(delivery_id=Delivery.objects.get().id, by=cast.sena, now=now())


def test_a_receiver_that_is_gone_disables_its_endpoint_and_nothing_is_lost(
    cast: Cast, receiver: Receiver
) -> None:
    endpoint = connect(cast, receiver)
    receiver.answers = [410]
    make.decide(make.case(cast.ridge), by=cast.mo, now=now())

    assert deliver_due(now=now()) == 1
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_why) == (False, "The endpoint answered 410 Gone.")
    assert Entry.objects.filter(kind="endpoint.disabled").count() == 1
    assert deliver_due(now=now() + MINUTE) == 0

    enable_endpoint(endpoint=endpoint, by="system", now=now())
    assert deliver_due(now=now() + MINUTE) == 1


def test_a_disabled_endpoint_keeps_what_waits_and_gets_nothing_new(
    cast: Cast, receiver: Receiver
) -> None:
    endpoint = connect(cast, receiver)
    make.decide(make.case(cast.ridge), by=cast.mo, now=now())
    disable_endpoint(endpoint=endpoint, why="Moving house.", by="system", now=now())
    make.decide(make.case(cast.ridge), by=cast.mo, now=now())

    assert Delivery.objects.get().next_attempt_at is not None
    assert deliver_due(now=now()) == 0


def test_a_slow_endpoint_leaves_room_for_the_others(cast: Cast, receiver: Receiver) -> None:
    with receiving() as slow:
        connect(cast, slow)
        enough = threading.Event()
        slow.hook = lambda _: wait_for(enough)
        for _ in range(12):
            make.decide(make.case(cast.ridge), by=cast.mo, now=now() - MINUTE)
        connect(cast, receiver)
        make.decide(make.case(cast.ridge), by=cast.mo, now=now())
        # The slow one answers only when the other has been served.
        receiver.hook = lambda _: enough.set()

        assert deliver_due(now=now()) == 14

        assert len(receiver.met) == 1
        assert len(slow.met) == 13


def test_after_a_rotation_both_secrets_verify_for_a_day(cast: Cast, receiver: Receiver) -> None:
    endpoint = connect(cast, receiver)
    old = endpoint.secret
    rotate_secret(endpoint=endpoint, by="system", now=now())
    assert endpoint.secret != old

    for secret in (old, endpoint.secret):
        receiver.secret = secret
        make.decide(make.case(cast.ridge), by=cast.mo, now=now())
        assert deliver_due(now=now()) == 1

    assert len(receiver.met) == 2
    bodies = b"".join(bytes(entry.body) for entry in Entry.objects.all())
    assert old.encode() not in bodies


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "/hooks",
        "https://me:word@example.org/",
        "http://",
        "http://[::1/",
        "http://example.org:99999/",
        "https://example.org/" + "x" * 500,
    ],
)
def test_an_address_that_cannot_take_webhooks_is_refused(cast: Cast, url: str) -> None:
    with pytest.raises(BadEndpoint):
        create_endpoint(service=cast.ridge, url=url, by="system", now=NOW)


def test_waits_double_from_seconds_to_hours() -> None:
    waits = [wait_before(attempt, chance=0.5) for attempt in range(1, 30)]

    assert waits[:3] == [timedelta(seconds=seconds) for seconds in (5, 10, 20)]
    assert waits[-1] == LONGEST_WAIT
    assert wait_before(1, chance=0) == timedelta(seconds=4)
    assert sum(waits, timedelta()) > RETRY_FOR
