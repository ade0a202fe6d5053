"""Statements of reasons at the console: what is kept back, other words, and the export."""

import json

from django.utils import timezone

from dutybound.cases.statements import check_statements
from dutybound_server.casework.models import PublishedWords
from tests import make
from tests.cast import NOW, Cast
from tests.server.console.conftest import SignIn

ALL = "/console/ridge/statements/"
DAYS = "?start=2026-11-01&end=2026-11-30"


def test_what_names_somebody_is_kept_back_until_worded_anew(cast: Cast, sign_in: SignIn) -> None:
    decision = make.decide(
        make.case(cast.ridge, author=cast.bram), by=cast.mo, statement="You wrote to @cleo_hill."
    )
    mo, one = sign_in(cast.mo), f"{ALL}{decision.pk}/"
    assert "kept back" in mo.get(f"{ALL}?kept=1").content.decode()
    assert "You wrote to […]." in mo.get(one).content.decode()

    refused = mo.post(f"{one}words/", {"words": "It went to @cleo_hill."})

    assert (refused.status_code, PublishedWords.objects.count()) == (422, 0)
    assert mo.post(f"{one}words/", {"words": "It was unkind."}).status_code == 302
    assert "Nothing is kept back" in mo.get(f"{ALL}?kept=1").content.decode()


def test_who_only_reads_words_nothing_and_a_moderator_exports_nothing(
    cast: Cast, sign_in: SignIn
) -> None:
    decision = make.decide(make.case(cast.ridge), by=cast.mo)

    reworded = sign_in(cast.ode).post(f"{ALL}{decision.pk}/words/", {"words": "Zonk."})

    assert reworded.status_code == 403
    assert sign_in(cast.mo).get(f"{ALL}export/{DAYS}").status_code == 403


def test_the_export_holds_what_can_be_published_and_no_restricted_case(
    cast: Cast, sign_in: SignIn
) -> None:
    good = make.decide(make.case(cast.ridge), by=cast.mo)
    make.decide(make.case(cast.ridge), by=cast.mo, statement="Ask 07700 900123.")
    make.decide(make.case(cast.ridge, harm="csea_image_csam"), by=cast.ren)
    make.decide(make.case(cast.harbour), by=cast.vic)

    answer = sign_in(cast.ode).get(f"{ALL}export/{DAYS}")

    statements = json.loads(answer.content)["statements"]
    assert [one["puid"] for one in statements] == [f"{good.case.reference}-{good.pk}"]
    assert check_statements(statements) == []
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_export_without_days_asks_for_them(cast: Cast, sign_in: SignIn) -> None:
    ode = sign_in(cast.ode)

    answer = ode.get(f"{ALL}export/?start=zonk", follow=True)

    assert "Choose the first day and the last." in answer.content.decode()


def test_a_restricted_statement_is_not_there_for_others(cast: Cast, sign_in: SignIn) -> None:
    decision = make.decide(make.case(cast.ridge, harm="csea_image_csam"), by=cast.ren)
    assert decision.decided_at == NOW < timezone.now()

    for person, status in ((cast.mo, 404), (cast.ode, 404), (cast.vic, 404), (cast.ren, 200)):
        assert sign_in(person).get(f"{ALL}{decision.pk}/").status_code == status
