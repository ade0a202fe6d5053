"""The service's colour as a stylesheet of its own; text on it is black or white."""

import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dutybound_server.casework.models import Desk

OURS = "#0a6660"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@require_safe
def colours(_request: HttpRequest, slug: str) -> HttpResponse:
    """For a service without a colour, or unknown, ours."""
    desk = Desk.objects.filter(service__slug=slug).first()
    colour = desk.colour if desk and COLOUR.fullmatch(desk.colour) else OURS
    css = f":root {{ --service: {colour}; --on-service: {text_on(colour)}; }}\n"
    return HttpResponse(css, content_type="text/css", headers={"Cache-Control": "max-age=300"})


def text_on(colour: str) -> str:
    """Black or white: one of the two has at least 4.5:1 on any colour (WCAG 2.2, 1.4.3)."""
    light = _luminance(colour)
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
