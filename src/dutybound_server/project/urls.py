"""The doors: JSON under /api, staff under /console, everyone else at the root."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from dutybound_server.api.api import api
from dutybound_server.project import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/console/"), name="home"),
    # Staff keep the address they were invited by: whoever sits at an open session for a minute
    # could add one of their own there, and set a new password with it later.
    path("accounts/email/", RedirectView.as_view(url="/console/")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("console/", include("dutybound_server.console.urls")),
    path("", include("dutybound_server.public.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
handler500 = health.server_error
