"""Ridge Forum with an approved assessment, some documents, trainings, owners and tasks."""

from datetime import timedelta

from django.utils import timezone

from dutybound_server.assurance.actions.looks import look_at
from dutybound_server.assurance.actions.measure_tasks import close_measure_task, own_measure
from dutybound_server.assurance.actions.training import record_training
from dutybound_server.assurance.models import Document, MeasureTask
from tests import make
from tests.browser.conftest import World
from tests.server.assurance.filled import approved
from tests.server.assurance.papers import document

DAY = timedelta(days=1)


def governed(world: World) -> str:
    """The console of the service, once all of it is there; done once for each world."""
    cast, now = world.cast, timezone.now()
    if not Document.objects.exists():
        approved(cast, now=now)
        today = now.date()
        document(
            cast.ridge, owner=cast.grace, by=cast.ada, now=now, dated=today - 300 * DAY,
            expires_on=today + 20 * DAY,
        )  # fmt: skip
        document(cast.ridge, "terms", owner=None, by=cast.ada, now=now)
        for who, days in ((cast.mo, 200), (cast.nell, 9)):
            record_training(
                service=cast.ridge, user=who, subject="duties", on=today,
                expires_on=today + days * DAY, told="An hour with Grace.", by=cast.ada, now=now,
            )  # fmt: skip
        own_measure(service=cast.ridge, measure="ICU A2", owner=cast.grace, by=cast.ada, now=now)
        for _ in range(3):
            make.decided_case(cast.ridge, by=cast.nell, now=now)
        look_at(service=cast.ridge, now=now)
        task = MeasureTask.objects.exclude(measure="ICU A2").earliest("id")
        close_measure_task(task=task, note="Ada writes it.", by=cast.grace, now=now)
        look_at(service=cast.ridge, now=now)
    return "/console/ridge"


def document_page(world: World) -> str:
    return f"{governed(world)}/documents/{Document.objects.earliest('id').pk}/"
