"""Who audits the service, for how long and what for; opening an audit, and ending one early."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dutybound_server.assurance.actions.audits import end_audit, open_audit
from dutybound_server.assurance.audit_queries import (
    audits_of,
    is_independent,
    open_audits,
    rules_over_audits_of,
)
from dutybound_server.assurance.models import Audit
from dutybound_server.assurance.refusals import AuditRefused
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.invitations import invitation_link
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OpenForm(forms.Form):
    """Whom to let in, at what, and until when."""

    name = forms.CharField(label="The auditor's name", max_length=100)
    email = forms.EmailField(
        label="Their e-mail address",
        max_length=150,
        help_text="Somebody with no part in the service. They get a link if they are new.",
    )
    purpose = forms.CharField(
        label="What is it for?",
        max_length=300,
        help_text="Such as: the yearly audit of how complaints are handled.",
    )
    period_from = forms.DateField(label="First day of the period to audit", widget=Day)
    period_until = forms.DateField(
        label="Last day of the period", widget=Day, help_text="Today at the latest."
    )
    starts_on = forms.DateField(label="They may look from", widget=Day)
    ends_on = forms.DateField(label="Until the end of", widget=Day)
    sees_personal = forms.BooleanField(
        label="Show names and words in the cases that are drawn",
        required=False,
        help_text="Otherwise names, addresses and what people wrote are masked. Media are never "
        "shown, nor anything of child sexual abuse.",
    )


class EndForm(forms.Form):
    why = forms.CharField(
        label="Why does it end early?",
        max_length=300,
        error_messages={"required": "Say why. The auditor may ask you."},
    )


@never_cache
@require_GET
@staff_may(May.AUDIT)
def audits(request: StaffRequest) -> HttpResponse:
    return _page(request, _fresh_form())


@never_cache
@require_POST
@staff_may(May.OPEN_AUDITS)
def begin(request: StaffRequest) -> HttpResponse:
    form, now = OpenForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, form)
    try:
        audit, is_new = _opened(request, form, now=now)
    except AuditRefused as refusal:
        refusal.show_in(form)
        return _page(request, form)
    if is_new:
        return _page(request, _fresh_form(), link_for=audit)
    messages.success(request, f"{audit.auditor.email} signs in already; they may audit now.")
    return redirect("console:audits", request.service.slug)


@require_POST
@staff_may(May.OPEN_AUDITS)
def end(request: StaffRequest, reference: str) -> HttpResponse:
    audit = get_object_or_404(audits_of(request.user, request.service), reference=reference)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say why it ends early. The auditor may ask you.")
    else:
        end_audit(
            audit_id=audit.pk, why=form.cleaned_data["why"], by=request.user, now=timezone.now()
        )
        messages.success(request, f"Audit {reference} is over. Nobody is let in by it any more.")
    return redirect("console:audits", request.service.slug)


@never_cache
@require_POST
@staff_may(May.OPEN_AUDITS)
def new_link(request: StaffRequest, reference: str) -> HttpResponse:
    """Another link for an auditor who has not come in yet; who has resets their own password."""
    audit = get_object_or_404(audits_of(request.user, request.service), reference=reference)
    if not _may_have_link(request, audit):
        raise PermissionDenied("They have signed in, or work elsewhere here: they know their way.")
    return _page(request, _fresh_form(), link_for=audit)


def _opened(request: StaffRequest, form: OpenForm, *, now: datetime) -> tuple[Audit, bool]:
    told = form.cleaned_data
    return open_audit(
        service=request.service,
        email=told["email"],
        name=told["name"],
        purpose=told["purpose"],
        period_from=_morning(told["period_from"]),
        # Of a period that ends today, what happened until now.
        period_until=now
        if told["period_until"] == timezone.localdate(now)
        else _evening(told["period_until"]),
        starts_at=_morning(told["starts_on"]),
        ends_at=_evening(told["ends_on"]),
        sees_personal=told["sees_personal"],
        by=request.user,
        now=now,
    )


def _may_have_link(request: StaffRequest, audit: Audit) -> bool:
    person = audit.auditor
    is_staff = person.memberships.exists() or person.flags_for.exists()
    return (
        person.is_active
        and person.last_login is None
        and not is_staff
        and rules_over_audits_of(request.user, person)
    )


def _fresh_form() -> OpenForm:
    today = timezone.localdate()
    month_ago, in_a_fortnight = today - timedelta(days=30), today + timedelta(days=14)
    return OpenForm(
        initial={
            "period_from": month_ago,
            "period_until": today,
            "starts_on": today,
            "ends_on": in_a_fortnight,
        }
    )


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _evening(day: date) -> datetime:
    return _morning(day + timedelta(days=1))


def _page(request: StaffRequest, form: OpenForm, *, link_for: Audit | None = None) -> HttpResponse:
    now = timezone.now()
    may_open = may(request.user, request.service, May.OPEN_AUDITS)
    rows = [
        {
            "audit": audit,
            "state": _state(audit, now=now),
            "is_open": audit.ended_at is None and audit.ends_at > now,
            "may_have_link": may_open and _may_have_link(request, audit),
            "is_independent": is_independent(audit.auditor, request.service),
            "end_form": EndForm(auto_id=f"{audit.reference}_%s"),
        }
        for audit in audits_of(request.user, request.service)
    ]
    context = {
        "active": "audits",
        "rows": rows,
        "own": [
            one for one in open_audits(request.user, now=now) if one.service == request.service
        ],
        "form": form,
        "may_open": may_open,
        # The link is in this answer and nowhere else; a redirect would have to store it.
        "link": invitation_link(link_for.auditor) if link_for else "",
        "link_for": link_for,
    }
    return render(request, "console/audits/list.html", context, status=422 if form.errors else 200)


def _state(audit: Audit, *, now: datetime) -> tuple[str, str]:
    """In words, with a colour."""
    if audit.ended_at is not None:
        return "ended early", "slate"
    if now >= audit.ends_at:
        return "over", "slate"
    if now < audit.starts_at:
        return "not begun", "slate"
    if audit.drawn_at is not None:
        return "sample drawn", "green"
    return ("seed committed", "green") if audit.committed_at is not None else ("open", "green")
