"""Who sends too much is told to wait, costs little, and shuts nobody else out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY

from dutybound_server.api import access, flags
from dutybound_server.casework.actions.flaggers import issue_flagger_key
from dutybound_server.casework.models import Concern, Draft, Notice
from dutybound_server.journal.models import Entry
from dutybound_server.lib.floods import MOST_SENDERS, Floods
from dutybound_server.people.roles import Scope
from dutybound_server.public import floods as public_floods
from dutybound_server.public import told
from dutybound_server.public.report import pages
from tests import make
from tests.cast import Cast

FLOODER, NEIGHBOUR, FAR_AWAY = "203.0.113.7", "203.0.113.8", "198.51.100.1"
A_WRONG_KEY = f"db_{'0' * 10}_{'x' * 43}"


@pytest.fixture(autouse=True)
def soon_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three are enough to see it."""
    for each in (
        access.WRONG_KEYS,
        flags.CALLS,
        public_floods.GUESSES,
        told.SENT,
        pages.BEGUN,
    ):
        monkeypatch.setattr(each, "most", 3)


def statuses(ask: Callable[[], Any], times: int = 4) -> list[int]:
    return [ask().status_code for _ in range(times)]


def is_told_to_wait(answer: Any) -> bool:  # noqa: ANN401 - the client's answer
    return answer.status_code == 429 and 0 < int(answer["Retry-After"]) <= 60


def banks(key: str, *, address: str = FLOODER) -> Any:  # noqa: ANN401
    headers = {"Authorization": f"Bearer {key}"}
    return Client().get("/api/v1/banks", headers=headers, REMOTE_ADDR=address)


def test_a_sender_waits_until_the_window_is_over_and_no_other_sender_does() -> None:
    floods = Floods(2, seconds=60)

    waits = [floods.seconds_to_wait("one", now=now) for now in (0, 10, 20, 59.5, 60, 61, 62)]

    assert waits == [0, 0, 40, 1, 0, 0, 58]
    assert floods.seconds_to_wait("other", now=20) == 0


def test_nobody_known_is_never_counted() -> None:
    floods = Floods(0)

    assert floods.seconds_to_wait("", now=0) == 0


def test_a_flood_from_everywhere_takes_no_more_memory_than_it_may() -> None:
    floods = Floods(1)
    for number in range(MOST_SENDERS + 10):
        floods.seconds_to_wait(f"sender {number}", now=0)

    assert len(floods._since) == MOST_SENDERS
    assert floods.seconds_to_wait("sender 0", now=0) == 0


def test_wrong_keys_are_told_to_wait_and_a_true_one_beside_them_goes_in(cast: Cast) -> None:
    key = make.key(cast.ridge, scopes=[Scope.BANKS])

    assert statuses(lambda: banks(A_WRONG_KEY)) == [401, 401, 401, 429]
    assert is_told_to_wait(banks(A_WRONG_KEY, address=NEIGHBOUR))
    assert banks(A_WRONG_KEY)["Content-Type"] == "application/problem+json"
    assert banks(A_WRONG_KEY, address=FAR_AWAY).status_code == 401
    assert banks(key).status_code == 200


def test_one_flaggers_key_calls_no_more_than_people_need(cast: Cast) -> None:
    now = timezone.now()
    watch = make.flagger(cast.ridge, by=cast.ada, now=now)
    one, other = (
        issue_flagger_key(flagger_id=watch.pk, name=name, by=cast.ada, now=now)[1] for name in "ab"
    )

    def ask(key: str) -> Any:  # noqa: ANN401
        return Client().get("/api/v1/flagger", headers={"Authorization": f"Bearer {key}"})

    assert statuses(lambda: ask(one)) == [200, 200, 200, 429]
    assert is_told_to_wait(ask(one))
    assert ask(other).status_code == 200


@pytest.mark.parametrize("page", ["/told/{}/", "/notice/{}/", "/notice/{}/appeal/"])
def test_who_guesses_secret_addresses_waits_and_who_has_one_reads(cast: Cast, page: str) -> None:
    make.decided_case(cast.ridge, by=cast.mo, author=cast.bram, now=timezone.now())
    true = make.concern(cast.ridge).token if "told" in page else Notice.objects.get().token

    def ask(token: str) -> Any:  # noqa: ANN401
        return Client().get(page.format(token), REMOTE_ADDR=FLOODER)

    assert statuses(lambda: ask("guess")) == [404, 404, 404, 429]
    waits = ask("guess")
    assert is_told_to_wait(waits)
    assert "999" in waits.content.decode()
    assert waits["Referrer-Policy"] == "no-referrer"
    assert ask(true).status_code == 200


def test_a_person_who_sends_without_end_to_their_own_page_waits_alone(cast: Cast) -> None:
    one, other = make.concern(cast.ridge), make.concern(cast.ridge)

    def toggle(concern: Concern) -> Any:  # noqa: ANN401
        return Client().post(f"/told/{concern.token}/messages/", REMOTE_ADDR=FLOODER)

    assert statuses(lambda: toggle(one)) == [302, 302, 302, 429]
    entries = Entry.objects.count()
    assert is_told_to_wait(toggle(one))
    assert Entry.objects.count() == entries
    assert Client().get(f"/told/{one.token}/").status_code == 200
    assert toggle(other).status_code == 302


def test_forms_without_end_are_not_begun_and_what_is_begun_goes_on(cast: Cast) -> None:
    browser = Client(REMOTE_ADDR=FLOODER)
    form = browser.post("/report/ridge/")["Location"]

    def begin(address: str = FLOODER) -> Any:  # noqa: ANN401
        return Client().post("/report/ridge/", REMOTE_ADDR=address)

    assert statuses(begin) == [302, 302, 429, 429]
    assert Draft.objects.count() == 3
    assert is_told_to_wait(begin())
    assert begin(FAR_AWAY).status_code == 302
    assert browser.post(f"{form}words/", {"words": "It is cruel."}).status_code == 302


def test_methods_that_somebody_invents_are_counted_as_one(db: None) -> None:
    for number in range(5):
        Client().generic(f"INVENT{number}", "/healthz")

    labels = [
        sample.labels["method"]
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if metric.name == "dutybound_request_seconds"
    ]
    assert "other" in labels
    assert not [one for one in labels if one.startswith("INVENT")]
