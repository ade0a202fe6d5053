"""What tests need before their story begins, made as the house makes it."""

import hashlib
import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from PIL import Image

from dutybound.cases.kinds import Kind
from dutybound.matching import Effect, SignalKind
from dutybound.matching import Match as Meeting
from dutybound_server.banks.actions import Added, NewSignal, add_signals, create_bank
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.casework.actions.cases import record_matches
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.decisions import decide_case
from dutybound_server.casework.actions.endpoints import create_endpoint
from dutybound_server.casework.actions.flaggers import (
    Terms,
    agree_flagger,
    invite_flagger_person,
)
from dutybound_server.casework.actions.flags import Flag, take_flag
from dutybound_server.casework.hearing import Subject, Told
from dutybound_server.casework.models import (
    Case,
    Concern,
    Decision,
    Endpoint,
    Flagger,
    FlaggerKey,
)
from dutybound_server.intake.actions import Answer, take_item
from dutybound_server.intake.submissions import Submission
from dutybound_server.items.blobs import store_blob
from dutybound_server.items.models import Frame, Item, Media
from dutybound_server.people.actions import issue_key
from dutybound_server.people.models import Account, Service
from dutybound_server.people.roles import Scope
from tests.cast import NOW

_number = count(1)


def item(
    service: Service,
    *,
    external_id: str = "",
    revision: int = 1,
    author: Account | None = None,
    text: str = "",
    reach: int = 1,
    verdict: str = "block",
    received_at: datetime = NOW,
) -> Item:
    """An item as intake stores it."""
    external_id = external_id or f"post-{next(_number)}"
    return Item.objects.create(
        service=service,
        external_id=external_id,
        revision=revision,
        account=author,
        kind="post",
        visibility="public",
        reach=reach,
        text=text,
        created_at=received_at,
        received_at=received_at,
        digest=hashlib.sha256(external_id.encode()).hexdigest(),
        verdict=verdict,
        answer={},
    )


