"""Two services with one of everything that an address names, so that no page is refused for lack.

`Things.arguments(page)` fills in the address of any page with what belongs to that service.
"""

import io
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from PIL import Image

from dutybound.cases.authority import Authority, Urgency
from dutybound.cases.kinds import Kind
from dutybound.evidence.draws import commitment_of
from dutybound_server.assurance.actions.audits import commit_to_seed, draw_sample, open_audit
from dutybound_server.assurance.actions.drafts import start_draft
from dutybound_server.assurance.actions.looks import look_at
from dutybound_server.assurance.models import (
    Audit,
    Finding,
    MeasureTask,
    ReviewTask,
    Version,
)
from dutybound_server.casework.actions.concerns import add_to_concern
from dutybound_server.casework.actions.drafts import begin_draft
from dutybound_server.casework.actions.evidence import begin_authority_report
from dutybound_server.casework.actions.flaggers import issue_flagger_key
from dutybound_server.casework.actions.outside import export_case
from dutybound_server.casework.actions.quality import (
    agree_golden,
    answer_look,
    ask_second_looks,
    set_sample_rates,
    take_look,
)
from dutybound_server.casework.actions.reading import open_attachment
from dutybound_server.casework.actions.unfounded import approve_policy, disregard
from dutybound_server.casework.hearing import AddedFile, GivenHash
from dutybound_server.casework.models import (
    Calibration,
    Concern,
    Decision,
    Delivery,
    Desk,
    Enforcement,
    Flagger,
)
from dutybound_server.evidence.actions.copies import copy_files
from dutybound_server.evidence.actions.holds import HoldKind, place_legal_hold
from dutybound_server.evidence.actions.preservations import Child, receive_preservation
from dutybound_server.evidence.models import Snapshot, SnapshotFile
from dutybound_server.journal.actions import seal
from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Account, Service
from dutybound_server.people.roles import Role
from dutybound_server.public.report.drafts import COOKIE, label_of
from tests import cast, make
from tests.security.doors.papers import documents, publications
from tests.server.intake.intimate_reports import PDQ

MANY = 9_999_999
"""A number that nothing has."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works for a service, one for each role, and a second moderator."""

    administrator: User
    accountable: User
    moderator: User
    colleague: User
    senior: User
    restricted: User
    auditor: User

    @classmethod
    def hired(cls, service: Service) -> "Crew":
        at, slug = service, service.slug
        return cls(
            administrator=cast.person(f"Ann-{slug}", at=at, role=Role.ADMINISTRATOR),
            accountable=cast.person(f"Gus-{slug}", at=at, role=Role.ACCOUNTABLE),
            moderator=cast.person(f"Max-{slug}", at=at, role=Role.MODERATOR),
            colleague=cast.person(f"Col-{slug}", at=at, role=Role.MODERATOR),
            senior=cast.person(f"Sue-{slug}", at=at, role=Role.SENIOR),
            restricted=cast.person(f"Rob-{slug}", at=at, role=Role.RESTRICTED),
            auditor=cast.person(f"Oda-{slug}", at=at, role=Role.AUDITOR),
        )

    def everybody(self) -> list[User]:
        return [getattr(self, each.name) for each in fields(self)]


@dataclass(frozen=True, slots=True)
class Things:
    """What a service has, by the names that addresses use."""

    service: Service
    crew: Crew
    flagger: Flagger
    flagger_person: User
    flagger_key: str
    form_token: str
    usual: dict[str, object] = field(default_factory=dict)
    """Parameter of an address → what stands there on most pages."""
    special: dict[str, dict[str, object]] = field(default_factory=dict)
    """Page → the parameters that mean something else there."""
    restricted: dict[str, dict[str, object]] = field(default_factory=dict)
    """Page of the console → the same for something that only a role of its own may see."""

    @property
    def form_cookie(self) -> tuple[tuple[str, str], ...]:
        return ((COOKIE, self.form_token),)

    def arguments(self, page: str) -> dict[str, object]:
        return {**self.usual, **self.special.get(page, {})}


