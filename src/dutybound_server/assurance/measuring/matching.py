"""What came in and what it was compared with: content, banks, matches."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from dutybound.cases.judgement import AGAINST, IN_FAVOUR
from dutybound.evidence.matching import (
    CSAM_HASHES,
    CSAM_LINKS,
    INTIMATE_HASHES,
    NEW_CONTENT,
    BanksSeen,
    Matched,
    NewContent,
)
from dutybound.evidence.probe import FOUR_WEEKS, QUARTER
from dutybound.matching import Effect, SignalKind
from dutybound.matching.pdq import LEAST_QUALITY
from dutybound_server.assurance.measuring.as_it_was import changes
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.casework.intimate import RESERVED
from dutybound_server.casework.models import Decision, Match
from dutybound_server.casework.subjects import ITEM
from dutybound_server.intake.models import Rematch
from dutybound_server.intake.submissions import PRIVATE
from dutybound_server.items.models import Frame, Item, Media
from dutybound_server.people.models import Service

REVIEWED_WITHIN = timedelta(days=7)
CSEA = ("csea", "csea_grooming", "csea_image_csam", "csea_csam_urls")
PICTURES = (SignalKind.PDQ,)
"""Perceptual hashes: a list of exact ones finds no copy that was changed."""
LINKS = (SignalKind.URL, SignalKind.URL_PREFIX, SignalKind.HOST, SignalKind.DOMAIN)
MOST_TURNS = 100
IN_VIEW = frozenset({Effect.FLAG})

Gap = tuple[datetime, datetime]

# What came in


def new_content(service: Service, as_of: datetime) -> NewContent:
    """Public items of the last four weeks, and their pictures and films."""
    items = _items(service, as_of - FOUR_WEEKS, as_of)
    pictures = _pictures(items)
    hashed = Frame.objects.filter(media=OuterRef("pk"), quality__gte=LEAST_QUALITY)
    counted = pictures.aggregate(
        media=Count("pk"), in_part=Count("pk", filter=~Q(note="") | Q(~Exists(hashed)))
    )
    return NewContent(items=items.count(), **counted)


def _items(service: Service, since: datetime, until: datetime) -> QuerySet[Item]:
    items = Item.objects.filter(service=service, received_at__gt=since, received_at__lte=until)
    return items.exclude(visibility=PRIVATE)


def _pictures(items: QuerySet[Item]) -> QuerySet[Media]:
    """Pictures and films of items; what came as hashes may not say what it is."""
    looks = Q(content_type__startswith="image/") | Q(content_type__startswith="video/")
    return Media.objects.filter(looks | Q(content_type=""), item__in=items)


# Banks


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which banks count for a measure, and what makes a match right."""

    harms: tuple[str, ...]
    kinds: tuple[SignalKind, ...]
    right_harms: tuple[str, ...]
    of_media: bool


CSAM_WANTED = Wanted(("csea", "csea_image_csam"), PICTURES, CSEA, of_media=True)
LINKS_WANTED = Wanted(("csea", "csea_csam_urls"), LINKS, CSEA, of_media=False)
INTIMATE_WANTED = Wanted(("iia",), PICTURES, ("iia", *CSEA), of_media=True)


def banks_seen(wanted: Wanted, service: Service, as_of: datetime) -> BanksSeen:
    """The banks of a measure: which are in force, and what they found."""
    rows = Bank.objects.filter(service=service, harm__in=wanted.harms, created_at__lte=as_of)
    # What was reported here is no set from outside.
    banks = [_Then(bank, wanted, as_of) for bank in rows.exclude(name__in=RESERVED)]
    banks = [bank for bank in banks if bank.is_of_kind]
    in_force = [bank for bank in banks if bank.is_in_force]
    newest = max((at for bank in in_force if (at := bank.newest_signal)), default=None)
    ids = [bank.row.pk for bank in banks]
    waiting = Rematch.objects.filter(bank__in=ids, started_at__lte=as_of).exclude(
        finished_at__lte=as_of
    )
    oldest = waiting.aggregate(oldest=Min("started_at"))["oldest"]
    return BanksSeen(
        banks=len(banks),
        in_force=len(in_force),
        keeping=sum(bank.keeps for bank in in_force),
        newest_days=None if newest is None else (as_of - newest) / timedelta(days=1),
        unprotected=_unprotected(banks, wanted, service, as_of),
        looking_back=waiting.values("bank").distinct().count(),
        oldest_look_back_seconds=None if oldest is None else (as_of - oldest).total_seconds(),
        matched=_matched(ids, wanted, service, as_of),
    )


