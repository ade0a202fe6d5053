"""Who was trained in what, until when."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dutybound_server.assurance.actions import training as actions
from dutybound_server.assurance.actions.training import LASTS_AT_MOST, TrainingRefused
from dutybound_server.assurance.training import DUTIES, MODERATION, SUBJECTS
from dutybound_server.assurance.training_queries import who_is_trained
from dutybound_server.console.document_forms import TrainingForm, WhyForm
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.models import Membership, Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import ROLE_MAY, May, Role


@never_cache
@require_GET
@staff_may(May.AUDIT)
def training(request: StaffRequest) -> HttpResponse:
    return _page(request)


@require_POST
@staff_may(May.ASSESS)
def record(request: StaffRequest) -> HttpResponse:
    form = TrainingForm(request.POST, service=request.service)
    if form.is_valid():
        try:
            actions.record_training(
                service=request.service, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except TrainingRefused as refused:
            refused.show_in(form)
        else:
            messages.success(request, "It is written down.")
            return redirect("console:training", request.service.slug)
    return _page(request, form=form, status=422)


@require_POST
@staff_may(May.ASSESS)
def withdraw(request: StaffRequest, training_id: int) -> HttpResponse:
    made = get_object_or_404(request.service.trainings.select_related("user"), id=training_id)
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "It still counts: say in a sentence why it should not.")
    elif actions.withdraw_training(
        training=made, why=form.cleaned_data["why"], by=request.user, now=timezone.now()
    ):
        messages.success(request, "It counts no more.")
    return redirect("console:training", request.service.slug)


def _page(
    request: StaffRequest, *, form: TrainingForm | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    needed = _needed(request.service)
    initial = {"on": today, "expires_on": today + LASTS_AT_MOST - timedelta(days=1)}
    context = {
        "active": "documents",
        "tab": "training",
        "subjects": SUBJECTS,
        "people": [
            (person, [(one, (person.user.pk, one.subject) in needed) for one in person.subjects])
            for person in who_is_trained(request.service, today=today)
        ],
        "form": form or TrainingForm(service=request.service, initial=initial),
        "may_assess": may(request.user, request.service, May.ASSESS),
    }
    return render(request, "console/documents/training.html", context, status=status)


def _needed(service: Service) -> set[tuple[int, str]]:
    """Who needs training in what, as the measures count it: all in the duties but auditors."""
    needed = set()
    for user_id, name in Membership.objects.filter(service=service).values_list("user_id", "role"):
        role = Role(name)
        if role is not Role.AUDITOR:
            needed.add((user_id, DUTIES))
        if May.DECIDE in ROLE_MAY[role]:
            needed.add((user_id, MODERATION))
    return needed
