"""A case goes to an independent body: what goes out is read first, and what it found is kept."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dutybound.cases.bundle import as_text
from dutybound.cases.judgement import LONGEST_WORDS
from dutybound_server.casework.actions.outside import LONGEST_BODY, export_case, take_outcome
from dutybound_server.casework.models import Case, OutsideReview
from dutybound_server.casework.outside import case_as_told
from dutybound_server.casework.refusals import ReviewRefused
from dutybound_server.console.case_page import case_or_404
from dutybound_server.lib.downloads import download
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May

FOUND = (
    ("agrees", "It agrees with us"),
    ("disagrees", "It disagrees: the case opens again"),
    ("partly", "It agrees in part: the case opens again"),
    ("declined", "It does not review this case"),
)


class ExportForm(forms.Form):
    """To whom, and what else must not go out."""

    body = forms.CharField(
        label="To which body?",
        max_length=LONGEST_BODY,
        help_text="Its full name, as the author would look it up.",
        error_messages={"required": "Name the body."},
    )
    leave_out = forms.CharField(
        label="Names and words to leave out besides",
        max_length=LONGEST_WORDS,
        required=False,
        help_text="One on each line. What stands below is what goes out.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    read = forms.BooleanField(
        label="I have read all of it, and it names nobody",
        error_messages={"required": "Read what goes out, then tick this."},
    )

    def words_to_leave_out(self) -> list[str]:
        return str(self.data.get("leave_out", ""))[:LONGEST_WORDS].splitlines()


class OutcomeForm(forms.Form):
    """What the body found."""

    outcome = forms.ChoiceField(
        label="What did it find?",
        choices=FOUND,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the body found."},
    )
    words = forms.CharField(
        label="In its own words, or yours",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write down what the body says."},
    )


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may(May.OVERTURN)
def outside(request: StaffRequest, reference: str) -> HttpResponse:
    """Read what would go out, leave more out, and then take the signed file."""
    case, now = case_or_404(request, reference), timezone.now()
    if request.method != "POST":
        return _page(request, case, ExportForm())
    form = ExportForm(request.POST)
    if "preview" in request.POST:
        # Shown again with what was typed; nothing is refused before something goes out.
        return _page(request, case, ExportForm(initial=request.POST.dict() | {"read": False}))
    if form.is_valid():
        try:
            return _file(request, case, form, now=now)
        except ReviewRefused as refusal:
            refusal.show_in(form)
    return _page(request, case, form, status=422)


@require_POST
@staff_may(May.OVERTURN)
def outcome(request: StaffRequest, reference: str, review_id: int) -> HttpResponse:
    case = case_or_404(request, reference)
    review = get_object_or_404(OutsideReview, pk=review_id, case=case)
    form = OutcomeForm(request.POST)
    if form.is_valid():
        try:
            take_outcome(
                review_id=review.pk, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except ReviewRefused as refusal:
            refusal.show_in(form)
        else:
            messages.success(request, "Written down. It stands in the history of the case.")
            return redirect("console:case", request.service.slug, reference)
    return _page(request, case, ExportForm(), answered=(review, form), status=422)


def _file(request: StaffRequest, case: Case, form: ExportForm, *, now: datetime) -> HttpResponse:
    made = export_case(
        case_id=case.pk,
        body=form.cleaned_data["body"],
        leave_out=form.words_to_leave_out(),
        by=request.user,
        now=now,
    )
    name = f"case-{case.reference}-review-{made.review.pk}.zip"
    answer = download(made.content, name=name)
    answer["Cache-Control"] = "no-store"
    return answer


def _page(
    request: StaffRequest,
    case: Case,
    form: ExportForm,
    *,
    answered: tuple[OutsideReview, OutcomeForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    leave_out = str(form["leave_out"].value() or "").splitlines()
    reviews = [
        (
            one,
            answered[1] if answered and answered[0] == one else OutcomeForm(auto_id=f"{one.pk}_%s"),
        )
        for one in case.outside_reviews.select_related("exported_by", "decided").order_by("-id")
    ]
    context = {
        "active": "quality",
        "case": case,
        "form": form,
        "reviews": reviews,
        "preview": as_text(case_as_told(case, leave_out=leave_out)),
        "is_decided": case.decisions.exists(),
    }
    return render(request, "console/quality/outside.html", context, status=status)
