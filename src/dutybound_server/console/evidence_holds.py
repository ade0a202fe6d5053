"""Legal holds, and data preservation notices, which place them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dutybound_server.casework.evidence_queries import (
    EvidenceNotFound,
    hold_for,
    preservation_for,
    visible_holds,
    visible_preservations,
)
from dutybound_server.console.evidence import kept_by
from dutybound_server.console.evidence_forms import (
    EndForm,
    ExtendForm,
    HoldForm,
    NoticeForm,
    end_of,
)
from dutybound_server.evidence.actions.holds import (
    HoldKind,
    LegalHoldRefused,
    end_legal_hold,
    place_legal_hold,
)
from dutybound_server.evidence.actions.preservations import (
    Child,
    PreservationRefused,
    child_of,
    end_preservation,
    extend_preservation,
    receive_preservation,
)
from dutybound_server.evidence.models import Preservation
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May

A_PAGE = 50


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may(May.KEEP)
def holds(request: StaffRequest) -> HttpResponse:
    """All holds, and a form to place one."""
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        try:
            place_legal_hold(
                service=request.service,
                by=request.user,
                now=timezone.now(),
                kind=HoldKind.STAFF,
                **{**form.cleaned_data, "until": end_of(until) if until else None},
            )
        except LegalHoldRefused as refused:
            refused.show_in(form)
        else:
            messages.success(request, "It is held. Nothing about it is deleted while that lasts.")
            return redirect("console:evidence_holds", request.service.slug)
    found = visible_holds(request.user, request.service)
    context = {
        "active": "evidence",
        "form": form,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "now": timezone.now(),
        **kept_by(request),
    }
    status = 422 if form.errors else 200
    return render(request, "console/evidence/holds.html", context, status=status)


@never_cache
@require_POST
@staff_may(May.KEEP)
def end_hold(request: StaffRequest, hold_id: int) -> HttpResponse:
    try:
        hold = hold_for(request.user, request.service, hold_id)
        end_legal_hold(
            hold_id=hold.pk,
            why=request.POST.get("why", ""),
            by=request.user,
            now=timezone.now(),
        )
    except EvidenceNotFound:
        raise Http404("There is no such hold.") from None
    except LegalHoldRefused as refused:
        messages.error(request, f"The hold stays. {refused.sentence}")
    else:
        messages.success(request, "The hold ended. What it kept goes on schedule.")
    return redirect("console:evidence_holds", request.service.slug)


# Data preservation notices


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may(May.KEEP)
def notices(request: StaffRequest) -> HttpResponse:
    """All notices, and a form to take one."""
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            notice = _receive(request, form.cleaned_data)
        except PreservationRefused as refused:
            refused.show_in(form)
        else:
            messages.success(request, f"The notice stands. It keeps all until {_day(notice)}.")
            return redirect("console:evidence_notice", request.service.slug, notice.pk)
    context = {
        "active": "evidence",
        "form": form,
        "notices": visible_preservations(request.user, request.service)[:A_PAGE],
        **kept_by(request),
    }
    status = 422 if form.errors else 200
    return render(request, "console/evidence/notices.html", context, status=status)


@never_cache
@require_GET
@staff_may(May.KEEP)
def notice(request: StaffRequest, notice_id: int) -> HttpResponse:
    context = _notice_page(request, _notice(request, notice_id))
    return render(request, "console/evidence/notice.html", context)


@never_cache
@require_POST
@staff_may(May.KEEP)
def extend_notice(request: StaffRequest, notice_id: int) -> HttpResponse:
    found = _notice(request, notice_id)
    form = ExtendForm(request.POST, auto_id="id_extend_%s")
    if form.is_valid():
        try:
            changed = extend_preservation(
                preservation_id=found.pk,
                until=end_of(form.cleaned_data["until"]),
                why=form.cleaned_data["why"],
                by=request.user,
                now=timezone.now(),
            )
        except PreservationRefused as refused:
            refused.show_in(form)
        else:
            messages.success(request, f"It keeps all until {_day(changed)}.")
            return redirect("console:evidence_notice", request.service.slug, found.pk)
    context = _notice_page(request, found, extend_form=form)
    return render(request, "console/evidence/notice.html", context, status=422)


@never_cache
@require_POST
@staff_may(May.KEEP)
def end_notice(request: StaffRequest, notice_id: int) -> HttpResponse:
    found = _notice(request, notice_id)
    form = EndForm(request.POST, auto_id="id_end_%s")
    if form.is_valid():
        try:
            end_preservation(
                preservation_id=found.pk,
                why=form.cleaned_data["why"],
                by=request.user,
                now=timezone.now(),
            )
        except PreservationRefused as refused:
            refused.show_in(form)
        else:
            messages.success(request, "The notice ended. What it kept goes on schedule.")
            return redirect("console:evidence_notice", request.service.slug, found.pk)
    context = _notice_page(request, found, end_form=form)
    return render(request, "console/evidence/notice.html", context, status=422)


def _receive(request: StaffRequest, said: dict[str, Any]) -> Preservation:
    until, now = said["until"], timezone.now()
    received_at = end_of(said["received_at"])
    if said["received_at"] == now.date():
        received_at = now  # Of today, so by now, whatever the hour.
    return receive_preservation(
        service=request.service,
        reference=said["reference"],
        child=Child(
            name=said["name"].strip(),
            date_of_birth=said["date_of_birth"],
            emails=_lines(said["emails"]),
            accounts=_lines(said["accounts"]),
        ),
        received_at=received_at,
        until=end_of(until) if until else None,
        by=request.user,
        now=now,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _notice(request: StaffRequest, notice_id: int) -> Preservation:
    try:
        return preservation_for(request.user, request.service, notice_id)
    except EvidenceNotFound:
        raise Http404("There is no such notice.") from None


def _notice_page(
    request: StaffRequest,
    found: Preservation,
    *,
    extend_form: ExtendForm | None = None,
    end_form: EndForm | None = None,
) -> dict[str, Any]:
    return {
        "active": "evidence",
        "notice": found,
        "child": child_of(found),
        "holds": found.holds.select_related("account").order_by("id"),
        "extend_form": extend_form or ExtendForm(auto_id="id_extend_%s"),
        "end_form": end_form or EndForm(auto_id="id_end_%s"),
        **kept_by(request),
    }


def _day(notice: Preservation) -> str:
    return f"{notice.until:%-d %B %Y}"
