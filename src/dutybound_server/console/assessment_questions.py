"""The first half of the wizard: the service, its scope, what it is like, whether children come."""

import re
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dutybound.register.book import register
from dutybound.register.entries import Question
from dutybound.risk.access import LIMBS, access_of
from dutybound.risk.document import Assessment
from dutybound.risk.questions import is_answered, questions_for
from dutybound.risk.scope import scope_of
from dutybound_server.assurance.actions import drafts
from dutybound_server.assurance.parts import Value, seen
from dutybound_server.assurance.records import Figure, figures_of, mismatches
from dutybound_server.assurance.refusals import ChangedMeanwhile
from dutybound_server.console.assessment_forms import (
    AboutForm,
    ExemptionForm,
    FactsForm,
    SurfaceForm,
    UsersForm,
    YesNoForm,
    words_of,
)
from dutybound_server.console.assessment_pages import (
    CONFLICT,
    SEEN,
    UNPROCESSABLE,
    Desk,
    conflict,
    desk_of,
    save,
    show,
)
from dutybound_server.console.assessment_sections import (
    group_id,
    open_question,
    scope_steps,
)
from dutybound_server.console.assessment_words import ANSWERS, label_of, question_named
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May

STEP = "console/assessment/step.html"
# Where what users post is shown, by the fact that says there is such a place.
SURFACES = {
    "posting_content": "Posts",
    "commenting": "Comments",
    "direct_messaging": "Private messages",
    "group_messaging": "Group messages",
    "livestreaming": "Live streams",
    "user_profiles": "Profiles",
}
EMPTY_SURFACES = 1


@never_cache
@staff_may(May.ASSESS)
def about(request: StaffRequest) -> HttpResponse:
    desk = desk_of(request)
    service = desk.document.service
    form = AboutForm(
        request.POST or None,
        initial={name: getattr(service, name) for name in AboutForm.base_fields},
    )
    if request.method == "POST" and form.is_valid():
        answer = save(
            request, desk, form,
            lambda saving: drafts.describe_service(
                draft=desk.draft, about=form.cleaned_data, saving=saving
            ),
            then=lambda: redirect(*_after_about(request)),
        )  # fmt: skip
        if answer is not None:
            return answer
    context = {"form": form, "title": "About the service", "seen": desk.seen("about")}
    return show(request, STEP, context)


def _after_about(request: StaffRequest) -> tuple[str, ...]:
    waiting = [step for step, answered in scope_steps(desk_of(request)) if not answered]
    if waiting:
        return "console:assessment_scope", request.service.slug, waiting[0]
    return "console:assessment", request.service.slug


# Scope


@never_cache
@staff_may(May.ASSESS)
def scope(request: StaffRequest, test: str) -> HttpResponse:
    desk = desk_of(request)
    if test == "exemptions":
        return _exemptions(request, desk)
    asked = next((one for one in register().scope_tests if one.id == test), None)
    if asked is None:
        raise Http404("There is no such question.")
    steps = dict(scope_steps(desk))
    before = getattr(desk.document.scope, test)
    initial = {"answer": words_of(before)} if steps[test] else {}
    form = YesNoForm(request.POST or None, ask=asked.ask, initial=initial)
    del form.fields["reason"]
    if request.method == "POST" and form.is_valid():
        answer = save(
            request, desk, form,
            lambda saving: drafts.answer_scope(
                draft=desk.draft, test=test, answer=form.chosen(), saving=saving
            ),
            then=lambda: redirect(*_after_scope(request, test)),
        )  # fmt: skip
        if answer is not None:
            return answer
    context = {
        "form": form, "title": asked.ask, "asked": asked, "seen": desk.seen(f"scope/{test}"),
        "is_question": True, "section": "Is it in scope?",
    }  # fmt: skip
    return show(request, STEP, context)


def _after_scope(request: StaffRequest, test: str) -> tuple[str, ...]:
    ids = [one.id for one in register().scope_tests]
    following = [*ids, "exemptions"][ids.index(test) + 1]
    return "console:assessment_scope", request.service.slug, following


