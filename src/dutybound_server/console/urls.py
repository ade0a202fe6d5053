"""Staff screens: one block an area, one file an area."""

from django.urls import URLPattern, path

from dutybound_server.console import home

app_name = "console"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
]
