"""The desk of a trusted flagger: what it reported, what came of it, its record; and who has one.

Its people sign in with a second factor and see their own organisation's reports, nothing else.
"""

import secrets
from collections.abc import Callable
from functools import wraps

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from dutybound.cases.kinds import KINDS, Kind
from dutybound.register.harms import HARMS
from dutybound_server.casework.actions.flags import (
    KINDS_FLAGGED,
    LONGEST_REQUEST_ID,
    Flag,
    take_flag,
)
from dutybound_server.casework.flagger_queries import (
    FlaggerNotFound,
    desk_for,
    desks_for,
    public_flaggers,
    record_of,
    report_of,
    reports_of,
    things_of,
)
from dutybound_server.casework.hearing import LONGEST_WORDS, ConcernRefused, Subject
from dutybound_server.casework.models import Flagger
from dutybound_server.casework.subjects import ACCOUNT, ADDRESS, ITEM
from dutybound_server.people.access import StaffRequest, staff_only
from dutybound_server.people.models import Service

A_PAGE = 25
DeskView = Callable[..., HttpResponseBase]


class FlagForm(forms.Form):
    """What a flagger reports."""

    subjects = forms.CharField(
        label="What is it about?",
        help_text=(
            "One a line: the address of a page, or “item:” or “account:” and the service's own id."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Name at least one page, item or account."},
    )
    harm = forms.ChoiceField(label="What kind of harm is it?", required=False)
    kind = forms.ChoiceField(
        label="What do you report it as?",
        choices=[(kind.value, KINDS[kind].name) for kind in KINDS_FLAGGED],
        initial=Kind.ILLEGAL_CONTENT.value,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="What is wrong, and how do you know?",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Say in a few words what is wrong."},
    )
    request_id = forms.CharField(max_length=LONGEST_REQUEST_ID, widget=forms.HiddenInput)
    """Made with the page, so that sending it twice is one report."""

    def __init__(self, *arguments: object, flagger: Flagger, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        trusted = [(one, HARMS[one].name) for one in flagger.harms or HARMS]
        others = [(one, harm.name) for one, harm in HARMS.items() if one not in dict(trusted)]
        choices: list[tuple[str, object]] = [("", "I don't know"), *trusted]
        if others:
            choices.append(("Others, taken as anybody's report", others))
        self.fields["harm"].choices = choices  # type: ignore[attr-defined]

    def flag(self) -> Flag:
        given = self.cleaned_data
        lines = [line.strip() for line in given["subjects"].splitlines() if line.strip()]
        return Flag(
            kind=Kind(given["kind"]),
            words=given["words"],
            harm=given["harm"],
            subjects=tuple(dict.fromkeys(_subject(line) for line in lines)),
            request_id=given["request_id"],
        )


def _subject(line: str) -> Subject:
    """`item:7`, `account:7`, an address, or else the id of an item."""
    for kind in (ITEM, ACCOUNT):
        if line.lower().startswith(f"{kind}:"):
            return Subject(kind, line.partition(":")[2].strip())
    is_address = line.lower().startswith(("https://", "http://"))
    return Subject(ADDRESS if is_address else ITEM, line)


def at_desk(view: DeskView) -> DeskView:
    """Admit the flagger's own people, with a second factor; to anybody else it is not there."""

    @staff_only
    @wraps(view)
    def guarded(
        request: StaffRequest, service: str, flagger: str, **named: object
    ) -> HttpResponseBase:
        try:
            found = desk_for(request.user, service=service, flagger=flagger)
        except FlaggerNotFound:
            raise Http404("You do not sign in for a flagger of this name.") from None
        return view(request, found, **named)

    return guarded


@require_GET
@never_cache
def flaggers(request: HttpRequest, service: str) -> HttpResponse:
    """Who has a channel of their own at the service, and why, for anybody to read."""
    found = get_object_or_404(Service, slug=service)
    context = {"service": found, "flaggers": public_flaggers(found)}
    return render(request, "public/flagger/policy.html", context)


@require_GET
@staff_only
@never_cache
def home(request: StaffRequest) -> HttpResponse:
    """From the sign-in to the desk; to a choice, for somebody with several."""
    desks = list(desks_for(request.user))
    if not desks:
        raise Http404("You do not sign in for a trusted flagger.")
    if len(desks) == 1:
        flagger = desks[0].flagger
        return redirect("public:flagger_desk", flagger.service.slug, flagger.slug)
    return render(request, "public/flagger/desks.html", {"desks": desks})


@require_GET
@at_desk
def desk(request: StaffRequest, flagger: Flagger) -> HttpResponse:
    page = Paginator(reports_of(flagger), A_PAGE).get_page(request.GET.get("page"))
    things = things_of(page)
    context = {
        **_about(flagger),
        "page": page,
        "rows": [(concern, things.get(concern.pk, [])) for concern in page],
    }
    return render(request, "public/flagger/desk.html", context)


@require_GET
@at_desk
def record(request: StaffRequest, flagger: Flagger) -> HttpResponse:
    now = timezone.now()
    context = {
        **_about(flagger),
        "record": record_of(flagger, now=now),
        "harms": [HARMS[harm].name for harm in flagger.harms if harm in HARMS],
    }
    return render(request, "public/flagger/record.html", context)


@require_http_methods(["GET", "POST"])
@at_desk
def report(request: StaffRequest, flagger: Flagger) -> HttpResponse:
    """Report something; what was wrong with it is shown, and nothing written is lost."""
    if request.method == "GET":
        begun = {"request_id": secrets.token_urlsafe(16)}
        return _ask(request, flagger, FlagForm(initial=begun, flagger=flagger))
    form = FlagForm(request.POST, flagger=flagger)
    if not form.is_valid():
        return _ask(request, flagger, form, status=422)
    try:
        received = take_flag(flagger=flagger, by=request.user, flag=form.flag(), now=timezone.now())
    except ConcernRefused as refused:
        refused.show_in(form)
        return _ask(request, flagger, form, status=422)
    reference = received.concern.reference
    return redirect("public:flagger_report", flagger.service.slug, flagger.slug, reference)


@require_GET
@at_desk
def one_report(request: StaffRequest, flagger: Flagger, reference: str) -> HttpResponse:
    try:
        concern = report_of(flagger, reference)
    except FlaggerNotFound:
        raise Http404("You have no report of that reference.") from None
    context = {
        **_about(flagger),
        "concern": concern,
        "harm": HARMS[concern.harm].name if concern.harm in HARMS else "",
        "things": things_of([concern]).get(concern.pk, []),
        "letters": concern.letters.order_by("id"),
    }
    return render(request, "public/flagger/report.html", context)


def _ask(
    request: StaffRequest, flagger: Flagger, form: FlagForm, *, status: int = 200
) -> HttpResponse:
    context = {**_about(flagger), "form": form}
    return render(request, "public/flagger/new.html", context, status=status)


def _about(flagger: Flagger) -> dict[str, object]:
    return {"flagger": flagger, "service": flagger.service}
