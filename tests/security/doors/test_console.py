"""Everybody knocks at every door: each opens to exactly those whom the table names."""

import re
from datetime import timedelta
from itertools import product

import pytest

from tests.security.doors.addresses import PARTS, absent, address, rows
from tests.security.doors.conftest import World
from tests.security.doors.table import CONSOLE
from tests.security.doors.visits import Visit

pytestmark = pytest.mark.django_db

WHO_MAY = rows(CONSOLE)
ROLES = {
    "a": "administrator",
    "g": "accountable person",
    "m": "moderator",
    "s": "senior",
    "r": "restricted-harm moderator",
    "u": "auditor",
}
NOT_STAFF = {
    "staff of another service": "absent",
    "flagger": "absent",
    "without a role": "absent",
    "no second factor": "second factor",
    "nobody": "sign in",
    "nobody with a key": "sign in",
}
"""Who has no place in the console, and what each gets there."""
LAW = {"service", "test", "exemption", "question", "harm", "measure", "control", "gap", "look"}
SAME = {
    "": LAW | {"kind"},
    "assessment_pdf": LAW | {"name"},
    "assessment_record": LAW | {"name"},
    "publication_file": LAW | {"name"},
    "download_document": LAW | {"number"},
}
"""What is the same at every service, or made there when it is first named."""
SENT = {"grant_role": {"role": "auditor"}, "revoke_role": {"role": "auditor"}}
"""What is sent where an empty form is not even looked at."""
NOTED = {"concern", *(page for page in WHO_MAY if page.startswith("auditing"))}
"""Who made a report is told when somebody first looks at it; what auditors open is journalled."""
OURS = {"home", "audits_of_mine"}
"""Addresses of no service, that only lead on."""


def test_every_page_of_the_console_is_in_the_table() -> None:
    console = {name.partition(":")[2] for name in PARTS if name.startswith("console:")}

    assert console - OURS == set(WHO_MAY)


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without what stands on them: who may is asked here, and writing them takes long."""
    # On a slow machine some minutes pass until somebody asks for the picture they opened.
    monkeypatch.setattr("dutybound_server.casework.concern_queries.LOOK_LASTS", timedelta(hours=1))
    monkeypatch.setattr("dutybound_server.console.assessment_outputs.as_pdf", lambda _: b"%PDF")
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_, **__: "")


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize("letter", ROLES)
def test_staff_open_what_the_table_says_and_nothing_else(world: World, letter: str) -> None:
    visitor, found, expected, wrote = world.people[ROLES[letter]], {}, {}, []
    for page, method in doors():
        visit = visitor.ask(method, address(f"console:{page}", world.ridge), SENT.get(page))
        named = f"{method} {page}"
        found[named], expected[named] = visit.outcome, _expected(letter, WHO_MAY[page][method])
        if visit.written and expected[named] != "opens":
            wrote.append(named)
        # Else another site could make somebody's browser do it.
        if method == "GET" and visit.is_journalled and page not in NOTED:
            wrote.append(named)

    assert found == expected
    assert wrote == []


def _expected(letter: str, who: str) -> str:
    may, _, finds_nothing = who.partition("/")
    return "opens" if letter in may else "absent" if letter in finds_nothing else "refused"


@pytest.mark.parametrize("who", NOT_STAFF)
def test_nobody_else_learns_even_that_a_page_is_there(world: World, who: str) -> None:
    visits = {
        f"{method} {page}": world.people[who].ask(method, address(f"console:{page}", world.ridge))
        for page, method in doors()
    }

    found = {page: visit.outcome for page, visit in visits.items()}
    assert {page: told for page, told in found.items() if told != NOT_STAFF[who]} == {}
    assert [visit.written for visit in visits.values() if visit.written] == []


def test_what_a_page_does_not_take_it_takes_from_nobody(world: World) -> None:
    shut = [(page, method) for page, who in WHO_MAY.items() for method in who if who[method] == "-"]
    visitor = world.people["nobody"]

    found = {
        visitor.ask(method, address(f"console:{page}", world.ridge)).outcome
        for page, method in shut
    }

    assert found == {"no such request"}


def test_what_another_service_has_is_as_absent_as_what_nobody_has(world: World) -> None:
    told, tried = [], 0
    for page, method in doors():
        visitor = world.people[ROLES[WHO_MAY[page][method][0]]]
        for part in sorted(PARTS[f"console:{page}"] - SAME.get(page, SAME[""])):
            theirs, nobodys = (
                visitor.ask(method, address(f"console:{page}", world.ridge, **{part: value}))
                for value in _elsewhere(world, page, part)
            )
            tried += 1
            if theirs.written or _said(theirs) != _said(nobodys):
                told.append((method, page, part, theirs.outcome, nobodys.outcome))

    assert told == []
    assert tried > 100


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize("letter", ROLES)
def test_what_is_restricted_is_there_for_one_role_alone(world: World, letter: str) -> None:
    visitor, found = world.people[ROLES[letter]], {}
    for page, parts in world.ridge.restricted.items():
        for method, who in WHO_MAY[page].items():
            if letter in who.partition("/")[0]:
                visit = visitor.ask(method, address(f"console:{page}", world.ridge, **parts))
                found[f"{method} {page}"] = visit.outcome
                assert letter == "r" or visit.written == []

    assert len(found) >= 8
    assert set(found.values()) == {"opens" if letter == "r" else "absent"}, found


@pytest.mark.usefixtures("unwritten")
def test_without_the_token_of_a_form_of_ours_no_page_does_anything(world: World) -> None:
    done = []
    for page, method in doors():
        visitor = world.people[ROLES[WHO_MAY[page][method][0]]]
        if method == "POST":
            visit = visitor.ask(method, address(f"console:{page}", world.ridge), csrf=True)
            if visit.outcome != "refused" or visit.written:
                done.append(page)

    assert done == []


def doors() -> list[tuple[str, str]]:
    """Each page with each request that it takes."""
    pairs = product(WHO_MAY, ("GET", "POST"))
    return [(page, method) for page, method in pairs if WHO_MAY[page][method] != "-"]


def _elsewhere(world: World, page: str, part: str) -> tuple[object, object]:
    """What the other service has there, and what nobody has."""
    theirs = world.harbour.arguments(f"console:{page}")[part]
    return theirs, absent(theirs)


def _said(visit: Visit) -> str:
    """The answer without what differs each time: what was asked for, and the form's token."""
    if visit.outcome == "opens":
        # It goes back to a list, with a word about what is not there (any more).
        return str(visit.answer.headers.get("Location", f"{visit} shows something"))
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", visit.answer.content.decode())
    return re.sub(r"/console/[^\"\s]*", "", text)
