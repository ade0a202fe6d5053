"""The form by which anyone tells a service what is wrong: one question a page, no sign-in.

A form is found by a cookie and its own address together (`drafts.py`); nothing else lets anyone in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from dutybound.cases.signposts import emergency, signposts_for
from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.actions.drafts import (
    add_draft_files,
    answer_draft,
    begin_draft,
    forget_draft,
    remove_draft_file,
    send_draft,
)
from dutybound_server.casework.hearing import LONGEST_WORDS, AddedFile, ConcernRefused
from dutybound_server.casework.models import Desk, Draft
from dutybound_server.casework.tellers import network_digest
from dutybound_server.lib.floods import Floods
from dutybound_server.lib.headers import CONTENT_SECURITY_POLICY
from dutybound_server.people.addresses import address_of
from dutybound_server.people.models import Service
from dutybound_server.public.floods import too_many
from dutybound_server.public.report import questions as q
from dutybound_server.public.report.bodies import LONGEST_NUMBER, is_too_large
from dutybound_server.public.report.drafts import answers_of, draft_of, forget, label_of, remember
from dutybound_server.public.report.links import told_by_links
from dutybound_server.public.report.order import asked, before, marked_done, next_after, step_named
from dutybound_server.public.report.proof import challenge_for, is_proof
from dutybound_server.public.report.refusals import refusal_words
from dutybound_server.public.report.sending import told_of, wishes_of
from dutybound_server.public.report.steps import Step, StepForm
from dutybound_server.public.report.summary import rows_of
from dutybound_server.public.report.words import LANGUAGES

BEGUN = Floods(120)
"""Forms from one network in a minute. Each is a row; what is begun already goes on."""
SAFE_PLACE = "https://www.bbc.co.uk/weather"
"""Where "leave this page" leads: a page that tells nothing of where one was."""


@dataclass(frozen=True, slots=True)
class Form:
    """One person's form, and the rules of the service it is for."""

    draft: Draft
    desk: Desk
    answers: dict[str, Any]

    @property
    def service(self) -> Service:
        return self.draft.service

    @property
    def is_child(self) -> bool:
        return bool(self.answers.get("version") == "child")

    def go_to(self, step: str) -> HttpResponse:
        return redirect("public:report_step", self.service.slug, label_of(self.draft), step)


FormView = Callable[..., HttpResponse]


def _private(response: HttpResponse) -> HttpResponse:
    """Told to nobody: no referrer, no index. One may leave for the safe place by a button."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'", f"form-action 'self' {SAFE_PLACE}"
    )
    return response


def of_service(view: FormView) -> FormView:
    """Give the view the service's desk; an unknown service and a closed form get a kind page.

    A closed form begins no report. What somebody has begun they can finish, and so can whoever
    complains about the report they made.
    """

    # Another site can only begin a form, as anyone can; see `label_of` for the rest.
    @csrf_exempt
    @wraps(view)
    @never_cache
    def answer(request: HttpRequest, slug: str, **parts: str) -> HttpResponse:
        service = Service.objects.filter(slug=slug).first()
        desk = desk_of(service) if service else None
        if desk is None or not (desk.is_open or "label" in parts):
            context = {"service": service, "emergency": emergency(), "desk": desk}
            return _private(
                render(request, "public/report/closed.html", context, status=HTTPStatus.NOT_FOUND)
            )
        if is_too_large(request):
            return _private(_too_large(request, desk))
        return _private(view(request, desk, **parts))

    return answer


def of_form(view: FormView) -> FormView:
    """Give the view the person's own form, in their language; without one they begin again."""

    @wraps(view)
    def answer(request: HttpRequest, desk: Desk, label: str, **parts: str) -> HttpResponse:
        draft = draft_of(request, desk.service, label, now=timezone.now())
        if draft is None:
            context = {**_about(desk, {}), "service": desk.service}
            return render(request, "public/report/gone.html", context, status=HTTPStatus.NOT_FOUND)
        answers = answers_of(draft)
        with translation.override(answers.get("language", "en")):
            return view(request, Form(draft, desk, answers), **parts)

    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@of_service
