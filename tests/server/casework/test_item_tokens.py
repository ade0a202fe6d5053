"""A link beside an item says what is reported, and only the service can have made it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.hearing import Subject
from dutybound_server.casework.item_tokens import (
    LASTS,
    OLD,
    WRONG,
    BadToken,
    link_for,
    read_item_token,
)
from dutybound_server.casework.models import Desk
from tests.cast import NOW, Cast


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return desk_of(cast.ridge)


def token_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["item"][0]


def signed(desk: Desk, **changes: object) -> str:
    claims = {"aud": "ridge", "sub": "post-1", "exp": int((NOW + LASTS).timestamp()), **changes}
    return jwt.encode(claims, desk.link_secret, algorithm="HS256")


def test_a_link_gives_back_what_the_service_said(desk: Desk) -> None:
    address = link_for(
        desk, subject=Subject("item", "post-1"), title="On the ridge", reporter="u1", author="u2",
        now=NOW,
    )  # fmt: skip

    token = read_item_token(desk, token_of(address), NOW)

    assert address.startswith("http://testserver/report/ridge/?item=")
    assert (token.subject, token.title) == (Subject("item", "post-1"), "On the ridge")
    assert (token.reporter, token.author, token.expires_at) == ("u1", "u2", NOW + LASTS)


def test_a_link_is_too_old_at_its_end_and_not_a_second_before(desk: Desk) -> None:
    text = signed(desk)

    assert read_item_token(desk, text, NOW + LASTS - timedelta(seconds=1)).subject.id == "post-1"
    with pytest.raises(BadToken) as bad:
        read_item_token(desk, text, NOW + LASTS)
    assert bad.value.sentence == OLD


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "harbour"},
        {"sub": 7},
        {"sub": " "},
        {"sub": "x" * 2001},
        {"sub": "a\0b"},
        {"kind": "case"},
        {"kind": "account", "sub": "x" * 201},
        {"exp": "tomorrow"},
        {"exp": 10**20},
        {"exp": True},
        {"acc": {"id": 1}},
        {"by": "x" * 201},
        {"t": 5},
    ],
)
def test_a_strange_claim_is_refused(desk: Desk, changes: dict[str, object]) -> None:
    with pytest.raises(BadToken) as bad:
        read_item_token(desk, signed(desk, **changes), NOW)
    assert bad.value.sentence == WRONG


def test_a_forged_token_is_refused_and_the_secret_before_still_holds(desk: Desk) -> None:
    text = signed(desk)
    head, body, signature = text.split(".")
    unsigned = jwt.encode({"aud": "ridge", "sub": "x", "exp": 2_000_000_000}, "", "none")
    other = jwt.encode({"aud": "ridge", "sub": "x", "exp": 2_000_000_000}, "o" * 43, "HS256")
    for forged in (
        "",
        "x",
        "é" * 9,
        unsigned,
        other,
        f"{head}.{body}.{signature[::-1]}",
        text * 99,
    ):
        with pytest.raises(BadToken):
            read_item_token(desk, forged, NOW)

    desk.link_secret, desk.old_link_secret = "n" * 43, desk.link_secret

    assert read_item_token(desk, text, NOW).subject == Subject("item", "post-1")
