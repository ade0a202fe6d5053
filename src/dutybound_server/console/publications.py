"""What is made of the findings for others: made, read, downloaded, withdrawn."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dutybound.evidence.board import board_report
from dutybound.evidence.notice import Notice
from dutybound_server.assurance.actions.publications import PublicationRefused, publish, withdraw
from dutybound_server.assurance.attachments import choices_for
from dutybound_server.assurance.models import Publication
from dutybound_server.assurance.publication_contents import (
    Gathered,
    gather_annual,
    gather_answer,
    gather_board,
    gather_figures,
    gather_notice,
)
from dutybound_server.assurance.publication_files import (
    CONTENT,
    answer_in,
    board_in,
    bytes_of,
    differing,
    downloads_of,
    figures_in,
    files_again,
    is_as_journalled,
    notice_in,
)
from dutybound_server.assurance.publication_kinds import (
    ANNUAL,
    ANSWER,
    BOARD,
    FIGURES,
    NOTICE,
    PUBLICATION_KINDS,
)
from dutybound_server.assurance.publication_queries import (
    PublicationNotFound,
    answered_numbers,
    answers_to,
    publication_for,
    publications_of,
    waiting_notices,
)
from dutybound_server.console.publication_forms import (
    AsksForm,
    BoardForm,
    FiguresForm,
    NoticeForm,
    PeriodForm,
    WithdrawForm,
    answer_forms,
)
from dutybound_server.console.records import for_page
from dutybound_server.lib.downloads import download
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

A_PAGE = 50
Gather = Callable[[StaffRequest, Any], Gathered]


@never_cache
@require_GET
@staff_may(May.AUDIT)
def publications(request: StaffRequest) -> HttpResponse:
    page = Paginator(publications_of(request.service), A_PAGE).get_page(request.GET.get("page"))
    answered = answered_numbers(request.service)
    rows = [(one, PUBLICATION_KINDS[one.kind].name, answered.get(one.number)) for one in page]
    waiting = [
        (one, notice_in(one.content), _days_left(one)) for one in waiting_notices(request.service)
    ]
    context = {
        "page": page,
        "rows": rows,
        "waiting": waiting,
        "makes": [(kind, PUBLICATION_KINDS[kind]) for kind in _MAKE],
    }
    return _show(request, "console/publications/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may(May.ASSESS)
def make(request: StaffRequest, kind: str) -> HttpResponse:
    """Ask for what is needed, then gather, set and keep it."""
    if kind not in _MAKE:
        raise Http404("Nothing of this kind is made here.")
    form_of, gather = _MAKE[kind]
    form = form_of(request.POST or None, initial=_initial())
    if request.method == "POST" and form.is_valid():
        made = _publish(request, gather(request, form), _title(kind, form), form=form)
        if made is not None:
            return redirect("console:publication", request.service.slug, made.number)
    context = {
        "form": form,
        "kind": PUBLICATION_KINDS[kind],
        "may_show": may(request.user, request.service, May.APPROVE),
    }
    return _show(request, "console/publications/make.html", context, wrong=bool(form.errors))


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may(May.ASSESS)
def answer(request: StaffRequest, number: int) -> HttpResponse:
    """Answer a notice question by question."""
    notice = _publication(request, number, kind=NOTICE)
    asked = notice_in(notice.content)
    period = PeriodForm(request.POST or None, initial=_initial())
    choices = choices_for(request.service)
    forms_ = answer_forms(request.POST or None, questions=asked.questions, choices=choices)
    valid = [one.is_valid() for one in (period, *forms_)]
    if request.method == "POST" and all(valid):
        gathered = gather_answer(
            request.service, period.period(), notice=notice, asked=asked,
            answers=[one.answered() for one in forms_], now=timezone.now(),
        )  # fmt: skip
        made = _publish(request, gathered, f"Answer to {asked.reference}", form=period)
        if made is not None:
            return redirect("console:publication", request.service.slug, made.number)
    context = {
        "publication": notice,
        "notice": asked,
        "days_left": _days_left(notice),
        "period": period,
        "forms": forms_,
    }
    wrong = request.method == "POST" and not all(valid)
    return _show(request, "console/publications/answer.html", context, wrong=wrong)


@never_cache
@require_GET
@staff_may(May.AUDIT)
def publication(request: StaffRequest, number: int) -> HttpResponse:
    return _show_one(request, _publication(request, number), WithdrawForm())


@never_cache
@require_POST
@staff_may(May.ASSESS)
def withdraw_publication(request: StaffRequest, number: int) -> HttpResponse:
    found, form = _publication(request, number), WithdrawForm(request.POST)
    if form.is_valid():
        try:
            withdraw(
                publication=found, why=form.cleaned_data["why"], by=request.user,
                now=timezone.now(),
            )  # fmt: skip
        except PublicationRefused as refused:
            refused.show_in(form)
        else:
            messages.success(request, "Withdrawn. It stays to be read, with what you wrote.")
            return redirect("console:publication", request.service.slug, number)
    return _show_one(request, found, form)


@never_cache
@require_GET
@staff_may(May.AUDIT)
def file(request: StaffRequest, number: int, name: str) -> HttpResponse:
    found = _publication(request, number)
    if name not in downloads_of(found):
        raise Http404("There is no such file.")
    files = files_again(found)
    others = differing(found, files)
    if others and name != CONTENT and request.GET.get("now") != "yes":
        said = (
            f"Made today, {', '.join(others)} would differ from what was given: other software "
            "sets it now, from the same content. To take it so, add ?now=yes to its address."
        )
        messages.warning(request, said)
        return redirect("console:publication", request.service.slug, number)
    content = bytes_of(found, name, files)
    return download(content, name=f"{request.service.slug}-{number}-{name}")


def _show_one(request: StaffRequest, found: Publication, form: WithdrawForm) -> HttpResponse:
    context = {
        "publication": found,
        "kind": PUBLICATION_KINDS[found.kind],
        "downloads": downloads_of(found),
        "as_journalled": is_as_journalled(found),
        "form": form,
        "may_withdraw": _may_withdraw(request, found),
        **_CONTEXT[found.kind](found),
    }
    return _show(request, _TEMPLATES[found.kind], context, wrong=bool(form.errors))


def _may_withdraw(request: StaffRequest, found: Publication) -> bool:
    needed = May.APPROVE if found.for_everyone else May.ASSESS
    return found.withdrawn_at is None and may(request.user, request.service, needed)


def _publish(
    request: StaffRequest, gathered: Gathered, title: str, *, form: forms.Form
) -> Publication | None:
    """What was made; None where it was refused, which the form then says."""
    for_everyone = bool(form.cleaned_data.get("for_everyone"))
    if for_everyone and not may(request.user, request.service, May.APPROVE):
        form.add_error("for_everyone", "Only the accountable person shows figures to everyone.")
        return None
    return publish(
        service=request.service, kind=gathered.kind, title=title, content=gathered.content,
        head=gathered.head, for_everyone=for_everyone, by=request.user, now=timezone.now(),
    )  # fmt: skip


def _publication(request: StaffRequest, number: int, *, kind: str = "") -> Publication:
    try:
        found = publication_for(request.service, number)
    except PublicationNotFound as absent:
        raise Http404(str(absent)) from None
    if kind and found.kind != kind:
        raise Http404("There is no such publication.")
    return found


def _show(
    request: StaffRequest, template: str, context: dict[str, Any], *, wrong: bool = False
) -> HttpResponse:
    whole = {"active": "publications", **context}
    return render(request, template, whole, status=422 if wrong else 200)


def _initial() -> dict[str, Any]:
    """The last 90 days, where days are asked for."""
    today = timezone.localdate()
    return {"start": today - timedelta(days=89), "end": today}


def _days_left(notice: Publication) -> int:
    return (notice_in(notice.content).due - timezone.localdate()).days


def _title(kind: str, form: forms.Form) -> str:
    if kind == NOTICE:
        return f"Notice {form.cleaned_data['reference']}"
    return PUBLICATION_KINDS[kind].name


# What each kind needs, and what its page shows


def _gather_board(request: StaffRequest, form: BoardForm) -> Gathered:
    now = timezone.now()
    asks = form.cleaned_data["asks"]
    return gather_board(request.service, form.period(now), asks=asks, now=now)


def _gather_annual(request: StaffRequest, form: AsksForm) -> Gathered:
    return gather_annual(request.service, asks=form.cleaned_data["asks"], now=timezone.now())


def _gather_figures(request: StaffRequest, form: FiguresForm) -> Gathered:
    return gather_figures(request.service, form.period(), now=timezone.now())


def _gather_notice(request: StaffRequest, form: NoticeForm) -> Gathered:
    return gather_notice(request.service, Notice(**form.cleaned_data))


_MAKE: dict[str, tuple[type[forms.Form], Gather]] = {
    BOARD: (BoardForm, _gather_board),
    ANNUAL: (AsksForm, _gather_annual),
    FIGURES: (FiguresForm, _gather_figures),
    NOTICE: (NoticeForm, _gather_notice),
}


def _board_context(found: Publication) -> dict[str, Any]:
    return {"sections": for_page(board_report(board_in(found.content)))}


def _figures_context(found: Publication) -> dict[str, Any]:
    return {"figures": figures_in(found.content)}


def _notice_context(found: Publication) -> dict[str, Any]:
    return {
        "notice": notice_in(found.content),
        "days_left": _days_left(found),
        "answers": answers_to(found),
    }


def _answer_context(found: Publication) -> dict[str, Any]:
    answer = answer_in(found.content)
    by_id = {one.id: one for one in answer.attachments}
    rows = [(one, [by_id[id_] for id_ in one.attached]) for one in answer.answers]
    return {"answer": answer, "rows": rows}


_CONTEXT: dict[str, Callable[[Publication], dict[str, Any]]] = {
    BOARD: _board_context, ANNUAL: _board_context, FIGURES: _figures_context,
    NOTICE: _notice_context, ANSWER: _answer_context,
}  # fmt: skip
_TEMPLATES = {
    BOARD: "console/publications/board.html",
    ANNUAL: "console/publications/board.html",
    FIGURES: "console/publications/figures.html",
    NOTICE: "console/publications/notice.html",
    ANSWER: "console/publications/given.html",
}
