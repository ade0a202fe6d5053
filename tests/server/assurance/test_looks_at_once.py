"""Two workers, or two people, at one moment: nothing is found, opened, drawn or numbered twice."""

from datetime import timedelta
from functools import partial

import pytest

from dutybound.evidence.draws import commitment_of
from dutybound_server.assurance.actions.audits import commit_to_seed, draw_sample, open_audit
from dutybound_server.assurance.actions.looks import look_at
from dutybound_server.assurance.actions.publications import publish
from dutybound_server.assurance.models import Audit, Finding, MeasureTask, Publication
from dutybound_server.assurance.publication_contents import Period, gather_figures
from dutybound_server.assurance.publication_kinds import FIGURES
from dutybound_server.assurance.refusals import AuditRefused
from dutybound_server.journal.models import Entry
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved
from tests.server.casework.test_at_once import at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)

SEED = "0" * 64


def test_two_looks_at_once_find_and_open_each_thing_once(cast: Cast) -> None:
    approved(cast)
    look = partial(look_at, service=cast.ridge, now=NOW)

    done = at_once(look, look, look)

    assert refusals(done) == []
    assert Finding.objects.filter(measure="ICU A2").count() == 1
    assert MeasureTask.objects.filter(measure="ICU A2").count() == 1
    assert Entry.objects.filter(kind="measures.found").count() == 1


def test_figures_that_are_published_at_once_take_numbers_of_their_own(cast: Cast) -> None:
    made = gather_figures(cast.ridge, Period(NOW - timedelta(days=9), NOW), now=NOW)
    give = partial(
        publish, service=cast.ridge, kind=FIGURES, title="Figures", content=made.content,
        head=made.head, by=cast.grace, now=NOW,
    )  # fmt: skip

    done = at_once(give, give, give)

    assert refusals(done) == []
    assert list(Publication.objects.order_by("number").values_list("number", flat=True)) == [
        1,
        2,
        3,
    ]


def test_a_sample_is_drawn_once_however_often_it_is_asked_for_at_once(cast: Cast) -> None:
    audit, _ = open_audit(
        service=cast.ridge, email="iris@audit.example", name="Iris", purpose="The yearly audit",
        period_from=NOW - timedelta(days=9), period_until=NOW, starts_at=NOW,
        ends_at=NOW + timedelta(days=9), sees_personal=False, by=cast.grace, now=NOW,
    )  # fmt: skip
    commit = partial(
        commit_to_seed, audit_id=audit.pk, commitment=commitment_of(SEED), wanted=1, now=NOW
    )
    draw = partial(draw_sample, audit_id=audit.pk, seed=SEED, now=NOW)

    assert refusals(at_once(commit, commit)) == [AuditRefused]
    assert refusals(at_once(draw, draw)) == [AuditRefused]
    assert Audit.objects.get().drawn_at == NOW
    kinds = ("audit.committed", "audit.fixed", "audit.drawn")
    assert Entry.objects.filter(kind__in=kinds).count() == 3
