"""Figures for Prometheus that stand in the database, read at each scrape."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from dutybound.cases.status import WAITING
from dutybound_server.banks.queries import newest_version
from dutybound_server.casework.models import Case, Delivery
from dutybound_server.journal.queries import pending_count, witnessed


class FromDatabase(Collector):
    """What waits, how long it has waited, and which state of the banks is served."""

    def collect(self) -> Iterable[Metric]:
        yield from _cases(now=timezone.now())
        yield _deliveries()
        yield GaugeMetricFamily(
            "dutybound_journal_unsealed",
            "Journal entries that wait for a signed head.",
            value=pending_count(),
        )
        yield GaugeMetricFamily(
            "dutybound_journal_unwitnessed",
            "Sealed journal entries that not enough witnesses have seen.",
            value=witnessed().unwitnessed,
        )
        yield GaugeMetricFamily(
            "dutybound_bank_version", "State of the banks.", value=newest_version()
        )


def _cases(*, now: datetime) -> Iterable[Metric]:
    depth = GaugeMetricFamily(
        "dutybound_open_cases", "Cases that wait, by queue.", labels=["service", "queue"]
    )
    oldest = GaugeMetricFamily(
        "dutybound_oldest_open_case_seconds",
        "Age of the oldest case that waits, by queue.",
        labels=["service", "queue"],
    )
    waiting = (
        Case.objects.filter(status__in=WAITING)
        .values_list("service__slug", "queue__slug")
        .annotate(Count("id"), Min("opened_at"))
    )
    for service, queue, count, opened_at in waiting:
        depth.add_metric([service, queue], count)
        oldest.add_metric([service, queue], (now - opened_at).total_seconds())
    return depth, oldest


def _deliveries() -> Metric:
    state = GaugeMetricFamily(
        "dutybound_deliveries", "Webhook messages, by state.", labels=["service", "state"]
    )
    for name, condition in (
        ("pending", {"next_attempt_at__isnull": False}),
        ("dead", {"dead_at__isnull": False}),
    ):
        counts = (
            Delivery.objects.filter(**condition)
            .values_list("endpoint__service__slug")
            .annotate(Count("id"))
        )
        for service, count in counts:
            state.add_metric([service, name], count)
    return state
