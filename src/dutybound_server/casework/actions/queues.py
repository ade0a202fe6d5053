"""A service gets its queues with its first case."""

from dutybound_server.casework.models import Queue
from dutybound_server.casework.routing import DEFAULT_QUEUES, first_fit
from dutybound_server.people.models import Service


def queue_for(*, service: Service, harm: str, restricted: bool) -> Queue:
    """The queue that takes such a case; makes the service's queues if it has none yet."""
    queues = list(service.queues.all()) or _make_queues(service)
    return first_fit(queues, harm=harm, restricted=restricted)


def _make_queues(service: Service) -> list[Queue]:
    # Two first cases at once both come here; the constraint lets each queue be made once, and
    # what the other one made is there to read once its transaction is through.
    Queue.objects.bulk_create(
        [
            Queue(
                service=service,
                slug=default.slug,
                name=default.name,
                harms=list(default.harms),
                restricted=default.restricted,
                position=position,
            )
            for position, default in enumerate(DEFAULT_QUEUES)
        ],
        ignore_conflicts=True,
    )
    return list(service.queues.all())
