"""Who works for the service, in which roles; inviting, changing and shutting out."""

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dutybound_server.assurance.audit_queries import rules_over_audits_of
from dutybound_server.casework.flagger_queries import rules_over_flaggers_of
from dutybound_server.people import actions
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.invitations import NotSent, invitation_link, mail_invitation
from dutybound_server.people.models import Membership, Service
from dutybound_server.people.queries import person_at, rules_over
from dutybound_server.people.roles import May, Role

ROLE_WORDS = {
    Role.ADMINISTRATOR: "Administrator: staff, keys, settings, banks",
    Role.ACCOUNTABLE: (
        "Accountable person: sees all but restricted harms, and approves the risk assessment"
    ),
    Role.MODERATOR: "Moderator: decides cases",
    Role.SENIOR: "Senior moderator: also overturns, decides in bulk and keeps the banks",
    Role.RESTRICTED: "Restricted-harm moderator: also sees child sexual abuse cases",
    Role.AUDITOR: "Auditor of your own: reads all but restricted harms, and verifies the journal",
}


class InviteForm(forms.Form):
    """A person to be invited, and what they will do here."""

    name = forms.CharField(label="Name", max_length=100)
    email = forms.EmailField(label="E-mail address", max_length=150)
    roles = forms.TypedMultipleChoiceField(
        label="Roles here",
        choices=[(role.value, words) for role, words in ROLE_WORDS.items()],
        coerce=Role,
        widget=forms.CheckboxSelectMultiple,
    )
    mail = forms.BooleanField(label="Also send the link by e-mail", required=False)


class RoleForm(forms.Form):
    role = forms.TypedChoiceField(choices=[(role.value, role.value) for role in Role], coerce=Role)


@never_cache
@require_GET
@staff_may(May.ADMINISTER)
def staff(request: StaffRequest) -> HttpResponse:
    return _page(request, InviteForm())


@never_cache
@require_POST
@staff_may(May.ADMINISTER)
def invite(request: StaffRequest) -> HttpResponse:
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    person, is_new = actions.invite_staff(
        email=form.cleaned_data["email"],
        name=form.cleaned_data["name"],
        roles=form.cleaned_data["roles"],
        service=request.service,
        by=request.actor,
        now=timezone.now(),
    )
    if not is_new:
        messages.success(request, f"{person.email} signs in already; they have the roles now.")
        return redirect("console:staff", request.service.slug)
    return _page_with_link(request, person, mailed=form.cleaned_data["mail"])


@require_POST
@staff_may(May.ADMINISTER)
def grant(request: StaffRequest, person_id: int) -> HttpResponse:
    person, form = _person(request, person_id), RoleForm(request.POST)
    if not form.is_valid():
        raise Http404("There is no such role.")
    actions.grant_role(
        user=person,
        service=request.service,
        role=form.cleaned_data["role"],
        by=request.actor,
        now=timezone.now(),
    )
    return redirect("console:staff", request.service.slug)


@require_POST
@staff_may(May.ADMINISTER)
def revoke(request: StaffRequest, person_id: int) -> HttpResponse:
    person, form = _person(request, person_id), RoleForm(request.POST)
    if not form.is_valid():
        raise Http404("There is no such role.")
    try:
        actions.revoke_role(
            user=person,
            service=request.service,
            role=form.cleaned_data["role"],
            by=request.actor,
            now=timezone.now(),
        )
    except actions.LastAdministrator as refusal:
        messages.error(request, f"{refusal}.")
    return redirect("console:staff", request.service.slug)


@require_POST
@staff_may(May.ADMINISTER)
def deactivate(request: StaffRequest, person_id: int) -> HttpResponse:
    person = _ruled(request, person_id)
    try:
        actions.deactivate_staff(user=person, by=request.actor, now=timezone.now())
    except actions.LastAdministrator as refusal:
        messages.error(request, f"{refusal}.")
    else:
        messages.success(request, f"{person.email} is signed out everywhere and cannot come back.")
    return redirect("console:staff", request.service.slug)


@require_POST
@staff_may(May.ADMINISTER)
def reactivate(request: StaffRequest, person_id: int) -> HttpResponse:
    person = _ruled(request, person_id)
    actions.reactivate_staff(user=person, by=request.actor, now=timezone.now())
    person.refresh_from_db()
    return _page_with_link(request, person, mailed=False)


@require_POST
@staff_may(May.ADMINISTER)
def new_link(request: StaffRequest, person_id: int) -> HttpResponse:
    return _page_with_link(request, _ruled(request, person_id), mailed=False)


@require_POST
@staff_may(May.ADMINISTER)
def reset_factor(request: StaffRequest, person_id: int) -> HttpResponse:
    person = _ruled(request, person_id)
    actions.reset_second_factor(user=person, by=request.actor, now=timezone.now())
    messages.success(request, f"{person.email} sets up a new second factor at the next sign-in.")
    return redirect("console:staff", request.service.slug)


def _page_with_link(request: StaffRequest, person: User, *, mailed: bool) -> HttpResponse:
    # The link is in this answer and nowhere else; a redirect would have to store it.
    link = invitation_link(person)
    if mailed:
        try:
            mail_invitation(person, link=link, service=request.service.name)
            messages.success(request, f"The link is on its way to {person.email}.")
        except NotSent as problem:
            messages.error(request, f"{problem} Hand the link over yourself.")
    return _page(request, InviteForm(), link=link, link_for=person)


def _page(
    request: StaffRequest,
    form: InviteForm,
    *,
    link: str = "",
    link_for: User | None = None,
    status: int = 200,
) -> HttpResponse:
    people = list(_people(request.service))
    context = {
        "active": "staff",
        "people": [(person, _rules_over(request.user, person)) for person in people],
        "roles": list(Role),
        "form": form,
        "link": link,
        "link_for": link_for,
    }
    return render(request, "console/staff/list.html", context, status=status)


def _people(service: Service) -> QuerySet[User]:
    here = Membership.objects.filter(service=service).order_by("role")
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    return (
        User.objects.filter(memberships__service=service)
        .distinct()
        .annotate(has_factor=Exists(factors))
        .prefetch_related(Prefetch("memberships", here, to_attr="roles_here"))
        .order_by("-is_active", "first_name", "email")
    )


def _person(request: StaffRequest, person_id: int) -> User:
    try:
        return person_at(request.service, person_id)
    except User.DoesNotExist:
        raise Http404("Nobody of that number works here.") from None


def _rules_over(administrator: User, person: User) -> bool:
    return (
        rules_over(administrator, person)
        and rules_over_flaggers_of(administrator, person)
        and rules_over_audits_of(administrator, person)
    )


def _ruled(request: StaffRequest, person_id: int) -> User:
    person = _person(request, person_id)
    if not _rules_over(request.user, person):
        raise PermissionDenied(
            "They also work for a service that you do not administer. "
            "You can take away their roles here."
        )
    return person
