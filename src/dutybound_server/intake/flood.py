"""The flood guard: a signal that meets too many recent items is set to flag only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q

from dutybound.matching import Effect, Match
from dutybound.matching.flood import is_flood
from dutybound_server.banks.actions import quarantine_signal
from dutybound_server.banks.models import Bank
from dutybound_server.casework.models import Match as StoredMatch
from dutybound_server.items.models import Item
from dutybound_server.people.actors import SYSTEM
from dutybound_server.people.models import Service

RECENT_ITEMS = 1000


@dataclass(frozen=True, slots=True)
class Flood:
    """How many of the recent items one signal met, and of how many accounts."""

    signal: int
    matched: int
    accounts: int
    recent: int
    share: float

    @property
    def is_one(self) -> bool:
        return is_flood(
            matched=self.matched, accounts=self.accounts, recent=self.recent, share=self.share
        )

    @property
    def why(self) -> str:
        return (
            f"Flood guard: it met {self.matched} of the last {self.recent:,} items, "
            f"of {self.accounts} accounts: more than {self.share:.0%}."
        )


def floods(matches: Iterable[Match], *, service: Service) -> list[Flood]:
    """The signals among these matches that flood once one more item has met them."""
    acting = {
        match.signal: match.bank_key
        for match in matches
        if match.effect in {Effect.BLOCK, Effect.HOLD} and not match.dry_run
    }
    if not acting:
        return []
    recent_ids = Item.objects.filter(service=service).order_by("-id").values_list("id", flat=True)
    oldest = recent_ids[RECENT_ITEMS - 1 : RECENT_ITEMS].first()
    recent = RECENT_ITEMS if oldest is not None else recent_ids.count()
    shares = dict(Bank.objects.filter(id__in=acting.values()).values_list("id", "flood_share"))
    counted = (
        StoredMatch.objects.filter(signal_id__in=acting, item_id__gte=oldest or 0)
        .values("signal_id")
        .annotate(
            items=Count("item_id", distinct=True),
            accounts=Count("item__account_id", distinct=True),
            # Without an author, each may be somebody else's.
            nameless=Count("item_id", filter=Q(item__account=None), distinct=True),
        )
        .values_list("signal_id", "items", "accounts", "nameless")
    )
    found = [
        Flood(
            signal=signal,
            matched=matched + 1,
            accounts=accounts + nameless,
            recent=min(recent + 1, RECENT_ITEMS),
            share=shares[acting[signal]],
        )
        for signal, matched, accounts, nameless in counted
        if acting[signal] in shares
    ]
    return [flood for flood in found if flood.is_one]


def quarantine(found: Iterable[Flood], *, now: datetime) -> frozenset[int]:
    """Set these signals to flag only, in the transaction of the matches that told it.

    The bank's page shows it with the reason. It takes the next bank version, so the caller must
    hold the version's row for itself, or two that hold it together would wait for each other.
    """
    floods_ = list(found)
    for flood in floods_:
        quarantine_signal(signal_id=flood.signal, why=flood.why, by=SYSTEM, now=now)
    return frozenset(flood.signal for flood in floods_)


def flag_only(matches: Sequence[Match], signals: frozenset[int]) -> list[Match]:
    """The matches as they are once these signals are quarantined."""
    return [
        replace(match, effect=Effect.FLAG) if match.signal in signals else match
        for match in matches
    ]