def _exemptions(request: StaffRequest, desk: Desk) -> HttpResponse:
    """Which exemptions may cover something: those that do not are recorded as covering nothing."""
    known = register().exemptions
    answers = desk.document.scope.exemptions
    shown = seen({id_: one.covers for id_, one in answers.items()})
    chosen = [id_ for id_, one in answers.items() if one.covers != "none"]
    is_sent = request.method == "POST"
    # One page answers for all of them, so whoever saw other answers sees these first.
    is_stale = is_sent and request.POST.get(SEEN) != shown
    if is_sent and not is_stale:
        chosen = [id_ for id_ in request.POST.getlist("exemption") if id_ in known]
        if chosen or "none" in request.POST:
            return _note_exemptions(request, desk, chosen)
    context = {
        "exemptions": known.values(),
        "chosen": chosen,
        "seen": shown,
        "is_stale": is_stale,
        "is_wrong": is_sent and not is_stale,
    }
    status = CONFLICT if is_stale else UNPROCESSABLE if is_sent else 200
    return show(request, "console/assessment/exemptions.html", context, status=status)


def _note_exemptions(request: StaffRequest, desk: Desk, chosen: list[str]) -> HttpResponse:
    now = timezone.now()
    for id_ in register().exemptions:
        before = desk.document.scope.exemptions.get(id_)
        if id_ in chosen and before is not None and before.covers != "none":
            continue
        covers = "unknown" if id_ in chosen else "none"
        saving = drafts.Saving(desk.seen(f"exemption/{id_}"), request.actor, now)
        try:
            drafts.answer_exemption(
                draft=desk.draft, exemption=id_, answer={"covers": covers}, saving=saving
            )
        except ChangedMeanwhile as other:
            return conflict(request, desk, other)
    messages.success(request, "Saved.")
    if chosen:
        return redirect("console:assessment_exemption", request.service.slug, chosen[0])
    return redirect("console:assessment_in_scope", request.service.slug)


@never_cache
@staff_may(May.ASSESS)
def exemption(request: StaffRequest, exemption: str) -> HttpResponse:
    desk = desk_of(request)
    asked = register().exemptions.get(exemption)
    if asked is None:
        raise Http404("There is no such exemption.")
    before = desk.document.scope.exemptions.get(exemption)
    initial = {"covers": before.covers, "reason": before.reason} if before else {}
    form = ExemptionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = save(
            request, desk, form,
            lambda saving: drafts.answer_exemption(
                draft=desk.draft, exemption=exemption, answer=form.cleaned_data, saving=saving
            ),
            then=lambda: redirect(*_after_exemption(request, desk, exemption)),
        )  # fmt: skip
        if answer is not None:
            return answer
    context = {
        "form": form, "title": asked.title, "asked": asked, "section": "Is it in scope?",
        "seen": desk.seen(f"exemption/{exemption}"),
    }  # fmt: skip
    return show(request, STEP, context)


def _after_exemption(request: StaffRequest, desk: Desk, exemption: str) -> tuple[str, ...]:
    chosen = [id_ for id_, one in desk.document.scope.exemptions.items() if one.covers != "none"]
    later = [id_ for id_ in register().exemptions if id_ in chosen]
    later = later[later.index(exemption) + 1 :] if exemption in later else []
    if later:
        return "console:assessment_exemption", request.service.slug, later[0]
    return "console:assessment_in_scope", request.service.slug


@never_cache
@staff_may(May.ASSESS)
def in_scope(request: StaffRequest) -> HttpResponse:
    """What the answers come to; a "no" needs its reason here."""
    desk = desk_of(request)
    found = scope_of(desk.document)
    tests = (desk.document.scope.user_to_user, desk.document.scope.uk_links)
    needs_reason = any(answer is not True for answer in tests)
    form = YesNoForm(request.POST or None, ask="", initial={"reason": desk.document.scope.reason})
    del form.fields["answer"]
    form.fields["reason"].required = True
    if request.method == "POST" and form.is_valid():
        answer = save(
            request, desk, form,
            lambda saving: drafts.give_scope_reason(
                draft=desk.draft, reason=form.cleaned_data["reason"], saving=saving
            ),
            then=lambda: redirect("console:assessment_in_scope", request.service.slug),
        )  # fmt: skip
        if answer is not None:
            return answer
    context = {
        "form": form if needs_reason else None, "answer": found, "desk": desk,
        "seen": desk.seen("scope/reason"), "next": open_question(desk),
    }  # fmt: skip
    return show(request, "console/assessment/in_scope.html", context)


# Questions


