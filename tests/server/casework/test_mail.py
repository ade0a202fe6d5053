"""Notices by e-mail: once in normal running, and never not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import override_settings

from dutybound_server.casework.actions.letters import mail_letters
from dutybound_server.casework.actions.mailing import LEASE
from dutybound_server.casework.actions.notices import mail_due
from dutybound_server.casework.models import Concern, Notice
from dutybound_server.casework.retries import RETRY_FOR
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

MINUTE = timedelta(minutes=1)


def a_letter_is_mailed_to(cast: Cast, **changes: Any) -> list[str]:  # noqa: ANN401 - any field
    make.concern(cast.ridge, **changes)
    mail_letters(now=NOW)
    mail_letters(now=NOW + LEASE)
    return [address for message in mail.outbox for address in message.to]


def test_who_left_an_address_is_mailed_their_receipt_once_with_the_way_out(cast: Cast) -> None:
    assert a_letter_is_mailed_to(cast, email="kim@example.com") == ["kim@example.com"]

    (message,) = mail.outbox
    token = Concern.objects.get().token
    assert message.subject.startswith("Ridge Forum: we have what you told us")
    assert f"http://testserver/told/{token}/" in message.body
    assert "stop these e-mails" in message.body
    assert Entry.objects.filter(kind="concern.mailed").count() == 1


def test_who_left_none_or_wants_none_is_not_mailed(cast: Cast) -> None:
    assert a_letter_is_mailed_to(cast) == []
    assert a_letter_is_mailed_to(cast, email="kim@example.com", wants_messages=False) == []


class OutOfOrder(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages: Any) -> int:  # noqa: ANN401 - Django's own
        assert messages
        raise ConnectionRefusedError(111, "Connection refused")


@pytest.fixture
def notice(cast: Cast) -> Notice:
    decided = make.decided_case(cast.ridge, by=cast.mo, author=cast.bram)
    return Notice.objects.get(decision__case=decided)


def mail_kinds() -> list[str]:
    kinds = Entry.objects.filter(kind__startswith="notice.mail").order_by("id")
    return list(kinds.values_list("kind", flat=True))


def test_an_author_is_mailed_once_what_was_decided_and_how_to_appeal(notice: Notice) -> None:
    assert mail_due(now=NOW) == 1
    assert mail_due(now=NOW + MINUTE) == 0

    (message,) = mail.outbox
    assert message.to == ["bram@example.com"]
    assert message.subject == "We have decided about your post on Ridge Forum"
    assert notice.words in message.body
    assert f"http://testserver/notice/{notice.token}/" in message.body
    assert "You have until 22 May 2027" in message.body
    notice.refresh_from_db()
    assert notice.mailed_at == NOW
    assert mail_kinds() == ["notice.mailed"]


def test_an_author_without_an_address_is_not_mailed(cast: Cast) -> None:
    cast.bram.email = ""
    cast.bram.save()
    make.decided_case(cast.ridge, by=cast.mo, author=cast.bram)

    assert mail_due(now=NOW) == 0


def test_an_address_erased_in_the_meantime_is_not_mailed(cast: Cast, notice: Notice) -> None:
    cast.bram.email = ""
    cast.bram.save()

    assert mail_due(now=NOW) == 1

    assert mail.outbox == []
    assert mail_kinds() == ["notice.mail_failed"]


def test_a_mail_server_that_is_down_is_tried_again_for_three_days(
    notice: Notice,
) -> None:
    with override_settings(EMAIL_BACKEND=f"{__name__}.OutOfOrder"):
        assert mail_due(now=NOW) == 1
        assert mail_due(now=NOW) == 0
    assert mail_due(now=NOW + MINUTE) == 1
    assert len(mail.outbox) == 1


def test_after_three_days_mail_is_given_up_and_that_can_be_seen(
    notice: Notice,
) -> None:
    with override_settings(EMAIL_BACKEND=f"{__name__}.OutOfOrder"):
        assert mail_due(now=NOW + RETRY_FOR) == 1
        assert mail_due(now=NOW + 2 * RETRY_FOR) == 0

    notice.refresh_from_db()
    assert notice.mail_failed_at == NOW + RETRY_FOR
    assert mail_kinds() == ["notice.mail_failed"]


def test_an_address_no_mail_can_go_to_is_given_up_at_once(cast: Cast, notice: Notice) -> None:
    cast.bram.email = "bram@example.com\nBcc: all@example.com"
    cast.bram.save()

    assert mail_due(now=NOW) == 1

    assert mail.outbox == []
    assert mail_kinds() == ["notice.mail_failed"]


def test_a_kill_between_mailing_and_marking_mails_the_same_message_again(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("dutybound_server.casework.actions.mailing._end", killed)
        with pytest.raises(Killed):
            mail_due(now=NOW)
    assert mail_due(now=NOW) == 0
    assert mail_due(now=NOW + LEASE) == 1

    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
