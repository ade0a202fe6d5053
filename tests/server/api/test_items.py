"""The contract of POST /api/v1/items, as a service meets it."""

import base64
import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from dutybound_server.api.bodies import decoded
from dutybound_server.api.item_schemas import EXAMPLE
from dutybound_server.casework.models import Case
from dutybound_server.items.models import Item
from dutybound_server.lib.spooled_json import parse
from tests import make
from tests.cast import Cast
from tests.server.intake import pictures

pytestmark = pytest.mark.django_db

ITEMS = "/api/v1/items"
KNOWN = pictures.jpeg(pictures.drawn())
PDQ = pictures.pdq_of(KNOWN)


@pytest.fixture(autouse=True)
def media_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def ridge(cast: Cast) -> Client:
    """Ridge Forum's own software, with its key."""
    return Client(headers={"Authorization": f"Bearer {make.key(cast.ridge)}"})


def send(client: Client, body: object, content_type: str = "application/json") -> Any:  # noqa: ANN401
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(ITEMS, text, content_type=content_type)


def in_base64(content: bytes, **other: str) -> dict[str, str]:
    return {
        "id": "m1",
        "content_type": "image/jpeg",
        "data": base64.b64encode(content).decode(),
        **other,
    }


# Verdicts


def test_the_example_of_the_document_is_answered(ridge: Client) -> None:
    answer = send(ridge, EXAMPLE)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert list(answer.json()) == [
        "item", "revision", "verdict", "case", "matches", "reasons", "policy",
    ]  # fmt: skip


def test_a_picture_in_base64_is_matched(cast: Cast, ridge: Client) -> None:
    make.bank(cast.ridge, hashes=[("pdq", PDQ)])

    answer = send(ridge, {"id": "post-1", "media": [in_base64(KNOWN)]}).json()

    assert answer["verdict"] == "block"
    assert answer["matches"][0]["media"] == "m1"
    assert answer["case"] == Case.objects.get().reference


def test_base64_as_php_writes_it_is_read(ridge: Client) -> None:
    content = pictures.png(pictures.drawn(5, side=1024))
    medium = in_base64(content, content_type="image/png")
    text = json.dumps({"id": "post-1", "media": [medium]}).replace("/", "\\/")
    assert len(text) > 100_000

    send(ridge, text)

    assert Item.objects.get().media.get().size == len(content)


def test_a_picture_as_a_part_is_matched(cast: Cast, ridge: Client) -> None:
    make.bank(cast.ridge, hashes=[("pdq", PDQ)])
    item = json.dumps({"id": "post-1", "media": [{"id": "m1"}]})
    part = SimpleUploadedFile("cat.jpg", KNOWN, "image/jpeg")

    answer = ridge.post(ITEMS, {"item": item, "m1": part})

    assert answer.json()["verdict"] == "block"


def test_the_json_may_come_as_a_file_of_its_own(ridge: Client) -> None:
    item = SimpleUploadedFile("item.json", b'{"id": "post-1", "text": "one"}', "application/json")

    assert ridge.post(ITEMS, {"item": item}).json()["item"] == "post-1"


def test_the_same_delivery_gets_the_same_bytes(cast: Cast, ridge: Client) -> None:
    make.bank(cast.ridge, phrases=["zonk"])
    body = {"id": "post-1", "text": "zonk"}

    assert send(ridge, body).content == send(ridge, body).content
    assert Item.objects.count() == 1


def test_other_content_under_the_same_revision_is_a_conflict(ridge: Client) -> None:
    send(ridge, {"id": "post-1", "text": "one"})

    answer = send(ridge, {"id": "post-1", "text": "two"})

    assert answer.status_code == 409
    assert "new revision" in answer.json()["detail"]
    assert answer.json()["errors"] == [
        {
            "field": "revision",
            "expected": "a new number: this one was received with other content",
        }
    ]


