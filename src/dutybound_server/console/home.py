"""The way in: from /console/ to the cases of the service a person works for."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dutybound_server.console.navigation import services_of


@login_required
def home(request: HttpRequest) -> HttpResponse:
    service = services_of(request.user).first()
    if service is None:
        return render(request, "console/nowhere.html")
    return redirect(f"/console/{service.slug}/cases/")
