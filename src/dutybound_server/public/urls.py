"""Pages for everyone: no sign-in, one block an area, one file an area."""

from django.urls import URLPattern, path

from dutybound_server.public import journal

app_name = "public"
urlpatterns: list[URLPattern] = [
    path("journal/<path:path>", journal.file, name="journal"),
]
