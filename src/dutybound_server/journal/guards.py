"""The journal is never pruned or rewritten: the database itself refuses it.

An entry gets its number once and may lose its salts; the rest of its row stays as it was written.
A tile only grows. Of heads, all but the last of each hour may go. Who may change the database's
very tables can take the guards away: they stop mistakes, `verify-journal` finds the rest. A
migration that rebuilds one of these tables on SQLite takes its guards with it; it must call
`guard` again.
"""

from dataclasses import dataclass
from types import MappingProxyType

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class _Guard:
    """What is refused on a table."""

    name: str
    table: str
    event: str
    refusal: str
    columns: str = ""
    """Those that it watches, if not all."""
    on_sqlite: str = "1"
    on_postgresql: str = "TRUE"

    @property
    def moment(self) -> str:
        return f"BEFORE {self.event}{self.columns and ' OF ' + self.columns} ON {self.table}"


_FINAL = "a journal entry is final; append another one"
_KEPT = "the journal is never pruned"
_OTHER_PLACE = 'NEW.level <> OLD.level OR NEW."index" <> OLD."index" OR '
_LAST_OF_ITS_HOUR = "NOT EXISTS (SELECT 1 FROM journal_checkpoint WHERE size > OLD.size AND {})"
_ALL = (
    _Guard(
        "journal_entry_is_final",
        "journal_entry",
        "UPDATE",
        _FINAL,
        columns="id, service, kind, subject, actor, at, body",
    ),
    _Guard(
        "journal_entry_keeps_its_number",
        "journal_entry",
        "UPDATE",
        _FINAL,
        columns="number",
        on_sqlite="OLD.number IS NOT NULL",
        on_postgresql="OLD.number IS NOT NULL",
    ),
    _Guard("journal_entry_is_kept", "journal_entry", "DELETE", _KEPT),
    _Guard(
        "journal_tile_only_grows",
        "journal_tile",
        "UPDATE",
        "a tile of the journal only grows",
        on_sqlite=f"{_OTHER_PLACE} substr(NEW.hashes, 1, length(OLD.hashes)) IS NOT OLD.hashes",
        on_postgresql=f"{_OTHER_PLACE} substring(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes",
    ),
    _Guard("journal_tile_is_kept", "journal_tile", "DELETE", _KEPT),
    _Guard("journal_head_is_final", "journal_checkpoint", "UPDATE", "a signed head is final"),
    _Guard(
        "journal_head_is_kept",
        "journal_checkpoint",
        "DELETE",
        "the last head of an hour is kept",
        on_sqlite=_LAST_OF_ITS_HOUR.format(
            "strftime('%Y-%m-%d %H', at) = strftime('%Y-%m-%d %H', OLD.at)"
        ),
        on_postgresql=_LAST_OF_ITS_HOUR.format(
            "date_trunc('hour', at, 'UTC') = date_trunc('hour', OLD.at, 'UTC')"
        ),
    ),
)
_TABLES = ("journal_entry", "journal_tile", "journal_checkpoint")


def guard(connection: BaseDatabaseWrapper) -> None:
    """Set the guards; those that are there are set anew."""
    unguard(connection)
    _run(connection, _SETTERS[connection.vendor])


def unguard(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away; only migrations, and tests that tamper or end, need it."""
    _run(connection, _REMOVERS[connection.vendor])


def _function(name: str, condition: str, refusal: str, row: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; "
        f"END IF; RETURN {row}; END $$ LANGUAGE plpgsql"
    )


def _on_postgresql(one: _Guard) -> tuple[str, str]:
    row = "OLD" if one.event == "DELETE" else "NEW"
    setter = f"CREATE TRIGGER {one.name} {one.moment} FOR EACH ROW EXECUTE FUNCTION {one.name}()"
    return _function(one.name, one.on_postgresql, one.refusal, row), setter


_SETTERS = MappingProxyType(
    {
        "sqlite": tuple(
            f"CREATE TRIGGER {one.name} {one.moment} WHEN {one.on_sqlite} "
            f"BEGIN SELECT RAISE(ABORT, '{one.refusal}'); END"
            for one in _ALL
        ),
        "postgresql": (
            *(statement for one in _ALL for statement in _on_postgresql(one)),
            _function("journal_is_kept_whole", "TRUE", _KEPT, "NULL"),
            *(
                f"CREATE TRIGGER {table}_is_kept_whole BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_kept_whole()"
                for table in _TABLES
            ),
        ),
    }
)
_REMOVERS = MappingProxyType(
    {
        "sqlite": tuple(f"DROP TRIGGER IF EXISTS {one.name}" for one in _ALL),
        "postgresql": (
            *(f"DROP FUNCTION IF EXISTS {one.name} CASCADE" for one in _ALL),
            "DROP FUNCTION IF EXISTS journal_is_kept_whole CASCADE",
        ),
    }
)


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
