"""Trusted flaggers as was agreed with them at a moment, and who of them had a way in."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from dutybound.cases.flagging import FlaggerKind
from dutybound_server.assurance.measuring.as_it_was import before_changes
from dutybound_server.assurance.measuring.staff import shut_out_at
from dutybound_server.casework.models import Flagger, FlaggerKey, FlaggerPerson
from dutybound_server.people.models import Service


def flaggers_then(service: Service, kind: FlaggerKind, as_of: datetime) -> list[Flagger]:
    """All of a kind that anything was ever agreed with; copies that nobody may save."""
    flaggers = list(Flagger.objects.filter(service=service, agreed_at__lte=as_of))
    for one in flaggers:
        before = before_changes(
            service, kind="flagger.changed", subject=f"flagger:{one.slug}", as_of=as_of
        )
        one.kind = before.get("kind", one.kind)
        if "review_by" in before:
            one.review_by = date.fromisoformat(before["review_by"])
    return [one for one in flaggers if one.kind == kind]


def is_agreed(flagger: Flagger, as_of: datetime) -> bool:
    """Whether what was agreed with it still stood."""
    return flagger.ended_at is None or flagger.ended_at > as_of


def reachable(flaggers: Collection[Flagger], as_of: datetime) -> int:
    """How many had somebody who could sign in, or a key that worked."""
    shut_out = [int(who.removeprefix("staff:")) for who in shut_out_at(as_of)]
    people = FlaggerPerson.objects.filter(flagger=OuterRef("pk"), since__lte=as_of)
    people = people.exclude(ended_at__lte=as_of).exclude(user__in=shut_out)
    keys = FlaggerKey.objects.filter(flagger=OuterRef("pk"), created_at__lte=as_of)
    keys = keys.exclude(revoked_at__lte=as_of)
    some = Flagger.objects.filter(pk__in=[one.pk for one in flaggers])
    return some.filter(Q(Exists(people)) | Q(Exists(keys))).count()
