"""The doors: JSON under /api, staff under /console, everyone else at the root."""

from django.urls import URLPattern, URLResolver, include, path

from dutybound_server.api.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("console/", include("dutybound_server.console.urls")),
]
