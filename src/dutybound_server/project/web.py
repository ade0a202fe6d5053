"""The web server: gunicorn over a socket that `serve` opened, so no caller finds it closed."""

from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from gunicorn.app.base import BaseApplication

from dutybound_server.lib.logs import JsonLines

STOP_WITHIN_SECONDS = 8


class Web(BaseApplication):
    """Gunicorn with our settings: the application is loaded once and forked."""

    def __init__(self, *, socket: int) -> None:
        self.socket = socket
        super().__init__()

    def load_config(self) -> None:
        for name, value in _options(self.socket).items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:  # type: ignore[override]  # narrower than the stub's Protocol
        from dutybound_server.project.wsgi import application  # noqa: PLC0415

        return application


def _options(socket: int) -> dict[str, Any]:
    return {
        "bind": f"fd://{socket}",
        "workers": settings.WEB_PROCESSES,
        "threads": settings.WEB_THREADS,
        "worker_class": "gthread",
        "preload_app": True,
        "pre_fork": _share_no_connection,
        "graceful_timeout": STOP_WITHIN_SECONDS,
        # Whether a request came by https is for Django to decide (DUTYBOUND_TRUST_PROXY).
        "secure_scheme_headers": {},
        "control_socket_disable": True,
        "logconfig_dict": {
            "root": {"level": "INFO", "handlers": ["lines"]},
            "loggers": {
                "gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []},
            },
            "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "formatters": {"lines": {"()": JsonLines}},
        },
    }


def _share_no_connection(_arbiter: object, _worker: object) -> None:
    """Two processes on one database connection would mix up their answers."""
    connections.close_all()


def run(*, socket: int) -> None:
    Web(socket=socket).run()
