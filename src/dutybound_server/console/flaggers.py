"""Trusted flaggers: who has a channel of their own, on which terms, with which record."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dutybound.cases.flagging import FlaggerKind
from dutybound_server.assurance.audit_queries import rules_over_audits_of
from dutybound_server.casework.actions import flaggers as actions
from dutybound_server.casework.actions.flaggers import FlaggerRefused
from dutybound_server.casework.flagger_queries import (
    FlaggerNotFound,
    flagger_for_staff,
    record_of,
    rules_over_flaggers_of,
    visible_flaggers,
)
from dutybound_server.casework.models import Flagger, FlaggerPerson
from dutybound_server.console.flagger_forms import (
    KIND_WORDS,
    ChangeForm,
    EndForm,
    KeyNameForm,
    PersonForm,
    TermsForm,
    initial_of,
)
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.actions import reset_second_factor
from dutybound_server.people.invitations import invitation_link
from dutybound_server.people.queries import may, rules_over
from dutybound_server.people.roles import May

FlaggerView = Callable[..., HttpResponse]


def of_flagger(view: FlaggerView) -> FlaggerView:
    """Give the view the service's flagger of that name; any other is a 404."""

    @wraps(view)
    def guarded(request: StaffRequest, flagger: str, **kwargs: object) -> HttpResponse:
        try:
            found = flagger_for_staff(request.user, request.service, flagger)
        except FlaggerNotFound:
            raise Http404("This service has no such flagger.") from None
        return view(request, found, **kwargs)

    return guarded


@require_GET
@staff_may(May.LOOK)
def flaggers(request: StaffRequest) -> HttpResponse:
    context = {
        "active": "flaggers",
        "flaggers": visible_flaggers(request.user, request.service),
        "may_change": may(request.user, request.service, May.ADMINISTER),
        "today": timezone.localdate(),
    }
    return render(request, "console/flaggers/list.html", context)


@require_http_methods(["GET", "POST"])
@staff_may(May.ADMINISTER)
def agree(request: StaffRequest) -> HttpResponse:
    """Add an organisation."""
    form = TermsForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.agree_flagger(
                service=request.service, terms=form.terms(), by=request.user, now=timezone.now()
            )
        except FlaggerRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{made} has a channel. Now invite its people.")
            return redirect("console:flagger", request.service.slug, made.slug)
    return _form_page(request, form, heading="Add a trusted flagger", button="Add it")


@never_cache
@require_GET
@staff_may(May.LOOK)
@of_flagger
def flagger(request: StaffRequest, flagger: Flagger) -> HttpResponse:
    return _page(request, flagger)


@require_http_methods(["GET", "POST"])
@staff_may(May.ADMINISTER)
@of_flagger
def change(request: StaffRequest, flagger: Flagger) -> HttpResponse:
    """Agree on something else."""
    form = ChangeForm(request.POST or None, initial=initial_of(flagger))
    if form.is_valid():
        try:
            actions.change_flagger(
                flagger_id=flagger.pk,
                terms=form.terms(),
                why=form.cleaned_data["why"],
                by=request.user,
                now=timezone.now(),
            )
        except FlaggerRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Kept. The journal says what changed.")
            return redirect("console:flagger", request.service.slug, flagger.slug)
    return _form_page(request, form, heading=f"Change what is agreed with {flagger}", button="Keep")


@require_POST
@staff_may(May.ADMINISTER)
@of_flagger
def end(request: StaffRequest, flagger: Flagger) -> HttpResponse:
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, flagger, end_form=form, status=422)
    try:
        actions.end_flagger(
            flagger_id=flagger.pk,
            why=form.cleaned_data["why"],
            by=request.user,
            now=timezone.now(),
        )
    except FlaggerRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"{flagger} has no channel any more.")
    return redirect("console:flagger", request.service.slug, flagger.slug)


# Its people


@never_cache
@require_POST
@staff_may(May.ADMINISTER)
@of_flagger
def invite(request: StaffRequest, flagger: Flagger) -> HttpResponse:
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, flagger, person_form=form, status=422)
    try:
        person, is_new = actions.invite_flagger_person(
            flagger_id=flagger.pk,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            by=request.user,
            now=timezone.now(),
        )
    except FlaggerRefused as refused:
        form.add_error("email" if refused.field == "email" else None, refused.sentence)
        return _page(request, flagger, person_form=form, status=422)
    if not is_new:
        messages.success(request, f"{person.user.email} signs in already; they may flag now.")
        return redirect("console:flagger", request.service.slug, flagger.slug)
    return _page(request, flagger, link_for=person)


