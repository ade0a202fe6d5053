"""What the server's own records say about the service, with figures, for whoever assesses it.

They propose a yes and never a no: a service may not send everything, and what is erased is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from dutybound.cases.judgement import AGAINST
from dutybound.register.book import register
from dutybound.register.harms import HARMS
from dutybound.risk.document import Assessment
from dutybound.risk.record_parts import counted
from dutybound_server.assurance.parts import Value
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.casework.models import Case, Decision, Match
from dutybound_server.items.models import Item, Media
from dutybound_server.lib.sealed import SEALED_EXTRA
from dutybound_server.people.models import Service

RECENT = timedelta(days=30)
LOOKED_BACK = timedelta(days=365)
COMMENT_KINDS = ("comment", "reply")
LIVE_KINDS = ("livestream", "stream", "live")
SELLING_KINDS = ("listing", "advert", "offer")


@dataclass(frozen=True, slots=True)
class Figure:
    """What the records show about one fact; `count` of `total`, in a sentence."""

    fact: str
    count: int
    total: int
    says: str

    @property
    def shows_it(self) -> bool:
        """Whether they show that the fact holds. They never show that it does not."""
        return self.count > 0


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Somebody declared one thing, and the records show another."""

    fact: str
    says: str


@dataclass(frozen=True, slots=True)
class HarmFigures:
    """What was seen of one kind of harm: matches, cases, decisions against it; first and last."""

    harm: str
    matches: int = 0
    cases: int = 0
    upheld: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def says(self) -> str:
        """The figures in a sentence."""
        told = (
            f"{counted(self.matches, 'match', 'matches')} with a bank",
            counted(self.cases, "case"),
            f"{counted(self.upheld, 'decision')} against it",
        )
        return f"In the last 365 days: {told[0]}, {told[1]} and {told[2]}."


# Facts


def figures_of(service: Service, *, now: datetime) -> dict[str, Figure]:
    """What the records show, by fact; nothing about facts that they cannot show."""
    items = Item.objects.filter(service=service, received_at__gte=now - RECENT)
    figures = [*_item_figures(items), _proactive(service)]
    return {figure.fact: figure for figure in figures if figure.total}


def mismatches(document: Assessment, figures: Mapping[str, Figure]) -> tuple[Mismatch, ...]:
    """Where a "no" was declared for what the records show."""
    return tuple(
        Mismatch(figure.fact, f"You say that {_no(figure.fact)}. {figure.says}")
        for figure in figures.values()
        if figure.shows_it and document.facts.get(figure.fact) is False
    )


def _no(fact: str) -> str:
    return register().facts[fact].no


def _item_figures(items: QuerySet[Item]) -> list[Figure]:
    media = Media.objects.filter(item=OuterRef("pk"))
    looks = Q(content_type__startswith="image/") | Q(content_type__startswith="video/")
    # The lengths of sealed columns tell whether anything is in them, and nothing is opened.
    there = items.annotate(text_size=Length("text"), links_size=Length("links"))
    counts = there.aggregate(
        total=Count("pk"),
        kept=Count("pk", filter=Q(erased_at__isnull=True)),
        text=Count("pk", filter=Q(text_size__gt=SEALED_EXTRA)),
        links=Count("pk", filter=Q(links_size__gt=SEALED_EXTRA + len("[]"))),
        private=Count("pk", filter=Q(visibility="private")),
        comments=Count("pk", filter=Q(kind__in=COMMENT_KINDS)),
        live=Count("pk", filter=Q(kind__in=LIVE_KINDS)),
        selling=Count("pk", filter=Q(kind__in=SELLING_KINDS)),
    )
    counts["pictures"] = items.filter(Exists(media.filter(looks))).count()
    told = (
        ("posting_images_videos", "pictures", "had pictures or videos", "total"),
        ("posting_text_or_links", "text", "had text", "kept"),
        ("hyperlinking", "links", "had links", "kept"),
        ("direct_messaging", "private", "were private", "total"),
        ("commenting", "comments", "were comments", "total"),
        ("livestreaming", "live", "were live streams", "total"),
        ("goods_services_for_sale", "selling", "offered something for sale", "total"),
    )
    return [
        Figure(fact, counts[of], counts[total], _of_items(counts[of], counts[total], did))
        for fact, of, did, total in told
    ]