def furnish(service: Service, *, now: datetime) -> Things:
    """One of everything, made as the house makes it."""
    crew = Crew.hired(service)
    author = cast.account(f"author-{service.slug}", at=service)
    make.endpoint(service)
    flagger = make.flagger(
        service,
        by=crew.administrator,
        harms=("fraud",),
        now=now,
        name=f"Watch {service.slug}",
    )
    person = make.flagger_person(flagger, by=crew.administrator, name=f"Fay-{service.slug}")
    key, key_text = issue_flagger_key(
        flagger_id=flagger.pk, name="app", by=crew.administrator, now=now
    )
    form = begin_draft(service=service, answers={"language": "en", "version": "adult"}, now=now)
    things = Things(service, crew, flagger, person, key_text, form.token)
    things.usual.update(service=service.slug, slug=service.slug, flagger=flagger.slug)
    things.usual.update(person_id=crew.colleague.pk, account_id=author.pk)
    things.usual["label"] = label_of(form.draft)
    things.special["public:report_step"] = {"name": "words"}
    things.special["console:revoke_flagger_key"] = {"key_id": key.pk}
    membership = flagger.people.get(user=person)
    for page in ("console:end_flagger_person", "console:flagger_link"):
        things.special[page] = {"person_id": membership.pk}
    things.special["api:delete_account"] = {"id": author.external_id}
    flagged = make.flagged(flagger, "post-1", by=person, now=now)
    things.special["public:flagger_report"] = {"reference": flagged.reference}
    things.special["api:get_flag"] = {"reference": flagged.reference}
    _cases(things, author, now=now)
    _concerns(things, now=now)
    _quality(things, author, now=now)
    _evidence(things, author, now=now)
    _settings(things, now=now)
    _assessment(things, now=now)
    documents(things, now=now)
    publications(things, now=now)
    _restricted(things, author, now=now)
    _journal(things, now=now)
    _audits(things, now=now + timedelta(seconds=1))
    return things


def _cases(things: Things, author: Account, *, now: datetime) -> None:
    service, crew = things.service, things.crew
    item = make.item(service, author=author, text="zonk", received_at=now)
    medium = make.picture(item)
    case = make.case(service, about=item, author=author, now=now)
    things.usual.update(
        reference=case.reference, item_id=item.pk, media_id=medium.pk, look="hidden"
    )
    things.special["api:get_item"] = {
        "item_id": make.taken(service, f"only-{service.slug}", now=now).item.external_id
    }
    decided = make.decided_case(service, by=crew.moderator, author=author, now=now)
    decision = Decision.objects.get(case=decided)
    things.usual.update(
        decision_id=decision.pk,
        delivery_id=Delivery.objects.filter(endpoint__service=service)[0].pk,
    )
    things.special["console:undo"] = {"reference": decided.reference}
    things.special["console:golden"] = {"reference": decided.reference}
    exported = export_case(case_id=decided.pk, body="A body", leave_out=(), by=crew.senior, now=now)
    things.special["console:outside"] = {"reference": decided.reference}
    things.special["console:outside_outcome"] = {
        "reference": decided.reference,
        "review_id": exported.review.pk,
    }
    notice = decision.notices.get()
    for page in ("public:notice", "public:appeal", "public:appeal_sent"):
        things.special[page] = {"token": notice.token}
    things.special["api:get_notice"] = {"id": notice.pk}
    enforcement = Enforcement.objects.get(decision=decision)
    things.special["api:acknowledge"] = {"uuid": str(enforcement.uuid)}


def _concerns(things: Things, *, now: datetime) -> None:
    service, crew = things.service, things.crew
    concern = make.concern(service, harm="fraud", now=now)
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "teal").save(picture, "PNG")
    files = [AddedFile("screen.png", "image/png", picture)]
    add_to_concern(concern_id=concern.pk, words="", files=files, now=now)
    attached = concern.attachments.get().pk
    for page in ABOUT_CONCERNS:
        things.special[f"console:{page}"] = {"reference": concern.reference, "file_id": attached}
    for page in ("concern", "concern_add", "concern_messages", "concern_withdraw", "concern_again"):
        things.special[f"public:{page}"] = {"token": concern.token}
    for page in ("post_concern_files", "get_concern"):
        things.special[f"api:{page}"] = {"reference": concern.reference}
    intimate = make.concern(
        service, kind=Kind.INTIMATE_IMAGE, hashes=(GivenHash(PDQ, 100),), now=now
    )
    for page in ("refuse_intimate", "watch_intimate", "which_intimate", "let_intimate"):
        things.special[f"console:{page}"] = {"reference": intimate.reference}
    for person in crew.everybody():
        open_attachment(attachment=concern.attachments.get(), how="grey", by=person, now=now)
    things.special["console:file_picture"]["look"] = "grey"
    _policy(things, make.concern(service, words="Nothing at all.", now=now), now=now)