@never_cache
@require_GET
@staff_may(May.AUDIT)
def questions(request: StaffRequest) -> HttpResponse:
    """Every question with its answer, to look over and to change."""
    desk = desk_of(request)
    figures = figures_of(request.service, now=timezone.now())
    wrong = {mismatch.fact for mismatch in mismatches(desk.document, figures)}
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in questions_for(desk.document, as_of=desk.today):
        row = {
            "question": one,
            "answer": _answer_in_words(one, desk),
            "is_wrong": bool(wrong.intersection(one.facts)),
        }
        groups.setdefault(one.group, []).append(row)
    listed = [(group, group_id(group), members) for group, members in groups.items()]
    return show(request, "console/assessment/questions.html", {"groups": listed})


@never_cache
@staff_may(May.ASSESS)
def question(request: StaffRequest, question: str) -> HttpResponse:
    desk = desk_of(request)
    asked = question_named(question)
    if asked is None:
        raise Http404("There is no such question.")
    if asked.kind == "surfaces":
        return _surfaces(request, desk, asked)
    part = "users" if asked.kind == "users" else f"question/{asked.id}"
    form = _form_for(asked, desk, request)
    if request.method == "POST" and form.is_valid():
        value = _value_from(asked, form, desk.document)
        answer = save(
            request, desk, form,
            lambda saving: drafts.count_users(draft=desk.draft, users=value, saving=saving)
            if part == "users"
            else drafts.answer_question(
                draft=desk.draft, question=asked.id, answer=value, saving=saving
            ),
            then=lambda: _after_question(request, asked),
        )  # fmt: skip
        if answer is not None:
            return answer
    return show(request, STEP, _question_context(request, desk, asked, form, part))


def _question_context(
    request: StaffRequest, desk: Desk, asked: Question, form: Form, part: str
) -> dict[str, Any]:
    figures = figures_of(request.service, now=timezone.now())
    of_this = [figures[fact] for fact in asked.facts if fact in figures]
    shown = [figure for figure in of_this if figure.shows_it]
    wrong = {one.fact: one.says for one in mismatches(desk.document, figures)}
    return {
        "form": form,
        "title": asked.ask,
        "asked": asked,
        "seen": desk.seen(part),
        "is_question": True,
        "section": asked.group,
        "figures": [(_label(figure), figure) for figure in shown],
        "mismatches": [wrong[fact] for fact in asked.facts if fact in wrong],
        "place": _place(desk, asked),
    }


def _label(figure: Figure) -> str:
    return label_of(register().facts[figure.fact])


def _place(desk: Desk, asked: Question) -> tuple[int, int] | None:
    ids = [one.id for one in questions_for(desk.document, as_of=desk.today)]
    return (ids.index(asked.id) + 1, len(ids)) if asked.id in ids else None


def _form_for(asked: Question, desk: Desk, request: StaffRequest) -> Form:
    sent = request.POST or None
    if asked.kind == "users":
        form: Form = UsersForm(sent, initial=UsersForm.filling(desk.document))
        form.fields["band"].label = asked.ask
        return form
    if asked.kind == "any_of":
        filling = FactsForm.filling(asked, desk.document)
        return FactsForm(sent, question=asked, initial=filling)
    (fact,) = asked.facts
    initial = {"reason": desk.document.reasons.get(fact, "")}
    if fact in desk.document.facts:
        initial["answer"] = words_of(desk.document.facts[fact])
    form = YesNoForm(sent, ask=asked.ask, initial=initial)
    if asked.id in LIMBS:
        form.fields["reason"].help_text = "A “no” counts only with a reason."
    return form


def _value_from(asked: Question, form: Form, document: Assessment) -> Value:
    if isinstance(form, UsersForm):
        return form.value()
    if isinstance(form, FactsForm):
        # The page asks for no reasons, so those that came with a file stay.
        reasons = {fact: why for fact, why in document.reasons.items() if fact in asked.facts}
        return form.value() | ({"reasons": reasons} if reasons else {})
    assert isinstance(form, YesNoForm)
    (fact,) = asked.facts
    value: dict[str, Any] = {"facts": {fact: form.chosen()}}
    if reason := form.cleaned_data["reason"].strip():
        value["reasons"] = {fact: reason}
    return value


def _after_question(request: StaffRequest, asked: Question) -> HttpResponse:
    following = open_question(desk_of(request), after=asked.id)
    if following is None:
        return redirect("console:assessment_children", request.service.slug)
    return redirect("console:assessment_question", request.service.slug, following.id)