def media(item: Item, *, external_id: str = "m1", content: bytes = b"a harmless picture") -> Media:
    """A medium of the item, as intake stores it; the same content has the same hash."""
    return Media.objects.create(
        item=item,
        external_id=external_id,
        content_type="image/jpeg",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def picture(item: Item, *, external_id: str = "m1") -> Media:
    """A medium with a stored picture behind it: a grey ramp beside a red field."""
    whole = Image.new("RGB", (400, 200), "red")
    whole.paste(Image.linear_gradient("L").resize((200, 200)), (0, 0))
    file = io.BytesIO()
    whole.save(file, "JPEG")
    made = media(item, external_id=external_id, content=file.getvalue())
    made.blob = store_blob(file)
    made.save(update_fields=["blob"])
    Frame.objects.create(media=made, quality=100, hashes=bytes(32))
    return made


def signal(service: Service, *, harm: str = "harassment", bank: str = "") -> Signal:
    """A live signal in a bank of that harm."""
    number = next(_number)
    row = Bank.objects.get_or_create(
        service=service,
        name=bank or f"known-{harm.replace('_', '-')}",
        defaults={"source": "tests", "harm": harm, "effect": "block", "created_at": NOW},
    )[0]
    return Signal.objects.create(
        bank=row, kind="sha256", value=f"{number:064x}", added_at=NOW, version=number
    )


def meeting(
    signal: Signal,
    *,
    media: Media | None = None,
    effect: Effect = Effect.BLOCK,
    distance: int = 6,
    dry_run: bool = False,
) -> Meeting:
    """How matching says that something meets the signal."""
    return Meeting(
        media=media.external_id if media else None,
        bank_key=signal.bank_id,
        bank=signal.bank.name,
        signal=signal.pk,
        kind=SignalKind(signal.kind),
        value=signal.value,
        distance=distance,
        threshold=31,
        variant="original",
        harm=signal.bank.harm,
        source=signal.bank.source,
        source_record="",
        tags=(),
        effect=effect,
        dry_run=dry_run,
    )


def case(
    service: Service,
    *,
    about: Item | None = None,
    author: Account | None = None,
    harm: str = "harassment",
    now: datetime = NOW,
) -> Case:
    """An open case about an item that met a signal of that harm."""
    about = about or item(service, author=author, text="zonk", received_at=now)
    found = record_matches(
        item=about,
        kept=[meeting(signal(service, harm=harm))],
        set_aside=[],
        media={},
        retroactive=False,
        now=now,
    )
    assert found is not None
    return found


def decide(case: Case, *, by: User, now: datetime = NOW, **changes: Any) -> Decision:  # noqa: ANN401 - any field
    """Take the case down as moderators do, or what `changes` say."""
    judgement = {
        "enforcement_kind": "take_down",
        "ground": "terms",
        "rule": "Be kind",
        "harm": case.harm,
        "reasons": "It says zonk to a person.",
        "statement": "We took down your post because it breaks our rules (Be kind).",
        **changes,
    }
    return decide_case(case_id=case.id, by=by, now=now, **judgement)


def decided_case(
    service: Service, *, by: User, author: Account | None = None, now: datetime = NOW
) -> Case:
    """A case that was taken down."""
    decided = case(service, author=author, now=now)
    decide(decided, by=by, now=now)
    decided.refresh_from_db()
    return decided


DECLARED = {"role": "subject", "is_intimate": True, "no_consent": True}
"""What a person declares who reports an intimate image of themselves."""


def told(**changes: Any) -> Told:  # noqa: ANN401 - any field
    """What a person says on the page, or what `changes` say."""
    facts = {"kind": Kind.ILLEGAL_CONTENT, "words": "This is cruel.", "channel": "page", **changes}
    if facts["kind"] is Kind.INTIMATE_IMAGE:
        facts = {"answers": DECLARED, **facts}
    return Told(**facts)


def concern(
    service: Service,
    *,
    about: Iterable[Item] = (),
    now: datetime = NOW,
    **changes: Any,  # noqa: ANN401 - any field
) -> Concern:
    """A report as somebody made it on the page, about those items."""
    subjects = tuple(Subject("item", one.external_id) for one in about)
    changes = {"subjects": subjects, **changes}
    return take_concern(service=service, told=told(**changes), now=now).concern


def complaint(service: Service, *, about: Concern, now: datetime = NOW) -> Concern:
    """A complaint about what became of an earlier concern."""
    words = told(kind=Kind.DUTIES, words="That is wrong.", about=about)
    return take_concern(service=service, told=words, now=now).concern


def endpoint(service: Service, *, url: str = "http://127.0.0.1:9/hooks") -> Endpoint:
    """An address of the service that takes webhooks."""
    return create_endpoint(service=service, url=url, by="system", now=NOW)


def key(service: Service, *, scopes: Iterable[Scope] = (Scope.ITEMS,)) -> str:
    """A key of the service, as its owner holds it."""
    return issue_key(
        service=service, name="app", scopes=scopes, expires_at=None, by="system", now=NOW
    )[1]


def bank(
    service: Service,
    name: str = "known",
    *,
    phrases: Iterable[str] = (),
    hashes: Iterable[tuple[str, str]] = (),
    **settings: Any,  # noqa: ANN401 - any setting
) -> Bank:
    """A bank with phrases, and with hashes as pairs of kind and value."""
    settings = {"effect": "block", **settings}
    made = create_bank(
        service=service, name=name, source="tests", harm=settings.pop("harm", "harassment"),
        why="A test needs it.", by="system", now=NOW, **settings,
    )  # fmt: skip
    signals(made, phrases=phrases, hashes=hashes)
    return made


def signals(
    bank: Bank, *, phrases: Iterable[str] = (), hashes: Iterable[tuple[str, str]] = ()
) -> Added:
    """More signals in a bank."""
    new = [NewSignal("phrase", phrase) for phrase in phrases]
    new += [NewSignal(kind, value) for kind, value in hashes]
    return add_signals(bank=bank, signals=new, why="A test needs it.", by="system", now=NOW)


def taken(
    service: Service,
    external_id: str = "post-1",
    *,
    now: datetime = NOW,
    **content: Any,  # noqa: ANN401 - any field
) -> Answer:
    """The answer for an item the service sends."""
    submission = Submission(id=external_id, **content)
    return take_item(service=service, submission=submission, now=now)


def flagger(service: Service, *, by: User, now: datetime = NOW, **changes: Any) -> Flagger:  # noqa: ANN401 - any term
    """An organisation whose reports come by a channel of their own."""
    terms = {
        "name": "Fraud Watch",
        "kind": "fraud",
        "respond_within": timedelta(hours=24),
        "policy": "They know fraud better than we do.",
        "review_by": now.date() + timedelta(days=180),
        **changes,
    }
    return agree_flagger(service=service, terms=Terms(**terms), by=by, now=now)


def flagged(
    flagger: Flagger,
    *subjects: str,
    by: User | FlaggerKey,
    request_id: str = "",
    harm: str = "fraud",
    words: str = "The same shop again.",
    now: datetime = NOW,
) -> Concern:
    """What the flagger reported: items by the service's own ids."""
    flag = Flag(
        kind=Kind.ILLEGAL_CONTENT,
        words=words,
        harm=harm,
        subjects=tuple(Subject("item", one) for one in subjects),
        request_id=request_id or f"report-{next(_number)}",
    )
    return take_flag(flagger=flagger, by=by, flag=flag, now=now).concern


def flagger_person(flagger: Flagger, *, by: User, name: str = "Fay", now: datetime = NOW) -> User:
    """Somebody who signs in for the flagger, with a second factor."""
    email = f"{name.lower()}@{flagger.slug}.example"
    person, _ = invite_flagger_person(flagger_id=flagger.pk, email=email, name=name, by=by, now=now)
    TOTP.activate(person.user, generate_totp_secret())
    return person.user
