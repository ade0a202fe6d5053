"""What people are told before they send and as they do, counted and read on the form's pages."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import product

from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from dutybound.cases.signposts import Signpost, overdue, signposts_for
from dutybound.evidence.complaints_beforehand import INFORMED, SIGNPOSTED, Informed, Signposted
from dutybound_server.assurance.measuring.as_it_was import desk_then
from dutybound_server.assurance.measuring.complaints_form import BY_FORM, THROUGH_SERVICE, received
from dutybound_server.people.models import Service

WHO_LEARNS = "public/report/_who_learns.html"
"""Shown on the form's first page, and on the one from which it is sent."""
ENGLISH = "en"
VERSIONS = ("adult", "child")
SIGNPOSTED_HARMS = ("suicide_self_harm", "suicide", "self_harm", "eating_disorder", "bullying")
"""Kinds of harm that PCU-UNVERIFIED-F1 is about, and the one the form has for two of them."""


def informed(service: Service, as_of: datetime) -> Informed:
    """Whether the form says who learns of a complaint, in each language and version it has.

    Its pages are read as they are now; what came by them, as of the moment.
    """
    desk = desk_then(service, as_of)
    came = received(service, as_of).aggregate(
        by_page=Count("id", filter=Q(channel__in=(*BY_FORM, "notice"))),
        through_service=Count("id", filter=Q(channel=THROUGH_SERVICE)),
    )
    return Informed(silent=tuple(_silent([ENGLISH, *desk.languages])), **came)


def signposted(service: Service, as_of: datetime) -> Signposted:
    """Reports of what children are most in need of help with, and whom the pages name."""
    nation = desk_then(service, as_of).nation
    named = [signposts_for(one, nation=nation, for_child=True) for one in SIGNPOSTED_HARMS]
    unchecked = {one.id for one in overdue(today=timezone.localdate(as_of))}
    by_page = Q(channel__in=BY_FORM)
    reports = received(service, as_of).filter(harm__in=SIGNPOSTED_HARMS)
    came = reports.aggregate(
        by_page=Count("id", filter=by_page),
        by_children=Count("id", filter=by_page & Q(version="child")),
        through_service=Count("id", filter=Q(channel=THROUGH_SERVICE)),
    )
    return Signposted(
        **came,
        helpers=min(len(helpers) for helpers in named),
        overdue=len(_ids(named) & unchecked),
    )


def _silent(languages: list[str]) -> Iterator[str]:
    """Languages and versions in which the page says nothing of its own."""
    for language, version in product(languages, VERSIONS):
        words = _who_learns(language, version)
        if not words or (language != ENGLISH and words == _who_learns(ENGLISH, version)):
            yield f"{language}, for {'children' if version == 'child' else 'adults'}"


def _who_learns(language: str, version: str) -> str:
    with translation.override(language):
        return render_to_string(WHO_LEARNS, {"is_child": version == "child"}).strip()


def _ids(named: list[tuple[Signpost, ...]]) -> set[str]:
    return {one.id for helpers in named for one in helpers}


BEFOREHAND: Mapping[str, Callable[[Service, datetime], object]] = {
    INFORMED.name: informed,
    SIGNPOSTED.name: signposted,
}
