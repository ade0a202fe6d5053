"""The banks pages: who reads, who changes, and what each change does."""

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from dutybound_server.banks.actions import NewSignal, add_signals, create_bank, quarantine_signal
from dutybound_server.banks.models import Bank, BankChange, Signal
from tests import make
from tests.cast import NOW, Cast
from tests.server.console.conftest import SignIn

BANKS = "/console/ridge/banks/"
BANK = f"{BANKS}bank/words/"
SETTINGS = {"effect": "hold", "threshold": "24", "flood_percent": "5", "enabled": "on"}


@pytest.fixture
def bank(cast: Cast) -> Bank:
    return bank_of(cast, harm="hate", phrases=("zonk", "blip"))


def bank_of(cast: Cast, *, harm: str, phrases: tuple[str, ...]) -> Bank:
    bank = create_bank(
        service=cast.ridge,
        name="words",
        source="Ridge staff",
        harm=harm,
        effect="hold",
        why="A list.",
        by="system",
        now=NOW,
    )
    signals = [NewSignal("phrase", phrase) for phrase in phrases]
    add_signals(bank=bank, signals=signals, why="Seen.", by="system", now=NOW)
    return bank


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def values() -> list[str]:
    live = Signal.objects.filter(removed_at__isnull=True).order_by("id")
    return list(live.values_list("value", flat=True))


def imported(client: Client, text: str, **answers: str) -> Any:  # noqa: ANN401 - a response
    file = SimpleUploadedFile("list.csv", text.encode())
    asked = {"file": file, "wrong_rows": "refuse_all", "why": "A delivery.", **answers}
    return client.post(f"{BANK}import/", asked)


def picture(*, plain: bool) -> SimpleUploadedFile:
    image = Image.new("L", (256, 256), 128) if plain else Image.effect_noise((256, 256), 80)
    file = io.BytesIO()
    image.resize((512, 512)).save(file, "PNG")
    return SimpleUploadedFile("picture.png", file.getvalue(), content_type="image/png")


def test_the_list_says_what_each_bank_is_and_does(cast: Cast, sign_in: SignIn, bank: Bank) -> None:
    page = read(sign_in(cast.mo), BANKS)

    assert "words" in page
    assert "Hate" in page
    assert "Ridge staff" in page


def test_an_empty_list_says_how_to_begin(cast: Cast, sign_in: SignIn) -> None:
    assert "Make the first bank" in read(sign_in(cast.sena), BANKS)
    assert "Make the first bank" not in read(sign_in(cast.mo), BANKS)


def test_a_senior_moderator_makes_a_bank(cast: Cast, sign_in: SignIn) -> None:
    new = {"name": "links", "source": "Police", "harm": "fraud", "why": "A wave of scams."}

    answer = sign_in(cast.sena).post(f"{BANKS}new/", {**SETTINGS, **new})

    assert answer["Location"] == f"{BANKS}bank/links/"
    bank = Bank.objects.get()
    assert (bank.threshold, bank.flood_share, bank.dry_run) == (24, 0.05, False)
    assert BankChange.objects.get().by == f"staff:{cast.sena.pk}"


def test_a_bank_without_a_reason_is_not_made(cast: Cast, sign_in: SignIn) -> None:
    new = {"name": "links", "source": "Police", "harm": "fraud", "why": ""}

    answer = sign_in(cast.sena).post(f"{BANKS}new/", {**SETTINGS, **new})

    assert answer.status_code == 422
    assert not Bank.objects.exists()


def test_a_moderator_looks_and_does_not_change(cast: Cast, sign_in: SignIn, bank: Bank) -> None:
    mo = sign_in(cast.mo)

    assert "zonk" in read(mo, BANK)
    for path in ("settings/", "add/", "add/picture/", "import/", "remove/"):
        assert mo.post(f"{BANK}{path}", {"why": "x"}).status_code == 403
    assert values() == ["zonk", "blip"]


def test_a_person_of_another_service_finds_nothing(cast: Cast, sign_in: SignIn, bank: Bank) -> None:
    assert sign_in(cast.vic).get(BANK).status_code == 404


