"""Lets people tell Ridge Forum what is wrong, and its staff hear them, at times gone by."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.contrib.auth.models import User

from dutybound.cases.authority import Answer as Item
from dutybound.cases.authority import Authority, Urgency
from dutybound.cases.judgement import EnforcementKind
from dutybound.cases.kinds import Kind, RefusalGround
from dutybound_server.casework.actions.answers import answer_concern, pause_clock
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.clocks import watch_clocks
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.desks import change_desk, desk_of
from dutybound_server.casework.actions.evidence import begin_authority_report
from dutybound_server.casework.actions.flaggers import (
    Terms,
    agree_flagger,
    issue_flagger_key,
)
from dutybound_server.casework.actions.flags import Flag, take_flag
from dutybound_server.casework.actions.intimate import refuse_intimate
from dutybound_server.casework.actions.quality import (
    answer_look,
    ask_second_looks,
    set_sample_rates,
    take_look,
)
from dutybound_server.casework.actions.reported_hashes import settle_reported_hashes
from dutybound_server.casework.actions.settling import note_look
from dutybound_server.casework.hearing import Subject, Told
from dutybound_server.casework.models import Case, Concern, Flagger, Notice, SecondLook
from dutybound_server.evidence.actions.authority_reports import answer_report
from dutybound_server.evidence.actions.holds import HoldKind, place_legal_hold
from dutybound_server.evidence.models import Snapshot
from dutybound_server.intake.actions import rematch
from dutybound_server.people.actions import see_account
from dutybound_server.people.models import Service
from dutybound_server.project.demo import voices
from dutybound_server.project.demo.story import DECISIONS, POSTS, SERVICE, DemoDecision, item_id
from dutybound_server.project.demo.voices import VOICES, Answer, Voice

LATER = timedelta(seconds=2)
Happening = tuple[float, Callable[..., object]]
"""Hours before the demo begins, and what happens then: it takes `now`."""


def status_token() -> str:
    """The secret of a status page to show: the one in Welsh; empty where there is none."""
    told = Concern.objects.filter(service__slug=SERVICE, language="cy").order_by("id").first()
    return told.token if told else ""


class Hearing:
    """What people tell in turn, and what staff do about it."""

    def __init__(self, ridge: Service, staff: dict[str, User]) -> None:
        self.ridge, self.staff = ridge, staff
        self.concerns: dict[str, Concern] = {}
        """Name of a voice → what it became."""

    def happenings(self) -> Iterator[Happening]:
        yield voices.FLAGGER_AGREED_HOURS_AGO + 2, self.set_up_desk
        yield voices.FLAGGER_AGREED_HOURS_AGO, self.agree_with_flagger
        for voice in VOICES:
            yield voice.hours_ago, partial(self.hear, voice)
        for hours_ago, post, words in voices.FLAGS:
            yield hours_ago, partial(self.flag, post, words)
        for answer in voices.ANSWERS:
            yield answer.hours_ago, partial(self.answer, answer)
        for decision in DECISIONS:
            # Whoever decides opened the case some minutes before.
            hours_ago = POSTS[decision.post].hours_ago - decision.hours_later + 0.1
            yield hours_ago, partial(self.look, decision)
        yield voices.APPEALED_HOURS_AGO, self.appeal
        yield voices.REFUSED_HOURS_AGO, self.refuse
        yield voices.PAUSED_HOURS_AGO, self.pause
        yield voices.REPORT_HOURS_AGO, self.begin_report
        yield voices.HOLD_HOURS_AGO, self.hold
        yield voices.LOOKS.asked_hours_ago, self.ask_looks
        yield voices.LOOKS.hours_ago, self.take_looks
        for hours_ago in voices.CLOCK_HOURS_AGO:
            yield hours_ago, watch_clocks

    def set_up_desk(self, *, now: datetime) -> None:
        owner = self.staff[voices.COMPLAINTS_BY].pk
        changes = {
            "colour": voices.COLOUR,
            "languages": ["cy"],
            "offers_block": True,
            "proof_bits": voices.PROOF_BITS,
            "owners": {Kind.DUTIES.value: owner, Kind.PROACTIVE_TECHNOLOGY.value: owner},
        }
        desk = desk_of(self.ridge)
        change_desk(desk=desk, changes=changes, by=self.staff["Ada"], now=now)

    def hear(self, voice: Voice, *, now: datetime) -> None:
        for number in range(voice.times):
            at = now + number * LATER
            taken = take_concern(service=self.ridge, told=self._told(voice, now=at), now=at)
            self.concerns.setdefault(voice.name, taken.concern)
        if voice.kind is Kind.INTIMATE_IMAGE:
            # As the worker does within seconds: what looks like it is found and kept from view.
            settle_reported_hashes(now=now + LATER)
            rematch(now=now + 2 * LATER)

    def _told(self, voice: Voice, *, now: datetime) -> Told:
        account = None
        if voice.account:
            account = see_account(service=self.ridge, external_id=voice.account, email="", now=now)
        return Told(
            kind=voice.kind,
            words=voice.words,
            channel=voice.channel,
            harm=voice.harm,
            subjects=tuple(Subject("item", item_id(post)) for post in voice.posts),
            answers=_declared(voice) if voice.role else {},
            account=account,
            language=voice.language,
            version=voice.version,
            about=self.concerns[voice.about] if voice.about else None,
            queued=voice.times > 1,
        )

    def answer(self, answer: Answer, *, now: datetime) -> None:
        concern, by = self.concerns[answer.voice], self.staff[answer.by]
        note_look(concern=concern, by=by, now=now)
        answer_concern(
            concern_id=concern.pk,
            by=by,
            outcome=answer.outcome,
            reasons=answer.reasons,
            words=answer.words,
            now=now,
        )

    def look(self, decision: DemoDecision, *, now: datetime) -> None:
        note_look(case=self._case(decision.post), by=self.staff[decision.by], now=now)

    def appeal(self, *, now: datetime) -> None:
        notices = Notice.objects.filter(decision__case=self._case(voices.APPEALED_POST))
        token = notices.get().token
        lodge_appeal(token=token, grounds=voices.APPEAL_GROUNDS, now=now)

    def refuse(self, *, now: datetime) -> None:
        concern, by = self.concerns["refused"], self.staff[voices.REFUSED_BY]
        note_look(concern=concern, by=by, now=now)
        refuse_intimate(
            concern_id=concern.pk,
            ground=RefusalGround.NOT_INTIMATE,
            words=voices.REFUSED_WORDS,
            by=by,
            now=now,
        )

    def pause(self, *, now: datetime) -> None:
        concern, by = self.concerns[voices.PAUSED], self.staff[voices.PAUSED_BY]
        note_look(concern=concern, by=by, now=now)
        pause_clock(concern_id=concern.pk, why=voices.PAUSED_WHY, by=by, now=now)

    def _case(self, post: int) -> Case:
        about = {"subject_kind": "item", "subject": item_id(post)}
        return Case.objects.get(service=self.ridge, **about)

    # The trusted flagger

    def agree_with_flagger(self, *, now: datetime) -> None:
        terms = Terms(
            name=voices.FLAGGER,
            kind="fraud",
            respond_within=timedelta(hours=24),
            policy=voices.FLAGGER_POLICY,
            review_by=_half_a_year_after(now),
            harms=("fraud",),
        )
        by = self.staff["Ada"]
        flagger = agree_flagger(service=self.ridge, terms=terms, by=by, now=now)
        issue_flagger_key(flagger_id=flagger.pk, name="their list", by=by, now=now)

    def flag(self, post: int, words: str, *, now: datetime) -> None:
        flagger = Flagger.objects.get(service=self.ridge, name=voices.FLAGGER)
        flag = Flag(
            kind=Kind.ILLEGAL_CONTENT,
            words=words,
            harm="fraud",
            subjects=(Subject("item", item_id(post)),),
            request_id=item_id(post),
        )
        take_flag(flagger=flagger, by=flagger.keys.get(), flag=flag, now=now)

    # Evidence

    def begin_report(self, *, now: datetime) -> None:
        ren = self.staff[voices.REPORT_BY]
        report = begin_authority_report(
            snapshot=Snapshot.objects.get(concern=self.concerns["hidden"].reference),
            authority=Authority.NCA,
            urgency=Urgency.SOON,
            earlier="",
            by=ren,
            now=now,
        )
        said = {"content": Item(held=True, words="One picture. In this demo it shows gravel.")}
        answer_report(report_id=report.pk, answers=said, by=ren, now=now)

    def hold(self, *, now: datetime) -> None:
        place_legal_hold(
            service=self.ridge,
            subject_kind="account",
            subject=voices.TARGETED_ACCOUNT,
            kind=HoldKind.STAFF,
            why=voices.HOLD_WHY,
            reference=voices.HOLD_REFERENCE,
            by=self.staff[voices.HOLD_BY],
            until=None,
            now=now,
        )

    # Second looks

    def ask_looks(self, *, now: datetime) -> None:
        """Ask about all decisions of these days, and about a share of them from now on."""
        ada, rates = self.staff["Ada"], voices.LOOKS.rates
        everything = dict.fromkeys(rates, 1.0)
        set_sample_rates(service=self.ridge, rates=everything, by=ada, now=now)
        ask_second_looks(now=now)
        set_sample_rates(service=self.ridge, rates=rates, by=ada, now=now)

    def take_looks(self, *, now: datetime) -> None:
        for number, name in enumerate(voices.LOOKS.by):
            at = now + number * timedelta(minutes=5)
            look = take_look(service=self.ridge, by=self.staff[name], now=at)
            if look is not None:
                self._answer(look, by=self.staff[name], now=at)

    def _answer(self, look: SecondLook, *, by: User, now: datetime) -> None:
        assert look.decision is not None
        case = look.decision.case
        disagrees = case.subject == item_id(voices.LOOKS.disagree_about)
        answer_look(
            service=self.ridge,
            look_id=look.pk,
            by=by,
            enforcement_kind=(
                EnforcementKind.TAKE_DOWN if disagrees else look.decision.enforcement_kind
            ),
            harm=case.harm,
            reasons="The same picture as the adverts."
            if disagrees
            else "It is what it looks like.",
            now=now,
        )


def _declared(voice: Voice) -> dict[str, str | bool]:
    """What a person declares who reports an intimate image (s.20A)."""
    return {"role": voice.role, "is_intimate": True, "no_consent": True}


def _half_a_year_after(now: datetime) -> date:
    return now.date() + timedelta(days=180)
