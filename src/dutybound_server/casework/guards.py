"""Nobody judges their own decision: the database itself refuses it.

An appeal is answered by another person than decided, a second look is another person's, an
expedited complaint is decided by another person than refused the report, and who decided is never
rewritten. A migration that rebuilds one of these tables on SQLite takes its guard with it; it must
call `guard` again.
"""

from dataclasses import dataclass
from types import MappingProxyType

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class _Guard:
    """What no row of a table may become."""

    name: str
    table: str
    events: tuple[str, ...]
    when: str
    refusal: str


_BY = "(SELECT by_id FROM casework_decision WHERE id = NEW.{})"
_ALL = (
    _Guard(
        "casework_appeal_by_another",
        "casework_appeal",
        ("INSERT", "UPDATE"),
        f"NEW.outcome_id IS NOT NULL AND {_BY.format('outcome_id')} = {_BY.format('decision_id')}",
        "an appeal is answered by another person than decided",
    ),
    _Guard(
        "casework_look_by_another",
        "casework_secondlook",
        ("INSERT", "UPDATE"),
        f"NEW.by_id IS NOT NULL AND NEW.by_id = {_BY.format('decision_id')}",
        "a second look is taken by another person than the decision",
    ),
    _Guard(
        "casework_expedited_by_another",
        "casework_concern",
        ("INSERT", "UPDATE"),
        "NEW.kind = 'expedited' AND NEW.decided_by_id IS NOT NULL AND NEW.decided_by_id = "
        "(SELECT decided_by_id FROM casework_concern WHERE id = NEW.about_id)",
        "an expedited complaint is decided by another person than the report",
    ),
    _Guard(
        "casework_decision_keeps_its_author",
        "casework_decision",
        ("UPDATE",),
        "NEW.by_id <> OLD.by_id",
        "who decided is never rewritten",
    ),
)


def guard(connection: BaseDatabaseWrapper) -> None:
    """Set the guards; those that are there are set anew."""
    unguard(connection)
    _run(connection, _SETTERS[connection.vendor])


def unguard(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away; only migrations need it."""
    _run(connection, _REMOVERS[connection.vendor])


def _on_sqlite(one: _Guard) -> list[str]:
    return [
        f"CREATE TRIGGER {one.name}_{event.lower()} BEFORE {event} ON {one.table} "
        f"WHEN {one.when} BEGIN SELECT RAISE(ABORT, '{one.refusal}'); END"
        for event in one.events
    ]


def _on_postgresql(one: _Guard) -> list[str]:
    return [
        (
            f"CREATE FUNCTION {one.name}() RETURNS trigger AS $$ BEGIN IF {one.when} THEN "
            f"RAISE EXCEPTION '{one.refusal}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
        ),
        (
            f"CREATE TRIGGER {one.name} BEFORE {' OR '.join(one.events)} ON {one.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {one.name}()"
        ),
    ]


_SETTERS = MappingProxyType(
    {
        "sqlite": tuple(line for one in _ALL for line in _on_sqlite(one)),
        "postgresql": tuple(line for one in _ALL for line in _on_postgresql(one)),
    }
)
_REMOVERS = MappingProxyType(
    {
        "sqlite": tuple(
            f"DROP TRIGGER IF EXISTS {one.name}_{event.lower()}"
            for one in _ALL
            for event in one.events
        ),
        "postgresql": tuple(
            line
            for one in _ALL
            for line in (
                f"DROP TRIGGER IF EXISTS {one.name} ON {one.table}",
                f"DROP FUNCTION IF EXISTS {one.name}",
            )
        ),
    }
)


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