class _Then:
    """A bank as it was at a moment, and before."""

    def __init__(self, row: Bank, wanted: Wanted, as_of: datetime) -> None:
        self.row, self.as_of = row, as_of
        self.signals = Signal.objects.filter(bank=row, kind__in=wanted.kinds, added_at__lte=as_of)
        live = self.signals.exclude(removed_at__lte=as_of).exclude(quarantined_at__lte=as_of)
        self.newest_signal = live.order_by("-id").values_list("added_at", flat=True).first()
        self.first_signal = self.signals.order_by("id").values_list("added_at", flat=True).first()
        self.settings = [*_settings(row, as_of)]
        """(from when, the settings), the newest first."""

    @property
    def is_of_kind(self) -> bool:
        """Whether it ever held a signal of the kind, or holds nothing yet."""
        return self.first_signal is not None or not self.row.signals.exists()

    @property
    def is_in_force(self) -> bool:
        return self.newest_signal is not None and _acts(self.settings[0][1])

    @property
    def keeps(self) -> bool:
        return self.settings[0][1]["effect"] not in IN_VIEW

    def times_in_force(self) -> Iterator[Gap]:
        """When it acted: it was switched on, and held a signal."""
        held, until = [*self._times_held()], self.as_of
        for since, settings in self.settings:
            for begun, ended in held if _acts(settings) else ():
                if max(since, begun) < min(until, ended):
                    yield max(since, begun), min(until, ended)
            until = since

    def _times_held(self) -> Iterator[Gap]:
        """When it held a signal that acts, back over four weeks; all gone but for a day is a gap.

        One that was let out of quarantine counts as if it had never been in. What is emptied more
        often than anybody has a reason to counts as empty before.
        """
        moment = ended = self.as_of
        for _ in range(MOST_TURNS):
            first = self._there_at(moment).order_by("id").values_list("added_at", flat=True).first()
            if first is not None and first < moment:
                moment = first
                if moment > self.as_of - FOUR_WEEKS:
                    continue
            if moment < ended:
                yield moment, ended
            last = self._last_gone_before(moment)
            if last is None or last <= self.as_of - FOUR_WEEKS:
                return
            moment = ended = last

    def _there_at(self, moment: datetime) -> QuerySet[Signal]:
        gone = Q(removed_at__lt=moment) | Q(quarantined_at__lt=moment)
        return self.signals.filter(added_at__lte=moment).exclude(gone)

    def _last_gone_before(self, moment: datetime) -> datetime | None:
        ends = self.signals.aggregate(
            removed=Max("removed_at", filter=Q(removed_at__lt=moment)),
            quarantined=Max("quarantined_at", filter=Q(quarantined_at__lt=moment)),
        )
        return max((end for end in ends.values() if end is not None), default=None)


def _settings(row: Bank, as_of: datetime) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """What its settings were, back from then: rows say what is now, the journal what was."""
    settings: dict[str, Any] = {
        "enabled": row.enabled,
        "dry_run": row.dry_run,
        "effect": row.effect,
    }
    for change in changes(row.service, kind="bank.changed", subject=f"bank:{row.name}"):
        if change.at <= as_of:
            yield change.at, dict(settings)
        settings |= {name: old for name, old in change.before.items() if name in settings}
    yield row.created_at, settings


def _acts(settings: Mapping[str, Any]) -> bool:
    on = settings["enabled"] and not settings["dry_run"]
    return bool(on) and settings["effect"] != Effect.NEVER


