"""What was counted at a moment is counted the same later: what came after it is not seen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dutybound.cases.kinds import Kind
from dutybound.evidence.probe import find
from dutybound.evidence.probes import PROBES
from dutybound.evidence.status import Status
from dutybound_server.assurance.measuring.accounts import ACCOUNT_READERS
from dutybound_server.assurance.measuring.matching import MATCHING
from dutybound_server.assurance.measuring.moderation import MODERATION
from dutybound_server.assurance.measuring.moderation_people import MODERATION_PEOPLE
from dutybound_server.assurance.measuring.takedown import TAKEDOWN
from dutybound_server.assurance.models import Training
from dutybound_server.banks.actions import change_bank, remove_signals
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.cases import open_account_case, open_case
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.desks import change_desk, desk_of
from dutybound_server.casework.actions.enforcements import acknowledge_enforcement
from dutybound_server.casework.models import Case, Decision, Enforcement, Notice
from dutybound_server.items.models import Item
from dutybound_server.people.actions import deactivate_staff, grant_role, revoke_role
from dutybound_server.people.models import Account, Service
from dutybound_server.people.roles import Role
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

READERS = {**MODERATION, **MODERATION_PEOPLE, **TAKEDOWN, **MATCHING, **ACCOUNT_READERS}
STEP = timedelta(hours=7)
IN_FAVOUR = {"enforcement_kind": "none", "ground": "none", "rule": "", "statement": "It stays."}
Step = Callable[[datetime], object]


def seen(service: Service, at: datetime) -> dict[str, object]:
    return {name: reader(service, at) for name, reader in READERS.items()}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story plays, and what is on it by its name."""

    cast: Cast

    @property
    def ridge(self) -> Service:
        return self.cast.ridge

    def item(self, external_id: str) -> Item:
        return Item.objects.filter(external_id=external_id).order_by("-revision")[0]

    def case(self, external_id: str) -> Case:
        return Case.objects.get(subject=external_id)

    def last(self, external_id: str) -> Decision:
        return Decision.objects.filter(case__subject=external_id).order_by("-id")[0]

    def bank(self) -> Bank:
        return Bank.objects.get(name="csam")

    def post(self, external_id: str, at: datetime, *, author: Account | None = None) -> None:
        sent = make.item(
            self.ridge, external_id=external_id, author=author, verdict="allow", received_at=at
        )
        make.media(sent)

    def block(self, external_id: str, at: datetime) -> None:
        sent = make.item(self.ridge, external_id=external_id, received_at=at)
        make.case(self.ridge, about=sent, now=at)

    def report(self, external_id: str, at: datetime, **changes: Any) -> None:  # noqa: ANN401 - any field
        make.concern(self.ridge, about=[self.item(external_id)], now=at, **changes)

    def add_bank(self, at: datetime) -> None:
        made = make.bank(self.ridge, "csam", harm="csea_image_csam", hashes=[("pdq", "f" * 64)])
        Bank.objects.filter(pk=made.pk).update(created_at=at)
        made.signals.update(added_at=at)

    def switch_bank(self, on: bool, at: datetime) -> None:
        changes = {"enabled": on}
        change_bank(bank=self.bank(), changes=changes, why="A test.", by="system", now=at)

    def empty_bank(self, at: datetime) -> None:
        ids = list(Signal.objects.filter(bank=self.bank()).values_list("id", flat=True))
        remove_signals(bank=self.bank(), ids=ids, why="A test.", by="system", now=at)

    def acknowledge(self, external_id: str, at: datetime) -> None:
        for told in Enforcement.objects.filter(subject=external_id, acknowledged_at=None):
            acknowledge_enforcement(service=self.ridge, uuid=told.uuid, now=at)

    def appeal(self, external_id: str, at: datetime) -> None:
        token = Notice.objects.get(decision=self.last(external_id)).token
        lodge_appeal(token=token, grounds="It was satire.", now=at)

    def train(self, person: User, at: datetime) -> None:
        Training.objects.create(
            service=self.ridge, user=person, subject="moderation", on=at.date(),
            expires_on=at.date() + timedelta(days=99), recorded_at=at, recorded_by=self.cast.ada,
        )  # fmt: skip

    def accuse(self, account: Account, harm: str, at: datetime) -> None:
        open_account_case(account=account, harm=harm, why="Its name.", by=self.cast.sena, now=at)


def of_content(on: Stage) -> Iterator[Step]:
    """What is posted, told, decided, appealed and undone, each at an hour of its own."""
    mo, sena = on.cast.mo, on.cast.sena
    yield lambda at: on.post("a", at, author=on.cast.bram)
    yield lambda at: on.report("a", at, harm="fraud")
    yield on.add_bank
    yield lambda at: on.block("b", at)
    yield lambda at: make.decide(on.case("a"), by=mo, now=at)
    yield lambda at: open_case(item=on.item("b"), harm="terrorism", why="Look.", now=at, by=mo)
    yield lambda at: on.acknowledge("a", at)
    yield lambda at: make.decide(on.case("b"), by=mo, now=at, harm="harassment")
    yield lambda at: on.report("b", at, harm="csea")
    yield lambda at: on.appeal("a", at)
    yield lambda at: on.report("a", at, kind=Kind.INTIMATE_IMAGE)
    yield lambda at: on.report("b", at, kind=Kind.HARMFUL_TO_CHILDREN, harm="bullying")
    yield lambda at: make.decide(on.case("a"), by=sena, now=at, **IN_FAVOUR)
    yield lambda at: on.report("a", at, harm="fraud")
    yield lambda at: make.decide(on.case("a"), by=sena, now=at, harm="fraud")
    yield lambda at: undo_decision(decision_id=on.last("a").pk, by=sena, now=at)


