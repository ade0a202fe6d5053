"""Arrangements with trusted flaggers: agreed, changed and ended; their people and their keys."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from dutybound.cases.flagging import problems
from dutybound.register.harms import HARMS
from dutybound_server.casework.models import Flagger, FlaggerKey, FlaggerPerson
from dutybound_server.journal.actions import append
from dutybound_server.lib.refusals import FieldRefused
from dutybound_server.people.actions import EmailTaken, create_staff
from dutybound_server.people.actors import staff_actor
from dutybound_server.people.models import Service
from dutybound_server.people.tokens import FLAGGER_MARK, new_key_text

MOST_KEYS = 10
LAST_USED_STEP = timedelta(minutes=1)


class FlaggerRefused(FieldRefused):
    """An arrangement, a person or a key that makes no sense; `field` is what to change."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed with a flagger."""

    name: str
    kind: str
    respond_within: timedelta
    policy: str
    review_by: date
    harms: tuple[str, ...] = ()
    first_in_queue: bool = False
    contact: str = ""


# The arrangement


@transaction.atomic
def agree_flagger(*, service: Service, terms: Terms, by: User, now: datetime) -> Flagger:
    """Give an organisation a channel of its own; raises FlaggerRefused."""
    terms = _checked(terms, today=now.date())
    slug = slugify(terms.name)[:40].strip("-")
    if not slug:
        raise FlaggerRefused("name", "Use some letters of the Latin alphabet in its name.")
    # The lock makes two who add the same organisation take turns.
    Service.objects.select_for_update(no_key=True).get(id=service.pk)
    if service.flaggers.filter(slug=slug).exists():
        raise FlaggerRefused("name", "There is a flagger of this name, or there was one.")
    flagger = Flagger.objects.create(service=service, slug=slug, agreed_at=now, **_fields(terms))
    _journal(flagger, "agreed", by=by, now=now, facts=_told(flagger))
    return flagger


@transaction.atomic
def change_flagger(*, flagger_id: int, terms: Terms, why: str, by: User, now: datetime) -> Flagger:
    """Agree on something else with a flagger; the journal keeps what was agreed before."""
    flagger = _locked(flagger_id)
    terms = _checked(terms, today=now.date())
    if not why.strip():
        raise FlaggerRefused("why", "Say why it changes; the journal keeps it.")
    before = _told(flagger)
    for name, value in _fields(terms).items():
        setattr(flagger, name, value)
    flagger.save()
    facts = {"before": before, "after": _told(flagger), "why": why.strip()}
    _journal(flagger, "changed", by=by, now=now, facts=facts)
    return flagger


@transaction.atomic
def end_flagger(*, flagger_id: int, why: str, by: User, now: datetime) -> Flagger:
    """Close the channel: nobody signs in and no key works; what was reported is still answered."""
    flagger = _locked(flagger_id)
    if not why.strip():
        raise FlaggerRefused("why", "Say why it ends; the organisation may ask.")
    flagger.ended_at = now
    flagger.save(update_fields=["ended_at"])
    flagger.people.filter(ended_at__isnull=True).update(ended_at=now)
    flagger.keys.filter(revoked_at__isnull=True).update(revoked_at=now)
    _journal(flagger, "ended", by=by, now=now, facts={"why": why.strip()})
    return flagger


# Its people


@transaction.atomic
def invite_flagger_person(
    *, flagger_id: int, email: str, name: str, by: User, now: datetime
) -> tuple[FlaggerPerson, bool]:
    """Let somebody sign in for the flagger; whether they are new and need an invitation link.

    Flaggers are independent: who works for a service here is refused.
    """
    flagger = _locked(flagger_id)
    email = email.strip().lower()
    _refuse_bad_email(email)
    user = User.objects.filter(username=email).first()
    if user is not None and user.memberships.exists():
        raise FlaggerRefused("email", "They work for a service here; a flagger is independent.")
    is_new = user is None
    if user is None:
        try:
            user = create_staff(
                email=email, name=name.strip(), password=None, by=staff_actor(by), now=now
            )
        except EmailTaken:
            raise FlaggerRefused("email", "Somebody signs in with this address.") from None
    person, _ = FlaggerPerson.objects.update_or_create(
        flagger=flagger, user=user, defaults={"ended_at": None}, create_defaults={"since": now}
    )
    _journal(flagger, "person_added", by=by, now=now, facts={"person": staff_actor(user)})
    return person, is_new


