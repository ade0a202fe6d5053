"""Audits: who is let in and when, and a sample that neither side can steer."""

import json
from datetime import timedelta

import pytest

from dutybound.evidence.draws import commitment_of, draw, population_digest
from dutybound_server.assurance.actions.audits import (
    commit_to_seed,
    draw_sample,
    end_audit,
    note_look,
    open_audit,
)
from dutybound_server.assurance.audit_queries import (
    AuditNotFound,
    audit_for,
    audits_of,
    open_audits,
    sampled_case,
)
from dutybound_server.assurance.models import Audit
from dutybound_server.assurance.refusals import AuditRefused
from dutybound_server.journal.models import Entry
from dutybound_server.people.actions import deactivate_staff, grant_role
from dutybound_server.people.roles import Role
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.audits import LATER, SEED, busy_service, drawn, opened

COMMITMENT = commitment_of(SEED)


def facts(kind: str) -> list[dict[str, object]]:
    entries = Entry.objects.filter(kind=kind).order_by("id")
    return [json.loads(bytes(entry.body))["facts"] for entry in entries]


# Who is let in, and when


def test_an_auditor_is_let_in_while_the_audit_lasts_and_never_else(cast: Cast) -> None:
    audit = opened(cast, now=LATER)
    moments = [audit.starts_at, audit.ends_at - timedelta(seconds=1)]

    def let_in(person: object, *, now: object) -> list[Audit]:
        return open_audits(person, now=now)  # type: ignore[arg-type]

    assert [let_in(cast.ode, now=moment) for moment in moments] == [[audit], [audit]]
    assert let_in(cast.ode, now=audit.starts_at - timedelta(seconds=1)) == []
    assert let_in(cast.ode, now=audit.ends_at) == []
    assert [let_in(one, now=LATER) for one in (cast.grace, cast.ada, cast.vic)] == [[], [], []]


def test_an_audit_that_was_ended_lets_nobody_in_and_the_journal_says_who_ended_it(
    cast: Cast,
) -> None:
    audit = opened(cast, now=LATER)

    end_audit(audit_id=audit.pk, why="It was the wrong quarter.", by=cast.ada, now=LATER)
    end_audit(audit_id=audit.pk, why="Again.", by=cast.ada, now=LATER)

    assert open_audits(cast.ode, now=LATER) == []
    with pytest.raises(AuditNotFound):
        audit_for(cast.ode, service="ridge", reference=audit.reference, now=LATER)
    ended = Entry.objects.get(kind="audit.ended")
    assert ended.actor == f"staff:{cast.ada.pk}"
    assert b"wrong quarter" not in bytes(ended.body)


def test_whoever_gets_a_part_in_the_service_is_its_auditor_no_longer(cast: Cast) -> None:
    audit = opened(cast, email="iris@audit.example", now=LATER)
    grant_role(user=audit.auditor, service=cast.ridge, role=Role.MODERATOR, by="system", now=LATER)

    assert open_audits(audit.auditor, now=LATER) == []


def test_whoever_was_shut_out_audits_nothing(cast: Cast) -> None:
    opened(cast, now=LATER)
    deactivate_staff(user=cast.ode, by="system", now=LATER)

    assert open_audits(cast.ode, now=LATER) == []


def test_an_invited_auditor_gets_no_role_anywhere(cast: Cast) -> None:
    audit = opened(cast, email="Iris@Audit.example ", now=LATER)

    assert audit.auditor.email == "iris@audit.example"
    assert not audit.auditor.memberships.exists()
    assert not audit.auditor.has_usable_password()


def test_staff_of_the_service_read_of_its_audits_by_their_roles(cast: Cast) -> None:
    audit = opened(cast, now=LATER)

    assert list(audits_of(cast.ada, cast.ridge)) == [audit]
    assert not audits_of(cast.mo, cast.ridge).exists()
    assert not audits_of(cast.ada, cast.harbour).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "mo@ridge.example"}, "email"),
        ({"email": "not an address"}, "email"),
        ({"purpose": " "}, "purpose"),
        ({"period_until": NOW - timedelta(days=9)}, "period_until"),
        ({"period_until": LATER + timedelta(hours=1)}, "period_until"),
        ({"ends_at": LATER}, "ends_at"),
        ({"ends_at": LATER + timedelta(days=400)}, "ends_at"),
    ],
)
def test_an_audit_that_makes_no_sense_is_refused(
    cast: Cast, changes: dict[str, object], field: str
) -> None:
    asked = {
        "email": "iris@audit.example",
        "name": "Iris",
        "purpose": "The yearly audit",
        "period_from": NOW - timedelta(days=1),
        "period_until": NOW,
        "starts_at": LATER,
        "ends_at": LATER + timedelta(days=7),
        "sees_personal": False,
        **changes,
    }

    with pytest.raises(AuditRefused) as refused:
        open_audit(service=cast.ridge, by=cast.grace, now=LATER, **asked)  # type: ignore[arg-type]

    assert refused.value.field == field
    assert not Audit.objects.exists()


