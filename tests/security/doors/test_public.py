"""Pages for everyone, the flaggers' desk, the sign-in and what watches us: who sees what."""

from itertools import product

import pytest
from django.utils import timezone

from dutybound.ledger.tiles import WIDTH
from dutybound_server.people.actions import grant_role
from dutybound_server.people.roles import Role
from tests.security.doors.addresses import PARTS, address, rows
from tests.security.doors.conftest import World
from tests.security.doors.table import ACCOUNTS, PUBLIC, WATCHING
from tests.security.doors.visits import Visitor

pytestmark = pytest.mark.django_db

WHO_MAY = rows(PUBLIC)
SECRET_ADDRESS = [page for page in WHO_MAY if "token" in PARTS[f"public:{page}"]]
PEOPLE = ["administrator", "auditor", "staff of another service", "without a role", "nobody"]
NOT_THE_FLAGGER = {
    "administrator": "absent",
    "moderator": "absent",
    "staff of another service": "absent",
    "another flagger": "absent",
    "without a role": "absent",
    "no second factor": "second factor",
    "nobody": "sign in",
    "nobody with a key": "sign in",
}
SORTS = {"n": "nobody", "1": "no second factor", "2": "moderator"}
OURS = {"home", "None"}
"""Addresses that only lead to the console."""


def doors(letter: str) -> list[tuple[str, str]]:
    """The pages of that letter, each with each request that it takes."""
    pairs = product(WHO_MAY, ("GET", "POST"))
    return [(page, method) for page, method in pairs if WHO_MAY[page][method] == letter]


def test_every_address_is_in_a_table_and_every_row_is_an_address() -> None:
    others = {name for name in PARTS if not name.startswith(("console:", "api:"))} - OURS

    assert others == {
        *(f"public:{page}" for page in WHO_MAY), *rows(ACCOUNTS), *rows(WATCHING)
    }  # fmt: skip


@pytest.mark.parametrize("who", PEOPLE)
def test_what_is_for_everybody_opens_for_everybody(world: World, who: str) -> None:
    visitor = world.people[who]

    found = {
        (page, method): visitor.ask(method, address(f"public:{page}", world.ridge)).outcome
        for page, method in doors("*")
    }

    assert set(found.values()) == {"opens"}, found


def test_what_a_page_does_not_take_it_takes_from_nobody(world: World) -> None:
    found = {
        (page, method): world.people["nobody"]
        .ask(method, address(f"public:{page}", world.ridge))
        .outcome
        for page, method in doors("-")
    }

    assert set(found.values()) == {"no such request"}, found


@pytest.mark.parametrize("page", SECRET_ADDRESS)
def test_a_secret_address_that_is_guessed_tells_nothing_and_writes_nothing(
    world: World, page: str
) -> None:
    token = str(world.ridge.arguments(f"public:{page}")["token"])
    guesses = ["a", "A" * len(token), token[:-1], f"{token}x", token.swapcase()]
    methods = [method for method in ("GET", "POST") if WHO_MAY[page][method] == "*"]

    visits = [
        world.people["nobody"].ask(method, address(f"public:{page}", world.ridge, token=guess))
        for method, guess in product(methods, guesses)
    ]

    assert {visit.outcome for visit in visits} == {"absent"}
    assert len({visit.answer.content for visit in visits}) == 1
    assert not any(visit.written for visit in visits)


@pytest.mark.parametrize("who", ["administrator", "nobody", "the browser of another form"])
def test_a_form_opens_only_to_the_browser_that_began_it(world: World, who: str) -> None:
    others = {"the browser of another form": Visitor(cookies=world.harbour.form_cookie)}
    visitor = others.get(who) or world.people[who]

    for page, method in doors("c"):
        refused = visitor.ask(method, address(f"public:{page}", world.ridge))
        own = Visitor(cookies=world.ridge.form_cookie)
        assert (refused.outcome, refused.written) == ("absent", []), (page, method)
        assert own.ask(method, address(f"public:{page}", world.ridge)).outcome == "opens"


@pytest.mark.parametrize("who", NOT_THE_FLAGGER)
def test_the_desk_of_a_flagger_opens_to_its_people_alone(world: World, who: str) -> None:
    people = {**world.people, "another flagger": Visitor.signed_in(world.harbour.flagger_person)}
    for page, method in doors("f"):
        here = address(f"public:{page}", world.ridge)
        if who == "another flagger" and page == "flagger_home":
            continue
        visit = people[who].ask(method, here)
        assert (visit.outcome, visit.written) == (NOT_THE_FLAGGER[who], []), (page, method)
        assert world.people["flagger"].ask(method, here).outcome == "opens"


def test_a_flagger_finds_no_report_of_another(world: World) -> None:
    fay, theirs = world.people["flagger"], world.harbour.arguments("public:flagger_report")
    for reference in (theirs["reference"], world.ridge.arguments("")["reference"]):
        here = address("public:flagger_report", world.ridge, reference=reference)
        assert fay.ask("GET", here).outcome == "absent"


@pytest.mark.parametrize("sort", SORTS)
def test_pages_of_the_sign_in_show_themselves_as_the_table_says(world: World, sort: str) -> None:
    found, expected = {}, {}
    for page, who in rows(ACCOUNTS).items():
        for method, letters in who.items():
            visit = world.people[SORTS[sort]].ask(method, address(page, world.ridge))
            shows = visit.answer.status_code == 200
            # What is not taken is told only to who signed in, on pages that ask for that.
            found[method, page] = shows
            expected[method, page] = sort in letters

    assert found == expected


def test_only_who_watches_us_reads_figures(world: World) -> None:
    for page, who in rows(WATCHING).items():
        for method, letters in who.items():
            for person in ("nobody", "administrator", "nobody with a key"):
                visit = world.people[person].ask(
                    method, address(page, world.ridge), REMOTE_ADDR="203.0.113.9"
                )
                told = {"*": "opens", "t": "refused", "-": "no such request"}[letters]
                # Without a worker we are not ready; which part is not is told to nobody here.
                found = "opens" if page == "readyz" and method == "GET" else visit.outcome
                assert found == told, (page, method, person)
                assert b"worker" not in visit.answer.content


def test_entries_of_the_journal_open_only_to_who_audits_every_service(world: World) -> None:
    head = world.people["nobody"].ask("GET", address("public:journal", world.ridge))
    size = int(head.answer.content.decode().splitlines()[1])
    part = f".p/{size}" if size < WIDTH else ""
    here = address("public:journal", world.ridge, path=f"tile/entries/000{part}")

    found = {who: visitor.ask("GET", here).outcome for who, visitor in world.people.items()}
    grant_role(
        user=world.ridge.crew.auditor, service=world.harbour.service, role=Role.AUDITOR,
        by="system", now=timezone.now(),
    )  # fmt: skip

    assert set(found.values()) == {"absent"}, found
    assert world.people["auditor"].ask("GET", here).outcome == "opens"
