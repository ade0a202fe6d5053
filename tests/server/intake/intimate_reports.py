"""Reports of intimate images, what was posted of them, and what became of it."""

from datetime import datetime, timedelta

from dutybound.cases.judgement import EnforcementKind
from dutybound.cases.kinds import Kind
from dutybound_server.banks.models import Signal
from dutybound_server.casework.actions.concerns import Received, take_concern
from dutybound_server.casework.actions.reported_hashes import settle_reported_hashes
from dutybound_server.casework.hearing import GivenHash, Subject
from dutybound_server.casework.models import Case
from dutybound_server.casework.queries import case_state
from dutybound_server.intake.actions import Answer, rematch
from dutybound_server.intake.submissions import Author, GivenHashes, GivenPdq, SubmittedMedia
from dutybound_server.people.models import Service
from tests import make
from tests.cast import NOW, Cast

PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
OTHER = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
SOON = NOW + timedelta(seconds=5)


def edited(bits: int) -> str:
    """The hash of the picture after an edit that turned so many of its bits over."""
    return f"{int(PDQ, 16) ^ ((1 << bits) - 1):064x}"


def posted(
    service: Service, external_id: str, *values: str, author: str = "bram", now: datetime = NOW
) -> Answer:
    media = tuple(
        SubmittedMedia(f"m{n}", hashes=GivenHashes("", "", (GivenPdq(bytes.fromhex(value), 100),)))
        for n, value in enumerate(values)
    )
    return make.taken(service, external_id, media=media, author=Author(author), now=now)


def reported(
    service: Service, *, item: str = "", value: str = "", now: datetime = NOW, **changes: object
) -> Received:
    facts = {
        "kind": Kind.INTIMATE_IMAGE,
        "words": "It is me.",
        "subjects": (Subject("item", item),) if item else (),
        "hashes": (GivenHash(value, 100),) if value else (),
        **changes,
    }
    return take_concern(service=service, told=make.told(**facts), now=now)


def look(now: datetime = SOON) -> None:
    settle_reported_hashes(now=now)
    rematch(now=now)


def state_of(external_id: str) -> EnforcementKind:
    return case_state(Case.objects.get(subject=external_id))


def signals_in(bank: str) -> list[str]:
    live = Signal.objects.filter(bank__name=bank, removed_at__isnull=True)
    return sorted(live.values_list("value", flat=True))


def take_down(cast: Cast, external_id: str, now: datetime = SOON) -> None:
    make.decide(Case.objects.get(subject=external_id), by=cast.sena, harm="iia", now=now)