def test_a_change_of_settings_stands_in_the_history(
    cast: Cast, sign_in: SignIn, bank: Bank
) -> None:
    sena = sign_in(cast.sena)

    sena.post(f"{BANK}settings/", {**SETTINGS, "any_orientation": "on", "why": "Look-alikes."})

    page = read(sena, f"{BANK}history/")
    assert "Threshold from 31 to 24." in page
    assert "Look-alikes." in page
    assert "Sena" in page


def test_signals_of_a_restricted_harm_are_only_counted_for_most(
    cast: Cast, sign_in: SignIn
) -> None:
    bank_of(cast, harm="csea_image_csam", phrases=("zonk",))
    path = f"{BANK}signals/{Signal.objects.get().pk}/"

    for person in (cast.sena, cast.mo):
        assert "zonk" not in read(sign_in(person), BANK)
        assert "zonk" not in read(sign_in(person), path)
    assert "zonk" in read(sign_in(cast.ren), BANK)


def test_pasted_signals_are_added_line_by_line(cast: Cast, sign_in: SignIn, bank: Bank) -> None:
    asked = {"kind": "phrase", "lines": "zonk\n\n  new one \n", "why": "Seen."}

    sign_in(cast.sena).post(f"{BANK}add/", asked)

    assert values() == ["zonk", "blip", "new one"]


def test_a_wrong_line_adds_nothing_and_is_named(cast: Cast, sign_in: SignIn, bank: Bank) -> None:
    asked = {"kind": "pdq", "lines": f"{'0' * 64}\nabc", "why": "Seen."}

    answer = sign_in(cast.sena).post(f"{BANK}add/", asked)

    assert answer.status_code == 422
    assert "Line 2: expected 64 hex digits" in answer.content.decode()
    assert values() == ["zonk", "blip"]


def test_a_picture_becomes_a_signal_and_is_not_kept(
    cast: Cast, sign_in: SignIn, bank: Bank
) -> None:
    asked = {"picture": picture(plain=False), "look_alikes": "yes", "why": "Its owner asked."}

    sign_in(cast.sena).post(f"{BANK}add/picture/", asked)

    assert Signal.objects.latest("id").kind == "pdq"


def test_a_picture_too_plain_to_compare_says_what_can_be_done(
    cast: Cast, sign_in: SignIn, bank: Bank
) -> None:
    sena = sign_in(cast.sena)
    asked = {"look_alikes": "yes", "why": "Its owner asked."}

    answer = sena.post(f"{BANK}add/picture/", {**asked, "picture": picture(plain=True)})
    as_file = {**asked, "picture": picture(plain=True), "look_alikes": "no"}
    sena.post(f"{BANK}add/picture/", as_file)

    assert answer.status_code == 422
    assert "as the very file instead" in answer.content.decode()
    assert Signal.objects.latest("id").kind == "sha256"


def test_a_file_is_looked_at_before_anything_is_added(
    cast: Cast, sign_in: SignIn, bank: Bank
) -> None:
    text = "kind,value\nphrase,new one\npdq,abc\n"

    answer = imported(sign_in(cast.sena), text, step="check", why="")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 signal, 1 wrong row" in page
    assert "line 3: expected 64 hex digits" in page
    assert values() == ["zonk", "blip"]


def test_a_file_with_a_wrong_row_adds_nothing_and_names_the_line(
    cast: Cast, sign_in: SignIn, bank: Bank
) -> None:
    answer = imported(sign_in(cast.sena), "kind,value\nphrase,new one\npdq,abc\n")

    assert answer.status_code == 422
    assert "line 3: expected 64 hex digits" in answer.content.decode()
    assert values() == ["zonk", "blip"]


def test_wrong_rows_are_left_out_and_listed_when_asked(
    cast: Cast, sign_in: SignIn, bank: Bank
) -> None:
    text = "kind,value\nphrase,new one\npdq,abc\n"

    answer = imported(sign_in(cast.sena), text, wrong_rows="leave_out")

    assert "line 3: expected 64 hex digits" in answer.content.decode()
    assert values() == ["zonk", "blip", "new one"]
    assert BankChange.objects.latest("id").what == (
        "Added 1 signal. Left out 1 wrong row of the file."
    )


def test_an_export_of_hma_is_read(cast: Cast, sign_in: SignIn, bank: Bank) -> None:
    text = json.dumps([{"id": 7, "signals": {"pdq": "0" * 64, "video_md5": "1" * 32}}])

    imported(sign_in(cast.sena), text)

    assert list(Signal.objects.order_by("id").values_list("kind", "source_record"))[2:] == [
        ("pdq", "7"),
        ("md5", "7"),
    ]


