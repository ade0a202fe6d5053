"""The assessment of the service: where people stand, what is in force, what asks for a look."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dutybound_server.assurance.actions.drafts import import_document, start_draft
from dutybound_server.assurance.actions.reviews import close_review
from dutybound_server.assurance.imports import BadProfile, read_assessment
from dutybound_server.assurance.queries import (
    document_of,
    mark_of,
    open_draft,
    open_tasks,
    versions_of,
)
from dutybound_server.assurance.refusals import DraftMoved
from dutybound_server.console.assessment_forms import ImportForm, NoteForm
from dutybound_server.console.assessment_pages import Desk, desk_of, show, tell
from dutybound_server.console.assessment_sections import sections_of
from dutybound_server.console.assessment_words import rows_of, title_of
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May

A_PAGE = 30
LARGEST_IMPORT = 4 * 2**20


MOVED = (
    "Answers were saved since you opened this page, and the file would take their place."
    " Look at them, then choose it again."
)


@never_cache
@require_GET
@staff_may(May.AUDIT)
def home(request: StaffRequest) -> HttpResponse:
    """The task list, the version in force, and what asks for a look."""
    draft = open_draft(request.service)
    sections = []
    if draft is not None:
        today = timezone.localdate()
        sections = sections_of(Desk(request.service, draft, document_of(draft), today))
    context = {
        "draft": draft,
        "sections": sections,
        "next": next((one for one in sections if one.state != "done"), None),
        "done": sum(section.state == "done" for section in sections),
        "versions": versions_of(request.service),
        "tasks": open_tasks(request.service),
        "note": NoteForm(),
    }
    return show(request, "console/assessment/home.html", context)


@require_POST
@staff_may(May.ASSESS)
def start(request: StaffRequest) -> HttpResponse:
    start_draft(service=request.service, by=request.actor, now=timezone.now())
    return redirect("console:assessment", request.service.slug)


@never_cache
@staff_may(May.ASSESS)
def import_file(request: StaffRequest) -> HttpResponse:
    """Replace the draft by a document; a wrong one changes nothing."""
    form = ImportForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if form.is_valid():
        try:
            text = _whole_text(form.cleaned_data["file"])
            imported = read_assessment(text, file=form.cleaned_data["file"].name)
            saved = import_document(
                service=request.service,
                document=imported.assessment,
                by=request.actor,
                now=timezone.now(),
                saw=request.POST.get("saw", ""),
            )
        except DraftMoved:
            problems = [MOVED]
        except UnicodeDecodeError:
            problems = ["It is not a text file."]
        except BadProfile as bad:
            problems = str(bad).splitlines()
        else:
            for note in imported.notes:
                messages.info(request, note)
            tell(request, saved, today=timezone.localdate())
            return redirect("console:assessment", request.service.slug)
    draft = open_draft(request.service)
    context = {"form": form, "problems": problems, "draft": draft, "mark": mark_of(draft)}
    status = 422 if problems else 200
    return show(request, "console/assessment/import.html", context, status=status)


def _whole_text(file: "UploadedFile[bytes]") -> str:
    """All of the file: a part of one could be read as a document, and be another one."""
    if (file.size or 0) > LARGEST_IMPORT:
        raise BadProfile([f"{file.name}:1: expected {LARGEST_IMPORT:,} bytes at most"])
    content: bytes = file.read()
    return content.decode()


@never_cache
@require_GET
@staff_may(May.AUDIT)
def history(request: StaffRequest) -> HttpResponse:
    """Every saved answer, the newest first, and those that were set aside."""
    desk = desk_of(request)
    page = Paginator(desk.draft.changes.order_by("-id"), A_PAGE).get_page(request.GET.get("page"))
    changes = [
        {
            "change": change,
            "title": title_of(change.part, document=desk.document, today=desk.today),
            "before": rows_of(change.part, change.before) if change.part != "all" else [],
            "after": rows_of(change.part, change.after) if change.part != "all" else [],
        }
        for change in page
    ]
    context = {"changes": changes, "page": page}
    return show(request, "console/assessment/history.html", context)


@require_POST
@staff_may(May.ASSESS)
def close_task(request: StaffRequest, task_id: int) -> HttpResponse:
    task = get_object_or_404(request.service.review_tasks, id=task_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The task is still open: say in a sentence what you did about it.")
    elif close_review(
        task=task, note=form.cleaned_data["note"], by=request.user, now=timezone.now()
    ):
        messages.success(request, "Closed. Your note stands beside it.")
    else:
        messages.info(request, "Somebody else has closed it already.")
    return redirect("console:assessment", request.service.slug)
