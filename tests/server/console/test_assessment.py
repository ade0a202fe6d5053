"""The assessment's pages: one question at a time, each answer saved, nothing lost."""

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from dutybound_server.assurance.actions.drafts import (
    Saving,
    answer_question,
    set_risk,
    start_draft,
)
from dutybound_server.assurance.models import Draft, Version
from dutybound_server.assurance.parts import seen
from dutybound_server.assurance.queries import draft_of, newest_version
from dutybound_server.people.actions import grant_role
from dutybound_server.people.roles import Role
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved, document, finish
from tests.server.console.conftest import SignIn

pytestmark = pytest.mark.django_db
HOME = "/console/ridge/assessment/"
SEEN = re.compile(r'name="seen" value="([0-9a-f]{16})"')
PAGES = [
    "", "history/", "import/", "service/", "scope/", "scope/user_to_user/", "scope/exemptions/",
    "exemptions/email/", "questions/", "questions/uk_users/", "questions/communication/",
    "questions/proactive_technology/", "questions/takedown_feasible/", "children/", "risks/",
    "risks/fraud/", "risks/csea_grooming/", "risks/fraud/evidence/", "measures/",
    "measures/ICU%20C2/", "gaps/", "gaps/fraud/accept/", "check/", "people/", "compare/",
    "draft/read/record/", "draft/read/board/", "draft/read/statement/", "draft/read/terms/",
]  # fmt: skip


@pytest.fixture
def grace(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.grace)


@pytest.fixture
def draft(cast: Cast) -> Draft:
    return start_draft(service=cast.ridge, by="staff:1", now=NOW)


def post(client: Client, path: str, answers: dict[str, object]) -> str:
    """Open a page, answer it, and read what comes after."""
    page = client.get(HOME + path).content.decode()
    found = SEEN.search(page)
    sent = answers | ({"seen": found.group(1)} if found else {})
    return client.post(HOME + path, sent, follow=True).content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_on_an_empty_draft(path: str, draft: Draft, grace: Client) -> None:
    assert grace.get(HOME + path).status_code == 200


def test_each_page_opens_on_a_finished_one_and_on_an_approved(cast: Cast, grace: Client) -> None:
    finish(cast)
    wrong = [path for path in PAGES if grace.get(HOME + path).status_code != 200]
    assert wrong == []

    approved(cast)
    for path in ("", "compare/", "1/read/record/", "1/record.pdf", "1/assessment.json"):
        assert grace.get(HOME + path).status_code == 200
