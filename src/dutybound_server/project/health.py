"""Whether we live, whether we can serve, and figures for those who watch."""

import logging
import sys
from collections.abc import Callable
from hmac import compare_digest
from types import MappingProxyType

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error as DatabaseProblem
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from dutybound_server.api.problems import RETRY_AFTER_SECONDS, Problem, as_problem
from dutybound_server.lib.sealed import CannotOpen, seal, unseal
from dutybound_server.project.configuration import is_this_machine
from dutybound_server.project.gauges import FromDatabase
from dutybound_server.project.heartbeat import is_beating
from dutybound_server.project.keys import read_keys

FINE = "fine"
_log = logging.getLogger("dutybound.health")


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process lives and answers; nothing else is asked."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether all we need is here; what is missing is told only to those who watch us."""
    found = {name: check() for name, check in CHECKS.items()}
    ready = all(state == FINE for state in found.values())
    body: dict[str, object] = {"ready": ready}
    if may_watch(request):
        body["checks"] = found
    return JsonResponse(body, status=200 if ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters of all our processes, and figures read from the database now."""
    if not may_watch(request):
        return HttpResponse("This page needs the metrics token.\n", "text/plain", 403)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(FromDatabase())
    return HttpResponse(generate_latest(registry), CONTENT_TYPE_LATEST)


def may_watch(request: HttpRequest) -> bool:
    """A caller with the token; without one, this machine itself where only it can reach us.

    An address of loopback proves nothing behind a reverse proxy, where every caller has it. So
    it is believed only while DUTYBOUND_ORIGIN itself is on this machine.
    """
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return compare_digest(shown.encode(), settings.METRICS_TOKEN.encode())
    return settings.METRICS_ON_LOOPBACK and is_this_machine(request.META["REMOTE_ADDR"])


def unapplied_migrations() -> list[str]:
    """The migrations this version has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's last resort: 503 where waiting helps, 500 where we are at fault.

    It runs inside Django's `except` block, whichever middleware or view failed.
    """
    error = sys.exc_info()[1]
    problem = as_problem(error) if isinstance(error, Exception) else None
    if problem is None or problem.status != 503:
        problem = Problem(500)
    if request.path_info.startswith("/api/"):
        return problem.response()
    # No context processor runs: signing in needs the database, which may be what is gone.
    page = HttpResponse(render_to_string(f"{problem.status}.html"), status=problem.status)
    if problem.status == 503:
        page["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return page


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseProblem as problem:
        return _trouble("the database does not answer", problem)
    return FINE


def _migrations() -> str:
    try:
        waiting = unapplied_migrations()
    except DatabaseProblem as problem:
        return _trouble("the database does not answer", problem)
    return f"{len(waiting)} migrations wait; run dutybound manage migrate" if waiting else FINE


def _worker() -> str:
    try:
        beating = is_beating(now=timezone.now())
    except DatabaseProblem as problem:
        return _trouble("the database does not answer", problem)
    return FINE if beating else "no worker was seen in the last minute; run dutybound worker"


def _content_key() -> str:
    try:
        read_keys(settings.DATA / "keys")
        unseal(seal(b"ready"))
    except (ImproperlyConfigured, CannotOpen) as problem:
        return _trouble("a key in the data folder cannot be read", problem)
    return FINE


def _trouble(what: str, problem: Exception) -> str:
    _log.warning("not ready: %s: %s", what, problem)
    return what


CHECKS: MappingProxyType[str, Callable[[], str]] = MappingProxyType(
    {
        "database": _database,
        "migrations": _migrations,
        "worker": _worker,
        "content_key": _content_key,
    }
)
