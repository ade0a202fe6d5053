"""How the pages of the form say what the library and the records know."""

import re

from django import template
from django.utils.functional import Promise

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