def _of_items(count: int, total: int, did: str) -> str:
    return f"In the last 30 days {count:,} of {total:,} items {did}."


def _proactive(service: Service) -> Figure:
    live = Signal.objects.filter(bank=OuterRef("pk"), removed_at__isnull=True)
    banks = Bank.objects.filter(service=service, enabled=True).filter(Exists(live)).count()
    says = f"Dutybound compares every item with {counted(banks, 'bank')} of this service."
    return Figure("proactive_technology", banks, banks, says)


# Kinds of harm


def harm_figures(service: Service, *, now: datetime) -> dict[str, HarmFigures]:
    """What was seen of each kind of harm in the last 365 days; kinds never seen are left out."""
    since = now - LOOKED_BACK
    matches = _by_harm(_matches(service, since), "found_at")
    cases = _by_harm(Case.objects.filter(service=service, opened_at__gte=since), "opened_at")
    upheld = _by_harm(_upheld(service, since), "decided_at")
    return {
        harm: _figures(harm, matches=matches, cases=cases, upheld=upheld)
        for harm in HARMS
        if harm in matches or harm in cases or harm in upheld
    }


def harms_seen_since(service: Service, *, since: datetime) -> tuple[str, ...]:
    """Kinds of harm that people decided were there, since then."""
    return tuple(sorted(_by_harm(_upheld(service, since), "decided_at")))


def upheld_since(service: Service, *, since: datetime) -> dict[str, int]:
    """Decisions against each kind of harm since then that nobody has undone."""
    return {harm: seen[0] for harm, seen in _by_harm(_upheld(service, since), "decided_at").items()}


def not_among_evidence(
    document: Assessment, figures: Mapping[str, HarmFigures]
) -> tuple[HarmFigures, ...]:
    """Kinds of harm that people decided were here, which no evidence of the document shows yet."""
    shown = {harm for one in document.evidence if one.shows_harm for harm in one.harms}
    return tuple(one for one in figures.values() if one.upheld and one.harm not in shown)


def as_evidence(figures: HarmFigures, *, today: date) -> Value:
    """The figures as a piece of evidence for the assessment. Only decisions show a harm."""
    return {
        "id": f"records-{figures.harm}",
        "kind": "incidents" if figures.upheld else "moderation",
        "text": figures.says,
        "source": "Dutybound's records of this service",
        "dated": today.isoformat(),
        "count": figures.upheld or figures.cases or figures.matches,
        "harms": [figures.harm],
        "shows_harm": figures.upheld > 0,
    }


_Seen = Mapping[str, tuple[int, datetime, datetime]]


def _matches(service: Service, since: datetime) -> QuerySet[Match]:
    return Match.objects.filter(
        item__service=service, found_at__gte=since, dry_run=False, set_aside=False
    )


def _upheld(service: Service, since: datetime) -> QuerySet[Decision]:
    return Decision.objects.filter(
        case__service=service,
        decided_at__gte=since,
        undone_at__isnull=True,
        enforcement_kind__in=AGAINST,
    )


def _by_harm(rows: QuerySet[Match] | QuerySet[Case] | QuerySet[Decision], at: str) -> _Seen:
    by_harm = rows.order_by().values("harm").annotate(n=Count("pk"), first=Min(at), last=Max(at))
    return {row["harm"]: (row["n"], row["first"], row["last"]) for row in by_harm}


def _figures(harm: str, *, matches: _Seen, cases: _Seen, upheld: _Seen) -> HarmFigures:
    seen = [row for rows in (matches, cases, upheld) if (row := rows.get(harm))]
    return HarmFigures(
        harm=harm,
        matches=matches[harm][0] if harm in matches else 0,
        cases=cases[harm][0] if harm in cases else 0,
        upheld=upheld[harm][0] if harm in upheld else 0,
        first=min(first for _, first, _ in seen).date(),
        last=max(last for _, _, last in seen).date(),
    )
