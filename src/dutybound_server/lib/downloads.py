"""Files that a browser keeps, by a name whose end says what is in them."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "tlog-proof": "text/plain",
    "zip": "application/zip",
}


def download(content: bytes | str, *, name: str) -> HttpResponse:
    """An answer that is kept as a file, and never shown as a page of ours."""
    answer = HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]])
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer
