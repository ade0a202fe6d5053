"""Staff refuse an intimate image report on a lawful ground, or answer that it is not here."""

import pytest
from django.utils import timezone

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.reported_hashes import settle_reported_hashes
from dutybound_server.casework.hearing import GivenHash
from dutybound_server.casework.models import Concern
from tests import make
from tests.cast import Cast
from tests.server.console.conftest import SignIn
from tests.server.intake.intimate_reports import OTHER, PDQ, look, posted, reported

LIST = "/console/ridge/reports/"


def report(cast: Cast, *, queued: bool = False) -> Concern:
    one = make.concern(
        cast.ridge,
        kind=Kind.INTIMATE_IMAGE,
        hashes=(GivenHash(PDQ, 100),),
        now=timezone.now(),
        queued=queued,
    )
    settle_reported_hashes(now=timezone.now())
    return one


def test_a_refusal_without_a_ground_or_words_is_shown_again_beside_its_fields(
    cast: Cast, sign_in: SignIn
) -> None:
    one = report(cast)

    answer = sign_in(cast.mo).post(f"{LIST}{one.reference}/refuse/", {"ground": "too_old"})

    assert answer.status_code == 422
    assert "Refuse this report" in answer.content.decode()
    one.refresh_from_db()
    assert one.decided_at is None


def test_a_refusal_is_told_on_the_page(cast: Cast, sign_in: SignIn) -> None:
    one = report(cast)
    mo = sign_in(cast.mo)
    before = mo.get(f"{LIST}{one.reference}/").content.decode()

    refusal = {"ground": "not_intimate", "words": "It shows a bridge."}
    mo.post(f"{LIST}{one.reference}/refuse/", refusal)

    assert "looked for; what is like it is held" in before
    after = mo.get(f"{LIST}{one.reference}/").content.decode()
    assert "It shows a bridge." in after
    assert "looked for no more" in after
    assert "Refuse this report" not in after


def test_one_that_is_not_here_is_answered_and_watched_for(cast: Cast, sign_in: SignIn) -> None:
    one = report(cast)
    mo = sign_in(cast.mo)

    mo.post(f"{LIST}{one.reference}/watch/")

    one.refresh_from_db()
    assert one.outcome == "not_ours"
    assert "Not on this service" in mo.get(f"{LIST}{one.reference}/").content.decode()


def test_one_that_waits_behind_others_can_be_let_through(cast: Cast, sign_in: SignIn) -> None:
    one = report(cast, queued=True)
    mo = sign_in(cast.mo)
    assert "Look for it now" in mo.get(f"{LIST}{one.reference}/").content.decode()

    mo.post(f"{LIST}{one.reference}/let/")

    one.refresh_from_db()
    assert not one.queued


@pytest.mark.parametrize("action", ["refuse", "watch", "let"])
def test_no_one_without_the_right_and_no_other_service_acts_on_it(
    cast: Cast, sign_in: SignIn, action: str
) -> None:
    one = report(cast)

    assert sign_in(cast.ode).post(f"{LIST}{one.reference}/{action}/").status_code == 403
    assert sign_in(cast.vic).post(f"{LIST}{one.reference}/{action}/").status_code in {403, 404}


def test_another_kind_of_report_has_no_such_part(cast: Cast, sign_in: SignIn) -> None:
    one = make.concern(cast.ridge, now=timezone.now())
    mo = sign_in(cast.mo)

    assert "Refuse this report" not in mo.get(f"{LIST}{one.reference}/").content.decode()
    refusal = {"ground": "not_intimate", "words": "No."}
    assert mo.post(f"{LIST}{one.reference}/refuse/", refusal).status_code == 422


def test_of_an_item_with_several_pictures_a_person_says_which_is_meant(
    cast: Cast, sign_in: SignIn
) -> None:
    album = posted(cast.ridge, "album", PDQ, OTHER, now=timezone.now()).item
    one = reported(cast.ridge, item="album", now=timezone.now()).concern
    look(timezone.now())
    mo, page = sign_in(cast.mo), f"{LIST}{one.reference}/"
    first, second = album.media.order_by("id")
    assert f"{first.external_id} of album" in mo.get(page).content.decode()

    refused = mo.post(f"{page}which/", {})
    mo.post(f"{page}which/", {"pictures": [first.pk]})

    assert refused.status_code == 422
    assert "Choose at least one of its pictures." in refused.content.decode()
    assert "not the one that is meant" in mo.get(page).content.decode()
    assert sign_in(cast.ode).post(f"{page}which/", {"pictures": [second.pk]}).status_code == 403