def _restricted(things: Things, author: Account, *, now: datetime) -> None:
    service, harm = things.service, "csea_image_csam"
    item = make.item(service, author=author, text="a canary", received_at=now)
    medium, case = make.picture(item), make.case(service, about=item, harm=harm, now=now)
    concern = make.concern(service, about=(item,), harm=harm, now=now)
    copy_files(now=now)
    snapshot = Snapshot.objects.get(item=item)
    decided = make.case(service, harm=harm, now=now)
    decision = make.decide(decided, by=things.crew.restricted, harm=harm, now=now)
    of_case: dict[str, object] = {"reference": case.reference, "media_id": medium.pk}
    of_snapshot: dict[str, object] = {
        "snapshot_id": snapshot.pk,
        "file_id": snapshot.files.get().pk,
    }
    restricted: tuple[tuple[tuple[str, ...], dict[str, object]], ...] = (
        (ABOUT_CASES, of_case),
        (ABOUT_OPEN_CONCERNS, {"reference": concern.reference}),
        (ABOUT_ITEMS, {"item_id": item.pk}),
        (ABOUT_SNAPSHOTS, of_snapshot),
        (("statement", "word_statement"), {"decision_id": decision.pk}),
    )
    for pages, parts in restricted:
        things.restricted.update(dict.fromkeys(pages, parts))


ABOUT_CASES = (
    "case", "claim", "release", "hand_over", "note", "draft", "guide", "decide", "same", "reveal",
    "hidden", "media", "golden", "outside",
)  # fmt: skip
ABOUT_OPEN_CONCERNS = (
    "concern", "answer_concern", "pause_concern", "resume_concern", "point_concern", "set_aside",
)  # fmt: skip
ABOUT_ITEMS = ("item", "raise_item", "hold_item", "let_go")
ABOUT_SNAPSHOTS = (
    "evidence_snapshot", "evidence_open", "evidence_file", "evidence_export", "evidence_begin",
)  # fmt: skip
ABOUT_CONCERNS = (
    "concern",
    "look_at_file",
    "download_file",
    "file_picture",
    "answer_concern",
    "pause_concern",
    "resume_concern",
    "point_concern",
    "set_aside",
)


def _policy(things: Things, concern: Concern, *, now: datetime) -> None:
    approve_policy(
        service=things.service,
        words="We set aside what is clearly without ground.",
        attributes=["It is about nothing."],
        monitoring="A colleague looks at each.",
        change="",
        review_by=now.date() + timedelta(days=300),
        by=things.crew.accountable,
        now=now,
    )
    aside = disregard(
        concern_id=concern.pk, attribute=0, why="It is empty.", by=things.crew.colleague, now=now
    )
    things.usual["disregard_id"] = aside.pk


def _quality(things: Things, author: Account, *, now: datetime) -> None:
    service, crew = things.service, things.crew
    set_sample_rates(service=service, rates={"match": 1.0}, by=crew.senior, now=now)
    judged = {"enforcement_kind": "none", "harm": "harassment", "reasons": "It is satire."}
    _looked_at(things, author, by=crew.colleague, now=now)
    done = take_look(service=service, by=crew.senior, now=now)
    assert done is not None
    answer_look(service=service, look_id=done.pk, by=crew.senior, now=now, **judged)
    calibration = Calibration.objects.get(look=done)
    _looked_at(things, author, by=crew.colleague, now=now)
    look = take_look(service=service, by=crew.moderator, now=now)
    assert look is not None
    assert look.case is not None
    assert look.case.item is not None
    shown = look.case.item.media.get()
    things.usual.update(calibration_id=calibration.pk, look_id=look.pk)
    for page in ("look_reveal", "look_media"):
        things.special[f"console:{page}"] = {"media_id": shown.pk}
    about = make.item(service, author=author, received_at=now)
    golden = agree_golden(
        case=make.case(service, about=about, now=now),
        enforcement_kind="none",
        harm="harassment",
        why="It is satire.",
        by=crew.senior,
        now=now,
    )
    things.usual["golden_id"] = golden.pk


def _looked_at(things: Things, author: Account, *, by: User, now: datetime) -> None:
    about = make.item(things.service, author=author, text="zonk", received_at=now)
    make.picture(about)
    make.decide(make.case(things.service, about=about, now=now), by=by, now=now)
    ask_second_looks(now=now)


