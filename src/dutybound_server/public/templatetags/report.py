"""How the pages of the form say what the library and the records know."""

import re
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from dutybound.cases.signposts import Signpost
from dutybound_server.public.report.words import kind_name

register = template.Library()


@register.filter
def name_in(one: Signpost, language: str) -> str:
    return one.name_in(language)


@register.filter
def does_in(one: Signpost, language: str) -> str:
    return one.does_in(language)


@register.filter
def dialled(phone: str) -> str:
    """A number as a telephone takes it."""
    return re.sub(r"\D", "", phone)


@register.filter
def kind_words(kind: str) -> str | Promise:
    return kind_name(kind)


@register.filter
def when(moment: datetime) -> SafeString:
    """“today, 14:05”, “tomorrow, 09:00” or “1 December, 09:00”; another year is named."""
    local, now = timezone.localtime(moment), timezone.localtime()
    near = {
        -1: pgettext("day", "yesterday"),
        0: pgettext("day", "today"),
        1: pgettext("day", "tomorrow"),
    }
    day = near.get((local.date() - now.date()).days) or date_format(
        local, "j F" if local.year == now.year else "j F Y"
    )
    return format_html(
        '<time datetime="{}">{}, {}</time>', local.isoformat(), day, date_format(local, "H:i")
    )