def of_the_house(on: Stage) -> Iterator[Step]:
    """Banks, people, targets and accounts change."""
    cast, ridge, role = on.cast, on.ridge, Role.MODERATOR
    yield lambda at: on.switch_bank(False, at)
    yield lambda at: on.post("c", at)
    yield lambda at: on.switch_bank(True, at)
    yield on.empty_bank
    yield lambda at: on.train(cast.mo, at)
    yield lambda at: revoke_role(user=cast.mo, service=ridge, role=role, by="system", now=at)
    yield lambda at: deactivate_staff(user=cast.nell, by="system", now=at)
    yield lambda at: grant_role(user=cast.ode, service=ridge, role=role, by="system", now=at)
    targets = {"targets": {"illegal_content": 9}}
    yield lambda at: change_desk(desk=desk_of(ridge), changes=targets, by=cast.ada, now=at)
    yield lambda at: on.accuse(cast.cleo, "fraud", at)
    yield lambda at: on.accuse(cast.cleo, "terrorism", at)
    yield lambda at: make.decide(on.case("cleo"), by=cast.sena, now=at)
    yield lambda at: on.acknowledge("cleo", at)
    yield lambda at: make.decide(on.case("b"), by=cast.ren, now=at)


def test_no_query_sees_what_came_later(cast: Cast) -> None:
    before, now = {}, NOW
    for step in (*of_content(Stage(cast)), *of_the_house(Stage(cast))):
        step(now)
        # Between two steps, so that no moment is shared.
        then = now + STEP / 2
        before[then] = seen(cast.ridge, then)
        now += STEP

    for then, counted in before.items():
        again = seen(cast.ridge, then)
        for name in counted:
            assert again[name] == counted[name], f"{name} as of {(then - NOW) / STEP}"
    # The story turns each query.
    for name in READERS.keys() - {"feasibility_claims", "bank_csam_links", "bank_intimate"}:
        assert len({repr(counted[name]) for counted in before.values()}) > 1, name


def status(service: Service, measure: str, at: datetime) -> Status:
    answers = {query.name: READERS[query.name](service, at) for query in PROBES[measure].reads}
    return find(PROBES[measure], measure, answers).status


def test_switching_a_bank_off_turns_its_measure_at_once(cast: Cast) -> None:
    one = make.bank(cast.ridge, "csam", harm="csea_image_csam", hashes=[("pdq", "f" * 64)])
    at = NOW + timedelta(minutes=1)
    assert status(cast.ridge, "ICU C9", NOW) is Status.NOT_ENOUGH

    change_bank(bank=one, changes={"enabled": False}, why="A test.", by="system", now=at)

    assert status(cast.ridge, "ICU C9", at) is Status.NOT_MET


def test_a_report_past_its_time_turns_its_measure_at_once(cast: Cast) -> None:
    for _ in range(10):
        make.decided_case(cast.ridge, by=cast.mo)
    make.concern(cast.ridge, about=[make.item(cast.ridge)], harm="fraud", now=NOW)
    due = NOW + timedelta(days=3)
    assert status(cast.ridge, "ICU C1", due) is Status.NOT_ENOUGH

    assert status(cast.ridge, "ICU C1", due + timedelta(seconds=1)) is Status.AT_RISK
    assert status(cast.ridge, "PCU C1", due + timedelta(seconds=1)) is Status.NOT_ENOUGH


def test_a_service_that_never_confirms_is_never_met(cast: Cast) -> None:
    for _ in range(60):
        make.decide(make.case(cast.ridge), by=cast.mo)
    assert status(cast.ridge, "ICU C2", NOW) is Status.NOT_ENOUGH

    told = Enforcement.objects.all()[0]
    acknowledge_enforcement(service=cast.ridge, uuid=told.uuid, now=NOW)

    assert status(cast.ridge, "ICU C2", NOW) is Status.MET


def test_more_rows_ask_for_no_more_queries(cast: Cast) -> None:
    make.bank(cast.ridge, "csam", harm="csea_image_csam", hashes=[("pdq", "f" * 64)])
    asked = []
    for number in (1, 12):
        for _ in range(number):
            make.decided_case(cast.ridge, by=cast.mo)
            make.case(cast.ridge, harm="csea_image_csam")
            make.concern(cast.ridge, about=[make.item(cast.ridge)], now=NOW)
            reopened = make.decided_case(cast.ridge, by=cast.mo)
            assert reopened.item is not None
            make.concern(cast.ridge, about=[reopened.item], now=NOW)
            make.decide(reopened, by=cast.mo)
        with CaptureQueriesContext(connection) as queries:
            seen(cast.ridge, NOW + STEP)
        asked.append(len(queries))

    assert asked[0] == asked[1]
