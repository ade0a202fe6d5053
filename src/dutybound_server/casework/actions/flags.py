"""A trusted flagger reports: by its own desk or its own system, never as somebody else."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User

from dutybound.cases.kinds import KINDS, Group, Kind
from dutybound_server.casework.actions.concerns import Received, take_concern
from dutybound_server.casework.concern_queries import named_at_first
from dutybound_server.casework.hearing import AddedFile, ConcernRefused, Subject, Told
from dutybound_server.casework.models import Concern, Flagger, FlaggerKey
from dutybound_server.people.actors import staff_actor

LONGEST_REQUEST_ID = 40
KINDS_FLAGGED = tuple(
    kind for kind in Kind if KINDS[kind].group is Group.REPORT and kind is not Kind.INTIMATE_IMAGE
)
"""An intimate image report is the subject's own, or their agent's: it has a form of its own."""


@dataclass(frozen=True, slots=True)
class Flag:
    """What a flagger says is wrong, before it is received."""

    kind: Kind
    words: str
    subjects: tuple[Subject, ...]
    request_id: str
    harm: str = ""
    files: tuple[AddedFile, ...] = field(default=())


class DifferentFlag(ConcernRefused):
    """Another report was received under the same request id."""


def take_flag(*, flagger: Flagger, by: User | FlaggerKey, flag: Flag, now: datetime) -> Received:
    """Receive a flagger's report; raises ConcernRefused.

    The same request id again gets the same receipt, and DifferentFlag for another report.
    """
    for problem in _problems(flagger, flag):
        raise ConcernRefused(*problem)
    who = staff_actor(by) if isinstance(by, User) else f"key:{by.prefix}"
    told = Told(
        kind=flag.kind,
        words=flag.words,
        channel="flagger",
        harm=flag.harm,
        subjects=flag.subjects,
        answers={"sent_by": who},
        files=flag.files,
        flagger=flagger,
        email=flagger.contact,
        # Two flaggers may well number their reports alike.
        request_id=f"{flagger.pk}:{flag.request_id}",
    )
    received = take_concern(service=flagger.service, told=told, now=now)
    if not received.is_new and not _is_same(received.concern, flag):
        raise DifferentFlag("request_id", "Another report was received under this id.")
    return received


def _problems(flagger: Flagger, flag: Flag) -> list[tuple[str, str]]:
    found = []
    if flagger.ended_at is not None:
        found.append(("flagger", "This arrangement has ended."))
    if flag.kind not in KINDS_FLAGGED:
        found.append(("kind", f"Expected one of {', '.join(KINDS_FLAGGED)}."))
    if not flag.request_id.strip() or len(flag.request_id) > LONGEST_REQUEST_ID:
        found.append(("request_id", f"Expected 1 to {LONGEST_REQUEST_ID} characters."))
    if not flag.subjects:
        found.append(("subjects", "Name at least one item, account or address."))
    if not flag.words.strip():
        found.append(("words", "Say in a few words what is wrong and how you know."))
    return found


def _is_same(concern: Concern, flag: Flag) -> bool:
    given = {(one.kind, one.id.strip()) for one in flag.subjects}
    facts = (concern.kind, concern.harm, concern.words)
    return named_at_first(concern) == given and facts == (flag.kind, flag.harm, flag.words.strip())
