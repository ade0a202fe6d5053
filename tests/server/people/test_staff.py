import pytest
from django.test import Client

from dutybound_server.journal.models import Entry
from dutybound_server.people.actions import (
    EmailTaken,
    LastAdministrator,
    appoint_administrator,
    create_staff,
    deactivate_staff,
    grant_role,
    revoke_role,
)
from dutybound_server.people.queries import may, services_for
from dutybound_server.people.roles import May, Role
from tests.cast import NOW, Cast


def kinds_about(subject: str) -> list[str]:
    return list(Entry.objects.filter(subject=subject).order_by("id").values_list("kind", flat=True))


def test_roles_are_held_at_one_service_only(cast: Cast) -> None:
    assert may(cast.mo, cast.ridge, May.DECIDE)
    assert not may(cast.mo, cast.harbour, May.DECIDE)
    assert not may(cast.mo, cast.ridge, May.SEE_RESTRICTED)
    assert may(cast.ren, cast.ridge, May.SEE_RESTRICTED)
    assert list(services_for(cast.vic)) == [cast.harbour]


def test_a_role_taken_away_is_gone_at_once_and_the_journal_shows_both(cast: Cast) -> None:
    grant_role(user=cast.vic, service=cast.ridge, role=Role.MODERATOR, by="system", now=NOW)
    assert may(cast.vic, cast.ridge, May.DECIDE)

    revoke_role(user=cast.vic, service=cast.ridge, role=Role.MODERATOR, by="system", now=NOW)

    assert not may(cast.vic, cast.ridge, May.LOOK)
    assert kinds_about(f"staff:{cast.vic.pk}")[-2:] == ["role.granted", "role.revoked"]


def test_the_last_administrator_cannot_be_removed(cast: Cast) -> None:
    with pytest.raises(LastAdministrator):
        revoke_role(
            user=cast.ada, service=cast.ridge, role=Role.ADMINISTRATOR, by="system", now=NOW
        )
    with pytest.raises(LastAdministrator):
        deactivate_staff(user=cast.ada, by="system", now=NOW)

    grant_role(user=cast.sena, service=cast.ridge, role=Role.ADMINISTRATOR, by="system", now=NOW)
    deactivate_staff(user=cast.ada, by="system", now=NOW)

    assert not may(cast.ada, cast.ridge, May.LOOK)


def test_deactivation_ends_the_sessions_of_a_person_for_good(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.mo)

    deactivate_staff(user=cast.mo, by="system", now=NOW)
    cast.mo.refresh_from_db()
    cast.mo.is_active = True
    cast.mo.save()

    answer = client.get("/accounts/2fa/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_the_command_line_appoints_a_first_administrator_and_lets_a_lost_one_in(
    db: None,
) -> None:
    appointed = [
        appoint_administrator(
            email="Ina@new.example", slug="new", service_name="New Place", now=NOW
        )
        for _ in range(2)
    ]

    assert appointed[0] == appointed[1]
    service = services_for(appointed[0]).get()
    assert (service.slug, service.name) == ("new", "New Place")
    assert may(appointed[0], service, May.ADMINISTER)
    assert kinds_about(f"staff:{appointed[0].pk}") == ["staff.created", "role.granted"]


def test_two_people_cannot_have_one_address_however_it_is_written(cast: Cast) -> None:
    with pytest.raises(EmailTaken):
        create_staff(email=" MO@ridge.example", name="Other", password=None, by="system", now=NOW)


def test_the_journal_names_staff_only_by_digest(cast: Cast) -> None:
    entry = Entry.objects.get(kind="staff.created", subject=f"staff:{cast.mo.pk}")

    assert b"mo@ridge.example" not in bytes(entry.body)
    assert set(entry.salts) == {"email", "name"}
