"""What every answer tells a browser: run nothing foreign, frame nothing, keep nothing."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from dutybound_server.casework.models import Notice
from dutybound_server.journal.actions import seal
from tests import make
from tests.cast import NOW, PASSWORD, Cast

EVERYWHERE = [
    "/accounts/login/",
    "/console/ridge/cases/",
    "/console/ridge/nothing/",
    "/report/ridge/",
    "/report/nowhere/",
    "/told/guess/",
    "/notice/guess/",
    "/flaggers/ridge/",
    "/api/v1/openapi.json",
    "/api/v1/items",
    "/healthz",
    "/metrics",
    "/journal/nothing",
    "/nothing-at-all",
]
NOTICE, APPEAL = "/notice/{notice}/", "/notice/{notice}/appeal/"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    r"/\evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example/",
    "http://testserver@evil.example/",
]


def directives(answer: Any) -> dict[str, set[str]]:  # noqa: ANN401 - the client's answer
    policy = answer["Content-Security-Policy"]
    return {name: set(rest) for name, *rest in (part.split() for part in policy.split("; "))}


@pytest.mark.parametrize("page", EVERYWHERE)
def test_every_answer_runs_and_frames_nothing_foreign(cast: Cast, page: str) -> None:
    answer = Client().get(page)

    told = directives(answer)
    assert told["default-src"] == {"'self'"}
    assert told["frame-ancestors"] == {"'none'"}
    assert told["base-uri"] == told["object-src"] == {"'none'"}
    assert not re.search(r"unsafe|https?:|\*", str(told["default-src"]))
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize("page", EVERYWHERE)
def test_nothing_is_kept_that_is_not_said_to_be_public(cast: Cast, page: str) -> None:
    assert re.search(r"no-store|no-cache", Client().get(page)["Cache-Control"])


def test_only_what_never_changes_in_the_journal_may_be_kept(cast: Cast) -> None:
    seal(now=NOW)

    assert Client().get("/journal/checkpoint")["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("page", ["/told/{told}/", "/told/{told}/withdraw/", NOTICE, APPEAL])
def test_a_secret_address_is_told_to_no_other_site_and_kept_nowhere(cast: Cast, page: str) -> None:
    make.decided_case(cast.ridge, by=cast.mo, author=cast.bram, now=timezone.now())
    told = make.concern(cast.ridge, now=timezone.now())
    address = page.format(told=told.token, notice=Notice.objects.get().token)

    answer = Client().get(address)

    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies
    # What a page loads from elsewhere would learn where it stands, whatever the header says.
    loaded = re.findall(r'(?:src|action)="([^"]+)"', answer.content.decode())
    loaded += re.findall(r'<link[^>]+href="([^"]+)"', answer.content.decode())
    assert [one for one in loaded if not one.startswith("/")] == []


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/logout/"])
@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_the_sign_in_leads_to_no_other_site(cast: Cast, page: str, elsewhere: str) -> None:
    visitor = Client()
    if "logout" in page:
        visitor.force_login(cast.mo)
    form = {"login": cast.mo.email, "password": PASSWORD, "next": elsewhere}

    answer = visitor.post(page, form)
    also = visitor.get(page, {"next": elsewhere})

    for each in (answer, also):
        assert each.headers.get("Location", "/").startswith(("/console/", "/accounts/", "/"))
        assert "evil" not in each.headers.get("Location", "").partition("?")[0]


def test_a_host_that_is_not_ours_is_answered_nothing(cast: Cast) -> None:
    for host in ("evil.example", "testserver.evil.example", "testserver@evil.example", "a b"):
        assert Client().get("/accounts/login/", HTTP_HOST=host).status_code == 400
    told = Client().get("/accounts/login/", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil" not in told.content.decode()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_link_that_is_mailed_leads_to_our_own_address(cast: Cast, host: str) -> None:
    Client().post("/accounts/password/reset/", {"email": cast.mo.email}, HTTP_HOST=host)

    links = re.findall(r"https?://\S+", str(mail.outbox[0].body))
    assert links
    assert all(link.startswith(f"{settings.ORIGIN}/") for link in links)


SHOWN = """
import json, django
from django.conf import settings
django.setup()
names = ("SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
         "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "SECURE_HSTS_SECONDS", "DEBUG",
         "SECURE_PROXY_SSL_HEADER", "ALLOWED_HOSTS", "SESSION_COOKIE_DOMAIN")
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def test_on_https_cookies_and_addresses_stay_there(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DUTYBOUND")},
        "DUTYBOUND_DATA": str(tmp_path),
        "DUTYBOUND_ORIGIN": "https://safety.example",
        "DUTYBOUND_TRUST_PROXY": "yes",
        "DJANGO_SETTINGS_MODULE": "dutybound_server.project.settings",
    }

    shown = subprocess.run(
        [sys.executable, "-c", SHOWN], env=environment, capture_output=True, text=True, check=True
    )

    told = json.loads(shown.stdout)
    assert told["SECURE_HSTS_SECONDS"] >= 365 * 24 * 60 * 60
    assert told["SESSION_COOKIE_SECURE"]
    assert told["SESSION_COOKIE_HTTPONLY"]
    assert told["CSRF_COOKIE_SECURE"]
    assert told["CSRF_COOKIE_HTTPONLY"]
    assert told["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert told["SESSION_COOKIE_DOMAIN"] is None
    assert told["ALLOWED_HOSTS"] == ["safety.example", "127.0.0.1", "localhost"]
    assert not told["DEBUG"]
