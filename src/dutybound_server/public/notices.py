"""A decision, as the person it touched reads it, and their appeal: one thing per page.

Whoever has the secret address may read and appeal; there is no sign-in and no cookie.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from dutybound.cases.appeals import AppealStanding, NoticeKind
from dutybound_server.casework.actions.appeals import LONGEST_GROUNDS, lodge_appeal
from dutybound_server.casework.models import Notice
from dutybound_server.casework.notices import (
    WHY_NO_APPEAL,
    appeal_of,
    appeal_succeeded,
    appeal_until,
    good_news,
    has_succeeded,
    notice_for,
    standing_of,
)
from dutybound_server.casework.refusals import AppealRefused, NoticeNotFound
from dutybound_server.casework.statements import subject_words, what_we_did
from dutybound_server.public.floods import guessed

NoticeView = Callable[[HttpRequest, Notice], HttpResponse]


class AppealForm(forms.Form):
    grounds = forms.CharField(
        label="Why do you think this is wrong?",
        help_text="Use your own words. You do not need to know the law.",
        max_length=LONGEST_GROUNDS,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Tell us why you think this is wrong."},
    )


def of_notice(view: NoticeView) -> Callable[..., HttpResponse]:
    """Give the view the notice of the token, and every unknown token the same page.

    The address is the secret, so it is told to nobody: no referrer, no copy kept, no index.
    """

    @wraps(view)
    @never_cache
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, notice_for(token))
        except NoticeNotFound:
            unknown = render(request, "public/notices/unknown.html", status=404)
            response = guessed(request, unknown)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


@require_GET
@of_notice
def read(request: HttpRequest, notice: Notice) -> HttpResponse:
    standing = standing_of(notice, now=timezone.now())
    return render(
        request,
        "public/notices/read.html",
        {
            **_about(notice),
            "news": good_news(notice),
            "appeal": appeal_of(notice),
            "can_appeal": standing is AppealStanding.POSSIBLE,
            "why_no_appeal": WHY_NO_APPEAL.get(standing, ""),
        },
    )


# The secret address is all that lets anyone in: without a cookie there is nothing that another
# site could make a browser send along.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@of_notice
def appeal(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Ask (`step` absent), let the person check (`check`), let them change it, and send."""
    standing = standing_of(notice, now=timezone.now())
    if standing is not AppealStanding.POSSIBLE:
        return redirect("public:notice", notice.token)
    if request.method == "GET":
        return _ask(request, notice, AppealForm())

    form = AppealForm(request.POST)
    step = request.POST.get("step")
    if not form.is_valid():
        return _ask(request, notice, form, status=422)
    if step == "change":
        return _ask(request, notice, AppealForm(initial=form.cleaned_data))
    if step == "send":
        return _send(notice, form.cleaned_data["grounds"])
    context = {**_about(notice), "form": form, "grounds": form.cleaned_data["grounds"]}
    return render(request, "public/notices/check.html", context)


@require_GET
@of_notice
def sent(request: HttpRequest, notice: Notice) -> HttpResponse:
    lodged = appeal_of(notice)
    if lodged is None:
        return redirect("public:notice", notice.token)
    return render(request, "public/notices/sent.html", {**_about(notice), "appeal": lodged})


def _ask(
    request: HttpRequest, notice: Notice, form: AppealForm, *, status: int = 200
) -> HttpResponse:
    context = {**_about(notice), "form": form}
    return render(request, "public/notices/appeal.html", context, status=status)


def _send(notice: Notice, grounds: str) -> HttpResponse:
    try:
        lodge_appeal(token=notice.token, grounds=grounds, now=timezone.now())
    except AppealRefused:
        # It was lodged, or overtaken, a moment ago; the notice says which.
        return redirect("public:notice", notice.token)
    return redirect("public:appeal_sent", notice.token)


def _about(notice: Notice) -> dict[str, Any]:
    return {
        "notice": notice,
        "service": notice.service,
        "decision": notice.decision,
        "item": notice.decision.case.item,
        "subject": subject_words(notice.decision.case),
        "heading": _heading(notice),
        "appeal_until": appeal_until(notice),
    }


def _heading(notice: Notice) -> str:
    case = notice.decision.case
    subject = subject_words(case)
    if notice.kind == NoticeKind.UNDONE:
        return f"We have undone our decision about {subject}"
    if notice.kind == NoticeKind.APPEAL_DECIDED:
        if has_succeeded(notice.decision):
            return appeal_succeeded(subject)
        return f"The answer to your appeal about {subject}"
    return what_we_did(case, notice.decision.enforcement_kind) or f"{subject.capitalize()} can stay"