@require_POST
@staff_may(May.ADMINISTER)
@of_flagger
def end_person(request: StaffRequest, flagger: Flagger, person_id: int) -> HttpResponse:
    person = _person(flagger, person_id)
    actions.end_flagger_person(person_id=person.pk, by=request.user, now=timezone.now())
    messages.success(request, f"{person.user.email} signs in for {flagger} no longer.")
    return redirect("console:flagger", request.service.slug, flagger.slug)


@never_cache
@require_POST
@staff_may(May.ADMINISTER)
@of_flagger
def new_link(request: StaffRequest, flagger: Flagger, person_id: int) -> HttpResponse:
    """A new way in, by a link; a lost second factor is set up anew after it."""
    person = _person(flagger, person_id)
    if not (
        rules_over(request.user, person.user)
        and rules_over_flaggers_of(request.user, person.user)
        and rules_over_audits_of(request.user, person.user)
    ):
        raise PermissionDenied("They also sign in for a service that you do not administer.")
    reset_second_factor(user=person.user, by=request.actor, now=timezone.now())
    return _page(request, flagger, link_for=person)


# Its keys


@never_cache
@require_POST
@staff_may(May.ADMINISTER)
@of_flagger
def issue_key(request: StaffRequest, flagger: Flagger) -> HttpResponse:
    form = KeyNameForm(request.POST)
    if not form.is_valid():
        return _page(request, flagger, key_form=form, status=422)
    try:
        _, token = actions.issue_flagger_key(
            flagger_id=flagger.pk,
            name=form.cleaned_data["key_name"],
            by=request.user,
            now=timezone.now(),
        )
    except FlaggerRefused as refused:
        form.add_error("key_name" if refused.field == "name" else None, refused.sentence)
        return _page(request, flagger, key_form=form, status=422)
    # The key is in this answer and nowhere else; a redirect would have to store it.
    return _page(request, flagger, token=token)


@require_POST
@staff_may(May.ADMINISTER)
@of_flagger
def revoke_key(request: StaffRequest, flagger: Flagger, key_id: int) -> HttpResponse:
    key = get_object_or_404(flagger.keys, id=key_id)
    actions.revoke_flagger_key(key_id=key.pk, by=request.user, now=timezone.now())
    messages.success(request, f"“{key.name}” opens nothing any more.")
    return redirect("console:flagger", request.service.slug, flagger.slug)


# How


def _person(flagger: Flagger, person_id: int) -> FlaggerPerson:
    return get_object_or_404(
        flagger.people.select_related("user"), id=person_id, ended_at__isnull=True
    )


def _form_page(
    request: StaffRequest, form: TermsForm, *, heading: str, button: str
) -> HttpResponse:
    context = {"active": "flaggers", "form": form, "heading": heading, "button": button}
    status = 422 if form.errors else 200
    return render(request, "console/flaggers/form.html", context, status=status)


def _page(
    request: StaffRequest,
    flagger: Flagger,
    *,
    person_form: forms.Form | None = None,
    key_form: forms.Form | None = None,
    end_form: forms.Form | None = None,
    token: str = "",
    link_for: FlaggerPerson | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "active": "flaggers",
        "flagger": flagger,
        "kind": KIND_WORDS[FlaggerKind(flagger.kind)],
        "record": record_of(flagger, now=now),
        "may_change": flagger.ended_at is None
        and may(request.user, request.service, May.ADMINISTER),
        "people": flagger.people.select_related("user").order_by("ended_at", "id"),
        "keys": flagger.keys.order_by("revoked_at", "-id"),
        "person_form": person_form or PersonForm(),
        "key_form": key_form or KeyNameForm(),
        "end_form": end_form or EndForm(),
        "token": token,
        "link": invitation_link(link_for.user) if link_for else "",
        "link_for": link_for,
        "is_overdue": flagger.review_by < timezone.localdate(),
    }
    return render(request, "console/flaggers/page.html", context, status=status)
