import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from dutybound_server.project.configuration import SETTINGS, Configuration, is_this_machine
from tests.library.ledger.witnesses import witness

DOCS = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"


def given(**environment: str) -> Configuration:
    return Configuration(environment)


def test_a_misspelt_setting_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ImproperlyConfigured, match="Did you mean DUTYBOUND_ORIGIN"):
        given(DUTYBOUND_ORGIN="https://a.example").refuse_unknown_names()

    given(DUTYBOUND_ORIGIN="https://a.example", HOME="/").refuse_unknown_names()


@pytest.mark.parametrize("answer", ["maybe", "1", "true", ""])
def test_yes_or_no_takes_nothing_else(answer: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="set it to yes or no"):
        given(DUTYBOUND_DEMO=answer).yes_or_no("DUTYBOUND_DEMO")


@pytest.mark.parametrize("answer", ["0", "65", "-1", "2.5", "many", "²", ""])
def test_a_number_outside_its_bounds_is_refused(answer: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="whole number from 1 to 64"):
        given(DUTYBOUND_WEB_THREADS=answer).whole_number("DUTYBOUND_WEB_THREADS", least=1, most=64)


@pytest.mark.parametrize(
    "answer",
    ["safety.example.org", "ftp://a.example", "https://a.example/path", "https://a:b@c.example",
     "https://", "http://a.example:port", "https://a.example?x=1"],
)  # fmt: skip
def test_an_origin_is_a_web_address_without_a_path(answer: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="without a path"):
        given(DUTYBOUND_ORIGIN=answer).origin("DUTYBOUND_ORIGIN")


@pytest.mark.parametrize(
    "address", ["mysql://u:hunter2@h/x", "postgres://u:hunter2@h:port/x", "sqlite://"]
)
def test_a_wrong_database_address_is_refused_without_telling_its_password(address: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        given(DATABASE_URL=address).database("DATABASE_URL", sqlite="unused")

    assert "hunter2" not in str(refused.value)


def test_postgresql_connections_are_kept_and_checked_before_use() -> None:
    database = given(DATABASE_URL="postgres://u:p@db.example:5433/safety").database(
        "DATABASE_URL", sqlite="unused"
    )

    assert database["ENGINE"].endswith("postgresql")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "safety")
    assert database["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(
    ("address", "port", "ssl", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtps://u:p%40ss@mail.example", 465, True, False),
        ("smtp+starttls://u:p%40ss@mail.example:2587", 2587, False, True),
    ],
)
def test_mail_goes_the_way_its_address_says(address: str, port: int, ssl: bool, tls: bool) -> None:
    mail = given(DUTYBOUND_EMAIL_URL=address).email("DUTYBOUND_EMAIL_URL")

    assert (mail["EMAIL_PORT"], mail["EMAIL_USE_SSL"], mail["EMAIL_USE_TLS"]) == (port, ssl, tls)
    assert mail["EMAIL_HOST_PASSWORD"] in {"", "p@ss"}


def test_content_keys_that_cannot_be_read_are_not_shown() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        given(DUTYBOUND_CONTENT_KEYS="c2VjcmV0").content_keys("DUTYBOUND_CONTENT_KEYS")

    assert "32 bytes" in str(refused.value)
    assert "c2VjcmV0" not in str(refused.value)


def test_a_metrics_token_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="at least 16"):
        given(DUTYBOUND_METRICS_TOKEN="short").token("DUTYBOUND_METRICS_TOKEN")


@pytest.mark.parametrize(
    ("host", "is_it"),
    [("localhost", True), ("127.0.0.2", True), ("::1", True), ("10.0.0.1", False), ("a.b", False)],
)
def test_only_loopback_is_this_machine(host: str, is_it: bool) -> None:
    assert is_this_machine(host) is is_it


def test_every_setting_has_its_heading_in_the_reference_and_nothing_else_has() -> None:
    headings = re.findall(r"^### `([A-Z_]+)`$", DOCS.read_text(), re.MULTILINE)

    assert headings == [setting.name for setting in SETTINGS]


def test_the_reference_gives_every_default() -> None:
    text = DOCS.read_text()

    for setting in SETTINGS:
        _, _, after = text.partition(f"### `{setting.name}`\n")
        default = f"`{setting.default}`" if setting.default else "nothing"
        assert f"Default: {default}" in after.split("###")[0], setting.name


POLICY = f"witness ngo {witness(1).key} https://ngo.example\nquorum ngo\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("zonk", "line 1: expected log, witness, group or quorum"),
        ("quorum none", "names no witness"),
        (POLICY.replace("https://ngo.example", ""), "give the witness ngo an address"),
        (POLICY.replace("https", "ftp"), "give the witness ngo an address"),
        (POLICY.replace("ngo.example", "café.example"), "give the witness ngo an address"),
        (None, "No such file"),
    ],
)
def test_witnesses_that_cannot_be_asked_stop_the_start(
    tmp_path: Path, text: str | None, told: str
) -> None:
    if text is not None:
        (tmp_path / "policy").write_text(text)

    with pytest.raises(ImproperlyConfigured, match=told):
        given(DUTYBOUND_WITNESSES=str(tmp_path / "policy")).witnesses("DUTYBOUND_WITNESSES")


def test_witnesses_are_read_from_a_file_or_there_are_none(tmp_path: Path) -> None:
    (tmp_path / "policy").write_text(POLICY)

    policy = given(DUTYBOUND_WITNESSES=str(tmp_path / "policy")).witnesses("DUTYBOUND_WITNESSES")

    assert policy
    assert policy.witnesses["ngo"].url == "https://ngo.example"
    assert given().witnesses("DUTYBOUND_WITNESSES") is None
