"""The doors: JSON under /api, staff under /console, everyone else at the root."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("console/", include("dutybound_server.console.urls")),
]
