"""The reporting form of the service: how it looks and speaks, who answers what, and how soon."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dutybound.cases.clocks import NATIONS
from dutybound.cases.kinds import BY_SEVERITY, KINDS, Kind, KindOf, offered
from dutybound.cases.signposts import all_signposts, overdue
from dutybound_server.casework.actions.desks import (
    LONGEST_TARGET_HOURS,
    MOST_PROOF_BITS,
    change_desk,
    desk_of,
    renew_link_secret,
)
from dutybound_server.casework.hearing import ConcernRefused
from dutybound_server.casework.models import Desk
from dutybound_server.casework.snippets import component_snippet, html_snippet, link_snippet
from dutybound_server.console.templatetags.cases import SEVERITY_WORDS
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.actors import name_of
from dutybound_server.people.models import Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

NATION_NAMES = {"ENG": "England", "WLS": "Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}


class DeskForm(forms.Form):
    """How the form looks and speaks."""

    is_open = forms.BooleanField(label="The form is open", required=False)
    colour = forms.CharField(label="Colour", widget=forms.TextInput(attrs={"type": "color"}))
    home_url = forms.URLField(
        label="Where people go back to",
        help_text="Your service's own address.",
        required=False,
        assume_scheme="https",
    )
    welsh = forms.BooleanField(label="Also offer it in Welsh", required=False)
    version = forms.ChoiceField(
        label="It begins with the version for",
        choices=[("adult", "adults"), ("child", "children")],
        help_text="Anyone can change to the other on the first page.",
    )
    offers_block = forms.BooleanField(
        label="People can ask to block an account on the same page",
        help_text="Your service gets a message block.asked, and must carry it out.",
        required=False,
    )
    children = forms.BooleanField(
        label="Children are likely to use the service",
        help_text="Then the form also takes reports of content that is harmful to children.",
        required=False,
    )
    category_1 = forms.BooleanField(
        label="The service is in Category 1",
        help_text="Then the form also takes the complaints that only Category 1 services must.",
        required=False,
    )
    nation = forms.ChoiceField(
        label="Working days are those of", choices=[(one, NATION_NAMES[one]) for one in NATIONS]
    )
    proof_bits = forms.IntegerField(
        label="Work that a browser does before it sends",
        help_text="0 for none. Each step doubles it; 18 takes a phone about a second. Without it a "
        "report waits behind others and is never refused.",
        min_value=0,
        max_value=MOST_PROOF_BITS,
    )


class TargetsForm(forms.Form):
    """Who answers each kind, and within how many hours. Empty: what we suggest."""

    def __init__(self, *given: Any, service: Service, desk: Desk, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        staff = User.objects.filter(memberships__service=service, is_active=True).distinct()
        people = [("", "Whoever has the role")]
        people += [(str(one.pk), name_of(one)) for one in staff.order_by("pk")]
        self._kinds = offered(likely_accessed_by_children=desk.children, category_1=desk.category_1)
        for kind in self._kinds:
            self.fields[f"owner_{kind.kind}"] = forms.ChoiceField(
                label=f"Who answers: {kind.name}",
                choices=people,
                required=False,
                initial=str(desk.owners.get(kind.kind, "")),
            )
            for key, usual in _keys_of(kind):
                self.fields[f"hours_{key}"] = forms.FloatField(
                    label=f"Hours: {key}",
                    required=False,
                    min_value=0.25,
                    max_value=usual if kind.is_statutory else LONGEST_TARGET_HOURS,
                    initial=desk.targets.get(key),
                    widget=forms.NumberInput(attrs={"placeholder": f"{usual:g}", "step": "any"}),
                )

    def rows(self) -> Iterator[tuple[KindOf, BoundField, list[tuple[str, BoundField]]]]:
        """Each kind with its owner's field, and its fields of hours with what they are for."""
        for kind in self._kinds:
            hours = [(_said(key), self[f"hours_{key}"]) for key, _ in _keys_of(kind)]
            yield kind, self[f"owner_{kind.kind}"], hours

    def owners(self) -> dict[str, int]:
        return {
            name.removeprefix("owner_"): int(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("owner_") and value
        }

    def targets(self) -> dict[str, float]:
        return {
            name.removeprefix("hours_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("hours_") and value is not None
        }


def _keys_of(kind: KindOf) -> list[tuple[str, float]]:
    """What can be set for a kind, and the hours we suggest; working days are counted as 24."""
    if kind.target is not None:
        return [(str(kind.kind), kind.target.within.total_seconds() / 3600)]
    return [
        (f"{kind.kind}:{severity}", target.within.total_seconds() / 3600)
        for severity, target in BY_SEVERITY.items()
    ]


def _said(key: str) -> str:
    kind, _, severity = key.partition(":")
    if severity:
        return SEVERITY_WORDS[int(severity)]
    target = KINDS[Kind(kind)].target
    return "of working days" if target and target.working else ""


@never_cache
@require_safe
@staff_may(May.LOOK)
def desk(request: StaffRequest) -> HttpResponse:
    return _page(request, desk_of(request.service))


@require_POST
@staff_may(May.ADMINISTER)
def change(request: StaffRequest) -> HttpResponse:
    one = desk_of(request.service)
    form = DeskForm(request.POST)
    if not form.is_valid():
        return _page(request, one, form=form)
    given = dict(form.cleaned_data)
    given["languages"] = ["cy"] if given.pop("welsh") else []
    return _changed(request, one, given, form=form)


@require_POST
@staff_may(May.ADMINISTER)
def set_targets(request: StaffRequest) -> HttpResponse:
    one = desk_of(request.service)
    form = TargetsForm(request.POST, service=request.service, desk=one)
    if not form.is_valid():
        return _page(request, one, targets=form)
    given = {"owners": form.owners(), "targets": form.targets()}
    return _changed(request, one, given, targets=form)


@require_POST
@staff_may(May.ADMINISTER)
def renew(request: StaffRequest) -> HttpResponse:
    renew_link_secret(desk=desk_of(request.service), by=request.user, now=timezone.now())
    messages.success(
        request, "New links are signed with a new secret. Old links work until you renew again."
    )
    return redirect("console:desk", request.service.slug)


def _changed(
    request: StaffRequest,
    one: Desk,
    given: Mapping[str, Any],
    *,
    form: DeskForm | None = None,
    targets: TargetsForm | None = None,
) -> HttpResponse:
    try:
        change_desk(desk=one, changes=given, by=request.user, now=timezone.now())
    except ConcernRefused as refused:
        shown = form or targets
        assert shown is not None
        refused.show_in(shown)
        return _page(request, one, form=form, targets=targets)
    messages.success(request, "Kept. The journal says what changed.")
    return redirect("console:desk", request.service.slug)


def _page(
    request: StaffRequest,
    one: Desk,
    *,
    form: DeskForm | None = None,
    targets: TargetsForm | None = None,
) -> HttpResponse:
    bad = form is not None or targets is not None
    facts = {
        "active": "settings",
        "desk": one,
        "form": form or _form_of(one),
        "targets": targets or TargetsForm(service=request.service, desk=one),
        "origin": settings.ORIGIN,
        "snippets": [
            ("A link", link_snippet(one)),
            ("A small form in a fold, without script", html_snippet(one)),
            ("A button that opens a dialog (a web component)", component_snippet(one)),
        ],
        "helpers": len(all_signposts()),
        "unchecked": [helper.name_in("en") for helper in overdue(today=timezone.localdate())],
        "may_administer": may(request.user, request.service, May.ADMINISTER),
    }
    return render(request, "console/desk/page.html", facts, status=422 if bad else 200)


def _form_of(one: Desk) -> DeskForm:
    names = (name for name in DeskForm.base_fields if name != "welsh")
    return DeskForm(
        initial={name: getattr(one, name) for name in names} | {"welsh": "cy" in one.languages}
    )
