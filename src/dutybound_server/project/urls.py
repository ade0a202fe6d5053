"""The doors: JSON under /api, staff under /console, everyone else at the root."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