def test_somebody_who_flags_for_the_service_is_no_auditor_of_it(cast: Cast) -> None:
    fay = make.flagger_person(make.flagger(cast.ridge, by=cast.ada), by=cast.ada)

    with pytest.raises(AuditRefused, match="no part in it"):
        opened(cast, email=fay.email, now=LATER)


# The sample


def test_the_sample_is_what_the_seed_draws_of_the_cases_of_the_period(cast: Cast) -> None:
    cases = busy_service(cast)
    make.case(cast.ridge, now=NOW - timedelta(days=30))
    make.case(cast.harbour)

    audit = drawn(cast, wanted=2, now=LATER)

    assert audit.population == sorted(case.reference for case in cases.values())
    assert audit.sample == list(draw(audit.population, seed=SEED, wanted=2))
    assert facts("audit.committed") == [{"commitment": COMMITMENT, "wanted": 2}]
    digest = population_digest(audit.population)
    assert facts("audit.fixed") == [{"population_digest": digest, "count": 3}]
    assert facts("audit.drawn") == [{"seed": SEED, "sample": audit.sample}]


def test_what_happens_after_the_population_was_fixed_changes_no_draw(cast: Cast) -> None:
    busy_service(cast)
    audit = opened(cast, now=LATER)
    commit_to_seed(audit_id=audit.pk, commitment=COMMITMENT, wanted=3, now=LATER)
    make.case(cast.ridge, now=NOW)

    audit = draw_sample(audit_id=audit.pk, seed=SEED, now=LATER)

    assert len(audit.population) == len(audit.sample) == 3


def test_a_commitment_is_given_once_and_only_its_own_seed_is_taken(cast: Cast) -> None:
    audit = opened(cast, now=LATER)
    with pytest.raises(AuditRefused, match="Commit to a seed first"):
        draw_sample(audit_id=audit.pk, seed=SEED, now=LATER)
    with pytest.raises(AuditRefused, match="no commitment"):
        commit_to_seed(audit_id=audit.pk, commitment="abc", wanted=3, now=LATER)
    with pytest.raises(AuditRefused, match="Ask for 1 to 500"):
        commit_to_seed(audit_id=audit.pk, commitment=COMMITMENT, wanted=0, now=LATER)
    commit_to_seed(audit_id=audit.pk, commitment=COMMITMENT, wanted=3, now=LATER)

    with pytest.raises(AuditRefused, match="cannot be another"):
        commit_to_seed(audit_id=audit.pk, commitment="0" * 64, wanted=3, now=LATER)
    with pytest.raises(AuditRefused, match="not the seed that you committed to"):
        draw_sample(audit_id=audit.pk, seed="0" * 64, now=LATER)
    with pytest.raises(AuditRefused, match="no seed"):
        draw_sample(audit_id=audit.pk, seed="zonk", now=LATER)
    draw_sample(audit_id=audit.pk, seed=SEED.upper(), now=LATER)
    with pytest.raises(AuditRefused, match="is drawn"):
        draw_sample(audit_id=audit.pk, seed=SEED, now=LATER)


def test_no_step_is_taken_out_of_time(cast: Cast) -> None:
    audit = opened(cast, now=LATER)

    with pytest.raises(AuditRefused, match="not the time"):
        commit_to_seed(audit_id=audit.pk, commitment=COMMITMENT, wanted=3, now=audit.ends_at)
    commit_to_seed(audit_id=audit.pk, commitment=COMMITMENT, wanted=3, now=LATER)
    with pytest.raises(AuditRefused, match="not the time"):
        draw_sample(audit_id=audit.pk, seed=SEED, now=audit.ends_at)


def test_only_what_was_drawn_can_be_opened(cast: Cast) -> None:
    busy_service(cast)
    audit = drawn(cast, wanted=1, now=LATER)
    left = next(one for one in audit.population if one not in audit.sample)

    assert sampled_case(audit, audit.sample[0]).reference == audit.sample[0]
    with pytest.raises(AuditNotFound):
        sampled_case(audit, left)


def test_what_is_opened_is_journalled_once_a_minute_for_each_thing(cast: Cast) -> None:
    audit = opened(cast, now=LATER)
    for seconds, thing in ((0, "case:a"), (59, "case:a"), (59, "case:b"), (61, "case:a")):
        note_look(audit=audit, thing=thing, now=LATER + timedelta(seconds=seconds))

    looked = Entry.objects.filter(kind="audit.looked").order_by("id")
    assert [one.subject for one in looked] == ["case:a", "case:b", "case:a"]
    assert facts("audit.looked")[0] == {"audit": audit.reference}