def _unprotected(
    banks: Collection[_Then], wanted: Wanted, service: Service, as_of: datetime
) -> int:
    """What came in the last four weeks while no bank was in force."""
    times = [time for bank in banks for time in bank.times_in_force()]
    count = 0
    for since, until in gaps(times, since=as_of - FOUR_WEEKS, until=as_of):
        items = _items(service, since, until)
        count += _pictures(items).count() if wanted.of_media else items.count()
    return count


def gaps(times: Collection[Gap], *, since: datetime, until: datetime) -> Iterator[Gap]:
    """What of a span none of the times covers."""
    reached = since
    for begun, ended in sorted(times):
        if begun > reached:
            yield reached, min(begun, until)
        reached = max(reached, ended)
    if reached < until:
        yield reached, until


# Matches


def _matched(banks: Collection[int], wanted: Wanted, service: Service, as_of: datetime) -> Matched:
    """Items that met these banks in the last 90 days, and what people made of them."""
    matches = Match.objects.filter(
        item__service=service,
        signal__bank__in=banks,
        dry_run=False,
        set_aside=False,
        found_at__gt=as_of - QUARTER,
        found_at__lte=as_of,
    )
    rows = (
        matches.order_by()
        .values_list("item__external_id")
        .annotate(first=Min("found_at"), at_receipt=Count("pk", filter=Q(retroactive=False)))
    )
    looked = _decisions(matches, service, as_of)
    found = {"at_receipt": 0, "later": 0, "reviewed": 0, "right": 0, "unreviewed_late": 0}
    for external_id, first, at_receipt in rows:
        found["at_receipt" if at_receipt else "later"] += 1
        since = [one for one in looked.get(external_id, []) if one.at >= first]
        found["reviewed"] += bool(since)
        found["unreviewed_late"] += not since and as_of - first > REVIEWED_WITHIN
        last = next((one for one in reversed(since) if one.stands), None)
        found["right"] += last is not None and last.against in wanted.right_harms
    return Matched(excused=_excused(banks, service, as_of), **found)


def _excused(banks: Collection[int], service: Service, as_of: datetime) -> int:
    """Signals that were set aside in the last 90 days, and that no person has found wrong."""
    matches = Match.objects.filter(item__service=service, signal__bank__in=banks, dry_run=False)
    aside = matches.filter(
        set_aside=True, found_at__gt=as_of - QUARTER, found_at__lte=as_of
    ).order_by()
    in_favour = Decision.objects.filter(
        case__service=service,
        case__subject_kind=ITEM,
        case__subject=OuterRef("item__external_id"),
        enforcement_kind__in=IN_FAVOUR,
        decided_at__lte=as_of,
    ).exclude(undone_at__lte=as_of)
    wrong = matches.filter(Exists(in_favour)).values("signal")
    return aside.exclude(signal__in=wrong).values("signal").distinct().count()


@dataclass(frozen=True, slots=True)
class _Looked:
    """A decision about an item that matched; `against` is the harm, empty where in favour."""

    at: datetime
    against: str
    stands: bool


def _decisions(
    matches: QuerySet[Match], service: Service, as_of: datetime
) -> Mapping[str, list[_Looked]]:
    decisions = Decision.objects.filter(
        case__service=service,
        case__subject_kind=ITEM,
        case__subject__in=matches.values("item__external_id"),
        decided_at__gt=as_of - QUARTER,
        decided_at__lte=as_of,
    ).order_by("id")
    found: dict[str, list[_Looked]] = {}
    for subject, at, kind, harm, undone_at in decisions.values_list(
        "case__subject", "decided_at", "enforcement_kind", "harm", "undone_at"
    ):
        stands = undone_at is None or undone_at > as_of
        looked = _Looked(at, harm if kind in AGAINST else "", stands)
        found.setdefault(subject, []).append(looked)
    return found


MATCHING: Mapping[str, Callable[[Service, datetime], object]] = {
    NEW_CONTENT.name: new_content,
    CSAM_HASHES.name: partial(banks_seen, CSAM_WANTED),
    CSAM_LINKS.name: partial(banks_seen, LINKS_WANTED),
    INTIMATE_HASHES.name: partial(banks_seen, INTIMATE_WANTED),
}
