"""Pages for everyone: no sign-in, one block an area, one file an area."""

from django.urls import URLPattern

app_name = "public"
urlpatterns: list[URLPattern] = []
