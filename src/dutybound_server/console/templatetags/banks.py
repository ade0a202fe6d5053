"""How the console's pages say what banks and signals are."""

from typing import Any

from django import template
from django.contrib.auth.models import User
from django.template.context import Context

from dutybound.matching import SignalKind
from dutybound_server.banks.models import Signal
from dutybound_server.console.bank_forms import KIND_NAMES
from dutybound_server.console.banks import quarantined
from dutybound_server.people.actors import name_of
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

register = template.Library()

EFFECT_NAMES = {"block": "Block", "hold": "Hold", "flag": "Flag", "never": "Never match"}
LONGEST = 72


@register.inclusion_tag("console/banks/_quarantined.html", takes_context=True)
def quarantined_banner(context: Context, *, folded: bool = False) -> dict[str, Any]:
    """What the flood guard set to flag only, with a way to decide; nothing when there is none.

    Folded, it is one line until somebody opens it.
    """
    request = context["request"]
    signals = quarantined(request)
    return {
        "request": request,
        "folded": folded,
        "quarantined": signals,
        "may_change": bool(signals) and may(request.user, request.service, May.BANKS),
    }


@register.filter
def effect_name(effect: str) -> str:
    return EFFECT_NAMES[effect]


@register.filter
def kind_name(kind: str) -> str:
    return KIND_NAMES[SignalKind(kind)]


@register.filter
def shortened(signal: Signal) -> str:
    """A value that fits a table's cell."""
    value = signal.value
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"


@register.simple_tag
def actor(name: str) -> str:
    """The name of who acted: "staff:3" as the person's, "service:ridge" as the service's key."""
    kind, _, key = name.partition(":")
    if kind == "staff":
        user = User.objects.filter(pk=key).first()
        return name_of(user) if user else name
    return "by the API" if kind == "service" else "Dutybound"