def test_a_file_that_is_no_list_is_refused_in_words(
    cast: Cast, sign_in: SignIn, bank: Bank
) -> None:
    answer = imported(sign_in(cast.sena), "")

    assert answer.status_code == 422
    assert values() == ["zonk", "blip"]


def test_removing_shows_what_will_happen_before_it_does(
    cast: Cast, sign_in: SignIn, bank: Bank
) -> None:
    sena = sign_in(cast.sena)
    zonk = Signal.objects.get(value="zonk")

    asked = sena.post(f"{BANK}remove/", {"signal": [zonk.pk]})
    before = values()
    sena.post(f"{BANK}remove/", {"signal": [zonk.pk], "why": "A name."})

    assert "What will happen" in asked.content.decode()
    assert before == ["zonk", "blip"]
    assert values() == ["blip"]


def test_removing_nothing_says_so(cast: Cast, sign_in: SignIn, bank: Bank) -> None:
    answer = sign_in(cast.sena).post(f"{BANK}remove/", {})

    assert "Nothing was chosen" in answer.content.decode()


def test_a_quarantined_signal_is_told_and_released(cast: Cast, sign_in: SignIn, bank: Bank) -> None:
    sena = sign_in(cast.sena)
    zonk = Signal.objects.get(value="zonk")
    quarantine_signal(signal_id=zonk.pk, why="Matched 9 %.", by="system", now=NOW)

    assert "A signal matches unusually much" in read(sena, BANKS)
    assert "Matched 9 %." in read(sena, f"{BANK}signals/{zonk.pk}/")
    sena.post(f"{BANK}signals/{zonk.pk}/release/", {"why": "It was a raid."})

    assert "unusually much" not in read(sena, BANKS)
    zonk.refresh_from_db()
    assert zonk.quarantined_at is None


def test_a_release_without_a_reason_shows_no_restricted_signal(cast: Cast, sign_in: SignIn) -> None:
    bank_of(cast, harm="csea_image_csam", phrases=("zonk",))
    zonk = Signal.objects.get()
    quarantine_signal(signal_id=zonk.pk, why="Matched 9 %.", by="system", now=NOW)

    answer = sign_in(cast.sena).post(f"{BANK}signals/{zonk.pk}/release/", {"why": ""})

    assert answer.status_code == 422
    assert "zonk" not in answer.content.decode()
    assert "Matched 9 %." in answer.content.decode()


def test_signals_are_found_by_a_part_of_their_value(
    cast: Cast, sign_in: SignIn, bank: Bank
) -> None:
    page = read(sign_in(cast.mo), f"{BANK}?q=bli")

    assert "blip" in page
    assert "zonk" not in page


def test_a_signal_says_how_often_it_matched(cast: Cast, sign_in: SignIn) -> None:
    case = make.case(cast.ridge, harm="hate")
    met = case.item.matches.get().signal if case.item else None
    assert met is not None

    page = read(sign_in(cast.mo), f"{BANKS}bank/{met.bank.name}/signals/{met.pk}/")

    assert "1 in all" in page


def test_the_queue_tells_of_a_quarantined_signal_too(
    cast: Cast, sign_in: SignIn, bank: Bank
) -> None:
    assert "unusually much" not in read(sign_in(cast.mo), "/console/ridge/cases/")
    zonk = Signal.objects.get(value="zonk")
    quarantine_signal(signal_id=zonk.pk, why="Matched 9 %.", by="system", now=NOW)

    page = read(sign_in(cast.mo), "/console/ridge/cases/")

    assert "A signal matches unusually much" in page
    assert f"/signals/{zonk.pk}/" in page


def test_a_file_that_is_no_picture_is_refused_in_words(
    cast: Cast, sign_in: SignIn, bank: Bank
) -> None:
    text = SimpleUploadedFile("picture.png", b"zonk", content_type="image/png")
    asked = {"picture": text, "look_alikes": "yes", "why": "Its owner asked."}

    answer = sign_in(cast.sena).post(f"{BANK}add/picture/", asked)

    assert answer.status_code == 422
    assert values() == ["zonk", "blip"]
