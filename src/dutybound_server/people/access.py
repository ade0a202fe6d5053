"""The door of every staff page: signed in, with a second factor, with the permission."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from dutybound_server.people.actors import staff_actor
from dutybound_server.people.models import Service
from dutybound_server.people.queries import has_second_factor, may, services_for
from dutybound_server.people.roles import May


class StaffRequest(HttpRequest):
    """A request that came through the door: a person, at one service."""

    user: User
    service: Service
    actor: str
    """The person as the journal names them."""


View = Callable[..., HttpResponseBase]


def staff_may(permission: May) -> Callable[[View], View]:
    """Admit staff with the permission; the URL's `service` arrives as `request.service`.

    A service the person has no role at is a 404, the same as one that does not exist.
    """

    def guard(view: View) -> View:
        @staff_only
        @wraps(view)
        def guarded(
            request: StaffRequest, *args: object, service: str, **kwargs: object
        ) -> HttpResponseBase:
            request.service = _service_for(request.user, slug=service)
            request.actor = staff_actor(request.user)
            if not may(request.user, request.service, permission):
                raise PermissionDenied(f"None of your roles at {request.service} lets you do this.")
            return view(request, *args, **kwargs)

        return guarded

    return guard


def staff_only(view: View) -> View:
    """Admit any member of staff who has a second factor, to a page of no one service."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _send_to(request, redirect_to_login(request.get_full_path()))
        if not settings.DEMO and not has_second_factor(request.user):
            return _send_to(request, HttpResponseRedirect(reverse("mfa_index")))
        return view(request, *args, **kwargs)

    return guarded


def _service_for(user: User, *, slug: str) -> Service:
    service = services_for(user).filter(slug=slug).first()
    if service is None:
        raise Http404("You have no role at a service of this name.")
    return service


def _send_to(request: HttpRequest, redirect: HttpResponseRedirect) -> HttpResponse:
    # htmx would follow a redirect and put the sign-in page into a piece of this one.
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": redirect.url})
    return redirect
