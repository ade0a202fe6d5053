"""Staff screens: one block an area, one file an area."""

from django.urls import URLPattern

app_name = "console"
urlpatterns: list[URLPattern] = []
