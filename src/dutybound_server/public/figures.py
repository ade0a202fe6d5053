"""Figures that a service shows to everyone: the newest as a page, each as CSV and JSON."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dutybound.evidence.transparency import DICTIONARY
from dutybound_server.assurance.models import Publication
from dutybound_server.assurance.publication_files import (
    CONTENT,
    bytes_of,
    downloads_of,
    figures_in,
    files_again,
    is_as_journalled,
)
from dutybound_server.assurance.publication_queries import (
    PublicationNotFound,
    figures_for_everyone,
    figures_published,
)
from dutybound_server.lib.downloads import download
from dutybound_server.people.models import Service


@require_safe
def figures(request: HttpRequest, service: str) -> HttpResponse:
    """The newest figures that stand, and all that were shown before."""
    found = get_object_or_404(Service, slug=service)
    shown = list(figures_for_everyone(found))
    if not shown:
        raise Http404("This service has published no figures.")
    newest = next((one for one in shown if one.withdrawn_at is None), None)
    return _page(request, found, newest, shown)


@require_safe
def figures_of(request: HttpRequest, service: str, number: int) -> HttpResponse:
    """Earlier figures, and withdrawn ones with the reason."""
    found = get_object_or_404(Service, slug=service)
    return _page(request, found, _published(found, number), list(figures_for_everyone(found)))


@require_safe
def file(_request: HttpRequest, service: str, number: int, name: str) -> HttpResponse:
    """One of the files; also of withdrawn figures, which were given and stay what they were."""
    found = _published(get_object_or_404(Service, slug=service), number)
    if name not in downloads_of(found):
        raise Http404("There is no such file.")
    content = bytes_of(found, name, files_again(found) if name != CONTENT else {})
    return download(content, name=f"{service}-{number}-{name}")


def _published(service: Service, number: int) -> Publication:
    try:
        return figures_published(service, number)
    except PublicationNotFound as absent:
        raise Http404(str(absent)) from None


def _page(
    request: HttpRequest, service: Service, shown: Publication | None, others: list[Publication]
) -> HttpResponse:
    context = {
        "as_journalled": shown is None or is_as_journalled(shown),
        "service": service,
        "publication": shown,
        "figures": figures_in(shown.content) if shown else None,
        "downloads": downloads_of(shown) if shown else (),
        "others": [(one, figures_in(one.content)) for one in others if one != shown],
        "dictionary": DICTIONARY.items(),
    }
    return render(request, "public/figures/page.html", context)
