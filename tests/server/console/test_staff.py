import re

from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from dutybound_server.journal.models import Entry
from dutybound_server.people.actions import grant_role
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May, Role
from tests.cast import NOW, Cast

STAFF = "/console/ridge/staff/"


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def kinds_by(person: User) -> list[str]:
    entries = Entry.objects.filter(actor=f"staff:{person.pk}").order_by("id")
    return list(entries.values_list("kind", flat=True))


def test_only_an_administrator_sees_and_changes_staff(cast: Cast) -> None:
    assert signed_in(cast.ada).get(STAFF).status_code == 200
    assert signed_in(cast.sena).get(STAFF).status_code == 403
    assert signed_in(cast.vic).get(STAFF).status_code == 404
    grant = f"{STAFF}{cast.mo.pk}/grant/"
    assert signed_in(cast.mo).post(grant, {"role": "administrator"}).status_code == 403
    assert not may(cast.mo, cast.ridge, May.ADMINISTER)


def test_an_invited_person_gets_a_link_that_is_shown_once_and_mailed(cast: Cast) -> None:
    invitation = {
        "name": "Noor",
        "email": "noor@ridge.example",
        "roles": ["moderator", "auditor"],
        "mail": "on",
    }

    page = signed_in(cast.ada).post(f"{STAFF}invite/", invitation).content.decode()

    link = re.search(r"http://testserver/accounts/password/reset/key/[\w-]+/", page)
    assert link
    assert link.group() in mail.outbox[0].body
    assert mail.outbox[0].to == ["noor@ridge.example"]
    noor = User.objects.get(email="noor@ridge.example")
    assert may(noor, cast.ridge, May.DECIDE)
    assert may(noor, cast.ridge, May.AUDIT)
    assert kinds_by(cast.ada) == ["staff.created", "role.granted", "role.granted"]
    assert link.group() not in signed_in(cast.ada).get(STAFF).content.decode()


def test_inviting_who_works_elsewhere_gives_roles_and_no_link(cast: Cast) -> None:
    invitation = {"name": "Vic", "email": "VIC@harbour.example", "roles": ["auditor"]}

    answer = signed_in(cast.ada).post(f"{STAFF}invite/", invitation, follow=True)

    assert "/reset/key/" not in answer.content.decode()
    assert may(cast.vic, cast.ridge, May.AUDIT)


def test_an_invitation_without_a_role_is_not_taken(cast: Cast) -> None:
    answer = signed_in(cast.ada).post(f"{STAFF}invite/", {"name": "N", "email": "n@ridge.example"})

    assert answer.status_code == 422
    assert not User.objects.filter(email="n@ridge.example").exists()


def test_an_administrator_changes_roles_and_the_last_one_stays(cast: Cast) -> None:
    ada = signed_in(cast.ada)

    ada.post(f"{STAFF}{cast.mo.pk}/revoke/", {"role": "moderator"})
    assert not may(cast.mo, cast.ridge, May.LOOK)

    answer = ada.post(f"{STAFF}{cast.ada.pk}/revoke/", {"role": "administrator"}, follow=True)
    assert "no other administrator" in answer.content.decode()
    assert may(cast.ada, cast.ridge, May.ADMINISTER)
    assert ada.post(f"{STAFF}{cast.nell.pk}/grant/", {"role": "king"}).status_code == 404


def test_shutting_out_signs_out_everywhere_and_letting_in_again_needs_a_new_link(
    cast: Cast,
) -> None:
    ada, mo = signed_in(cast.ada), signed_in(cast.mo)
    assert mo.get("/console/ridge/cases/").status_code == 200

    ada.post(f"{STAFF}{cast.mo.pk}/shut-out/")
    assert mo.get("/console/ridge/cases/").status_code == 302

    page = ada.post(f"{STAFF}{cast.mo.pk}/let-in/").content.decode()
    assert "/accounts/password/reset/key/" in page
    assert mo.get("/console/ridge/cases/").status_code == 302


def test_shutting_out_says_what_will_happen_before_its_button(cast: Cast) -> None:
    page = signed_in(cast.ada).get(STAFF).content.decode()

    said = "Mo is signed out everywhere at once and cannot come back"
    assert page.index("Shut out…") < page.index(said) < page.index("Shut out Mo</button>")


def test_who_also_works_elsewhere_is_not_shut_out_by_one_service(cast: Cast) -> None:
    grant_role(user=cast.vic, service=cast.ridge, role=Role.MODERATOR, by="system", now=NOW)

    for verb in ("shut-out", "link", "factor", "let-in"):
        answer = signed_in(cast.ada).post(f"{STAFF}{cast.vic.pk}/{verb}/")
        assert answer.status_code == 403
    cast.vic.refresh_from_db()
    assert cast.vic.is_active


def test_staff_of_another_service_cannot_be_named(cast: Cast) -> None:
    answer = signed_in(cast.ada).post(f"{STAFF}{cast.vic.pk}/grant/", {"role": "auditor"})

    assert answer.status_code == 404
