"""The doors: JSON under /api, staff under /console, everyone else at the root."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from dutybound_server.api.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/console/"), name="home"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("console/", include("dutybound_server.console.urls")),
    path("", include("dutybound_server.public.urls")),
]
