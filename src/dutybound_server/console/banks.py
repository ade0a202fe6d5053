"""Banks: what is matched, what it does, who changed it and why."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dutybound.register.harms import HARMS
from dutybound_server.banks import actions
from dutybound_server.banks.actions import Added, BadNewSignal, Imported, NewSignal, counted
from dutybound_server.banks.checks import BadBank
from dutybound_server.banks.imports import BadImport, read_file
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.banks.queries import (
    BankNotFound,
    bank_named,
    banks_of,
    live_signals,
    quarantined_signals,
)
from dutybound_server.casework.models import Match
from dutybound_server.console.bank_forms import (
    ChangeBank,
    CreateBank,
    ImportSignals,
    PasteSignals,
    PictureSignal,
    Why,
)
from dutybound_server.console.signals_from import CannotUse, signals_of_picture
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

WEEK = timedelta(days=7)
A_PAGE = 50
UNPROCESSABLE = 422
FIRST_ROWS = 5
FIRST_WRONG = 20


# Banks


@require_GET
@staff_may(May.LOOK)
def banks(request: StaffRequest) -> HttpResponse:
    a_week_ago = timezone.now() - WEEK
    met = _matches_by("signal__bank", Q(item__service=request.service, found_at__gte=a_week_ago))
    shelf = [(bank, HARMS[bank.harm], met.get(bank.pk, 0)) for bank in banks_of(request.service)]
    return _show(request, "console/banks/banks.html", {"banks": shelf})


@staff_may(May.BANKS)
def create(request: StaffRequest) -> HttpResponse:
    form = CreateBank(request.POST or None)
    if not form.is_valid():
        return _show(request, "console/banks/create.html", {"form": form})
    try:
        bank = actions.create_bank(
            service=request.service,
            name=form.cleaned_data["name"],
            source=form.cleaned_data["source"],
            harm=form.cleaned_data["harm"],
            why=form.cleaned_data["why"],
            by=request.actor,
            now=timezone.now(),
            **form.settings(),
        )
    except BadBank as bad:
        form.add_error(bad.field, str(bad))
        return _show(request, "console/banks/create.html", {"form": form})
    messages.success(request, f"{bank} is ready. Add its first signals.")
    return redirect("console:bank", request.service.slug, bank.name)


@require_GET
@staff_may(May.LOOK)
def bank(request: StaffRequest, name: str) -> HttpResponse:
    one = _bank(request, name)
    if not _sees_signals(request, one):
        return _show(
            request, "console/banks/bank.html", {"bank": one, "tab": "signals", "is_hidden": True}
        )
    asked = request.GET.get("q", "").strip().replace("\0", "")
    page = Paginator(_found(one, asked), A_PAGE).get_page(request.GET.get("page"))
    met = _matches_by("signal", Q(signal__in=[signal.pk for signal in page]))
    signals = [(signal, met.get(signal.pk, 0)) for signal in page]
    facts = {"bank": one, "tab": "signals", "signals": signals, "page": page, "asked": asked}
    return _show(
        request,
        "console/banks/bank.html",
        {**facts, "query": urlencode({"q": asked}) if asked else ""},
    )


@staff_may(May.BANKS)
def settings(request: StaffRequest, name: str) -> HttpResponse:
    one = _bank(request, name)
    form = ChangeBank.of(one, request.POST or None)
    if not form.is_valid():
        return _show(
            request, "console/banks/settings.html", {"bank": one, "tab": "settings", "form": form}
        )
    actions.change_bank(
        bank=one,
        changes=form.settings(),
        why=form.cleaned_data["why"],
        by=request.actor,
        now=timezone.now(),
    )
    messages.success(request, "Saved. Every process uses it from now on.")
    return redirect("console:bank_history", request.service.slug, one.name)


@require_GET
@staff_may(May.LOOK)
def history(request: StaffRequest, name: str) -> HttpResponse:
    one = _bank(request, name)
    page = Paginator(one.changes.order_by("-id"), A_PAGE).get_page(request.GET.get("page"))
    return _show(
        request, "console/banks/history.html", {"bank": one, "tab": "history", "page": page}
    )


# Signals


@staff_may(May.BANKS)
def add(request: StaffRequest, name: str) -> HttpResponse:
    one = _bank(request, name)
    form = PasteSignals(request.POST or None)
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        if _added(request, one, form, "lines", [NewSignal(kind, line) for line in form.values()]):
            return redirect("console:bank", request.service.slug, one.name)
    return _show(request, "console/banks/add.html", {"bank": one, "tab": "add", "form": form})


@staff_may(May.BANKS)
def add_picture(request: StaffRequest, name: str) -> HttpResponse:
    one = _bank(request, name)
    form = PictureSignal(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            signals = signals_of_picture(
                form.cleaned_data["picture"].file, look_alikes=form.cleaned_data["look_alikes"]
            )
        except CannotUse as problem:
            form.add_error("picture", str(problem))
        else:
            if _added(request, one, form, "picture", signals):
                return redirect("console:bank", request.service.slug, one.name)
    return _show(
        request, "console/banks/add_picture.html", {"bank": one, "tab": "add", "form": form}
    )


@staff_may(May.BANKS)
def import_file(request: StaffRequest, name: str) -> HttpResponse:
    one = _bank(request, name)
    form = ImportSignals(request.POST or None, request.FILES or None)
    is_check = request.POST.get("step") == "check"
    form.fields["why"].required = not is_check
    facts: dict[str, Any] = {"bank": one, "tab": "import", "form": form}
    if not form.is_valid():
        return _show(request, "console/banks/import.html", facts)
    try:
        if is_check:
            preview = _preview(one, form)
            return _show(
                request, "console/banks/import.html", {**facts, "preview": preview, "is_fine": True}
            )
        imported = _imported(request, one, form)
    except BadImport as bad:
        return _show(request, "console/banks/import.html", {**facts, "problem": bad})
    messages.success(request, _told(imported))
    if imported.left_out:
        return _show(
            request, "console/banks/imported.html", {**facts, "imported": imported, "is_fine": True}
        )
    return redirect("console:bank", request.service.slug, one.name)


@require_GET
@staff_may(May.LOOK)
def signal(request: StaffRequest, name: str, signal_id: int) -> HttpResponse:
    one = _bank(request, name)
    return _show_signal(request, one, _signal(one, signal_id), Why())


@require_POST
@staff_may(May.BANKS)
def release(request: StaffRequest, name: str, signal_id: int) -> HttpResponse:
    one = _bank(request, name)
    stopped, form = _signal(one, signal_id), Why(request.POST)
    if not form.is_valid():
        return _show_signal(request, one, stopped, form)
    actions.release_signal(
        signal_id=stopped.pk,
        why=form.cleaned_data["why"],
        by=request.actor,
        now=timezone.now(),
    )
    messages.success(request, f"Released: it has the effect of {one} again.")
    return redirect("console:bank", request.service.slug, one.name)


@require_POST
@staff_may(May.BANKS)
def remove(request: StaffRequest, name: str) -> HttpResponse:
    """Without a reason it shows what will happen; with one it happens."""
    one = _bank(request, name)
    chosen = live_signals(one).filter(pk__in=_ids(request))
    form = Why(request.POST if "why" in request.POST else None)
    if not form.is_valid():
        met = Match.objects.filter(signal__in=chosen).count()
        facts = {"bank": one, "chosen": chosen, "met": met, "form": form}
        return _show(
            request,
            "console/banks/remove.html",
            {**facts, "is_hidden": not _sees_signals(request, one)},
        )
    removed = actions.remove_signals(
        bank=one,
        ids=[signal.pk for signal in chosen],
        why=form.cleaned_data["why"],
        by=request.actor,
        now=timezone.now(),
    )
    messages.success(request, f"Removed {counted(removed)}. New items no longer match.")
    return redirect("console:bank", request.service.slug, one.name)


# Pieces


def quarantined(request: StaffRequest) -> list[tuple[Signal, bool]]:
    """Signals that may only flag for now, each with whether this person may see its value."""
    return [
        (signal, _sees_signals(request, signal.bank))
        for signal in quarantined_signals(request.service)[:A_PAGE]
    ]


def _show(request: StaffRequest, template: str, facts: Mapping[str, Any]) -> HttpResponse:
    form = facts.get("form")
    is_wrong = isinstance(form, Form) and form.is_bound and not facts.get("is_fine")
    bank = facts.get("bank")
    context = {
        **facts,
        "active": "banks",
        "harm": HARMS[bank.harm] if bank else None,
        "may_change": may(request.user, request.service, May.BANKS),
    }
    status = UNPROCESSABLE if is_wrong else 200
    return render(request, template, context, status=status)


def _show_signal(request: StaffRequest, bank: Bank, signal: Signal, form: Why) -> HttpResponse:
    met = Match.objects.filter(signal=signal)
    facts = {
        "bank": bank,
        "signal": signal,
        "stopped": _why_stopped(signal),
        "is_hidden": not _sees_signals(request, bank),
        "met": met.count(),
        "met_this_week": met.filter(found_at__gte=timezone.now() - WEEK).count(),
        "form": form,
    }
    return _show(request, "console/banks/signal.html", facts)


def _bank(request: StaffRequest, name: str) -> Bank:
    try:
        return bank_named(request.service, name)
    except BankNotFound as absent:
        raise Http404(str(absent)) from None


def _signal(bank: Bank, signal_id: int) -> Signal:
    signal = Signal.objects.filter(bank=bank, pk=signal_id).first()
    if signal is None:
        raise Http404("This bank has no such signal.")
    return signal


def _why_stopped(signal: Signal) -> str:
    if signal.quarantined_at is None:
        return ""
    # The action writes its reason down with the moment that it sets on the signal.
    change = signal.bank.changes.filter(at=signal.quarantined_at).last()
    return change.why if change else ""


def _sees_signals(request: StaffRequest, bank: Bank) -> bool:
    """Signals of restricted harms are for those who may see such cases; others see counts."""
    is_open = not HARMS[bank.harm].restricted
    return is_open or may(request.user, request.service, May.SEE_RESTRICTED)


def _found(bank: Bank, asked: str) -> QuerySet[Signal]:
    signals = live_signals(bank).reverse()
    if not asked:
        return signals
    return signals.filter(
        Q(value__icontains=asked) | Q(source_record__icontains=asked) | Q(kind=asked)
    )


def _matches_by(field: str, which: Q) -> dict[int, int]:
    counts = Match.objects.filter(which).values_list(field).annotate(n=Count("pk"))
    return dict(counts.order_by())


def _ids(request: StaffRequest) -> list[int]:
    return [int(one) for one in request.POST.getlist("signal") if one.isdecimal()][:A_PAGE]


def _preview(bank: Bank, form: ImportSignals) -> dict[str, Any]:
    """The beginning of what an import would take, and of what is wrong with the file."""
    reading = read_file(
        form.cleaned_data["file"].file,
        kind=form.cleaned_data["kind"],
        leetspeak=bank.leetspeak,
    )
    return {
        "count": len(reading.signals),
        "first": reading.signals[:FIRST_ROWS],
        "wrong_count": len(reading.wrong),
        "wrong": reading.wrong[:FIRST_WRONG],
    }


def _imported(request: StaffRequest, bank: Bank, form: ImportSignals) -> Imported:
    return actions.import_signals(
        bank=bank,
        file=form.cleaned_data["file"].file,
        kind=form.cleaned_data["kind"],
        wrong_rows=form.cleaned_data["wrong_rows"],
        why=form.cleaned_data["why"],
        by=request.actor,
        now=timezone.now(),
    )


def _told(answer: Added | Imported) -> str:
    already = f" It had {counted(answer.already)} already." if answer.already else ""
    return f"Added {counted(answer.added)}.{already}"


def _added(
    request: StaffRequest, bank: Bank, form: Why, field: str, signals: list[NewSignal]
) -> bool:
    """Add them and say so; on a wrong one put the error on the form instead."""
    try:
        answer = actions.add_signals(
            bank=bank,
            signals=signals,
            why=form.cleaned_data["why"],
            by=request.actor,
            now=timezone.now(),
        )
    except BadNewSignal as bad:
        form.add_error(field, f"Line {bad.position + 1}: {bad}. Nothing was added.")
        return False
    messages.success(request, _told(answer))
    return True