def start(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Say what comes and where help is; begin a form. What a link or a widget told goes along."""
    said = request.POST if request.method == "POST" else request.GET
    told = told_by_links(desk, said.getlist("item"), now=timezone.now())
    links = told.pop("links", [])
    answers = {**told, "language": _language(desk, said.get("lang", ""))}
    answers["version"] = _version(desk, said.get("for", ""))
    with translation.override(answers["language"]):
        if request.method == "POST":
            return _begin(request, desk, answers)
        return _first_page(request, desk, answers, links=links)


@require_http_methods(["GET", "HEAD", "POST"])
@of_service
@of_form
def first(request: HttpRequest, form: Form) -> HttpResponse:
    """The first page again, for whoever goes back to it: what they said so far stays theirs."""
    if form.draft.sent_id:
        return form.go_to("sent")
    said = request.POST if request.method == "POST" else request.GET
    changes: dict[str, Any] = {
        "language": _language(form.desk, said.get("lang", form.answers["language"])),
        "version": _version(form.desk, said.get("for", form.answers["version"])),
    }
    if request.method == "POST":
        if changes["version"] != form.answers["version"]:
            changes |= q.asked_anew(form.answers)
        answer_draft(draft=form.draft, changes=changes, now=timezone.now())
        return form.go_to(q.WORDS.name)
    with translation.override(changes["language"]):
        return _first_page(request, form.desk, {**form.answers, **changes}, draft=form.draft)


@require_http_methods(["GET"])
@of_service
@of_form
def form(_request: HttpRequest, form: Form) -> HttpResponse:
    """The form without a page named: where the person is in it."""
    if form.draft.sent_id:
        return form.go_to("sent")
    step = next_after(form.answers, form.desk)
    return form.go_to(step.name if step else "check")


@require_http_methods(["GET", "HEAD", "POST"])
@of_service
@of_form
def step(request: HttpRequest, form: Form, name: str) -> HttpResponse:
    """One question: show it with what was said before, or keep the answer and go on."""
    if form.draft.sent_id:
        return form.go_to("sent")
    step = step_named(name, form.answers, form.desk)
    if step is None:
        return redirect("public:report_form", form.service.slug, label_of(form.draft))
    if request.method == "GET":
        return _ask(request, form, step, step.form(initial=form.answers, **_known(form)))
    given = step.form(request.POST, **_known(form))
    if not given.is_valid():
        return _ask(request, form, step, given, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if step is q.FILES and (answer := _keep_files(request, form, step, given)):
        return answer
    changes = given.answers()
    done = marked_done(step, {**form.answers, **changes})
    answers = answer_draft(draft=form.draft, changes={**changes, **done}, now=timezone.now())
    following = next_after(answers, form.desk)
    return form.go_to(following.name if following else "check")


@require_http_methods(["GET", "HEAD", "POST"])
@of_service
@of_form
def check(request: HttpRequest, form: Form) -> HttpResponse:
    """Show all that was said before it is sent; send it."""
    if form.draft.sent_id:
        return form.go_to("sent")
    if following := next_after(form.answers, form.desk):
        return form.go_to(following.name)
    if request.method == "GET":
        return _check(request, form)
    proven = is_proof(request.POST.get("proof", ""), draft=form.draft, desk=form.desk)
    told = told_of(form.draft, form.answers, network=address_of(request), queued=not proven)
    try:
        send_draft(
            draft=form.draft,
            told=told,
            wishes=wishes_of(form.answers),
            # A picture that the page does not show, since it must not be passed on, is not sent.
            with_files=q.FILES.concerns(form.answers, form.desk),
            now=timezone.now(),
        )
    except ConcernRefused as refused:
        return _check(request, form, problem=refusal_words(refused))
    return form.go_to("sent")


@require_http_methods(["GET"])
@of_service
@of_form
def sent(request: HttpRequest, form: Form) -> HttpResponse:
    """The receipt: a reference, the private address, what happens next, and who else helps."""
    concern = form.draft.sent
    if concern is None:
        return redirect("public:report_form", form.service.slug, label_of(form.draft))
    context = {
        **_about(form.desk, form.answers),
        "draft": form.draft,
        "label": label_of(form.draft),
        "concern": concern,
        "receipt": concern.letters.get(kind="acknowledged").words,
        "address": f"{settings.ORIGIN}/told/{concern.token}/",
        "signposts": _signposts(
            form.desk, q.helped_with(kind=concern.kind, harm=concern.harm), is_child=form.is_child
        ),
    }
    return render(request, "public/report/sent.html", context)


@require_POST
@of_service
@of_form
def leave(_request: HttpRequest, form: Form) -> HttpResponse:
    """Forget the form and go where nothing tells of it."""
    response = redirect(SAFE_PLACE)
    forget(response, form.draft)
    forget_draft(draft=form.draft)
    return response


def _begin(request: HttpRequest, desk: Desk, answers: dict[str, Any]) -> HttpResponse:
    """What a widget already asked is kept if it is fine, and asked again on the page if not."""
    answers["channel"] = "widget" if request.POST.get("from") == "widget" else "page"
    words = request.POST.get("words", "")
    if words.strip():
        given = q.WordsForm({"words": words}, answers=answers, desk=desk)
        answers["words"] = (
            given.cleaned_data["words"] if given.is_valid() else words[:LONGEST_WORDS]
        )
        answers |= marked_done(q.WORDS, answers) if given.is_valid() else {}
    if wait := BEGUN.seconds_to_wait(network_digest(address_of(request))):
        return too_many(request, wait)
    begun = begin_draft(service=desk.service, answers=answers, now=timezone.now())
    response = redirect("public:report_form", desk.service.slug, label_of(begun.draft))
    remember(response, begun.draft, begun.token)
    return response


def _first_page(
    request: HttpRequest,
    desk: Desk,
    answers: dict[str, Any],
    *,
    links: Sequence[str] = (),
    draft: Draft | None = None,
) -> HttpResponse:
    context = {
        **_about(desk, answers),
        "items": links,
        "languages": _offered(desk),
        "signposts": _signposts(desk, "", is_child=answers["version"] == "child"),
        **({"draft": draft, "label": label_of(draft)} if draft else {}),
    }
    return render(request, "public/report/start.html", context)


def _ask(
    request: HttpRequest,
    form: Form,
    step: Step,
    given: StepForm,
    *,
    status: int = HTTPStatus.OK,
    problem: str = "",
) -> HttpResponse:
    context = {
        **_of_form(form),
        "step": step,
        "form": _shortened(given),
        "problem": problem,
        "back": _back_to(form, before(step, form.answers, form.desk)),
        "files": form.draft.files.order_by("pk"),
    }
    return render(request, step.template, context, status=status)


def _back_to(form: Form, earlier: Step | None) -> str:
    """The page before. Who complains about a report came from its page, and has no first page."""
    if earlier:
        return earlier.name
    return "" if form.answers.get("about") else "first"


def _shortened(given: StepForm) -> StepForm:
    """A text of megabytes is not sent back: what fits is shown again."""
    for name, value in list(given.data.items()):
        if isinstance(value, str) and len(value) > LONGEST_WORDS:
            given.data = {**given.data.dict(), name: value[:LONGEST_WORDS]}  # type: ignore[attr-defined]
    return given


def _keep_files(
    request: HttpRequest, form: Form, step: Step, given: StepForm
) -> HttpResponse | None:
    """Take out or add files; None: there was nothing to do, so the person goes on."""
    remove = request.POST.get("remove", "")
    if remove.isascii() and remove.isdecimal() and len(remove) <= LONGEST_NUMBER:
        remove_draft_file(draft=form.draft, file_id=int(remove))
        return form.go_to(step.name)
    files = [
        AddedFile(one.name or "", one.content_type or "", one)
        for one in request.FILES.getlist("files")
    ]
    if not files:
        return None
    try:
        add_draft_files(draft=form.draft, files=files, now=timezone.now())
    except ConcernRefused as refused:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _ask(request, form, step, given, status=status, problem=refusal_words(refused))
    return form.go_to(step.name)


def _check(request: HttpRequest, form: Form, *, problem: str = "") -> HttpResponse:
    context = {
        **_of_form(form),
        "rows": rows_of(form.draft, form.answers, form.desk),
        "back": _back_to(form, [*asked(form.answers, form.desk)][-1]),
        "can_add": form.answers.get("subjects"),
        "problem": problem,
        "challenge": challenge_for(form.draft) if form.desk.proof_bits else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "public/report/check.html", context, status=status)


def _known(form: Form) -> dict[str, Any]:
    return {"answers": form.answers, "desk": form.desk}


def _of_form(form: Form) -> dict[str, Any]:
    return {
        **_about(form.desk, form.answers),
        "draft": form.draft,
        "label": label_of(form.draft),
        "signposts": _signposts(form.desk, _harm_of(form.answers), is_child=form.is_child),
    }


def _about(desk: Desk, answers: dict[str, Any]) -> dict[str, Any]:
    return {
        "service": desk.service,
        "desk": desk,
        "answers": answers,
        "subjects": answers.get("subjects", []),
        "language": answers.get("language", "en"),
        "is_child": answers.get("version") == "child",
        "emergency": emergency(),
    }


def _signposts(desk: Desk, harm: str, *, is_child: bool) -> Any:  # noqa: ANN401 - of the library
    return signposts_for(harm, nation=desk.nation, for_child=is_child)


def _harm_of(answers: dict[str, Any]) -> str:
    return q.helped_with(kind=answers.get("kind", ""), harm=answers.get("harm", ""))


def _offered(desk: Desk) -> dict[str, str]:
    return {one: LANGUAGES[one] for one in ("en", *desk.languages) if one in LANGUAGES}


def _language(desk: Desk, asked: str) -> str:
    return asked if asked in _offered(desk) else "en"


def _version(desk: Desk, asked: str) -> str:
    return asked if asked in {"adult", "child"} else desk.version


def _too_large(request: HttpRequest, desk: Desk) -> HttpResponse:
    # Nothing of the body is read: the form is as it was before.
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return render(request, "public/report/too_large.html", _about(desk, {}), status=status)