# Refusals


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "id"),
        ({"id": ""}, "id"),
        ({"id": "a\u0000b"}, "id"),
        ({"id": 7}, "id"),
        ({"id": "  "}, "id"),
        ({"id": "a\u0085b"}, "id"),
        ({"id": "a", "author": {"id": "\u00a0"}}, "author.id"),
        ({"id": "a", "media": [{"id": " ", "data": "QQ=="}]}, "media[0].id"),
        ({"id": "a"}, "body"),
        ({"id": "a", "text": " \n"}, "body"),
        ({"id": "a", "revision": "1"}, "revision"),
        ({"id": "a", "revision": 0}, "revision"),
        ({"id": "a", "revision": True}, "revision"),
        ({"id": "a", "kind": "A Post"}, "kind"),
        ({"id": "a", "author": {"id": "b", "mail": "x"}}, "author.mail"),
        ({"id": "a", "author": {"id": "b", "email": "x"}}, "author.email"),
        ({"id": "a", "author": {"id": "b", "email": "\u0000@x"}}, "author.email"),
        ({"id": "a", "media": [{"id": "m", "url": "http://a\u0000"}]}, "media[0].url"),
        ({"id": "a", "media": [in_base64(KNOWN, content_type="a/b;\u0000")]},
            "media[0].content_type"),
        ({"id": "a", "visibility": "secret"}, "visibility"),
        ({"id": "a", "created_at": "yesterday"}, "created_at"),
        ({"id": "a", "created_at": "2026-11-22T10:00:00"}, "created_at"),
        ({"id": "a", "created_at": 5}, "created_at"),
        ({"id": "a", "text": None}, "text"),
        ({"id": "a", "text": "x" * 100_001}, "text"),
        ({"id": "a", "links": ["https://ridge.example", 5]}, "links[1]"),
        ({"id": "a", "txt": "misspelt"}, "txt"),
        ({"id": "a", "context": []}, "context"),
        ({"id": "a", "context": {"n": 2**60}}, "context"),
        ({"id": "a", "context": {"n": "\u0000"}}, "context"),
        ({"id": "a", "media": [{"id": "m", "data": "%%%"}]}, "media[0].data"),
        ({"id": "a", "media": [{"id": "m", "data": "QQ==QQ=="}]}, "media[0].data"),
        ({"id": "a", "media": [{"id": "m", "data": "QQ"}]}, "media[0].data"),
        ({"id": "a", "media": [{"id": "m"}]}, "media[0]"),
        ({"id": "a", "media": [{"id": "m", "data": "QQ==", "url": "x"}]}, "media[0]"),
        ({"id": "a", "media": [{"id": "m", "hashes": {"md5": "x"}}]}, "media[0].hashes.md5"),
        ({"id": "a", "media": [{"id": "m", "hashes": {}}]}, "media[0].hashes"),
        (
            {"id": "a", "media": [{"id": "m", "hashes": {"pdq": [{"hash": "0", "quality": 5}]}}]},
            "media[0].hashes.pdq[0].hash",
        ),
        ({"id": "a", "media": [{"id": "m", "data": "QQ=="}] * 2}, "body"),
        ({"id": "a", "media": [in_base64(b"GIF89a")]}, "media[0].content_type"),
        ({"id": "a", "media": [in_base64(b"")]}, "media[0].data"),
        ([], "body"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_is_kept(
    ridge: Client, media_folder: Path, body: object, field: str
) -> None:
    answer = send(ridge, body)

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert Item.objects.count() == 0
    assert list(media_folder.rglob("*")) == []


@pytest.mark.parametrize(
    ("content", "field", "expected"),
    [
        (
            b"zonk",
            "content_type",
            "which are not a picture, video or sound we know; got image/jpeg",
        ),
        (b"GIF89a", "content_type", "which are image/gif; got image/jpeg"),
        (b"", "data", "at least one byte"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_plain_words(
    ridge: Client, content: bytes, field: str, expected: str
) -> None:
    answer = send(ridge, {"id": "a", "media": [in_base64(content)]}).json()

    told = f"the type of the bytes, {expected}" if field == "content_type" else expected
    assert answer["errors"] == [{"field": f"media[0].{field}", "expected": told}]
    assert answer["detail"] == f"media[0].{field}: expected {told}"


@pytest.mark.parametrize("body", ["{", '{"id": }', '{"id": "\\ud800"}', b'{"id": "\xff"}'])
def test_malformed_json_is_refused_with_its_place(ridge: Client, body: str | bytes) -> None:
    answer = send(ridge, body)

    assert answer.status_code == 400
    assert "line 1 column" in answer.json()["detail"]


def test_a_body_of_another_type_is_refused(ridge: Client) -> None:
    assert send(ridge, "id=a", "application/x-www-form-urlencoded").status_code == 415
    assert send(ridge, "id", "text/plain").status_code == 415


def test_a_body_that_is_too_large_is_refused_unread(ridge: Client, settings: Settings) -> None:
    settings.MAX_BODY = 1000

    answer = send(ridge, {"id": "a", "text": "x" * 1000})

    assert answer.status_code == 413


def test_a_body_without_its_length_is_refused(ridge: Client) -> None:
    answer = ridge.generic("POST", ITEMS, headers={"Transfer-Encoding": "chunked"})

    assert answer.status_code == 411


def test_a_long_string_that_is_no_medium_is_refused(ridge: Client) -> None:
    assert send(ridge, {"id": "a", "text": "x" * 3_000_000}).status_code == 413
    assert send(ridge, {"id": "a", "text": "x" * 300_000}).status_code == 422


def test_an_item_without_anything_to_look_at_is_refused_unless_it_is_private(
    ridge: Client,
) -> None:
    refused = send(ridge, {"id": "a"})
    private = send(ridge, {"id": "a", "visibility": "private"})

    assert "at least one of text, links, media" in refused.json()["detail"]
    assert private.status_code == 200


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({}, "item"),
        ({"item": '{"id": "a", "text": "b"}', "m2": "x"}, "m2"),
        ({"item": '{"id": "a", "text": "b"}', "m2": SimpleUploadedFile("a", b"a")}, "m2"),
        ({"item": '{"id": "a", "media": [{"id": "m1"}]}'}, "media[0]"),
        (
            {
                "item": '{"id": "a", "media": [{"id": "m1"}]}',
                "m1": [SimpleUploadedFile("a", KNOWN), SimpleUploadedFile("b", b"hello")],
            },
            "m1",
        ),
        ({"item": ['{"id": "a"}', '{"id": "b"}']}, "item"),
        ({"item": ['{"id": "a"}', SimpleUploadedFile("b", b'{"id": "b"}')]}, "item"),
    ],
)
def test_parts_that_do_not_fit_the_item_are_named(
    ridge: Client, parts: dict[str, Any], field: str
) -> None:
    answer = ridge.post(ITEMS, parts)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_broken_multipart_is_a_problem(ridge: Client) -> None:
    answer = send(ridge, b"--x\r\nnonsense", "multipart/form-data")

    assert answer.status_code == 400


def test_without_a_key_nothing_is_read(client: Client, cast: Cast) -> None:
    assert send(client, EXAMPLE).status_code == 401


def test_a_database_that_is_gone_is_a_503(ridge: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", gone)
    hashes = {"sha256": "ab" * 32}
    answer = send(ridge, {"id": "a", "media": [{"id": "m", "hashes": hashes}]})

    assert answer.status_code == 503
    assert Item.objects.count() == 0


# Many at once


def batch(client: Client, lines: bytes) -> list[dict[str, Any]]:
    answer: Any = client.post(f"{ITEMS}:batch", lines, content_type="application/x-ndjson")
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.getvalue().splitlines()]


def test_each_line_is_answered_or_refused_by_itself(cast: Cast, ridge: Client) -> None:
    make.bank(cast.ridge, phrases=["zonk"])
    long = json.dumps({"id": "c", "media": [in_base64(pictures.png(pictures.drawn()),
                                                      content_type="image/png")]})  # fmt: skip
    first = '{"id": "a", "text": "zonk"}\n\n{"id": }\n{"id": "b", "text": "c"}'
    lines = f'{first}\n{long}\n{{"idd": "d"}}'

    answers = batch(ridge, lines.encode())

    assert [answer.get("verdict", answer.get("status")) for answer in answers] == [
        "block", 400, "allow", "allow", 422,
    ]  # fmt: skip
    assert [answer["line"] for answer in answers if "line" in answer] == [3, 6]
    assert Item.objects.count() == 3


def test_a_batch_sent_again_gets_the_same_answers(ridge: Client) -> None:
    lines = b"".join(
        json.dumps({"id": f"post-{n}", "text": "a"}).encode() + b"\n" for n in range(5)
    )

    assert batch(ridge, lines) == batch(ridge, lines)
    assert Item.objects.count() == 5


def test_a_line_that_the_disk_refuses_does_not_stop_the_rest(
    ridge: Client, fail_once: Callable[[], None]
) -> None:
    fail_once()

    answers = batch(ridge, b'{"id": "a", "text": "c"}\n{"id": "b", "text": "c"}\n')

    assert [answer.get("status", 200) for answer in answers] == [503, 200]


@pytest.fixture
def fail_once(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    save = Item.save

    def failing(item: Item, **options: Any) -> None:  # noqa: ANN401 - Django's own
        monkeypatch.setattr(Item, "save", save)
        raise OperationalError("database or disk is full")

    return lambda: monkeypatch.setattr(Item, "save", failing)


# Reading back


def test_an_item_can_be_read_with_what_it_was_told(cast: Cast, ridge: Client) -> None:
    make.bank(cast.ridge, phrases=["zonk"])
    answer = send(ridge, {"id": "board/7", "text": "zonk"}).json()

    state = ridge.get(f"{ITEMS}/board/7").json()

    assert {name: state[name] for name in answer} == answer
    assert (state["kind"], state["later_matches"]) == ("post", [])


def test_the_newest_revision_is_read_unless_another_is_asked_for(ridge: Client) -> None:
    send(ridge, {"id": "post-1", "text": "one"})
    send(ridge, {"id": "post-1", "revision": 2, "text": "more"})

    assert ridge.get(f"{ITEMS}/post-1").json()["revision"] == 2
    assert ridge.get(f"{ITEMS}/post-1?revision=1").json()["revision"] == 1
    assert ridge.get(f"{ITEMS}/post-1?revision=3").status_code == 404


def test_the_item_of_another_service_is_absent(cast: Cast, ridge: Client) -> None:
    make.taken(cast.harbour, "theirs")

    assert ridge.get(f"{ITEMS}/theirs").status_code == 404


def test_nothing_of_a_large_picture_stays_in_memory_as_text() -> None:
    content = bytes(range(256)) * 2000
    text = json.dumps({"media": [in_base64(content)]}).encode()
    pieces = (text[start : start + 65536] for start in range(0, len(text), 65536))
    with ExitStack() as files:
        value, asides = parse(pieces, files=files)
        file = decoded(asides[value["media"][0]["data"]], field="x", files=files)
        assert len(value["media"][0]["data"]) < 50
        assert file.read() == content


def test_more_links_than_can_be_compared_are_refused_by_name(ridge: Client) -> None:
    link_like = " ".join(f"a{number}.example" for number in range(500))

    answer = send(ridge, {"id": "many", "links": [link_like] * 1000})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "links"
    assert not Item.objects.exists()
