"""The list on the left: which cases wait, in which order, and why in that order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dutybound.cases.claims import is_claimed
from dutybound.cases.priority import why
from dutybound.cases.status import WAITING
from dutybound_server.casework import queries
from dutybound_server.casework.models import Case, Match
from dutybound_server.console.lists import AT_RISK, DECIDED, MINE, ListChoice, list_choice
from dutybound_server.console.undo_bar import undoable
from dutybound_server.items.models import Media
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.actors import name_of
from dutybound_server.people.models import Service
from dutybound_server.people.roles import May

A_PAGE = 50
MOST_BANKS = 2  # names of banks shown in a row; the case shows all
TODAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the list, with what its line says."""

    case: Case
    why: str
    banks: Sequence[str]
    media: Media | None
    holder: str
    is_mine: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Tab:
    slug: str
    name: str
    count: int | None
    address: str


@never_cache
@require_GET
@staff_may(May.LOOK)
def queue(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    context = the_list(request, now=now)
    context["undoable"] = undoable(request.user, request.service, now=now)
    return render(request, "console/cases/page.html", context)


def the_list(request: StaffRequest, *, now: datetime) -> dict[str, Any]:
    """What the list shows on every page of the cases."""
    choice = list_choice(request.GET)
    cases = listed_cases(request.user, request.service, choice, now=now)
    page = Paginator(cases, A_PAGE).get_page(choice.page)
    return {
        "active": "cases",
        "list": choice,
        "tabs": _tabs(request.user, request.service, now=now),
        "page": page,
        "groups": _groups(_rows(page, user=request.user, now=now), choice=choice, now=now),
    }


def listed_cases(
    user: User, service: Service, choice: ListChoice, *, now: datetime
) -> QuerySet[Case]:
    """The cases that a choice stands for, the first to work on first."""
    if choice.tab == DECIDED:
        cases = queries.decided_cases(user, service)
    elif choice.tab == MINE:
        cases = queries.claimed_by(user, service, now)
    elif choice.tab == AT_RISK:
        cases = queries.at_risk(user, service, now)
    else:
        cases = queries.open_queue(user, service, None, now)
        if choice.tab:
            cases = cases.filter(queue__slug=choice.tab)
    return cases.filter(_says(choice.q)) if choice.q else cases


def next_case(user: User, service: Service, choice: ListChoice, *, now: datetime) -> Case | None:
    """The first case of the list that waits and that nobody else works on."""
    held_by_another = ~Q(claimed_by=user) & Q(claimed_until__gt=now)
    waiting = listed_cases(user, service, choice, now=now).filter(status__in=WAITING)
    return waiting.exclude(held_by_another).first()


def _says(q: str) -> Q:
    return Q(reference__iexact=q) | Q(subject__icontains=q) | Q(account__external_id__icontains=q)


def _tabs(user: User, service: Service, *, now: datetime) -> list[Tab]:
    counts = queries.queues_for(user, service, now)
    mine = queries.claimed_by(user, service, now).count()
    waiting, at_risk = sum(one.waiting for one in counts), sum(one.at_risk for one in counts)
    entries: list[tuple[str, str, int | None]] = [
        ("", "All", waiting),
        (MINE, "Mine", mine),
        (AT_RISK, "At risk", at_risk),
        *((one.queue.slug, one.queue.name, one.waiting) for one in counts),
        (DECIDED, "Decided", None),
    ]
    address = reverse("console:queue", args=[service.slug])
    return [
        Tab(slug, name, count, address + ListChoice(tab=slug).suffix)
        for slug, name, count in entries
    ]


def _rows(page: Page[Case], *, user: User, now: datetime) -> list[Row]:
    cases = list(page)
    banks = _banks_of(cases)
    pictures = _first_pictures_of(cases)
    return [
        _row(
            case, banks=banks.get(case.pk, ()), media=pictures.get(case.item_id), user=user, now=now
        )
        for case in cases
    ]


def _row(
    case: Case, *, banks: Sequence[str], media: Media | None, user: User, now: datetime
) -> Row:
    holder = case.claimed_by if is_claimed(until=case.claimed_until, now=now) else None
    return Row(
        case=case,
        why=_why(case, now=now),
        banks=banks,
        media=media,
        holder=name_of(holder) if holder else "",
        is_mine=holder == user,
        is_late=case.due_at < now,
    )


def _why(case: Case, *, now: datetime) -> str:
    """The reason for its place, and whether a trusted flagger's policy puts it first."""
    reason = why(severity=case.severity, reach=case.reach, waiting=now - case.waiting_since)
    # It comes from the same query as the order, as `is_urgent` does.
    first = getattr(case, "goes_first", False)
    return f"{reason}; first of its severity, by a trusted flagger" if first else reason


def _banks_of(cases: Iterable[Case]) -> dict[int, list[str]]:
    """The names of the banks each case meets, few enough for a row."""
    by_item = {case.item_id: case.pk for case in cases if case.item_id}
    met = Match.objects.filter(item__in=by_item, set_aside=False, dry_run=False)
    found: dict[int, list[str]] = {}
    for item_id, name in met.order_by("id").values_list("item_id", "signal__bank__name"):
        names = found.setdefault(by_item[item_id], [])
        if name not in names and len(names) < MOST_BANKS:
            names.append(name)
    return found


def _first_pictures_of(cases: Iterable[Case]) -> dict[int | None, Media]:
    """The first stored picture of each case's item."""
    items = [case.item_id for case in cases if case.item_id]
    stored = Media.objects.filter(item__in=items, frames__isnull=False).exclude(blob="")
    return {media.item_id: media for media in stored.distinct().order_by("-id")}


def _groups(rows: Iterable[Row], *, choice: ListChoice, now: datetime) -> list[Group]:
    """The rows under the headings of what is due when; the order inside each is kept."""
    headings: dict[str, list[Row]] = {"Act now": [], "Today": [], "Later": []}
    if choice.tab == DECIDED:
        headings = {"Decided": list(rows)}
    else:
        for row in rows:
            headings[_heading(row.case, now=now)].append(row)
    return [Group(name, members) for name, members in headings.items() if members]


def _heading(case: Case, *, now: datetime) -> str:
    # `is_urgent` comes from the same query as the order, so headings and order agree.
    if getattr(case, "is_urgent", False):
        return "Act now"
    return "Today" if case.due_at <= now + TODAY else "Later"
