"""What the console's templates say often: times, names of harms, the line at the top."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dutybound.cases.priority import lasting
from dutybound_server.assurance.audit_queries import open_audits
from dutybound_server.console.navigation import places_for
from dutybound_server.people.models import Service
from dutybound_server.people.queries import roles_of, services_for
from dutybound_server.people.roles import Role

register = template.Library()


@register.inclusion_tag("console/_top.html", takes_context=True)
def console_top(context: Context, active: str = "") -> dict[str, Any]:
    """The line at the top of every console page."""
    request = context["request"]
    service = getattr(request, "service", None)
    held = roles_of(request.user, service) if service else frozenset()
    roles = [role for role in Role if role in held]
    places = _places(service, roles) if service else []
    rare = [place for place in places if place["is_rare"]]
    if len(rare) == 1:
        # A menu for one place would only hide it.
        rare = []
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "user": request.user,
        "service": service,
        "services": services_for(request.user),
        "roles": ", ".join(words(role) for role in roles),
        "places": [place for place in places if place not in rare],
        "rare": rare,
        "rare_here": next((place["name"] for place in rare if place["area"] == active), ""),
        "active": active,
        "has_audits": bool(open_audits(request.user, now=timezone.now())),
    }


def _places(service: Service, roles: Iterable[Role]) -> list[dict[str, Any]]:
    return [
        {
            "area": place.area,
            "name": place.name,
            "address": reverse(place.view, args=[service.slug]),
            "is_rare": place.is_rare,
        }
        for place in places_for(roles)
    ]


@register.simple_tag
def when(moment: datetime | None) -> SafeString | str:
    """A time as people say it, with the exact one on hover."""
    if moment is None:
        return "never"
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S %Z}",
        said(local, now=timezone.localtime()),
    )


def said(local: datetime, *, now: datetime) -> str:
    """“today 14:05”, “tomorrow 09:00”, “3 Nov 14:05” or, in another year, “3 Nov 2025”."""
    days = (local.date() - now.date()).days
    if days in {-1, 0, 1}:
        return f"{('today', 'tomorrow', 'yesterday')[days]} {local:%H:%M}"
    if local.year == now.year:
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.day} {local:%b %Y}"


@register.filter
def age(moment: datetime) -> str:
    """How long ago it was: “12 min”, “31 h”, “9 days”."""
    return lasting(timezone.now() - moment)


@register.filter
def left(moment: datetime) -> str:
    """How long it is until then: “31 h left” or “time is up”."""
    rest = moment - timezone.now()
    return f"{lasting(rest)} left" if rest > timedelta() else "time is up"


@register.filter
def length_words(length: timedelta) -> str:
    """A length of time: “12 min”, “31 h”, “9 days”."""
    return lasting(length)


@register.filter
def per_cent(share: float) -> str:
    """A share as “83 %”."""
    return f"{share:.0%}".replace("%", " %")


@register.filter
def words(value: str) -> str:
    """A stored choice as words: take_down → Take down."""
    return str(value).replace("_", " ").capitalize()


@register.filter
def widget_kind(field: BoundField) -> str:
    """Which of the four shapes of _field.html a form field takes."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    return "tick" if isinstance(widget, forms.CheckboxInput) else "line"
