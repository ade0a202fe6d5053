"""How a service hears people: its form, who answers what, and how soon. Each change is told."""

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from dutybound.cases.clocks import NATIONS
from dutybound.cases.kinds import KINDS, Kind
from dutybound_server.casework.hearing import ConcernRefused
from dutybound_server.casework.models import Desk
from dutybound_server.journal.actions import append
from dutybound_server.journal.models import Entry
from dutybound_server.people.actors import staff_actor
from dutybound_server.people.models import Membership, Service

SECRET_BYTES = 32
COLOUR = re.compile(r"#[0-9a-f]{6}")
LANGUAGES = ("cy",)
VERSIONS = ("adult", "child")
LONGEST_TARGET_HOURS = 24 * 90
MOST_PROOF_BITS = 22
"""About four million tries: some seconds of a slow phone."""


def desk_of(service: Service) -> Desk:
    """How the service hears people; made with a fresh secret if it has none yet."""
    desk, _ = Desk.objects.get_or_create(
        service=service, defaults={"link_secret": secrets.token_urlsafe(SECRET_BYTES)}
    )
    return desk


@transaction.atomic
def change_desk(
    *, desk: Desk, changes: Mapping[str, Any], by: User, now: datetime, because: str = ""
) -> Desk:
    """Set what differs; raises ConcernRefused with the field that is wrong, and keeps nothing.

    `because` names what the settings follow, such as an assessment; empty where a person chose.
    """
    desk = Desk.objects.select_for_update().select_related("service").get(pk=desk.pk)
    for name, value in changes.items():
        _CHECKS[name](desk, value)
    after = {name: value for name, value in changes.items() if value != getattr(desk, name)}
    if not after:
        return desk
    before = {name: getattr(desk, name) for name in after}
    for name, value in after.items():
        setattr(desk, name, value)
    desk.save(update_fields=list(after))
    facts = {"before": before, "after": after} | ({"because": because} if because else {})
    _journal(desk, "desk.changed", by=by, now=now, facts=facts)
    return desk


def was_chosen(*, desk: Desk, setting: str) -> bool:
    """Whether a person chose what the setting is now; not so of a default or what it follows."""
    changes = Entry.objects.filter(kind="desk.changed", subject=f"desk:{desk.service.slug}")
    for entry in changes.order_by("-id").iterator():
        facts = json.loads(bytes(entry.body))["facts"]
        if setting in facts["after"]:
            return "because" not in facts
    return False


@transaction.atomic
def renew_link_secret(*, desk: Desk, by: User, now: datetime) -> Desk:
    """Sign new links with a fresh secret; the one before is accepted until the next renewal."""
    desk = Desk.objects.select_for_update().select_related("service").get(pk=desk.pk)
    desk.old_link_secret = desk.link_secret
    desk.link_secret = secrets.token_urlsafe(SECRET_BYTES)
    desk.save(update_fields=["old_link_secret", "link_secret"])
    _journal(desk, "desk.secret_renewed", by=by, now=now, facts={})
    return desk


def _journal(desk: Desk, kind: str, *, by: User, now: datetime, facts: Mapping[str, Any]) -> None:
    append(
        kind=kind,
        service=desk.service.slug,
        subject=f"desk:{desk.service.slug}",
        actor=staff_actor(by),
        now=now,
        facts=facts,
    )


# What each setting may be


def _yes_or_no(name: str) -> Any:  # noqa: ANN401 - a check
    def check(_: Desk, value: object) -> None:
        if not isinstance(value, bool):
            raise ConcernRefused(name, "Expected yes or no.")

    return check


def _colour(_: Desk, value: str) -> None:
    if not COLOUR.fullmatch(value):
        raise ConcernRefused("colour", "Expected a colour such as #0b5c5c.")


def _home_url(_: Desk, value: str) -> None:
    if value and not re.fullmatch(r"https?://[^\s\0]{1,490}", value):
        raise ConcernRefused("home_url", "Expected an address that begins with https://.")


def _languages(_: Desk, value: list[str]) -> None:
    if not set(value) <= set(LANGUAGES):
        raise ConcernRefused("languages", "English is always there; Welsh is what can be added.")


def _version(_: Desk, value: str) -> None:
    if value not in VERSIONS:
        raise ConcernRefused("version", "Choose the version for adults or the one for children.")


def _proof_bits(_: Desk, value: int) -> None:
    if not 0 <= value <= MOST_PROOF_BITS:
        raise ConcernRefused("proof_bits", f"Expected 0 to {MOST_PROOF_BITS}.")


def _nation(_: Desk, value: str) -> None:
    if value not in NATIONS:
        raise ConcernRefused("nation", "Choose one of the four nations.")


def _targets(_: Desk, value: Mapping[str, float]) -> None:
    for key, hours in value.items():
        kind, _colon, severity = key.partition(":")
        if kind not in set(Kind) or (severity and severity not in "12345"):
            raise ConcernRefused("targets", f"There is no kind {key!r}.")
        if not 0 < hours <= LONGEST_TARGET_HOURS:
            raise ConcernRefused("targets", f"Expected 1 to {LONGEST_TARGET_HOURS:,} hours.")
        usual = KINDS[Kind(kind)]
        limit = usual.target.within.total_seconds() / 3600 if usual.target else hours
        if usual.is_statutory and hours > limit:
            raise ConcernRefused("targets", f"The Act gives {limit:.0f} hours ({usual.section}).")


def _owners(desk: Desk, value: Mapping[str, int]) -> None:
    staff = set(Membership.objects.filter(service=desk.service).values_list("user_id", flat=True))
    if not set(value) <= set(Kind):
        raise ConcernRefused("owners", "There is no such kind.")
    if not set(value.values()) <= staff:
        raise ConcernRefused("owners", "Choose somebody who works for this service.")


def _sample_rates(_: Desk, value: Mapping[str, float]) -> None:
    if not set(value) <= {*Kind, "match", "no_action"}:
        raise ConcernRefused("sample_rates", "There is no such kind.")
    if not all(0 <= rate <= 1 for rate in value.values()):
        raise ConcernRefused("sample_rates", "Expected shares from 0 to 1.")


_CHECKS = {
    "is_open": _yes_or_no("is_open"),
    "offers_block": _yes_or_no("offers_block"),
    "children": _yes_or_no("children"),
    "category_1": _yes_or_no("category_1"),
    "colour": _colour,
    "home_url": _home_url,
    "languages": _languages,
    "version": _version,
    "proof_bits": _proof_bits,
    "nation": _nation,
    "targets": _targets,
    "owners": _owners,
    "sample_rates": _sample_rates,
}
