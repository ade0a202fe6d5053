"""What a person told us, on a page of their own: where it is, what comes next, and what came of it.

Whoever has the secret address may read and act; there is no sign-in and no cookie.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from http import HTTPStatus
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dutybound.cases.kinds import KINDS, Kind, Outcome
from dutybound.cases.signposts import emergency, signposts_for
from dutybound_server.casework.actions.concerns import (
    add_to_concern,
    opt_in,
    opt_out,
    withdraw_concern,
)
from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.actions.drafts import begin_draft
from dutybound_server.casework.actions.reading import note_letters_read
from dutybound_server.casework.actions.settling import is_taken_back
from dutybound_server.casework.concern_queries import concern_of_token, named_at_first
from dutybound_server.casework.hearing import (
    LONGEST_WORDS,
    AddedFile,
    ConcernNotFound,
    ConcernRefused,
)
from dutybound_server.casework.letters import may_come
from dutybound_server.casework.models import Concern
from dutybound_server.lib.floods import Floods
from dutybound_server.public.floods import guessed, too_many
from dutybound_server.public.report.bodies import is_too_large
from dutybound_server.public.report.drafts import label_of, remember
from dutybound_server.public.report.questions import helped_with, may_add_files
from dutybound_server.public.report.refusals import refusal_words

SENT = Floods(60)
"""To one person's page in a minute: each is an entry of the journal, and no other waits for it."""
ConcernView = Callable[[HttpRequest, Concern], HttpResponse]


class AddForm(forms.Form):
    """More about what was told already: words, files, or both."""

    words = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}))


def of_concern(view: ConcernView) -> Callable[..., HttpResponse]:
    """Give the view the concern of the token, in its language; every unknown token the same page.

    The address is the secret, so it is told to nobody: no referrer, no copy kept, no index.
    """

    # Without a cookie there is nothing that another site could make a browser send along.
    @csrf_exempt
    @wraps(view)
    @never_cache
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        try:
            concern = concern_of_token(token)
            with translation.override(concern.language):
                wait = SENT.seconds_to_wait(token) if request.method == "POST" else 0
                response = too_many(request, wait) if wait else view(request, concern)
        except ConcernNotFound:
            context = {"emergency": emergency()}
            unknown = render(request, "public/told/unknown.html", context, status=404)
            response = guessed(request, unknown)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


@require_GET
@of_concern
def read(request: HttpRequest, concern: Concern) -> HttpResponse:
    note_letters_read(concern=concern, now=timezone.now())
    return _page(request, concern, AddForm())


@require_POST
@of_concern
def add(request: HttpRequest, concern: Concern) -> HttpResponse:
    """Keep more words and files; what cannot be kept is said beside the words themselves."""
    if is_too_large(request):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return render(request, "public/report/too_large.html", _about(concern), status=status)
    form = AddForm(request.POST)
    if not form.is_valid():
        return _page(request, concern, form, problem=_("Write it with letters."))
    files = [
        AddedFile(one.name or "", one.content_type or "", one)
        for one in request.FILES.getlist("files")
    ]
    words = form.cleaned_data["words"]
    if files and not may_add_files(kind=concern.kind, harm=concern.harm):
        never = _(
            "Do not send us nude or sexual pictures. Never send one of a child. "
            "Tell us where it is, and we will find it."
        )
        return _page(request, concern, form, problem=never)
    try:
        add_to_concern(concern_id=concern.pk, words=words, files=files, now=timezone.now())
    except ConcernRefused as refused:
        kept = AddForm(initial={"words": words[:LONGEST_WORDS]})
        return _page(request, concern, kept, problem=refusal_words(refused))
    return redirect("public:concern", concern.token)


@require_POST
@of_concern
def messages(request: HttpRequest, concern: Concern) -> HttpResponse:
    """Stop or start e-mails (ICU D6). The page tells everything in either case."""
    choose = opt_in if request.POST.get("wanted") == "yes" else opt_out
    choose(concern_id=concern.pk, now=timezone.now())
    return redirect("public:concern", concern.token)


@require_http_methods(["GET", "POST"])
@of_concern
def withdraw(request: HttpRequest, concern: Concern) -> HttpResponse:
    """Ask whether they are sure, and then take it back."""
    if not concern.is_open:
        return redirect("public:concern", concern.token)
    if request.method == "GET":
        return render(request, "public/told/withdraw.html", _about(concern))
    # If it was decided or taken back a moment ago, the page says which.
    with suppress(ConcernRefused):
        withdraw_concern(concern_id=concern.pk, now=timezone.now())
    return redirect("public:concern", concern.token)


@require_POST
@of_concern
def again(_request: HttpRequest, concern: Concern) -> HttpResponse:
    """Begin the expedited complaint about an intimate image report (s.21(2A))."""
    if not _may_complain_fast(concern):
        return redirect("public:concern", concern.token)
    answers = {
        "kind": str(Kind.EXPEDITED),
        "about": concern.reference,
        "language": concern.language,
        "version": concern.version,
        "email": concern.email,
        "reply": "email" if concern.email else "page",
        "channel": "page",
    }
    begun = begin_draft(service=concern.service, answers=answers, now=timezone.now())
    response = redirect("public:report_form", concern.service.slug, label_of(begun.draft))
    remember(response, begun.draft, begun.token)
    return response


def _page(
    request: HttpRequest, concern: Concern, form: AddForm, *, problem: str = ""
) -> HttpResponse:
    context = {
        **_about(concern),
        "form": form,
        "problem": problem,
        "answers_of_ours": concern.letters.exclude(kind="acknowledged").order_by("-pk"),
        "additions": concern.events.filter(kind="added").order_by("pk"),
        "attachments": concern.attachments.filter(deleted_at__isnull=True).order_by("pk"),
        # What was found besides is not theirs to know: a hash alone must lead nobody to an item.
        "subjects": sorted(named_at_first(concern)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "public/told/read.html", context, status=status)


def _about(concern: Concern) -> dict[str, Any]:
    desk = desk_of(concern.service)
    is_child = concern.version == "child"
    return {
        "concern": concern,
        "service": concern.service,
        "desk": desk,
        "language": concern.language,
        "is_child": is_child,
        "is_again": is_taken_back(concern),
        "is_statutory": KINDS[Kind(concern.kind)].is_statutory,
        "may_come": may_come(concern) if concern.is_open and not is_child else "",
        "may_add_files": may_add_files(kind=concern.kind, harm=concern.harm),
        "is_late": concern.is_open and timezone.now() > concern.due_at and not concern.paused_at,
        "asked_again": _open_complaints(concern).exists(),
        "may_complain_fast": _may_complain_fast(concern),
        "emergency": emergency(),
        "signposts": signposts_for(
            helped_with(kind=concern.kind, harm=concern.harm),
            nation=desk.nation,
            for_child=is_child,
        ),
    }


def _open_complaints(concern: Concern) -> QuerySet[Concern]:
    return concern.followers.filter(
        kind=Kind.EXPEDITED, decided_at__isnull=True, withdrawn_at__isnull=True
    )


def _may_complain_fast(concern: Concern) -> bool:
    """Once it is answered, or should have been: before that there is nothing to complain about."""
    if concern.kind != Kind.INTIMATE_IMAGE or concern.outcome == Outcome.WITHDRAWN:
        return False
    due = concern.decided_at is not None or timezone.now() > concern.due_at
    return due and not _open_complaints(concern).exists()
