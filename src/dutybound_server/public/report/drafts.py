"""Whose form it is: a cookie that only its own pages are sent, so that two tabs are two forms."""

import json
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from dutybound_server.casework.models import Draft
from dutybound_server.casework.tellers import token_digest
from dutybound_server.people.models import Service

COOKIE = "dutybound_report"
FORGOTTEN_AFTER = timedelta(hours=2)
LABEL_LENGTH = 16


def label_of(draft: Draft) -> str:
    """The part of the address that tells one form from another. Nobody else can guess it, so no
    other site can make a browser send something to a form (the cookie is SameSite besides)."""
    return draft.token_digest[:LABEL_LENGTH]


def draft_of(request: HttpRequest, service: Service, label: str, *, now: datetime) -> Draft | None:
    """The form of that label if this browser began it within the last two hours."""
    token = request.COOKIES.get(COOKIE, "")
    own = token_digest(token)[:LABEL_LENGTH]
    if not token or not compare_digest(own.encode(), label.encode()):
        return None
    drafts = Draft.objects.select_related("service", "sent")
    return drafts.filter(
        token_digest=token_digest(token), service=service, touched_at__gt=now - FORGOTTEN_AFTER
    ).first()


def answers_of(draft: Draft) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(draft.answers)
    return answers


def remember(response: HttpResponseBase, draft: Draft, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=FORGOTTEN_AFTER,
        path=_path_of(draft),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponseBase, draft: Draft) -> None:
    response.delete_cookie(COOKIE, path=_path_of(draft), samesite="Lax")


def _path_of(draft: Draft) -> str:
    return reverse("public:report_form", args=[draft.service.slug, label_of(draft)])