def _answer_in_words(asked: Question, desk: Desk) -> str:
    document = desk.document
    if not is_answered(asked, document):
        return ""
    if asked.kind == "users":
        users = document.service.users
        if users.most is None and not users.least:
            return "I don't know"
        if users.least == users.most:
            return f"{users.least:,}"
        return f"{users.least:,} to {users.most:,}" if users.most else f"{users.least:,} or more"
    if asked.kind == "surfaces":
        words = {True: "yes", False: "no", None: "I don't know"}
        surfaces = document.service.surfaces
        return ", ".join(f"{one.name}: {words[one.takedown_feasible]}" for one in surfaces)
    if asked.kind == "yes_no":
        return ANSWERS[document.facts[asked.facts[0]]]
    known = register().facts
    chosen = [label_of(known[fact]) for fact in asked.facts if document.facts.get(fact)]
    unknown = any(document.facts.get(fact, False) is None for fact in asked.facts)
    tail = ["I don't know about the others"] if unknown else []
    return "; ".join([*chosen, *tail]) or "None of these"


def _surfaces(request: StaffRequest, desk: Desk, asked: Question) -> HttpResponse:
    forms = _surface_forms(request, desk)
    is_sent = request.method == "POST"
    # A list, so that every form is checked and shows its own errors.
    errors = is_sent and False in [form.is_valid() for form in forms]
    surfaces = (
        [form.value(today=desk.today) for form in forms if form.cleaned_data.get("name")]
        if is_sent and not errors
        else []
    )
    if is_sent and not errors and surfaces:
        answer = save(
            request, desk, forms[0],
            lambda saving: drafts.list_surfaces(
                draft=desk.draft, surfaces=surfaces, saving=saving
            ),
            then=lambda: _after_question(request, asked),
        )  # fmt: skip
        if answer is not None:
            return answer
    context = _question_context(request, desk, asked, forms[0], "surfaces")
    context |= {"forms": forms, "is_empty": is_sent and not errors and not surfaces}
    status = 422 if is_sent else 200
    return show(request, "console/assessment/surfaces.html", context, status=status)


def _surface_forms(request: StaffRequest, desk: Desk) -> list[SurfaceForm]:
    fillings = [_filling_of(surface) for surface in desk.document.service.surfaces]
    if not fillings:
        facts = desk.document.facts
        there = [
            name
            for fact, name in SURFACES.items()
            if facts.get(fact)
            or (fact == "posting_content" and any(facts.get(f) for f in _POSTING))
        ]
        fillings = [{"name": name} for name in there or ["Posts"]]
    # What was sent is read whole, also where the page showed more than there would be now.
    fillings += [{}] * max(EMPTY_SURFACES, _surfaces_sent(request) - len(fillings))
    forms = [
        SurfaceForm(request.POST or None, prefix=f"s{number}", initial=filling)
        for number, filling in enumerate(fillings)
    ]
    for form in forms[-EMPTY_SURFACES:]:
        form.fields["name"].label = "What is it called?"
    return forms


def _surfaces_sent(request: StaffRequest) -> int:
    numbers = [int(found[1]) for name in request.POST if (found := _SURFACE_FIELD.match(name))]
    return max(numbers, default=-1) + 1


_SURFACE_FIELD = re.compile(r"s(\d{1,3})-name", re.ASCII)
_POSTING = ("posting_text_or_links", "posting_images_videos")


def _filling_of(surface: Any) -> dict[str, Any]:  # noqa: ANN401 - a Surface
    filling = {"name": surface.name, "answer": words_of(surface.takedown_feasible)}
    if surface.claim:
        filling |= surface.claim.model_dump()
    return filling


# Children


@never_cache
@require_GET
@staff_may(May.AUDIT)
def children(request: StaffRequest) -> HttpResponse:
    """What the answers about children come to, by the Act's two stages."""
    desk = desk_of(request)
    access = access_of(desk.document, as_of=desk.today)
    named = ("age_checks", "child_users", *LIMBS)
    asked = [
        (one, _answer_in_words(one, desk))
        for one in questions_for(desk.document, as_of=desk.today)
        if one.id in named
    ]
    return show(request, "console/assessment/children.html", {"access": access, "asked": asked})
