"""Deliveries: what the service was told, whether it heard it, and where it wants to hear it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dutybound_server.casework.actions.deliveries import resend_delivery
from dutybound_server.casework.actions.endpoints import (
    LONGEST_URL,
    BadEndpoint,
    create_endpoint,
    disable_endpoint,
    enable_endpoint,
    rotate_secret,
)
from dutybound_server.casework.models import Delivery, Endpoint
from dutybound_server.casework.queries import visible_enforcements
from dutybound_server.casework.refusals import ResendRefused
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

A_PAGE = 25
NEWEST = 15
PILES = {
    "failed": ("Failed", Q(dead_at__isnull=False)),
    "waiting": ("On their way", Q(next_attempt_at__isnull=False)),
    "delivered": ("Delivered", Q(delivered_at__isnull=False)),
}
TIME_NAMES = {"failed": "Given up", "waiting": "Next attempt", "delivered": "Delivered"}


class NewEndpoint(forms.Form):
    url = forms.CharField(
        label="Address that takes our messages",
        max_length=LONGEST_URL,
        help_text="For example https://forum.example.org/hooks/dutybound",
        widget=forms.URLInput,
    )


class Disable(forms.Form):
    why = forms.CharField(label="Why?", max_length=200)


@require_GET
@staff_may(May.AUDIT)
def deliveries(request: StaffRequest) -> HttpResponse:
    return _page(request, NewEndpoint())


@require_POST
@staff_may(May.ADMINISTER)
def add_endpoint(request: StaffRequest) -> HttpResponse:
    form = NewEndpoint(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        endpoint = create_endpoint(
            service=request.service,
            url=form.cleaned_data["url"],
            by=request.actor,
            now=timezone.now(),
        )
    except BadEndpoint as bad:
        form.add_error("url", str(bad))
        return _page(request, form)
    return _show_secret(request, endpoint, is_new=True)


@require_POST
@staff_may(May.ADMINISTER)
def rotate(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    endpoint = rotate_secret(
        endpoint=_endpoint(request, endpoint_id), by=request.actor, now=timezone.now()
    )
    return _show_secret(request, endpoint, is_new=False)


@staff_may(May.ADMINISTER)
def endpoint(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    """One endpoint, and what can be done with it; posting a reason disables it."""
    one = _endpoint(request, endpoint_id)
    form = Disable(request.POST or None)
    if not form.is_valid():
        facts = {"active": "deliveries", "endpoint": one, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "console/deliveries/endpoint.html", facts, status=status)
    disable_endpoint(
        endpoint=one, why=form.cleaned_data["why"], by=request.actor, now=timezone.now()
    )
    messages.success(request, "Nothing is sent there any more. What was waiting is kept.")
    return redirect("console:deliveries", request.service.slug)


@require_POST
@staff_may(May.ADMINISTER)
def enable(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    one = _endpoint(request, endpoint_id)
    enable_endpoint(endpoint=one, by=request.actor, now=timezone.now())
    messages.success(request, "Messages are sent there again, the ones that waited first.")
    return redirect("console:deliveries", request.service.slug)


@require_POST
@staff_may(May.AUDIT)
def resend(request: StaffRequest, delivery_id: int) -> HttpResponse:
    if not _may_resend(request):
        raise PermissionDenied("Resending is for senior moderators and administrators.")
    theirs = Delivery.objects.filter(endpoint__service=request.service, pk=delivery_id)
    if not theirs.exists():
        raise Http404("This service has no such message.")
    try:
        resend_delivery(delivery_id=delivery_id, by=request.user, now=timezone.now())
    except ResendRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "It is on its way again, under the same message id.")
    return redirect("console:deliveries", request.service.slug)


def _page(request: StaffRequest, form: NewEndpoint) -> HttpResponse:
    mine = Delivery.objects.filter(endpoint__service=request.service)
    piles = [(key, name, mine.filter(which).count()) for key, (name, which) in PILES.items()]
    shown = request.GET.get("show", "")
    if shown not in PILES:
        # What needs a person comes first, then what is under way.
        shown = next((key for key, _, count in piles if count), "delivered")
    found = mine.filter(PILES[shown][1]).select_related("endpoint").order_by("-pk")
    facts: dict[str, Any] = {
        "active": "deliveries",
        "endpoints": request.service.endpoints.order_by("pk"),
        "piles": piles,
        "shown": shown,
        "query": f"show={shown}",
        "time_name": TIME_NAMES[shown],
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "enforcements": visible_enforcements(request.user, request.service)[:NEWEST],
        "form": form,
        "may_administer": may(request.user, request.service, May.ADMINISTER),
        "may_resend": _may_resend(request),
    }
    status = 422 if form.is_bound else 200
    return render(request, "console/deliveries/deliveries.html", facts, status=status)


def _show_secret(request: StaffRequest, endpoint: Endpoint, *, is_new: bool) -> HttpResponse:
    facts = {"active": "deliveries", "endpoint": endpoint, "is_new": is_new}
    response = render(request, "console/deliveries/secret.html", facts)
    # The one page that holds a secret is kept by no cache and no "back".
    response["Cache-Control"] = "no-store"
    return response


def _endpoint(request: StaffRequest, endpoint_id: int) -> Endpoint:
    one = Endpoint.objects.filter(service=request.service, pk=endpoint_id).first()
    if one is None:
        raise Http404("This service has no such endpoint.")
    return one


def _may_resend(request: StaffRequest) -> bool:
    allowed = (May.OVERTURN, May.ADMINISTER)
    return any(may(request.user, request.service, permission) for permission in allowed)
