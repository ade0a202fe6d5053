import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from dutybound_server.lib.metrics import VERDICTS
from dutybound_server.project.heartbeat import KEY, beat
from tests import make
from tests.cast import Cast

pytestmark = pytest.mark.django_db
TOKEN = "a token that is long enough"


@pytest.fixture(autouse=True)
def watched_here(settings: LazySettings) -> None:
    settings.METRICS_ON_LOOPBACK = True


def test_the_process_says_that_it_lives(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"alive\n")


def test_ready_means_that_a_worker_was_seen_within_a_minute(client: Client) -> None:
    cache.delete(KEY)
    assert client.get("/readyz").status_code == 503

    beat(now=timezone.now() - timedelta(seconds=61))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "no worker was seen" in answer.json()["checks"]["worker"]

    beat(now=timezone.now())
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json()["checks"].values()) == {"fine"}


def test_a_missing_content_key_is_told(client: Client, settings: LazySettings) -> None:
    beat(now=timezone.now())
    key = settings.DATA / "keys" / "content.key"
    key.rename(key.with_suffix(".away"))
    try:
        checks = client.get("/readyz").json()["checks"]
    finally:
        key.with_suffix(".away").rename(key)

    assert checks["content_key"] != "fine"
    assert checks["database"] == "fine"


def test_missing_keys_are_told_and_never_made_anew(
    client: Client, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path

    checks = client.get("/readyz").json()["checks"]

    assert checks["content_key"] == "a key in the data folder cannot be read"
    assert list(tmp_path.iterdir()) == []


def test_strangers_learn_only_whether_we_are_ready(client: Client) -> None:
    beat(now=timezone.now())

    answer = client.get("/readyz", REMOTE_ADDR="203.0.113.9")

    assert answer.json() == {"ready": True}
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403


def test_loopback_proves_nothing_where_a_proxy_may_stand(
    client: Client, settings: LazySettings
) -> None:
    settings.METRICS_ON_LOOPBACK = False

    assert client.get("/metrics").status_code == 403


def test_with_a_token_only_its_holder_sees_the_figures(
    client: Client, settings: LazySettings
) -> None:
    settings.METRICS_TOKEN = TOKEN

    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 403
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200


def test_what_waits_and_how_long_is_told_by_queue(cast: Cast, client: Client) -> None:
    opened_at = timezone.now() - timedelta(hours=2)
    case = make.case(cast.ridge, harm="hate", author=cast.bram, now=opened_at)

    text = client.get("/metrics").content.decode()

    labels = f'queue="{case.queue.slug}",service="ridge"'
    assert f"dutybound_open_cases{{{labels}}} 1.0" in text
    age = re.search(rf"dutybound_oldest_open_case_seconds\{{{labels}\}} (\d+)", text)
    assert age
    assert 7200 <= int(age[1]) < 7300


def test_the_figures_are_counters_of_processes_and_gauges_of_the_database(client: Client) -> None:
    VERDICTS.labels("ridge", "block").inc()

    text = client.get("/metrics").content.decode()

    assert re.search(r'dutybound_verdicts_total\{outcome="block",service="ridge"\} \d', text)
    assert re.search(r"^dutybound_journal_unsealed \d", text, re.MULTILINE)
    assert re.search(r"^dutybound_journal_unwitnessed \d", text, re.MULTILINE)
    assert re.search(r"^dutybound_bank_version \d", text, re.MULTILINE)
