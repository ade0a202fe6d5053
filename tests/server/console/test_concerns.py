"""What people told us, as staff see it: the list, one of them, and what can be done with it."""

from datetime import timedelta

from django.utils import timezone

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.intimate import refuse_intimate
from dutybound_server.casework.actions.unfounded import (
    approve_policy,
    check_disregard,
    disregard,
)
from dutybound_server.casework.models import Case, Concern
from tests import make
from tests.cast import Cast
from tests.server.console.conftest import SignIn

LIST = "/console/ridge/reports/"


def complaint(cast: Cast) -> Concern:
    return make.concern(cast.ridge, kind=Kind.DUTIES, words="Nobody answers.", now=timezone.now())


def test_the_list_shows_what_waits_and_hides_what_is_restricted(
    cast: Cast, sign_in: SignIn
) -> None:
    plain = make.concern(cast.ridge, harm="fraud", now=timezone.now())
    apart = make.concern(cast.ridge, harm="csea_image_csam", now=timezone.now())

    page = sign_in(cast.mo).get(LIST).content.decode()

    assert plain.reference in page
    assert apart.reference not in page
    assert apart.reference in sign_in(cast.ren).get(LIST).content.decode()


def test_one_of_another_service_or_restricted_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    apart = make.concern(cast.ridge, harm="csea_image_csam", now=timezone.now())
    foreign = make.concern(cast.harbour, now=timezone.now())
    mo = sign_in(cast.mo)

    assert mo.get(f"{LIST}{apart.reference}/").status_code == 404
    assert mo.get(f"{LIST}{foreign.reference}/").status_code == 404
    assert mo.post(f"{LIST}{apart.reference}/pause/", {"why": "x"}).status_code == 404


def test_opening_it_shows_their_words_as_text_and_notes_the_first_look(
    cast: Cast, sign_in: SignIn
) -> None:
    one = make.concern(cast.ridge, words="<script>zonk</script>", now=timezone.now())

    sign_in(cast.ode).get(f"{LIST}{one.reference}/")
    one.refresh_from_db()
    assert one.looked_at is None
    page = sign_in(cast.mo).get(f"{LIST}{one.reference}/").content.decode()

    assert "&lt;script&gt;zonk" in page
    one.refresh_from_db()
    assert one.looked_at is not None


def test_a_complaint_is_answered_once_and_the_person_is_told(cast: Cast, sign_in: SignIn) -> None:
    one = complaint(cast)
    # Who answers for the service decides no case, and answers complaints.
    grace = sign_in(cast.grace)
    answer = {"outcome": "overturned", "reasons": "True.", "words": "You were right. It is mended."}

    assert grace.post(f"{LIST}{one.reference}/answer/", {"outcome": "acted"}).status_code == 422
    assert grace.post(f"{LIST}{one.reference}/answer/", answer).status_code == 302
    assert grace.post(f"{LIST}{one.reference}/answer/", answer).status_code == 422

    assert one.letters.get(kind="outcome").words.startswith("You were right.")


def test_a_clock_stands_still_only_with_a_reason_and_never_against_the_act(
    cast: Cast, sign_in: SignIn
) -> None:
    one = complaint(cast)
    item = make.item(cast.ridge, author=cast.bram)
    image = make.concern(cast.ridge, about=[item], kind=Kind.INTIMATE_IMAGE, answers=make.DECLARED)
    mo = sign_in(cast.mo)

    assert mo.post(f"{LIST}{one.reference}/pause/", {"why": " "}).status_code == 422
    assert mo.post(f"{LIST}{one.reference}/pause/", {"why": "We asked which."}).status_code == 302
    assert mo.post(f"{LIST}{image.reference}/pause/", {"why": "Busy."}).status_code == 422

    one.refresh_from_db()
    assert one.paused_at is not None


def test_a_report_that_named_nothing_is_pointed_to_an_item(cast: Cast, sign_in: SignIn) -> None:
    item = make.item(cast.ridge, author=cast.bram, text="zonk")
    one = make.concern(cast.ridge, now=timezone.now() - timedelta(hours=1))

    answer = sign_in(cast.mo).post(
        f"{LIST}{one.reference}/point/", {"subject_kind": "item", "subject": item.external_id}
    )

    assert answer.status_code == 302
    assert Case.objects.filter(subject=item.external_id).exists()


def test_an_auditor_reads_and_answers_nothing(cast: Cast, sign_in: SignIn) -> None:
    one = complaint(cast)
    ode = sign_in(cast.ode)

    assert ode.get(f"{LIST}{one.reference}/").status_code == 200
    assert ode.post(f"{LIST}{one.reference}/pause/", {"why": "x"}).status_code == 403


def test_one_wrongly_disregarded_waits_again_and_is_answered_once_more(
    cast: Cast, sign_in: SignIn
) -> None:
    one = complaint(cast)
    approve_policy(
        service=cast.ridge,
        words="We set aside what was answered before.",
        attributes=["The same words as before"],
        monitoring="A colleague looks at each.",
        change="",
        review_by=(timezone.now() + timedelta(days=300)).date(),
        by=cast.grace,
        now=timezone.now(),
    )
    use = disregard(concern_id=one.pk, attribute=0, why="The same.", by=cast.mo, now=timezone.now())
    check_disregard(disregard_id=use.pk, by=cast.nell, was_right=False, now=timezone.now())
    sena = sign_in(cast.sena)

    assert one.reference in sena.get(LIST).content.decode()
    again = {"outcome": "upheld", "reasons": "Read.", "words": "We read it. Nothing changes."}
    assert sena.post(f"{LIST}{one.reference}/answer/", again).status_code == 302
    assert one.reference not in sena.get(LIST).content.decode()


def test_nobody_is_offered_a_step_that_would_be_refused(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    item = make.item(cast.ridge, author=cast.bram)
    report = make.concern(cast.ridge, about=[item], kind=Kind.INTIMATE_IMAGE, now=now)
    refuse_intimate(
        concern_id=report.pk, ground="not_intimate", words="It is not.", by=cast.sena, now=now
    )
    report.refresh_from_db()
    told = make.told(kind=Kind.EXPEDITED, about=report)
    objection = take_concern(service=cast.ridge, told=told, now=now).concern
    late = make.concern(cast.ridge, harm="hate", now=now - timedelta(days=3))

    of_who_refused = sign_in(cast.sena).get(f"{LIST}{objection.reference}/").content.decode()
    of_another = sign_in(cast.mo).get(f"{LIST}{objection.reference}/").content.decode()
    of_late = sign_in(cast.mo).get(f"{LIST}{late.reference}/").content.decode()

    assert "a colleague answers this" in of_who_refused
    assert "/answer/" not in of_who_refused
    assert "/answer/" in of_another
    assert "/aside/" not in of_another, "the Act names the only grounds"
    assert "/pause/" not in of_late


def test_the_case_says_how_much_time_the_act_leaves_beside_its_own_target(
    cast: Cast, sign_in: SignIn
) -> None:
    item = make.item(cast.ridge, author=cast.bram)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    make.concern(cast.ridge, about=[item], kind=Kind.INTIMATE_IMAGE, now=an_hour_ago)
    case = Case.objects.get()

    page = sign_in(cast.mo).get(f"/console/ridge/cases/{case.reference}/").content.decode()

    assert "46 h left" in page