def _evidence(things: Things, author: Account, *, now: datetime) -> None:
    service, crew = things.service, things.crew
    item = make.item(service, author=author, text="zonk", received_at=now)
    make.picture(item)
    make.concern(service, about=(item,), harm="fraud", now=now)
    copy_files(now=now)
    snapshot = Snapshot.objects.get(item=item)
    file = SnapshotFile.objects.get(snapshot=snapshot)
    hold = place_legal_hold(
        service=service, subject_kind="item", subject=item.external_id, kind=HoldKind.STAFF,
        why="A letter.", reference="1", by=crew.senior, until=None, now=now,
    )  # fmt: skip
    notice = receive_preservation(
        service=service, reference="OFC-1",
        child=Child("A. Child", date(2012, 1, 1), accounts=("a-1",)),
        received_at=now, until=None, by=crew.senior, now=now,
    )  # fmt: skip
    report = begin_authority_report(
        snapshot=snapshot, authority=Authority.POLICE, urgency=Urgency.WITHOUT_DELAY, earlier="",
        by=crew.senior, now=now,
    )  # fmt: skip
    things.usual.update(
        snapshot_id=snapshot.pk,
        hold_id=hold.pk,
        notice_id=notice.pk,
        report_id=report.pk,
        file_id=file.pk,
    )


def _settings(things: Things, *, now: datetime) -> None:
    service, slug = things.service, things.service.slug
    signal = make.signal(service, bank=f"known-{slug}")
    make.key(service)
    things.usual.update(
        name=f"known-{slug}",
        signal_id=signal.pk,
        endpoint_id=service.endpoints.get().pk,
        key_id=service.keys.get().pk,
    )
    desk = Desk.objects.get_or_create(service=service)[0]
    desk.is_open = True
    desk.save()


def _assessment(things: Things, *, now: datetime) -> None:
    draft = start_draft(service=things.service, by="system", now=now)
    version = Version.objects.create(
        service=things.service,
        number=things.service.pk + 100,
        document=draft.document,
        digest="0" * 64,
        approved_at=now,
        approved_by=things.crew.accountable,
    )
    task = ReviewTask.objects.create(
        service=things.service, version=version, kind="time", says="A year.", key="k", opened_at=now
    )
    things.usual.update(
        task_id=task.pk,
        test="user_to_user",
        exemption="email",
        question="child_users",
        harm="fraud",
        measure="ICU A2",
        control="c-1",
        gap="fraud",
        which=version.number,
    )
    for page in ("assessment_pdf", "assessment_record"):
        things.special[f"console:{page}"] = {"name": "record"}


def _journal(things: Things, *, now: datetime) -> None:
    seal(now=now)
    mine = Entry.objects.filter(service=things.service.slug, number__isnull=False)
    things.usual["number"] = mine.order_by("number")[0].number
    things.usual.update(path="checkpoint", key="nothing", uidb36="1", pk=MANY)


def _audits(things: Things, *, now: datetime) -> None:
    """One that the service's auditor has drawn a sample for, and one for somebody new."""
    service, crew = things.service, things.crew
    look_at(service=service, now=now - timedelta(milliseconds=500))
    audit, waiting = (_opened(things, email, now=now) for email in (crew.auditor.email, ""))
    seed = "0" * 64
    commit_to_seed(audit_id=audit.pk, commitment=commitment_of(seed), wanted=1, now=now)
    audit = draw_sample(audit_id=audit.pk, seed=seed, now=now)
    seal(now=now)
    finding = Finding.objects.filter(service=service).earliest("pk")
    task = MeasureTask.objects.create(
        service=service, measure=finding.measure, finding=finding, became="stale", says="Look.",
        opened_at=now,
    )  # fmt: skip
    things.special["console:measure"] = {"measure": "icu-a2"}
    things.special["console:close_task"] = {"task_id": task.pk}
    opened = Entry.objects.get(kind="audit.opened", subject=f"audit:{audit.reference}")
    known = {
        "reference": audit.reference,
        "case": audit.sample[0],
        "number": opened.number,
        "finding_id": finding.pk,
        "measure": "icu-a2",
    }
    for page in ABOUT_AUDITS:
        things.special[f"console:{page}"] = known
    things.special["console:end_audit"] = {"reference": audit.reference}
    things.special["console:audit_link"] = {"reference": waiting.reference}


def _opened(things: Things, email: str, *, now: datetime) -> Audit:
    audit, _ = open_audit(
        service=things.service,
        email=email or f"iris-{things.service.slug}@audit.example",
        name="Iris",
        purpose="The yearly audit",
        period_from=now - timedelta(days=1),
        period_until=now,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
        sees_personal=False,
        by=things.crew.accountable,
        now=now,
    )
    return audit


ABOUT_AUDITS = (
    "auditing",
    "auditing_commit",
    "auditing_draw",
    "auditing_case",
    "auditing_entry",
    "auditing_entry_body",
    "auditing_entry_proof",
    "auditing_bundle",
    "auditing_measures",
    "auditing_measure",
    "auditing_again",
    "auditing_documents",
)
