"""The service's side of an audit: who opens and ends it, and how the auditor comes in."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from dutybound_server.assurance.actions.audits import open_audit
from dutybound_server.assurance.models import Audit
from dutybound_server.people.actions import create_service
from tests import make
from tests.cast import Cast
from tests.server.assurance import audits
from tests.server.console.conftest import SignIn

AUDITS = "/console/ridge/audits/"


def asked(**changes: object) -> dict[str, object]:
    """What the form sends: last month, from today, for two weeks."""
    today = timezone.localdate()
    return {
        "name": "Iris",
        "email": "iris@audit.example",
        "purpose": "The yearly audit",
        "period_from": (today - timedelta(days=30)).isoformat(),
        "period_until": today.isoformat(),
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=14)).isoformat(),
        **changes,
    }


def test_the_accountable_person_invites_an_auditor_and_hands_over_a_link(
    cast: Cast, sign_in: SignIn
) -> None:
    answer = sign_in(cast.grace).post(f"{AUDITS}open/", asked())

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Hand this link to Iris" in shown
    assert "/accounts/password/reset/key/" in shown
    audit = Audit.objects.get()
    assert (audit.auditor.email, audit.sees_personal) == ("iris@audit.example", False)
    assert audit.period_until <= timezone.now()
    assert audit.ends_at - audit.starts_at >= timedelta(days=14)


def test_somebody_who_signs_in_already_needs_no_link(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.ada).post(f"{AUDITS}open/", asked(email=cast.ode.email), follow=True)

    assert "signs in already; they may audit now" in answer.content.decode()


def test_only_the_accountable_person_and_administrators_open_and_end_audits(
    cast: Cast, sign_in: SignIn
) -> None:
    audit = audits.opened(cast, now=timezone.now())
    for person, status in ((cast.mo, 403), (cast.ode, 403), (cast.sena, 403), (cast.vic, 404)):
        browser = sign_in(person)
        for where in ("open/", f"{audit.reference}/end/", f"{audit.reference}/link/"):
            assert browser.post(f"{AUDITS}{where}", asked(why="x")).status_code == status

    assert "Open an audit" not in sign_in(cast.ode).get(AUDITS).content.decode()
    assert sign_in(cast.mo).get(AUDITS).status_code == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "mo@ridge.example"}, "an auditor has no part in it"),
        ({"purpose": ""}, "This field is required"),
        ({"period_until": "2999-01-01"}, "The period is over before it is audited"),
        ({"ends_on": "2020-01-01"}, "The audit ends after it starts"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    cast: Cast, sign_in: SignIn, changes: dict[str, object], said: str
) -> None:
    answer = sign_in(cast.grace).post(f"{AUDITS}open/", asked(**changes))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Audit.objects.exists()


def test_an_audit_is_ended_with_a_reason(cast: Cast, sign_in: SignIn) -> None:
    audit = audits.opened(cast, now=timezone.now())
    grace = sign_in(cast.grace)

    grace.post(f"{AUDITS}{audit.reference}/end/", {"why": ""})
    audit.refresh_from_db()
    assert audit.ended_at is None
    answer = grace.post(f"{AUDITS}{audit.reference}/end/", {"why": "Wrong."}, follow=True)

    assert "ended early" in answer.content.decode()
    assert "End it early" not in answer.content.decode()


def test_a_new_link_is_made_only_for_an_auditor_who_never_came_in_and_works_nowhere(
    cast: Cast, sign_in: SignIn
) -> None:
    now = timezone.now()
    iris = audits.opened(cast, email="iris@audit.example", now=now)
    ode = audits.opened(cast, now=now)
    grace = sign_in(cast.grace)

    def link(audit: Audit) -> int:
        return grace.post(f"{AUDITS}{audit.reference}/link/").status_code

    assert (link(iris), link(ode)) == (200, 403)
    User.objects.filter(pk=iris.auditor.pk).update(last_login=now)
    assert link(iris) == 403


def test_nobody_makes_a_way_in_for_the_auditor_of_a_service_they_do_not_rule(
    cast: Cast, sign_in: SignIn
) -> None:
    now = timezone.now()
    mine = audits.opened(cast, email="iris@audit.example", now=now)
    other = create_service(slug="other", name="Other", by="system", now=now)
    day = timedelta(days=1)
    open_audit(
        service=other, email="iris@audit.example", name="", purpose="Another",
        period_from=now - day, period_until=now, starts_at=now, ends_at=now + day,
        sees_personal=True, by=cast.vic, now=now,
    )  # fmt: skip

    assert sign_in(cast.grace).post(f"{AUDITS}{mine.reference}/link/").status_code == 403


def test_an_administrator_of_one_service_cannot_reset_who_audits_another(
    cast: Cast, sign_in: SignIn
) -> None:
    now, day = timezone.now(), timedelta(days=1)
    open_audit(
        service=cast.harbour, email=cast.mo.email, name="", purpose="Another",
        period_from=now - day, period_until=now, starts_at=now, ends_at=now + day,
        sees_personal=True, by=cast.vic, now=now,
    )  # fmt: skip

    answer = sign_in(cast.ada).post(f"/console/ridge/staff/{cast.mo.pk}/factor/")

    assert answer.status_code == 403


def test_an_auditor_who_got_a_part_in_the_service_is_shown_as_such(
    cast: Cast, sign_in: SignIn
) -> None:
    audits.opened(cast, email="iris@audit.example", now=timezone.now())
    iris = User.objects.get(username="iris@audit.example")
    make.flagger(cast.ridge, by=cast.ada).people.create(user=iris, since=timezone.now())

    assert "is let in no longer" in sign_in(cast.grace).get(AUDITS).content.decode()
