"""Accounts of the service: what they posted, what was found and decided, what they were told."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dutybound_server.casework.actions.cases import open_account_case
from dutybound_server.casework.models import Case, Decision
from dutybound_server.casework.queries import visible_cases, visible_items
from dutybound_server.console.judgement import harm_choices_unchosen
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.models import Account
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

A_PAGE = 50
NEWEST = 20


class OpenCase(forms.Form):
    """A moderator asks for a look at the account as a whole."""

    harm = forms.ChoiceField(label="Kind of harm", choices=harm_choices_unchosen)
    why = forms.CharField(
        label="What did you notice?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For the colleague who takes the case. The account does not see it.",
    )


@require_GET
@staff_may(May.LOOK)
def accounts(request: StaffRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip().replace("\0", "")
    known = Account.objects.filter(service=request.service, external_id__icontains=asked)
    counted = known.annotate(posted=Count("items__external_id", distinct=True))
    page = Paginator(counted.order_by("-pk"), A_PAGE).get_page(request.GET.get("page"))
    facts = {
        "active": "accounts",
        "page": page,
        "asked": asked,
        "query": urlencode({"q": asked}) if asked else "",
    }
    return render(request, "console/accounts/accounts.html", facts)


@require_GET
@staff_may(May.LOOK)
def account(request: StaffRequest, account_id: int) -> HttpResponse:
    one = _account(request, account_id)
    return render(request, "console/accounts/account.html", _facts(request, one, OpenCase()))


@require_POST
@staff_may(May.DECIDE)
def open_case(request: StaffRequest, account_id: int) -> HttpResponse:
    one = _account(request, account_id)
    form = OpenCase(request.POST)
    if not form.is_valid():
        facts = _facts(request, one, form)
        return render(request, "console/accounts/account.html", facts, status=422)
    case = open_account_case(
        account=one,
        harm=form.cleaned_data["harm"],
        why=form.cleaned_data["why"],
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, f"Case {case.reference} about {one} is open.")
    return redirect("console:account", request.service.slug, one.pk)


def _account(request: StaffRequest, account_id: int) -> Account:
    one = Account.objects.filter(service=request.service, pk=account_id).first()
    if one is None:
        raise Http404(f"{request.service} has no such account.")
    return one


def _facts(request: StaffRequest, account: Account, form: OpenCase) -> dict[str, Any]:
    cases = _cases(request, account)
    return {
        "active": "accounts",
        "account": account,
        "items": visible_items(request.user, request.service)
        .filter(account=account)
        .order_by("-pk")[:NEWEST],
        "cases": cases,
        "decisions": Decision.objects.filter(case__in=cases)
        .select_related("case", "by")
        .order_by("-decided_at"),
        "strikes": account.strikes.filter(decision__case__in=cases)
        .select_related("decision__case")
        .order_by("-at"),
        "sanctions": account.sanctions.filter(decision__case__in=cases)
        .select_related("decision__case")
        .order_by("-starts_at"),
        "notices": account.notices.filter(decision__case__in=cases).order_by("-created_at"),
        "form": form,
        "may_open": may(request.user, request.service, May.DECIDE),
    }


def _cases(request: StaffRequest, account: Account) -> QuerySet[Case]:
    """Cases of the account and of its items; restricted ones only for those who may."""
    about = Q(account=account) | Q(item__account=account)
    return visible_cases(request.user, request.service).filter(about).order_by("-opened_at")