@transaction.atomic
def end_flagger_person(*, person_id: int, by: User, now: datetime) -> None:
    """Let somebody sign in for the flagger no longer; doing it again changes nothing."""
    person = FlaggerPerson.objects.select_related("flagger__service", "user").get(id=person_id)
    here = FlaggerPerson.objects.filter(id=person.pk, ended_at__isnull=True)
    if here.update(ended_at=now) == 1:
        facts = {"person": staff_actor(person.user)}
        _journal(person.flagger, "person_removed", by=by, now=now, facts=facts)


# Its keys


@transaction.atomic
def issue_flagger_key(
    *, flagger_id: int, name: str, by: User, now: datetime
) -> tuple[FlaggerKey, str]:
    """Make a key for the flagger's own system; the text comes back once and is stored nowhere."""
    flagger = _locked(flagger_id)
    if not name.strip() or len(name) > 100:
        raise FlaggerRefused("name", "Say what will use it, in up to 100 characters.")
    if flagger.keys.filter(revoked_at__isnull=True).count() >= MOST_KEYS:
        raise FlaggerRefused("name", f"It has {MOST_KEYS} keys; revoke one first.")
    text = new_key_text(FLAGGER_MARK)
    key = FlaggerKey.objects.create(
        flagger=flagger, name=name.strip(), prefix=text.prefix, digest=text.digest, created_at=now
    )
    _journal(flagger, "key_issued", by=by, now=now, facts={"key": key.prefix, "name": key.name})
    return key, text.token


@transaction.atomic
def revoke_flagger_key(*, key_id: int, by: User, now: datetime) -> None:
    """Refuse the key from now on; revoking it again changes nothing."""
    key = FlaggerKey.objects.select_related("flagger__service").get(id=key_id)
    if FlaggerKey.objects.filter(id=key.pk, revoked_at__isnull=True).update(revoked_at=now) == 1:
        _journal(key.flagger, "key_revoked", by=by, now=now, facts={"key": key.prefix})


def note_flagger_key_use(*, key: FlaggerKey, now: datetime) -> None:
    """Keep when a key was last used, to the minute."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - LAST_USED_STEP)
    if key.last_used_at is None or now - key.last_used_at >= LAST_USED_STEP:
        FlaggerKey.objects.filter(stale, id=key.pk).update(last_used_at=now)


# How


def _locked(flagger_id: int) -> Flagger:
    """The flagger, kept from others until this ends; raises FlaggerRefused for an ended one."""
    Flagger.objects.select_for_update().only("id").get(id=flagger_id)
    flagger = Flagger.objects.select_related("service").get(id=flagger_id)
    if flagger.ended_at is not None:
        raise FlaggerRefused("flagger", "This arrangement has ended; agree on a new one.")
    return flagger


def _checked(terms: Terms, *, today: date) -> Terms:
    for field, sentence in problems(
        name=terms.name,
        kind=terms.kind,
        respond_within=terms.respond_within,
        policy=terms.policy,
        review_by=terms.review_by,
        today=today,
    ):
        raise FlaggerRefused(field, sentence)
    _refuse_unknown_harms(terms.harms)
    if terms.contact:
        _refuse_bad_email(terms.contact, field="contact")
    return terms


def _refuse_unknown_harms(harms: Iterable[str]) -> None:
    unknown = sorted(set(harms).difference(HARMS))
    if unknown:
        raise FlaggerRefused("harms", f"The register has no kind of harm {unknown[0]!r}.")


def _refuse_bad_email(email: str, *, field: str = "email") -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise FlaggerRefused(field, "Expected an e-mail address.") from None


def _fields(terms: Terms) -> dict[str, Any]:
    return asdict(terms) | {
        "name": terms.name.strip(),
        "policy": terms.policy.strip(),
        "harms": sorted(set(terms.harms)),
    }


def _told(flagger: Flagger) -> dict[str, Any]:
    """What is agreed, as the journal keeps it."""
    return {
        "name": flagger.name,
        "kind": flagger.kind,
        "harms": list(flagger.harms),
        "respond_within_hours": flagger.respond_within.total_seconds() / 3600,
        "first_in_queue": flagger.first_in_queue,
        "policy": flagger.policy,
        "review_by": flagger.review_by.isoformat(),
    }


def _journal(
    flagger: Flagger, kind: str, *, by: User, now: datetime, facts: dict[str, Any]
) -> None:
    append(
        kind=f"flagger.{kind}",
        service=flagger.service.slug,
        subject=f"flagger:{flagger.slug}",
        actor=staff_actor(by),
        now=now,
        facts=facts,
    )
