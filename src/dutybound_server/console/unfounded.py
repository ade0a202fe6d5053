"""The policy on manifestly unfounded complaints: approved, used, and watched for mistakes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dutybound_server.casework.actions.unfounded import (
    LONGEST_WORDS,
    PolicyRefused,
    approve_policy,
    check_disregard,
    disregard,
    end_policy,
)
from dutybound_server.casework.concern_queries import (
    policy_in_force,
    policy_record,
    visible_disregards,
)
from dutybound_server.casework.hearing import ConcernNotFound, ConcernRefused
from dutybound_server.casework.models import UnfoundedPolicy
from dutybound_server.console.concerns import concern_or_404
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

MOST_SHOWN = 50


class PolicyForm(forms.Form):
    """One version of the policy."""

    words = forms.CharField(
        label="The policy",
        help_text="When a complaint is set aside, and when never.",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    attributes = forms.CharField(
        label="What it relies on, one a line",
        help_text="Each a sentence that the person is told, such as: It is about nothing we host.",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    monitoring = forms.CharField(
        label="How you watch for complaints that were set aside wrongly",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    review_by = forms.DateField(
        label="Reviewed by",
        help_text="Within a year. From that day on nothing is set aside until it is approved anew.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    change = forms.CharField(
        label="What changed since the version before, and why",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_attributes(self) -> list[str]:
        return str(self.cleaned_data["attributes"]).splitlines()


class DisregardForm(forms.Form):
    """Why one complaint is set aside."""

    attribute = forms.TypedChoiceField(
        label="Which of these fits", coerce=int, widget=forms.RadioSelect
    )
    why = forms.CharField(
        label="How it fits",
        help_text="For colleagues, and for whoever checks it.",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *given: Any, policy: UnfoundedPolicy, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        attribute = self.fields["attribute"]
        assert isinstance(attribute, forms.TypedChoiceField)
        attribute.choices = list(enumerate(policy.attributes))


@never_cache
@require_safe
@staff_may(May.LOOK)
def unfounded(request: StaffRequest) -> HttpResponse:
    last = request.service.unfounded_policies.order_by("-number").first()
    kept = (
        {}
        if last is None
        else {
            "words": last.words,
            "attributes": "\n".join(last.attributes),
            "monitoring": last.monitoring,
        }
    )
    return _page(request, PolicyForm(initial=kept))


@require_POST
@staff_may(May.APPROVE)
def approve(request: StaffRequest) -> HttpResponse:
    form = PolicyForm(request.POST)
    if form.is_valid():
        try:
            approve_policy(
                service=request.service, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except PolicyRefused as refused:
            refused.show_in(form)
    if form.errors:
        return _page(request, form)
    messages.success(request, "The policy is in force.")
    return redirect("console:unfounded", request.service.slug)


@require_POST
@staff_may(May.APPROVE)
def end(request: StaffRequest) -> HttpResponse:
    policy = policy_in_force(request.service, now=timezone.now())
    if policy is not None:
        end_policy(policy=policy, by=request.user, now=timezone.now())
        messages.success(request, "Nothing is set aside any more.")
    return redirect("console:unfounded", request.service.slug)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may(May.DECIDE)
def set_aside(request: StaffRequest, reference: str) -> HttpResponse:
    """Ask which attribute fits, and answer the complaint with it."""
    one = concern_or_404(request, reference)
    policy = policy_in_force(request.service, now=timezone.now())
    form = DisregardForm(request.POST or None, policy=policy) if policy else None
    if form is not None and form.is_valid():
        try:
            disregard(concern_id=one.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ConcernRefused as refused:
            refused.show_in(form)
        else:
            messages.success(request, "It is set aside, and they are told why.")
            return redirect("console:concern", request.service.slug, reference)
    facts = {"active": "concerns", "concern": one, "policy": policy, "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "console/unfounded/set_aside.html", facts, status=status)


@require_POST
@staff_may(May.DECIDE)
def check(request: StaffRequest, disregard_id: int) -> HttpResponse:
    """Another person says whether it was rightly set aside."""
    if not visible_disregards(request.user, request.service).filter(pk=disregard_id).exists():
        raise Http404
    try:
        check_disregard(
            disregard_id=disregard_id,
            by=request.user,
            was_right=request.POST.get("was_right") == "yes",
            now=timezone.now(),
        )
    except ConcernNotFound:
        raise Http404 from None
    except ConcernRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "Checked.")
    return redirect("console:unfounded", request.service.slug)


def _page(request: StaffRequest, form: PolicyForm) -> HttpResponse:
    service, now = request.service, timezone.now()
    versions = service.unfounded_policies.select_related("approved_by").order_by("-number")
    form.fields["change"].required = versions.exists()
    facts = {
        "active": "concerns",
        "policy": policy_in_force(service, now=now),
        "versions": versions,
        "record": policy_record(service),
        "disregards": visible_disregards(request.user, service)[:MOST_SHOWN],
        "form": form,
        "may_approve": may(request.user, service, May.APPROVE),
        "may_check": may(request.user, service, May.DECIDE),
    }
    status = 422 if form.errors else 200
    return render(request, "console/unfounded/page.html", facts, status=status)
