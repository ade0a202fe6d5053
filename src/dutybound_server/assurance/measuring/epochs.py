"""Lengths of time as the database computes them: no row is loaded to be subtracted here."""

from django.db import connection
from django.db.models import F, FloatField, Func
from django.db.models.expressions import Combinable

from dutybound_server.casework.queries import POSTGRESQL_EPOCH, SQLITE_EPOCH


def epoch(moment: str | Combinable) -> Func:
    """A moment as seconds since 1970; SQLite leaves parts of a second out."""
    template = SQLITE_EPOCH if connection.vendor == "sqlite" else POSTGRESQL_EPOCH
    what = F(moment) if isinstance(moment, str) else moment
    return Func(what, template=template, output_field=FloatField())
