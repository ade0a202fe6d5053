"""The banks of a service and their signals, as those who may read them see them."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dutybound_server.banks.models import Bank, BankVersion, Signal
from dutybound_server.people.models import Service

THE_VERSION = 1
"""The id of the one row of BankVersion."""


class BankNotFound(Exception):
    """No bank of this service has that name."""


def newest_version() -> int:
    """The number of the last committed change; one small SELECT."""
    numbers = BankVersion.objects.filter(id=THE_VERSION).values_list("number", flat=True)
    return numbers.first() or 0


def banks_of(service: Service) -> QuerySet[Bank]:
    """The service's banks by name, each with its `live` and `quarantined` signals counted."""
    live = Signal.objects.filter(bank=OuterRef("pk"), removed_at__isnull=True)
    return (
        Bank.objects.filter(service=service)
        .select_related("service")
        .annotate(live=_count(live), quarantined=_count(live.exclude(quarantined_at=None)))
        .order_by("name")
    )


def bank_named(service: Service, name: str) -> Bank:
    """One bank of the service; raises BankNotFound."""
    bank = banks_of(service).filter(name=name).first()
    if bank is None:
        raise BankNotFound(f"{service} has no bank {name[:80]!r}.")
    return bank


def live_signals(bank: Bank) -> QuerySet[Signal]:
    """What the bank matches now, in the order it came."""
    return Signal.objects.filter(bank=bank, removed_at__isnull=True).order_by("id")


def quarantined_signals(service: Service) -> QuerySet[Signal]:
    """What the flood guard lets flag only, the newest first."""
    return (
        Signal.objects.filter(
            bank__service=service, removed_at__isnull=True, quarantined_at__isnull=False
        )
        .select_related("bank")
        .order_by("-quarantined_at", "id")
    )


def _count(signals: QuerySet[Signal]) -> Coalesce:
    counts = signals.order_by().values("bank").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)
