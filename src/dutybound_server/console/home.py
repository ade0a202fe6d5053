"""The way in: from /console/ to the cases of the service a person works for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dutybound_server.assurance.audit_queries import open_audits
from dutybound_server.casework.flagger_queries import desks_for
from dutybound_server.people.access import staff_only
from dutybound_server.people.queries import services_for


@require_safe
@staff_only
def home(request: HttpRequest) -> HttpResponse:
    service = services_for(request.user).first()
    if service is None and desks_for(request.user).exists():
        return redirect("public:flagger_home")
    if service is None and open_audits(request.user, now=timezone.now()):
        return redirect("console:audits_of_mine")
    if service is None:
        return render(request, "console/nowhere.html")
    return redirect("console:queue", service.slug)
