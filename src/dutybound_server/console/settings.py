"""What the service has chosen, and the keys it calls us with."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.actions import change_service, issue_key, revoke_key
from dutybound_server.people.models import Service
from dutybound_server.people.roles import May, Scope

HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+"
)
LONGEST_RETENTION_DAYS = 3650
SCOPE_WORDS = {
    Scope.ITEMS: "Send items and read verdicts",
    Scope.BANKS: "Change banks and signals",
    Scope.ENFORCEMENTS: "Pull enforcements and notices, acknowledge, lodge appeals",
    Scope.CONCERNS: "Pass on reports and complaints, and ask where they stand",
}


class ServiceForm(forms.Form):
    """The service's own choices."""

    name = forms.CharField(label="Name", max_length=100)
    retention_days = forms.IntegerField(
        label="Days that text and media are kept",
        help_text="Then they are deleted, unless a case holds them. Hashes and the journal stay.",
        min_value=1,
        max_value=LONGEST_RETENTION_DAYS,
    )
    media_hosts = forms.CharField(
        label="Hosts from which media may be fetched",
        help_text="One a line, such as media.example.org. With none, media come only as uploads.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    screens_private = forms.BooleanField(
        label="Also match items that are marked private",
        help_text="Ofcom's Codes do not recommend proactive technology for private communication.",
        required=False,
    )
    screens_private_reason = forms.CharField(
        label="Why private items are matched",
        help_text="It stands in the journal, beside your name.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_media_hosts(self) -> list[str]:
        hosts = self.cleaned_data["media_hosts"].lower().split()
        for host in hosts:
            if not HOST.fullmatch(host):
                raise forms.ValidationError(
                    f"“{host}” is not a host name, such as media.example.org."
                )
        return sorted(set(hosts))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("screens_private") and not given.get("screens_private_reason", "").strip():
            self.add_error("screens_private_reason", "Say why; it is recorded.")
        return given


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label="What will use it", max_length=100, help_text="For instance: forum software, live."
    )
    scopes = forms.TypedMultipleChoiceField(
        label="What it may be used for",
        choices=[(scope.value, words) for scope, words in SCOPE_WORDS.items()],
        coerce=Scope,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label="It ends after",
        choices=[(90, "90 days"), (365, "One year"), (0, "Never")],
        coerce=int,
        initial=365,
    )


@never_cache
@require_safe
@staff_may(May.ADMINISTER)
def settings(request: StaffRequest) -> HttpResponse:
    return _page(request, form=_form_of(request.service), key_form=KeyForm())


@require_POST
@staff_may(May.ADMINISTER)
def change(request: StaffRequest) -> HttpResponse:
    form = ServiceForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, key_form=KeyForm(), status=422)
    change_service(
        service=request.service,
        changes=form.cleaned_data,
        why=form.cleaned_data["screens_private_reason"],
        by=request.actor,
        now=timezone.now(),
    )
    messages.success(request, "Kept. The journal says what changed.")
    return redirect("console:settings", request.service.slug)


@never_cache
@require_POST
@staff_may(May.ADMINISTER)
def issue(request: StaffRequest) -> HttpResponse:
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, form=_form_of(request.service), key_form=form, status=422)
    now, days = timezone.now(), form.cleaned_data["days"]
    _, token = issue_key(
        service=request.service,
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=now + timedelta(days=days) if days else None,
        by=request.actor,
        now=now,
    )
    # The key is in this answer and nowhere else; a redirect would have to store it.
    return _page(request, form=_form_of(request.service), key_form=KeyForm(), token=token)


@require_POST
@staff_may(May.ADMINISTER)
def revoke(request: StaffRequest, key_id: int) -> HttpResponse:
    key = get_object_or_404(request.service.keys, id=key_id)
    revoke_key(key=key, by=request.actor, now=timezone.now())
    messages.success(request, f"“{key.name}” opens nothing any more.")
    return redirect("console:settings", request.service.slug)


def _form_of(service: Service) -> ServiceForm:
    return ServiceForm(
        initial={
            "name": service.name,
            "retention_days": service.retention_days,
            "media_hosts": "\n".join(service.media_hosts),
            "screens_private": service.screens_private,
            "screens_private_reason": service.screens_private_reason,
        }
    )


def _page(
    request: StaffRequest,
    *,
    form: ServiceForm,
    key_form: KeyForm,
    token: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "active": "settings",
        "form": form,
        "key_form": key_form,
        "keys": request.service.keys.order_by("revoked_at", "-id"),
        "now": timezone.now(),
        "token": token,
    }
    return render(request, "console/settings/page.html", context, status=status)
