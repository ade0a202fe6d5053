"""Pages for everyone: no sign-in, one block an area, one file an area."""

from django.urls import URLPattern, path

from dutybound_server.public import journal, notices

app_name = "public"
urlpatterns: list[URLPattern] = [
    path("journal/<path:path>", journal.file, name="journal"),
    # What a person was told, and their appeal
    path("notice/<str:token>/", notices.read, name="notice"),
    path("notice/<str:token>/appeal/", notices.appeal, name="appeal"),
    path("notice/<str:token>/appeal/sent/", notices.sent, name="appeal_sent"),
]
