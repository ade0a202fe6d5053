"""What was published, for staff and for everyone."""

from collections.abc import Mapping

from django.db.models import QuerySet

from dutybound_server.assurance.models import Publication
from dutybound_server.assurance.publication_kinds import ANSWER, FIGURES, NOTICE
from dutybound_server.people.models import Service


class PublicationNotFound(Exception):
    """The service has no such publication, or none for whoever asks."""


def publications_of(service: Service) -> QuerySet[Publication]:
    """Without their content, the newest first."""
    found = Publication.objects.filter(service=service).defer("content")
    return found.select_related("made_by").order_by("-number")


def publication_for(service: Service, number: int) -> Publication:
    """One of the service's; raises PublicationNotFound."""
    found = Publication.objects.filter(service=service, number=number)
    return _or_not_found(found.select_related("service", "made_by").first())


def answers_to(notice: Publication) -> QuerySet[Publication]:
    """Answers to a notice that stand, the newest first."""
    answers = publications_of(notice.service).filter(kind=ANSWER, withdrawn_at=None)
    return answers.filter(content__made__number=notice.number)


def waiting_notices(service: Service) -> tuple[Publication, ...]:
    """Notices that no answer stands to, the first that is due first."""
    notices = Publication.objects.filter(service=service, kind=NOTICE, withdrawn_at=None)
    waiting = [one for one in notices.select_related("service") if not answers_to(one).exists()]
    return tuple(sorted(waiting, key=lambda one: (one.content["made"]["due"], one.number)))


def answered_numbers(service: Service) -> Mapping[int, int]:
    """The number of each notice that is answered → the number of its newest answer."""
    answers = Publication.objects.filter(service=service, kind=ANSWER, withdrawn_at=None)
    rows = answers.order_by("number").values_list("content__made__number", "number")
    return dict(rows)


def figures_for_everyone(service: Service) -> QuerySet[Publication]:
    """Figures that anybody may read, the newest first; withdrawn ones say so."""
    figures = Publication.objects.filter(service=service, kind=FIGURES, for_everyone=True)
    return figures.select_related("service").order_by("-number")


def figures_published(service: Service, number: int) -> Publication:
    """One of those; raises PublicationNotFound, the same for absent and for not public."""
    return _or_not_found(figures_for_everyone(service).filter(number=number).first())


def _or_not_found(found: Publication | None) -> Publication:
    if found is None:
        raise PublicationNotFound("There is no such publication.")
    return found
